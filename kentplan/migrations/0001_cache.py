from django.db import migrations

# As `createcachetable` would make it; as a migration, so that no command is forgotten and the owner's grants apply.
CACHE = """
CREATE TABLE kentplan_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX kentplan_cache_expires ON kentplan_cache (expires);
"""


class Migration(migrations.Migration):
    """The table behind Django's cache: what the throttle on sign-in counts."""

    dependencies = [("history", "0002_schema")]

    operations = [migrations.RunSQL(CACHE, "DROP TABLE kentplan_cache")]

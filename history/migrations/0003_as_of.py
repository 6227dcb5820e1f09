from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from history.roles import let_application_look_back

# Where nobody looks back there is no moment, and nothing stood: a view read by mistake is empty, not wrong.
MOMENT = """
CREATE FUNCTION asof.moment() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT NULLIF(current_setting('kentplan.as_of', true), '')::timestamptz
$$;
"""


def grant(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> Any:
    let_application_look_back(schema_editor)


class Migration(migrations.Migration):
    """The schema of views in which tables stand as they stood at a moment (`history.as_of`)."""

    dependencies = [("history", "0002_schema")]

    operations = [
        migrations.RunSQL("CREATE SCHEMA asof", "DROP SCHEMA asof CASCADE"),
        migrations.RunSQL([(MOMENT, None)], "DROP FUNCTION asof.moment()"),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]

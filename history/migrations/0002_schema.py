from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from history.roles import grant_to_application, revoke_from_application
from history.tracking import DROP_SHARED_FUNCTIONS, SHARED_FUNCTIONS

# A change set is dated by the clock of the database, whatever its writer says.
REAL_TIME = """
CREATE TRIGGER history_real_time BEFORE INSERT ON public.history_changeset
    FOR EACH ROW EXECUTE FUNCTION history.real_time();
"""


def grant(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> Any:
    grant_to_application(schema_editor)


def revoke(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> Any:
    revoke_from_application(schema_editor)


class Migration(migrations.Migration):
    """The schema `history`, what all tracked tables share, and the rights of the application's role."""

    dependencies = [("history", "0001_change_set")]

    operations = [
        migrations.RunSQL("CREATE SCHEMA history", "DROP SCHEMA history"),
        migrations.RunSQL([(SHARED_FUNCTIONS, None)], [(DROP_SHARED_FUNCTIONS, None)]),
        migrations.RunSQL(REAL_TIME, "DROP TRIGGER history_real_time ON public.history_changeset"),
        migrations.RunPython(grant, revoke),
    ]

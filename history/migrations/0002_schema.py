from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from history.roles import grant_to_application, revoke_from_application

FUNCTIONS = """
CREATE FUNCTION history.refuse_truncate() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% keeps its history and cannot be truncated.', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Delete its rows inside a change set.';
END $$;

CREATE FUNCTION history.refuse_new_id() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'A row of % keeps its id: its history hangs on it.', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION history.real_time() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.at := now();
    RETURN NEW;
END $$;
"""

DROP_FUNCTIONS = "DROP FUNCTION history.refuse_truncate(), history.refuse_new_id(), history.real_time()"

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
        migrations.RunSQL([(FUNCTIONS, None)], DROP_FUNCTIONS),
        migrations.RunSQL(REAL_TIME, "DROP TRIGGER history_real_time ON public.history_changeset"),
        migrations.RunPython(grant, revoke),
    ]

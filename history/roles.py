"""What the application's role may do in the database. The role that migrates owns all; this one reads and writes.

It cannot change the schema, truncate, switch a trigger off, or touch history except through the triggers.
"""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper

GRANTS = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public, history TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
GRANT SELECT ON ALL TABLES IN SCHEMA history TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA history GRANT SELECT ON TABLES TO {role};
REVOKE UPDATE, DELETE ON public.history_changeset FROM {role};
REVOKE INSERT, UPDATE, DELETE ON public.django_migrations FROM {role};
"""

LOOK_BACK = """
GRANT USAGE ON SCHEMA asof TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA asof GRANT SELECT ON TABLES TO {role};
"""

REVOKES = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA history REVOKE ALL ON TABLES FROM {role};
REVOKE ALL ON ALL TABLES IN SCHEMA public, history FROM {role};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role};
REVOKE USAGE ON SCHEMA public, history FROM {role};
"""


def grant_to_application(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the application's role its rights on all that stands and all that this role will yet make."""
    _execute_for_application(schema_editor, GRANTS)


def revoke_from_application(schema_editor: BaseDatabaseSchemaEditor) -> None:
    _execute_for_application(schema_editor, REVOKES)


def let_application_look_back(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let the application's role read the views of what stood."""
    _execute_for_application(schema_editor, LOOK_BACK)


def _execute_for_application(schema_editor: BaseDatabaseSchemaEditor, statements: str) -> None:
    role = settings.APP_ROLE
    with schema_editor.connection.cursor() as cursor:
        if not role or role == _migrating_role(cursor):
            return  # one role does everything: nothing to grant, and nothing that would keep it from history
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            raise ImproperlyConfigured(
                f"The application's database role “{role}” (of DATABASE_URL) does not exist: "
                "create it, then migrate again."
            )
    schema_editor.execute(statements.format(role=schema_editor.quote_name(role)), params=None)


def _migrating_role(cursor: CursorWrapper) -> str:
    cursor.execute("SELECT current_user")
    row: tuple[str] = cursor.fetchone()
    return row[0]

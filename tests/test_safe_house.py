"""The portal on a council's own server: what it does not start with, and what its role may not do in the database."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from tests.production import KEY, start

UNSAFE = {
    "DEBUG is on": {"DEBUG": "on"},
    "SECRET_KEY can be guessed (short)": {"SECRET_KEY": "short"},
    "SECRET_KEY can be guessed (one letter)": {"SECRET_KEY": "x" * 80},
    "SECRET_KEY can be guessed (Django's own)": {"SECRET_KEY": f"django-insecure-{KEY}"},
    "ALLOWED_HOSTS names no host": {"ALLOWED_HOSTS": "*"},
    "ALLOWED_HOSTS names no host (among others)": {"ALLOWED_HOSTS": "plans.example.gov.uk,*"},
}


def test_django_finds_nothing_to_warn_of_with_production_settings() -> None:
    done = start("manage.py", "check", "--deploy", "--fail-level", "INFO")

    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_the_portal_starts_with_production_settings() -> None:
    done = start("-c", "import kentplan.wsgi")

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("says", UNSAFE)
def test_the_portal_does_not_start(says: str) -> None:
    done = start("-c", "import kentplan.wsgi", **UNSAFE[says])

    assert done.returncode != 0
    assert says.partition(" (")[0] in done.stderr


def test_every_fault_is_said_at_once_to_whoever_runs_a_command() -> None:
    done = start("manage.py", "check", DEBUG="on", SECRET_KEY="short", ALLOWED_HOSTS="*")

    assert done.returncode != 0
    assert done.stderr.count("(kentplan.E001)") == 3


def test_on_ones_own_machine_anything_goes() -> None:
    done = start("-c", "import kentplan.wsgi", HTTPS="off", DEBUG="on", SECRET_KEY="short", ALLOWED_HOSTS="*")

    assert done.returncode == 0, done.stderr


def rights() -> list[tuple[str, str, set[str], bool]]:
    """Schema, table, what the application's role may do with it, and whether it owns it."""
    asked = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        known = asked if int(cursor.fetchone()[0]) >= 170_000 else asked[:-1]
        columns = ", ".join(f"has_table_privilege(c.oid, '{right}')" for right in known)
        cursor.execute(
            f"SELECT nspname, relname, pg_get_userbyid(relowner) = current_user, {columns}"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE relkind IN ('r', 'p', 'v') AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
        )
        return [
            (schema, name, {right for right, may in zip(known, held, strict=True) if may}, own)
            for schema, name, own, *held in cursor
        ]


@pytest.mark.django_db
def test_the_application_writes_the_portals_tables_reads_history_and_owns_nothing() -> None:
    found = rights()
    own_tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    for schema, name, may, own in found:
        assert not own and not may & {"TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"}, f"{schema}.{name}: {may}"
        if schema != "public" or name in ("django_migrations", "history_changeset"):
            assert not may & {"UPDATE", "DELETE"}, f"{schema}.{name}: {may}"
        elif name in own_tables:
            assert may >= {"SELECT", "INSERT", "UPDATE", "DELETE"}, f"{schema}.{name}: {may}"
        if schema == "history":
            assert may <= {"SELECT"}, f"{schema}.{name}: {may}"
    assert own_tables <= {name for schema, name, *_ in found if schema == "public"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "deed",
    [
        "CREATE SCHEMA mine",
        "CREATE TABLE public.mine (id int)",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION history.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE history.budgets_budgetline DISABLE TRIGGER ALL",
        "ALTER TABLE budgets_budgetline DISABLE TRIGGER ALL",
        "ALTER TABLE budgets_budgetline DROP CONSTRAINT budgets_budgetline_figures_finite",
        "DROP TABLE history.budgets_budgetline",
        "DROP SCHEMA history CASCADE",
        "CREATE INDEX mine ON budgets_budgetline (id)",
        "CREATE ROLE mine",
        "CREATE EXTENSION dblink",
        "COPY history.budgets_budgetline FROM PROGRAM 'true'",
        "SET session_replication_role = 'replica'",
    ],
)
def test_the_application_may_not(deed: str) -> None:
    refused = r"permission denied|must be owner|must be a member|not owner"
    with pytest.raises(DatabaseError, match=refused), transaction.atomic():
        connection.cursor().execute(deed)

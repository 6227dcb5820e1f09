from contextlib import nullcontext
from decimal import Decimal
from itertools import pairwise
from threading import Thread
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.extensions import connection as Connection

from budgets.models import BudgetLine
from history.changes import change_set
from history.models import ChangeSet
from history.tracked import history_of, tracked_models
from people.models import User
from projects.models import KeyAction
from tests.factories import BudgetLineFactory, KeyActionFactory, OfficerFactory, UserFactory
from tests.history import doors

CHANGE_NEEDS_A_CHANGE_SET = "A change of budgets_budgetline needs a change set"
COLUMNS = "id, plan_id, unit_id, year_id, activity, position, origin, employee, gross, controllable, version"


def rows(statement: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def recorded(change_set_id: int, table: str = "budgets_budgetline") -> list[str]:
    found = rows(f"SELECT operation FROM history.{table} WHERE change_set_id = %s", [change_set_id])
    return [operation for (operation,) in found]


def owner_of_the_tables() -> str:
    ((owner,),) = rows("SELECT relowner::regrole::text FROM pg_class WHERE oid = 'public.budgets_budgetline'::regclass")
    return str(owner)


def standing_at(moment: object) -> list[tuple[Any, ...]]:
    return rows(
        f"SELECT {COLUMNS} FROM history.budgets_budgetline"
        " WHERE valid_from <= %(then)s AND (valid_to IS NULL OR valid_to > %(then)s) ORDER BY id",
        {"then": moment},
    )


def test_tests_run_with_the_applications_rights(db: None) -> None:
    assert owner_of_the_tables() != rows("SELECT session_user::text")[0][0]


@pytest.mark.django_db
@pytest.mark.parametrize("write", doors.INSERTS)
def test_every_way_to_insert_is_recorded(write: doors.Door) -> None:
    line = BudgetLineFactory()

    with change_set(by=None, why="", door="Test") as made:
        write(line)

    assert recorded(made.pk) == ["insert"] * (BudgetLine.objects.count() - 1)
    assert rows(f"SELECT {COLUMNS} FROM budgets_budgetline ORDER BY id") == standing_at("infinity")


@pytest.mark.django_db
@pytest.mark.parametrize("write", doors.UPDATES)
def test_every_way_to_update_is_recorded(write: doors.Door) -> None:
    line = BudgetLineFactory(employee=Decimal(7) - 1)

    with change_set(by=None, why="", door="Test") as made:
        write(line)

    assert recorded(made.pk) == ["update"]
    assert rows(f"SELECT {COLUMNS} FROM budgets_budgetline ORDER BY id") == standing_at("infinity")


@pytest.mark.django_db
@pytest.mark.parametrize("write", doors.DELETES)
def test_every_way_to_delete_is_recorded(write: doors.Door) -> None:
    line = BudgetLineFactory(employee=Decimal(6))

    with change_set(by=None, why="", door="Test") as made:
        write(line)

    assert recorded(made.pk) == ["delete"]
    assert standing_at("infinity") == []
    assert rows("SELECT employee FROM history.budgets_budgetline WHERE operation = 'delete'") == [
        (Decimal(6000),)
    ]  # in pounds


def lines_now() -> dict[int, tuple[Any, ...]]:
    return {line[0]: line for line in rows(f"SELECT {COLUMNS} FROM budgets_budgetline")}


def unrecorded() -> int:
    """How many rows, of every table with a history, do not stand there as they stand in the table, or without a change
    set."""
    number = 0
    for model in tracked_models():
        columns = [
            f'"{column}"'
            for (column,) in rows(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
                " AND attname NOT IN ('change_set_id', 'operation', 'valid_from', 'valid_to')",
                [history_of(model)],
            )
        ]
        live = f'SELECT {", ".join(columns)} FROM "{model._meta.db_table}"'
        kept = f"SELECT {', '.join(columns)} FROM {history_of(model)} WHERE valid_to IS NULL"
        ((differing,),) = rows(f"SELECT count(*) FROM (({live} EXCEPT {kept}) UNION ALL ({kept} EXCEPT {live})) AS d")
        ((nobodys,),) = rows(f"SELECT count(*) FROM {history_of(model)} WHERE change_set_id IS NULL")
        number += differing + nobodys
    return number


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "operation"), doors.PATHS)
def test_no_write_path_leaves_a_change_unrecorded(path: str, operation: str) -> None:
    opens_its_own = path in ("form", "command")
    line = doors.loaded_line() if path == "command" else BudgetLineFactory(origin="service", employee=Decimal(6))
    before = lines_now()
    last = ChangeSet.objects.latest("pk").pk

    with nullcontext() if opens_its_own else change_set(by=None, why="", door="Test"):
        doors.PATHS[path, operation](line)

    after = lines_now()
    done = {(pk, "insert") for pk in after.keys() - before.keys()}
    done |= {(pk, "delete") for pk in before.keys() - after.keys()}
    done |= {(pk, "update") for pk in after.keys() & before.keys() if after[pk] != before[pk]}
    assert operation in {deed for _, deed in done}  # a load that adds or removes a line also moves its neighbours
    assert set(rows("SELECT id, operation FROM history.budgets_budgetline WHERE change_set_id > %s", [last])) == done
    assert unrecorded() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("write", doors.EVERY)
def test_no_way_leads_past_the_change_set(write: doors.Door) -> None:
    line = BudgetLineFactory(employee=Decimal(6))
    before = rows(f"SELECT {COLUMNS} FROM budgets_budgetline")

    with pytest.raises(DatabaseError, match=CHANGE_NEEDS_A_CHANGE_SET), transaction.atomic():
        write(line)

    assert rows(f"SELECT {COLUMNS} FROM budgets_budgetline") == before == standing_at("infinity")


@pytest.mark.django_db
def test_change_set_that_does_not_exist_is_refused() -> None:
    BudgetLineFactory()

    rows("SELECT set_config('kentplan.change_set', '987654321', true)")
    with pytest.raises(IntegrityError, match="change_set_id"), transaction.atomic():
        BudgetLine.objects.update(employee=1)


@pytest.mark.django_db
def test_update_that_changes_nothing_records_nothing() -> None:
    line = BudgetLineFactory(employee=Decimal("12.5"))

    with change_set(by=None, why="", door="Test") as made:
        line.save()
        BudgetLine.objects.update(employee=Decimal("12.50"))

    line.refresh_from_db()
    assert recorded(made.pk) == []
    assert line.version == 1


@pytest.mark.django_db
def test_update_of_many_records_those_that_it_changes() -> None:
    BudgetLineFactory(employee=Decimal(5))
    changed = BudgetLineFactory(employee=Decimal(6))

    with change_set(by=None, why="", door="Test") as made:
        BudgetLine.objects.update(employee=Decimal(5))

    assert rows("SELECT id FROM history.budgets_budgetline WHERE change_set_id = %s", [made.pk]) == [(changed.pk,)]


@pytest.mark.django_db
def test_links_between_rows_are_recorded() -> None:
    action = KeyActionFactory()
    officer = OfficerFactory()

    with change_set(by=None, why="", door="Test") as added:
        action.managers.add(officer)
    with change_set(by=None, why="", door="Test") as removed:
        action.managers.clear()

    assert recorded(added.pk, "projects_keyaction_managers") == ["insert"]
    assert recorded(removed.pk, "projects_keyaction_managers") == ["delete"]


@pytest.mark.django_db
def test_deletion_takes_what_hangs_on_the_row_along_in_one_change_set() -> None:
    action = KeyActionFactory()
    with change_set(by=None, why="", door="Test"):
        action.deliverables.create(text="A booklet")

    with change_set(by=None, why="", door="Test") as made:
        KeyAction.objects.all().delete()

    assert recorded(made.pk, "projects_keyaction") == recorded(made.pk, "projects_deliverable") == ["delete"]


Step = st.tuples(
    st.sampled_from(["insert", "update", "delete"]), st.integers(0, 3), st.none() | st.decimals(-9, 9, places=2)
)


@pytest.mark.django_db
@given(steps=st.lists(Step, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_history_gives_back_the_table_as_it_stood_after_each_step(steps: list[tuple[str, int, Decimal | None]]) -> None:
    with transaction.atomic():
        plan_of = BudgetLineFactory(activity="First")
        stood = []
        for step, number, figure in steps:
            lines = BudgetLine.objects.filter(activity=f"Activity {number}")
            with change_set(by=None, why="", door="Test"):
                if step == "delete":
                    lines.delete()
                elif not lines.update(employee=figure) and step == "insert":
                    BudgetLineFactory(
                        plan=plan_of.plan, unit=plan_of.unit, activity=f"Activity {number}", employee=figure
                    )
            ((moment,),) = rows("SELECT clock_timestamp()")
            stood.append((moment, rows(f"SELECT {COLUMNS} FROM budgets_budgetline ORDER BY id")))

        for moment, lines_then in stood:
            assert standing_at(moment) == lines_then
        transaction.set_rollback(True)


# The version


@pytest.mark.django_db
def test_version_counts_the_changes_whatever_the_writer_says() -> None:
    line = BudgetLineFactory()

    with change_set(by=None, why="", door="Test"):
        BudgetLine.objects.update(employee=1, version=70)
        BudgetLine.objects.update(employee=2)
        BudgetLine.objects.update(version=70)
        BudgetLine.objects.update(employee=2, version=1)

    line.refresh_from_db()
    assert line.version == 3


@pytest.mark.django_db
def test_stale_row_saved_again_does_not_turn_the_version_back() -> None:
    line = BudgetLineFactory()
    stale = BudgetLine.objects.get()

    with change_set(by=None, why="", door="Test"):
        line.activity = "Another"
        line.save()
        stale.save()

    line.refresh_from_db()
    assert line.version == 3


# What no one may do

FORBIDDEN = {
    "change history": "UPDATE history.budgets_budgetline SET employee = 1",
    "delete history": "DELETE FROM history.budgets_budgetline",
    "add to history": "INSERT INTO history.budgets_budgetline (id, operation, valid_from) VALUES (1, 'insert', now())",
    "empty history": "TRUNCATE history.budgets_budgetline",
    "change a change set": "UPDATE history_changeset SET why = 'Another reason'",
    "delete a change set": "DELETE FROM history_changeset",
    "empty the change sets": "TRUNCATE history_changeset CASCADE",
    "empty a tracked table": "TRUNCATE budgets_budgetline CASCADE",
    "switch a trigger off": "ALTER TABLE budgets_budgetline DISABLE TRIGGER history_update",
    "drop a trigger": "DROP TRIGGER history_update ON budgets_budgetline",
    "add a trigger": "CREATE TRIGGER zzz BEFORE UPDATE ON budgets_budgetline FOR EACH ROW"
    " EXECUTE FUNCTION history.refuse_new_id()",
    "switch all triggers off": "SET session_replication_role = 'replica'",
    "rewrite the function": "ALTER FUNCTION history.record_budgets_budgetline() SECURITY INVOKER",
    "drop the function": "DROP FUNCTION history.record_budgets_budgetline() CASCADE",
    "change the table": "ALTER TABLE budgets_budgetline ADD COLUMN more text",
    "make a table": "CREATE TABLE public.mine (id int)",
    "make a table in history": "CREATE TABLE history.mine (id int)",
    "change the record of migrations": "DELETE FROM django_migrations",
}


@pytest.mark.django_db
@pytest.mark.parametrize("deed", FORBIDDEN)
def test_application_may_not(deed: str) -> None:
    BudgetLineFactory()

    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(FORBIDDEN[deed])


@pytest.mark.django_db
def test_application_may_not_take_the_owners_role() -> None:
    owner = owner_of_the_tables()

    for statement in (f'SET ROLE "{owner}"', f'SET SESSION AUTHORIZATION "{owner}"'):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


@pytest.mark.django_db
def test_application_may_not_write_history_from_a_table_of_its_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE budgets_budgetline (LIKE public.budgets_budgetline) ON COMMIT DROP")
        with pytest.raises(DatabaseError, match="permission denied for function"), transaction.atomic():
            cursor.execute(
                "CREATE TRIGGER forged AFTER INSERT ON pg_temp.budgets_budgetline REFERENCING NEW TABLE AS new_rows"
                " FOR EACH STATEMENT EXECUTE FUNCTION history.record_budgets_budgetline()"
            )


@pytest.mark.django_db
def test_no_setting_hides_a_change() -> None:
    line = BudgetLineFactory()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{all}', true)")
        cursor.execute("SET LOCAL search_path = pg_temp, public")

    with change_set(by=None, why="", door="Test") as made:
        BudgetLine.objects.filter(pk=line.pk).update(employee=1)

    assert recorded(made.pk) == ["update"]


@pytest.mark.django_db
def test_row_keeps_its_id() -> None:
    line = BudgetLineFactory()

    with pytest.raises(DatabaseError, match="keeps its id"), change_set(by=None, why="", door="Test"):
        BudgetLine.objects.filter(pk=line.pk).update(id=line.pk + 1)


# The owner


@pytest.fixture
def owner(transactional_db: None, as_owner: Connection) -> Connection:
    BudgetLineFactory()
    return as_owner


def test_owners_change_is_recorded_without_a_change_set(owner: Connection) -> None:
    with owner.cursor() as cursor:
        cursor.execute("UPDATE budgets_budgetline SET employee = 1")

    assert rows("SELECT change_set_id, operation FROM history.budgets_budgetline WHERE valid_to IS NULL") == [
        (None, "update")
    ]


def test_tracked_table_is_not_emptied_by_its_owner_either(owner: Connection) -> None:
    with pytest.raises(psycopg2.Error, match="keeps its history"), owner.cursor() as cursor:
        cursor.execute("TRUNCATE budgets_budgetline CASCADE")


# What is no one's business later


@pytest.mark.django_db
def test_password_is_kept_in_no_history_and_needs_no_change_set() -> None:
    user = UserFactory()

    user.set_password("correct horse battery staple")
    user.save(update_fields=["password"])

    columns = rows("SELECT attname FROM pg_attribute WHERE attrelid = 'history.people_user'::regclass")
    assert not {("password",), ("last_login",)} & set(columns)
    assert rows("SELECT operation FROM history.people_user WHERE id = %s", [user.pk]) == [("insert",)]


@pytest.mark.django_db
def test_name_of_a_person_needs_a_change_set() -> None:
    UserFactory()

    with pytest.raises(DatabaseError, match="A change of people_user needs a change set"), transaction.atomic():
        User.objects.update(name="Another")


# Two at once


def raise_employee_costs(pk: int, times: int) -> None:
    try:
        for _ in range(times):
            with change_set(by=None, why="", door="Test"):
                BudgetLine.objects.filter(pk=pk).update(employee=F("employee") + 1000)  # in pounds
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_leave_one_unbroken_history(full: bool) -> None:
    line = BudgetLineFactory(employee=Decimal(0))
    times = 250 if full else 25

    writers = [Thread(target=raise_employee_costs, args=(line.pk, times)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    line.refresh_from_db()
    versions = rows("SELECT version, employee, valid_from, valid_to FROM history.budgets_budgetline ORDER BY version")
    assert (line.employee, line.version) == (2 * times, 2 * times + 1)
    assert [version for version, *_ in versions] == list(range(1, 2 * times + 2))
    assert [employee for _, employee, *_ in versions] == [1000 * step for step in range(2 * times + 1)]
    assert all(earlier[3] == later[2] for earlier, later in pairwise(versions))
    assert versions[-1][3] is None

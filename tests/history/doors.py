"""The ways in which rows are written: each must be recorded, and refused without a change set."""

import random
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import Client

from budgets.models import BudgetLine
from tests.factories import UserFactory
from tests.plan_writer import write_plan
from tests.posting import as_opened


def _new(line: BudgetLine, activity: str = "New") -> BudgetLine:
    return BudgetLine(plan=line.plan, unit=line.unit, year=line.year, activity=activity, employee=Decimal(7))


def _keys(line: BudgetLine) -> list[int]:
    return [line.plan_id, line.unit_id, line.year_id]


def _execute(statement: str, parameters: list[object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def insert_by_save(line: BudgetLine) -> None:
    _new(line).save()


def insert_in_bulk(line: BudgetLine) -> None:
    BudgetLine.objects.bulk_create([_new(line, "New"), _new(line, "Newer")])


def insert_by_sql(line: BudgetLine) -> None:
    _execute(
        "INSERT INTO budgets_budgetline (plan_id, unit_id, year_id, activity, position, origin)"
        " VALUES (%s, %s, %s, 'New', 1, 'entered')",
        [*_keys(line)],
    )


def insert_by_copy(line: BudgetLine) -> None:
    rows = StringIO("\t".join(map(str, _keys(line))) + "\tNew\t1\tentered\n")
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert(
            "COPY budgets_budgetline (plan_id, unit_id, year_id, activity, position, origin) FROM STDIN", rows
        )


def update_by_save(line: BudgetLine) -> None:
    line.employee = Decimal(8)
    line.save()


def update_by_queryset(line: BudgetLine) -> None:
    BudgetLine.objects.update(employee=F("employee") + 1)


def update_in_bulk(line: BudgetLine) -> None:
    line.employee = Decimal(8)
    BudgetLine.objects.bulk_update([line], ["employee"])


def update_by_upsert(line: BudgetLine) -> None:
    BudgetLine.objects.bulk_create(
        [_new(line, line.activity)],
        update_conflicts=True,
        unique_fields=["plan", "unit", "activity"],
        update_fields=["employee"],
    )


def update_by_sql(line: BudgetLine) -> None:
    _execute("UPDATE budgets_budgetline SET employee = 8 WHERE id = %s", [line.pk])


def delete_by_row(line: BudgetLine) -> None:
    BudgetLine.objects.get(pk=line.pk).delete()


def delete_by_queryset(line: BudgetLine) -> None:
    BudgetLine.objects.all().delete()


def delete_by_sql(line: BudgetLine) -> None:
    _execute("DELETE FROM budgets_budgetline WHERE id = %s", [line.pk])


Door = Callable[[BudgetLine], None]
INSERTS: list[Door] = [insert_by_save, insert_in_bulk, insert_by_sql, insert_by_copy]
UPDATES: list[Door] = [update_by_save, update_by_queryset, update_in_bulk, update_by_upsert, update_by_sql]
DELETES: list[Door] = [delete_by_row, delete_by_queryset, delete_by_sql]
EVERY: list[Door] = [*INSERTS, *UPDATES, *DELETES]


# A person's form and a command open a change set of their own.


def _send(page: str, **typed: str) -> None:
    client = Client()
    client.force_login(UserFactory(finance_officer=True))
    answer = client.post(page, {**as_opened(client.get(page)), **typed, "token": str(uuid4())})
    assert answer.status_code == 302


def insert_by_form(line: BudgetLine) -> None:
    _send(f"/budgets/{line.year.path}/{line.unit.slug}/add/", activity="New", employee="7")


def update_by_form(line: BudgetLine) -> None:
    _send(f"/budgets/lines/{line.pk}/edit/", employee="8")


def delete_by_form(line: BudgetLine) -> None:
    _send(f"/budgets/lines/{line.pk}/remove/")


@cache
def _document() -> str:
    return write_plan(random.Random(7), tier="service", damages=[], rounding=False).text


def _load(text: str) -> None:
    with TemporaryDirectory() as folder:
        document = Path(folder) / "small.txt"
        document.write_text(text)
        call_command("load_plan", str(document), stdout=StringIO())


def loaded_line() -> BudgetLine:
    """A line of a small plan that has been loaded."""
    _load(_document())
    line = BudgetLine.objects.first()
    assert line is not None
    return line


def _load_otherwise(line: BudgetLine, *cells: dict[int, str]) -> None:
    """Load the plan again, with the line printed once for each of `cells`, which are those that differ."""
    (row,) = [row for row in _document().split("\n") if row.split("\t")[2:3] == [line.activity]]
    printed = ["\t".join(each.get(at, cell) for at, cell in enumerate(row.split("\t"))) for each in cells]
    _load(_document().replace(f"{row}\n", "".join(f"{each}\n" for each in printed)))


def insert_by_command(line: BudgetLine) -> None:
    _load_otherwise(line, {}, {2: "New"})


def update_by_command(line: BudgetLine) -> None:
    _load_otherwise(line, {4: "8.0"})


def delete_by_command(line: BudgetLine) -> None:
    _load_otherwise(line)


INSERT, UPDATE, DELETE = "insert", "update", "delete"
# The seven write paths, with what each can do: `update()` and bulk_update alter only, COPY only adds.
PATHS: dict[tuple[str, str], Door] = {
    ("form", INSERT): insert_by_form,
    ("form", UPDATE): update_by_form,
    ("form", DELETE): delete_by_form,
    ("command", INSERT): insert_by_command,
    ("command", UPDATE): update_by_command,
    ("command", DELETE): delete_by_command,
    ("update()", UPDATE): update_by_queryset,
    ("bulk_create", INSERT): insert_in_bulk,
    ("bulk_create", UPDATE): update_by_upsert,
    ("bulk_update", UPDATE): update_in_bulk,
    ("COPY", INSERT): insert_by_copy,
    ("raw SQL", INSERT): insert_by_sql,
    ("raw SQL", UPDATE): update_by_sql,
    ("raw SQL", DELETE): delete_by_sql,
}

"""The ways in which rows are written: each must be recorded, and refused without a change set."""

from collections.abc import Callable
from decimal import Decimal
from io import StringIO

from django.db import connection
from django.db.models import F

from budgets.models import BudgetLine


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

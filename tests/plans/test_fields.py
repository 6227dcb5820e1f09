from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Sum, Value

from budgets.models import BudgetLine
from history.changes import change_set
from plans.fields import FteField, MoneyField, ValueField
from tests.factories import BudgetLineFactory

INEXACT = [Decimal("1.234567"), Decimal("NaN"), Decimal("Infinity"), Decimal("1E+10"), 1.5, "1.234567", "twelve"]


def save(line: BudgetLine, figure: Any) -> None:
    line.employee = figure
    line.save()


def update(line: BudgetLine, figure: Any) -> None:
    BudgetLine.objects.filter(pk=line.pk).update(employee=figure)


def bulk_update(line: BudgetLine, figure: Any) -> None:
    line.employee = figure
    BudgetLine.objects.bulk_update([line], ["employee"])


def bulk_create(line: BudgetLine, figure: Any) -> None:
    BudgetLine.objects.bulk_create(
        [BudgetLine(plan=line.plan, unit=line.unit, year=line.year, activity="new", employee=figure)]
    )


@pytest.mark.django_db
@pytest.mark.parametrize("figure", INEXACT, ids=str)
@pytest.mark.parametrize("write", [save, update, bulk_update, bulk_create])
def test_what_cannot_be_stored_as_typed_is_refused(write: Any, figure: Any) -> None:
    line = BudgetLineFactory(employee=Decimal("10.0"))

    with pytest.raises(ValidationError), change_set(by=None, why="", door="Test"):
        write(line, figure)

    line.refresh_from_db()
    assert line.employee == Decimal("10.0")
    assert BudgetLine.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("figure", ["0.25", "-61999.8", "99999999.99999", "1.25501", "12.500", "0.0", "-0.01"])
@pytest.mark.parametrize("write", [save, update, bulk_update])
def test_what_is_stored_is_what_was_typed(write: Any, figure: str) -> None:
    line = BudgetLineFactory()

    with change_set(by=None, why="", door="Test"):
        write(line, Decimal(figure))

    line.refresh_from_db()
    assert line.employee == Decimal(figure)


@pytest.mark.django_db
def test_refusal_names_the_figure_and_the_rule() -> None:
    with pytest.raises(ValidationError, match=r"employee costs: 1\.234567 cannot be stored as it was typed.*5 decimal"):
        BudgetLineFactory(employee=Decimal("1.234567"))


@pytest.mark.django_db
def test_expression_is_the_databases_to_compute() -> None:
    line = BudgetLineFactory(employee=Decimal("10.5"))

    with change_set(by=None, why="", door="Test"):
        BudgetLine.objects.update(employee=F("employee") + Value(Decimal("0.25"), MoneyField()))

    line.refresh_from_db()
    assert line.employee == Decimal("10.75")


@pytest.mark.django_db
def test_money_is_kept_in_pounds_and_met_in_thousands() -> None:
    line = BudgetLineFactory(employee=Decimal("1.25501"), running=Decimal("0.1"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT employee, gross FROM budgets_budgetline WHERE id = %s", [line.pk])
        assert cursor.fetchone() == (Decimal("1255.01"), Decimal("1355.01"))
    line.refresh_from_db()
    assert (line.employee, line.gross) == (Decimal("1.25501"), Decimal("1.35501"))
    assert BudgetLine.objects.aggregate(Sum("gross")) == {"gross__sum": Decimal("1.35501")}
    for figure in (Decimal("1.255"), "1.255", 1):
        assert BudgetLine.objects.filter(employee__gt=figure).exists()
    with change_set(by=None, why="", door="Test"):
        BudgetLine.objects.update(employee="60.0", running=7)
    line.refresh_from_db()
    assert (line.employee, line.running) == (Decimal("60"), Decimal("7"))


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (None, ""),
        ("0", "0.0"),
        ("-0.00", "0.0"),
        ("1870.20", "1,870.2"),
        ("-1870.20", "−1,870.2"),
        ("1870.25", "1,870.25"),
        ("1128551.5", "1,128,551.5"),
        ("-0.05", "−0.05"),
    ],
)
@pytest.mark.parametrize("field", [MoneyField(), FteField()])
def test_money_and_posts_are_worded_as_printed(field: Any, figure: str | None, words: str) -> None:
    assert field.words(None if figure is None else Decimal(figure)) == words


@pytest.mark.parametrize(("figure", "words"), [("85", "85"), ("65.0", "65.0"), ("7.35", "7.35"), ("1250", "1,250")])
def test_value_keeps_the_decimals_it_was_given(figure: str, words: str) -> None:
    assert ValueField().words(Decimal(figure)) == words


@pytest.mark.parametrize("places", [1, 2, 3, 5])
@pytest.mark.parametrize("size", [1, 10, 999, 1000, 99_999, 100_000, 12_345_678])
def test_figure_is_worded_alike_however_it_was_come_by(size: int, places: int) -> None:
    for sign in (1, -1):
        for tenths in range(10):
            figure = sign * (Decimal(size) + Decimal(tenths) / 10)

            words = MoneyField().words(figure.quantize(Decimal(1).scaleb(-places)))

            assert words == f"{figure:,.1f}".replace("-", "−")


@pytest.mark.parametrize("nought", ["0", "0.0", "0.00", "-0.00", "0.00000", "0E+3", "-0"])
def test_nought_is_worded_without_a_sign(nought: str) -> None:
    assert MoneyField().words(Decimal(nought)) == "0.0"

"""Queries written once give what the queryset gives."""

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import JSONField, Value
from django.db.models.functions import Lower, NullIf

from budgets.models import BudgetLine
from plans.models import Unit
from plans.prepared import Prepared
from tests.factories import BudgetLineFactory, ProvenanceFactory, UnitFactory

FIELDS = ("pk", "activity", "employee", "contracts", "fte", "gross", "unit__name", "repairs")


def lines_of(unit: Any, start: Any) -> Any:
    lines = BudgetLine.objects.filter(unit__slug=unit, year__start=start, position__gte=0)
    repairs = NullIf("provenance__repairs", Value([], JSONField()))
    return lines.annotate(repairs=repairs).order_by(Lower("activity"), "pk").values_list(*FIELDS)


@pytest.mark.django_db
def test_rows_are_those_of_the_queryset_whatever_the_keys() -> None:
    prepared = Prepared(lines_of, str, int)
    first, second = UnitFactory(name="First"), UnitFactory(name="Second")
    repair = [{"column": "employee"}]
    for unit in (first, second):
        for number in range(3):
            BudgetLineFactory(
                unit=unit,
                plan__year__start=2009 + number % 2,
                employee=Decimal("1870.25") * number,
                provenance=ProvenanceFactory(repairs=repair if number else []),
            )

    for slug, start in (("first", 2009), ("second", 2009), ("second", 2010), ("none", 2009), ("first", 9999)):
        assert prepared.rows(slug, start) == list(lines_of(slug, start))
    assert len(prepared.rows("first", 2009)) == 2


@pytest.mark.django_db
def test_one_query_each_time(django_assert_num_queries: Any) -> None:
    prepared = Prepared(lines_of, str, int)

    for _ in range(2):
        with django_assert_num_queries(1):
            prepared.rows("x", 2009)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["'; DROP TABLE plans_unit; --", "%s", "\x01key 0", "é"])
def test_key_is_a_parameter_and_no_part_of_the_query(text: str) -> None:
    unit = UnitFactory(name="Any")
    prepared = Prepared(lambda name: Unit.objects.filter(name=name).values_list("pk"), str)

    assert prepared.rows(text) == []
    assert prepared.rows("Any") == [(unit.pk,)]


@pytest.mark.django_db
def test_key_that_the_query_does_not_use_is_a_mistake() -> None:
    prepared = Prepared(lambda name, other: Unit.objects.filter(name=name).values_list("pk"), str, int)

    with pytest.raises(AssertionError, match="A key is not in the query"):
        prepared.rows("Any", 1)

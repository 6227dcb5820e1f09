"""The checks of a year as it stands in the database, and what they find in the published plans."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budgets.checks.stored import COMPUTED
from budgets.models import (
    BudgetLine,
    ControlTotal,
    CoreService,
    Establishment,
    MovementReason,
    Origin,
    StaffingLevel,
)
from history.changes import change_set
from indicators.models import Figure
from kentplan.checks import OUTCOMES, Found, YearChecks, unit_checks, year_checks
from people.models import User
from plans.checks import BREAK, NOT_CHECKED, ROUNDING, TIES
from plans.models import FinancialYear, Unit
from tests.factories import (
    BudgetLineFactory,
    ControlTotalFactory,
    FinancialYearFactory,
    PlanFactory,
    StaffingLevelFactory,
    UnitFactory,
)

D = Decimal
FAMILIES = "Children, Families and Educational Achievement"
SKILLS = "Operations, Resources and Skills (CFE)"
AENR = "Additional Educational Needs and Resources"
STS = "Specialist Teaching Service"
MCAS = "Minority Communities Achievement Service"
OF_FAMILIES = "TOTAL CHILDREN, FAMILIES & EDUCATIONAL ACHIEVEMENT PORTFOLIO"
ALL = "Whole plan"
TWICE = "the same measure printed twice"

# Everything of the two published plans that does not tie, as one reads it in them: line, rule, whose, what, difference.
BREAKS = [
    (338, "establishment last year's FTE against budget rows", ALL, "Total Children's Social Services", "-0.7"),
    (340, "establishment last year's FTE against budget rows", ALL, OF_FAMILIES, "-0.7"),
    (1151, "staffing last year's FTE", AENR, "TOTAL", "1.0"),
    (1159, "staffing last year's FTE", "Attendance and Behaviour Service", "TOTAL", "0.9"),
    (392, TWICE, MCAS, "NI 75, All pupils", "-0.9"),
    (393, TWICE, MCAS, "NI 75, Black Caribbean", "13.3"),
    (394, TWICE, MCAS, "NI 75, White/Black Caribbean", "-1.0"),
    (395, TWICE, MCAS, "NI 75, Black African", "-0.7"),
    (396, TWICE, MCAS, "NI 75, White/Black African", "2.0"),
    (398, TWICE, MCAS, "NI 75, Pakistani", "-0.9"),
    (399, TWICE, MCAS, "NI 75, White Other", "-0.6"),
    (403, TWICE, MCAS, "NI 75, Bangladeshi", "2.6"),
]
ROUNDINGS = [
    (260, "row controllable", STS, STS, "0.1"),
    (283, "column running costs", FAMILIES, "Controllable Totals", "-0.1"),
    (283, "column gross expenditure", FAMILIES, "Controllable Totals", "-0.1"),
    (283, "column internal income", FAMILIES, "Controllable Totals", "0.1"),
    (283, "column controllable expenditure", FAMILIES, "Controllable Totals", "-0.1"),
    (309, "row gross", "Communication & Governance Unit", "Communication & Governance Unit", "-0.1"),
    (322, "column running costs", SKILLS, "Controllable Totals", "-0.1"),
    (338, "establishment FTE against budget rows", ALL, "Total Children's Social Services", "-0.1"),
    (340, "establishment FTE against budget rows", ALL, OF_FAMILIES, "-0.1"),
    (340, "establishment difference", ALL, OF_FAMILIES, "0.1"),
    (341, "establishment FTE, divisions", ALL, "TOTAL CHILDREN, FAMILIES & EDUCATION", "0.1"),
    (341, "establishment FTE, portfolios", ALL, "TOTAL CHILDREN, FAMILIES & EDUCATION", "0.1"),
    (11, "headline gross expenditure", ALL, "Headline gross", "-0.3"),
    (817, "row gross", STS, "Portage", "-0.1"),
    (817, "row controllable", STS, "Portage", "0.1"),
    (822, "row controllable", STS, "Controllable Totals", "0.1"),
    (822, "column employee costs", STS, "Controllable Totals", "-0.1"),
    (921, "column employee costs", AENR, "Controllable Totals", "-0.1"),
    (921, "column running costs", AENR, "Controllable Totals", "0.1"),
    (921, "budget FTE against staffing", AENR, "Controllable Totals", "-0.04"),
    (1151, "staffing FTE", AENR, "TOTAL", "0.04"),
    (1191, "staffing FTE", STS, "TOTAL", "0.03"),
]
# The digits are gone; the lines print no contracts and their total prints 0.0; one cell holds two figures.
NOT = [
    (289, "total cost internal income", FAMILIES, "Total Cost of Unit", None),
    (404, TWICE, MCAS, "NI 75, Unclassified", None),
    *(
        (line, "column contracts & projects", unit, "Controllable Totals", None)
        for line, unit in (
            (801, "Attendance and Behaviour Service"),
            (840, "Educational Psychology Service"),
            (858, MCAS),
            (877, "Joint Commissioning Unit"),
            (894, "Commissioning General"),
        )
    ),
]
EXPECTED_TIES = 526


@pytest.fixture
def year(db: None) -> FinancialYear:
    found: FinancialYear = FinancialYearFactory(start=2009)
    return found


Residual = tuple[int, str, str, str, str | None]


def in_short(check: Found) -> Residual:
    """A check as the lists above have it: by the last line of its printed figure."""
    line = max(found.number for found in check.first[0].lines)
    size = None if check.difference is None else f"{check.difference:f}"
    return line, check.rule, check.whose, check.label.removesuffix(", 2007/08, actual"), size


@contextmanager
def undone() -> Iterator[None]:
    """What is written in the block is written in a change set, and rolled back after it."""
    with transaction.atomic():
        with change_set(by=None, why="", door="Test"):
            yield
        transaction.set_rollback(True)


def update(row: models.Model, **figures: Any) -> None:
    with change_set(by=None, why="", door="Test"):
        type(row)._default_manager.filter(pk=row.pk).update(**figures)


def breaks_of(checks: YearChecks) -> dict[str, Decimal | None]:
    return {check.key: check.difference for check in checks.breaks}


# What is really there


@pytest.mark.usefixtures("published")
def test_every_residual_of_the_published_plans_is_one_of_these(year: FinancialYear) -> None:
    checks = year_checks(year)

    for outcome, expected in ((BREAK, BREAKS), (ROUNDING, ROUNDINGS), (NOT_CHECKED, NOT)):
        assert Counter(map(in_short, checks.of(outcome))) == Counter(expected), outcome
    assert checks.counts == {
        BREAK: len(BREAKS),
        ROUNDING: len(ROUNDINGS),
        NOT_CHECKED: len(NOT),
        TIES: EXPECTED_TIES,
    }


@pytest.mark.usefixtures("published")
def test_each_check_has_a_key_of_its_own_that_loading_again_does_not_change(year: FinancialYear) -> None:
    checks = year_checks(year)

    keys = [check.key for check in checks.found]
    assert len(set(keys)) == len(keys)
    assert "staffing last year's FTE / service commissioning / attendance-and-behaviour-service / total" in keys
    assert all(checks.get(check.key) is check for check in checks.found)


@pytest.mark.usefixtures("published")
def test_breaks_come_first_the_largest_before_the_others_and_those_of_one_cause_together(year: FinancialYear) -> None:
    checks = year_checks(year)

    order = [OUTCOMES.index(check.outcome) for check in checks.found]
    assert order == sorted(order)
    sizes = [abs(check.difference or 0) for check in checks.breaks]
    assert sizes == sorted(sizes, reverse=True)
    assert sorted(len(cause) for cause in checks.by_cause) == [1, 1, 2, 8]


@pytest.mark.usefixtures("published")
def test_unit_has_the_same_checks_alone_as_in_the_year(year: FinancialYear) -> None:
    whole = year_checks(year)
    update(BudgetLine.objects.get(activity="Portage"), employee=D("700"))
    edited = year_checks(year)

    for unit in Unit.objects.all():
        assert unit_checks(unit, year).found == tuple(item for item in edited.found if item.unit_id == unit.pk)
    of_sts = whole.by_unit[Unit.objects.get(name=STS).pk]
    assert (of_sts[BREAK], of_sts[ROUNDING], of_sts[NOT_CHECKED]) == (0, 6, 0)
    unowned = Counter(item.outcome for item in whole.found if item.unit_id is None)
    assert sum(unowned.values()) + sum(sum(counts.values()) for counts in whole.by_unit.values()) == len(whole.found)


@pytest.mark.usefixtures("published")
def test_split_figure_is_checked_as_it_was_repaired(year: FinancialYear) -> None:
    check = next(
        item
        for item in year_checks(year).found
        if item.rule == "column running costs" and item.unit_name == "Joint Commissioning Unit"
    )

    assert (check.printed, check.computed, check.outcome) == (D("12260.4"), D("12260.4"), TIES)
    assert [line.number for line in check.lines] == [876, 877]
    assert check.lines[0].url.endswith("/?figure=running")


# Errors and edits


def cells() -> list[tuple[models.Model, str]]:
    """Each figure of budget, staffing and establishment tables that stands there, and that some tie is about.

    The posts that are funded externally are printed under the total as a part of it: no sum of any table has them.
    """
    figures: list[tuple[Any, tuple[str, ...]]] = [
        (BudgetLine.objects.all(), ()),
        (ControlTotal.objects.all(), ()),
        (StaffingLevel.objects.exclude(band__startswith="Of the above"), ("prior_fte", "fte")),
        (Establishment.objects.all(), ("prior_fte", "fte", "difference")),
        (MovementReason.objects.all(), ("number",)),
        (CoreService.objects.exclude(line=None), ("amount",)),
    ]
    typed = [field for field in BUDGET_FIGURES if field not in COMPUTED]
    found = []
    for rows, names in figures:
        for row in rows:
            own = names or (typed if isinstance(row, BudgetLine) else BUDGET_FIGURES)
            found += [(row, name) for name in own if getattr(row, name) is not None]
    return found


BUDGET_FIGURES = (
    "prior_controllable",
    "prior_fte",
    "fte",
    "employee",
    "running",
    "contracts",
    "gross",
    "external_income",
    "internal_income",
    "controllable",
)


@pytest.mark.usefixtures("published")
def test_an_error_of_ten_in_any_stored_figure_is_a_break(year: FinancialYear, full: bool) -> None:
    before = breaks_of(year_checks(year))
    missed = []
    for row, name in random.Random(2009).sample(cells(), 200 if full else 20):
        with undone():
            figure = getattr(row, name) + (10_000 if name == "amount" else 10)
            type(row)._default_manager.filter(pk=row.pk).update(**{name: figure})
            after = breaks_of(year_checks(year))
        if not {key for key, size in after.items() if before.get(key) != size}:
            missed.append((row, name))

    assert missed == []
    assert breaks_of(year_checks(year)) == before


@pytest.mark.usefixtures("published")
def test_difference_that_an_edit_makes_or_widens_is_a_break_however_small(year: FinancialYear) -> None:
    portage = BudgetLine.objects.get(activity="Portage")

    def check(rule: str) -> Found:
        return next(
            item
            for item in year_checks(year).found
            if (item.rule, item.unit_name, item.label) == (rule, STS, "Controllable Totals")
        )

    assert (check("column FTE").outcome, check("column employee costs").difference) == (TIES, D("-0.1"))
    update(portage, fte=portage.fte + D("0.1"))
    assert (check("column FTE").outcome, check("column FTE").difference) == (BREAK, D("-0.1"))
    update(portage, employee=portage.employee + D("0.1"))
    assert (check("column employee costs").outcome, check("column employee costs").difference) == (BREAK, D("-0.2"))
    update(portage, employee=portage.employee - D("0.1"))
    assert check("column employee costs").outcome == TIES  # healed
    update(portage, employee=portage.employee)
    assert check("column employee costs").outcome == ROUNDING  # as printed again


@pytest.mark.usefixtures("published")
def test_edited_line_is_no_longer_held_against_its_printed_sums(year: FinancialYear) -> None:
    portage = BudgetLine.objects.get(activity="Portage")
    update(portage, employee=portage.employee + D("5"))

    rows = [item for item in year_checks(year).found if item.label == "Portage" and item.rule.startswith("row ")]
    gross = next(
        item for item in year_checks(year).found if item.rule == "column gross expenditure" and item.unit_name == STS
    )

    assert {(item.outcome, "edited" in item.why) for item in rows} == {(NOT_CHECKED, True)}
    # 803.4 as computed, no longer 803.3 as printed, and the 5.0.
    assert (gross.computed, gross.outcome) == (D("4692.4") + D("5.1"), BREAK)


@pytest.mark.usefixtures("published")
def test_added_and_removed_lines_are_edits_of_their_columns(year: FinancialYear) -> None:
    portage = BudgetLine.objects.get(activity="Portage")
    before = breaks_of(year_checks(year))

    with undone():
        BudgetLine.objects.create(
            plan=portage.plan, unit=portage.unit, year=year, activity="New", origin=Origin.ENTERED, employee=D("0.1")
        )
        added = year_checks(year)
    with undone():
        CoreService.objects.filter(line=portage).update(line=None)
        portage.delete()
        removed = year_checks(year)

    new = {item.rule: item.difference for item in added.breaks if item.key not in before}
    assert new["column gross expenditure"] == D("-0.1")
    assert not [item for item in added.found if item.label == "New"]  # it has no printed sums
    gone = {item.rule: item.difference for item in removed.breaks if item.key not in before}
    assert gone["column FTE"] == D("26.7")
    assert gone["column external income"] == D("-281.8")


@pytest.mark.usefixtures("published")
def test_column_whose_only_figure_is_taken_out_is_a_break_and_not_lost_in_print(year: FinancialYear) -> None:
    update(BudgetLine.objects.get(activity="Head of Service - Management and Admin"), contracts=None)

    check = next(
        item for item in year_checks(year).found if item.rule == "column contracts & projects" and item.unit_name == STS
    )

    assert (check.outcome, check.printed, check.computed) == (BREAK, D("14.2"), 0)


@pytest.mark.usefixtures("published")
def test_line_of_a_portfolio_row_is_held_against_it_once_it_is_edited(year: FinancialYear) -> None:
    awards = BudgetLine.objects.get(unit__name="Awards")
    assert not [item for item in year_checks(year).found if item.rule.endswith("against the budget")]

    update(awards, running=awards.running + D("10"))
    found = [item for item in year_checks(year).found if item.rule.endswith("against the budget")]
    with undone():
        BudgetLine.objects.filter(pk=awards.pk).delete()
        removed = {item.rule: item for item in year_checks(year).breaks if item.unit_name == "Awards"}

    broken = {item.rule: item.difference for item in found if item.outcome == BREAK}
    assert broken == {
        "portfolio row running costs against the budget": D("-10"),
        "portfolio row gross expenditure against the budget": D("-10"),
        "portfolio row controllable expenditure against the budget": D("-10"),
    }
    assert len({item.cause for item in found if item.outcome == BREAK}) == 1
    assert removed["portfolio row employee costs against the budget"].difference == D("744.6")


@pytest.mark.usefixtures("published")
def test_edited_figure_of_a_measure_is_held_against_the_other_place(year: FinancialYear) -> None:
    figure = Figure.objects.get(
        listing__code="NI 73", listing__unit__name=MCAS, group__name="Pakistani", period="2007/08"
    )
    update(figure, value=D("77.9"))

    check = next(item for item in year_checks(year).found if item.label.startswith("NI 73, Pakistani"))

    assert (check.outcome, check.difference) == (BREAK, D("0.1"))


# Cost


def many(year: FinancialYear, times: int) -> None:
    """A year of `times` ten units with five lines, totals and staffing each."""
    plan = PlanFactory(year=year)
    with change_set(by=None, why="", door="Test"):
        have = Unit.objects.count()
        units = [
            UnitFactory.build(directorate=plan.directorate, name=f"One of many {have + n}") for n in range(10 * times)
        ]
        for unit in units:
            unit.directorate = plan.directorate or UnitFactory().directorate
        Unit.objects.bulk_create(units)
        BudgetLine.objects.bulk_create(
            BudgetLineFactory.build(plan=plan, year=year, unit=unit, activity=f"Line {n}")
            for unit in units
            for n in range(5)
        )
        ControlTotal.objects.bulk_create(ControlTotalFactory.build(plan=plan, unit=unit) for unit in units)
        StaffingLevel.objects.bulk_create(
            StaffingLevelFactory.build(plan=plan, unit=unit, band=band) for unit in units for band in ("Pt13", "TOTAL")
        )


def test_checks_take_as_many_queries_for_fifty_times_the_data(
    client: Client, poc_member: User, year: FinancialYear
) -> None:
    client.force_login(poc_member)
    counted = []
    for times in (1, 50):
        many(year, times)
        with CaptureQueriesContext(connection) as alone:
            checks = year_checks(year)
        with CaptureQueriesContext(connection) as page:
            assert client.get("/checks/2009-10/").status_code == 200
        with CaptureQueriesContext(connection) as one:
            assert client.get(checks.found[0].url).status_code == 200
        counted.append((len(alone), len(page), len(one)))

    assert counted[0] == counted[1]
    assert counted[0][0] == 4
    assert max(counted[0]) <= 12

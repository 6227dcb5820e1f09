"""A figure that the year's plans print twice is printed with one value."""

from decimal import Decimal
from typing import Any

import pytest

from indicators.checks import Judged, checks_of_year
from indicators.models import Figure, FigureKind, Listing, ListingKind
from plans.checks import BREAK, NOT_CHECKED, ROUNDING, TIES
from plans.models import FinancialYear, Unit
from tests.factories import FigureFactory, GroupFactory, IndicatorFactory, ListingFactory, PlanFactory

D = Decimal


@pytest.fixture
def table(db: None) -> Listing:
    listing: Listing = ListingFactory(indicator=IndicatorFactory(code="NI 75"), position=1)
    return listing


@pytest.fixture
def comparison(table: Listing) -> Listing:
    listing: Listing = ListingFactory(
        indicator=table.indicator, plan=table.plan, unit=table.unit, kind=ListingKind.COMPARISON, position=2
    )
    return listing


def figure(listing: Listing, value: str | None, **more: Any) -> Figure:
    more = {"kind": FigureKind.ACTUAL, "period": "2007/08", "value": value and D(value), "printed": value or ""} | more
    found: Figure = FigureFactory(listing=listing, **more)
    return found


def judged(year: FinancialYear) -> list[Judged]:
    return list(checks_of_year(year, dict(Unit.objects.values_list("pk", "slug"))))


@pytest.mark.parametrize(
    ("again", "outcome"), [("48.2", TIES), ("49.1", BREAK), ("38.2", BREAK), ("48", TIES), ("48.2000", TIES)]
)
def test_figure_printed_twice_has_one_value(table: Listing, comparison: Listing, again: str, outcome: str) -> None:
    figure(table, "48.0" if again == "48" else "48.2")
    figure(comparison, again, area="Kent", period="2007")

    (found,) = judged(table.plan.year)

    assert (found.outcome, found.check.unit) == (outcome, table.unit.slug)
    assert [term.figure for term in found.check.terms] == [D("48.0" if again == "48" else "48.2"), D(again)]


@pytest.mark.parametrize(
    "more",
    [
        {"area": "England"},
        {"period": "2008/09"},
        {"period": "2008"},
        {"kind": FigureKind.TARGET},
        {"awaited": True},
    ],
)
def test_figures_of_different_things_are_no_pair(table: Listing, comparison: Listing, more: dict[str, Any]) -> None:
    figure(table, "48.2")
    if more.get("awaited"):
        FigureFactory(listing=comparison, awaited=True, period="2007/08", kind=FigureKind.ACTUAL)
    else:
        figure(comparison, "49.1", **more)

    assert judged(table.plan.year) == []


def test_groups_are_held_against_their_own(table: Listing, comparison: Listing) -> None:
    girls, boys = GroupFactory(name="Girls"), GroupFactory(name="Boys")
    for listing, of_girls in ((table, "50.0"), (comparison, "60.0")):
        figure(listing, of_girls, group=girls)
        figure(listing, "40.0", group=boys)

    assert {found.check.label: found.outcome for found in judged(table.plan.year)} == {
        "NI 75, Girls, 2007/08, actual": BREAK,
        "NI 75, Boys, 2007/08, actual": TIES,
    }


def test_two_figures_in_one_cell_are_not_checked(table: Listing, comparison: Listing) -> None:
    figure(table, "42.4", label="Refused")
    figure(table, "46.7", label="Information Not Obtained")
    figure(comparison, "44.5")

    (found,) = judged(table.plan.year)

    assert (found.outcome, bool(found.check.why)) == (NOT_CHECKED, True)


def test_other_measures_and_other_years_are_left_out(table: Listing, comparison: Listing) -> None:
    figure(table, "48.2")
    figure(ListingFactory(plan=table.plan, unit=table.unit), "49.1")
    figure(ListingFactory(plan=PlanFactory(year__start=2010), indicator=table.indicator), "49.1")

    assert judged(table.plan.year) == []


def test_three_places_make_two_pairs(table: Listing, comparison: Listing) -> None:
    third = ListingFactory(indicator=table.indicator, plan=table.plan, position=3)
    for listing, value in ((table, "48.2"), (comparison, "48.2"), (third, "50.0")):
        figure(listing, value)

    assert sorted(found.outcome for found in judged(table.plan.year)) == [BREAK, TIES]


@pytest.mark.usefixtures("published")
def test_published_plans_print_ni_75_of_2007_with_two_values_for_eight_groups() -> None:
    found = judged(FinancialYear.objects.get())

    # The table of the service plan (lines 374 to 404) against its comparison with England (lines 492 to 543).
    assert {
        tuple(found.check.label.split(", ")[:2]): found.check.difference for found in found if found.outcome == BREAK
    } == {
        ("NI 75", "All pupils"): D("48.2") - D("49.1"),
        ("NI 75", "Black Caribbean"): D("60.0") - D("46.7"),
        ("NI 75", "White/Black Caribbean"): D("50.9") - D("51.9"),
        ("NI 75", "Black African"): D("50.0") - D("50.7"),
        ("NI 75", "White/Black African"): D("59.1") - D("57.1"),
        ("NI 75", "Pakistani"): D("72.4") - D("73.3"),
        ("NI 75", "White Other"): D("50.9") - D("51.5"),
        ("NI 75", "Bangladeshi"): D("57.9") - D("55.3"),
    }
    # All twelve groups of NI 73 that both print, and of NI 75 these three.
    ties = [found.check.label for found in found if found.outcome == TIES]
    assert len([label for label in ties if label.startswith("NI 73")]) == 12
    assert len(ties) == 15
    assert [found.check.label for found in found if found.outcome == NOT_CHECKED] == [
        "NI 75, Unclassified, 2007/08, actual"
    ]
    assert not [found for found in found if found.outcome == ROUNDING]

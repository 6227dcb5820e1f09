"""The units of a year, and the page of one."""

import csv
import json
import re
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.test import Client, override_settings

from budgets.models import TYPED_FIGURES
from history.changes import change_set
from indicators.models import FigureKind, ListingKind
from kentplan.reporting import UNIT_COLUMNS, default_year
from kentplan.tables import UnitTable
from people.models import User
from plans.models import Unit
from tests.factories import (
    BudgetLineFactory,
    ControlTotalFactory,
    DeliverableFactory,
    DivisionFactory,
    FigureFactory,
    FinancialYearFactory,
    GroupFactory,
    IndicatorFactory,
    KeyActionFactory,
    ListingFactory,
    OfficerFactory,
    PlanFactory,
    PortfolioFactory,
    UnitFactory,
    UnitYearFactory,
)

PAGE = "/units/2009-10/clusters/"


@pytest.fixture
def reader(client: Client, poc_member: User) -> Client:
    client.force_login(poc_member)
    return client


@pytest.fixture
def clusters(db: None) -> Unit:
    return UnitFactory(name="Clusters")


def listed(client: Client, query: dict[str, Any] | None = None) -> list[str]:
    """The units that the page shows, in its order."""
    answer = client.get("/units/", query)
    assert answer.status_code == 200
    return re.findall(r'<th class="first" scope="row"><a [^>]*>([^<]*)</a>', answer.content.decode())


def make_unit(name: str, amount: int | None = 1, **place: Any) -> Unit:
    """A unit that stands in the year, with two lines whose every figure is half of `amount`."""
    unit: Unit = UnitYearFactory(unit__name=name, **place).unit
    plan = PlanFactory()
    if amount is not None:
        for figures in (dict.fromkeys(TYPED_FIGURES, Decimal(amount) / 2),) * 2:
            BudgetLineFactory(plan=plan, unit=unit, **figures | {"prior_controllable": Decimal(0)})
        for _ in range(amount):
            ListingFactory(plan=plan, unit=unit)
            KeyActionFactory(plan=plan, unit=unit)
    return unit


# The list


def test_home_leads_to_the_units(reader: Client) -> None:
    assert reader.get("/").headers["Location"] == "/units/"


def test_portal_without_a_plan_says_so(reader: Client) -> None:
    answer = reader.get("/units/")

    assert answer.status_code == 200
    assert "No plan is loaded yet." in answer.content.decode()
    assert json.loads(reader.get("/units/", {"_export": "json"}).content) == []


def test_units_are_those_of_the_year_by_name(reader: Client) -> None:
    make_unit("zoo")
    make_unit("Awards")
    UnitYearFactory(year=FinancialYearFactory(start=2008), unit__name="Abolished")

    assert listed(reader) == ["Awards", "zoo"]
    assert listed(reader, {"year": "2008-09"}) == ["Abolished"]


@pytest.mark.parametrize("year", ["2010-11", "2009-11", "x", "9999-00", "\x00"])
def test_year_that_there_is_not_is_not_found(reader: Client, year: str) -> None:
    make_unit("Awards")

    assert reader.get("/units/", {"year": year}).status_code == 404


@pytest.mark.parametrize(
    ("starts", "expected"), [([2008, 2009, 2010], 2009), ([2007, 2008], 2008), ([2011, 2010], 2010)]
)
def test_year_is_that_of_today_else_the_last_before_it_else_the_first(
    db: None, starts: list[int], expected: int
) -> None:
    for start in starts:
        FinancialYearFactory(start=start)

    with override_settings(TODAY=date(2009, 9, 21)):
        year = default_year()

    assert year is not None
    assert year.start == expected


def test_unit_is_shown_with_its_sums(reader: Client) -> None:
    make_unit("Awards", 4, division=DivisionFactory(name="Operations"))

    cells = re.findall(r"<td[^>]*>(.*?)</td>", reader.get("/units/").content.decode())

    assert cells == ["Operations", "", "12.0", "0.0", "20.0", "+20.0", "4.0", "4", "4"]


def test_lists_and_comparisons_count_for_no_unit_measure(reader: Client) -> None:
    unit = make_unit("Awards", 1)
    plan = unit.budget_lines.first().plan
    ListingFactory(plan=plan, unit=unit, kind=ListingKind.COMPARISON)

    [row] = json.loads(reader.get("/units/", {"_export": "json"}).content)

    assert row["measures"] == "1"


def test_filter_by_text(reader: Client) -> None:
    make_unit("School meals")
    make_unit("Roads")

    assert listed(reader, {"text": "MEAL"}) == ["School meals"]


def test_filter_by_portfolio(reader: Client) -> None:
    portfolio = PortfolioFactory()
    make_unit("Awards", portfolio=portfolio)
    make_unit("Roads")

    assert listed(reader, {"portfolio": portfolio.pk}) == ["Awards"]


def test_filter_keeps_the_year(reader: Client) -> None:
    make_unit("Awards")
    UnitYearFactory(year=FinancialYearFactory(start=2008), unit__name="Abolished")

    shown = reader.get("/units/", {"year": "2008-09"}).content.decode()

    assert '<input type="hidden" name="year" value="2008-09">' in shown
    assert listed(reader, {"year": "2008-09", "text": "a"}) == ["Abolished"]


@pytest.mark.parametrize("column", UnitTable.base_columns)
def test_list_sorts_by_each_column_both_ways_with_blanks_last(reader: Client, column: str) -> None:
    for amount, letter in ((2, "b"), (10, "C"), (1, "A")):
        make_unit(
            letter,
            amount,
            division=DivisionFactory(name=letter),
            portfolio=PortfolioFactory(name=f"{letter} portfolio"),
        )
    make_unit("z", None)
    expected = ["A", "b", "C"]

    upwards, downwards = listed(reader, {"sort": column}), listed(reader, {"sort": f"-{column}"})

    if column == "prior_controllable":  # all the same
        assert upwards[-1] == downwards[-1] == "z"
    elif column == "unit":
        assert (upwards, downwards) == ([*expected, "z"], ["z", *expected[::-1]])
    else:
        assert (upwards, downwards) == ([*expected, "z"], [*expected[::-1], "z"])


def test_export_has_a_row_a_unit(reader: Client) -> None:
    make_unit("Awards", 1, cabinet_member="LR")

    head, row = csv.reader(StringIO(reader.get("/units/", {"_export": "csv"}).content.decode()))

    assert tuple(head) == UNIT_COLUMNS
    assert dict(zip(head, row, strict=True)) == {
        "year": "2009/10",
        "directorate": "Children, Families & Education",
        "division": "",
        "portfolio": "",
        "cabinet_member": "LR",
        "unit": "Awards",
        "prior_controllable": "0.0",
        "controllable": "5.0",
        "gross": "3.0",
        "prior_fte": "1.0",
        "fte": "1.0",
        "measures": "1",
        "actions": "1",
    }


def test_list_makes_as_many_queries_for_twenty_units_as_for_one(reader: Client, django_assert_num_queries: Any) -> None:
    for many in (1, 19):
        for number in range(many):
            make_unit(f"Unit {many} {number}")
        with django_assert_num_queries(8):  # session, user, roles, year, years, count, rows, portfolios
            assert reader.get("/units/").status_code == 200


# One unit


def test_unit_page_shows_where_the_unit_stands(reader: Client, clusters: Unit) -> None:
    UnitYearFactory(
        unit=clusters,
        division=DivisionFactory(name="Operations"),
        portfolio=PortfolioFactory(name="Resources"),
        cabinet_member="MD",
    )

    shown = reader.get(PAGE).content.decode()

    assert "Operations" in shown
    assert "portfolio Resources (MD)" in shown
    assert "Declared: for a test" in shown


def test_unit_page_shows_its_budget_with_totals(reader: Client, clusters: Unit) -> None:
    line = BudgetLineFactory(unit=clusters, activity="Prizes")
    ControlTotalFactory(plan=line.plan, unit=clusters, controllable=Decimal("1264.5"))

    shown = reader.get(PAGE).content.decode()

    assert f'href="{line.get_absolute_url()}">Prizes</a>' in shown
    assert "1,264.5<small>adds to 1,264.4</small>" in shown


def test_unit_page_shows_the_last_figure_of_each_kind_for_kent(reader: Client, clusters: Unit) -> None:
    listing = ListingFactory(unit=clusters, indicator=IndicatorFactory(measure_unit="percent"), title="Absence")
    for position, (kind, period, value, more) in enumerate(
        [
            (FigureKind.ACTUAL, "2006/07", "7.1", {}),
            (FigureKind.ACTUAL, "2007/08", "6.8", {}),
            (FigureKind.ACTUAL, "2008/09", "5.5", {"area": "England"}),
            (FigureKind.TARGET, "2009/10", "4.4", {"group": GroupFactory()}),
        ]
    ):
        FigureFactory(listing=listing, kind=kind, period=period, value=Decimal(value), position=position, **more)
    FigureFactory(listing=listing, kind=FigureKind.ESTIMATE, period="2008/09", awaited=True)

    shown = reader.get(PAGE).content.decode()

    table = shown[shown.index('aria-label="Table of measures"') : shown.index("All figures of these measures")]
    assert re.findall(r'<td class="num">(.*?)</td>', table) == [
        "6.8%<small>2007/08</small>",
        "Awaited<small>2008/09</small>",
        "",
    ]
    assert f'href="{listing.get_absolute_url()}"' in table


def test_unit_page_shows_its_actions_with_deliverables_as_printed(reader: Client, clusters: Unit) -> None:
    action = KeyActionFactory(unit=clusters, text="Reduce bullying")
    with change_set(by=None, why="", door="Test"):
        action.managers.set([OfficerFactory(name="Peter Heckel")])
    DeliverableFactory(action=action, text="Survey undertaken", march_2010=True)

    shown = reader.get(PAGE).content.decode()

    assert f'href="{action.get_absolute_url()}">Reduce bullying</a>' in shown
    assert "Survey undertaken <small>March 2010</small>" in shown
    assert "Peter Heckel" in shown


def test_unit_page_leaves_other_years_out(reader: Client, clusters: Unit) -> None:
    FinancialYearFactory(start=2009)
    later = PlanFactory(year__start=2010)
    BudgetLineFactory(unit=clusters, plan=later, activity="Later line")
    ListingFactory(unit=clusters, plan=later, title="Later measure")
    KeyActionFactory(unit=clusters, plan=later, text="Later action")

    shown = reader.get(PAGE).content.decode()

    assert "Later" not in shown
    assert "No budget line is loaded" in shown
    assert "No measure of this unit is loaded" in shown
    assert "No key action of this unit is loaded" in shown


@pytest.mark.parametrize("path", ["/units/2009-10/no-such-unit/", "/units/2010-11/clusters/", "/units/2009-10/%00/"])
def test_unit_or_year_that_there_is_not_is_no_page(reader: Client, clusters: Unit, path: str) -> None:
    FinancialYearFactory(start=2009)

    assert reader.get(path).status_code == 404


def test_unit_page_makes_as_many_queries_for_twenty_of_each_as_for_one(
    reader: Client, clusters: Unit, django_assert_num_queries: Any
) -> None:
    plan = PlanFactory()
    UnitYearFactory(unit=clusters, year=plan.year)
    for many in (1, 19):
        for number in range(many):
            BudgetLineFactory(plan=plan, unit=clusters)
            ControlTotalFactory(plan=plan, unit=clusters, label=f"{many} {number}")
            FigureFactory(listing__plan=plan, listing__unit=clusters)
            DeliverableFactory(action__plan=plan, action__unit=clusters)
        # session, user, roles; year, unit, place; lines, totals; measures, figures; actions, deliverables, managers
        with django_assert_num_queries(13):
            assert reader.get(PAGE).status_code == 200

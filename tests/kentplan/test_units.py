"""The units of a year."""

import csv
import json
import re
from datetime import date
from decimal import Decimal
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from budgets.models import TYPED_FIGURES
from indicators.models import ListingKind
from kentplan.reporting import UNIT_COLUMNS, default_year
from kentplan.tables import UnitTable
from people.models import User
from plans.models import AliasSubject, PlanState, Unit
from tests.factories import (
    AliasFactory,
    BudgetLineFactory,
    ControlTotalFactory,
    DirectorateFactory,
    DivisionFactory,
    FinancialYearFactory,
    KeyActionFactory,
    ListingFactory,
    PlanFactory,
    PortfolioFactory,
    UnitYearFactory,
    put_into,
)


@pytest.fixture
def reader(client: Client, poc_member: User) -> Client:
    client.force_login(poc_member)
    return client


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


def test_unit_is_listed_with_its_sums(reader: Client) -> None:
    make_unit("Awards", 4, division=DivisionFactory(name="Operations"))

    cells = re.findall(r"<td[^>]*>(.*?)</td>", reader.get("/units/", {"sort": "unit"}).content.decode())

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


@pytest.mark.parametrize("query", [{"sort": "-gross"}, {"text": "Unit"}])
def test_list_makes_as_many_queries_for_fifty_units_as_for_one(
    reader: Client, query: dict[str, str], django_assert_num_queries: Any
) -> None:
    for many in (1, 49):
        for number in range(many):
            make_unit(f"Unit {many} {number}")
        # session, user, roles, year; portfolios, count, rows; the years of the header
        with django_assert_num_queries(8):
            assert reader.get("/units/", query).status_code == 200


# The tree


def rows_of(client: Client, query: dict[str, str] | None = None) -> list[tuple[str, list[str]]]:
    """Each row of the tree: its name, then the text of its cells."""
    html = client.get("/units/", query).content.decode()
    tree = html[html.index("kp-tree") :]
    found = []
    for row in re.findall(r"<tr.*?</tr>", tree, re.DOTALL)[1:]:
        head = re.search(r"<th.*?</th>", row, re.DOTALL)
        assert head
        cells = [words(cell) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]
        found.append((words(head[0]), cells))
    return found


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def test_tree_has_directorate_then_divisions_then_units_and_those_in_none_last(reader: Client) -> None:
    schools = DivisionFactory(name="Schools")
    make_unit("zoo", 2, division=schools)
    make_unit("Awards", 4, division=schools)
    make_unit("Contingency", 6)
    make_unit("Clusters", 8, division=DivisionFactory(name="operations"))

    rows = rows_of(reader)

    assert [name for name, _ in rows] == [
        "Children, Families & Education 4",
        "operations 1",
        "Clusters",
        "Schools 2",
        "Awards",
        "zoo",
        "In no division 1",
        "Contingency",
    ]
    # controllable, last year's, change, gross, FTE, measures, actions
    assert dict(rows)["Schools 2"][:7] == ["30.0", "0.0", "+30.0", "18.0", "6.0", "6", "6"]
    assert dict(rows)["Children, Families & Education 4"][:7] == ["100.0", "0.0", "+100.0", "60.0", "20.0", "20", "20"]


def test_tree_tells_each_directorate_apart(reader: Client) -> None:
    make_unit("Awards")
    make_unit("Roads", unit__directorate=DirectorateFactory(name="Environment"))

    assert [name for name, _ in rows_of(reader)] == [
        "Children, Families & Education 1",
        "In no division 1",
        "Awards",
        "Environment 1",
        "In no division 1",
        "Roads",
    ]


def test_division_of_a_service_plan_loaded_under_another_name_is_one(reader: Client) -> None:
    make_unit("Awards", division=DivisionFactory(name="Commissioning"))
    make_unit("Clusters", division=DivisionFactory(name="Commissioning (Specialist Services)"))
    AliasFactory(
        subject=AliasSubject.DIVISION,
        name="Commissioning (specialist services)",
        unit=None,
        stands_for="Commissioning",
    )

    assert [name for name, _ in rows_of(reader)][1:] == ["Commissioning 2", "Awards", "Clusters"]


def test_unit_with_lines_but_no_place_in_the_year_is_in_the_tree_and_its_sum(reader: Client) -> None:
    make_unit("Awards", 2)
    BudgetLineFactory(unit__name="Stray", employee=5, running=None)

    rows = dict(rows_of(reader))

    assert "Stray" in rows
    assert rows["Children, Families & Education 2"][0] == "15.0"


def test_tree_says_which_plans_are_loaded_in_which_state_and_which_are_not(reader: Client) -> None:
    unit = UnitYearFactory(unit__name="Awards", division=DivisionFactory(name="Schools")).unit
    UnitYearFactory(unit__name="Roads")
    put_into(PlanFactory(name="Schools", units=[unit]), PlanState.ADOPTED)
    PlanFactory(directorate_level=True)

    rows = dict(rows_of(reader))

    assert "Children, Families & Education 2 directorate plan, draft" in rows
    assert "Schools 1 service plan Schools, adopted" in rows
    assert rows["Awards"][5:7] == ["none", "none"]
    assert rows["Roads"][5] == "service plan not loaded"


def test_tree_shows_where_breaks_sit(reader: Client) -> None:
    unit = make_unit("Awards", 2)
    plan = unit.budget_lines.first().plan
    ControlTotalFactory(plan=plan, unit=unit, gross=Decimal("900.0"), controllable=None)

    html = reader.get("/units/").content.decode()

    assert re.search(r'href="/checks/2009-10/\?outcome=break&amp;unit=awards">\d+ breaks?</a>', html)
    assert re.search(r'href="/checks/2009-10/\?outcome=break">\d+ breaks? inside</a>', html)


def test_divisions_of_ones_own_units_are_open(client: Client, unit_manager: User) -> None:
    own = unit_manager.grants.get().unit
    UnitYearFactory(unit=own, division=DivisionFactory(name="Mine"))
    loaded = UnitYearFactory(division=DivisionFactory(name="Loaded")).unit
    PlanFactory(units=[loaded])
    client.force_login(unit_manager)

    def opened(query: dict[str, str] | None = None) -> list[str]:
        return re.findall(r"<details open><summary>(\w+)", client.get("/units/", query).content.decode())

    assert opened() == ["Mine"]
    assert opened({"open": "all"}) == ["Loaded", "Mine"]


def test_divisions_with_a_service_plan_are_open_for_those_without_units_of_their_own(reader: Client) -> None:
    loaded = UnitYearFactory(division=DivisionFactory(name="Loaded")).unit
    UnitYearFactory(division=DivisionFactory(name="Other"))
    PlanFactory(units=[loaded])

    assert re.findall(r"<details open><summary>(\w+)", reader.get("/units/").content.decode()) == ["Loaded"]


def test_filter_that_a_script_clears_gives_the_tree_back(reader: Client) -> None:
    make_unit("Awards")

    part = reader.get("/units/", {"year": "2009-10", "text": "", "portfolio": ""}, headers={"HX-Request": "true"})

    assert part.content.decode().lstrip().startswith('<div id="list">')
    assert "kp-tree" in part.content.decode()


def test_tree_escapes_names(reader: Client) -> None:
    make_unit("<b>Awards")

    assert "&lt;b&gt;Awards" in reader.get("/units/").content.decode()


def test_tree_of_the_published_plans_adds_up(client: Client, published: None, poc_member: User) -> None:
    client.force_login(poc_member)

    rows = rows_of(client)

    # The sums of the lines as they stand; the plan's own rounded totals are 210,118.6 and 1,356,522.1.
    assert rows[0] == (
        "Children, Families and Education 53 directorate plan, draft",
        ["210,118.8", "192,983.9", "+17,134.9", "1,356,522.4", "24,098.5", "43", "99", rows[0][1][7], "LR, MD"],
    )
    assert [name for name, _ in rows if re.search(r" \d+( |$)", name)] == [
        "Children, Families and Education 53 directorate plan, draft",
        "Children's Social Services 11",
        "Commissioning 7 service plan Commissioning, draft",
        "Finance and Corporate Services 5",
        "Operations 4",
        "Resources 10",
        "Standards & Achievement 5",
        "Strategy, Policy & Performance 7",
        "In no division 4",
    ]


def test_tree_makes_as_many_queries_for_fifty_times_the_units_as_for_one(reader: Client) -> None:
    numbers = []
    for many in (1, 49):
        for number in range(many):
            unit = make_unit(f"Unit {many} {number}", 1, division=DivisionFactory())
            ControlTotalFactory(plan=unit.budget_lines.first().plan, unit=unit)
        with CaptureQueriesContext(connection) as queries:
            assert reader.get("/units/").status_code == 200
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 12

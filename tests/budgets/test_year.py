"""The year by portfolio, and the change and the marks in a unit's table."""

import html
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from budgets.models import BudgetLine, Origin, TotalSubject
from budgets.reporting import FIGURES, unit_budget, year_budget
from people.models import User
from plans.models import FinancialYear, Unit
from tests.factories import (
    BudgetLineFactory,
    ControlTotalFactory,
    PlanFactory,
    PortfolioFactory,
    ProvenanceFactory,
    UnitFactory,
    UnitYearFactory,
)

LIST = "/budgets/2009-10/"


@pytest.fixture
def reader(client: Client, poc_member: User) -> Client:
    client.force_login(poc_member)
    return client


def page(client: Client, path: str = LIST) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def rows_of(shown: str, label: str) -> list[list[str]]:
    """The cells of the rows with that label, without their markup; a figure's small print after it."""
    found = re.findall(r'<th class="first" scope="row">(.*?)</th>(.*?)</tr>', shown, re.DOTALL)
    plain = [(re.sub(r"<[^>]*>", "", head).strip(), re.findall(r"<td[^>]*>(.*?)</td>", cells)) for head, cells in found]
    return [[re.sub(r"<[^>]*>", " ", cell).strip() for cell in cells] for head, cells in plain if head == label]


# The published plans


@pytest.mark.usefixtures("published")
def test_year_is_the_sum_of_its_lines_beside_the_printed_totals() -> None:
    budget = year_budget(FinancialYear.objects.get())

    assert (len(budget.portfolios), budget.units) == (2, 53)
    assert budget.figures == {
        name: sum(getattr(line, name) or 0 for line in BudgetLine.objects.all()) for name in FIGURES
    }
    assert budget.control is not None
    printed = {cell.name: cell.printed for cell in budget.control.cells}
    assert [printed[name] for name in ("prior_controllable", "fte", "gross", "controllable")] == [
        Decimal("192983.9"),
        Decimal("24098.5"),
        Decimal("1356522.1"),
        Decimal("210118.6"),
    ]
    assert {cell.name: cell.difference for cell in budget.control.differences} == {
        "employee": Decimal("-0.2"),
        "running": Decimal("-0.1"),
        "gross": Decimal("-0.3"),
        "internal_income": Decimal("0.1"),
        "controllable": Decimal("-0.2"),
    }


@pytest.mark.usefixtures("published")
def test_year_page_says_what_the_year_costs_and_what_each_portfolio_does(reader: Client) -> None:
    shown = page(reader)

    lede = re.sub(r"<[^>]*>", "", shown[shown.index('"kp-lede"') :].split("</p>")[0])
    assert "£210.1m, is controllable: £17.1m or 8.9% more than in 2008/09" in lede
    [education] = rows_of(shown, "Children, Families and Educational Achievement (LR)")
    assert education[0] == "132,089.3" and education[-3:] == ["136,651.6", "+4,562.3", "+3.5%"]
    controls = rows_of(shown, "Controllable Totals as printed")
    assert [row[9] for row in controls] == ["136,651.5 −0.1", "73,467.1 −0.1"]
    assert [row[9] for row in rows_of(shown, "Total cost of the portfolio")] == ["140,935.2 −0.1", "70,545.5 −0.1"]
    assert rows_of(shown, "Total cost of the portfolio")[0][8].startswith("lost in print")
    assert rows_of(shown, "Attendance and Behaviour Service 9 lines")
    assert rows_of(shown, "Asylum row")


@pytest.mark.usefixtures("published")
def test_repaired_figure_carries_a_mark_that_leads_to_how_it_was_printed(reader: Client) -> None:
    shown = page(reader, "/budgets/2009-10/contingency-ors/")

    line = BudgetLine.objects.get(activity="Contingency ORS")
    [mark] = re.findall(rf'<a class="kp-mark" href="(/printed/{line.provenance_id}/[^"]*)"', shown)
    assert mark.endswith("?figure=controllable")
    assert page(reader, mark)


# Its parts


def test_units_stand_in_the_portfolio_of_the_year(reader: Client) -> None:
    plan = PlanFactory()
    portfolio, other = PortfolioFactory(name="Schools"), PortfolioFactory(name="Roads")
    unit = UnitFactory()
    UnitYearFactory(unit=unit, year=plan.year, portfolio=portfolio, cabinet_member="LR")
    UnitYearFactory(unit=unit, year__start=2008, portfolio=other)
    BudgetLineFactory.create_batch(2, plan=plan, unit=unit)
    outside = BudgetLineFactory(plan=plan)

    schools, rest = year_budget(plan.year).portfolios

    assert (schools.name, schools.members, [row.name for row in schools.units]) == ("Schools", ("LR",), [unit.name])
    assert (schools.sums.now, schools.units[0].made_of) == (Decimal("2528.8"), "2 lines")
    assert (rest.pk, [row.name for row in rest.units]) == (None, [outside.unit.name])
    assert "Units in no portfolio" in page(reader)


@pytest.mark.django_db
def test_rows_and_lines_are_told_apart() -> None:
    plan = PlanFactory()
    row = BudgetLineFactory(plan=plan, origin=Origin.PORTFOLIO)
    mixed = BudgetLineFactory(plan=plan, origin=Origin.PORTFOLIO, unit__name="Zoo")
    BudgetLineFactory(plan=plan, unit=mixed.unit, origin=Origin.ENTERED)

    [portfolio] = year_budget(plan.year).portfolios

    assert [unit.made_of for unit in portfolio.units] == ["row", "row, 1 line"]
    assert (portfolio.with_own_lines, portfolio.rest) == (1, 1)
    assert row.unit.name == portfolio.units[0].name


def test_sum_follows_an_edit_and_the_printed_total_does_not(reader: Client) -> None:
    plan = PlanFactory()
    portfolio = PortfolioFactory()
    line = BudgetLineFactory(plan=plan, employee=Decimal(2000))
    UnitYearFactory(unit=line.unit, year=plan.year, portfolio=portfolio)
    ControlTotalFactory(plan=plan, unit=None, portfolio=portfolio, controllable=Decimal("1264.4"))

    [found] = year_budget(plan.year).portfolios

    assert found.sums.now == Decimal("2111.7")
    assert {cell.name: cell.difference for cell in found.differences}["controllable"] == Decimal("-847.3")


def test_blank_figures_of_a_unit_stay_blank_in_its_sum(reader: Client) -> None:
    line = BudgetLineFactory()

    [[*cells]] = rows_of(page(reader), f"{line.unit.name} 1 line")

    assert cells[5] == ""


def test_year_without_lines_says_so(reader: Client) -> None:
    UnitYearFactory()

    assert "No budget line is loaded for 2009/10" in page(reader)


@pytest.mark.parametrize("query", ["?text=x", "?sort=gross", "?page=1", "?unit="])
def test_whoever_filters_or_sorts_finds_the_list_at_once(reader: Client, query: str) -> None:
    BudgetLineFactory()

    assert "By portfolio" in page(reader)
    assert "By portfolio" not in page(reader, LIST + query)
    assert "The year by portfolio" in page(reader, LIST + query)


def test_part_for_a_script_asks_nothing_of_the_portfolios(reader: Client, django_assert_num_queries: Any) -> None:
    BudgetLineFactory()

    with django_assert_num_queries(6):  # session, user, roles, year, count, rows
        reader.get(LIST, headers={"HX-Request": "true"})


def test_pages_make_as_many_queries_at_fifty_times_the_data(
    reader: Client, finance_officer: User, django_assert_num_queries: Any
) -> None:
    reader.force_login(finance_officer)
    plan = PlanFactory()
    unit = UnitFactory(name="Clusters")
    UnitYearFactory(unit=unit, year=plan.year, portfolio=PortfolioFactory())
    for many in (1, 49):
        for _ in range(many):
            for of_unit in (unit, UnitFactory()):
                BudgetLineFactory(plan=plan, unit=of_unit, provenance=ProvenanceFactory(document__plan=plan))
            ControlTotalFactory(plan=plan, unit=None, portfolio=PortfolioFactory(), subject=TotalSubject.CONTROLLABLE)
        reader.get(LIST)
        with django_assert_num_queries(11):
            reader.get(LIST)  # … count, rows, units and portfolios to filter by, sums, totals, years
        with django_assert_num_queries(8):
            reader.get(f"{LIST}clusters/")  # … the unit with its place, lines, totals, plan, years
        with django_assert_num_queries(7):
            reader.get(f"{LIST}clusters/order/")


# A unit's table


def test_table_gives_the_change_of_each_line_and_of_the_total(reader: Client) -> None:
    unit = UnitFactory(name="Clusters")
    plan = PlanFactory()
    blank = dict.fromkeys(("running", "contracts", "external_income", "internal_income"))
    for activity, before, now in (("Grows", 200, 250), ("Begins", 0, 40), ("Ends", 60, 0), ("Blank", None, None)):
        BudgetLineFactory(plan=plan, unit=unit, activity=activity, prior_controllable=before, employee=now, **blank)

    shown = page(reader, f"{LIST}clusters/")

    changes = {name: rows_of(shown, name)[0][-2:] for name in ("Grows", "Begins", "Ends", "Blank", "Sum of the lines")}
    assert changes == {
        "Grows": ["+50.0", "+25.0%"],
        "Begins": ["+40.0", ""],
        "Ends": ["−60.0", "−100.0%"],
        "Blank": ["", ""],
        "Sum of the lines": ["+30.0", "+11.5%"],
    }
    assert "1 line ends: Ends (60.0 in 2008/09). 1 line begins: Begins (40.0)." in shown


def test_difference_of_a_total_is_said_in_words(reader: Client) -> None:
    line = BudgetLineFactory(unit__name="Clusters")
    ControlTotalFactory(plan=line.plan, unit=line.unit, controllable=Decimal("1264.5"), employee=Decimal("1152.7"))

    shown = re.sub(r"\s+", " ", page(reader, f"{LIST}clusters/"))

    assert "controllable expenditure 1,264.5, the lines add to 1,264.4 (+0.1)" in shown
    assert "prior year FTE is blank and the lines add to 19.4" in shown


def test_activity_cannot_be_markup(reader: Client) -> None:
    BudgetLineFactory(unit__name="Clusters", activity="<b>Bold</b> & more")

    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; more" in reader.get(f"{LIST}clusters/").content.decode()


@pytest.mark.django_db
def test_budget_knows_what_ends_and_begins() -> None:
    line = BudgetLineFactory()

    budget = unit_budget(Unit.objects.get(), line.year)

    assert (budget.ending, budget.beginning, budget.own_table) == ([], [], True)
    assert budget.change == Decimal("289.3")

"""Home: the plan of a year at a glance."""

import json
import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.models import Role, User
from plans.models import PlanState, Unit
from tests.factories import (
    BudgetLineFactory,
    DeliverableFactory,
    DivisionFactory,
    DocumentFactory,
    FigureFactory,
    FinancialYearFactory,
    GrantFactory,
    ListingFactory,
    PlanFactory,
    PortfolioFactory,
    ProvenanceFactory,
    StaffingLevelFactory,
    UnitFactory,
    UnitYearFactory,
    UserFactory,
)


@pytest.fixture(autouse=True)
def a_day_in_september(settings: Any) -> None:
    settings.TODAY = date(2009, 9, 21)


@pytest.fixture
def reader(client: Client, poc_member: User) -> Client:
    client.force_login(poc_member)
    return client


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split()).replace(" .", ".").replace(" ,", ",")


def shown(client: Client, query: dict[str, str] | None = None) -> str:
    answer = client.get("/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def section(html: str, title: str) -> str:
    """The section that is headed or labelled so; empty where there is none."""
    for found in re.findall(r"<section.*?</section>", html, re.DOTALL):
        if re.search(rf'aria-label="{title}"|<h2[^>]*>{title}</h2>', found):
            return str(found)
    return ""


def rows_of(html: str) -> list[list[str]]:
    """The text of each cell of each row of the body of the first table."""
    body = re.search(r"<tbody.*?</tbody>", html, re.DOTALL)
    rows = re.findall(r"<tr.*?</tr>", body[0] if body else "", re.DOTALL)
    return [[words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows]


def attention(client: Client) -> dict[str, list[str]]:
    """Each line under Needs attention: its number and words, with the addresses that it links to."""
    lines = re.findall(r"<li[^>]*>(<b>.*?)</li>", section(shown(client), "Needs attention"), re.DOTALL)
    return {
        words(line.split("<p>")[0]): [unescape(url) for url in re.findall(r'href="([^"]*)"', line)] for line in lines
    }


# What there is to say


@pytest.mark.parametrize(("persona", "told"), [("plan_administrator", "load_plan"), ("poc_member", "administrator")])
def test_portal_without_a_plan_says_what_comes(
    client: Client, persona: str, told: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(persona))

    page = shown(client)

    assert "No plan is loaded yet." in page
    assert told in page


def test_year_without_a_plan_says_so(reader: Client) -> None:
    FinancialYearFactory(start=2010)

    assert "No plan is loaded yet for 2010/11." in shown(reader, {"year": "2010-11"})


@pytest.mark.parametrize("year", ["2010-11", "2009-11", "x", "\x00"])
def test_year_that_there_is_not_is_not_found(reader: Client, year: str) -> None:
    PlanFactory()

    assert reader.get("/", {"year": year}).status_code == 404


def test_plans_are_named_with_their_states(reader: Client) -> None:
    PlanFactory(directorate_level=True, state=PlanState.ADOPTED)
    PlanFactory(name="Commissioning")
    UnitYearFactory()

    assert "Children, Families & Education · directorate plan, adopted · service plan Commissioning, draft" in words(
        shown(reader)
    )


# What it costs


def cost(unit: Unit, employee: int, income: int = 0, prior: int | None = 100, **more: Any) -> None:
    BudgetLineFactory(
        unit=unit,
        employee=Decimal(employee),
        running=None,
        external_income=Decimal(-income),
        prior_controllable=prior if prior is None else Decimal(prior),
        **more,
    )


def sentence(client: Client) -> str:
    found = re.search(r'<p class="kp-lede.*?</p>', shown(client), re.DOTALL)
    assert found
    return words(found[0])


def test_sentence_says_what_the_plan_costs_and_how_that_has_changed(reader: Client) -> None:
    cost(UnitYearFactory().unit, 5000, 1000, 3500)

    assert sentence(reader) == (
        "The directorate plans to spend £5.0m. Income pays for £1.0m of it. The rest, £4.0m, is controllable: "
        "£500,000 or 14.3% more than in 2008/09."
    )


@pytest.mark.parametrize(
    ("prior", "end"),
    [
        (None, "is controllable."),
        (4000, "controllable: the same as in 2008/09."),
        (5000, "20.0% less than in 2008/09."),
    ],
)
def test_sentence_says_no_more_than_is_known_of_last_year(reader: Client, prior: int | None, end: str) -> None:
    cost(UnitYearFactory().unit, 5000, 1000, prior)

    assert sentence(reader).endswith(end)


def test_sentence_of_a_plan_without_budget_lines_says_so(reader: Client) -> None:
    PlanFactory()

    assert sentence(reader) == "No budget line is loaded for 2009/10."


def test_portfolios_add_up_to_their_directorate(reader: Client) -> None:
    plan = PlanFactory()
    first = PortfolioFactory(name="Achievement")
    for name, portfolio, employee in (("Awards", first, 300), ("Clusters", first, 200), ("Roads", None, 250)):
        unit = UnitYearFactory(unit__name=name, portfolio=portfolio, cabinet_member="LR" if portfolio else "").unit
        cost(unit, employee, plan=plan)

    rows = rows_of(section(shown(reader), "Cost by portfolio"))

    # last year's controllable, this year's, change, %, gross, FTE and last year's
    assert rows == [
        ["Achievement (LR)", "200.0", "500.0", "+300.0", "+150.0%", "500.0", "80.6 38.8"],
        ["In no portfolio", "100.0", "250.0", "+150.0", "+150.0%", "250.0", "40.3 19.4"],
        ["Children, Families & Education", "300.0", "750.0", "+450.0", "+150.0%", "750.0", "120.9 58.2"],
    ]


def test_lines_of_a_service_plan_stand_in_for_the_portfolio_row(
    client: Client, published: None, poc_member: User
) -> None:
    client.force_login(poc_member)

    page = shown(client)

    assert sentence(client) == (
        "The directorate plans to spend £1,356.5m. Income pays for £1,146.4m of it. The rest, £210.1m, is "
        "controllable: £17.1m or 8.9% more than in 2008/09."
    )
    # The sums of the lines as they stand; the plan's own rounded totals are 210,118.6 and 1,356,522.1.
    assert rows_of(section(page, "Cost by portfolio"))[-1] == [
        "Children, Families and Education",
        "192,983.9",
        "210,118.8",
        "+17,134.9",
        "+8.9%",
        "1,356,522.4",
        "24,098.5 23,656.5",
    ]


def test_picture_has_its_figures_in_the_same_table(reader: Client) -> None:
    cost(UnitYearFactory(unit__name="Awards").unit, 300, 100)
    cost(UnitYearFactory(unit__name="Clusters").unit, 200)

    picture = section(shown(reader), "Where the money goes")

    assert len(re.findall(r'<svg class="(kp-whole__strip|kp-bar)"', picture)) == 2
    # The one that is most of all is in the strip; the other has the table.
    assert "Awards 300.0 · 60%" in words(picture)
    assert rows_of(picture) == [["Clusters", "", "200.0", "200.0"], ["1 other unit", "", "200.0", "200.0"]]


# What needs attention


def test_nothing_that_needs_attention_is_said_in_a_sentence(reader: Client) -> None:
    PlanFactory()

    assert attention(reader) == {}
    assert "Nothing: every check ties" in section(shown(reader), "Needs attention")


def test_checks_that_break_lead_to_the_list_of_breaks(reader: Client) -> None:
    plan = PlanFactory()
    unit = UnitYearFactory().unit
    for band, fte in (("Pt13 and above", 5), ("TOTAL", 9)):
        StaffingLevelFactory(plan=plan, unit=unit, band=band, fte=Decimal(fte))

    lines = attention(reader)

    assert lines == {"1 check breaks": ["/checks/2009-10/?outcome=break"]}
    assert f"{unit.name} +4.0 FTE." in words(section(shown(reader), "Needs attention"))


@pytest.mark.parametrize(("persona", "link"), [("auditor", ["/doubts/"]), ("poc_member", [])])
def test_doubts_are_counted_for_all_and_linked_for_those_who_may_read_them(
    client: Client, persona: str, link: list[str], request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(persona))
    DocumentFactory(report={"doubts": [{"says": "The digits are lost.", "lines": [289], "column": "gross"}]})

    assert attention(client) == {"1 open doubt": link}


def test_labels_that_rest_on_a_declared_correction_are_counted_once_and_lead_to_their_table(reader: Client) -> None:
    document = DocumentFactory()
    repairs = [{"rule": "declared correction", "column": "activity"}, {"rule": "minus on another line"}]
    for kind in ("budget", "control_totals"):  # one printed label, read into two rows
        ProvenanceFactory(document=document, kind=kind, table=2, lines=[301], repairs=repairs)
    ProvenanceFactory(document=document, table=2, lines=[302], repairs=repairs)
    ProvenanceFactory(document=document, table=2, lines=[303], repairs=repairs[1:])

    assert attention(reader) == {
        "2 printed labels rest on a declared correction": [f"/documents/{document.pk}/tables/2/"]
    }


def test_figures_still_to_be_given_lead_to_their_lists(reader: Client) -> None:
    plan = PlanFactory()
    listing = ListingFactory(plan=plan, unit=UnitFactory(name="Clusters"))
    FigureFactory(listing=listing, awaited=True)
    FigureFactory(listing=listing, awaited=True, period="2008/09")
    FigureFactory(listing__plan=plan, listing__unit=None, status="to follow", value=None)
    FigureFactory(listing=listing, period="2007/08")

    lines = attention(reader)

    assert lines == {
        "2 figures awaited": [
            "/indicators/2009-10/?status=awaited",
            "/indicators/2009-10/?status=awaited&unit=clusters",
        ],
        "1 figure to follow": ["/indicators/2009-10/?status=to+follow"],
    }
    for [url, *_], number in zip(lines.values(), (2, 1), strict=True):
        assert len(json.loads(reader.get(f"{url}&_export=json").content)) == number


def test_dates_before_the_plan_year_lead_to_the_list_of_their_month(reader: Client) -> None:
    due(2, "2009-03-31")

    assert attention(reader) == {"2 dates are before the plan’s year": ["/projects/2009-10/?due=2009-03"]}


def test_attention_of_the_published_plans(client: Client, published: None, poc_member: User) -> None:
    client.force_login(poc_member)

    lines = attention(client)

    assert list(lines) == [
        "12 checks break",
        "8 of them are figures printed with two values",
        "1 open doubt",
        "13 printed labels rest on a declared correction",
        "13 figures awaited",
        "56 figures to follow",
        "1 date is before the plan’s year",
    ]
    for urls in lines.values():
        for url in urls:
            assert client.get(url).status_code == 200, url


# What is due


def due(number: int, day: str, *, text: str = "Survey", unit: Unit | None = None, start: int = 2009) -> None:
    year = FinancialYearFactory(start=start)
    for _ in range(number):
        action = {"action__plan__year": year, "action__unit": unit or UnitFactory()}
        DeliverableFactory(text=text, due_start=day, due_end=day, due_precision="day", **action)


def test_what_is_due_to_the_end_of_the_half_year_leads_to_its_month(reader: Client) -> None:
    due(1, "2009-09-20", text="Fell due")
    due(1, "2009-09-21", text="Today")
    due(6, "2009-09-30", text="Last day")
    due(1, "2009-10-01", text="Next half")

    soon = section(shown(reader), "Due by 30 September")

    assert re.findall(r">([^<]*)</a><small>", soon) == ["Today", *["Last day"] * 4]
    assert '<a class="govuk-link" href="/projects/2009-10/?due=2009-09">All 7 due in September 2009</a>' in soon
    assert "1 deliverable was due earlier in the half year" in words(soon)


def test_what_is_due_in_several_months_leads_to_each(reader: Client, settings: Any) -> None:
    settings.TODAY = date(2009, 8, 1)
    due(1, "2009-08-31")
    due(2, "2009-09-30")

    assert "All 3: August 2009, September 2009" in words(section(shown(reader), "Due by 30 September"))


def test_what_is_due_in_ones_own_units_comes_first(client: Client, unit_manager: User) -> None:
    own = UnitYearFactory(unit=unit_manager.grants.get().unit).unit
    due(6, "2009-09-22", text="Others’")
    due(1, "2009-09-30", text="Mine", unit=own)
    client.force_login(unit_manager)

    assert re.findall(r">([^<]*)</a><small>", section(shown(client), "Due by 30 September"))[0] == "Mine"


@pytest.mark.parametrize(("start", "day"), [(2008, "2009-03-31"), (2010, "2010-09-30")])
def test_year_that_is_not_todays_says_nothing_of_what_is_due_soon(reader: Client, start: int, day: str) -> None:
    due(1, day, start=start)

    page = shown(reader, {"year": f"{start}-{start - 1999:02}"})

    assert "Due by" not in words(section(page, "Due by.*?"))
    assert "Deliverables by month due" in page


def test_months_have_a_picture_with_its_table_of_links(reader: Client) -> None:
    due(2, "2009-09-30")
    due(1, "2010-03-31")
    due(1, "2010-09-30")

    months = section(shown(reader), "Deliverables by month due")

    assert 'href="/projects/2009-10/?due=2009-09">2</a>' in months
    assert 'href="/projects/2009-10/?due=2010-03">1</a>' in months
    assert "1 after it" in words(months)
    assert months.count("<rect") == 2


# Your units


def test_unit_manager_sees_own_units_before_what_the_whole_costs(client: Client, unit_manager: User) -> None:
    own = unit_manager.grants.get().unit
    cost(UnitYearFactory(unit=own).unit, 150)
    PlanFactory(units=[UnitYearFactory().unit])
    client.force_login(unit_manager)

    page = shown(client)

    assert [cells[:5] for cells in rows_of(section(page, "Your unit"))] == [
        [own.name, "100.0", "150.0", "+50.0", "+50.0%"]
    ]
    assert page.index("Your unit") < page.index("Cost by portfolio")


def test_finance_officer_with_a_named_portfolio_sees_its_units(client: Client, db: None) -> None:
    portfolio = PortfolioFactory()
    for name in ("Awards", "Clusters"):
        UnitYearFactory(unit__name=name, portfolio=portfolio)
    UnitYearFactory(unit__name="Roads")
    UnitYearFactory(unit__name="Once", portfolio=portfolio, year=FinancialYearFactory(start=2008))
    PlanFactory()
    officer = UserFactory()
    GrantFactory(user=officer, role=Role.FINANCE_OFFICER, portfolio=portfolio)
    client.force_login(officer)

    assert [cells[0] for cells in rows_of(section(shown(client), "Your units"))] == ["Awards", "Clusters", "2 units"]


def test_whoever_has_no_units_of_their_own_sees_those_with_a_service_plan(reader: Client) -> None:
    unit = UnitYearFactory(unit__name="Awards").unit
    UnitYearFactory(unit__name="Roads")
    plan = PlanFactory(units=[unit])
    listing = ListingFactory(plan=plan, unit=unit)
    FigureFactory(listing=listing, awaited=True)
    FigureFactory(listing=listing, awaited=True, period="2008/09")
    ListingFactory(plan=plan, unit=unit)
    for day in ("2009-04-01", "2009-10-01"):
        DeliverableFactory(action__plan=plan, action__unit=unit, due_start=day, due_end=day, due_precision="day")

    [cells] = rows_of(section(shown(reader), "Units with a service plan"))

    # measures: all, awaited; actions: all, due in the half year
    assert (cells[0], cells[-4:]) == ("Awards", ["2", "1", "2", "1"])


def test_home_without_a_unit_to_show_has_no_table_of_units(reader: Client) -> None:
    UnitYearFactory()
    PlanFactory(directorate_level=True)

    assert section(shown(reader), "Units with a service plan") == ""


# How much it takes


@pytest.mark.parametrize("persona", ["poc_member", "unit_manager", "plan_administrator"])
def test_home_makes_as_many_queries_for_fifty_times_the_plan_as_for_one(
    client: Client, persona: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(persona))
    document = DocumentFactory(report={"doubts": []})
    plan = document.plan
    numbers = []
    for many in (1, 49):
        for _ in range(many):
            unit = UnitYearFactory(portfolio=PortfolioFactory(), division=DivisionFactory()).unit
            BudgetLineFactory(plan=plan, unit=unit)
            FigureFactory(listing__plan=plan, listing__unit=unit, awaited=True)
            DeliverableFactory(action__plan=plan, action__unit=unit, march_2010=True)
            ProvenanceFactory(document=document, repairs=[{"rule": "declared correction"}])
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 12

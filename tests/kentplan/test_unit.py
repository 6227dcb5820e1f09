"""The page of one unit."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budgets.models import CoreService, Origin
from history.changes import change_set
from indicators.models import FigureKind, FigureStatus, ListingKind
from kentplan.unit.page import UnitPage, unit_page
from people.models import User
from plans.models import FinancialYear, Plan, Tier, Unit
from projects.models import Precision
from tests.factories import (
    AliasFactory,
    BudgetLineFactory,
    ConsultationFactory,
    ControlTotalFactory,
    CoreServiceFactory,
    DeliverableFactory,
    DivisionFactory,
    DocumentFactory,
    FigureFactory,
    FinancialYearFactory,
    GrantFactory,
    GroupFactory,
    IndicatorFactory,
    KeyActionFactory,
    LeadRoleFactory,
    ListingFactory,
    MTPItemFactory,
    OfficerFactory,
    PlanFactory,
    PortfolioFactory,
    ProvenanceFactory,
    StaffingLevelFactory,
    TargetFactory,
    UnitFactory,
    UnitYearFactory,
    put_into,
)

PAGE = "/units/2009-10/clusters/"
ATTENDANCE = "/units/2009-10/attendance-and-behaviour-service/"


@pytest.fixture
def reader(client: Client, poc_member: User) -> Client:
    client.force_login(poc_member)
    return client


@pytest.fixture
def clusters(db: None) -> Unit:
    return UnitFactory(name="Clusters")


@pytest.fixture
def plan(clusters: Unit) -> Plan:
    """The service plan that covers the unit."""
    made: Plan = PlanFactory(units=[clusters])
    return made


def page_of(unit: Unit) -> UnitPage:
    return unit_page(FinancialYear.objects.get(start=2009), unit.slug)


def words(client: Client, path: str = PAGE) -> str:
    """What the page says, without what it stresses."""
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(re.sub(r"</?b>", "", answer.content.decode()).split())


def section(client: Client, name: str, path: str = PAGE) -> str:
    """The HTML of one section of the page."""
    found = re.search(rf'<section class="kp-section" id="{name}".*?</section>', client.get(path).content.decode(), re.S)
    assert found, name
    return found[0]


# Where it stands, and what it costs


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


def test_unit_page_says_what_it_costs_in_a_sentence(reader: Client, published: None) -> None:
    assert (
        "£6.0m controllable, 45.4% less than in 2008/09, for 9 budget lines and 196.8 posts (FTE). "
        "Its plan sets 18 actions and 5 measures." in words(reader, ATTENDANCE)
    )


def test_unit_page_of_a_holding_account_says_that_it_nets_income(reader: Client, clusters: Unit) -> None:
    plan = PlanFactory(units=[clusters])
    line = BudgetLineFactory(
        plan=plan, unit=clusters, prior_controllable=Decimal(-5), employee=None, running=None, internal_income=Decimal(-10),
        provenance=ProvenanceFactory(document__plan=plan),
    )  # fmt: skip

    assert line.pk
    assert "Its income exceeds its cost by £10,000, 100.0% more than in 2008/09" in words(reader)


@pytest.mark.parametrize(
    ("before", "now", "says"),
    [("200", "100", "50.0% less"), ("100", "200", "100.0% more"), ("100", "100", "as much as"), ("-1", "1", ""), ("0", "1", "")],
)  # fmt: skip
def test_change_in_per_cent_is_said_only_where_it_says_something(
    clusters: Unit, before: str, now: str, says: str
) -> None:
    BudgetLineFactory(
        unit=clusters, prior_controllable=Decimal(before), employee=Decimal(now), running=None, internal_income=None
    )

    assert page_of(clusters).cost_change.startswith(says)
    assert bool(page_of(clusters).cost_change) is bool(says)


def test_unit_with_only_its_row_in_the_directorate_plan_is_told_in_full(reader: Client, published: None) -> None:
    shown = words(reader, PAGE)

    assert "£50.2m controllable, 199.1% more than in 2008/09, with 776.9 posts (FTE)." in shown
    assert "no service plan of this unit is loaded for 2009/10" in shown
    sections = re.findall(r'<section class="kp-section" id="(\w+)"', reader.get(PAGE).content.decode())
    assert sections == ["budget", "sources"]
    assert "<dt>Not loaded</dt><dd>A service plan of this unit" in shown
    assert 'aria-label="On this page"' not in reader.get(PAGE).content.decode()


def test_every_unit_of_the_published_plans_has_its_page(reader: Client, published: None) -> None:
    for unit in Unit.objects.all():
        assert reader.get(f"/units/2009-10/{unit.slug}/").status_code == 200, unit


def test_unit_page_shows_its_budget_with_totals(reader: Client, clusters: Unit) -> None:
    line = BudgetLineFactory(unit=clusters, activity="Prizes")
    ControlTotalFactory(plan=line.plan, unit=clusters, controllable=Decimal("1264.5"))

    shown = section(reader, "budget")

    assert f'href="{line.get_absolute_url()}">Prizes</a>' in shown
    assert "1,264.5" in shown


def test_unit_page_leaves_other_years_out(reader: Client, clusters: Unit) -> None:
    FinancialYearFactory(start=2009)
    later = PlanFactory(year__start=2010, units=[clusters])
    for make in (BudgetLineFactory, CoreServiceFactory):
        make(unit=clusters, plan=later, activity="Later line")
    ListingFactory(unit=clusters, plan=later, title="Later measure")
    KeyActionFactory(unit=clusters, plan=later, text="Later action")
    MTPItemFactory(plan=later, heading="Later: Clusters")
    StaffingLevelFactory(plan=later, unit=clusters, band="Later band")
    ConsultationFactory(plan=later, unit=clusters, name="Later survey")
    LeadRoleFactory(plan=later, text="Later role")

    shown = reader.get(PAGE).content.decode()

    assert "Later" not in shown
    assert "No budget line is loaded" in shown


@pytest.mark.parametrize("path", ["/units/2009-10/no-such-unit/", "/units/2010-11/clusters/", "/units/2009-10/%00/"])
def test_unit_or_year_that_there_is_not_is_no_page(reader: Client, clusters: Unit, path: str) -> None:
    FinancialYearFactory(start=2009)

    assert reader.get(path).status_code == 404


def test_navigation_of_the_page_counts_what_stands_in_each_section(reader: Client, published: None) -> None:
    shown = reader.get(ATTENDANCE).content.decode()
    nav = shown[shown.index('aria-label="On this page"') : shown.index("</nav>", shown.index("On this page"))]

    linked = dict(re.findall(r'<a href="#(\w+)">[^<]*(?:<span>(\d+)</span>)?', nav))
    assert linked == {
        "budget": "9", "provides": "", "change": "", "pressures": "1", "staffing": "", "measures": "5",
        "actions": "18", "consultations": "1", "targets": "15", "sources": "",
    }  # fmt: skip
    assert all(f'<section class="kp-section" id="{anchor}"' in shown for anchor in linked)


def test_key_figures_lead_to_the_checks_of_the_unit(reader: Client, published: None) -> None:
    shown = reader.get(ATTENDANCE).content.decode()

    assert re.search(
        r'<a class="govuk-link" href="/checks/2009-10/\?unit=attendance-and-behaviour-service">\d+ breaks?</a>', shown
    )


# What changed


def test_change_is_shown_by_line_with_the_largest_fall_first(reader: Client, clusters: Unit) -> None:
    plan = PlanFactory()
    for activity, before, now in (("Rises", 10, 30), ("Ends", 50, 0), ("Starts", 0, 20), ("Falls", 40, 30)):
        BudgetLineFactory(
            plan=plan, unit=clusters, activity=activity, prior_controllable=Decimal(before), employee=Decimal(now),
            running=None, internal_income=None, external_income=None,
        )  # fmt: skip

    shown = section(reader, "change")

    rows = [re.sub(r"<[^>]*>", " ", row).split() for row in re.findall(r"<tr.*?</tr>", shown, re.S)[1:]]
    assert rows == [
        ["Ends", "ends", "50.0", "0.0", "−50.0"],
        ["Falls", "40.0", "30.0", "−10.0"],
        ["Rises", "10.0", "30.0", "+20.0"],
        ["Starts", "new", "0.0", "20.0", "+20.0"],
        ["All", "4", "lines", "100.0", "80.0", "−20.0"],
    ]
    assert "Controllable cost falls by 20.0." in shown
    assert "Ending: Ends (−50.0)." in " ".join(shown.split())
    assert "New: Starts, at 20.0." in " ".join(shown.split())


def test_bars_of_the_change_start_at_nil_whatever_their_sign(clusters: Unit) -> None:
    plan = PlanFactory()
    for prior, now in ((100, 50), (-100, 0)):
        BudgetLineFactory(
            plan=plan, unit=clusters, prior_controllable=Decimal(prior), employee=Decimal(now), running=None,
            internal_income=None, external_income=None,
        )  # fmt: skip

    income, cost = page_of(clusters).change.lines[::-1]

    assert page_of(clusters).change.nil == "500"
    assert [(bar.start, bar.length) for bar in cost.bars] == [("500", "500"), ("500", "250")]
    assert [(bar.start, bar.length) for bar in income.bars] == [("0", "500"), ("500", "0")]


# What each line provides


@pytest.fixture
def service(clusters: Unit, plan: Plan) -> CoreService:
    line = BudgetLineFactory(plan=plan, unit=clusters, activity="Tuition")
    BudgetLineFactory(plan=plan, unit=clusters, activity="Meals")
    made: CoreService = CoreServiceFactory(
        plan=plan,
        unit=clusters,
        activity="Tuition at home",
        line=line,
        amount=Decimal(1264000),
        accountable_manager=OfficerFactory(name="Lindy Whitfield/ Eleanor Morgan"),
        provides="For 350+ pupils.\nIn 23 <places>.",
        provenance=ProvenanceFactory(document__plan=plan, lines=[649, 655]),
    )
    return made


def test_core_service_stands_beside_its_line(reader: Client, service: CoreService) -> None:
    shown = section(reader, "provides")

    tuition, meals = re.findall(r"<details.*?</details>", shown, re.S)
    assert "Tuition</span>" in tuition
    assert "Lindy Whitfield/ Eleanor Morgan" in tuition
    assert "printed as “Tuition at home”" in tuition
    assert "<p>For <b>350+</b> pupils.</p><p>In <b>23</b> &lt;places&gt;.</p>" in tuition
    assert "1,264.0; the line has 1,264.4" in tuition
    assert f'href="/printed/{service.provenance_id}/">As printed, lines 649 to 655</a>' in tuition
    assert "no core service printed" in meals


def test_core_service_without_a_line_is_shown_and_said_to_have_none(
    reader: Client, clusters: Unit, service: CoreService
) -> None:
    CoreServiceFactory(plan=service.plan, unit=clusters, activity="Advice")

    last = re.findall(r"<details.*?</details>", section(reader, "provides"), re.S)[-1]

    assert "Advice</span>" in last
    assert "no line" in last


def test_line_leads_to_the_actions_of_who_answers_for_it(reader: Client, clusters: Unit, service: CoreService) -> None:
    KeyActionFactory(plan=service.plan, unit=clusters)
    action = KeyActionFactory(plan=service.plan, unit=clusters)
    with change_set(by=None, why="", door="Test"):
        action.managers.set([OfficerFactory(name="Eleanor Morgan")])

    tuition = re.findall(r"<details.*?</details>", section(reader, "provides"), re.S)[0]

    assert re.findall(r'href="/projects/actions/(\d+)/">(\d+)</a>', tuition) == [(str(action.pk), "2")]


# Pressures and savings


def test_pressures_that_name_the_unit_are_its_own_and_the_others_are_folded(
    reader: Client, clusters: Unit, plan: Plan
) -> None:
    AliasFactory(unit=clusters, name="CLU")
    BudgetLineFactory(plan=plan, unit=clusters, activity="Home tuition")
    own = MTPItemFactory(
        plan=plan, heading="Home tuition in hospitals", amount=Decimal(200),
        provenance=ProvenanceFactory(document__plan=plan, lines=[144]),
    )  # fmt: skip
    MTPItemFactory(plan=plan, heading="Posts", explanation="Two posts of CLU end", amount=Decimal(-35))
    MTPItemFactory(plan=plan, heading="Transport", amount=Decimal(50))
    MTPItemFactory(plan=PlanFactory(), heading="Clusters of another plan")

    shown = section(reader, "pressures")
    before, fold = shown.split("<details")

    assert "The plan prints 3 items" in shown
    assert "a match of words, not a statement of the plan" in before
    assert re.findall(r'<td class="num" role="cell">([^<]*)</td>', before) == ["+200.0", "−35.0", "+165.0"]
    assert "its activity, “Home tuition”" in before
    assert "the unit, “CLU”" in before
    assert f'href="/printed/{own.provenance_id}/">line 144</a>' in before
    assert "Transport" in fold
    assert "1 other item, +50.0 in all" in fold


def test_pressures_of_the_published_plan_fall_to_whom_they_name(published: None) -> None:
    found = {
        unit.slug: [item.heading for item in page_of(unit).pressures.own]
        for unit in Unit.objects.filter(plans__tier=Tier.SERVICE)
    }

    assert found == {
        "additional-educational-needs-and-resources": ["Partnership with parents"],
        "attendance-and-behaviour-service": ["Health needs education service"],
        "commissioning-general": [],
        "educational-psychology-service": ["Educational psychology entry training"],
        "joint-commissioning-unit": [
            "Joint commissioning officers",
            "Joint commissioning -Head of Service and PA",
            "Joint Commissioning Officer (JCO) and central admin support",
        ],
        "minority-communities-achievement-service": ["Full year effect of 2008/09 MCAS staff savings"],
        "specialist-teaching-service": [
            "Full year effect of 2008/09 MCAS staff savings",
            "STS Administrative Officer",
            "STS Mandatory qualifications for HI, VI and MSI",
        ],
    }


# Staffing


def test_staffing_is_shown_by_band_with_what_the_grades_add_up_to(reader: Client, clusters: Unit, plan: Plan) -> None:
    levels = (("Pt13", "5", "5"), ("Pt12", "276", "191.8"), ("TOTAL", "281.9", "196.8"), ("External", "21", None))
    for band, prior, now in levels:
        StaffingLevelFactory(
            plan=plan, unit=clusters, band=band, prior_fte=Decimal(prior), fte=now and Decimal(now),
            provenance=ProvenanceFactory(document__plan=plan),
        )  # fmt: skip

    shown = section(reader, "staffing")

    rows = [re.sub(r"<[^>]*>", " ", row).split() for row in re.findall(r"<tr.*?</tr>", shown, re.S)[1:]]
    assert rows == [
        ["Pt13", "5.0", "5.0", "0.0"],
        ["Pt12", "276.0", "191.8", "−84.2"],
        ["Total", "281.9", "196.8", "−85.1"],
        ["External", "21.0"],
        ["Grades", "added", "up", "281.0", "196.8", "−84.2"],
    ]
    assert shown.count("?figure=prior_fte") == 4


def test_staffing_says_which_of_its_checks_break(reader: Client, published: None) -> None:
    shown = " ".join(re.sub(r"<[^>]*>", " ", section(reader, "staffing", ATTENDANCE)).split())

    assert "printed 281.9, comes to 281.0, +0.9" in shown
    assert "break" in shown
    assert "ties" in shown


# Measures


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

    shown = section(reader, "measures")

    assert f'href="{listing.get_absolute_url()}">Absence</a>' in shown
    assert re.findall(r'<td class="num" role="cell" data-th="(.*?)">(.*?)</td>', shown) == [
        ("Actual 2007/08", "6.8%"),
        ("Estimate 2008/09", "Awaited"),
        ("Target", ""),
    ]
    assert "<small>decreasing</small>" in shown


def test_target_is_that_of_the_plans_year(clusters: Unit) -> None:
    listing = ListingFactory(unit=clusters)
    for period, value in (("2009/10", "6"), ("2010/11", "5")):
        FigureFactory(listing=listing, kind=FigureKind.TARGET, period=period, value=Decimal(value))

    [row] = page_of(clusters).measures.rows

    assert row.target
    assert (row.target.words, row.target.period) == ("6", "2009/10")


def test_awaited_actual_keeps_the_last_value_beside_it(reader: Client, clusters: Unit) -> None:
    listing = ListingFactory(unit=clusters)
    FigureFactory(listing=listing, kind=FigureKind.ACTUAL, period="2007/08", value=Decimal("48.2"))
    FigureFactory(listing=listing, kind=FigureKind.ACTUAL, period="2008/09", awaited=True)

    assert "Awaited<small>48.2 in 2007/08</small>" in section(reader, "measures")


def test_measure_without_figures_shows_what_is_printed_instead(reader: Client, clusters: Unit) -> None:
    FigureFactory(
        listing__unit=clusters,
        kind=FigureKind.ACTUAL,
        status=FigureStatus.AWAITED,
        value=None,
        note="Awaiting a survey",
    )

    shown = section(reader, "measures")

    assert "“Awaiting a survey”<small>Awaited</small>" in shown
    assert "<svg" not in shown


def test_measure_of_groups_only_shows_the_first_of_them(clusters: Unit) -> None:
    listing = ListingFactory(unit=clusters)
    for group in ("All pupils", "Irish", "Gypsy Roma"):
        FigureFactory(
            listing=listing, group=GroupFactory(name=group), kind=FigureKind.ACTUAL, value=Decimal(len(group))
        )

    [row] = page_of(clusters).measures.rows

    assert (row.group, row.more_groups) == ("All pupils", 2)
    assert row.actual
    assert row.actual.value == 10


def compare(unit: Unit, plan: Plan, *, kent: str, title: str = "Persistent absence") -> Any:
    other = ListingFactory(unit=unit, plan=plan, kind=ListingKind.COMPARISON, title=title)
    for area, value in (("Kent", kent), ("England", "6.4")):
        FigureFactory(listing=other, area=area, kind=FigureKind.ACTUAL, period="2007/08", value=Decimal(value))
    return other


@pytest.mark.parametrize(
    ("kent", "title", "tied"),
    [("6.8", "Persistent absence", True), ("6.9", "Persistent absence", False), ("6.8", "Exclusions", False)],
)
def test_comparison_is_tied_where_kents_figure_is_the_same_and_a_word_is_shared(
    clusters: Unit, plan: Plan, kent: str, title: str, *, tied: bool
) -> None:
    own = ListingFactory(unit=clusters, plan=plan, title="Secondary persistent absence rate")
    FigureFactory(listing=own, kind=FigureKind.ACTUAL, period="2007/08", value=Decimal("6.8"))
    compare(clusters, plan, kent=kent, title=title)

    shown = page_of(clusters).measures

    [row] = shown.rows
    assert (row.compared is not None) is tied
    assert len(shown.comparisons) == (0 if tied else 1)
    if row.compared:
        assert (row.compared.words, row.compared.area) == ("6.4", "England")


def test_comparison_that_might_be_of_two_measures_is_of_neither(clusters: Unit, plan: Plan) -> None:
    for title in ("Absence in primary schools", "Absence in secondary schools"):
        own = ListingFactory(unit=clusters, plan=plan, title=title)
        FigureFactory(listing=own, kind=FigureKind.ACTUAL, period="2007/08", value=Decimal("6.8"))
    compare(clusters, plan, kent="6.8")

    shown = page_of(clusters).measures

    assert [row.compared for row in shown.rows] == [None, None]
    assert len(shown.comparisons) == 1


def test_trend_says_in_words_what_it_draws(clusters: Unit) -> None:
    listing = ListingFactory(unit=clusters, indicator__measure_unit="percent")
    for kind, period, value in (
        (FigureKind.ACTUAL, "2007/08", "6.8"),
        (FigureKind.ESTIMATE, "2008/09", "6.0"),
        (FigureKind.TARGET, "2009/10", "6.0"),
    ):
        FigureFactory(listing=listing, kind=kind, period=period, value=Decimal(value))

    [row] = page_of(clusters).measures.rows

    assert row.direction == "decreasing, by the estimate"
    assert row.trend
    assert row.trend.says == "6.8% actual 2007/08, 6.0% estimate 2008/09, 6.0% target 2009/10"
    assert [dot.is_actual for dot in row.trend.dots] == [True, False]
    assert float(row.trend.dots[0].y) < float(row.trend.dots[1].y)  # downwards on the page is less
    assert row.trend.dots[1].y == row.trend.target


# Actions


def test_actions_stand_by_due_date_with_what_is_printed(reader: Client, clusters: Unit, settings: Any) -> None:
    settings.TODAY = date(2009, 9, 21)
    action = KeyActionFactory(unit=clusters, plan=PlanFactory(), text="Reduce bullying")
    with change_set(by=None, why="", door="Test"):
        action.managers.set([OfficerFactory(name="Peter Heckel")])
        action.targets.set([TargetFactory(scheme="T2010", code="12")])
    for text, start, end, precision, printed in (
        ("Survey", date(2010, 3, 1), date(2010, 3, 31), Precision.MONTH, "March 10"),
        ("Posters", date(2010, 3, 1), date(2010, 3, 31), Precision.MONTH, "March 10"),
        ("Training", date(2009, 3, 1), date(2009, 3, 31), Precision.MONTH, "Mar 2009"),
        ("Review", date(2009, 9, 1), date(2009, 9, 30), Precision.MONTH, "Sept 09"),
        ("Advice", None, None, Precision.ON_GOING, "All on- going"),
        ("Both", None, None, Precision.UNKNOWN, "April 2009 Sept 2009"),
        ("Nothing said", None, None, "", ""),
    ):
        DeliverableFactory(
            action=action, text=text, managers="Peter Heckel; James Barber", links="T2010 target 12",
            due_start=start, due_end=end, due_precision=precision, due_printed=printed,
        )  # fmt: skip

    shown = section(reader, "actions")
    table, fold = shown.split("<details")

    heads = re.findall(r'scope="rowgroup" role="rowheader">([^<]*) <span>([^<]*)</span>', table)
    assert [head for head, _ in heads][:3] == ["March 2009", "September 2009", "March 2010"]
    assert "before the plan’s year" in heads[0][1]
    assert "this month" in heads[1][1]
    assert heads[2][1] == "2 deliverables"
    assert "<ul><li>Survey</li><li>Posters</li></ul>" in table
    assert f'href="{action.get_absolute_url()}">Action 1</a>: Reduce bullying' in table
    assert "Peter Heckel, James Barber" in table
    assert '<a class="govuk-link" href="#targets">T2010 target 12</a>' in table
    assert "April 2009 Sept 2009" in table
    assert "Nothing said" in table
    assert "All on- going" in fold
    assert "Advice" not in table


def test_deliverable_without_managers_of_its_own_has_those_of_its_action(clusters: Unit) -> None:
    action = KeyActionFactory(unit=clusters)
    with change_set(by=None, why="", door="Test"):
        action.managers.set([OfficerFactory(name="Peter Heckel")])
    DeliverableFactory(action=action, managers="", march_2010=True)

    [group] = page_of(clusters).actions.dated

    assert group.rows[0].managers == "Peter Heckel"


def test_action_without_deliverables_is_not_lost(reader: Client, clusters: Unit) -> None:
    KeyActionFactory(unit=clusters, text="Only promised")

    assert "Only promised" in section(reader, "actions")


# Consultations, targets, sources


def test_consultation_is_shown_with_the_facts_that_are_printed(reader: Client, clusters: Unit, plan: Plan) -> None:
    asked = ConsultationFactory(
        plan=plan, unit=clusters, name="Survey of parents", dates="March 2009", purpose="How it feels",
        provenance=ProvenanceFactory(document__plan=plan, lines=[1132]),
    )  # fmt: skip

    shown = section(reader, "consultations")

    assert "Survey of parents" in shown
    assert "<dt>Asks</dt><dd>How it feels</dd><dt>When</dt><dd>March 2009</dd>" in shown
    assert "Statutory" not in shown
    assert f'href="/printed/{asked.provenance_id}/">Line 1132</a>' in shown


def test_targets_are_those_of_the_units_officers_and_of_its_actions(reader: Client, clusters: Unit, plan: Plan) -> None:
    by_action, by_none, linked = (
        TargetFactory(scheme="CYPP", code=code) for code in ("Action 1", "Action 2", "Action 3")
    )
    action = KeyActionFactory(plan=plan, unit=clusters)
    with change_set(by=None, why="", door="Test"):
        action.managers.set([OfficerFactory(name="Lindy Whitfield")])
        action.targets.set([by_action, linked])
    LeadRoleFactory(
        plan=plan,
        text="Support for A: attendance",
        role="support",
        officers_printed="Jo Berry, Lindy Whitfield Anne Parnell",
    )
    LeadRoleFactory(plan=plan, text="Lead for B: served", target=by_action, officers_printed="Somebody Else")
    LeadRoleFactory(
        plan=plan, text="Lead for C: of others", target=by_none, officers_printed="Lindy Whitfields, Jo Berry"
    )
    LeadRoleFactory(plan=PlanFactory(), text="Lead for D: of another plan", officers_printed="Lindy Whitfield")

    targets = page_of(clusters).targets

    assert [(role.role, role.text, role.own, role.actions) for role in targets.roles] == [
        ("Lead", "served", (), (1,)),
        ("Support", "attendance", ("Lindy Whitfield",), ()),
    ]
    assert [(served.target, served.by) for served in targets.served] == [("CYPP Action 3", "action 1")]
    assert "CYPP Action 3</b> by action 1" in section(reader, "targets")


def test_measure_serves_what_the_directorates_list_links_it_to(clusters: Unit, plan: Plan) -> None:
    indicator = IndicatorFactory(code="NI 87")
    ListingFactory(plan=plan, unit=clusters, indicator=indicator)
    listed = ListingFactory(plan__year=plan.year, unit=None, indicator=indicator, kind=ListingKind.LIST)
    with change_set(by=None, why="", door="Test"):
        listed.targets.set([TargetFactory(scheme="LAA", code="")])

    assert [(served.target, served.by) for served in page_of(clusters).targets.served] == [("LAA", "NI 87")]


def test_sources_name_the_documents_and_lead_to_where_each_table_begins(
    reader: Client, clusters: Unit, plan: Plan
) -> None:
    printed = ProvenanceFactory(document=DocumentFactory(plan=plan, name="service.txt"))
    DocumentFactory(plan=PlanFactory(directorate_level=True, year=plan.year, units=[clusters]), name="directorate.txt")
    BudgetLineFactory(plan=plan, unit=clusters, provenance=printed)
    BudgetLineFactory(plan=plan, unit=clusters, provenance=ProvenanceFactory(document=printed.document))

    shown = " ".join(section(reader, "sources").split())

    assert (
        "<dt>Service level plan</dt><dd>service.txt</dd><dt>Directorate level plan</dt><dd>directorate.txt</dd>"
        in shown
    )
    assert f'<dt>As printed</dt><dd><a class="govuk-link" href="/printed/{printed.pk}/">Budget lines</a></dd>' in shown
    assert (
        "No measures, no key actions, no core services, no consultations, no lead roles of this unit are loaded"
        in shown
    )


# Who may change what


def test_links_to_change_something_are_shown_to_those_who_may(
    client: Client, clusters: Unit, finance_officer: User, unit_manager: User, poc_member: User
) -> None:
    plan = PlanFactory(units=[clusters])
    GrantFactory(user=unit_manager, role="unit_manager", unit=clusters)
    line = BudgetLineFactory(plan=plan, unit=clusters, provenance=ProvenanceFactory(document__plan=plan))
    CoreServiceFactory(plan=plan, unit=clusters, line=line)
    figure = FigureFactory(listing__plan=plan, listing__unit=clusters, kind="actual")
    action = DeliverableFactory(action__plan=plan, action__unit=clusters).action
    links = {
        "line": f"/budgets/lines/{line.pk}/edit/",
        "figure": f"/indicators/measures/{figure.listing_id}/edit/",
        "action": f"/projects/actions/{action.pk}/edit/",
    }

    found = {}
    for user in (finance_officer, unit_manager, poc_member):
        client.force_login(user)
        shown = client.get(PAGE).content.decode()
        found[user.name] = [name for name, link in links.items() if f'href="{link}"' in shown]

    assert found == {"Frances Finance": ["line"], "Martha Manager": ["figure", "action"], "Mary Member": []}


def test_lines_of_an_adopted_plan_are_not_offered_for_change(
    client: Client, clusters: Unit, finance_officer: User
) -> None:
    plan = PlanFactory(units=[clusters])
    BudgetLineFactory(plan=plan, unit=clusters, provenance=ProvenanceFactory(document__plan=plan))
    put_into(plan, "adopted")
    client.force_login(finance_officer)

    shown = client.get(PAGE).content.decode()

    assert "Change these lines" not in shown
    assert "adopted plan" in shown


# What it costs to make


def fill(unit: Unit, plan: Plan, times: int) -> None:
    document = DocumentFactory(plan=plan)
    for number in range(times):
        printed = {"provenance": ProvenanceFactory(document=document)}
        line = BudgetLineFactory(plan=plan, unit=unit, origin=Origin.SERVICE, **printed)
        CoreServiceFactory(plan=plan, unit=unit, line=line, accountable_manager=OfficerFactory(), provides="600 pupils")
        ControlTotalFactory(plan=plan, unit=unit, label=f"Total {document.pk} {number}")
        StaffingLevelFactory(plan=plan, unit=unit)
        MTPItemFactory(plan=plan, heading=f"{unit.name} {number}")
        FigureFactory(listing__plan=plan, listing__unit=unit, kind=FigureKind.ACTUAL)
        compare(unit, plan, kent="6.8")
        action = DeliverableFactory(action__plan=plan, action__unit=unit, march_2010=True).action
        with change_set(by=None, why="", door="Test"):
            action.managers.set([OfficerFactory()])
            action.targets.set([TargetFactory()])
        ConsultationFactory(plan=plan, unit=unit)
        LeadRoleFactory(plan=plan, target=action.targets.get())


def test_unit_page_makes_at_most_20_queries_at_1_and_50_times_the_data(
    reader: Client, clusters: Unit, plan: Plan
) -> None:
    UnitYearFactory(unit=clusters, year=plan.year)
    made = []
    for times in (1, 49):
        fill(clusters, plan, times)
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(PAGE).status_code == 200
        made.append(len(queries))

    assert made[0] == made[1] <= 20

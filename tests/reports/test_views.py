"""The live six-monthly page: what falls due in a half year and in the next, and measures against target."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from history.changes import change_set
from people.models import User
from plans.models import LeadKind, Plan, Unit
from projects.models import Deliverable, KeyAction
from tests.factories import (
    DeliverableFactory,
    FigureFactory,
    FinancialYearFactory,
    GroupFactory,
    KeyActionFactory,
    LeadRoleFactory,
    ListingFactory,
    PlanFactory,
    TargetFactory,
    UnitYearFactory,
)

PROGRESS = "/reports/"


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.TODAY = date(2009, 9, 21)


@pytest.fixture
def member(client: Client, poc_member: User) -> Client:
    client.force_login(poc_member)
    return client


@pytest.fixture
def plan(db: None) -> Plan:
    return PlanFactory(name="Commissioning", year=FinancialYearFactory(start=2009))


@pytest.fixture
def unit(plan: Plan) -> Unit:
    place = UnitYearFactory(year=plan.year, unit__name="Attendance", unit__slug="attendance")
    return place.unit


@pytest.fixture
def action(plan: Plan, unit: Unit) -> KeyAction:
    return KeyActionFactory(plan=plan, unit=unit, text="Reduce persistent absence")


def due(action: KeyAction, text: str, end: str | None, *, start: str = "", precision: str = "month") -> Deliverable:
    """A deliverable of the month of `end`, or of another span that `start` begins."""
    made: Deliverable = DeliverableFactory(
        action=action,
        text=text,
        due_start=(start or f"{end[:8]}01") if end else None,
        due_end=end,
        due_precision=precision,
    )
    return made


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def text_of(client: Client, **query: str) -> str:
    return words(client.get(PROGRESS, query).content.decode())


def section(client: Client, name: str, **query: str) -> str:
    """The words of the section of that id."""
    page = client.get(PROGRESS, query).content.decode()
    found = re.search(rf'<section class="kp-section" id="{name}".*?</section>', page, re.DOTALL)
    assert found
    return words(found[0])


# Which half year


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2009-03-31", "April to September 2009"),  # before there is any plan
        ("2009-04-01", "April to September 2009"),
        ("2009-09-30", "April to September 2009"),
        ("2009-10-01", "October 2009 to March 2010"),
        ("2012-07-01", "October 2009 to March 2010"),  # after the last that has one
    ],
)
def test_page_is_about_the_half_year_of_today(
    day: str, shown: str, member: Client, action: KeyAction, settings: Any
) -> None:
    settings.TODAY = date.fromisoformat(day)

    assert f'<h1 class="kp-h1">Progress, {shown}</h1>' in member.get(PROGRESS).content.decode()


def test_page_leads_to_each_half_year_that_has_plans(member: Client, action: KeyAction) -> None:
    FinancialYearFactory(start=2011)  # a year without a plan

    page = member.get(PROGRESS, {"period": "2009-10-2"}).content.decode()

    assert re.findall(r'href="\?period=([^"&]*)"( aria-current="page")?', page) == [
        ("2009-10-1", ""),
        ("2009-10-2", ' aria-current="page"'),
    ]
    assert "Progress, October 2009 to March 2010" in page


@pytest.mark.parametrize("period", ["2009-10-3", "2009-11-1", "2010-11-1", "x", "\0", "2009-10-1 ", "９"])
def test_half_year_that_there_is_not_is_not_found(period: str, member: Client, action: KeyAction) -> None:
    assert member.get(PROGRESS, {"period": period}).status_code == 404


def test_page_without_a_plan_says_what_will_stand_there(member: Client) -> None:
    FinancialYearFactory()

    shown = text_of(member)

    assert "No plan is loaded yet" in shown and "A plan administrator loads plans." in shown


# What falls due


def test_sentence_counts_what_falls_due_now_and_next(member: Client, action: KeyAction) -> None:
    due(action, "Cases processed", "2009-04-30")
    due(action, "Schools visited", "2009-09-30")
    due(action, "Projects in place", "2010-03-31")
    FigureFactory(listing__plan=action.plan, awaited=True, kind="actual")

    shown = text_of(member)

    assert "By 30 September 2009, 2 deliverables of 1 action fall due, 1 of them before today" in shown
    assert "1 more falls due by 31 March 2010. 1 of 1 measure awaits its figure." in shown


def test_half_year_that_is_over_says_what_fell_due(member: Client, action: KeyAction, settings: Any) -> None:
    settings.TODAY = date(2009, 11, 5)
    due(action, "Cases processed", "2009-04-30")

    shown = text_of(member, period="2009-10-1")

    assert "By 30 September 2009, 1 deliverable of 1 action fell due;" in shown
    assert "What fell due in this half year" in shown


@pytest.mark.parametrize(
    ("deliverable", "shown_in"),
    [
        ({"end": "2009-09-30"}, "due"),
        ({"end": "2009-09-30", "start": "2009-09-30", "precision": "day"}, "due"),
        ({"end": "2009-09-30", "start": "2009-03-01", "precision": "period"}, "due"),
        ({"end": "2009-09-30", "start": "2009-09-01", "precision": "on-going"}, "due"),
        ({"end": "2009-10-01", "start": "2009-10-01", "precision": "day"}, "next"),
        ({"end": "2010-03-31", "start": "2009-04-01", "precision": "period"}, "next"),
    ],
    ids=str,
)
def test_deliverable_is_due_on_its_last_day(
    deliverable: dict[str, str], shown_in: str, member: Client, action: KeyAction
) -> None:
    due(action, "Cases processed", **deliverable)

    assert "Cases processed" in section(member, shown_in)
    assert "Cases processed" not in section(member, {"due": "next", "next": "due"}[shown_in])


def test_what_is_due_stands_by_month_then_unit(member: Client, action: KeyAction, plan: Plan) -> None:
    other = KeyActionFactory(plan=plan, unit__name="absence unit")
    due(action, "First", "2009-09-30")
    due(other, "Second", "2009-09-30")
    due(action, "Third", "2009-06-30")

    shown = section(member, "due")

    order = ["June 2009 1 deliverable; due before today", "Third", "September 2009 2 deliverables; this month"]
    places = [shown.index(text) for text in [*order, "Second", "First"]]
    assert places == sorted(places)


def test_date_before_the_plans_year_is_told_apart(member: Client, action: KeyAction) -> None:
    due(action, "Too early", "2009-03-31")

    shown = section(member, "due")

    assert "Nothing that the plans date falls due" in shown
    assert "Printed with a date before the plan’s year" in shown
    assert "March 2009 1 deliverable; before the plan’s year" in shown
    assert "Too early" not in text_of(member, period="2009-10-2")


def test_second_half_year_goes_on_into_the_next_year(member: Client, action: KeyAction) -> None:
    due(action, "Late", "2010-09-30")
    due(action, "Later still", "2010-10-31")

    shown = section(member, "next", period="2009-10-2")

    assert "What falls due next, April to September 2010" in shown
    assert "September 2010 1 deliverable; after the plan’s year" in shown and "Later still" not in shown


def test_what_has_no_month_is_counted_and_shown_folded(member: Client, action: KeyAction) -> None:
    due(action, "Unpaired", None, precision="unknown")
    due(action, "Always", None, precision="on-going")
    due(action, "Whenever", None, precision="")

    shown = text_of(member)

    assert "On-going, without an end: 1 ; Dates that could not be read or paired: 1 ; No date printed: 1" in shown
    assert "Dates that could not be read or paired: 1 deliverable" in section(member, "next")


def test_page_claims_no_progress(member: Client, action: KeyAction) -> None:
    due(action, "Cases processed", "2009-04-30")

    shown = text_of(member).lower()

    assert not re.search(r"\b(done|late|overdue|complete|on track|off track)\b", shown)


# Measures


def measure(plan: Plan, *figures: tuple[str, str, str | None], unit: str = "percent", **more: Any) -> Any:
    """A measure with (period, kind, value) figures; a word for a value is a status."""
    listing = ListingFactory(plan=plan, indicator__measure_unit=unit)
    for position, (period, kind, value) in enumerate(figures):
        number = re.fullmatch(r"-?[\d.]+", value or "")
        FigureFactory(
            listing=listing,
            period=period,
            kind=kind,
            position=position,
            status="value" if number else value,
            value=Decimal(value) if number and value else None,
            printed=value,
            **more,
        )
    return listing


@pytest.mark.parametrize(
    ("figures", "unit", "says"),
    [
        ([("2007/08", "actual", "6.8"), ("2009/10", "target", "6.0")], "percent", "2007/08 actual 0.8 points above"),
        (
            [("2007/08", "actual", "6.8"), ("2008/09", "estimate", "5.0"), ("2009/10", "target", "6.0")],
            "percent",
            "2008/09 estimate 1 point below the target",
        ),
        ([("2008/09", "actual", "6"), ("2009/10", "target", "6.0")], "percent", "2008/09 actual at the target"),
        ([("2008/09", "actual", "1260"), ("2009/10", "target", "250")], "count", "2008/09 actual 1,010 above the"),
        ([("2008/09", "actual", "4.4"), ("2009/10", "target", "4.5")], "score", "2008/09 actual 0.1 below the target"),
        # A later result is never held against an earlier target.
        (
            [("2008/09", "actual", "5"), ("2010/11", "actual", "9"), ("2009/10", "target", "6")],
            "percent",
            "2008/09 actual 1 point below the target",
        ),
        ([("2008/09", "actual", "awaited"), ("2009/10", "target", "6")], "percent", "2008/09 actual awaited"),
        ([("2007/08", "actual", "5"), ("2008/09", "actual", "to follow")], "percent", "2008/09 actual to follow"),
        ([("2008/09", "actual", "5"), ("2009/10", "target", "no target set")], "percent", "2009/10 target no target"),
        ([("2008/09", "actual", "5")], "percent", "no target is printed"),
        ([("2009/10", "target", "6")], "percent", "No figure is printed 1 measure"),
        # The plan's own year's target has no value: the next year's is what there is to compare with.
        (
            [("2008/09", "actual", "5"), ("2009/10", "target", "to follow"), ("2010/11", "target", "7")],
            "percent",
            "2008/09 actual 2 points below the target",
        ),
    ],
    ids=str,
)
def test_measure_is_compared_with_its_target_in_words(
    figures: list[tuple[str, str, str]], unit: str, says: str, member: Client, plan: Plan
) -> None:
    measure(plan, *figures, unit=unit)

    assert says in section(member, "measures")


def test_measures_are_counted_by_how_they_stand(member: Client, plan: Plan) -> None:
    target = ("2009/10", "target", "6.0")
    measure(plan, ("2008/09", "actual", "7"), target)
    measure(plan, ("2008/09", "actual", "5"), target)
    measure(plan, ("2008/09", "actual", "6"), target)
    measure(plan, ("2008/09", "actual", "awaited"), target)
    measure(plan, ("2008/09", "actual", "6"))
    measure(plan, ("2008/09", "actual", "remark"), target)

    shown = text_of(member)

    assert (
        "Above the target 1 At the target 1 Below the target 1 Figure awaited 1 "
        "No target to compare with 1 No figure printed 1 All 6"
    ) in shown


def test_groups_are_folded_under_their_measure(member: Client, plan: Plan) -> None:
    listing = measure(plan, ("2008/09", "actual", "7"), ("2009/10", "target", "6"))
    group = GroupFactory(name="Gypsy Roma")
    for kind, period, value in (("actual", "2008/09", "4"), ("target", "2009/10", "6")):
        FigureFactory(listing=listing, group=group, kind=kind, period=period, value=Decimal(value))
    FigureFactory(
        listing=listing, group=GroupFactory(), area="England", kind="actual", period="2008/09", value=Decimal("1.5")
    )

    shown = section(member, "measures")

    assert "1 group of" in shown
    assert "Gypsy Roma 4% 2008/09 6% 2009/10 2008/09 actual 2 points below the target" in shown
    assert "1.5" not in shown  # another area's figure is no group of Kent's


# By unit and by target


def test_units_have_their_numbers_which_add_up(member: Client, action: KeyAction, plan: Plan) -> None:
    due(action, "One", "2009-06-30")
    due(action, "Two", "2009-09-30")
    due(action, "Three", "2010-03-31")
    due(KeyActionFactory(plan=plan, unit=None, section="T2010"), "Four", None, precision="")
    FigureFactory(listing__plan=plan, listing__unit=action.unit, kind="actual", awaited=True)

    shown = section(member, "units")

    assert "Attendance 2 1 1 0 1 1" in shown
    assert "T2010 section of the directorate’s plan 0 0 0 1 0 0" in shown
    assert "All 2 1 1 1 1 1" in shown


def test_targets_have_their_actions_measures_and_leads(member: Client, action: KeyAction, plan: Plan) -> None:
    twelve, six = (TargetFactory(scheme="T2010", code=f"Target {code}", title="") for code in (12, 6))
    due(action, "One", "2009-06-30")
    listing = FigureFactory(listing__plan=plan).listing
    with change_set(by=None, why="", door="Test"):
        action.targets.add(twelve, six)
        listing.targets.add(six)
    LeadRoleFactory(
        plan=plan, scheme="T2010", target=twelve, role=LeadKind.JOINT, officers_printed="Colin Feltham", text="55"
    )

    shown = section(member, "targets")

    # An action that serves two targets of a scheme is one action of it.
    assert "Towards 2010 T2010 1 1 0 1 1" in shown
    assert "Target 6 1 1 0 1 none named Target 12 1 1 0 0 Joint lead: Colin Feltham" in shown


# The export


def test_export_gives_what_is_due_now_and_next(member: Client, action: KeyAction) -> None:
    due(action, "Next", "2010-03-31")
    due(action, "Now", "2009-09-30")
    due(action, "Never", None, precision="on-going")
    due(action, "Later", "2010-04-30")

    rows = member.get(PROGRESS, {"_export": "json"}).json()

    assert [(row["half_year"], row["deliverable"], row["due"]) for row in rows] == [
        ("2009-10-1", "Now", "2009-09"),
        ("2009-10-2", "Next", "2010-03"),
    ]
    later = member.get(PROGRESS, {"_export": "json", "period": "2009-10-2"}).json()
    assert [(row["half_year"], row["deliverable"]) for row in later] == [("2009-10-2", "Next"), ("2010-11-1", "Later")]
    assert member.get(PROGRESS, {"_export": "csv"})["Content-Disposition"].endswith('progress-2009-10-1.csv"')
    assert member.get(PROGRESS, {"_export": "pdf"}).status_code == 400


# However much there is


def test_page_takes_the_same_queries_however_much_there_is(member: Client, action: KeyAction, plan: Plan) -> None:
    def add(number: int) -> None:
        for at in range(number):
            other = KeyActionFactory(plan=plan)
            due(other, "Cases processed", "2009-06-30")
            target = TargetFactory(scheme=f"S{at}")
            listing = measure(plan, ("2008/09", "actual", "7"), ("2009/10", "target", "6"))
            with change_set(by=None, why="", door="Test"):
                other.targets.add(target)
                listing.targets.add(target)
            LeadRoleFactory(plan=plan, target=target)

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert member.get(PROGRESS).status_code == 200
        return len(counted)

    add(1)
    few = queries()
    add(50)

    assert queries() == few <= 12


# The published plans


def test_published_plans_tell_their_half_year(published: None, client: Client) -> None:
    client.force_login(User.objects.get(email="member@example.org"))

    shown = text_of(client)

    deliverables = Deliverable.objects.filter(due_end__range=("2009-04-01", "2009-09-30"))
    actions = deliverables.values("action").distinct().count()
    assert f"{deliverables.count()} deliverables of {actions} actions fall due" in shown
    assert "13 of 43 measures await their figures." in shown
    assert len(client.get(PROGRESS, {"_export": "json"}).json()) == Deliverable.objects.filter(
        due_end__range=("2009-04-01", "2010-03-31")
    ).count()  # fmt: skip

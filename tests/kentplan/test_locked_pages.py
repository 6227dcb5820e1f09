"""What a locked plan looks like to those who might otherwise change it: in words, and with what they typed kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budgets.models import BudgetLine
from history.changes import change_set
from indicators.models import Figure
from people.models import User
from plans import locks
from plans.models import Plan
from projects.models import KeyAction
from tests.factories import (
    ADOPTED,
    CLOSED,
    BudgetLineFactory,
    DeliverableFactory,
    FigureFactory,
    GrantFactory,
    PeriodFactory,
    ProvenanceFactory,
    UnitYearFactory,
    put_into,
)

WHY_NOT = "Why can’t I edit this?"


@pytest.fixture
def line(db: None) -> BudgetLine:
    printed = ProvenanceFactory()
    line: BudgetLine = BudgetLineFactory(activity="Attendance", employee=10, plan=printed.plan, provenance=printed)
    UnitYearFactory(unit=line.unit, year=line.year)
    with change_set(by=None, why="", door="Test"):
        line.plan.units.add(line.unit)
    return line


@pytest.fixture
def figure(line: BudgetLine) -> Figure:
    return FigureFactory(listing__plan=line.plan, listing__unit=line.unit, kind="actual", period="2007/08")


@pytest.fixture
def action(line: BudgetLine) -> KeyAction:
    return DeliverableFactory(action__plan=line.plan, action__unit=line.unit).action


@pytest.fixture
def editor(client: Client, line: BudgetLine, finance_officer: User) -> Client:
    """Who may change everything of the unit."""
    GrantFactory(user=finance_officer, role="unit_manager", unit=line.unit)
    client.force_login(finance_officer)
    return client


@pytest.fixture
def form_of() -> Callable[[Any], dict[str, str]]:
    def read(answer: Any) -> dict[str, str]:
        found = {}
        for form in answer.context["all_forms"]:
            for field in form:
                value = field.field.prepare_value(field.value())
                found[field.html_name] = "" if value in (None, False) else str(value)
        return found

    return read


def edit(plan_row: Any) -> str:
    return f"{plan_row.get_absolute_url()}edit/"


def test_lock_says_what_since_when_why_and_who_can_help(editor: Client, line: BudgetLine) -> None:
    with change_set(by=User.objects.get(), why="Adopted by the County Council", door="Test"):
        Plan.objects.update(state="adopted")

    for url in (line.get_absolute_url(), f"/budgets/2009-10/{line.unit.slug}/"):
        page = editor.get(url).content.decode()
        assert WHY_NOT in page
        assert f"The plan “{line.plan.name}” is adopted: its budget lines no longer change." in page
        assert "by Frances Finance: Adopted by the County Council" in page
        assert "A plan administrator can make it a draft again, with a reason" in page


def test_adoption_leaves_measures_and_actions_to_be_changed(
    editor: Client, line: BudgetLine, figure: Figure, action: KeyAction
) -> None:
    put_into(line.plan, *ADOPTED)

    for row in (figure.listing, action):
        page = editor.get(row.get_absolute_url()).content.decode()
        assert edit(row) in page and WHY_NOT not in page
        form = editor.get(edit(row)).content.decode()
        assert "Why do you make this change?" in form and "(optional)" not in form


def test_nothing_of_a_closed_plan_is_offered_for_change(
    editor: Client, line: BudgetLine, figure: Figure, action: KeyAction
) -> None:
    put_into(line.plan, *CLOSED)

    for row in (line, figure.listing, action):
        page = editor.get(row.get_absolute_url()).content.decode()
        assert WHY_NOT in page and f'href="{edit(row)}"' not in page
        answer = editor.get(edit(row))
        assert answer.status_code == 403
        assert "This can no longer be changed" in answer.content.decode()
        assert "A plan administrator can reopen the plan" in answer.content.decode()
    unit = editor.get(f"/units/2009-10/{line.unit.slug}/").content.decode()
    assert "The plan is closed: its budget lines no longer change" in unit
    assert "/edit/" not in unit


def test_who_may_not_edit_anyway_is_told_of_no_lock(client: Client, line: BudgetLine, poc_member: User) -> None:
    put_into(line.plan, *ADOPTED)
    client.force_login(poc_member)

    assert WHY_NOT not in client.get(line.get_absolute_url()).content.decode()


def test_form_that_was_open_when_the_plan_closed_is_refused_and_keeps_what_was_typed(
    editor: Client, line: BudgetLine, figure: Figure, action: KeyAction, form_of: Callable[[Any], dict[str, str]]
) -> None:
    opened = {row: form_of(editor.get(edit(row))) for row in (line, figure.listing, action)}
    put_into(line.plan, *CLOSED)
    typed = {line: ("employee", "99"), figure.listing: (f"{figure.pk}-value", "99"), action: ("text", "Other words")}

    for row, form in opened.items():
        name, value = typed[row]
        answer = editor.post(edit(row), form | {name: value, "why": "Too late"})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "There is a problem" in page and "is closed: its " in page and "no longer change." in page
        assert form_of(answer)[name] == value


@pytest.mark.parametrize("page", ["line", "measure", "action"])
def test_what_only_the_database_sees_is_refused_in_its_words(
    page: str,
    editor: Client,
    line: BudgetLine,
    figure: Figure,
    action: KeyAction,
    form_of: Callable[[Any], dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As where the plan is closed between the look at it and the write."""
    row, name = {
        "line": (line, "employee"),
        "measure": (figure.listing, f"{figure.pk}-value"),
        "action": (action, "text"),
    }[page]
    form = form_of(editor.get(edit(row)))
    put_into(line.plan, *CLOSED)
    monkeypatch.setattr("plans.editing.lock_of", lambda row: None)

    answer = editor.post(edit(row), form | {name: "99", "why": "Too late"})

    assert answer.status_code == 409
    assert "is closed: its" in answer.content.decode()
    assert form_of(answer)[name] == "99"


def test_reason_that_only_the_database_asks_for_is_asked_for(
    editor: Client, action: KeyAction, form_of: Callable[[Any], dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    form = form_of(editor.get(edit(action)))
    put_into(action.plan, *ADOPTED)
    monkeypatch.setattr("plans.editing.reason_required", lambda row: False)

    answer = editor.post(edit(action), form | {"text": "Other words", "why": ""})

    assert answer.status_code == 200
    assert "is adopted: say why you change its actions." in answer.content.decode()


def test_figure_of_a_closed_period_is_refused_in_words(
    editor: Client, line: BudgetLine, form_of: Callable[[Any], dict[str, str]]
) -> None:
    figure = FigureFactory(listing__plan=line.plan, listing__unit=line.unit, kind="actual", period="2009/10")
    period = PeriodFactory(year=line.year, half=2)
    form = form_of(editor.get(edit(figure.listing)))
    with change_set(by=None, why="All returned", door="Test"):
        period.state = "closed"
        period.save()

    answer = editor.post(edit(figure.listing), form | {f"{figure.pk}-value": "99", "why": "Too late"})

    assert answer.status_code == 409
    assert "The period October 2009 to March 2010 is closed" in answer.content.decode()
    assert Figure.objects.get(pk=figure.pk).value == figure.value


def test_lock_in_a_page_costs_no_query_unless_it_is_told(editor: Client, line: BudgetLine) -> None:
    found = BudgetLine.objects.select_related("plan").get()
    with CaptureQueriesContext(connection) as taken:
        assert locks.lock_of(found) is None
    assert len(taken) == 0


@pytest.mark.parametrize("steps", [ADOPTED, CLOSED])
def test_locked_pages_stay_within_their_queries(
    steps: tuple[str, ...], editor: Client, line: BudgetLine, figure: Figure, action: KeyAction
) -> None:
    put_into(line.plan, *steps)

    for url in (line, figure.listing, action):
        with CaptureQueriesContext(connection) as taken:
            editor.get(url.get_absolute_url())
        assert len(taken) <= 14, [query["sql"][:80] for query in taken]

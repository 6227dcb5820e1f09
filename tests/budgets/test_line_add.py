"""Adding a line to a unit's budget."""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from budgets.models import BudgetLine, Origin
from history.reading import changes_of
from people.models import User
from plans.models import PlanState, Tier
from tests.budgets.conftest import Controls
from tests.factories import STEPS, BudgetLineFactory, PlanFactory, UnitYearFactory, put_into

ADDED = {"activity": "Judges", "employee": "1,200.25", "external_income": "(3)", "why": "Agreed in committee"}


def address(line: BudgetLine, page: str = "add/") -> str:
    return f"/budgets/2009-10/{line.unit.slug}/{page}"


def activities(line: BudgetLine) -> list[str]:
    lines = BudgetLine.objects.for_unit(line.unit).order_by("position", "pk")
    return list(lines.values_list("activity", flat=True))


def add(client: Client, line: BudgetLine, controls: Controls, **typed: str) -> HttpResponse:
    return client.post(address(line), {**controls(client.get(address(line))), **ADDED, **typed})


def test_added_line_joins_the_units_plan_at_the_end(editor: Client, line: BudgetLine, controls: Controls) -> None:
    answer = add(editor, line, controls)

    assert answer.headers["Location"] == address(line, "")
    added = BudgetLine.objects.get(activity="Judges")
    assert (added.plan, added.unit, added.year, added.origin) == (line.plan, line.unit, line.year, Origin.ENTERED)
    assert (added.employee, added.running, added.controllable) == (Decimal("1200.25"), None, Decimal("1197.25"))
    assert activities(line) == ["Prizes", "Judges"]
    assert "The line is added." in editor.get(address(line, "")).content.decode()


def test_added_line_is_recorded_with_who_and_why(
    editor: Client, line: BudgetLine, controls: Controls, finance_officer: User
) -> None:
    add(editor, line, controls)

    [change] = changes_of(BudgetLine.objects.get(activity="Judges"))
    assert change.change_set is not None
    assert (change.operation, change.change_set.by, change.change_set.why) == (
        "insert",
        finance_officer,
        "Agreed in committee",
    )


def test_added_line_stands_after_the_one_that_was_chosen_and_touches_no_other(
    editor: Client, line: BudgetLine, controls: Controls
) -> None:
    for number, activity in enumerate(("Second", "Third"), start=1):
        BudgetLineFactory(plan=line.plan, unit=line.unit, activity=activity, position=line.position + number)

    add(editor, line, controls, after=str(line.pk))

    assert activities(line) == ["Prizes", "Judges", "Second", "Third"]
    assert not BudgetLine.objects.exclude(version=1).exists()

    add(editor, line, controls, after=str(line.pk), activity="Jury")

    assert activities(line) == ["Prizes", "Jury", "Judges", "Second", "Third"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"activity": ""}, "Enter the activity."),
        ({"activity": "Prizes"}, "This unit already has a line for that activity in the plan."),
        ({"activity": "a\x00"}, "Null characters"),
        ({"employee": "12x"}, "is not an amount"),
        ({"after": "999999999"}, "That line is no longer there."),
        ({"after": "x\x00"}, "That line is no longer there."),
    ],
)
def test_line_that_cannot_be_added_is_refused_and_stays_as_typed(
    editor: Client, line: BudgetLine, controls: Controls, typed: dict[str, str], says: str
) -> None:
    answer = add(editor, line, controls, **typed)

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "data-error-summary" in shown and "<title>Error: " in shown
    assert says in shown
    assert controls(answer)["external_income"] == "(3)"
    assert BudgetLine.objects.count() == 1


def test_doubled_post_adds_one_line(editor: Client, line: BudgetLine, controls: Controls) -> None:
    form = {**controls(editor.get(address(line))), **ADDED}
    editor.post(address(line), form)
    editor.get(address(line, ""))

    answer = editor.post(address(line), form)

    assert answer.status_code == 302
    assert "saved, once" in editor.get(address(line, "")).content.decode()
    assert activities(line) == ["Prizes", "Judges"]


def test_form_sent_again_with_another_line_loses_nothing(editor: Client, line: BudgetLine, controls: Controls) -> None:
    form = {**controls(editor.get(address(line))), **ADDED}
    editor.post(address(line), form)

    answer = editor.post(address(line), {**form, "activity": "Jury"})

    assert "sent before" in answer.content.decode()
    assert editor.post(address(line), {**controls(answer), "why": "Both"}).status_code == 302
    assert activities(line) == ["Prizes", "Judges", "Jury"]


@pytest.mark.parametrize("state", [PlanState.ADOPTED, PlanState.CLOSED])
def test_no_line_is_added_to_a_plan_that_is_no_draft(
    editor: Client, line: BudgetLine, controls: Controls, state: PlanState
) -> None:
    form = {**controls(editor.get(address(line))), **ADDED}
    put_into(line.plan, *STEPS[state])

    assert editor.get(address(line)).status_code == 403
    answer = editor.post(address(line), form)
    assert answer.status_code == 409
    assert f"The plan “{line.plan.name}” is {state}: its budget lines no longer change." in answer.content.decode()
    assert controls(answer)["external_income"] == "(3)"
    assert BudgetLine.objects.count() == 1
    assert f'href="{address(line)}"' not in editor.get(address(line, "")).content.decode()


def test_unit_that_stands_only_in_a_portfolio_table_takes_no_line_and_says_why(editor: Client) -> None:
    plan = PlanFactory(tier=Tier.DIRECTORATE)
    row = BudgetLineFactory(plan=plan, origin=Origin.PORTFOLIO)

    answer = editor.post(address(row), ADDED)

    assert answer.status_code == 403
    assert "counted twice" in answer.content.decode()
    table = editor.get(address(row, "")).content.decode()
    assert "counted twice" in table and f'href="{address(row)}"' not in table


def test_unit_without_lines_takes_its_first(editor: Client, controls: Controls) -> None:
    place = UnitYearFactory()
    PlanFactory(units=[place.unit])
    path = f"/budgets/2009-10/{place.unit.slug}/add/"

    answer = editor.post(path, {**controls(editor.get(path)), **ADDED})

    assert answer.status_code == 302
    assert BudgetLine.objects.get().unit == place.unit


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_form", [True, False])
def test_of_two_additions_of_one_activity_at_once_one_is_taken(
    finance_officer: User, controls: Controls, same_form: bool
) -> None:
    line = BudgetLineFactory()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(finance_officer)
    forms = [controls(client.get(address(line))) for client in clients]
    if same_form:
        forms[1] = forms[0]
    together = Barrier(len(clients))

    def send(number: int) -> Any:
        together.wait(timeout=30)
        try:
            answer = clients[number].post(address(line), {**forms[number], **ADDED})
            return answer.status_code, bool(re.search("already has a line|sent before", answer.content.decode()))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = sorted(pool.map(send, range(len(clients))))

    # Of one form sent twice the second may also come so late that it finds itself done.
    assert answers in ([(200, True), (302, False)], [(302, False), (302, False)] if same_form else None)
    assert BudgetLine.objects.filter(activity="Judges").count() == 1

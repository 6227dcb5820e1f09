"""Removing a line."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from budgets.models import BudgetLine, CoreService
from history.reading import changes_of
from kentplan.__main__ import PLANS
from people.models import User
from plans.models import PlanState
from tests.budgets.conftest import Controls
from tests.factories import STEPS, BudgetLineFactory, CoreServiceFactory, put_into


def address(line: BudgetLine) -> str:
    return f"/budgets/lines/{line.pk}/remove/"


def table(line: BudgetLine) -> str:
    return f"/budgets/2009-10/{line.unit.slug}/"


def there(line: BudgetLine) -> bool:
    return BudgetLine.objects.filter(pk=line.pk).exists()


def test_page_says_what_goes(editor: Client, line: BudgetLine) -> None:
    BudgetLineFactory(plan=line.plan, unit=line.unit)
    CoreServiceFactory(plan=line.plan, unit=line.unit, line=line, activity="Prize giving")

    shown = editor.get(address(line)).content.decode()

    rows = dict(re.findall(r'<th class="first" scope="row">([^<]*)</th>(.*?)</tr>', shown))
    assert re.findall(r">([^<]+)</", rows["Controllable expenditure"]) == ["1,264.4", "2,528.8", "1,264.4"]
    assert re.findall(r">([^<]+)</", rows["Contracts and projects"])[0] == "blank"
    assert "“Prize giving” keeps its words" in shown
    assert there(line)


def test_removed_line_is_gone_and_its_core_service_keeps_its_words(
    editor: Client, line: BudgetLine, controls: Controls, finance_officer: User
) -> None:
    service = CoreServiceFactory(plan=line.plan, unit=line.unit, line=line, provides="Prizes for all")

    answer = editor.post(address(line), {**controls(editor.get(address(line))), "why": "Ended"})

    assert answer.headers["Location"] == table(line)
    assert "“Prizes” is removed." in html.unescape(editor.get(table(line)).content.decode())
    assert editor.get(line.get_absolute_url()).status_code == 404
    kept = CoreService.objects.get(pk=service.pk)
    assert (kept.line, kept.provides) == (None, "Prizes for all")
    change = changes_of(line)[0]
    assert change.change_set is not None
    assert (change.operation, change.change_set.by, change.change_set.why) == ("delete", finance_officer, "Ended")
    assert changes_of(service)[0].change_set == change.change_set


def test_removal_from_a_draft_needs_no_reason(editor: Client, line: BudgetLine, controls: Controls) -> None:
    editor.post(address(line), controls(editor.get(address(line))))

    assert not there(line)


def test_line_that_someone_just_edited_is_not_removed_but_shown_as_it_is_now(
    editor: Client, line: BudgetLine, controls: Controls, edited_by_another: Any
) -> None:
    form = {**controls(editor.get(address(line))), "why": "Ended"}
    edited_by_another(line, employee=Decimal(1100))

    answer = editor.post(address(line), form)

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert there(line)
    assert "Otto Other" in shown and "Pay award" in shown
    row = re.search(r'<tr[^>]*><th class="first" scope="row">Employee costs.*?</tr>', shown)
    assert row and re.findall("<td.*?>([^<]+)<", row[0])[:2] == ["1,152.7", "1,100.0"]
    # Seen, it can be removed all the same.
    assert editor.post(address(line), {**controls(answer), "why": "Ended"}).status_code == 302
    assert not there(line)


@pytest.mark.parametrize("version", [None, "", "0", "2", "x", "\x00"])
def test_removal_refuses_a_missing_or_impossible_version(
    editor: Client, line: BudgetLine, controls: Controls, version: str | None
) -> None:
    form = {**controls(editor.get(address(line))), "why": "Ended"}
    form.pop("version")

    answer = editor.post(address(line), form if version is None else {**form, "version": version})

    assert answer.status_code == 409
    assert there(line)


def test_doubled_post_removes_once_and_says_so(editor: Client, line: BudgetLine, controls: Controls) -> None:
    form = {**controls(editor.get(address(line))), "why": "Ended"}
    editor.post(address(line), form)
    editor.get(table(line))

    answer = editor.post(address(line), form)

    assert answer.headers["Location"] == table(line)
    assert "saved, once" in editor.get(table(line)).content.decode()


@pytest.mark.parametrize("token", ["", "x", "\x00", "6f1f2a3c-0000-4000-8000-000000000000"])
def test_line_that_another_form_removed_is_not_found(
    editor: Client, line: BudgetLine, controls: Controls, token: str
) -> None:
    form = {**controls(editor.get(address(line))), "why": "Ended"}
    editor.post(address(line), form)

    assert editor.post(address(line), {**form, "token": token}).status_code == 404
    assert editor.get(address(line)).status_code == 404


def test_form_on_a_line_that_was_removed_meanwhile_is_not_found(
    editor: Client, line: BudgetLine, controls: Controls
) -> None:
    edit = f"/budgets/lines/{line.pk}/edit/"
    form = controls(editor.get(edit))
    editor.post(address(line), {**controls(editor.get(address(line))), "why": "Ended"})

    assert editor.post(edit, {**form, "employee": "5", "why": "Late"}).status_code == 404


def test_what_is_slipped_into_the_form_changes_nothing_but_removes(
    editor: Client, line: BudgetLine, controls: Controls
) -> None:
    other = BudgetLineFactory(plan=line.plan, unit=line.unit)

    editor.post(address(line), {**controls(editor.get(address(line))), "employee": "999", "why": "Ended"})

    assert list(BudgetLine.objects.all()) == [other]


@pytest.mark.parametrize("state", [PlanState.ADOPTED, PlanState.CLOSED])
def test_line_of_a_plan_that_is_no_draft_is_not_removed(editor: Client, line: BudgetLine, state: PlanState) -> None:
    put_into(line.plan, *STEPS[state])

    assert editor.get(address(line)).status_code == 403
    assert f'href="{address(line)}"' not in editor.get(line.get_absolute_url()).content.decode()


def test_removed_line_stays_removed_when_the_document_is_loaded_again(
    published: None, client: Client, finance_officer: User, controls: Controls
) -> None:
    from django.core.management import call_command

    client.force_login(finance_officer)
    line = BudgetLine.objects.get(activity="Kent Safe Schools")
    number = BudgetLine.objects.count()
    client.post(address(line), {**controls(client.get(address(line))), "why": "Ended"})

    call_command("load_plan", *sorted(map(str, PLANS.glob("*.txt"))))

    assert BudgetLine.objects.count() == number - 1
    assert not BudgetLine.objects.filter(activity="Kent Safe Schools").exists()


@pytest.mark.django_db(transaction=True)
def test_of_a_removal_and_an_edit_at_once_one_is_taken(finance_officer: User, controls: Controls) -> None:
    line = BudgetLineFactory()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(finance_officer)
    paths = [address(line), f"/budgets/lines/{line.pk}/edit/"]
    forms = [controls(client.get(path)) for client, path in zip(clients, paths, strict=True)]
    forms[1]["employee"] = "5"
    together = Barrier(len(clients))

    def send(number: int) -> int:
        together.wait(timeout=30)
        try:
            return clients[number].post(paths[number], {**forms[number], "why": "Race"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        removal, edit = pool.map(send, range(len(clients)))

    assert (removal, edit) in [(302, 404), (409, 302)]
    assert there(line) == (removal == 409)


@pytest.mark.django_db(transaction=True)
def test_one_removal_sent_twice_at_once_is_one(finance_officer: User, controls: Controls) -> None:
    line = BudgetLineFactory()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(finance_officer)
    form = {**controls(clients[0].get(address(line))), "why": "Ended"}
    together = Barrier(len(clients))

    def send(number: int) -> int:
        together.wait(timeout=30)
        try:
            return clients[number].post(address(line), form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        assert list(pool.map(send, range(len(clients)))) == [302, 302]
    assert len(changes_of(line)) == 2

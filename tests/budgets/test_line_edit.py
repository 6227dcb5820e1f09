"""The form on a budget line, as the one example of an edit with its version, reason, token and history."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from budgets.models import TYPED_FIGURES, BudgetLine
from history.changes import change_set
from history.models import ChangeSet
from history.reading import changes_of
from people.models import User
from plans.models import PlanState
from tests.factories import STEPS, BudgetLineFactory, UserFactory, put_into


@pytest.fixture
def line(db: None) -> BudgetLine:
    line = BudgetLineFactory(activity="Prizes")
    line.refresh_from_db()
    return line


@pytest.fixture
def editor(client: Client, finance_officer: User) -> Client:
    client.force_login(finance_officer)
    return client


def opened(client: Client, line: BudgetLine) -> dict[str, str]:
    """The form as the browser has it when it is opened: every control with what is in it."""
    shown = client.get(address(line)).content.decode()
    form = shown[shown.index("<form class=") :]
    fields = dict.fromkeys(re.findall(r'<(?:input|textarea)[^>]* name="(\w+)"', form), "")
    for control in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="(\w+)"', control), re.search(r'value="([^"]*)"', control)
        if name and value:
            fields[name[1]] = html.unescape(value[1])
    return fields


def address(line: BudgetLine) -> str:
    return f"/budgets/lines/{line.pk}/edit/"


def send(client: Client, line: BudgetLine, form: dict[str, str], **typed: str) -> HttpResponse:
    return client.post(address(line), {**form, **typed})


def edited_by_another(line: BudgetLine, **figures: Any) -> None:
    with change_set(by=UserFactory(name="Otto Other"), why="Pay award", door="Test"):
        BudgetLine.objects.filter(pk=line.pk).update(**figures)


def stored(line: BudgetLine) -> dict[str, Decimal | None]:
    return BudgetLine.objects.filter(pk=line.pk).values(*TYPED_FIGURES).get()


def shown_in(answer: HttpResponse, name: str) -> str:
    """What stands in the control of that name."""
    found = re.search(rf'<input[^>]* name="{name}"[^>]*>', answer.content.decode())
    assert found
    value = re.search(r' value="([^"]*)"', found[0])
    return html.unescape(value[1]) if value else ""


def differences_in(answer: HttpResponse) -> dict[str, list[str]]:
    """The table of a conflict: by field, when it was opened, theirs, mine."""
    shown = answer.content.decode()
    table = shown[shown.index('aria-label="Differences"') :]
    rows = re.findall(r'<th class="first" scope="row">([^<]*).*?</th>(.*?)</tr>', table[: table.index("</table>")])
    return {
        label.strip(): [html.unescape(re.sub("<.*?>", "", cell)) for cell in re.findall("<td.*?>(.*?)</td>", cells)[:3]]
        for label, cells in rows
    }


# Saving


def test_form_opens_with_the_figures_as_printed(editor: Client, line: BudgetLine) -> None:
    form = opened(editor, line)

    assert {name: form[name] for name in ("activity", "employee", "contracts", "external_income", "fte")} == {
        "activity": "Prizes",
        "employee": "1,152.7",
        "contracts": "",
        "external_income": "0.0",
        "fte": "40.3",
    }
    assert form["version"] == "1"
    assert form["token"]


def test_save_stores_what_was_typed_and_says_so(editor: Client, line: BudgetLine) -> None:
    form = opened(editor, line)

    answer = send(editor, line, form, employee="1,200.25", contracts="(3)", external_income="", why="Pay award")

    assert answer.headers["Location"] == line.get_absolute_url()
    assert stored(line) == {
        **{name: getattr(line, name) for name in TYPED_FIGURES},
        "employee": Decimal("1200.25"),
        "contracts": Decimal(-3),
        "external_income": None,
    }
    line.refresh_from_db()
    assert line.gross == Decimal("1308.95")
    detail = editor.get(line.get_absolute_url()).content.decode()
    assert "“Prizes” is saved." in html.unescape(detail)


def test_save_is_recorded_with_who_and_why(editor: Client, line: BudgetLine, finance_officer: User) -> None:
    send(editor, line, opened(editor, line), employee="1200", why="  Pay award ")

    line.refresh_from_db()
    change, _ = changes_of(line)
    assert change.change_set is not None
    made = change.change_set
    assert (made.by, made.why, made.door) == (finance_officer, "Pay award", "budget line form")
    assert change.fields == {"employee": (Decimal("1152.7"), Decimal(1200))}
    assert line.version == 2
    told = html.unescape(editor.get(line.get_absolute_url()).content.decode())
    assert "Employee costs: 1,152.7 → 1,200.0" in told
    assert "Pay award" in told
    assert "Frances Finance" in told


def test_saving_nothing_different_records_nothing_and_says_so(editor: Client, line: BudgetLine) -> None:
    before = ChangeSet.objects.count()

    answer = send(editor, line, opened(editor, line), employee="1152.70", contracts=" ")

    assert answer.headers["Location"] == line.get_absolute_url()
    assert "Nothing was different" in editor.get(line.get_absolute_url()).content.decode()
    assert ChangeSet.objects.count() == before
    line.refresh_from_db()
    assert line.version == 1


def test_change_in_a_draft_needs_no_reason_and_has_the_words_of_its_door(editor: Client, line: BudgetLine) -> None:
    assert "Why do you make this change? (optional)" in editor.get(address(line)).content.decode()

    send(editor, line, opened(editor, line), employee="1200", why="  ")

    assert stored(line)["employee"] == Decimal("1200.0")
    assert ChangeSet.objects.latest("pk").why == "budget line form"


# What is refused


@pytest.mark.parametrize("name", TYPED_FIGURES)
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("12x", "is not an amount"),
        ("12k", "do you mean 12 or 12,000"),
        ("1.234567", "decimal places"),
        ("1,000,000,000", "at most"),
        ("NaN", "is not an amount"),
        ("1\x00", "Null characters"),
        ("9" * 3000, "at most 100 characters"),
    ],
)
def test_bad_amount_is_refused_at_its_field_and_stays_as_typed(
    editor: Client, line: BudgetLine, name: str, typed: str, says: str
) -> None:
    answer = send(editor, line, opened(editor, line), **{name: typed}, activity="Renamed", why="Pay award")

    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "<title>Error: " in shown
    assert re.search(rf'<li><a href="#id_{name}">[^<]*{says}', shown)
    assert re.search(rf'id="id_{name}_error">.*{says}', shown)
    assert shown_in(answer, name) == typed
    assert shown_in(answer, "activity") == "Renamed"
    assert ">Pay award</textarea>" in re.sub(r"\s+(?=Pay)", "", shown)
    line.refresh_from_db()
    assert (line.activity, line.version) == ("Prizes", 1)


@pytest.mark.parametrize(
    ("typed", "says"),
    [("", "Enter the activity."), ("x" * 201, "at most 200 characters"), ("a\x00b", "Null characters")],
)
def test_bad_activity_is_refused(editor: Client, line: BudgetLine, typed: str, says: str) -> None:
    answer = send(editor, line, opened(editor, line), activity=typed, why="Renamed")

    assert answer.status_code == 200
    assert says in answer.content.decode()


def test_activity_that_the_unit_already_has_is_refused_in_the_rules_own_words(editor: Client, line: BudgetLine) -> None:
    BudgetLineFactory(plan=line.plan, unit=line.unit, activity="Judges")

    answer = send(editor, line, opened(editor, line), activity="Judges", why="Renamed")

    assert answer.status_code == 200
    found = '<li><a href="#id_activity">This unit already has a line for that activity in the plan.</a></li>'
    assert found in answer.content.decode()


def test_activity_taken_in_the_same_moment_is_refused_in_the_rules_own_words(
    editor: Client, line: BudgetLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    BudgetLineFactory(plan=line.plan, unit=line.unit, activity="Judges")
    form = opened(editor, line)
    # As when the other line comes between the check and the save.
    monkeypatch.setattr(BudgetLine, "validate_constraints", lambda *args, **kwargs: None)

    answer = send(editor, line, form, activity="Judges", why="Renamed")

    assert answer.status_code == 200
    assert "This unit already has a line for that activity" in answer.content.decode()
    line.refresh_from_db()
    assert line.activity == "Prizes"


@pytest.mark.parametrize("state", [PlanState.ADOPTED, PlanState.CLOSED])
def test_line_of_a_plan_that_is_no_draft_is_not_edited(editor: Client, line: BudgetLine, state: PlanState) -> None:
    form = opened(editor, line)
    put_into(line.plan, *STEPS[state])

    assert editor.get(address(line)).status_code == 403
    answer = send(editor, line, form, employee="1", why="Too late")
    assert answer.status_code == 409
    assert f"The plan “{line.plan.name}” is {state}: its budget lines no longer change." in answer.content.decode()
    assert shown_in(answer, "employee") == "1"
    assert f'href="{address(line)}"' not in editor.get(line.get_absolute_url()).content.decode()
    assert stored(line)["employee"] == Decimal("1152.7")


def test_no_other_field_can_be_slipped_in(editor: Client, line: BudgetLine) -> None:
    other = BudgetLineFactory()

    send(editor, line, opened(editor, line), employee="1200", why="x", plan=str(other.plan_id), position="99")

    line.refresh_from_db()
    assert line.plan_id != other.plan_id
    assert line.position != 99
    assert line.employee == Decimal(1200)


# Stale, doubled, or without a version


def test_line_edit_refuses_a_stale_version(editor: Client, line: BudgetLine) -> None:
    form = opened(editor, line)
    edited_by_another(line, employee=Decimal(1100), running=Decimal(50))

    answer = send(editor, line, form, employee="1,200", contracts="7", why="Recount")

    assert answer.status_code == 409
    assert differences_in(answer) == {
        "Employee costs": ["1,152.7", "1,100.0", "1,200"],
        "Running costs": ["111.7", "50.0", "111.7"],
        "Contracts and projects": ["blank", "blank", "7"],
    }
    assert "Otto Other" in answer.content.decode()
    assert "Pay award" in answer.content.decode()
    assert (stored(line)["employee"], stored(line)["contracts"]) == (Decimal(1100), None)


def test_refused_form_keeps_what_i_typed_and_takes_what_i_left_alone(editor: Client, line: BudgetLine) -> None:
    form = opened(editor, line)
    edited_by_another(line, employee=Decimal(1100), running=Decimal(50))

    answer = send(editor, line, form, employee="1,200", contracts="7", why="Recount")

    assert {name: shown_in(answer, name) for name in ("employee", "running", "contracts", "version")} == {
        "employee": "1,200",
        "running": "50.0",
        "contracts": "7",
        "version": "2",
    }
    assert ">Recount</textarea>" in re.sub(r"\s+(?=Recount)", "", answer.content.decode())
    # What both changed is asked for at its field.
    assert re.search(r'id="id_employee_error">.*“1,100.0”', answer.content.decode())
    assert 'id="id_running_error"' not in answer.content.decode()


def test_refused_form_can_be_sent_again(editor: Client, line: BudgetLine) -> None:
    form = opened(editor, line)
    edited_by_another(line, running=Decimal(50))
    answer = send(editor, line, form, employee="1,200", why="Recount")
    again = {name: shown_in(answer, name) for name in form if name != "why"}

    answer = send(editor, line, again, why="Recount")

    assert answer.status_code == 302
    assert (stored(line)["employee"], stored(line)["running"]) == (Decimal(1200), Decimal(50))


def test_original_is_what_stood_when_the_form_was_opened_however_often_it_changed_since(
    editor: Client, line: BudgetLine
) -> None:
    edited_by_another(line, employee=Decimal(1))
    form = opened(editor, line)
    edited_by_another(line, employee=Decimal(2))
    edited_by_another(line, employee=Decimal(3))

    answer = send(editor, line, form, employee="9", why="Recount")

    assert differences_in(answer) == {"Employee costs": ["1.0", "3.0", "9"]}


def test_stale_form_with_a_bad_amount_keeps_it(editor: Client, line: BudgetLine) -> None:
    form = opened(editor, line)
    edited_by_another(line, running=Decimal(50))

    answer = send(editor, line, form, employee="12x", why="Recount")

    assert answer.status_code == 409
    assert shown_in(answer, "employee") == "12x"
    assert differences_in(answer)["Employee costs"] == ["1,152.7", "1,152.7", "12x"]


@pytest.mark.parametrize("version", [None, "", "0", "2", "-1", "1.0", "x", "\x00", "9" * 5000])
def test_line_edit_refuses_a_missing_or_impossible_version(
    editor: Client, line: BudgetLine, version: str | None
) -> None:
    form = opened(editor, line)
    if version is None:
        del form["version"]
    else:
        form["version"] = version

    answer = send(editor, line, form, employee="1200", why="Recount")

    assert answer.status_code == 409
    assert differences_in(answer) == {"Employee costs": ["not known", "1,152.7", "1200"]}
    assert stored(line)["employee"] == Decimal("1152.7")


def test_doubled_post_is_one_change(editor: Client, line: BudgetLine) -> None:
    form = opened(editor, line)
    send(editor, line, form, employee="1200", why="Pay award")
    editor.get(line.get_absolute_url())

    answer = send(editor, line, form, employee="1200", why="Pay award")

    assert answer.headers["Location"] == line.get_absolute_url()
    assert "saved, once" in editor.get(line.get_absolute_url()).content.decode()
    assert len(changes_of(line)) == 2


def test_form_sent_again_with_other_figures_is_no_doubled_post(editor: Client, line: BudgetLine) -> None:
    # As when someone goes back in the browser, types another figure and saves.
    form = opened(editor, line)
    send(editor, line, form, employee="1200", why="Pay award")

    answer = send(editor, line, form, employee="1300", why="Pay award")

    assert answer.status_code == 409
    assert differences_in(answer) == {"Employee costs": ["1,152.7", "1,200.0", "1300"]}


def test_token_of_another_change_loses_nothing(editor: Client, line: BudgetLine) -> None:
    used = uuid4()
    ChangeSet.objects.create(why="x", door="Test", token=used)
    form = opened(editor, line)

    answer = send(editor, line, form, employee="1200", why="Pay award", token=str(used))

    assert answer.status_code == 200
    assert "sent before" in answer.content.decode()
    again = {name: shown_in(answer, name) for name in form if name != "why"}
    assert send(editor, line, again, why="Pay award").status_code == 302
    assert stored(line)["employee"] == Decimal(1200)


@pytest.mark.parametrize("token", ["", "x", "\x00"])
def test_token_that_is_none_makes_no_fault(editor: Client, line: BudgetLine, token: str) -> None:
    answer = send(editor, line, opened(editor, line), employee="1200", why="Pay award", token=token)

    assert answer.status_code in (200, 302)


def test_edit_makes_a_fixed_number_of_queries(
    editor: Client, line: BudgetLine, django_assert_max_num_queries: Any
) -> None:
    form = opened(editor, line)

    with django_assert_max_num_queries(27):
        send(editor, line, form, **dict.fromkeys(TYPED_FIGURES, "5"), why="All of them")

    assert set(stored(line).values()) == {Decimal(5)}


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_taken_and_the_other_is_stale(finance_officer: User) -> None:
    line = BudgetLineFactory()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(finance_officer)
    forms = [opened(client, line) for client in clients]
    together = Barrier(len(clients))

    def save(number: int) -> int:
        together.wait(timeout=30)
        try:
            return send(clients[number], line, forms[number], employee=f"{number + 1}", why="Race").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(save, range(len(clients))))

    assert sorted(answers) == [302, 409]
    assert stored(line)["employee"] == answers.index(302) + 1
    assert len(changes_of(line)) == 2

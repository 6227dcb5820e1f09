"""The pages of actions, and the form on an action with its deliverables."""

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from history.changes import change_set
from history.models import ChangeSet
from people.models import User
from plans.models import PlanState, Unit
from projects.models import Deliverable, KeyAction
from projects.reporting import due_in_words, due_of, title_of
from projects.tables import DeliverableTable
from tests.factories import (
    CLOSED,
    ConsultationFactory,
    DeliverableFactory,
    KeyActionFactory,
    ListingFactory,
    OfficerFactory,
    PlanFactory,
    ProvenanceFactory,
    TargetFactory,
    UnitFactory,
    UnitYearFactory,
    put_into,
)

ACTIONS = "/projects/2009-10/"


@pytest.fixture
def unit(unit_manager: User) -> Unit:
    unit: Unit = unit_manager.grants.get().unit
    UnitYearFactory(unit=unit)
    return unit


@pytest.fixture
def action(unit: Unit) -> KeyAction:
    """An action with two deliverables, which the same managers answer for: one due in March 2010, one without a date."""
    made = KeyActionFactory(unit=unit, plan=PlanFactory(name="Commissioning"), text="Reduce persistent absence")
    shared = {"action": made, "managers": "Lindy Whitfield; Eleanor Morgan", "links": "CYPP 5"}
    DeliverableFactory(text="500 cases processed", march_2010=True, position=1, **shared)
    DeliverableFactory(text="Two projects in place", position=2, **shared)
    return made


@pytest.fixture
def manager(client: Client, unit_manager: User) -> Client:
    client.force_login(unit_manager)
    return client


@pytest.fixture
def member(client: Client, poc_member: User) -> Client:
    client.force_login(poc_member)
    return client


def rows(client: Client, url: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(url, {**query, "_export": "json"}).json()
    return found


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def text_of(client: Client, url: str) -> str:
    """The words of a page, white space collapsed."""
    return words(client.get(url).content.decode())


def queries(client: Client, url: str, data: dict[str, str] | None = None) -> int:
    with CaptureQueriesContext(connection) as counted:
        answer = client.get(url) if data is None else client.post(url, data)
    assert answer.status_code in (200, 302)
    return len(counted)


def edit_url(action: KeyAction) -> str:
    return reverse("projects:action_edit", kwargs={"pk": action.pk})


def form_of(client: Client, action: KeyAction) -> dict[str, str]:
    """What the edit page sends when nothing is touched."""
    return sent_by(client.get(edit_url(action)))


def sent_by(page: HttpResponse) -> dict[str, str]:
    sent = {"token": str(page.context["reason"]["token"].value()), "why": "Agreed with the team"}
    for form in page.context["forms"]:
        for field in form:
            value = field.value()
            if field.name != "remove" or value:
                sent[field.html_name] = "" if value is None else str(value)
    return sent


def first_of(action: KeyAction) -> Deliverable:
    return action.deliverables.order_by("position")[0]


def changed(deliverable: Deliverable, **values: Any) -> None:
    """Someone else changes it."""
    with change_set(by=None, why="Put right by the board", door="Test"):
        for name, value in values.items():
            setattr(deliverable, name, value)
        deliverable.save()


# When


@pytest.mark.parametrize(
    ("start", "end", "precision", "due", "in_words"),
    [
        ("2010-03-01", "2010-03-31", "month", "2010-03", "March 2010"),
        ("2010-03-31", "2010-03-31", "day", "2010-03-31", "31 March 2010"),
        ("2010-03-01", "2010-03-01", "day", "2010-03-01", "1 March 2010"),
        ("2009-03-01", "2009-09-30", "period", "2009-03/2009-09", "March 2009 to September 2009"),
        ("2009-09-01", "2009-09-04", "period", "2009-09-01/2009-09-04", "1 September 2009 to 4 September 2009"),
        ("2010-03-01", "2010-03-31", "on-going", "2010-03", "On-going until March 2010"),
        ("2009-04-01", "2010-03-31", "on-going", "2009-04/2010-03", "On-going, April 2009 to March 2010"),
        (None, None, "on-going", "", "On-going"),
        (None, None, "unknown", "", "Not read as a date"),
        (None, None, "", "", "No date"),
        ("9999-12-01", "9999-12-31", "month", "9999-12", "December 9999"),
    ],
)
def test_a_date_is_told_no_more_precisely_than_it_was_given(
    start: str | None, end: str | None, precision: str, due: str, in_words: str
) -> None:
    first, last = (date.fromisoformat(day) if day else None for day in (start, end))

    assert due_of(first, last, precision) == due
    assert due_in_words(first, last, precision) == in_words


# The list


def test_deliverables_are_exported_with_the_fixed_columns(member: Client, action: KeyAction) -> None:
    deliverable = first_of(action)
    changed(deliverable, provenance=ProvenanceFactory(document__name="plan.txt", lines=[983]))

    answer = member.get(ACTIONS, {"_export": "csv"})

    first, second = csv.DictReader(io.StringIO(answer.content.decode()))
    assert list(first.items()) == [
        ("year", "2009/10"),
        ("unit", action.unit.name),
        ("section", ""),
        ("relevant_plan", ""),
        ("action", "Reduce persistent absence"),
        ("managers", "Lindy Whitfield; Eleanor Morgan"),
        ("links", "CYPP 5"),
        ("deliverable", "500 cases processed"),
        ("due", "2010-03"),
        ("due_precision", "month"),
        ("due_printed", "March 2010"),
        ("document", "plan.txt"),
        ("source_lines", "983"),
    ]
    assert (second["due"], second["due_precision"], second["document"]) == ("", "", "")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "500 CASES"}, ["500 cases processed"]),
        ({"text": "school transport"}, ["Routes reviewed"]),
        ({"text": "2010 projects"}, ["Routes reviewed"]),
        ({"unit": "elsewhere"}, ["Routes reviewed"]),
        ({"manager": "morgan"}, ["500 cases processed", "Two projects in place"]),
        ({"scheme": "LAA"}, ["Routes reviewed"]),
        ({"due": "2010-03"}, ["500 cases processed"]),
        ({"due": "2009-09"}, ["Routes reviewed"]),
        ({"due": "none"}, ["Two projects in place"]),
    ],
    ids=str,
)
def test_action_list_filters(query: dict[str, str], found: list[str], member: Client, action: KeyAction) -> None:
    other = KeyActionFactory(
        unit=UnitYearFactory(unit__slug="elsewhere").unit, text="School transport", section="2010 Projects"
    )
    DeliverableFactory(
        action=other, text="Routes reviewed", due_start=date(2009, 3, 1), due_end=date(2009, 9, 30),
        due_precision="period",
    )  # fmt: skip
    with change_set(by=None, why="", door="Test"):
        other.targets.add(TargetFactory(scheme="LAA"), TargetFactory(scheme="LAA"))

    assert sorted(row["deliverable"] for row in rows(member, ACTIONS, **query)) == found


@pytest.mark.parametrize(
    "query", [{"due": "2010-13"}, {"due": "\0"}, {"unit": "\0"}, {"scheme": "x"}, {"manager": "\0"}], ids=str
)
def test_a_filter_that_makes_no_sense_shows_nothing_and_exports_nothing(
    query: dict[str, str], member: Client, action: KeyAction
) -> None:
    shown = member.get(ACTIONS, query)

    assert shown.status_code == 200
    assert "The filter shows nothing" in shown.content.decode()
    assert member.get(ACTIONS, {**query, "_export": "csv"}).status_code == 400


@pytest.mark.parametrize("turned", ["", "-"])
@pytest.mark.parametrize("column", DeliverableTable._meta.fields)
def test_actions_sort_by_each_column(column: str, turned: str, member: Client, action: KeyAction) -> None:
    other = KeyActionFactory(unit=UnitFactory(name="Zebra"), text="zeal", plan=action.plan)
    DeliverableFactory(
        action=other, text="Zz", managers="aa", due_start=date(2009, 9, 1), due_end=date(2009, 9, 30),
        due_precision="month",
    )  # fmt: skip
    DeliverableFactory(action=KeyActionFactory(unit=None, plan=action.plan, section="Sections"), text="")

    shown = member.get(ACTIONS, {"sort": f"{turned}{column}"})

    keys = {
        "action": lambda row: row.action.text.lower(),
        "text": lambda row: row.text.lower(),
        "managers": lambda row: row.managers.lower(),
        "due": lambda row: row.due_end,
        "place": lambda row: row.action.unit.name.lower() if row.action.unit else None,
    }
    values = [keys[column](row) for row in shown.context["page"].object_list]
    there = [value for value in values if value]
    assert there == sorted(there, reverse=bool(turned))
    assert values[: len(there)] == there  # blanks come last either way


def test_list_shows_the_section_where_there_is_no_unit(member: Client, action: KeyAction) -> None:
    DeliverableFactory(action=KeyActionFactory(unit=None, plan=action.plan, section="CFE Specific Projects"))

    shown = text_of(member, ACTIONS)

    assert "3 deliverables" in shown and "CFE Specific Projects" in shown


def test_list_shows_the_printed_words_where_they_are_no_plain_date(member: Client, action: KeyAction) -> None:
    changed(first_of(action), due_start=None, due_end=None, due_precision="unknown", due_printed="Sept 2009 On-going")

    assert "Not read as a date Sept 2009 On-going" in text_of(member, ACTIONS)


# A unit's actions


def test_unit_page_shows_each_deliverable_with_its_action_by_due_date(member: Client, action: KeyAction) -> None:
    DeliverableFactory(action__plan=action.plan, text="Of another unit")

    page = member.get(f"{ACTIONS}{action.unit.slug}/").content.decode()

    shown = words(page)
    assert (
        "500 cases processed Action: Reduce persistent absence Lindy Whitfield; Eleanor Morgan CYPP 5 March 2010"
    ) in shown
    assert "No date printed 1 deliverable Two projects in place" in shown
    assert "Of another unit" not in page


def test_unit_page_shows_its_consultations(member: Client, action: KeyAction) -> None:
    ConsultationFactory(unit=action.unit, plan=action.plan, name="Kent online survey", target_group="Kent pupils")

    shown = text_of(member, f"{ACTIONS}{action.unit.slug}/")

    assert "Kent online survey" in shown and "Who is asked Kent pupils" in shown


def test_unit_page_exports_the_units_own_actions(member: Client, action: KeyAction) -> None:
    DeliverableFactory(action__plan=action.plan)

    assert len(rows(member, f"{ACTIONS}{action.unit.slug}/")) == 2


def test_unit_without_actions_says_so(member: Client, unit: Unit) -> None:
    assert "No action of this unit is loaded for 2009/10." in text_of(member, f"{ACTIONS}{unit.slug}/")


# One action


def test_action_page_says_who_what_for_and_how_it_was_read(client: Client, auditor: User, action: KeyAction) -> None:
    repair = {"rule": "target named in the action", "column": "links", "was": "CYPP", "now": "CYPP 5"}
    changed(first_of(action), provenance=ProvenanceFactory(lines=[983], repairs=[repair], loaded={"text": "500 cases"}))
    with change_set(by=None, why="", door="Test"):
        action.managers.add(OfficerFactory(name="Lindy Whitfield"))
        action.targets.add(TargetFactory(scheme="CYPP", code="5"))
        action.provenance = ProvenanceFactory(lines=[983])
        action.save()
    client.force_login(auditor)

    page = client.get(action.get_absolute_url()).content.decode()

    shown = words(page)
    assert "Managers Lindy Whitfield Counts towards CYPP 5" in shown
    assert "March 2010 by 31 March 2010" in shown
    assert "Target named in the action. Printed “CYPP”, read as “CYPP 5”." in shown
    assert "Changed since it was loaded" in shown
    assert f"/printed/{action.provenance_id}/#line-983" in page


@pytest.mark.parametrize("address", ["99999999999999999999/", "99999999999999999999/edit/", "0/", "0/edit/"])
def test_an_action_that_is_not_there_is_not_found(address: str, member: Client) -> None:
    assert member.get(f"/projects/actions/{address}").status_code == 404


@pytest.mark.parametrize("address", ["9999-00/", "2009-10/nowhere/", "2009-11/", "2008-09/x/"])
def test_an_address_of_no_year_or_unit_is_not_found(address: str, member: Client, action: KeyAction) -> None:
    assert member.get(f"/projects/{address}").status_code == 404


# The form


@pytest.mark.parametrize(
    ("typed", "start", "end", "precision"),
    [
        ("April 2010", "2010-04-01", "2010-04-30", "month"),
        ("31 March 2010", "2010-03-31", "2010-03-31", "day"),
        ("Mar-Sept 2009", "2009-03-01", "2009-09-30", "period"),
        ("on-going", None, None, "on-going"),
        ("Ongoing to June 2010", "2010-06-01", "2010-06-30", "on-going"),
        ("Easter 2010", None, None, "unknown"),
        ("when the board <b>agrees</b>", None, None, "unknown"),
        ("", None, None, ""),
    ],
)
def test_form_reads_a_date_as_precisely_as_it_is_typed(
    typed: str, start: str | None, end: str | None, precision: str, manager: Client, action: KeyAction
) -> None:
    deliverable = first_of(action)

    answer = manager.post(edit_url(action), form_of(manager, action) | {f"{deliverable.pk}-due_printed": typed})

    assert answer.headers["Location"] == action.get_absolute_url()
    saved = Deliverable.objects.get(pk=deliverable.pk)
    days = tuple(day and day.isoformat() for day in (saved.due_start, saved.due_end))
    assert (*days, saved.due_precision, saved.due_printed) == (start, end, precision, typed)
    assert due_in_words(saved.due_start, saved.due_end, precision) in text_of(manager, action.get_absolute_url())


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"due_printed": "Marhc 2010"}, "“marhc” is no month."),
        ({"due_printed": "Sept 20009"}, "“20009” is no year near the plan’s."),
        ({"due_printed": "31 February 2010"}, "No calendar has that day."),
        ({"due_printed": "June 2009, Sept 2009"}, "gives 2 dates. Give one, and add a deliverable"),
        ({"due_printed": "x" * 201}, "A date needs at most 200 letters."),
        ({"due_printed": "a\0b"}, "Null characters are not allowed."),
        ({"text": ""}, "Say what is to be delivered."),
        ({"text": "a\0b"}, "Null characters are not allowed."),
    ],
    ids=str,
)
def test_form_refuses_in_words_and_keeps_what_was_typed(
    typed: dict[str, str], says: str, manager: Client, action: KeyAction
) -> None:
    deliverable = first_of(action)
    sent = form_of(manager, action) | {f"{deliverable.pk}-{name}": value for name, value in typed.items()}

    answer = manager.post(edit_url(action), sent)

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "There is a problem" in page and "<title>Error: " in page
    assert says in page.replace("&#x27;", "'")
    assert Deliverable.objects.get(pk=deliverable.pk).version == 1
    form = next(form for form in answer.context["forms"] if form.instance == deliverable)
    assert all(form[name].value() == value for name, value in typed.items())


def test_form_changes_the_words_of_the_action_and_history_tells(manager: Client, action: KeyAction) -> None:
    sent = form_of(manager, action) | {"text": "Reduce absence", f"{first_of(action).pk}-text": "600 cases"}

    manager.post(edit_url(action), sent)

    shown = text_of(manager, action.get_absolute_url())
    assert "Martha Manager" in shown and "Agreed with the team" in shown
    assert "Action: Reduce persistent absence → Reduce absence" in shown
    assert "Deliverable “500 cases processed”: deliverable: 500 cases processed → 600 cases" in shown


def test_form_refuses_a_blank_action_and_one_that_is_there_already(manager: Client, action: KeyAction) -> None:
    KeyActionFactory(plan=action.plan, unit=action.unit, text="Another")
    sent = form_of(manager, action)

    blank = manager.post(edit_url(action), sent | {"text": " "}).content.decode()
    same = manager.post(edit_url(action), sent | {"text": "Another"}).content.decode()

    assert "Enter the action." in blank
    assert "The plan already has that action there." in same


def test_form_demands_a_reason_once_the_plan_is_adopted(manager: Client, action: KeyAction) -> None:
    put_into(action.plan, PlanState.ADOPTED)
    answer = manager.post(edit_url(action), form_of(manager, action) | {"text": "Reduce absence", "why": " "})

    assert "Say why you make this change." in answer.content.decode()
    assert KeyAction.objects.get(pk=action.pk).version == 1


def test_form_adds_a_deliverable_with_the_managers_and_links_of_the_others(manager: Client, action: KeyAction) -> None:
    sent = form_of(manager, action) | {"new-text": "Training held", "new-due_printed": "Sept 2009"}

    manager.post(edit_url(action), sent)

    added = action.deliverables.order_by("position").last()
    assert (added.text, added.managers, added.links) == ("Training held", "Lindy Whitfield; Eleanor Morgan", "CYPP 5")
    assert (added.due_end, added.due_precision, added.provenance) == (date(2009, 9, 30), "month", None)
    assert "Deliverable “Training held”: none → added" in text_of(manager, action.get_absolute_url())
    assert "Entered here" in text_of(manager, action.get_absolute_url())


def test_form_adds_a_deliverable_without_managers_where_the_others_disagree(manager: Client, action: KeyAction) -> None:
    changed(first_of(action), managers="CMT")

    manager.post(edit_url(action), form_of(manager, action) | {"new-text": "Training held"})

    assert action.deliverables.get(text="Training held").managers == ""


def test_form_refuses_a_date_without_its_deliverable(manager: Client, action: KeyAction) -> None:
    answer = manager.post(edit_url(action), form_of(manager, action) | {"new-due_printed": "March 2010"})

    assert "Say what is to be delivered." in answer.content.decode()
    assert action.deliverables.count() == 2


def test_form_removes_a_deliverable_and_history_tells(manager: Client, action: KeyAction) -> None:
    deliverable = first_of(action)

    manager.post(edit_url(action), form_of(manager, action) | {f"{deliverable.pk}-remove": "on"})

    assert [left.text for left in action.deliverables.all()] == ["Two projects in place"]
    assert "Deliverable “500 cases processed”: there → removed" in text_of(manager, action.get_absolute_url())


def test_form_keeps_at_least_one_deliverable(manager: Client, action: KeyAction) -> None:
    ticks = {f"{deliverable.pk}-remove": "on" for deliverable in action.deliverables.all()}

    refused = manager.post(edit_url(action), form_of(manager, action) | ticks)
    assert "An action keeps at least one deliverable" in refused.content.decode()
    assert action.deliverables.count() == 2

    manager.post(edit_url(action), form_of(manager, action) | ticks | {"new-text": "Only this"})
    assert [left.text for left in action.deliverables.all()] == ["Only this"]


def test_form_leaves_a_date_alone_that_was_not_touched(manager: Client, action: KeyAction) -> None:
    deliverable = first_of(action)
    changed(deliverable, due_printed="2010 (March)", due_precision="month")  # as a declared correction may read it

    manager.post(edit_url(action), form_of(manager, action) | {f"{deliverable.pk}-text": "600 cases"})

    saved = Deliverable.objects.get(pk=deliverable.pk)
    assert (saved.text, saved.due_end, saved.due_precision) == ("600 cases", date(2010, 3, 31), "month")


def test_form_keeps_lines_of_words_as_they_were(manager: Client, action: KeyAction) -> None:
    deliverable = first_of(action)
    changed(deliverable, text="One\nTwo")
    before = ChangeSet.objects.count()

    manager.post(edit_url(action), form_of(manager, action) | {f"{deliverable.pk}-text": "One\r\nTwo"})

    assert ChangeSet.objects.count() == before


@pytest.mark.parametrize(
    "typed", [{"new-text": "Training held"}, {"remove": "on"}, {"new-text": "Training held", "remove": "on"}], ids=str
)
def test_form_sent_twice_is_one_change(typed: dict[str, str], manager: Client, action: KeyAction) -> None:
    pk = first_of(action).pk
    sent = form_of(manager, action) | {name if name != "remove" else f"{pk}-remove": typed[name] for name in typed}
    manager.post(edit_url(action), sent)
    left = list(action.deliverables.values_list("text", flat=True))
    before = ChangeSet.objects.count()

    answer = manager.post(edit_url(action), sent, follow=True)

    assert "sent twice" in answer.content.decode()
    assert ChangeSet.objects.count() == before
    assert list(action.deliverables.values_list("text", flat=True)) == left


def test_form_refuses_a_stale_deliverable_and_shows_all_three(manager: Client, action: KeyAction) -> None:
    deliverable = first_of(action)
    sent = form_of(manager, action) | {f"{deliverable.pk}-text": "600 cases", "new-text": "Training held"}
    changed(deliverable, text="550 cases", due_printed="April 2010")

    answer = manager.post(edit_url(action), sent)

    assert answer.status_code == 409
    shown = words(answer.content.decode())
    assert "Put right by the board" in shown
    assert "Deliverable 1 both changed 500 cases processed 550 cases 600 cases" in shown
    assert "Deliverable 1, due March 2010 April 2010 March 2010" in shown
    again = sent_by(answer)
    assert again["new-text"] == "Training held"
    assert again[f"{deliverable.pk}-due_printed"] == "April 2010"
    assert manager.post(edit_url(action), again).status_code == 302
    assert Deliverable.objects.get(pk=deliverable.pk).text == "600 cases"
    assert action.deliverables.filter(text="Training held").exists()


def test_form_is_refused_where_another_removed_a_deliverable_and_keeps_what_was_typed_for_it(
    manager: Client, action: KeyAction
) -> None:
    deliverable = first_of(action)
    sent = form_of(manager, action) | {f"{deliverable.pk}-text": "600 cases"}
    with change_set(by=None, why="No longer wanted", door="Test"):
        deliverable.delete()

    answer = manager.post(edit_url(action), sent)

    assert answer.status_code == 409
    shown = words(answer.content.decode())
    assert "No longer wanted" in shown
    whose = "March 2010; Lindy Whitfield; Eleanor Morgan; CYPP 5"
    assert f"500 cases processed; {whose} removed 600 cases; {whose}" in shown
    assert manager.post(edit_url(action), sent_by(answer) | {"text": "Reduce absence"}).status_code == 302


def test_form_is_refused_where_another_added_a_deliverable_which_it_then_has(
    manager: Client, action: KeyAction
) -> None:
    sent = form_of(manager, action) | {"text": "Reduce absence"}
    added = DeliverableFactory(action=action, text="Added since", position=3)

    answer = manager.post(edit_url(action), sent)

    assert answer.status_code == 409
    assert "Deliverable none Added since none" in words(answer.content.decode())
    again = sent_by(answer)
    assert (again["text"], again[f"{added.pk}-text"]) == ("Reduce absence", "Added since")
    assert manager.post(edit_url(action), again).status_code == 302
    assert Deliverable.objects.get(pk=added.pk).version == 1


def test_form_takes_no_notice_of_a_deliverable_of_another_action(manager: Client, action: KeyAction) -> None:
    other = DeliverableFactory(text="Not yours")
    sent = form_of(manager, action) | {f"{other.pk}-version": "1", f"{other.pk}-text": "Mine", "text": "Reduce absence"}

    assert manager.post(edit_url(action), sent | {f"{'9' * 30}-version": "1"}).status_code == 302
    assert Deliverable.objects.get(pk=other.pk).text == "Not yours"


def test_form_is_for_the_manager_of_that_unit_only(manager: Client) -> None:
    other = DeliverableFactory().action

    assert manager.get(edit_url(other)).status_code == 403
    assert manager.post(edit_url(other), {}).status_code == 403
    assert edit_url(other) not in manager.get(other.get_absolute_url()).content.decode()


def test_form_on_an_action_of_a_section_is_for_no_manager_of_a_unit(manager: Client) -> None:
    assert manager.get(edit_url(KeyActionFactory(unit=None, section="CFE Specific Projects"))).status_code == 403


def test_form_on_a_closed_plan_is_refused(manager: Client, action: KeyAction) -> None:
    put_into(action.plan, *CLOSED)

    assert manager.get(edit_url(action)).status_code == 403
    assert edit_url(action) not in manager.get(action.get_absolute_url()).content.decode()


# However much there is


def add(action: KeyAction, number: int) -> None:
    for _ in range(number):
        DeliverableFactory(action=action, march_2010=True, provenance=ProvenanceFactory())
        other = DeliverableFactory(action__unit=action.unit, action__plan=action.plan).action
        ConsultationFactory(unit=action.unit, plan=action.plan)
        with change_set(by=None, why="", door="Test"):
            for row in (action, other):
                row.managers.add(OfficerFactory())
                row.targets.add(TargetFactory())


@pytest.mark.parametrize("page", ["list", "sorted and filtered", "export", "unit", "action", "form"])
def test_pages_take_the_same_queries_however_many_rows(page: str, manager: Client, action: KeyAction) -> None:
    url = {
        "list": ACTIONS,
        "sorted and filtered": f"{ACTIONS}?sort=-due&due=2010-03&scheme=T2010&manager=a",
        "export": f"{ACTIONS}?_export=csv",
        "unit": f"{ACTIONS}{action.unit.slug}/",
        "action": action.get_absolute_url(),
        "form": edit_url(action),
    }[page]
    add(action, 1)
    few = queries(manager, url)

    add(action, 20)

    assert queries(manager, url) == few


def test_saving_one_deliverable_takes_the_same_queries_however_many_there_are(
    manager: Client, action: KeyAction
) -> None:
    pk = first_of(action).pk
    few = queries(manager, edit_url(action), form_of(manager, action) | {f"{pk}-text": "600 cases"})

    for position in range(3, 23):
        DeliverableFactory(action=action, position=position)

    assert queries(manager, edit_url(action), form_of(manager, action) | {f"{pk}-text": "700 cases"}) == few


# By month


@pytest.fixture
def september(settings: Any) -> None:
    settings.TODAY = date(2009, 9, 21)


def due(action: KeyAction, end: str | None, *, precision: str = "month", start: str = "", **more: Any) -> Deliverable:
    made: Deliverable = DeliverableFactory(
        action=action,
        due_start=(start or f"{end[:8]}01") if end else None,
        due_end=end,
        due_precision=precision,
        **more,
    )
    return made


def test_unit_page_goes_month_by_month_and_says_which_are_over(
    september: None, member: Client, action: KeyAction
) -> None:
    due(action, "2009-03-31", text="Of last year")
    due(action, "2009-08-31", text="Of last month")
    due(action, "2009-09-30", text="Of this month")
    due(action, "2010-04-30", text="Of next year")
    due(action, None, precision="on-going", text="Always")
    due(action, None, precision="unknown", text="Unread", due_printed="Mar 09 Sep 09")

    shown = text_of(member, f"{ACTIONS}{action.unit.slug}/")

    order = [
        "March 2009 1 deliverable; before the plan’s year Of last year",
        "August 2009 1 deliverable; due before today Of last month",
        "September 2009 1 deliverable; this month Of this month",
        "March 2010 1 deliverable 500 cases",
        "April 2010 1 deliverable; after the plan’s year Of next year",
        "On-going, without an end 1 deliverable Always",
        "Dates that could not be read or paired 1 deliverable Unread",
        "No date printed 1 deliverable Two projects",
    ]
    places = [shown.index(text) for text in order]
    assert places == sorted(places)
    assert "1 is due this month; 2 were due before today; 1 has dates that could not be read or paired" in shown


@pytest.mark.parametrize(("today", "over"), [("2010-03-31", False), ("2010-04-01", True)])
def test_a_month_is_over_on_the_day_after_its_last(
    today: str, over: bool, member: Client, action: KeyAction, settings: Any
) -> None:
    settings.TODAY = date.fromisoformat(today)

    assert ("by 31 March 2010, before today" in text_of(member, action.get_absolute_url())) is over
    assert ("March 2010 1 deliverable; due before today" in text_of(member, f"{ACTIONS}{action.unit.slug}/")) is over


def test_deliverables_that_share_date_and_managers_stand_together(member: Client, action: KeyAction) -> None:
    shared = {"managers": "Lindy Whitfield", "links": "", "due_printed": "Sept 2009"}
    for text in ("One", "Two"):
        due(action, "2009-09-30", text=text, **shared)
    due(action, "2009-09-30", text="Three", **shared | {"managers": "Simon Fox"})

    page = member.get(f"{ACTIONS}{action.unit.slug}/").content.decode()

    assert "<ul><li>One</li><li>Two</li></ul>" in page
    assert "3 deliverables" in words(page) and "<li>Three</li>" not in page


def test_list_says_first_how_much_there_is_and_what_is_due(september: None, member: Client, action: KeyAction) -> None:
    due(action, "2009-09-30")
    due(action, None, precision="unknown")
    due(KeyActionFactory(plan=action.plan), "2009-03-31")
    due(KeyActionFactory(plan=action.plan), "2010-05-31")

    page = member.get(ACTIONS).content.decode()

    shown = words(page)
    assert (
        "3 actions have 6 deliverables. 1 is due this month , September 2009. 1 has a date that could not be" in shown
    )
    assert "1 is printed with a date before April 2009. 1 is due after March." in shown
    assert re.findall(r'href="\?due=(\d[\d-]*)#all">(\d+)</a></td>', page) == [("2009-09", "1"), ("2010-03", "1")]


def test_list_of_a_year_without_actions_says_so(member: Client, unit: Unit) -> None:
    assert "No action is loaded for 2009/10." in text_of(member, ACTIONS)


def test_list_shows_an_action_once_over_its_deliverables(member: Client, action: KeyAction) -> None:
    page = member.get(ACTIONS).content.decode()

    assert page.count('rowspan="2"') == 2
    assert page.count(f'href="{action.get_absolute_url()}"') == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"manager": "anne parnell"}, 2),  # known of the action, whatever is printed beside the deliverable
        ({"code": "action 38"}, 2),
        ({"code": "Action 38", "scheme": "CYPP"}, 2),
        ({"code": "Action 38", "scheme": "T2010"}, 0),
        ({"scheme": "T2010"}, 2),
        ({"due": "unread"}, 1),
    ],
    ids=str,
)
def test_list_finds_what_an_action_is_tied_to(
    query: dict[str, str], found: int, member: Client, action: KeyAction
) -> None:
    other = due(KeyActionFactory(plan=action.plan), None, precision="unknown").action
    with change_set(by=None, why="", door="Test"):
        action.managers.add(OfficerFactory(name="Anne Parnell"))
        action.targets.add(TargetFactory(scheme="CYPP", code="Action 38"), TargetFactory(scheme="T2010", code="12"))
    TargetFactory(scheme="T2010", code="Action 38")  # of another scheme, and of no action

    assert other.pk
    assert len(rows(member, ACTIONS, **query)) == found


# Short titles


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Data management", "Data management"),
        ("x" * 90, "x" * 90),
        ("Reduce the number of young people known to YOS. " + "Through continuation of services " * 3, None),
        ("Support for organisational change of schools, " + "in every one of their communities " * 3, None),
        ("word " * 30, "word " * 17 + "word …"),
        ("x" * 200, f"{'x' * 90} …"),
    ],
)
def test_title_is_the_first_clause_of_a_long_text(text: str, title: str | None) -> None:
    clauses = {
        "R": "Reduce the number of young people known to YOS",
        "S": "Support for organisational change of schools …",
    }

    assert title_of(text) == (title or clauses[text[0]])


def test_action_page_has_a_short_title_and_the_words_in_full(member: Client, action: KeyAction) -> None:
    long = "Reduce persistent absence in every secondary school, " + "with the help of the partnerships " * 3
    with change_set(by=None, why="", door="Test"):
        action.text = long
        action.save()

    page = member.get(action.get_absolute_url()).content.decode()

    assert ">Reduce persistent absence in every secondary school …</h1>" in page
    assert long.strip() in words(page)


# One action: what it is tied to


def test_action_page_leads_to_the_actions_of_its_officers_and_targets(member: Client, action: KeyAction) -> None:
    with change_set(by=None, why="", door="Test"):
        action.managers.add(OfficerFactory(name="PEP & Seniors"))
        action.targets.add(TargetFactory(scheme="CYPP", code="Action 38"), TargetFactory(scheme="V4K", code=""))

    page = member.get(action.get_absolute_url()).content.decode()

    for query in ("manager=PEP%20%26%20Seniors", "scheme=CYPP&amp;code=Action%2038", "scheme=V4K"):
        found = re.search(rf'href="([^"]*\?{re.escape(query)})#all"', page)
        assert found, query
        assert len(rows(member, found[1].replace("&amp;", "&"))) == 2


@pytest.mark.parametrize(
    ("printed", "says"),
    [
        ("Sept 2009 June 2009", "3 deliverables and 2 dates stand in one printed cell and cannot be paired"),
        ("Easter 2010", ""),
    ],
)
def test_action_page_says_which_dates_cannot_be_paired(
    printed: str, says: str, member: Client, action: KeyAction
) -> None:
    other = KeyActionFactory(unit=action.unit, plan=action.plan)
    for number in range(3):
        due(other, None, precision="unknown", due_printed=printed, text=f"Number {number}")

    shown = text_of(member, other.get_absolute_url())

    assert (says in shown) if says else ("cannot be paired" not in shown)
    assert "Not read as a date" in shown


def test_action_page_names_the_measures_of_its_targets(member: Client, action: KeyAction) -> None:
    shared = TargetFactory(scheme="CYPP", code="Action 38")
    whole = TargetFactory(scheme="CYPP", code="")
    serving, other, national = (
        ListingFactory(plan=action.plan, indicator__title=title, code=code)
        for title, code in (("Serves it too", ""), ("Serves the scheme", ""), ("Is the indicator", "NI 103 a)"))
    )
    ListingFactory(plan=action.plan, code="NI 103 b)", indicator__title="Is another indicator")
    with change_set(by=None, why="", door="Test"):
        action.targets.add(shared, whole, TargetFactory(scheme="NI", code="103 a"))
        serving.targets.add(shared)
        other.targets.add(whole)
    assert national.pk

    shown = text_of(member, action.get_absolute_url())

    assert "Serves it too" in shown and "Is the indicator" in shown
    assert "Serves the scheme" not in shown and "Is another indicator" not in shown


# The form: who answers, and what for


def test_form_ties_the_action_to_the_officers_and_targets_that_are_typed(manager: Client, action: KeyAction) -> None:
    known = OfficerFactory(name="Lindy Whitfield", key="lindy whitfield")
    pk = first_of(action).pk
    sent = form_of(manager, action) | {
        f"{pk}-managers": "Lindy Whitfield; Jo Berry",
        f"{pk}-links": "CYPP 5; T2010 Target 12; <b>Devolution</b>",
    }

    manager.post(edit_url(action), sent)

    assert known in action.managers.all()
    assert {officer.name for officer in action.managers.all()} == {"Lindy Whitfield", "Jo Berry", "Eleanor Morgan"}
    assert {str(target) for target in action.targets.all()} == {"CYPP 5", "T2010 Target 12"}
    shown = text_of(manager, action.get_absolute_url())
    assert "managers: Lindy Whitfield; Eleanor Morgan → Lindy Whitfield; Jo Berry" in shown
    assert "links to corporate targets: CYPP 5 → CYPP 5; T2010 Target 12; &lt;b&gt;Devolution&lt;/b&gt;" in shown
    made = ChangeSet.objects.latest("pk")
    assert (made.why, made.door) == ("Agreed with the team", "action form")


def test_form_unties_what_no_deliverable_names_any_more(manager: Client, action: KeyAction) -> None:
    with change_set(by=None, why="", door="Test"):
        action.tie()
    sent = form_of(manager, action)
    for deliverable in action.deliverables.all():
        sent |= {f"{deliverable.pk}-managers": "Eleanor Morgan", f"{deliverable.pk}-links": ""}

    manager.post(edit_url(action), sent)

    assert [officer.name for officer in action.managers.all()] == ["Eleanor Morgan"]
    assert not action.targets.exists()


def test_form_that_changes_no_names_leaves_the_ties_alone(manager: Client, action: KeyAction) -> None:
    with change_set(by=None, why="", door="Test"):
        action.managers.add(OfficerFactory(name="Known otherwise"))

    manager.post(edit_url(action), form_of(manager, action) | {f"{first_of(action).pk}-text": "600 cases"})

    assert [officer.name for officer in action.managers.all()] == ["Known otherwise"]


def test_form_asks_which_managers_are_right_where_both_changed_them(manager: Client, action: KeyAction) -> None:
    deliverable = first_of(action)
    sent = form_of(manager, action) | {f"{deliverable.pk}-managers": "Simon Fox"}
    changed(deliverable, managers="Jo Berry")

    answer = manager.post(edit_url(action), sent)

    assert answer.status_code == 409
    assert "you have “Simon Fox”, and it is “Jo Berry” now" in answer.content.decode()


def test_blank_deliverable_stays_blank_whatever_became_of_the_others(manager: Client, action: KeyAction) -> None:
    sent = form_of(manager, action) | {"text": "Reduce absence"}
    changed(first_of(action), managers="Jo Berry")
    again = sent_by(manager.post(edit_url(action), sent))

    assert manager.post(edit_url(action), again).status_code == 302
    assert action.deliverables.count() == 2


@pytest.mark.parametrize(
    ("typed", "reads"),
    [
        ("Mar 2010", "March 2010 printed “Mar 2010” by 31 March 2010"),
        ("31/03/2010", "31 March 2010"),
        ("Sept 2009 to March 2010", "September 2009 to March 2010"),
        ("on-going", "On-going"),
    ],
)
def test_form_reads_dates_as_people_write_them_and_shows_how(
    typed: str, reads: str, manager: Client, action: KeyAction
) -> None:
    sent = form_of(manager, action) | {f"{first_of(action).pk}-due_printed": typed}

    manager.post(edit_url(action), sent)

    assert reads in text_of(manager, action.get_absolute_url())
    assert f"Read as: {reads.split(' printed')[0]}" in text_of(manager, edit_url(action))


def test_every_page_takes_at_most_twelve_queries(manager: Client, action: KeyAction) -> None:
    add(action, 50)

    pages = [ACTIONS, f"{ACTIONS}?sort=-due&due=2010-03&scheme=T2010&code=1&manager=a&text=a&page=2"]
    pages += [f"{ACTIONS}{action.unit.slug}/", action.get_absolute_url(), edit_url(action)]
    assert max(queries(manager, page) for page in pages) <= 12


# The published plans


def test_published_deliverables_are_listed_as_the_report_gives_them(published: None, member: Client) -> None:
    found = rows(member, ACTIONS)

    assert len(found) == Deliverable.objects.count() > 220
    assert len({(row["unit"], row["section"], row["action"]) for row in found}) == KeyAction.objects.count()
    assert {row["due"] for row in found if row["due_printed"] == "March 2010"} == {"2010-03"}
    unpaired = [row for row in found if row["due_precision"] == "unknown"]
    assert unpaired and not any(row["due"] for row in unpaired) and all(row["due_printed"] for row in unpaired)


def test_published_actions_all_have_a_page(published: None, member: Client) -> None:
    for action in KeyAction.objects.order_by("pk")[::7]:
        assert member.get(action.get_absolute_url()).status_code == 200


def test_published_action_is_edited_by_its_manager(published: None, client: Client) -> None:
    client.force_login(User.objects.get(email="manager@example.org"))
    action = KeyAction.objects.filter(unit__name="Attendance and Behaviour Service").order_by("position")[0]
    pk = first_of(action).pk

    client.post(edit_url(action), form_of(client, action) | {f"{pk}-due_printed": "30 June 2010"})

    assert "30 June 2010" in text_of(client, action.get_absolute_url())

"""The history as people read it: the whole plan's, an object's, one change set; its words, filters, rights and files."""

import csv
import io
import json
from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from budgets.models import TYPED_FIGURES, BudgetLine
from history.changes import change_set
from history.models import ChangeSet
from history.tracked import tracked_models, value_of
from history.whole import Asked, change_sets, row_changes
from kentplan.history import page as pages
from kentplan.history.naming import Names, words_of, words_of_many
from kentplan.history.places import Kind, Named, kind_of, scope_of
from kentplan.history.telling import passages, tell
from people.models import Grant, Role, User
from plans.models import PlanState, Unit
from plans.telling import label_of
from tests.factories import (
    BudgetLineFactory,
    ConsultationFactory,
    DeliverableFactory,
    FigureFactory,
    UnitFactory,
    UnitYearFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def edit(
    row: Any, *, by: User | None = None, why: str = "Pay award", door: str = "budget line form", **fields: Any
) -> ChangeSet:
    with change_set(by=by, why=why, door=door) as made:
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
    return made


def told(made: ChangeSet, *, see_people: bool = True) -> list[Any]:
    """The rows of a change set, in words."""
    changes = row_changes(scope_of(see_people=see_people), [made.pk])
    names = Names(changes)
    return [row for row in (tell(change, names) for change in changes) if row is not None]


def words(made: ChangeSet) -> list[str]:
    """Each field of each row: "Employee costs 1,515.0 → 1,540.0 on Statemented Pupil Support"."""
    return [f"{field.label} {field.was} → {field.became} on {row.name}" for row in told(made) for field in row.fields]


def read(client: Client, url: str = "/history/", **query: Any) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200, (url, query, answer.status_code)
    return " ".join(answer.content.decode().split())


def lines(client: Client, url: str = "/history/", **query: Any) -> list[dict[str, Any]]:
    answer = client.get(url, {"_export": "json", **query})
    assert answer.status_code == 200
    found: list[dict[str, Any]] = json.loads(answer.content)
    return found


@pytest.fixture
def line(db: None) -> BudgetLine:
    place = UnitYearFactory(unit__name="Attendance and Behaviour Service")
    made: BudgetLine = BudgetLineFactory(
        unit=place.unit,
        plan__year=place.year,
        activity="Statemented Pupil Support",
        employee=Decimal("1515"),
        running=None,
        position=3,
    )
    return made


@pytest.fixture
def as_member(client: Client, poc_member: User) -> Client:
    client.force_login(poc_member)
    return client


@pytest.fixture
def as_auditor(client: Client, auditor: User) -> Client:
    client.force_login(auditor)
    return client


# The tables


def test_every_table_with_a_history_is_of_a_model_and_has_a_kind_and_words() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'history'")
        tables = {name for (name,) in cursor.fetchall()}

    assert {model._meta.db_table for model in tracked_models()} == tables
    for model in tracked_models():
        assert kind_of(model) in Kind
        assert words_of(model)
        assert "_" not in words_of_many(model, 2) and "+" not in words_of_many(model, 2)


# Words


def test_a_figure_is_told_in_thousands_with_a_decimal_and_blank_is_not_nought(
    line: BudgetLine, finance_officer: User
) -> None:
    edit(line, external_income=None)
    made = edit(line, by=finance_officer, employee=Decimal(1540), running=Decimal(0), external_income=Decimal("-2.25"))

    assert words(made) == [
        "Employee costs 1,515.0 → 1,540.0 on Statemented Pupil Support",
        "Running costs nothing → 0.0 on Statemented Pupil Support",
        "External income nothing → −2.25 on Statemented Pupil Support",
    ]


def test_choices_days_truths_and_other_rows_are_told_in_words(line: BudgetLine, finance_officer: User) -> None:
    deliverable = DeliverableFactory(due_start=None, due_end=None, due_precision="")
    day = date(2009, 6, 3)
    dated = edit(deliverable, due_start=day, due_end=day, due_precision="day")
    other = UnitFactory(name="Clusters")
    moved = edit(line, unit=other)
    closed = edit(line.plan, state=PlanState.ADOPTED)
    gone = edit(finance_officer, is_active=False)

    assert [text.split(" on ")[0] for text in words(dated)] == [
        "Due from nothing → 3 June 2009",
        "Due by nothing → 3 June 2009",
        "How precise the date is nothing → Day",
    ]
    assert words(moved) == ["Unit Attendance and Behaviour Service → Clusters on Statemented Pupil Support"]
    assert [text.split(" on ")[0] for text in words(closed)] == ["State Draft → Adopted"]
    assert words(gone) == ["May sign in yes → no on Frances Finance"]


def test_a_value_of_a_measure_keeps_the_decimals_that_it_was_given() -> None:
    figure = FigureFactory(status="value", value=Decimal("7.35"))

    made = edit(figure, value=Decimal("65.0"))

    (row,) = told(made)
    assert [(field.label, field.was, field.became) for field in row.fields] == [("Value", "7.35", "65.0")]
    assert row.name.endswith(str(figure.listing.title))
    assert row.url == figure.listing.get_absolute_url()


def test_a_link_between_rows_is_told_of_the_row_that_has_it() -> None:
    plan, unit = BudgetLineFactory().plan, UnitFactory(name="Clusters")
    with change_set(by=None, why="Theirs too", door="Test") as made:
        plan.units.add(unit)
    with change_set(by=None, why="Not theirs", door="Test") as unmade:
        plan.units.remove(unit)

    assert words(made) == [f"Units nothing → Clusters on {plan}"]
    assert words(unmade) == [f"Units Clusters → nothing on {plan}"]


def test_what_is_gone_still_has_its_name(line: BudgetLine) -> None:
    deliverable = DeliverableFactory(text="A charter", action__text="Write it", action__unit=line.unit)
    action = deliverable.action
    with change_set(by=None, why="Dropped", door="Test") as made:
        deliverable.delete()
    with change_set(by=None, why="Dropped too", door="Test"):
        action.delete()

    (row,) = told(made)

    assert (row.operation, row.name, row.url) == ("removed", "A charter", "")
    assert row.place.unit == "Attendance and Behaviour Service"


def test_what_one_change_set_does_twice_to_a_row_is_told_once(line: BudgetLine) -> None:
    with change_set(by=None, why="Twice", door="Test") as made:
        line.employee = Decimal(1)
        line.save()
        line.employee = Decimal(2)
        line.save()
        passing = BudgetLineFactory(plan=line.plan, unit=line.unit)
        passing.delete()

    assert words(made) == ["Employee costs 1,515.0 → 2.0 on Statemented Pupil Support"]


def test_where_a_row_came_from_and_its_version_are_untold(line: BudgetLine) -> None:
    with change_set(by=None, why="", door="Test") as made:
        BudgetLine.objects.update(position=4)

    assert words(made) == ["Place in the table 3 → 4 on Statemented Pupil Support"]


def test_a_long_text_is_told_by_the_passage_that_changed() -> None:
    before = "We will visit every school. " * 5 + "The first by May. " + "We will report to the board. " * 5
    after = before.replace("by May", "by June")

    was, became = passages(before, after)

    assert "by May" in was and "by June" in became
    assert was.startswith("… ") and was.endswith(" …") and len(was) < 120
    assert passages("short", "shorter") == ("short", "shorter")


@given(before=st.text(max_size=400), after=st.text(max_size=400))
def test_passages_of_any_texts_are_short_and_differ(before: str, after: str) -> None:
    was, became = passages(before, after)

    assert max(len(was), len(became)) <= max(2 * 90 + 6, 90)


figures = st.none() | st.decimals(min_value=-99_999, max_value=99_999, places=2)


@given(
    edits=st.lists(
        st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(TYPED_FIGURES, figures)
            | {"activity": st.sampled_from(["Tuition", "Transport", "Support"]), "position": st.integers(0, 9)},
        ),
        max_size=4,
    )
)
def test_changes_applied_backwards_give_the_first_state(edits: list[dict[str, Any]]) -> None:
    line: BudgetLine = BudgetLineFactory(activity="Tuition")
    state = BudgetLine.objects.filter(pk=line.pk).values(*TYPED_FIGURES, "activity", "position")
    first = state.get()
    for fields in edits:
        edit(line, **fields)
    scope = scope_of(see_people=False, named=Named(BudgetLine, line.pk))
    now = state.get()

    for made in change_sets(scope, Asked(), before=None, at_most=99):  # newest first
        for change in row_changes(scope, [made.pk]):
            row = tell(change, Names([]))
            told_of = {field.label for field in row.fields} if row else set()
            for name in now if change.before else ():
                field = BudgetLine._meta.get_field(name)
                before, after = (value_of(field, (side or {})[field.column]) for side in (change.before, change.after))
                assert now[name] == after
                assert (before != after) == (label_of(field) in told_of)
                now[name] = before

    assert now == first


# The page


def test_the_history_tells_who_changed_a_figure_from_what_to_what_and_why(
    line: BudgetLine, as_member: Client, finance_officer: User
) -> None:
    made = edit(line, by=finance_officer, employee=Decimal("1540"))

    shown = read(as_member)

    assert 'Employee costs</span> <span class="kp-told__was">1,515.0</span>' in shown
    assert "<b>1,540.0</b> on" in shown
    assert f'<a class="govuk-link" href="{line.get_absolute_url()}">Statemented Pupil Support</a>' in shown
    assert f'href="{line.unit.url_in(line.year)}">Attendance and Behaviour Service</a>' in shown
    assert "<b>Frances Finance</b>" in shown
    assert "Pay award" in shown
    assert f"/history/{made.pk}/" in shown
    assert f"{timezone.localdate():%-d %B %Y}</h2>" in shown


def test_markup_in_reasons_and_names_is_text(line: BudgetLine, as_member: Client) -> None:
    made = edit(line, why="<script>alert(1)</script>", activity="<i>Tuition</i>")

    for url in ("/history/", f"/history/{made.pk}/"):
        shown = read(as_member, url)
        assert "<script>alert" not in shown and "<i>Tuition" not in shown
        assert "&lt;i&gt;Tuition" in shown


def test_a_change_set_of_many_rows_is_counted_and_told_on_its_own_page(line: BudgetLine, as_member: Client) -> None:
    with change_set(by=None, why="Loaded plan.txt", door="load_plan") as made:
        BudgetLine.objects.bulk_create(
            BudgetLine(plan=line.plan, unit=line.unit, year=line.year, activity=f"Activity {number}")
            for number in range(150)
        )
        BudgetLine.objects.filter(pk=line.pk).update(employee=1)

    shown = read(as_member)
    first, second = read(as_member, f"/history/{made.pk}/"), read(as_member, f"/history/{made.pk}/", page=2)

    assert "A load of documents" in shown
    assert "Added 150 budget lines" in shown and "Changed 1 budget line<" in shown
    assert "Activity 7<" not in shown
    assert "Page 1 of 2" in first
    rows = [f"Activity {number}<" in text for number in range(150) for text in (first, second)]
    assert sum(rows) >= 150 and first.count("kp-told__row") == 100 and second.count("kp-told__row") == 51


def test_what_the_owner_changed_outside_any_change_set_is_told_by_time(
    transactional_db: None, as_owner: Any, client: Client
) -> None:
    line = BudgetLineFactory(activity="Tuition", employee=Decimal(1))
    client.force_login(UserFactory(poc_member=True))
    with as_owner, as_owner.cursor() as cursor:
        cursor.execute("UPDATE budgets_budgetline SET employee = 2000 WHERE id = %s", [line.pk])

    shown = read(client)

    assert "The database’s owner" in shown
    assert "<b>2.0</b>" in shown
    assert "The database’s owner" not in read(client, kind="loads")
    assert any(row["who"] == "The database’s owner" and row["became"] == "2.0" for row in lines(client))


def test_pages_follow_one_another_without_gap_or_double(line: BudgetLine, as_member: Client) -> None:
    for figure in range(60):
        edit(line, why=f"Change no. {figure} of many", employee=Decimal(figure))

    seen, query = [], {}
    while True:
        answer = as_member.get("/history/", {"object": f"budgets.budgetline:{line.pk}", **query})
        shown = answer.context["shown"]
        seen += [item.why for day in shown.days for item in day.tellings]
        if shown.older is None:
            break
        query = {"before": shown.older}

    expected = [f"Change no. {figure} of many" for figure in reversed(range(60))]
    assert seen[:60] == expected and len(seen) == 61


# Filters


@pytest.fixture
def three(line: BudgetLine, finance_officer: User, unit_manager: User) -> dict[str, ChangeSet]:
    """A change of the unit's budget, one of another's measure, one of a child of the unit's action."""
    figure = FigureFactory(status="value", value=Decimal(1))
    deliverable = DeliverableFactory(action__unit=line.unit, action__plan=line.plan)
    return {
        "budget": edit(line, by=finance_officer, why="Of the budget", employee=Decimal(2)),
        "measure": edit(figure, by=unit_manager, why="Of the measure", value=Decimal(2)),
        "action": edit(deliverable, by=unit_manager, why="Of the action", text="New words"),
    }


def reasons(client: Client, **query: Any) -> set[str]:
    shown = client.get("/history/", query).context["shown"]
    return {item.why for day in shown.days for item in day.tellings if item.why.startswith("Of the")}


def test_by_unit_it_shows_what_is_the_units_directly_or_through_another_row(
    three: dict[str, ChangeSet], line: BudgetLine, as_member: Client
) -> None:
    assert reasons(as_member, unit=line.unit.slug) == {"Of the budget", "Of the action"}


def test_by_person(three: dict[str, ChangeSet], as_member: Client, finance_officer: User) -> None:
    assert reasons(as_member, person=finance_officer.pk) == {"Of the budget"}


@pytest.mark.parametrize(
    ("kind", "expected"), [("budget", "Of the budget"), ("measures", "Of the measure"), ("actions", "Of the action")]
)
def test_by_kind(kind: str, expected: str, three: dict[str, ChangeSet], as_member: Client) -> None:
    assert reasons(as_member, kind=kind) == {expected}


def test_by_loads(line: BudgetLine, as_member: Client) -> None:
    edit(line, why="Of the load", door="load_plan", employee=Decimal(2))
    edit(line, why="Of the form", door="budget line form", employee=Decimal(3))

    assert reasons(as_member, kind="loads") == {"Of the load"}


def test_by_date(three: dict[str, ChangeSet], as_member: Client) -> None:
    today = timezone.localdate()

    assert len(reasons(as_member, since=today.isoformat(), until=today.isoformat())) == 3
    assert reasons(as_member, since=(today + timedelta(days=1)).isoformat()) == set()
    assert reasons(as_member, until=(today - timedelta(days=1)).isoformat()) == set()
    assert len(reasons(as_member, since=f"{today.day}/{today.month}/{today.year}")) == 3


def test_by_object_with_what_belongs_to_it(three: dict[str, ChangeSet], line: BudgetLine, as_member: Client) -> None:
    action = line.unit.key_actions.get()

    assert reasons(as_member, object=f"budgets.budgetline:{line.pk}") == {"Of the budget"}
    assert reasons(as_member, object=f"projects.keyaction:{action.pk}") == {"Of the action"}
    shown = read(as_member, object=f"budgets.budgetline:{line.pk}")
    assert '<h1 class="kp-h1">Statemented Pupil Support</h1>' in shown


@pytest.mark.parametrize(
    "query",
    [
        {"unit": "no-such"},
        {"person": "0"},
        {"kind": "x"},
        {"since": "yesterday"},
        {"until": "2009-13-40"},
        {"since": "2010-01-02", "until": "2010-01-01"},
        {"object": "budgets.budgetline"},
        {"object": "auth.user:1"},
        {"object": f"budgets.budgetline:{'9' * 40}"},
    ],
)
def test_a_filter_that_makes_no_sense_says_so_and_shows_nothing(
    query: dict[str, str], line: BudgetLine, as_member: Client
) -> None:
    assert "The filter shows nothing" in read(as_member, **query)
    assert as_member.get("/history/", {**query, "_export": "csv"}).status_code == 400


@pytest.mark.parametrize(
    "value", ["\x00", "'", "9" * 30, "-1", "٣", "%00", "é" * 500, "0001-01-01", "9999-12-31", "1e5"]
)
@pytest.mark.parametrize(
    "name", ["unit", "person", "kind", "since", "until", "object", "before", "_export", "page", "as_of"]
)
def test_garbage_in_the_address_is_no_error_of_ours(name: str, value: str, line: BudgetLine, as_member: Client) -> None:
    made = ChangeSet.objects.latest("pk")

    assert as_member.get("/history/", {name: value}).status_code in (200, 400)
    assert as_member.get(f"/history/{made.pk}/", {name: value}).status_code in (200, 400, 404)
    assert as_member.get(f"/history/{'9' * 30}/").status_code == 404


# Rights


@pytest.fixture
def of_people(unit_manager: User) -> ChangeSet:
    with change_set(by=None, why="Of the team", door="role form") as made:
        Grant.objects.create(user=unit_manager, role=Role.POC_MEMBER)
    return made


def test_rows_of_people_are_for_those_who_may_see_people(
    of_people: ChangeSet, line: BudgetLine, client: Client, auditor: User, poc_member: User
) -> None:
    mixed_name = "Zoe Zimmer"
    with change_set(by=None, why="Of the both", door="Test") as mixed:
        UserFactory(name=mixed_name)
        line.employee = Decimal(3)
        line.save()
    url, both = f"/history/{of_people.pk}/", f"/history/{mixed.pk}/"

    client.force_login(auditor)
    assert reasons(client) == {"Of the team", "Of the both"}
    assert "POC member" in read(client, url) and mixed_name in read(client, both)
    assert any(row["kind"] == "people" for row in lines(client))
    assert len(lines(client, url)) == 2

    client.force_login(poc_member)
    assert reasons(client) == {"Of the both"}
    assert client.get(url).status_code == 404
    assert client.get(url, {"_export": "json"}).status_code == 404
    assert mixed_name not in read(client, both) and "Employee costs" in read(client, both)
    assert not any(row["kind"] == "people" for row in lines(client))
    assert "The filter shows nothing" in read(client, kind="people")
    assert "The filter shows nothing" in read(client, object=f"people.user:{auditor.pk}")
    assert "People and their roles" not in read(client)


def test_a_stranger_learns_nothing(line: BudgetLine, client: Client, stranger: User) -> None:
    client.force_login(stranger)

    assert client.get("/history/").status_code == 404
    assert client.get(f"/history/{ChangeSet.objects.latest('pk').pk}/").status_code == 404


def test_only_who_may_reverse_a_change_is_led_there(
    line: BudgetLine, client: Client, finance_officer: User, poc_member: User
) -> None:
    made = edit(line, by=finance_officer, employee=Decimal(3))
    link = f"/history/{made.pk}/reverse/"

    client.force_login(finance_officer)
    assert link in read(client, f"/history/{made.pk}/")
    client.force_login(poc_member)
    assert link not in read(client, f"/history/{made.pk}/")


def test_a_person_who_may_no_longer_sign_in_is_named_still(line: BudgetLine, as_member: Client) -> None:
    gone = UserFactory(name="Gone Gladys", finance_officer=True)
    made = edit(line, by=gone, employee=Decimal(3))
    edit(gone, is_active=False)

    assert "Gone Gladys" in read(as_member)
    assert "(may no longer sign in)" in read(as_member, f"/history/{made.pk}/")


# Files


def test_the_file_holds_what_the_pages_show(three: dict[str, ChangeSet], as_member: Client) -> None:
    made = three["budget"]
    (row,) = [row for row in lines(as_member) if row["change_set"] == str(made.pk)]

    assert row == {
        "when": made_at(made),
        "who": "Frances Finance",
        "door": "budget line form",
        "why": "Of the budget",
        "kind": "budget",
        "unit": "Attendance and Behaviour Service",
        "object": "Statemented Pupil Support",
        "operation": "changed",
        "field": "Employee costs",
        "was": "1,515.0",
        "became": "2.0",
        "change_set": str(made.pk),
    }
    shown = as_member.get("/history/").context["shown"]
    on_page = [
        (item.pk, row.name, field.label, field.was, field.became)
        for day in shown.days
        for item in day.tellings
        for row in item.rows
        for field in row.fields
    ]
    in_file = [
        (int(row["change_set"]), row["object"], row["field"], row["was"] or "nothing", row["became"] or "nothing")
        for row in lines(as_member)
        if row["field"]
    ]
    assert on_page == in_file
    assert lines(as_member, f"/history/{made.pk}/") == [row]


def made_at(made: ChangeSet) -> str:
    return f"{ChangeSet.objects.get(pk=made.pk).at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def test_a_reason_that_begins_like_a_formula_does_not_run(line: BudgetLine, as_member: Client) -> None:
    edit(line, why="=HYPERLINK(1)", employee=Decimal(3))

    rows = list(csv.DictReader(io.StringIO(as_member.get("/history/", {"_export": "csv"}).content.decode())))

    assert rows[0]["why"] == "'=HYPERLINK(1)"


def test_a_file_that_would_be_too_large_is_refused_and_says_what_to_do(
    three: dict[str, ChangeSet], as_member: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "ROWS_AT_MOST", 2)

    answer = as_member.get("/history/", {"_export": "csv"})

    assert answer.status_code == 400
    assert "Narrow it down" in answer.content.decode()


def test_a_file_of_many_change_sets_is_whole(
    line: BudgetLine, as_member: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "AT_ONCE", 3)
    for figure in range(10):
        edit(line, employee=Decimal(figure))

    rows = lines(as_member, object=f"budgets.budgetline:{line.pk}")

    assert [row["became"] for row in rows if row["operation"] == "changed"] == [f"{n}.0" for n in reversed(range(10))]


# On every object


def test_an_objects_page_leads_to_all_its_history(line: BudgetLine, as_member: Client) -> None:
    listing = FigureFactory(listing__unit=line.unit, listing__plan=line.plan).listing
    action = DeliverableFactory(action__unit=line.unit, action__plan=line.plan).action
    for figure in range(12):
        edit(line, employee=Decimal(figure))

    for row, label in ((line, "budgets.budgetline"), (listing, "indicators.listing"), (action, "projects.keyaction")):
        shown = read(as_member, row.get_absolute_url())
        assert f'href="/history/?object={label}:{row.pk}"' in shown
    assert "All its history, 13 changes" in read(as_member, line.get_absolute_url())
    assert f'href="/history/?unit={line.unit.slug}"' in read(as_member, line.unit.url_in(line.year))


# Queries


def make_history(times: int) -> None:
    """Changes of each kind of row, and a load."""
    by = UserFactory(name=f"Person {times}")
    for number in range(times):
        place = UnitYearFactory()
        line = BudgetLineFactory(unit=place.unit, plan__year=place.year)
        figure = FigureFactory(listing__unit=place.unit, listing__plan=line.plan, status="value", value=Decimal(1))
        deliverable = DeliverableFactory(action__unit=place.unit, action__plan=line.plan)
        ConsultationFactory(unit=place.unit, plan=line.plan)
        with change_set(by=by, why=f"No. {number}", door="Test"):
            line.employee = Decimal(number)
            line.save()
            figure.value = Decimal(number + 2)
            figure.save()
            deliverable.text = f"Text {number}"
            deliverable.save()


@pytest.mark.parametrize("who", ["auditor", "poc_member", "finance_officer"])
def test_the_history_makes_at_most_12_queries_at_1_and_50_times_the_data(
    who: str, client: Client, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    numbers: dict[str, list[int]] = {}
    for times in (1, 50):
        make_history(times)
        made = ChangeSet.objects.latest("pk")
        unit = Unit.objects.latest("pk")
        line = BudgetLine.objects.latest("pk")
        for name, url in {
            "all": "/history/",
            "unit": f"/history/?unit={unit.slug}",
            "object": f"/history/?object=budgets.budgetline:{line.pk}",
            "change set": f"/history/{made.pk}/",
        }.items():
            client.get(url)
            numbers.setdefault(name, []).append(queries(url))

    once, many = zip(*numbers.values(), strict=True)
    assert once == many
    # Whether a change set may be reversed is asked of each kind of row in it.
    assert max(numbers.pop("change set")) <= 20
    assert max(map(max, numbers.values())) <= 12

"""The page that reverses a change: who may, what it shows, and what becomes of the form."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from budgets.models import BudgetLine
from history.changes import change_set
from history.models import ChangeSet
from indicators.models import Figure
from kentplan.reversing import may_reverse, reversal_of
from people.models import Grant, User
from plans.models import Unit
from projects.models import Deliverable, KeyAction
from tests.factories import (
    BudgetLineFactory,
    DeliverableFactory,
    FigureFactory,
    GrantFactory,
    KeyActionFactory,
    PortfolioFactory,
    UnitYearFactory,
    UserFactory,
    put_into,
)
from tests.posting import as_opened


@pytest.fixture
def line(db: None) -> BudgetLine:
    return BudgetLineFactory(activity="Prizes", employee=Decimal(5), running=Decimal(5))


@pytest.fixture
def editor(client: Client, finance_officer: User) -> Client:
    client.force_login(finance_officer)
    return client


def changed(
    what: Callable[[], Any], *, by: User | None = None, why: str = "Pay award", door: str = "Test"
) -> ChangeSet:
    with change_set(by=by, why=why, door=door) as made:
        what()
    return made


def edited(line: BudgetLine, **fields: Any) -> ChangeSet:
    return changed(lambda: BudgetLine.objects.filter(pk=line.pk).update(**fields), by=UserFactory(name="Otto Other"))


def address(of: ChangeSet) -> str:
    return f"/history/{of.pk}/reverse/"


def words(answer: Any) -> str:
    return " ".join(re.sub("<[^>]+>", " ", answer.content.decode()).split())


# What it shows


def test_page_says_what_will_be_set_back(editor: Client, line: BudgetLine) -> None:
    of = edited(line, employee=Decimal("1540"))

    shown = words(editor.get(address(of)))

    assert "Otto Other made it on" in shown
    assert "Pay award. 1 row will be set back to what it was." in shown
    assert "Employee costs 5.0 1,540.0 1,540.0 Set back" in shown


def test_page_names_who_changed_it_again(editor: Client, line: BudgetLine) -> None:
    of = edited(line, employee=Decimal(6), running=Decimal(6))
    with change_set(by=UserFactory(name="Lena Later"), why="", door="Test"):
        BudgetLine.objects.update(running=Decimal(7))

    answer = editor.get(address(of))

    assert "Running costs 5.0 6.0 7.0 Lena Later" in words(answer)
    assert f'value="budgets.budgetline-{line.pk}-running"' in answer.content.decode()


def test_page_takes_a_fixed_number_of_queries(
    editor: Client, line: BudgetLine, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    few = edited(line, employee=Decimal(6))
    others = [BudgetLineFactory(plan=line.plan, unit=line.unit) for _ in range(50)]
    many = changed(lambda: BudgetLine.objects.filter(pk__in=[other.pk for other in others]).update(employee=Decimal(8)))
    editor.get(address(few))

    with django_assert_num_queries(13):
        editor.get(address(few))
    with django_assert_num_queries(13):
        editor.get(address(many))


# What becomes of the form


def test_change_is_reversed_as_a_change_of_its_own(editor: Client, line: BudgetLine, finance_officer: User) -> None:
    of = edited(line, employee=Decimal(6))
    form = as_opened(editor.get(address(of)))

    answer = editor.post(address(of), {**form, "why": "The award was another unit’s"})

    line.refresh_from_db()
    made = ChangeSet.objects.latest("pk")
    assert line.employee == Decimal(5)
    assert (made.by, made.why, made.door) == (
        finance_officer,
        "The award was another unit’s",
        f"reversal of change {of.pk}",
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/history/{made.pk}/")


def test_confirmed_field_is_set_back_too(editor: Client, line: BudgetLine) -> None:
    of = edited(line, employee=Decimal(6), running=Decimal(6))
    edited(line, running=Decimal(7))
    form = as_opened(editor.get(address(of)))

    editor.post(address(of), {**form, "confirm": f"budgets.budgetline-{line.pk}-running"})

    line.refresh_from_db()
    assert (line.employee, line.running) == (Decimal(5), Decimal(5))


@pytest.mark.parametrize("missing", [True, False])
def test_form_on_what_stands_no_longer_is_refused_and_keeps_what_was_typed(
    missing: bool, editor: Client, line: BudgetLine
) -> None:
    of = edited(line, employee=Decimal(6), running=Decimal(6))
    form = as_opened(editor.get(address(of)))
    if missing:
        del form["seen"]
    edited(line, running=Decimal(7))

    answer = editor.post(address(of), {**form, "why": "A slip"})

    line.refresh_from_db()
    assert answer.status_code == 409
    assert (line.employee, line.running) == (Decimal(6), Decimal(7))
    assert as_opened(answer)["why"] == "A slip"
    assert "Nothing is reversed yet" in words(answer)

    assert editor.post(address(of), as_opened(answer)).status_code == 302
    line.refresh_from_db()
    assert (line.employee, line.running) == (Decimal(5), Decimal(7))


def test_form_that_is_sent_twice_reverses_once(editor: Client, line: BudgetLine) -> None:
    of = edited(line, employee=Decimal(6))
    form = as_opened(editor.get(address(of)))
    before = ChangeSet.objects.count()

    answers = [editor.post(address(of), form).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert ChangeSet.objects.count() == before + 1


def test_reversing_again_says_that_nothing_is_left(editor: Client, line: BudgetLine) -> None:
    of = edited(line, employee=Decimal(6))
    editor.post(address(of), as_opened(editor.get(address(of))))
    before = ChangeSet.objects.count()

    answer = editor.get(address(of))
    assert "Nothing is left to reverse" in words(answer)
    assert "Reverse the change</button>" not in answer.content.decode()

    editor.post(address(of), {**as_opened(answer), "token": str(uuid4())})
    assert ChangeSet.objects.count() == before


def test_constraint_that_refuses_says_so_in_its_own_words(editor: Client, line: BudgetLine) -> None:
    of = edited(line, activity="Awards")
    BudgetLineFactory(plan=line.plan, unit=line.unit, activity="Prizes")

    answer = editor.post(address(of), as_opened(editor.get(address(of))))

    assert "This unit already has a line for that activity in the plan." in words(answer)
    assert BudgetLine.objects.get(pk=line.pk).activity == "Awards"


def test_lock_that_refuses_says_so_in_its_own_words(editor: Client, line: BudgetLine) -> None:
    of = edited(line, employee=Decimal(6))
    changed(
        lambda: type(line.plan).objects.filter(pk=line.plan.pk).update(state="adopted"), why="The council adopted it"
    )

    answer = editor.post(address(of), as_opened(editor.get(address(of))))

    assert "is adopted: its budget lines no longer change." in words(answer)
    assert BudgetLine.objects.get().employee == Decimal(6)


def test_manager_reverses_a_change_of_the_units_deliverables(client: Client, line: BudgetLine) -> None:
    manager = UserFactory(unit_manager=True, grant__unit=line.unit)
    action = DeliverableFactory(action__unit=line.unit, action__plan=line.plan).action
    of = changed(lambda: Deliverable.objects.filter(action=action).update(text="Other words"))
    client.force_login(manager)

    assert client.post(address(of), as_opened(client.get(address(of)))).status_code == 302
    assert action.deliverables.get().text != "Other words"


def test_added_row_on_which_anothers_hangs_is_named_and_stays(client: Client, line: BudgetLine) -> None:
    client.force_login(UserFactory(unit_manager=True, grant__unit=line.unit))
    of = changed(lambda: KeyActionFactory(unit=line.unit, plan=line.plan, text="Award prizes"))
    action = KeyAction.objects.get(text="Award prizes")
    DeliverableFactory(action=action, text="A prize list")
    before = ChangeSet.objects.count()

    page = client.get(address(of))
    answer = client.post(address(of), {**as_opened(page), "seen": reversal_of(of).seen, "token": str(uuid4())})

    for shown in (page, answer):
        assert "“Award prizes” cannot be removed again: “A prize list” hangs on it since." in words(shown)
    assert KeyAction.objects.filter(pk=action.pk).exists()
    assert ChangeSet.objects.count() == before


# Who may


def test_change_of_lines_is_reversed_by_who_may_edit_them_all(db: None) -> None:
    here, there = UnitYearFactory(portfolio=PortfolioFactory()), UnitYearFactory()
    one = BudgetLineFactory(unit=here.unit, plan__year=here.year)
    other = BudgetLineFactory(unit=there.unit, plan__year=there.year)
    own = changed(lambda: BudgetLine.objects.filter(pk=one.pk).update(employee=Decimal(6)))
    both = changed(lambda: BudgetLine.objects.filter(pk__in=[one.pk, other.pk]).update(employee=Decimal(7)))
    named = UserFactory()
    GrantFactory(user=named, role="finance_officer", portfolio=here.portfolio)

    assert may_reverse(named, own)
    assert not may_reverse(named, both)
    assert may_reverse(UserFactory(finance_officer=True), both)
    assert not may_reverse(UserFactory(unit_manager=True, grant__unit=one.unit), own)


def test_figures_are_reversed_by_who_returns_them_and_targets_by_who_sets_them(db: None) -> None:
    actual, target = FigureFactory(kind="actual"), FigureFactory(kind="target")
    manager = UserFactory(unit_manager=True, grant__unit=actual.listing.unit)
    GrantFactory(user=manager, role="unit_manager", unit=target.listing.unit)
    administrator = UserFactory(plan_administrator=True)

    of_actual = changed(lambda: Figure.objects.filter(pk=actual.pk).update(value=Decimal(7)))
    of_target = changed(lambda: Figure.objects.filter(pk=target.pk).update(value=Decimal(7)))

    assert (may_reverse(manager, of_actual), may_reverse(administrator, of_actual)) == (True, False)
    assert (may_reverse(manager, of_target), may_reverse(administrator, of_target)) == (False, True)


def test_units_and_people_are_reversed_by_who_keeps_them(finance_officer: User, plan_administrator: User) -> None:
    unit = UnitYearFactory().unit
    renamed = changed(lambda: Unit.objects.filter(pk=unit.pk).update(name="Another"))
    granted = changed(lambda: Grant.objects.filter(user=finance_officer).delete())

    for of in (renamed, granted):
        assert may_reverse(plan_administrator, of)
        assert not may_reverse(finance_officer, of)


def test_changes_of_people_are_not_known_to_others(editor: Client, plan_administrator: User) -> None:
    of = changed(lambda: User.objects.filter(pk=plan_administrator.pk).update(name="Ada Other"))

    assert editor.get(address(of)).status_code == 404


def test_load_is_not_reversed_and_the_page_says_why(client: Client, plan_administrator: User, line: BudgetLine) -> None:
    of = changed(lambda: BudgetLine.objects.update(employee=Decimal(6)), door="load_plan")
    client.force_login(plan_administrator)

    answer = client.get(address(of))

    assert answer.status_code == 403
    assert "This change read a document" in words(answer)


def test_removed_grant_comes_back(client: Client, plan_administrator: User, finance_officer: User) -> None:
    grant = finance_officer.grants.get()
    of = changed(grant.delete)
    client.force_login(plan_administrator)

    client.post(address(of), as_opened(client.get(address(of))))

    assert finance_officer.grants.get() == grant or finance_officer.grants.get().role == "finance_officer"


def test_a_locked_line_is_not_promised_to_be_set_back(editor: Client, line: BudgetLine) -> None:
    of = edited(line, employee=Decimal(9))
    put_into(line.plan, "adopted")

    shown = editor.get(address(of)).content.decode()

    assert "is adopted: its budget lines no longer change. A plan administrator can make it a draft again" in shown
    assert "It cannot be reversed as it stands." in shown
    assert "will be set back" not in shown

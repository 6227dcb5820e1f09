from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from budgets.models import BudgetLine
from history.changes import Repeated, change_set
from history.models import ChangeSet
from tests.factories import BudgetLineFactory, ChangeSetFactory, UserFactory

BREACHES = {
    "history_changeset_token_once": {"token": uuid4()},
    "history_changeset_why_not_blank": {"why": " "},
    "history_changeset_door_not_blank": {"door": " "},
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BREACHES)
def test_constraint_refuses(name: str) -> None:
    with pytest.raises(IntegrityError, match=f'"{name}"'):
        ChangeSetFactory.create_batch(2, **BREACHES[name])


@pytest.mark.django_db
def test_change_set_says_who_why_and_through_which_door() -> None:
    finance_officer = UserFactory()
    token = uuid4()

    with change_set(by=finance_officer, why="  Pay award ", door="Budget line", token=token) as made:
        pass

    made.refresh_from_db()
    assert (made.by, made.why, made.door, made.token) == (finance_officer, "Pay award", "Budget line", token)
    assert abs(made.at - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.django_db
def test_reason_left_empty_is_the_doors_own_words() -> None:
    with change_set(by=None, why=" ", door="Load of a plan") as made:
        pass

    assert made.why == "Load of a plan"


@pytest.mark.django_db
def test_time_of_a_change_set_is_the_databases_whatever_its_writer_says() -> None:
    made = ChangeSetFactory(at=datetime(2009, 6, 3, tzinfo=UTC))

    made.refresh_from_db()

    assert made.at.year > 2009


@pytest.mark.django_db
def test_change_set_inside_another_joins_it() -> None:
    before = ChangeSet.objects.count()

    with change_set(by=None, why="Outer", door="Test") as outer:
        with change_set(by=None, why="Inner", door="Test") as inner:
            BudgetLineFactory()
        BudgetLineFactory()

    assert inner is outer
    assert ChangeSet.objects.count() == before + 1


@pytest.mark.django_db
def test_form_sent_twice_is_one_change() -> None:
    line = BudgetLineFactory(employee=1)
    token = uuid4()
    with change_set(by=None, why="", door="Test", token=token):
        BudgetLine.objects.update(employee=2)

    with pytest.raises(Repeated) as refused, change_set(by=None, why="", door="Test", token=token):
        BudgetLine.objects.update(employee=3)

    line.refresh_from_db()
    assert refused.value.token == token
    assert (line.employee, ChangeSet.objects.filter(token=token).count()) == (2, 1)


@pytest.mark.django_db
def test_block_that_fails_leaves_nothing() -> None:
    line = BudgetLineFactory(employee=1)
    before = ChangeSet.objects.count()

    @change_set(by=None, why="", door="Test")
    def change_and_fail() -> None:
        assert BudgetLine.objects.update(employee=2) == 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()

    line.refresh_from_db()
    assert (line.employee, ChangeSet.objects.count()) == (1, before)


@pytest.mark.django_db
@pytest.mark.parametrize("fails", [True, False])
def test_change_set_ends_with_its_block(fails: bool) -> None:
    BudgetLineFactory()
    try:
        with change_set(by=None, why="", door="Test"):
            if fails:
                raise RuntimeError
    except RuntimeError:
        pass

    with pytest.raises(DatabaseError, match="needs a change set"), transaction.atomic():
        BudgetLine.objects.update(employee=2)


@pytest.mark.django_db(transaction=True)
def test_change_set_ends_with_its_transaction() -> None:
    with change_set(by=None, why="", door="Test"):
        line = BudgetLineFactory(employee=1)

    with pytest.raises(DatabaseError, match="needs a change set"):
        BudgetLine.objects.update(employee=2)

    line.refresh_from_db()
    assert line.employee == 1

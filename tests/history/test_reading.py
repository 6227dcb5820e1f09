from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from history.changes import change_set
from history.reading import changes_of, changes_under
from tests.factories import BudgetLineFactory, DeliverableFactory, ProvenanceFactory, UserFactory


@pytest.mark.django_db
def test_changes_of_a_row_are_told_newest_first() -> None:
    officer = UserFactory(name="Jo")
    line = BudgetLineFactory(employee=Decimal("1515.0"), running=None)
    with change_set(by=officer, why="Pay award", door="Budget line") as award:
        line.employee, line.activity = Decimal("1540.0"), "Statemented Pupil Support"
        line.save()
    with change_set(by=None, why="", door="Test") as other:
        line.running = Decimal("2.5")
        line.save()

    newest, award_made, first = changes_of(line)

    assert (newest.change_set, newest.fields) == (other, {"running": (None, Decimal("2.5"))})
    assert (award_made.change_set, award_made.operation) == (award, "update")
    assert award_made.change_set is not None and award_made.change_set.by == officer
    assert award_made.fields["employee"] == (Decimal("1515.0"), Decimal("1540.0"))
    assert set(award_made.fields) == {"employee", "activity"}
    assert first.operation == "insert"
    assert first.fields["employee"] == (None, Decimal("1515.0"))
    assert newest.at > award_made.at > first.at


@pytest.mark.django_db
def test_deletion_is_told_with_what_is_gone() -> None:
    line = BudgetLineFactory(employee=Decimal(5))
    gone = type(line).objects.get()
    with change_set(by=None, why="", door="Test"):
        line.delete()

    newest, first = changes_of(gone)

    assert (newest.operation, newest.fields["employee"]) == ("delete", (Decimal(5), None))
    assert first.operation == "insert"


@pytest.mark.django_db
def test_where_a_row_came_from_is_no_change_to_tell_of() -> None:
    line = BudgetLineFactory()
    with change_set(by=None, why="", door="Test"):
        line.provenance = ProvenanceFactory(plan=line.plan)
        line.save()

    assert changes_of(line)[0].fields == {}


@pytest.mark.django_db
def test_changes_take_two_queries_however_many(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    line = BudgetLineFactory()
    for figure in range(5):
        with change_set(by=UserFactory(), why="", door="Test"):
            line.employee = Decimal(figure)
            line.save()

    with django_assert_num_queries(2):
        changes = changes_of(line)
        assert {change.change_set and str(change.change_set.by) for change in changes}


@pytest.mark.django_db
def test_changes_of_the_rows_under_another_are_told_of_those_that_are_gone_too(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    gone = DeliverableFactory(text="Gone")
    stays = DeliverableFactory(action=gone.action, text="Stays")
    DeliverableFactory()
    pk = gone.pk
    with change_set(by=None, why="", door="Test"):
        gone.delete()

    with django_assert_num_queries(2):
        changes = changes_under(stays.action, "deliverables")

    assert set(changes) == {pk, stays.pk}
    assert [change.operation for change in changes[pk]] == ["delete", "insert"]
    assert changes[pk][0].fields["text"] == ("Gone", None)
    assert changes[stays.pk] == changes_of(stays)

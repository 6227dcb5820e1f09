"""A double click: the same form sent twice, at the same moment, is one change."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from budgets.models import BudgetLine
from history.models import ChangeSet
from tests.factories import BudgetLineFactory, UserFactory
from tests.history.test_races import SAVED, at_once, recorded, signed_in
from tests.posting import as_opened


@pytest.mark.django_db(transaction=True)
def test_doubled_posts_make_one_change_each(full: bool) -> None:
    doubled = 500 if full else 25
    line = BudgetLineFactory(employee=Decimal(1))
    page = f"/budgets/lines/{line.pk}/edit/"
    user = UserFactory(finance_officer=True)
    tabs = [signed_in(user), signed_in(user)]
    form: dict[str, Any] = {}
    answers = [0, 0]

    def open_form(number: int) -> None:
        form.update(as_opened(tabs[0].get(page)), employee=f"{number + 2}.5", why="Pay award", token=str(uuid4()))

    def judge(number: int) -> None:
        assert answers == [SAVED, SAVED]
        assert recorded(form["token"]) == 1
        assert BudgetLine.objects.get().employee == Decimal(f"{number + 2}.5")
        open_form(number + 1)

    def post(place: int) -> Callable[[int], None]:
        def deed(_: int) -> None:
            answers[place] = tabs[place].post(page, form).status_code

        return deed

    before = ChangeSet.objects.count()
    open_form(0)
    at_once([post(0), post(1)], rounds=doubled, between=judge)

    changes = ChangeSet.objects.count() - before
    print(f"{doubled} doubled posts, {changes} changes")
    assert changes == doubled
    assert BudgetLine.objects.get().version == doubled + 1


@pytest.mark.django_db(transaction=True)
def test_a_line_that_is_added_by_a_double_click_is_added_once(full: bool) -> None:
    doubled = 50 if full else 5
    line = BudgetLineFactory(origin="service")
    page = f"/budgets/{line.year.path}/{line.unit.slug}/add/"
    user = UserFactory(finance_officer=True)
    tabs = [signed_in(user), signed_in(user)]
    form: dict[str, Any] = {}
    answers = [0, 0]

    def open_form(number: int) -> None:
        form.update(as_opened(tabs[0].get(page)), activity=f"New {number}", employee="1", token=str(uuid4()))

    def judge(number: int) -> None:
        assert answers == [SAVED, SAVED]
        assert BudgetLine.objects.filter(activity=f"New {number}").count() == 1
        open_form(number + 1)

    def post(place: int) -> Callable[[int], None]:
        def deed(_: int) -> None:
            answers[place] = tabs[place].post(page, form).status_code

        return deed

    open_form(0)
    at_once([post(0), post(1)], rounds=doubled, between=judge)

    assert BudgetLine.objects.count() == doubled + 1

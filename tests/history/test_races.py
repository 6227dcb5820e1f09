"""Two editors at once, by real threads on the real database, through the page: nothing acknowledged is ever lost."""

import random
from collections.abc import Callable
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from budgets.models import BudgetLine
from history.models import ChangeSet
from people.models import User
from tests.factories import BudgetLineFactory, UserFactory
from tests.posting import as_opened

SAVED, REFUSED = 302, 409
CELLS = ("employee", "running", "contracts", "fte")


def at_once(deeds: list[Callable[[int], None]], *, rounds: int, between: Callable[[int], None]) -> None:
    """Runs the deeds in a thread each, all beginning each round together, and `between` in one of them after each."""
    done = 0
    failures: list[BaseException] = []

    def step() -> None:
        nonlocal done
        between(done)
        done += 1

    begin, end = Barrier(len(deeds)), Barrier(len(deeds), action=step)

    def run(deed: Callable[[int], None]) -> None:
        try:
            for number in range(rounds):
                begin.wait(60)
                deed(number)
                end.wait(60)
        except BaseException as error:
            failures.append(error)
            begin.abort()
            end.abort()
        finally:
            connection.close()

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def recorded(token: str) -> int:
    """How many rows the change set of a form is recorded with in the history; nought where it left nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM history.budgets_budgetline JOIN history_changeset made ON made.id = change_set_id"
            " WHERE made.token = %s",
            [token],
        )
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_once_one_is_saved_and_the_other_told(full: bool) -> None:
    races = 1000 if full else 40
    dice = random.Random(1974)
    line = BudgetLineFactory(**dict.fromkeys(CELLS, Decimal(1)))
    page = f"/budgets/lines/{line.pk}/edit/"
    editors = [signed_in(UserFactory(finance_officer=True)) for _ in range(2)]
    sent: list[dict[str, Any]] = [{}, {}]
    answers = [0, 0]
    lost: list[int] = []

    def open_forms(number: int) -> None:
        """Both have the line open in the same version; one types a cell, the other the same cell or another one."""
        standing = as_opened(editors[0].get(page))
        first = dice.choice(CELLS)
        for place, cell in enumerate((first, first if number % 2 else dice.choice(CELLS))):
            sent[place] = {**standing, cell: f"{10 * number + place + 2}.5", "why": "Pay award", "token": str(uuid4())}

    def judge(number: int) -> None:
        assert sorted(answers) == [SAVED, REFUSED], answers
        saved, refused = sent[answers.index(SAVED)], sent[answers.index(REFUSED)]
        line.refresh_from_db()
        stands = all(getattr(line, cell) == Decimal(saved[cell].replace(",", "")) for cell in CELLS)
        if not stands or recorded(saved["token"]) != 1 or recorded(refused["token"]):
            lost.append(number)
        open_forms(number + 1)

    def post(place: int) -> Callable[[int], None]:
        def deed(_: int) -> None:
            answers[place] = editors[place].post(page, sent[place]).status_code

        return deed

    before = ChangeSet.objects.count()
    open_forms(0)
    at_once([post(0), post(1)], rounds=races, between=judge)

    print(f"{races} races, {len(lost)} updates lost")
    assert lost == []
    assert ChangeSet.objects.count() == before + races
    assert BudgetLine.objects.get().version == races + 1

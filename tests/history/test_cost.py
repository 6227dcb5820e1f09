"""What recording costs, against the same writes with the triggers switched off, turn by turn in one run."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import pytest
from psycopg2.extensions import connection as Connection

from tests.factories import BudgetLineFactory

TRIGGERS = ("insert", "update", "delete", "truncate", "id", "version")


@pytest.fixture
def owner(transactional_db: None, as_owner: Connection) -> Connection:
    """Twenty thousand lines, and the one role that can switch a trigger off."""
    line = BudgetLineFactory(position=0)
    with as_owner.cursor() as cursor:
        cursor.execute(
            "INSERT INTO budgets_budgetline (plan_id, unit_id, year_id, activity, position, origin, employee, running)"
            " SELECT plan_id, unit_id, year_id, 'Activity number ' || number, number, origin, employee, running"
            " FROM budgets_budgetline, generate_series(1, 20000) AS number WHERE id = %s",
            [line.pk],
        )
        cursor.execute("VACUUM ANALYZE budgets_budgetline")
        cursor.execute("VACUUM ANALYZE history.budgets_budgetline")
    return as_owner


def seconds(owner: Connection, statements: list[str], *, recorded: bool) -> float:
    with owner.cursor() as cursor:
        for trigger in TRIGGERS:
            state = "ENABLE" if recorded else "DISABLE"
            cursor.execute(f"ALTER TABLE budgets_budgetline {state} TRIGGER history_{trigger}")
        begun = perf_counter()
        cursor.execute("BEGIN")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("COMMIT")
        return perf_counter() - begun


def ratio(owner: Connection, statements: Callable[[int], list[str]], *, rounds: int) -> float:
    bare, recording = [], []
    for turn in range(rounds):
        bare.append(seconds(owner, statements(2 * turn), recorded=False))
        recording.append(seconds(owner, statements(2 * turn + 1), recorded=True))
    return median(recording) / median(bare)


def test_recording_a_thousand_updates_costs_at_most_two_and_a_half_times_the_bare_ones(
    owner: Connection, full: bool
) -> None:
    def thousand(turn: int) -> list[str]:
        return [f"UPDATE budgets_budgetline SET employee = {turn} WHERE position BETWEEN 1 AND 1000"]

    cost = ratio(owner, thousand, rounds=40 if full else 8)

    print(f"A thousand updates, recorded against bare: {cost:.2f}")
    assert cost <= 2.5


def test_recording_twenty_single_updates_costs_at_most_three_times_the_bare_ones(owner: Connection, full: bool) -> None:
    def twenty(turn: int) -> list[str]:
        with owner.cursor() as cursor:
            cursor.execute("SELECT id FROM budgets_budgetline WHERE position BETWEEN 1 AND 20")
            return [f"UPDATE budgets_budgetline SET employee = {turn} WHERE id = {pk}" for (pk,) in cursor]

    cost = ratio(owner, twenty, rounds=80 if full else 16)

    print(f"Twenty single updates, recorded against bare: {cost:.2f}")
    assert cost <= 3

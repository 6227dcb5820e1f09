"""Putting a unit's lines in another order."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from budgets.models import BudgetLine
from budgets.ordering import ordered, place_after, put_in_order
from history.reading import changes_of
from people.models import User
from plans.models import PlanState
from tests.budgets.conftest import Controls
from tests.factories import BudgetLineFactory, PlanFactory, UnitFactory, put_into

PATH = "/budgets/2009-10/clusters/order/"
TABLE = "/budgets/2009-10/clusters/"


@pytest.fixture
def lines(db: None) -> list[BudgetLine]:
    plan, unit = PlanFactory(), UnitFactory(name="Clusters")
    return [
        BudgetLineFactory(plan=plan, unit=unit, activity=activity, position=position)
        for position, activity in enumerate("ABCDE", start=11)
    ]


def order() -> str:
    return "".join(BudgetLine.objects.order_by("position", "pk").values_list("activity", flat=True))


def shown_order(answer: Any, controls: Controls, lines: Sequence[BudgetLine]) -> str:
    names = {f"place-{line.pk}": line.activity for line in lines}
    return "".join(names[name] for name in controls(answer) if name in names)


def unsaved(positions: Sequence[int]) -> list[BudgetLine]:
    return [BudgetLine(pk=pk, activity=chr(64 + pk), position=position) for pk, position in enumerate(positions, 1)]


# Places


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([1, 2, 3, 4, 5], "ABCDE"),
        ([1, 2, 3, 4, 2], "AEBCD"),  # the fifth to the second place
        ([3, 2, 3, 4, 5], "BCADE"),  # the first to the third
        ([5, 4, 3, 2, 1], "EDCBA"),
        ([9, 2, 3, 4, 5], "BCDEA"),
        ([1, 1, 1, 1, 1], "BCDEA"),
    ],
)
def test_lines_go_where_their_places_say(places: list[int], expected: str) -> None:
    assert "".join(line.activity for line in ordered(unsaved([1, 2, 3, 4, 5]), places)) == expected


@pytest.mark.parametrize("positions", [[1, 2, 3, 4], [0, 0, 0, 0], [5, 5, 6, 9], [3, 7, 8, 100]])
@pytest.mark.parametrize("wanted", [(4, 1, 2, 3), (2, 1, 3, 4), (4, 3, 2, 1), (1, 2, 3, 4)])
def test_positions_make_lines_stand_in_their_order(positions: list[int], wanted: tuple[int, ...]) -> None:
    lines = {line.pk: line for line in unsaved(positions)}

    put_in_order([lines[pk] for pk in wanted])

    assert tuple(sorted(lines, key=lambda pk: (lines[pk].position, pk))) == wanted


def test_lines_that_keep_their_place_are_not_touched() -> None:
    first, second, third, fourth = unsaved([1, 2, 3, 4])

    assert put_in_order([first, third, second, fourth]) == [third, second]


@pytest.mark.parametrize("positions", [[1, 2, 3], [0, 0, 0], [5, 5, 6], [3, 7, 100]])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_new_line_stands_after_the_one_chosen(positions: list[int], after: int) -> None:
    lines = unsaved(positions)
    position, _ = place_after(lines[after], lines)
    new = BudgetLine(pk=99, activity="new", position=position)

    stand = sorted([*lines, new], key=lambda line: (line.position, line.pk))

    expected = [*lines[: after + 1], new, *lines[after + 1 :]]
    assert [line.activity for line in stand] == [line.activity for line in expected]


# The page


def test_order_is_saved_with_who_and_why(
    editor: Client, lines: list[BudgetLine], controls: Controls, finance_officer: User
) -> None:
    form = controls(editor.get(PATH))

    answer = editor.post(PATH, {**form, f"place-{lines[4].pk}": "2", "why": "As in the ledger"})

    assert answer.headers["Location"] == TABLE
    assert order() == "AEBCD"
    change = changes_of(lines[4])[0]
    assert change.change_set is not None
    assert (change.change_set.by, change.change_set.why) == (finance_officer, "As in the ledger")
    assert len(changes_of(lines[0])) == 1
    told = editor.get(lines[4].get_absolute_url()).content.decode()
    assert "moved it to another place in the table" in told


def test_buttons_move_a_line_without_a_script_and_save_nothing(
    editor: Client, lines: list[BudgetLine], controls: Controls
) -> None:
    form = controls(editor.get(PATH))

    up = editor.post(PATH, {**form, "move": f"up-{lines[2].pk}", "why": "As in the ledger"})
    down = editor.post(PATH, {**controls(up), "move": f"down-{lines[0].pk}", "why": "As in the ledger"})

    assert shown_order(up, controls, lines) == "ACBDE"
    assert shown_order(down, controls, lines) == "CABDE"
    assert "As in the ledger</textarea>" in down.content.decode()
    assert order() == "ABCDE"
    assert editor.post(PATH, {**controls(down), "why": "As in the ledger"}).status_code == 302
    assert order() == "CABDE"


@pytest.mark.parametrize("move", ["", "up", "up-", "up-x", "sideways-1", "up-99999999999999999999", "\x00", "up-0"])
def test_move_that_makes_no_sense_moves_nothing(
    editor: Client, lines: list[BudgetLine], controls: Controls, move: str
) -> None:
    answer = editor.post(PATH, {**controls(editor.get(PATH)), "move": move})

    assert answer.status_code == 200
    assert shown_order(answer, controls, lines) == "ABCDE"


def test_first_line_moved_up_stays_first(editor: Client, lines: list[BudgetLine], controls: Controls) -> None:
    answer = editor.post(PATH, {**controls(editor.get(PATH)), "move": f"up-{lines[0].pk}"})

    assert shown_order(answer, controls, lines) == "ABCDE"


@pytest.mark.parametrize("typed", ["", "x", "0", "-1", "1.5", "99999", "\x00", "9" * 5000])
def test_place_that_is_none_is_refused_at_its_field(
    editor: Client, lines: list[BudgetLine], controls: Controls, typed: str
) -> None:
    name = f"place-{lines[1].pk}"

    answer = editor.post(PATH, {**controls(editor.get(PATH)), name: typed, "why": "As in the ledger"})

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert f'<a href="#id_{name}">' in shown and "data-error-summary" in shown
    assert order() == "ABCDE"


def test_order_needs_no_reason(editor: Client, lines: list[BudgetLine], controls: Controls) -> None:
    editor.post(PATH, {**controls(editor.get(PATH)), f"place-{lines[4].pk}": "1"})

    assert order() == "EABCD"


def test_order_of_a_plan_adopted_meanwhile_is_refused_and_kept(
    editor: Client, lines: list[BudgetLine], controls: Controls
) -> None:
    sent = {**controls(editor.get(PATH)), f"place-{lines[4].pk}": "1"}
    put_into(lines[0].plan, PlanState.ADOPTED)

    answer = editor.post(PATH, sent)

    assert answer.status_code == 409
    assert "is adopted: its budget lines no longer change." in answer.content.decode()
    assert controls(answer)[f"place-{lines[4].pk}"] == "1"
    assert order() == "ABCDE"


def test_the_same_order_saves_nothing(editor: Client, lines: list[BudgetLine], controls: Controls) -> None:
    editor.post(PATH, controls(editor.get(PATH)))

    assert "nothing was saved" in editor.get(TABLE).content.decode()
    assert len(changes_of(lines[0])) == 1


def test_stale_order_is_refused_with_both_orders_shown_and_can_be_sent_again(
    editor: Client, lines: list[BudgetLine], controls: Controls, edited_by_another: Any
) -> None:
    form = {**controls(editor.get(PATH)), f"place-{lines[4].pk}": "1", "why": "As in the ledger"}
    edited_by_another(lines[0], position=99)

    answer = editor.post(PATH, form)

    shown = answer.content.decode()
    assert answer.status_code == 409
    lists = [part.split("</ol>")[0] for part in shown.split("<ol>")[-3:]]
    assert ["".join(part.replace("<li>", "").split("</li>")) for part in lists] == ["ABCDE", "BCDEA", "EABCD"]
    assert order() == "BCDEA"
    assert editor.post(PATH, {**controls(answer), "why": "As in the ledger"}).status_code == 302
    assert order() == "EABCD"


def test_line_added_or_removed_meanwhile_makes_the_order_stale(
    editor: Client, lines: list[BudgetLine], controls: Controls
) -> None:
    form = {**controls(editor.get(PATH)), f"place-{lines[4].pk}": "1", "why": "As in the ledger"}
    BudgetLineFactory(plan=lines[0].plan, unit=lines[0].unit, activity="F", position=90)

    answer = editor.post(PATH, form)

    assert answer.status_code == 409
    assert order() == "ABCDEF"


def test_figures_changed_meanwhile_are_no_reason_to_refuse_an_order(
    editor: Client, lines: list[BudgetLine], controls: Controls, edited_by_another: Any
) -> None:
    form = {**controls(editor.get(PATH)), f"place-{lines[4].pk}": "1", "why": "As in the ledger"}
    edited_by_another(lines[0], employee=Decimal(5))

    assert editor.post(PATH, form).status_code == 302
    assert order() == "EABCD"


def test_doubled_post_is_one_change(editor: Client, lines: list[BudgetLine], controls: Controls) -> None:
    form = {**controls(editor.get(PATH)), f"place-{lines[4].pk}": "2", "why": "As in the ledger"}
    editor.post(PATH, form)
    editor.get(TABLE)

    answer = editor.post(PATH, form)

    assert answer.status_code == 302
    assert "saved, once" in editor.get(TABLE).content.decode()
    assert len(changes_of(lines[4])) == 2


@pytest.mark.parametrize("opened", ["", "x", "1,2", "\x00", ",,,", "9" * 5000])
def test_order_without_what_it_was_opened_with_is_stale(
    editor: Client, lines: list[BudgetLine], controls: Controls, opened: str
) -> None:
    form = {**controls(editor.get(PATH)), f"place-{lines[4].pk}": "2", "why": "x", "opened": opened}

    assert editor.post(PATH, form).status_code == 409
    assert order() == "ABCDE"


def test_order_of_a_plan_that_is_no_draft_does_not_change(editor: Client, lines: list[BudgetLine]) -> None:
    put_into(lines[0].plan, PlanState.ADOPTED)

    assert editor.get(PATH).status_code == 403
    assert f'href="{PATH}"' not in editor.get(TABLE).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_orders_at_once_one_is_taken_and_the_other_is_stale(
    finance_officer: User, lines: list[BudgetLine], controls: Controls
) -> None:
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(finance_officer)
    forms = [controls(client.get(PATH)) for client in clients]
    together = Barrier(len(clients))

    def send(number: int) -> int:
        together.wait(timeout=30)
        try:
            typed = {f"place-{lines[4].pk}": str(number + 1), "why": "Race"}
            return clients[number].post(PATH, {**forms[number], **typed}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(send, range(len(clients))))

    assert sorted(answers) == [302, 409]
    assert order() == ["EABCD", "AEBCD"][answers.index(302)]

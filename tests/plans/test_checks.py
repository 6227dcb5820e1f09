"""Three outcomes and never two: ties, rounding, break; and what cannot be compared is not checked."""

import random
from decimal import Decimal

import pytest

from plans.checks import BREAK, NOT_CHECKED, ROUNDING, TIES, compare, last_digit

D = Decimal


@pytest.mark.parametrize(
    ("printed", "parts", "outcome"),
    [
        ("803.4", ["712.3", "91.1"], TIES),
        ("803.3", ["712.3", "91.1"], ROUNDING),
        ("803.1", ["712.3", "91.1"], BREAK),
        ("171.1", ["5", "165.1"], BREAK),
        ("281.9", ["5", "276"], BREAK),
        ("196.94", ["5", "191.9"], ROUNDING),
        ("78.3", ["5", "73.27"], ROUNDING),
        ("1238.6", ["1239.3"], BREAK),
        (None, ["1.0"], NOT_CHECKED),
        ("1.0", [None], NOT_CHECKED),
        ("0.0", [None, "0.0"], TIES),
    ],
)
def test_two_figures_compared(printed: str | None, parts: list[str | None], outcome: str) -> None:
    check = compare("a rule", "a label", printed and D(printed), [part and D(part) for part in parts])

    assert check.outcome == outcome
    assert bool(check.why) is (outcome == NOT_CHECKED)


def test_a_lost_figure_is_never_a_tie() -> None:
    check = compare("a rule", "a label", D("1.0"), [D("1.0")], lost="the figure on line 3 is lost in print")

    assert (check.outcome, check.difference) == (NOT_CHECKED, None)


def test_whole_numbers_among_decimals_are_exact() -> None:
    assert last_digit([D("171.1"), D("5"), D("196.94")]) == D("0.1")
    assert last_digit([D("5"), D("276")]) == D("1")


def test_honest_rounding_is_seldom_called_a_break_and_an_error_of_ten_always() -> None:
    chance = random.Random(2009)
    called = 0
    for _ in range(1000):
        exact = [D(chance.randrange(-(10**7), 10**7)) / 1000 for _ in range(chance.randrange(2, 40))]
        shown = [figure.quantize(D("0.1")) for figure in exact]
        total = sum(exact).quantize(D("0.1"))
        called += compare("a rule", "a label", total, shown).outcome == BREAK
        assert compare("a rule", "a label", total + 10, shown).outcome == BREAK

    assert called < 10

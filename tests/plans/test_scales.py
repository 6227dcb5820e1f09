"""Where figures stand on a chart's axis."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.scales import WIDTH, Scale

FIGURE = st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False, allow_infinity=False)
FIGURES = st.lists(FIGURE, min_size=1, max_size=20)


@given(FIGURES, st.booleans())
def test_scale_holds_every_figure_on_round_ends(figures: list[Decimal], from_nil: bool) -> None:
    scale = Scale.over(figures, from_nil=from_nil)

    assert all(scale.low <= figure <= scale.high for figure in figures)
    assert scale.low < scale.high or figures == [figures[0]] * len(figures)
    assert all(0 <= Decimal(scale.at(figure)) <= WIDTH for figure in figures)
    if from_nil:
        assert scale.low <= 0 <= scale.high


@given(FIGURES, st.booleans())
def test_ticks_run_from_end_to_end_in_equal_steps(figures: list[Decimal], from_nil: bool) -> None:
    scale = Scale.over(figures, from_nil=from_nil)

    ticks = scale.ticks

    assert ticks[0] == scale.low and ticks[-1] == scale.high
    assert len(ticks) <= 12
    assert len({after - before for before, after in pairwise(ticks)}) <= 1


@given(FIGURES, FIGURE, FIGURE)
def test_places_keep_the_order_of_figures(figures: list[Decimal], one: Decimal, two: Decimal) -> None:
    scale = Scale.over([*figures, one, two])

    low, high = sorted((one, two))

    assert Decimal(scale.at(low)) <= Decimal(scale.at(high))
    assert scale.part(low) <= scale.part(high)
    assert Decimal(scale.percent(low)[:-1]) <= Decimal(scale.percent(high)[:-1])


@given(FIGURES, FIGURE)
def test_a_part_of_the_way_is_told_in_both_coordinates(figures: list[Decimal], figure: Decimal) -> None:
    scale = Scale.over([*figures, figure])

    assert abs(Decimal(scale.at(figure)) / 10 - Decimal(scale.percent(figure)[:-1])) <= Decimal("0.01")
    assert abs(scale.part(figure) * 100 - Decimal(scale.percent(figure)[:-1])) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("figure", "percent"), [("0", "0%"), ("69.0", "69%"), ("33.33", "33.33%"), ("100", "100%"), ("0.004", "0%")]
)
def test_percent_is_short(figure: str, percent: str) -> None:
    assert Scale(Decimal(0), Decimal(100)).percent(Decimal(figure)) == percent


def test_an_axis_without_length_has_its_figure_at_the_low_end() -> None:
    scale = Scale(Decimal(5), Decimal(5))

    assert scale.percent(Decimal(5)) == "0%" and scale.part(Decimal(5)) == 0

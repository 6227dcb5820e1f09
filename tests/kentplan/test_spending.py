"""Where the money goes: one huge number hides no other."""

from decimal import Decimal

import pytest

from kentplan.organisation import Money, UnitRow
from kentplan.spending import BARS, cost_by_portfolio, spending


def row(name: str, gross: int, controllable: int | None = None, portfolio: str = "One") -> UnitRow:
    return UnitRow(
        pk=hash(name),
        name=name,
        slug=name.lower(),
        directorate="Education",
        division="",
        portfolio_id=1,
        portfolio=portfolio,
        member="",
        money=Money(gross=Decimal(gross), controllable=Decimal(gross if controllable is None else controllable)),
        measures=0,
        awaited=0,
        actions=0,
        due=0,
        plan_id=None,
    )


def test_unit_that_is_most_of_the_spending_is_told_apart_with_the_accounts_that_hold_income() -> None:
    units = [row("Schools", 900), row("Holding", 10, -800), row("Awards", 40), row("Roads", 30, portfolio="Two")]

    [directorate] = cost_by_portfolio(units)

    one, two = directorate.portfolios
    assert [(share.names, share.money.gross) for share in one.shares] == [(("Schools", "Holding"), 910), ((), 40)]
    assert two.shares == ()


def test_no_unit_is_told_apart_where_none_is_most_of_the_spending() -> None:
    units = [row("Schools", 500), row("Awards", 500)]

    picture = spending(units)

    assert all(portfolio.shares == () for portfolio in cost_by_portfolio(units)[0].portfolios)
    assert picture is not None
    assert picture.huge is None
    assert [bar.unit.name for bar in picture.bars] == ["Schools", "Awards"]


def test_bars_are_on_a_scale_of_their_own_without_the_huge_unit() -> None:
    picture = spending([row("Schools", 900), row("Awards", 60, 45), row("Roads", 30, 0), row("Holding", 10, -800)])

    assert picture is not None
    assert (picture.share, picture.rest_share, picture.others) == ("90.00%", "10.00%", 3)
    assert [(bar.unit.name, bar.controllable, bar.income, bar.note) for bar in picture.bars] == [
        ("Awards", "75%", "25%", None),
        ("Roads", "0%", "50%", None),
        ("Holding", "0%", "16.67%", 1),
    ]
    assert [(holding.unit.name, holding.note) for holding in picture.holdings] == [("Holding", 1)]


def test_units_beyond_the_largest_are_added_up() -> None:
    picture = spending([row(f"Unit {number}", 10) for number in range(BARS + 4)])

    assert picture is not None
    assert (len(picture.bars), picture.more, picture.more_money.gross) == (BARS, 4, 40)


@pytest.mark.parametrize("units", [[], [row("Nothing", 0)], [row("Less", -5)]])
def test_nothing_spent_has_no_picture(units: list[UnitRow]) -> None:
    assert spending(units) is None

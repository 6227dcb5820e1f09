"""Where the money goes: what the whole costs, by portfolio and by unit, so that one huge number hides no other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kentplan.organisation import Money, UnitRow
from plans.scales import Scale

BARS = 15
NIL = Decimal(0)


@dataclass(frozen=True, slots=True)
class Share:
    """A row that tells some of a portfolio's units apart from its others."""

    names: tuple[str, ...]  # none: the other units
    number: int
    money: Money


@dataclass(frozen=True, slots=True)
class PortfolioCost:
    """What the units of one portfolio cost together."""

    pk: int | None
    name: str  # blank for units that stand in none
    member: str
    money: Money
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class DirectorateCost:
    """A directorate's portfolios, and what they come to."""

    name: str
    portfolios: tuple[PortfolioCost, ...]
    money: Money


def cost_by_portfolio(units: Sequence[UnitRow]) -> list[DirectorateCost]:
    """The portfolios of each directorate, by name; where one unit is most of all spending, it is told apart."""
    huge = largest(units)
    directorates: dict[str, dict[tuple[int | None, str], list[UnitRow]]] = {}
    for unit in units:
        portfolios = directorates.setdefault(unit.directorate, {})
        portfolios.setdefault((unit.portfolio_id, unit.portfolio), []).append(unit)
    return [
        DirectorateCost(
            name,
            tuple(
                PortfolioCost(
                    pk, portfolio, _members(inside), _sum(inside), _shares(inside, huge) if huge in inside else ()
                )
                for (pk, portfolio), inside in sorted(
                    portfolios.items(), key=lambda found: (not found[0][1], found[0][1].lower())
                )
            ),
            _sum(unit for inside in portfolios.values() for unit in inside),
        )
        for name, portfolios in sorted(directorates.items())
    ]


def largest(units: Sequence[UnitRow]) -> UnitRow | None:
    """The unit that spends more than all others together, if there is one."""
    whole = _sum(units).gross
    if whole is None or len(units) < 2:
        return None
    return next((unit for unit in units if (unit.money.gross or NIL) * 2 > whole), None)


def _shares(units: Sequence[UnitRow], huge: UnitRow | None) -> tuple[Share, ...]:
    """The huge unit with the accounts that hold income for it and others, and the rest."""
    apart = [unit for unit in units if unit == huge or _holds_income(unit)]
    rest = [unit for unit in units if unit not in apart]
    names = tuple(unit.name for unit in sorted(apart, key=lambda unit: -(unit.money.gross or NIL)))
    return (Share(names, len(apart), _sum(apart)), *([Share((), len(rest), _sum(rest))] if rest else ()))


def _holds_income(unit: UnitRow) -> bool:
    """Whether it has more income than spending, so that what it holds pays for others."""
    return unit.money.controllable is not None and unit.money.controllable < 0


def _members(units: Iterable[UnitRow]) -> str:
    return ", ".join(sorted({unit.member for unit in units if unit.member}))


def _sum(units: Iterable[UnitRow]) -> Money:
    return Money.of(unit.money for unit in units)


# The picture


@dataclass(frozen=True, slots=True)
class Bar:
    """A unit's gross as a bar of two parts, in per cent of the picture's width; `note` is its footnote's number."""

    unit: UnitRow
    controllable: str
    income: str
    note: int | None


@dataclass(frozen=True, slots=True)
class Holding:
    """An account whose income is more than its spending; `note` is its footnote's number, if it has a bar."""

    unit: UnitRow
    note: int | None


@dataclass(frozen=True, slots=True)
class Spending:
    """The units' gross: first the huge one against the others, then the largest of the others on their own scale."""

    huge: UnitRow | None
    part: Decimal  # of the huge one in the whole
    others: int
    others_money: Money
    bars: tuple[Bar, ...]
    more: int
    more_money: Money
    holdings: tuple[Holding, ...]  # those that the footnotes tell of

    @property
    def share(self) -> str:
        """The huge one's part, as the picture has it: "69.75%"."""
        return f"{self.part * 100:.2f}%"

    @property
    def rest_share(self) -> str:
        return f"{100 - self.part * 100:.2f}%"

    @property
    def fan(self) -> str:
        """The same in thousandths, for what spreads the others out."""
        return f"{self.part * 1000:.1f}"

    @property
    def percent(self) -> str:
        """The huge one's part in words: "70%"."""
        return f"{self.part * 100:.0f}%"

    @property
    def rest_percent(self) -> str:
        return f"{100 - round(self.part * 100)}%"


def spending(units: Sequence[UnitRow]) -> Spending | None:
    """The picture of a year's gross; None where nothing is spent."""
    whole = _sum(units).gross
    if not whole or whole < 0:
        return None
    huge = largest(units)
    others = sorted((unit for unit in units if unit != huge), key=lambda unit: -(unit.money.gross or NIL))
    shown, more = others[:BARS], others[BARS:]
    notes = {unit.pk: number for number, unit in enumerate(filter(_holds_income, shown), start=1)}
    scale = Scale(NIL, max([unit.money.gross or NIL for unit in shown], default=NIL))
    return Spending(
        huge=huge,
        part=(huge.money.gross or NIL) / whole if huge else NIL,
        others=len(others),
        others_money=_sum(others),
        bars=tuple(_bar(unit, scale, notes.get(unit.pk)) for unit in shown),
        more=len(more),
        more_money=_sum(more),
        holdings=tuple(
            Holding(unit, notes.get(unit.pk))
            for unit in others
            if unit.pk in notes or (_holds_income(unit) and abs(unit.money.controllable or NIL) > whole / 1000)
        ),
    )


def _bar(unit: UnitRow, scale: Scale, note: int | None) -> Bar:
    gross = max(unit.money.gross or NIL, NIL)
    # Income may be more than is spent, and then pays for all of it; it is never shown as more.
    controllable = min(max(unit.money.controllable or NIL, NIL), gross)
    return Bar(unit, scale.percent(controllable), scale.percent(gross - controllable), note)

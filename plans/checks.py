"""What a check is: one rule over one pair of figures, with three outcomes and never two (DECISIONS 8). No Django.

Each app's checks.py says which figures must tie; this says what *ties*, *rounding*, *break* and *not checked* mean.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plans.documents import Source

TIES, ROUNDING, BREAK, NOT_CHECKED = "ties", "rounding", "break", "not checked"


@dataclass(frozen=True, slots=True)
class Term:
    """One of the figures that a check compares: whose it is, which column it stands in, and where that was printed."""

    label: str
    column: str
    figure: Decimal | None
    source: Source


@dataclass(frozen=True, slots=True)
class Check:
    """A printed figure against what it must be. `lines` are those of the printed figure first; `tolerance` what honest
    rounding of the printed figures can make; `why` the reason where it is not checked. `unit` is whose the figure is: a
    portfolio's where that is `portfolio`. `terms` are the printed figure, then those that were added."""

    rule: str
    label: str
    unit: str
    lines: tuple[int, ...]
    printed: Decimal | None
    computed: Decimal | None
    tolerance: Decimal
    why: str = ""
    portfolio: bool = False
    terms: tuple[Term, ...] = ()

    @property
    def difference(self) -> Decimal | None:
        """Printed less computed; None where it is not checked."""
        if self.why or self.printed is None or self.computed is None:
            return None
        return self.printed - self.computed

    @property
    def outcome(self) -> str:
        if self.difference is None:
            return NOT_CHECKED
        if self.difference == 0:
            return TIES
        return ROUNDING if abs(self.difference) <= self.tolerance else BREAK

    def outcome_since(self, loaded: "Check | None") -> str:
        """The outcome of a check of figures as they stand now, `loaded` being the same of the figures as they were loaded.

        The tolerance is for figures as printed: a difference that an edit makes or widens is a break however small.
        """
        before = (loaded.difference if loaded else None) or Decimal(0)
        if self.difference is not None and abs(self.difference) > abs(before):
            return BREAK
        return self.outcome


def last_digit(figures: Iterable[Decimal]) -> Decimal:
    """The value of the last digit that the figures print in common: 0.1 for 171.1, 5 and 196.94.

    A whole number among figures with decimals is exact ("5" posts), so it does not coarsen the comparison.
    """
    exponents = [figure.as_tuple().exponent for figure in figures]
    decimals = [-exponent for exponent in exponents if isinstance(exponent, int) and exponent < 0]
    return Decimal(1).scaleb(-min(decimals, default=0))


def rounding_tolerance(numbers: int, digit: Decimal) -> Decimal:
    """What rounding of `numbers` added figures can make: half a digit × √(3n), at least one digit."""
    return max(digit, digit / 2 * Decimal(3 * numbers).sqrt())


def compare(
    rule: str,
    label: str,
    printed: Decimal | None,
    parts: Sequence[Decimal | None],
    *,
    unit: str = "",
    lines: Iterable[int] = (),
    lost: str = "",
    digit: Decimal | None = None,
    portfolio: bool = False,
    terms: Iterable[Term] = (),
) -> Check:
    """Check `printed` against the sum of `parts`, a blank part counting as nothing.

    Not checked where the printed figure is blank, where there is nothing to add, or where a part is `lost`.
    """
    there = [part for part in parts if part is not None]
    why = lost or ("the figure is blank" if printed is None else "there is nothing to add up" if not there else "")
    computed = sum(there, Decimal(0)) if there else None
    digit = digit or last_digit([*there, *([printed] if printed is not None else [])])
    tolerance = rounding_tolerance(max(len(there), 1), digit)
    return Check(rule, label, unit, tuple(lines), printed, computed, tolerance, why, portfolio, tuple(terms))

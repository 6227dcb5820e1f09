"""Measures against target: the last actual, the estimate, the target, and how far apart they are, in words.

Nothing is called good or bad: whether higher is better is not said in the plans.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from django.db.models.functions import Lower

from indicators.models import Figure, FigureKind, FigureStatus, Listing, ListingKind, MeasureUnit
from indicators.reporting import KENT, in_words
from plans.models import FinancialYear

AWAITED = (FigureStatus.AWAITED, FigureStatus.TO_FOLLOW)


class Standing(Enum):
    """What can be said of a measure and its target, in words that head a group of measures."""

    COMPARED = "A figure and a target to compare it with"
    AWAITED = "The figure is awaited"
    NO_TARGET = "No target to compare the figure with"
    NO_FIGURE = "No figure is printed"


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure of a measure: its value, or why it has none."""

    period: str
    kind: str
    status: str
    value: Decimal | None
    words: str
    remark: str

    @property
    def is_awaited(self) -> bool:
        return self.status in AWAITED

    @property
    def when(self) -> str:
        return f"{self.period} {FigureKind(self.kind).label.lower()}".strip()


@dataclass(frozen=True, slots=True)
class Compared:
    """The figures of a measure for the whole, or for one group of people, against their target."""

    name: str
    actual: Printed | None
    estimate: Printed | None
    target: Printed | None
    standing: Standing
    difference: str

    @property
    def side(self) -> int | None:
        """Above the target 1, at it 0, below it -1; None where nothing is compared."""
        if self.standing is not Standing.COMPARED:
            return None
        return 0 if " at " in f" {self.difference} " else 1 if "above" in self.difference else -1


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure in a unit's table of figures."""

    pk: int
    title: str
    unit: str
    slug: str
    whole: Compared
    groups: Sequence[Compared]

    @property
    def standing(self) -> Standing:
        return self.whole.standing


@dataclass(frozen=True, slots=True)
class StandingGroup:
    """The measures of which the same can be said."""

    standing: Standing
    rows: Sequence[MeasureRow]


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of a year that have a table of figures."""

    rows: Sequence[MeasureRow]

    @property
    def groups(self) -> list[StandingGroup]:
        found = [StandingGroup(one, [row for row in self.rows if row.standing is one]) for one in Standing]
        return [group for group in found if group.rows]

    @property
    def awaited(self) -> int:
        return self._number(Standing.AWAITED)

    @property
    def standings(self) -> list[tuple[str, int]]:
        """How many measures there are of each sort, for a table that adds up to all of them."""
        sides = [row.whole.side for row in self.rows]
        return [
            ("Above the target", sides.count(1)),
            ("At the target", sides.count(0)),
            ("Below the target", sides.count(-1)),
            ("Figure awaited", self.awaited),
            ("No target to compare with", self._number(Standing.NO_TARGET)),
            ("No figure printed", self._number(Standing.NO_FIGURE)),
        ]

    def _number(self, standing: Standing) -> int:
        return sum(row.standing is standing for row in self.rows)


def measures_of(year: FinancialYear) -> Measures:
    """The measures of the year's tables of figures, units by name, each unit's in printed order; two queries."""
    figures = _figures(year)
    listings = Listing.objects.for_year(year).filter(kind=ListingKind.TABLE)
    order = (Lower("unit__name").asc(nulls_last=True), "plan__tier", "plan__name", "position", "pk")
    rows = listings.order_by(*order).values_list(
        "pk", "code", "title", "unit__name", "unit__slug", "indicator__measure_unit"
    )
    return Measures([_measure(*row, figures.get(row[0], {}), year.label) for row in rows])


def _figures(year: FinancialYear) -> dict[int, dict[str, list[Printed]]]:
    """Kent's own figures of each listing by group, in printed order."""
    rows = (
        Figure.objects.for_year(year)
        .filter(listing__kind=ListingKind.TABLE, area__in=["", KENT])
        .order_by("listing", "position", "pk")
        .values_list(
            "listing",
            "group__name",
            "label",
            "period",
            "kind",
            "status",
            "value",
            "printed",
            "listing__indicator__measure_unit",
        )
    )
    found: dict[int, dict[str, list[Printed]]] = defaultdict(lambda: defaultdict(list))
    for listing, group, label, period, kind, status, value, printed, unit in rows:
        remark = printed if status == FigureStatus.REMARK else ""
        name = ", ".join(filter(None, (group, label)))
        found[listing][name].append(Printed(period, kind, status, value, in_words(status, value, unit), remark))
    return found


def _measure(
    pk: int,
    code: str,
    title: str,
    unit: str | None,
    slug: str | None,
    measure_unit: str,
    figures: dict[str, list[Printed]],
    year: str,
) -> MeasureRow:
    rows = [_compared(name, of_group, measure_unit, year) for name, of_group in figures.items()]
    whole = next((row for row in rows if not row.name), None) or (rows[0] if rows else _compared("", [], "", year))
    groups = [row for row in rows if row is not whole]
    return MeasureRow(pk, f"{code} {title}".strip(), unit or "", slug or "", whole, groups)


def _compared(name: str, figures: Sequence[Printed], measure_unit: str, year: str) -> Compared:
    target = _target([figure for figure in figures if figure.kind == FigureKind.TARGET], year)
    until = target.period if target and target.value is not None else ""
    # A later result is never held against an earlier target.
    past = [figure for figure in figures if figure.kind != FigureKind.TARGET and (not until or figure.period <= until)]
    actual = _last([figure for figure in past if figure.kind == FigureKind.ACTUAL])
    estimate = _last([figure for figure in past if figure.kind == FigureKind.ESTIMATE])
    newest = _last(past)
    standing, difference = _standing(newest, target, measure_unit)
    return Compared(name, actual, estimate, target, standing, difference)


def _target(targets: Sequence[Printed], year: str) -> Printed | None:
    """The target for the plan's own year; where that has no value the next one that has, else the one there is."""
    own = [target for target in targets if target.period == year]
    valued = [target for target in (*own, *sorted(targets, key=_period)) if target.value is not None]
    return next(iter([target for target in valued if target.period >= year] or own or list(targets)), None)


def _last(figures: Sequence[Printed]) -> Printed | None:
    """The one for the latest period; an actual before an estimate of the same."""
    return max(figures, key=lambda figure: (figure.period, figure.kind == FigureKind.ACTUAL), default=None)


def _period(figure: Printed) -> str:
    return figure.period


def _standing(newest: Printed | None, target: Printed | None, measure_unit: str) -> tuple[Standing, str]:
    if newest is None or newest.status == FigureStatus.REMARK:
        return Standing.NO_FIGURE, newest.remark if newest else ""
    if newest.is_awaited:
        return Standing.AWAITED, f"{newest.when} {newest.words.lower()}"
    if newest.value is None:
        return Standing.NO_FIGURE, f"{newest.when} {newest.words.lower()}"
    if target is None or target.value is None:
        return Standing.NO_TARGET, f"{target.when} {target.words.lower()}" if target else "no target is printed"
    return Standing.COMPARED, f"{newest.when} {_apart(newest.value - target.value, measure_unit)}"


def _apart(difference: Decimal, measure_unit: str) -> str:
    """ "0.8 points above the target"; of a count, of a score or of a rate the plain figure."""
    if not difference:
        return "at the target"
    by = abs(difference)
    of = ""
    if measure_unit in (MeasureUnit.PERCENT, MeasureUnit.POINTS, MeasureUnit.GAP):
        of = " point" if by == 1 else " points"
    return f"{by.normalize():,f}{of} {'above' if difference > 0 else 'below'} the target"

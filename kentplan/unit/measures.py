"""What a unit's page shows of its measures: the last figures of each, another area's beside them, and their trend."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from indicators.models import FigureKind, FigureStatus, Listing, ListingKind
from indicators.reporting import KENT, in_words
from kentplan.unit.naming import words_of
from plans.models import FinancialYear, Target, Unit
from plans.scales import WIDTH, Scale

# The small chart's own coordinates.
_LEFT, _RIGHT, _TOP, _HEIGHT = Decimal(10), Decimal(106), Decimal(7), Decimal(28)
_SAYS_NOTHING = {"of", "the", "in", "and", "to", "a", "at", "for", "by", "with", "who", "have", "per", "rate", "number"}


@dataclass(frozen=True, slots=True)
class Told:
    """A figure in words. `before` is the last value of its kind where this is none: "48.2% in 2007/08"."""

    words: str
    period: str
    is_value: bool
    value: Decimal | None = None
    area: str = ""
    label: str = ""
    note: str = ""
    before: str = ""
    provenance_id: int | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """A figure on a trend. Those that are no actual are drawn open."""

    x: str
    y: str
    is_actual: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """A small chart: actuals and estimates by period, the target and the other area's figure, on a scale of its own."""

    dots: tuple[Dot, ...]
    target: str  # height of its line; nothing where there is none
    tick: str  # the path of the other area's mark; nothing where there is none
    says: str

    @property
    def path(self) -> str:
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure of the unit, for the whole or, where only groups are printed, for the first of them."""

    pk: int
    code: str
    title: str
    group: str
    more_groups: int
    actual: Told | None
    estimate: Told | None
    target: Told | None
    compared: Told | None
    remark: str  # what is printed in place of figures where the measure has none
    status: str  # and what that means: "Awaited"; nothing for a mere remark
    direction: str
    trend: Trend | None
    served: tuple[tuple[int, str], ...]  # targets: id and name
    provenance_id: int | None  # of its first figure


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A comparison that could be tied to none of the unit's measures."""

    pk: int
    title: str
    figures: str


@dataclass(frozen=True, slots=True)
class UnitMeasures:
    rows: tuple[MeasureRow, ...]
    comparisons: tuple[ComparisonRow, ...]
    notes: tuple[str, ...]

    def period_of(self, kind: str) -> str:
        """The period that all figures of a column have in common, to be said once in its head; else nothing."""
        told = [getattr(row, kind) for row in self.rows if not row.remark]
        periods = {figure.period for figure in told if figure}
        return periods.pop() if len(periods) == 1 else ""

    @property
    def with_target(self) -> int:
        return sum(row.target is not None and row.target.is_value for row in self.rows)

    @property
    def without_actual(self) -> int:
        return sum(row.actual is None or not row.actual.is_value for row in self.rows)

    @property
    def actual_period(self) -> str:
        return self.period_of("actual")

    @property
    def estimate_period(self) -> str:
        return self.period_of("estimate")

    @property
    def target_period(self) -> str:
        return self.period_of("target")

    @property
    def compared_period(self) -> str:
        return self.period_of("compared")

    @property
    def area(self) -> str:
        """The other area, where it is the same for all."""
        areas = {row.compared.area for row in self.rows if row.compared}
        return areas.pop() if len(areas) == 1 else ""

    @property
    def has_estimates(self) -> bool:
        return any(row.estimate for row in self.rows)

    @property
    def has_compared(self) -> bool:
        return any(row.compared for row in self.rows)

    @property
    def columns(self) -> int:
        """How many columns a remark spans: those of figures, and the trend."""
        return 2 + self.has_estimates + self.has_compared + self.has_trends

    @property
    def has_trends(self) -> bool:
        return any(row.trend for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Figure:
    group: str
    area: str
    period: str
    kind: str
    status: str
    value: Decimal | None
    label: str
    note: str
    printed: str
    provenance_id: int | None


@dataclass(frozen=True, slots=True)
class _Listing:
    pk: int
    kind: str
    code: str
    title: str
    measure_unit: str
    served: tuple[tuple[int, str], ...]
    figures: list[_Figure]

    def told(self, figure: _Figure) -> Told:
        note = figure.printed if figure.status == FigureStatus.REMARK else figure.note
        return Told(
            words=in_words(figure.status, figure.value, self.measure_unit),
            period=figure.period,
            is_value=figure.value is not None,
            value=figure.value,
            area=figure.area,
            label=figure.label,
            note="" if note == figure.label else note,
            provenance_id=figure.provenance_id,
        )


def measures_of(unit: Unit, year: FinancialYear) -> UnitMeasures:
    """The unit's tables of figures in printed order, with the comparisons it prints; one query."""
    listings = _listings(unit, year)
    comparisons = [listing for listing in listings if listing.kind == ListingKind.COMPARISON]
    own = [listing for listing in listings if listing.kind == ListingKind.TABLE]
    tied = tie(own, comparisons)
    rows = [_row(listing, tied.get(listing.pk), year.label) for listing in own]
    used = {comparison.pk for comparison in tied.values()}
    notes = [told.note for row in rows for told in (row.actual, row.estimate, row.target) if told and told.note]
    return UnitMeasures(
        rows=tuple(rows),
        comparisons=tuple(_untied(comparison) for comparison in comparisons if comparison.pk not in used),
        notes=tuple(note for note in dict.fromkeys(notes) if notes.count(note) > 1),
    )


def _listings(unit: Unit, year: FinancialYear) -> list[_Listing]:
    # What a measure serves is printed in the directorate's list of the same measure more often than in the unit's own.
    served = Target.objects.filter(listings__indicator=OuterRef("indicator"), listings__plan__year=year)
    targets = served.order_by("scheme", "code").distinct()
    rows: Iterable[tuple[Any, ...]] = (
        Listing.objects.for_year(year)
        .for_unit(unit)
        .exclude(kind=ListingKind.LIST)
        .annotate(served=ArraySubquery(targets.values(target=JSONObject(pk="pk", scheme="scheme", code="code"))))
        .order_by("plan__tier", "plan__name", "position", "pk", "figures__position", "figures__pk")
        .values_list(
            "pk",
            "kind",
            "code",
            "title",
            "indicator__measure_unit",
            "served",
            "figures",
            "figures__group__name",
            "figures__area",
            "figures__period",
            "figures__kind",
            "figures__status",
            "figures__value",
            "figures__label",
            "figures__note",
            "figures__printed",
            "figures__provenance",
        )
    )
    found: dict[int, _Listing] = {}
    for pk, kind, code, title, measure_unit, targets_, figure, group, *rest in rows:
        if pk not in found:
            named = tuple((target["pk"], f"{target['scheme']} {target['code']}".strip()) for target in targets_)
            found[pk] = _Listing(pk, kind, code, title, measure_unit, named, [])
        if figure is not None:
            found[pk].figures.append(_Figure(group or "", *rest))
    return list(found.values())


# Another area beside a measure


def tie(own: Sequence[Any], comparisons: Sequence[Any]) -> dict[int, Any]:
    """Which comparison belongs to which measure, by the measure's id. No plan says so: they are tied where Kent's own
    figures are the same in both, they share a word, and that holds for no other pair of either."""
    pairs = [(listing, other) for listing in own for other in comparisons if _same_measure(listing, other)]
    return {
        listing.pk: other
        for listing, other in pairs
        if sum(one is listing for one, _ in pairs) == 1 and sum(one is other for _, one in pairs) == 1
    }


def _same_measure(listing: _Listing, comparison: _Listing) -> bool:
    actuals = _kents(listing)
    both = [(actuals[key], value) for key, value in _kents(comparison).items() if key in actuals]
    shared = _telling(listing.title) & _telling(comparison.title)
    return bool(both) and bool(shared) and all(one == other for one, other in both)


def _kents(listing: _Listing) -> dict[tuple[str, str], Decimal]:
    return {
        (figure.group, figure.period): figure.value
        for figure in listing.figures
        if figure.value is not None and figure.kind == FigureKind.ACTUAL and figure.area in ("", KENT)
    }


def _telling(title: str) -> set[str]:
    return {word.casefold() for word in words_of(title) if not word.isdigit()} - _SAYS_NOTHING


def _untied(comparison: _Listing) -> ComparisonRow:
    groups = dict.fromkeys(figure.group for figure in comparison.figures if figure.group)
    if groups:
        areas = dict.fromkeys(figure.area for figure in comparison.figures)
        figures = f"{len(groups)} groups, {' and '.join(filter(None, areas))}"
    else:
        told = [comparison.told(figure) for figure in comparison.figures]
        figures = ", ".join(f"{figure.area or KENT} {_lowered(figure)}" for figure in told)
    return ComparisonRow(comparison.pk, f"{comparison.code} {comparison.title}".strip(), figures)


def _lowered(told: Told) -> str:
    note = f" ({told.note})" if told.note else ""
    return (told.words if told.is_value else told.words.lower()) + note


# One measure


def _row(listing: _Listing, comparison: _Listing | None, year: str) -> MeasureRow:
    kents = [figure for figure in listing.figures if figure.area in ("", KENT)]
    group = "" if not kents or any(not figure.group for figure in kents) else kents[0].group
    shown = [figure for figure in kents if figure.group == group]
    groups = {figure.group for figure in kents if figure.group}
    actual, estimate = (_last(listing, shown, kind) for kind in (FigureKind.ACTUAL, FigureKind.ESTIMATE))
    this_year = [figure for figure in shown if figure.period == year]
    target = _last(listing, this_year, FigureKind.TARGET) or _last(listing, shown, FigureKind.TARGET)
    compared = _compared(comparison, group)
    points = _points(shown)
    return MeasureRow(
        pk=listing.pk,
        code=listing.code,
        title=listing.title,
        group=group,
        more_groups=len(groups - {group}),
        actual=actual,
        estimate=estimate,
        target=target,
        compared=compared,
        remark=_remark(shown),
        status=_status(shown),
        direction=_direction(points),
        trend=_trend(points, target, compared, listing.measure_unit),
        served=listing.served,
        provenance_id=shown[0].provenance_id if shown else None,
    )


def _last(listing: _Listing, figures: Iterable[_Figure], kind: str) -> Told | None:
    """The latest figure of the kind; where several stand for one period (“Refused”, …) the first of them."""
    of_kind: dict[str, _Figure] = {}
    for figure in figures:
        if figure.kind == kind:
            of_kind.setdefault(figure.period, figure)
    if not of_kind:
        return None
    last = listing.told(of_kind[max(of_kind)])
    earlier = [period for period, figure in of_kind.items() if figure.value is not None and period < last.period]
    if last.is_value or not earlier:
        return last
    before = listing.told(of_kind[max(earlier)])
    return replace(last, before=f"{before.words} in {before.period}")


def _compared(comparison: _Listing | None, group: str) -> Told | None:
    if comparison is None:
        return None
    others = [figure for figure in comparison.figures if figure.area not in ("", KENT) and figure.group == group]
    return comparison.told(max(others, key=lambda figure: figure.period)) if others else None


def _remark(figures: Sequence[_Figure]) -> str:
    """What was printed in place of figures, where there is nothing else."""
    if len(figures) != 1 or figures[0].value is not None:
        return ""
    return figures[0].note or (figures[0].printed if figures[0].status == FigureStatus.REMARK else "")


def _status(figures: Sequence[_Figure]) -> str:
    only = figures[0].status if len(figures) == 1 else FigureStatus.VALUE
    return "" if only in (FigureStatus.VALUE, FigureStatus.REMARK) else str(FigureStatus(only).label)


def _points(figures: Iterable[_Figure]) -> list[_Figure]:
    """A value for each period, in order: the actual, or the estimate until there is one."""
    found: dict[str, _Figure] = {}
    for kind in (FigureKind.ACTUAL, FigureKind.ESTIMATE):
        for figure in figures:
            if figure.kind == kind and figure.value is not None:
                found.setdefault(figure.period, figure)
    return [found[period] for period in sorted(found)]


def _direction(points: Sequence[_Figure]) -> str:
    """Increasing or decreasing: whether that is better nobody has said of these measures."""
    if len(points) < 2:
        return ""
    before, now = (point.value or Decimal(0) for point in points[-2:])
    word = "unchanged" if now == before else "increasing" if now > before else "decreasing"
    return f"{word}, by the estimate" if points[-1].kind == FigureKind.ESTIMATE else word


def _trend(points: Sequence[_Figure], target: Told | None, compared: Told | None, measure_unit: str) -> Trend | None:
    aim = target.value if target else None
    other = compared.value if compared else None
    values = [point.value for point in points if point.value is not None]
    if not values or len(values) + (aim is not None) < 2:
        return None
    scale = Scale.over([*values, *(value for value in (aim, other) if value is not None)], from_nil=False)
    step = (_RIGHT - _LEFT) / (len(points) - 1) if len(points) > 1 else Decimal(0)
    across = [_LEFT + step * number for number in range(len(points))]
    beside = [x for x, point in zip(across, points, strict=True) if compared and point.period == compared.period]
    return Trend(
        dots=tuple(
            Dot(f"{x:.1f}", _height(scale, value), point.kind == FigureKind.ACTUAL)
            for x, point, value in zip(across, points, values, strict=True)
        ),
        target="" if aim is None else _height(scale, aim),
        tick="" if other is None else f"M{(beside or [_LEFT])[0] - 8:.1f} {_height(scale, other)}h16",
        says=_says(points, target, compared, measure_unit),
    )


def _height(scale: Scale, value: Decimal) -> str:
    return f"{_TOP + _HEIGHT * (1 - Decimal(scale.at(value)) / WIDTH):.1f}"


def _says(points: Sequence[_Figure], target: Told | None, compared: Told | None, measure_unit: str) -> str:
    told = [
        f"{in_words(point.status, point.value, measure_unit)} {FigureKind(point.kind).label.lower()} {point.period}"
        for point in points
    ]
    if target and target.is_value:
        told.append(f"{target.words} target {target.period}")
    if compared and compared.is_value:
        told.append(f"{compared.words} {compared.area} {compared.period}")
    return ", ".join(told)

"""Where the figures of a measure stand on its charts; templates/components/chart_dots.svg and chart_years.svg draw them.

Places along an axis are percentages of its width, so that one drawing serves a desk and a phone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from indicators.models import FigureKind, MeasureUnit
from indicators.reporting.comparing import Comparison
from indicators.reporting.figures import Column, Measure, Row, Shown, is_whole
from indicators.reporting.words import capital, difference, number_words, why_not
from plans.changes import MINUS
from plans.scales import Scale

HEIGHT = 200  # of the plot of a chart by years, in pixels
TOP = 26  # room above it for a label
MOST_YEARS = 12
CUT_BELOW = Decimal("0.5")  # an axis is cut where the figures lie in less than this part of it


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure on an axis. `shape`: was, now, estimate, target, later (a later target), other (area), apart."""

    shape: str
    at: str
    label: str = ""
    anchor: str = "middle"
    below: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    at: str
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Dots:
    """The marks of a group, and in words how far its target is from its last result."""

    name: str
    marks: tuple[Mark, ...]
    move: tuple[str, str] | None  # from the earlier to the last result
    strong: str
    words: str


@dataclass(frozen=True, slots=True)
class Key:
    """What a shape stands for."""

    shape: str
    label: str


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    dots: tuple[Dots, ...]


@dataclass(frozen=True, slots=True)
class DotChart:
    """Groups on one axis: the whole first, then by how far their target lies from the last result."""

    keys: tuple[Key, ...]
    ticks: tuple[Tick, ...]
    whole: Dots | None
    sections: tuple[Section, ...]
    heading: str  # of the words beside the chart
    cut: str  # where the axis starts, if not at nil


@dataclass(frozen=True, slots=True)
class Frame:
    """Which columns of a measure the chart shows."""

    was: Column | None
    now: Column | None
    targets: tuple[Column, ...]
    estimate: Column | None

    @classmethod
    def of(cls, measure: Measure) -> "Frame":
        known = [column for column in measure.columns if column.is_own and _any_value(measure, column)]
        actual = [column for column in known if column.kind == FigureKind.ACTUAL]
        targets = [column for column in known if column.kind == FigureKind.TARGET]
        estimates = [column for column in known if column.kind == FigureKind.ESTIMATE]
        now = actual[-1] if actual else None
        return cls(
            was=actual[-2] if len(actual) > 1 else None,
            now=now,
            targets=tuple(column for column in targets if not now or column.period > now.period),
            estimate=estimates[-1] if estimates and (not now or estimates[-1].period > now.period) else None,
        )


def value_in(row: Row, measure: Measure, column: Column | None) -> Shown | None:
    """The one value of a group in a column; None where it has none, or several."""
    cell = row.cells[measure.columns.index(column)] if column else ()
    return cell[0] if len(cell) == 1 and cell[0].is_value and not cell[0].label else None


def dot_chart(measure: Measure, comparison: Comparison | None) -> DotChart | None:
    """The groups of a measure on one axis; None without two groups that have a value."""
    frame = Frame.of(measure)
    others = comparison.theirs if comparison else {}
    drawn = [row for row in measure.rows if any(shown.is_value for shown in row.figures) or row.name in others]
    if len([row for row in drawn if row.name]) < 2:
        return None
    values = [shown.value for row in drawn for shown in _of_chart(row, measure, frame) if shown.value is not None]
    values += [shown.value for row in drawn if (shown := others.get(row.name)) and shown.value is not None]
    if not values:
        return None
    scale = _scale(values)
    unit = measure.listing.indicator.measure_unit
    whole = measure.whole if is_whole(measure.whole.name) and measure.whole in drawn else None
    dots = {row.name: _dots(row, measure, frame, scale, others.get(row.name), unit) for row in measure.rows}
    groups = [row for row in measure.rows if row is not whole]
    return DotChart(
        keys=_keys(frame, comparison, dots.values()),
        ticks=_ticks(scale, unit),
        whole=dots[whole.name] if whole else None,
        sections=tuple(_sections(groups, measure, frame, dots)),
        heading=_heading(frame),
        cut=_cut(scale, unit),
    )


def _any_value(measure: Measure, column: Column) -> bool:
    at = measure.columns.index(column)
    return any(shown.is_value for row in measure.rows for shown in row.cells[at])


def _of_chart(row: Row, measure: Measure, frame: Frame) -> list[Shown]:
    columns = [column for column in (frame.was, frame.now, frame.estimate, *frame.targets) if column]
    return [shown for column in columns for shown in row.cells[measure.columns.index(column)]]


def _dots(row: Row, measure: Measure, frame: Frame, scale: Scale, other: Shown | None, unit: str) -> Dots:
    was, now = (value_in(row, measure, column) for column in (frame.was, frame.now))
    marks = []
    if other and other.value is not None:
        marks.append(Mark("other", scale.percent(other.value)))
    for at, column in enumerate(frame.targets):
        target = value_in(row, measure, column)
        if target and target.value is not None:
            marks.append(Mark("later" if at else "target", scale.percent(target.value)))
    estimate = value_in(row, measure, frame.estimate)
    if estimate and estimate.value is not None:
        marks.append(Mark("estimate", scale.percent(estimate.value)))
    if was and was.value is not None:
        marks.append(Mark("was", scale.percent(was.value)))
    if now and now.value is not None:
        marks.append(_labelled("now", now.value, scale, number_words(now.value)))
    marks += _apart(row, measure, frame, scale)
    move = (
        (scale.percent(was.value), scale.percent(now.value))
        if was and now and was.value is not None and now.value is not None
        else None
    )
    strong, words = _to_target(row, measure, frame, now, unit)
    return Dots(row.name or "All", tuple(marks), move, strong, words)


def _apart(row: Row, measure: Measure, frame: Frame, scale: Scale) -> list[Mark]:
    """Several figures of one cell: each with its own label, joined to nothing."""
    several = [
        shown
        for column in (frame.was, frame.now)
        if column
        for shown in row.cells[measure.columns.index(column)]
        if shown.value is not None and shown.label
    ]
    marks = []
    for at, shown in enumerate(sorted(several, key=lambda shown: shown.value or 0)):
        if shown.value is not None:
            label = f"{number_words(shown.value)} {shown.label}"
            marks.append(_labelled("apart", shown.value, scale, label, below=bool(at % 2)))
    return marks


def _labelled(shape: str, value: Decimal, scale: Scale, label: str, *, below: bool = False) -> Mark:
    """A mark with its label, which stays inside the chart at either end."""
    place = scale.part(value)
    room = Decimal(len(label)) / 100
    anchor = "start" if place < room else "end" if place > 1 - room else "middle"
    return Mark(shape, scale.percent(value), label, anchor, below)


def _to_target(row: Row, measure: Measure, frame: Frame, now: Shown | None, unit: str) -> tuple[str, str]:
    """How far the next target is from the last result, or why that is not known."""
    if not frame.targets:
        column = next(
            (column for column in measure.columns if column.kind == FigureKind.TARGET and column.is_own), None
        )
        return "", _why(row, measure, column) if column else ""
    column = frame.targets[0]
    target = value_in(row, measure, column)
    if target is None or target.value is None:
        return "", _why(row, measure, column)
    if now is None or now.value is None:
        return "", target.words
    by = target.value - now.value
    sign = "+" if by > 0 else MINUS
    return (f"{sign}{difference(by, unit)}", f"to {target.words}") if by else ("", f"{target.words}, as it stands")


def _why(row: Row, measure: Measure, column: Column) -> str:
    cell = row.cells[measure.columns.index(column)]
    return f"Target {why_not(cell[0].status)}" if cell and not cell[0].is_value else "No target printed"


def _sections(groups: Sequence[Row], measure: Measure, frame: Frame, dots: dict[str, Dots]) -> Iterable[Section]:
    """The groups under headings that say what orders them."""
    by: dict[str, Decimal] = {}
    column = frame.targets[0] if frame.targets else None
    for row in groups:
        target, now = value_in(row, measure, column), value_in(row, measure, frame.now)
        if target and now and target.value is not None and now.value is not None:
            by[row.name] = target.value - now.value
    result = f"{frame.now.period} result" if frame.now else "result"
    above = sorted((name for name in by if by[name] > 0), key=lambda name: (-by[name], name))
    below = sorted((name for name in by if by[name] < 0), key=lambda name: (by[name], name))
    level = sorted(name for name in by if not by[name])
    rest = sorted(row.name for row in groups if row.name not in by)
    no_rest = "No target to set against the result" if by else "In alphabetical order"
    for heading, of in (
        (f"Target printed above the {result}, furthest first", above),
        (f"Target printed as the {result}", level),
        (f"Target printed below the {result}, furthest first", below),
        (no_rest, rest),
    ):
        if of:
            yield Section(heading, tuple(dots[name] for name in of))


def _keys(frame: Frame, comparison: Comparison | None, dots: Iterable[Dots]) -> tuple[Key, ...]:
    shapes = {mark.shape for item in dots for mark in item.marks}
    keys = [
        Key("was", f"Kent {frame.was.period}") if frame.was else None,
        Key("now", f"Kent {frame.now.period}") if frame.now else None,
        Key("estimate", f"Kent {frame.estimate.period}, estimate") if frame.estimate else None,
        *(Key("later" if at else "target", f"Target {column.period}") for at, column in enumerate(frame.targets)),
        Key("other", f"{comparison.area} {comparison.period}") if comparison else None,
        Key("apart", "One of several figures of a cell"),
    ]
    return tuple(key for key in keys if key and key.shape in shapes)


def _heading(frame: Frame) -> str:
    if not frame.targets:
        return ""
    target = f"{frame.targets[0].period} target"
    return f"From the {frame.now.period} result to the {target}" if frame.now else capital(target)


def _scale(values: Sequence[Decimal]) -> Scale:
    """From nil, unless the figures lie so close together far from it that nothing could be told apart."""
    low, high = min(values), max(values)
    reach = max(abs(low), abs(high))
    cut = low * high > 0 and high - low < reach * CUT_BELOW
    below = low - (high - low) / 5 if cut and high > low else low  # no figure stands on the end of a cut axis
    return Scale.over([below, *values] if below * high > 0 else values, from_nil=not cut)


def _ticks(scale: Scale, unit: str) -> tuple[Tick, ...]:
    sign = "%" if unit == MeasureUnit.PERCENT else ""
    ends = {scale.low: "start", scale.high: "end"}
    return tuple(
        Tick(
            scale.percent(tick),
            f"{number_words(tick)}{sign if tick == scale.high else ''}",
            ends.get(tick, "middle"),
        )
        for tick in scale.ticks
    )


def _cut(scale: Scale, unit: str) -> str:
    sign = "%" if unit == MeasureUnit.PERCENT else ""
    at_nil = scale.low <= 0 <= scale.high
    return "" if at_nil else f"The axis is cut: it starts at {number_words(scale.low)}{sign}, not at nil."


# By years


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of a year: `x` in per cent of the width, `y` in pixels."""

    shape: str
    x: str
    y: str
    label: str
    label_y: str


@dataclass(frozen=True, slots=True)
class Year:
    """A period under the axis, and what has no value in it."""

    x: str
    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Line:
    x1: str
    y1: str
    x2: str
    y2: str
    dashed: bool


@dataclass(frozen=True, slots=True)
class YearChart:
    """A measure's figures by year: actual and estimate as a line, targets as bars of their own."""

    keys: tuple[Key, ...]
    ticks: tuple[Tick, ...]  # up the side: `at` in pixels
    years: tuple[Year, ...]
    lines: tuple[Line, ...]
    points: tuple[Point, ...]
    cut: str
    height: int = HEIGHT + TOP


def year_chart(measure: Measure, comparison: Comparison | None) -> YearChart | None:
    """The figures of a measure without groups by year; None without two values, or with more years than there is room
    for."""
    cells = [cell for cell in measure.whole.cells if cell and cell[0].column.is_own]
    single = [cell[0] for cell in cells if len(cell) == 1 and cell[0].value is not None]
    periods = sorted({cell[0].column.period for cell in cells})
    if len(measure.rows) > 1 or len(single) < 2 or len(periods) > MOST_YEARS or len(periods) < 2:
        return None
    other = comparison.theirs.get(measure.whole.name) if comparison else None
    values = [shown.value for shown in single if shown.value is not None]
    place = {period: _place(at, len(periods)) for at, period in enumerate(periods)}
    starts = {cell[0].column.start: cell[0].column.period for cell in cells}
    beside = starts.get(other.column.start) if other and other.value is not None else None
    if other and other.value is not None and beside:
        values.append(other.value)
    scale = _scale(values)
    unit = measure.listing.indicator.measure_unit
    points = _points(single, place, scale)
    if other and other.value is not None and beside:
        points.append(Point("other", place[beside], _up(scale, other.value), "", ""))
    return YearChart(
        keys=_year_keys(points, comparison),
        ticks=tuple(
            Tick(_up(scale, tick), f"{number_words(tick)}{'%' if unit == MeasureUnit.PERCENT else ''}")
            for tick in scale.ticks
        ),
        years=tuple(Year(place[period], period, _without(cells, period)) for period in periods),
        lines=_lines(single, place, scale),
        points=tuple(points),
        cut=_cut(scale, unit),
    )


_SHAPES = {FigureKind.ACTUAL: "now", FigureKind.ESTIMATE: "estimate", FigureKind.TARGET: "target"}


def _place(at: int, number: int) -> str:
    """The middle of a year's share of the width."""
    return f"{(Decimal(100) * (2 * at + 1) / (2 * number)).quantize(Decimal('0.01')).normalize():f}%"


def _up(scale: Scale, value: Decimal) -> str:
    return f"{(TOP + HEIGHT * (1 - scale.part(value))).quantize(Decimal('0.1')).normalize():f}"


def _points(single: Sequence[Shown], place: dict[str, str], scale: Scale) -> list[Point]:
    """Each figure with its label above it, or below where a line comes down to it."""
    points = []
    before: Decimal | None = None
    for shown in single:
        if shown.value is None:
            continue
        is_target = shown.column.kind == FigureKind.TARGET
        y = Decimal(_up(scale, shown.value))
        falls = not is_target and before is not None and shown.value < before
        label_y = f"{y + 23 if falls else y - 12:f}"
        points.append(
            Point(_SHAPES[FigureKind(shown.column.kind)], place[shown.column.period], f"{y:f}", shown.words, label_y)
        )
        before = before if is_target else shown.value
    return points


def _lines(single: Sequence[Shown], place: dict[str, str], scale: Scale) -> tuple[Line, ...]:
    """From each result to the next, dashed to one that is an estimate; a target is no result."""
    of_period = {shown.column.period: shown for shown in reversed(single) if shown.column.kind != FigureKind.TARGET}
    run = [of_period[period] for period in sorted(of_period)]
    return tuple(
        Line(
            place[one.column.period],
            _up(scale, one.value),
            place[two.column.period],
            _up(scale, two.value),
            dashed=two.column.kind == FigureKind.ESTIMATE,
        )
        for one, two in pairwise(run)
        if one.value is not None and two.value is not None
    )


def _without(cells: Sequence[tuple[Shown, ...]], period: str) -> str:
    """The figures of a period that have no value: they stand under the axis, not on it."""
    return ", ".join(
        f"{FigureKind(shown.column.kind).label.lower()} {shown.words.lower()}"
        for cell in cells
        for shown in cell
        if shown.column.period == period and not shown.is_value
    )


def _year_keys(points: Sequence[Point], comparison: Comparison | None) -> tuple[Key, ...]:
    shapes = {point.shape for point in points}
    keys = [
        Key("now", "Actual"),
        Key("estimate", "Estimate"),
        Key("target", "Target"),
        Key("other", f"{comparison.area} {comparison.period}" if comparison else ""),
    ]
    return tuple(key for key in keys if key.shape in shapes)

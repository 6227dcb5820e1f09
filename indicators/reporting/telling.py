"""A measure in a sentence, and its key facts: composed from its figures, whatever it counts in."""

from collections.abc import Iterator
from dataclasses import dataclass

from indicators.models import FigureKind, ListingKind
from indicators.reporting.charts import Frame, value_in
from indicators.reporting.comparing import Comparison
from indicators.reporting.figures import Measure, Shown, is_whole
from indicators.reporting.words import (
    Sentence,
    area_words,
    capital,
    count_words,
    difference,
    direction,
    joined,
    names,
    said,
    why_not,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure to be seen first: what it is, its value or why there is none, and what belongs to it."""

    label: str
    words: str
    is_value: bool
    beside: str


# The sentence


def sentence(measure: Measure, comparison: Comparison | None) -> Sentence:
    """What is known of the measure, and what is not, in one breath."""
    if not measure.has_figures:
        service = measure.listing.service_plan
        belongs = f" It belongs to the service plan of {service}." if service else ""
        return said(f"The plan lists this measure without figures.{belongs}")
    if measure.remarks:
        return said(f"The plan gives no figure of it here. It says: “{measure.remarks}”")
    if not is_whole(measure.whole.name):
        return joined([_range(measure), _moves(measure), _next_target(measure)])
    return joined([_result(measure), _against(measure, comparison), _moves(measure), _next_target(measure)])


def _result(measure: Measure) -> Sentence:
    """The last result of the whole with the one before it, and an estimate that goes on from it."""
    whole = measure.whole
    actual, estimate = whole.last(FigureKind.ACTUAL), whole.last(FigureKind.ESTIMATE)
    place = "in Kent" if measure.listing.kind == ListingKind.COMPARISON else ""
    subject = f"For {_lower(whole.name)} it" if whole.name else "It"
    unit = measure.listing.indicator.measure_unit
    if actual is None or actual.value is None:
        return _no_result(measure, actual, estimate)
    before = _before(measure, actual)
    start = f"{subject} was ", actual.words, f" {place} in {actual.column.period}".replace("  ", " ")
    if before is not None and before.value is not None:
        by = actual.value - before.value
        more = "more" if by > 0 else "less" if unit else "lower"
        since = f" than in {before.column.period}"
        told = (*start[:2], f"{start[2]}, ", f"{difference(by, unit)} {more}", since) if by else (
            *start[:2], f"{start[2]}, the same as in {before.column.period}"
        )  # fmt: skip
    else:
        told = start
    if estimate and estimate.value is not None and estimate.column.period > actual.column.period:
        return said(*told[:-1], f"{told[-1]}; ", estimate.words, f" is estimated for {estimate.column.period}.")
    return said(*told[:-1], f"{told[-1]}.")


def _no_result(measure: Measure, actual: Shown | None, estimate: Shown | None) -> Sentence:
    whole = measure.whole
    subject = f"For {_lower(whole.name)} no" if whole.name else "No"
    if estimate and estimate.value is not None:
        why = f": that of {actual.column.period} {why_not(actual.status)}" if actual else ""
        return said(f"{subject} result is known{why}. ", estimate.words, f" is estimated for {estimate.column.period}.")
    columns = [
        f"{'that of' if at else 'the'} {cell[0].column.period}{'' if at else f' {cell[0].column.kind}'} {why_not(cell[0].status)}"
        for at, cell in enumerate(
            cell for cell in whole.cells if cell and cell[0].column.is_own and cell[0].column.kind != FigureKind.TARGET
        )
    ]
    return said("", f"{subject} result is known yet", f": {names(columns)}." if columns else ".")


def _before(measure: Measure, actual: Shown) -> Shown | None:
    earlier = [
        cell[0]
        for cell in measure.whole.cells
        if len(cell) == 1 and cell[0].is_value and cell[0].column.is_own
        and cell[0].column.kind == FigureKind.ACTUAL and cell[0].column.period < actual.column.period
    ]  # fmt: skip
    return earlier[-1] if earlier and not actual.label else None


def _against(measure: Measure, comparison: Comparison | None) -> Sentence:
    """Kent against the other area, both as the comparison prints them."""
    if comparison is None:
        return ()
    ours, theirs = comparison.ours.get(measure.whole.name), comparison.theirs.get(measure.whole.name)
    gap = comparison.gap(measure.whole.name)
    if ours is None or theirs is None:
        return ()
    area = area_words(comparison.area)
    if gap is None:
        return said(f"The figure for {area} {why_not(theirs.status)}.") if theirs.value is None else ()
    if not gap:
        return said(f"In {comparison.period} it stood level with {area}, at ", theirs.words, ".")
    side = "above" if gap > 0 else "below"
    differs = any(there is ours for _, there in comparison.differing)
    other = ", both as the comparison prints them" if differs else ""
    by = difference(gap, measure.listing.indicator.measure_unit)
    return said(
        f"In {comparison.period} it stood ", f"{by} {side}", f" {area} ({ours.words} against {theirs.words}{other})."
    )


def _moves(measure: Measure) -> Sentence:
    """How many groups went which way, of those that have both results."""
    frame = Frame.of(measure)
    if frame.was is None or frame.now is None or len(measure.rows) < 2:
        return ()
    polarity = measure.listing.indicator.polarity
    ways: dict[str, int] = {}
    for row in measure.rows:
        was, now = value_in(row, measure, frame.was), value_in(row, measure, frame.now)
        if row.name and not is_whole(row.name) and was and now and was.value is not None and now.value is not None:
            way = direction(now.value - was.value, polarity).lower()
            ways[way] = ways.get(way, 0) + 1
    if not ways:
        return ()
    past = {
        "increasing": "increased",
        "decreasing": "decreased",
        "improving": "improved",
        "worsening": "worsened",
        "unchanged": "stayed the same",
    }
    told = [f"{count_words(ways[way])} {past[way]}" for way in past if way in ways]
    groups = count_words(sum(ways.values()), "group")
    return said(f"Of {groups} with both results, ", names(told), ".")


def _range(measure: Measure) -> Sentence:
    frame = Frame.of(measure)
    values = sorted(_values(measure, frame), key=lambda shown: shown.value or 0)
    if not values or frame.now is None:
        return said("", "No result is known yet", ", and the plan prints it by group only.")
    low, high = values[0], values[-1]
    return said(
        f"It is printed by group only: in {frame.now.period} from ",
        low.words,
        f" ({low.group}) to ",
        high.words,
        f" ({high.group}).",
    )


def _values(measure: Measure, frame: Frame) -> Iterator[Shown]:
    """The last results of the groups."""
    for row in measure.rows:
        shown = value_in(row, measure, frame.now)
        if shown and row.name and not is_whole(row.name):
            yield shown


def _next_target(measure: Measure) -> Sentence:
    """The first target after the last result: its value, or why there is none."""
    targets = [shown for shown in measure.whole.figures if shown.column.kind == FigureKind.TARGET]
    if not targets or not is_whole(measure.whole.name):
        return ()
    first = measure.whole.next_target() or targets[0]
    if first.is_value:
        return said(f"The {first.column.period} target is ", first.words, ".")
    if len(targets) > 1 and len({shown.status for shown in targets}) == 1:
        periods = names([shown.column.period for shown in targets])
        return said(f"The targets for {periods} ", _plural(first.status), ".")
    return said(f"The {first.column.period} target ", why_not(first.status), ".")


def _plural(status: str) -> str:
    words = why_not(status)
    return f"are{words.removeprefix('is')}" if words.startswith("is ") else "do not apply"


def _lower(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"


# Key facts


def facts(measure: Measure, comparison: Comparison | None) -> list[Fact]:
    """What is to be seen first, in this order; nothing where nothing is known."""
    if not measure.has_figures or measure.remarks:
        return []
    unit = measure.listing.indicator.measure_unit
    found: list[Fact | None] = []
    if is_whole(measure.whole.name):
        found += [_actual(measure), _of_kind(measure, FigureKind.ESTIMATE)]
    found += [_other(measure, comparison, unit), _groups(measure)]
    if is_whole(measure.whole.name):
        found.append(_of_kind(measure, FigureKind.TARGET))
    found.append(_awaited(measure))
    return [fact for fact in found if fact]


def _actual(measure: Measure) -> Fact | None:
    actual = measure.whole.last(FigureKind.ACTUAL)
    if actual is None:
        return None
    before = _before(measure, actual)
    beside = actual.note
    if before is not None and before.value is not None and actual.value is not None:
        way = direction(actual.value - before.value, measure.listing.indicator.polarity).lower()
        beside = f"{before.words} in {before.column.period}: {way}"
    later = measure.whole.to_come(FigureKind.ACTUAL)
    if later:
        beside = "; ".join(filter(None, (beside, f"{later.column.period} {why_not(later.status)}")))
    name = capital(measure.whole.name) if measure.whole.name else "Actual"
    return Fact(f"{name}, {actual.column.period}", _value_words(actual), actual.is_value, beside)


def _of_kind(measure: Measure, kind: FigureKind) -> Fact | None:
    own = [shown for shown in measure.whole.figures if shown.column.kind == kind and shown.column.is_own]
    if not own:
        return None
    shown = next((shown for shown in own if shown.is_value), own[0])
    beside = shown.note
    actual = measure.whole.last(FigureKind.ACTUAL)
    if not beside and shown.value is not None and actual is not None and actual.value is not None:
        by = shown.value - actual.value
        unit = measure.listing.indicator.measure_unit
        result = f"the {actual.column.period} actual"
        beside = f"{difference(by, unit)} {'above' if by > 0 else 'below'} {result}" if by else f"as {result}"
    later = [other for other in own if other is not shown]
    if not beside and later and all(other.status == shown.status for other in later):
        beside = f"{names([other.column.period for other in later])} too"
    return Fact(f"{kind.label}, {shown.column.period}", _value_words(shown), shown.is_value, beside)


def _value_words(shown: Shown) -> str:
    return f"{shown.words} {shown.label}".strip()


def _other(measure: Measure, comparison: Comparison | None, unit: str) -> Fact | None:
    if comparison is None:
        return None
    ours, theirs = comparison.ours.get(measure.whole.name), comparison.theirs.get(measure.whole.name)
    if theirs is None:
        return None
    label = f"Against {area_words(comparison.area)}, {comparison.period}"
    gap = comparison.gap(measure.whole.name)
    if gap is None or ours is None:
        return Fact(label, theirs.words, theirs.is_value, theirs.note)
    words = f"{difference(gap, unit)} {'above' if gap > 0 else 'below'}" if gap else "Level"
    beside = f"{ours.words} against {theirs.words}"
    actual = measure.whole.last(FigureKind.ACTUAL)
    start = actual.column.start if actual else None
    if start and theirs.column.start and start > theirs.column.start:
        beside += "; no later figure of it"
    return Fact(label, words, is_value=True, beside=beside)


def _groups(measure: Measure) -> Fact | None:
    frame = Frame.of(measure)
    values = sorted(_values(measure, frame), key=lambda shown: shown.value or 0)
    if len(values) < 2 or frame.now is None:
        return None
    low, high = values[0], values[-1]
    words = f"{low.words.removesuffix('%')} to {high.words}"
    return Fact(f"Across groups, {frame.now.period}", words, is_value=True, beside=f"{low.group} to {high.group}")


def _awaited(measure: Measure) -> Fact | None:
    """How many figures are still to come, where there are more than one."""
    figures = [shown for row in measure.rows for shown in row.figures]
    to_come = [shown for shown in figures if shown.is_to_come]
    if len(to_come) < 2 or not measure.groups:
        return None
    by_column: dict[str, int] = {}
    for shown in to_come:
        by_column[shown.column.heading] = by_column.get(shown.column.heading, 0) + 1
    beside = names([f"{number} for the {heading}" for heading, number in by_column.items()])
    return Fact("Still to come", count_words(len(to_come), "figure").capitalize(), is_value=False, beside=beside)

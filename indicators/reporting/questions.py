"""What the figures of a measure leave open: facts computed from what is printed, for someone to ask about.

Nothing here says better or worse. Which way is better is not known of most measures; that figures contradict each
other, or that one has two values, can be seen without it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indicators.models import FigureStatus
from indicators.reporting.charts import Frame, value_in
from indicators.reporting.comparing import Comparison
from indicators.reporting.figures import Column, Measure, is_whole
from indicators.reporting.words import area_words, capital, count_words, names, number_words


@dataclass(frozen=True, slots=True)
class Question:
    """A fact, and what belongs to it in detail."""

    fact: str
    detail: str


def questions(measure: Measure, comparison: Comparison | None) -> list[Question]:
    frame = Frame.of(measure)
    return [
        *_two_values(measure, comparison),
        *_targets_below(measure, frame),
        *_targets_falling(measure, frame),
        *_missing(measure),
        *_several_in_a_cell(measure),
    ]


def _two_values(measure: Measure, comparison: Comparison | None) -> Iterator[Question]:
    if not comparison or not comparison.differing:
        return
    both = [
        f"{_name(ours.group)} {ours.words} here, {theirs.words} there"
        if ours.group
        else f"{ours.words} here, {theirs.words} there"
        for ours, theirs in comparison.differing
    ]
    period = comparison.differing[0][0].column.period
    figures = count_words(len(both), f"{period} figure").capitalize()
    yield Question(
        f"{figures} {'has' if len(both) == 1 else 'have'} another value in the comparison with {area_words(comparison.area)}",
        f"{'; '.join(both)}.",
    )


def _targets_below(measure: Measure, frame: Frame) -> Iterator[Question]:
    """Targets below the last result, where others of the same measure are above it: they cannot all be right."""
    if not frame.targets or not frame.now:
        return
    column = frame.targets[0]
    pairs = [
        (row, target.value - now.value)
        for row in measure.rows
        if (target := value_in(row, measure, column))
        and (now := value_in(row, measure, frame.now))
        and target.value is not None
        and now.value is not None
    ]
    below = [row for row, by in pairs if by < 0]
    if below and any(by > 0 for _, by in pairs):
        targets = count_words(len(below), f"{column.period} target").capitalize()
        is_or_are = "is" if len(below) == 1 else "are"
        yield Question(
            f"{targets} {is_or_are} printed lower than the {frame.now.period} result, the others higher",
            f"{capital(names([_name(row.name, within=True) for row in below], most=8))}.",
        )


def _targets_falling(measure: Measure, frame: Frame) -> Iterator[Question]:
    """A later target below an earlier one, group by group."""
    for earlier, later in pairwise(frame.targets):
        pairs = [
            (row, one.value, two.value)
            for row in measure.rows
            if (one := value_in(row, measure, earlier))
            and (two := value_in(row, measure, later))
            and one.value is not None
            and two.value is not None
        ]
        falling = [(row, one, two) for row, one, two in pairs if two < one]
        if not falling or not any(row.name for row, *_ in falling):
            continue
        furthest, start, end = max(falling, key=lambda found: found[1] - found[2])
        most = f"{_name(furthest.name)} goes from {number_words(start)} to {number_words(end)}."
        if len(falling) == len(pairs) > 1:
            yield Question(
                f"Every {later.period} target is printed lower than that of {earlier.period}",
                f"For all {count_words(len(pairs), 'group')} that have both. {most}",
            )
        else:
            number = count_words(len(falling), f"{later.period} target").capitalize()
            is_or_are = "is" if len(falling) == 1 else "are"
            yield Question(
                f"{number} {is_or_are} printed lower than that of {earlier.period}",
                f"{capital(names([_name(row.name, within=True) for row, *_ in falling], most=8))}. {most}",
            )


_MISSING = {
    FigureStatus.AWAITED: "awaited",
    FigureStatus.TO_FOLLOW: "to follow",
    FigureStatus.NO_TARGET_SET: "not set",
    FigureStatus.SUPPRESSED: "suppressed",
    FigureStatus.NOT_AVAILABLE: "not available",
}


def _missing(measure: Measure) -> Iterator[Question]:
    """Who has no figure, status by status, the periods of the same groups together; not what does not apply."""
    for status, words in _MISSING.items():
        found: dict[tuple[str, tuple[str, ...]], list[Column]] = {}
        notes: dict[str, list[str]] = {}
        for at, column in enumerate(measure.columns):
            without = [row for row in measure.rows if any(shown.status == status for shown in row.cells[at])]
            if without:
                found.setdefault((column.kind, tuple(row.name for row in without)), []).append(column)
                notes[column.heading] = [shown.note for row in without for shown in row.cells[at] if shown.note]
        for (kind, groups), columns in found.items():
            periods = names([column.period for column in columns])
            several = len(columns) > 1
            yield Question(
                f"The {periods} {kind}{'s are' if several else ' is'} {words}",
                _whose(groups, measure)
                or next((f"“{note}”" for column in columns for note in notes[column.heading]), ""),
            )


def _whose(groups: Sequence[str], measure: Measure) -> str:
    """ "For all pupils and Irish."; nothing where there is only the whole."""
    if len(measure.rows) == 1:
        return ""
    if len(groups) < len(measure.rows):
        return f"For {names([_name(group, within=True) for group in groups], most=8)}."
    parts = [group for group in groups if not is_whole(group)]
    all_parts = f"all {count_words(len(parts), 'group')}"
    return (
        f"For {_name(measure.whole.name, within=True)} and {all_parts}."
        if len(parts) < len(groups)
        else f"For {all_parts}."
    )


def _several_in_a_cell(measure: Measure) -> Iterator[Question]:
    for row in measure.rows:
        for column, cell in zip(measure.columns, row.cells, strict=True):
            if len(cell) > 1:
                number = count_words(len(cell), "figure")
                each = names([f"“{f'{shown.label} {shown.words}'.strip()}”" for shown in cell])
                yield Question(
                    f"{_name(row.name)} has {number} for the {column.heading}",
                    f"{each}, printed in one cell and not joined here.",
                )


def _name(group: str, *, within: bool = False) -> str:
    """A group at the beginning of a sentence or `within` it: "All pupils", "all pupils"; other names are as printed."""
    if not is_whole(group):
        return group
    return (group or "the whole").lower() if within else capital(group or "the whole")

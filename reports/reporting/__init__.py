"""The six-monthly page: what falls due in a half year and in the next, and how measures stand against their targets.

No status of an action is known here: a deliverable is due, or was due before today; neither done nor late.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from projects import months
from projects import reporting as actions
from projects.models import Deliverable
from projects.months import UNDATED, Group, Promised, YearPicture
from reports.reporting.halves import HalfYear, chosen, current, half_years
from reports.reporting.measures import Measures, Standing, measures_of
from reports.reporting.targets import SchemeRow, schemes_of

__all__ = ["EXPORT_COLUMNS", "HalfYear", "Progress", "chosen", "current", "export_rows", "half_years", "progress_of"]

EXPORT_COLUMNS = ("half_year", *actions.EXPORT_COLUMNS)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A unit, or a section of the directorate's plan, with what is due there and its measures."""

    unit: str  # blank for a section
    slug: str
    section: str
    due: int
    past: int  # of those, what was due before today
    following: int
    undated: int
    measures: int
    awaited: int

    @property
    def name(self) -> str:
        return self.unit or self.section


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything that the page of a half year shows."""

    half: HalfYear
    today: date
    due: Sequence[Promised]
    groups: Sequence[Group]
    before: Sequence[Group]
    following: Sequence[Promised]
    following_groups: Sequence[Group]
    undated: Sequence[Group]
    picture: YearPicture
    measures: Measures
    places: Sequence[PlaceRow]
    schemes: Sequence[SchemeRow]

    @property
    def is_over(self) -> bool:
        return self.today > self.half.last

    @property
    def actions_due(self) -> int:
        return len({row.action for row in self.due})

    @property
    def past(self) -> int:
        """Deliverables of the half year that were due before today."""
        return sum(_is_past(row, self.today) for row in self.due)

    @property
    def total(self) -> PlaceRow:
        """The places together."""
        numbers = [
            sum(getattr(place, name) for place in self.places)
            for name in ("due", "past", "following", "undated", "measures", "awaited")
        ]
        return PlaceRow("All", "", "", *numbers)


def progress_of(half: HalfYear, *, today: date) -> Progress:
    """The half year by the plans of its own year; six queries, whatever they hold."""
    year = half.year
    rows = months.promised(Deliverable.objects.for_year(year))
    due = [row for row in rows if row.end and half.first <= row.end <= half.last]
    following = [row for row in rows if row.end and half.last < row.end <= half.next.last]
    groups = months.by_month(rows, year=year.start, today=today)
    first, last, end = (f"{day:%Y-%m}" for day in (half.first, half.last, half.next.last))
    dated = [group for group in groups if group.key not in UNDATED]
    measures = measures_of(year)
    return Progress(
        half=half,
        today=today,
        due=due,
        groups=[group for group in dated if first <= group.key <= last],
        # They belong to no half year of the plan; the first of them tells.
        before=[group for group in dated if group.key < first] if half.half == 1 else [],
        following=following,
        following_groups=[group for group in dated if last < group.key <= end],
        undated=[group for group in groups if group.key in UNDATED],
        picture=months.year_picture(
            Counter(row.month for row in rows), year=year.start, stressed=lambda key: first <= key <= last
        ),
        measures=measures,
        places=_places(rows, measures, half=half, today=today),
        schemes=schemes_of(year, due={row.action for row in due}, following={row.action for row in following}),
    )


def _places(rows: Sequence[Promised], measures: Measures, *, half: HalfYear, today: date) -> list[PlaceRow]:
    """The units by name, then the directorate's sections."""
    counts: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        of_place = counts[row.unit, row.slug, "" if row.unit else row.section]
        if row.end is None:
            of_place["undated"] += 1
        elif half.first <= row.end <= half.last:
            of_place["due"] += 1
            of_place["past"] += _is_past(row, today)
        elif half.last < row.end <= half.next.last:
            of_place["following"] += 1
    for measure in measures.rows:
        of_place = counts[measure.unit, measure.slug, ""]
        of_place["measures"] += 1
        of_place["awaited"] += measure.standing is Standing.AWAITED
    columns = ("due", "past", "following", "undated", "measures", "awaited")
    order = sorted(counts, key=lambda place: (not place[0], place[0].lower(), place[2].lower()))
    return [PlaceRow(*place, *(counts[place][name] for name in columns)) for place in order]


def _is_past(row: Promised, today: date) -> bool:
    return row.end is not None and row.end < today


def export_rows(half: HalfYear) -> Iterator[tuple[Any, ...]]:
    """The deliverables due in the half year and in the next, as EXPORT_COLUMNS has them; two queries."""
    deliverables = Deliverable.objects.for_year(half.year).by_day()
    for one in (half, half.next):
        for row in actions.export_rows(deliverables.due_between(one.first, one.last)):
            yield (one.key, *row)

"""What the pages of the history show: a page of what was done, newest first; one change set row by row; their files."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.core.paginator import Page, Paginator

from history.models import ChangeSet
from history.whole import (
    Asked,
    Count,
    Group,
    Made,
    Scope,
    Span,
    change_sets,
    counts,
    row_changes,
    row_changes_of,
)
from kentplan.history.asking import HistoryFilter
from kentplan.history.naming import Names
from kentplan.history.places import scope_of
from kentplan.history.telling import Day, RowTold, Telling, by_day, tell, telling_of, tellings

PER_PAGE = 25  # change sets
ROWS_IN_FULL = 20  # of a change set; where it has more, they are counted here, and told on its own page
ROWS_PER_PAGE = 100  # of a change set on its own page
ROWS_AT_MOST = 20_000  # in a file
AT_ONCE = 500  # change sets that a file reads at once

COLUMNS = ("when", "who", "door", "why", "kind", "unit", "object", "operation", "field", "was", "became", "change_set")


class TooMuch(Exception):
    """The file would have more rows than it takes."""

    def __init__(self) -> None:
        super().__init__(
            f"That is more than {ROWS_AT_MOST:,} changed rows, which is what a file takes. "
            "Narrow it down by unit, person, kind or date, and take several files."
        )


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of what was done, by day, newest first."""

    days: list[Day]
    older: int | None  # the change set that the next page begins after
    is_first: bool
    name: str  # of the one object that it is about
    url: str

    @classmethod
    def of(cls, filters: HistoryFilter, *, before: str) -> "HistoryPage":
        start = int(before) if before.isascii() and before.isdecimal() and len(before) <= 18 else None
        scope, asked = filters.scope, filters.asked
        made = change_sets(scope, asked, before=start, at_most=PER_PAGE + 1)
        more, made = len(made) > PER_PAGE, made[:PER_PAGE]
        counted = counts(scope, [item.pk for item in made], _owner(asked, made, more=more, start=start))
        changes = row_changes(scope, _told_in_full(counted))
        names = Names(changes, filters.named)
        found = tellings(made, counted, changes, names)
        named = filters.named
        return cls(
            days=by_day(found),
            older=made[-1].pk if more else None,
            is_first=start is None,
            name=names.name(named.model, named.pk) if named else "",
            url=names.url_of(named.model, named.pk) if named else "",
        )

    @property
    def last(self) -> Telling:
        return self.days[0].tellings[0]


def _told_in_full(counted: list[Count]) -> list[Group]:
    numbers: Counter[Group] = Counter()
    for count in counted:
        numbers[count.group] += count.number
    return [group for group, number in numbers.items() if number <= ROWS_IN_FULL]


def _owner(asked: Asked, made: list[Made], *, more: bool, start: int | None) -> Span | None:
    """When what the owner did belongs on a page: between its change sets, and before or after them at the ends."""
    if not asked.owner_too:
        return None
    since = made[-1].at if more else None
    if asked.since is not None:
        since = max(since, asked.since) if since else asked.since
    return Span(since, asked.until, before=start)


@dataclass(frozen=True, slots=True)
class ChangeSetPage:
    """One change set by itself: all its rows, page by page."""

    telling: Telling
    rows: Page[Any]

    @classmethod
    def of(cls, change_set: ChangeSet, *, see_people: bool, number: str) -> "ChangeSetPage | None":
        """None where it touched nothing that the reader may know of."""
        scope = scope_of(see_people=see_people)
        made = _made(change_set)
        counted = counts(scope, [made.pk], None)
        total = sum(count.number for count in counted)
        if not counted:
            return None
        page = Paginator(range(total), ROWS_PER_PAGE).get_page(number)
        first = (page.number - 1) * ROWS_PER_PAGE
        changes = row_changes_of(scope, made.pk, start=first, at_most=ROWS_PER_PAGE)
        names = Names(changes)
        rows = [row for row in (tell(change, names) for change in changes) if row is not None]
        return cls(telling_of(made, rows, counted), page)


def _made(change_set: ChangeSet) -> Made:
    by = change_set.by
    return Made(change_set.pk, change_set.at, change_set.door, change_set.why, by.pk if by else None, str(by or ""))


def change_set_lines(change_set: ChangeSet, *, see_people: bool) -> list[tuple[Any, ...]]:
    """A change set as COLUMNS has it."""
    return list(_lines(scope_of(see_people=see_people), [_made(change_set)], None, at_most=ROWS_AT_MOST))


def export_lines(filters: HistoryFilter) -> list[tuple[Any, ...]]:
    """All that the filters leave, as COLUMNS has it: a line for each field that changed. `TooMuch` where it is too much."""
    scope, asked = filters.scope, filters.asked
    batches: list[_Batch] = []
    before: int | None = None
    while True:
        made = change_sets(scope, asked, before=before, at_most=AT_ONCE + 1)
        more, made = len(made) > AT_ONCE, made[:AT_ONCE]
        batches.append(_Batch.of(scope, made, _owner(asked, made, more=more, start=before)))
        if sum(batch.number for batch in batches) > ROWS_AT_MOST:
            raise TooMuch  # before any of it is told
        if not more:
            return [line for batch in batches for line in batch.lines(scope)]
        before = made[-1].pk


def _lines(scope: Scope, made: list[Made], owner: Span | None, *, at_most: int) -> Iterator[tuple[Any, ...]]:
    batch = _Batch.of(scope, made, owner)
    if batch.number > at_most:
        raise TooMuch
    yield from batch.lines(scope)


@dataclass(frozen=True, slots=True)
class _Batch:
    made: list[Made]
    counted: list[Count]

    @classmethod
    def of(cls, scope: Scope, made: list[Made], owner: Span | None) -> "_Batch":
        return cls(made, counts(scope, [item.pk for item in made], owner))

    @property
    def number(self) -> int:
        return sum(count.number for count in self.counted)

    def lines(self, scope: Scope) -> Iterator[tuple[Any, ...]]:
        changes = row_changes(scope, list(dict.fromkeys(count.group for count in self.counted)))
        for told in tellings(self.made, self.counted, changes, Names(changes)):
            for row in told.rows:
                yield from _lines_of(told, row)


def _lines_of(told: Telling, row: RowTold) -> Iterator[tuple[Any, ...]]:
    at = told.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    head = (at, told.who, told.door, told.why or None, row.kind, row.place.unit or None, row.name, row.operation)
    for field in row.fields:
        yield (*head, field.label, field.was_or_none, field.became_or_none, told.pk)
    if not row.fields:
        yield (*head, None, None, None, told.pk)

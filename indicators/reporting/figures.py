"""Figures side by side: columns of what they have in common, a row for the whole and one for each group."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from indicators.models import Figure, FigureKind, FigureStatus, Listing
from indicators.reporting.words import KENT, in_words, start_of
from plans.names import name_key
from plans.provenance import repaired_fields

KINDS = {kind: at for at, kind in enumerate(FigureKind.values)}
STILL_TO_COME = frozenset({FigureStatus.AWAITED, FigureStatus.TO_FOLLOW})


@dataclass(frozen=True, slots=True)
class Column:
    """What the figures of a column have in common. `area` is blank for Kent's own."""

    area: str
    period: str
    kind: str

    @property
    def heading(self) -> str:
        return " ".join(filter(None, (self.area, self.period, FigureKind(self.kind).label.lower())))

    @property
    def order(self) -> tuple[bool, str, str, int]:
        return not self.is_own, self.area, self.period, KINDS[self.kind]

    @property
    def is_own(self) -> bool:
        return self.area in ("", KENT)

    @property
    def start(self) -> int | None:
        return start_of(self.period)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure in a cell: its value, or why there is none, in words."""

    group: str
    column: Column
    status: str
    value: Decimal | None
    measure_unit: str
    label: str = ""
    note: str = ""
    provenance: int | None = None
    repaired: str = ""  # the printed cell that was repaired to read it; blank where none was

    @property
    def words(self) -> str:
        return in_words(self.status, self.value, self.measure_unit)

    @property
    def is_value(self) -> bool:
        return self.value is not None

    @property
    def is_to_come(self) -> bool:
        return self.status in STILL_TO_COME


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of a group, or of the whole where `name` is blank, a cell for each column."""

    name: str
    cells: tuple[tuple[Shown, ...], ...]

    @property
    def figures(self) -> Iterator[Shown]:
        for cell in self.cells:
            yield from cell

    def last(self, kind: str) -> Shown | None:
        """The last figure of a kind of Kent's that has a value; where none has, the last of all."""
        own = [shown for shown in self.figures if shown.column.kind == kind and shown.column.is_own]
        given = [shown for shown in own if shown.is_value]
        return (given or own or [None])[-1]  # type: ignore[list-item]

    def next_target(self) -> Shown | None:
        """The first target that has a value; where none has, the first of all."""
        own = [shown for shown in self.figures if shown.column.kind == FigureKind.TARGET and shown.column.is_own]
        return next((shown for shown in own if shown.is_value), own[0] if own else None)

    def to_come(self, kind: str) -> Shown | None:
        """The figure of a kind that follows the last that has a value, and is still to come."""
        last = self.last(kind)
        own = [shown for shown in self.figures if shown.column.kind == kind and shown.column.is_own]
        later = own[own.index(last) + 1 :] if last in own else []
        return next((shown for shown in later if shown.is_to_come), None)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure where it is printed: its figures for the whole, those of its groups under it.

    Where only groups are printed, `whole` is "All pupils" or the like, else the first of them, and has its name.
    """

    listing: Listing
    columns: tuple[Column, ...]
    whole: Row
    groups: list[Row]

    @property
    def rows(self) -> list[Row]:
        """Each row once, the whole first."""
        return [self.whole, *(row for row in self.groups if row is not self.whole)]

    @property
    def has_figures(self) -> bool:
        return any(cell for row in self.rows for cell in row.cells)

    @property
    def remarks(self) -> str:
        """What stands in place of figures, where the plan gives none."""
        figures = [shown for row in self.rows for shown in row.figures]
        remarks = [shown.note for shown in figures if shown.status == FigureStatus.REMARK]
        return " ".join(remarks) if len(remarks) == len(figures) else ""

    @property
    def notes(self) -> list[tuple[str, str]]:
        """What is noted at the figures of the whole, with the headings of the figures that each note is at."""
        return _noted(() if self.remarks else self.whole.figures)

    @property
    def notes_on_values(self) -> list[tuple[str, str]]:
        """The notes without which a value would be misread; not why there is none."""
        return _noted(shown for shown in self.whole.figures if shown.is_value)

    @property
    def note(self) -> str:
        """The note that every one of several figures has, to be told once."""
        notes = [shown.note for row in self.rows for shown in row.figures]
        return notes[0] if len(notes) > 1 and len(set(notes)) == 1 else ""


def _noted(figures: Iterable[Shown]) -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for shown in figures:
        if shown.note:
            found.setdefault(shown.note.rstrip("."), []).append(shown.column.heading)
    return [(", ".join(headings), note) for note, headings in found.items()]


NARROW = (
    "listing",
    "group__name",
    "area",
    "period",
    "kind",
    "status",
    "value",
    "listing__indicator__measure_unit",
    "label",
    "note",
    "printed",
    "provenance",
    "provenance__repairs",
)


def by_listing(figures: QuerySet[Figure]) -> dict[int, list[Shown]]:
    """The figures of each listing in printed order; one query."""
    found: dict[int, list[Shown]] = {}
    for listing, *figure in figures.order_by("listing", "position", "pk").values_list(*NARROW):
        found.setdefault(listing, []).append(shown_of(*figure))
    return found


def shown_of(
    group: str | None,
    area: str,
    period: str,
    kind: str,
    status: str,
    value: Decimal | None,
    measure_unit: str,
    label: str,
    note: str,
    printed: str,
    provenance: int | None,
    repairs: list[dict[str, Any]] | None,
) -> Shown:
    cell = f"{kind} {period}"
    return Shown(
        group=group or "",
        column=Column(area, period, kind),
        status=status,
        value=value,
        measure_unit=measure_unit,
        label=label,
        note=printed if status == FigureStatus.REMARK else "" if note == label else note,
        provenance=provenance,
        repaired=cell if repairs and cell in repaired_fields(repairs) else "",
    )


def columns_of(figures: Iterable[Shown]) -> tuple[Column, ...]:
    return tuple(sorted({shown.column for shown in figures}, key=lambda column: column.order))


def is_whole(group: str) -> bool:
    """Whether a group is the whole: no group at all, or "All pupils"."""
    return not group or name_key(group).startswith("all ")


def measure_of(listing: Listing, figures: Sequence[Shown], columns: tuple[Column, ...] = ()) -> Measure:
    columns = columns or columns_of(figures)
    cells: dict[str, dict[Column, tuple[Shown, ...]]] = {}
    for shown in figures:
        row = cells.setdefault(shown.group, {})
        row[shown.column] = (*row.get(shown.column, ()), shown)
    rows = {name: Row(name, tuple(row.get(column, ()) for column in columns)) for name, row in cells.items()}
    groups = [row for name, row in rows.items() if name]
    nothing = Row("", tuple(() for _ in columns))
    whole = rows.get("") or next((row for row in groups if is_whole(row.name)), None)
    return Measure(listing, columns, whole=whole or (groups[0] if groups else nothing), groups=groups)

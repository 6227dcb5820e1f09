"""How the form on a measure's figures is laid out: a row for each group, a column for each period and kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indicators.models import Figure
from indicators.reporting.figures import Column
from indicators.reporting.words import in_words


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A group; in each column, which of the figures stand there, by their place among all."""

    name: str
    cells: tuple[tuple[Column, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    columns: tuple[Column, ...]
    rows: tuple[SheetRow, ...]


def sheet_of(figures: Iterable[Figure]) -> Sheet:
    """The figures side by side, in the order in which they come."""
    cells: dict[str, dict[Column, list[int]]] = {}
    for at, figure in enumerate(figures):
        column = Column(figure.area, figure.period, figure.kind)
        cells.setdefault(figure.group.name if figure.group else "", {}).setdefault(column, []).append(at)
    columns = tuple(sorted({column for row in cells.values() for column in row}, key=lambda column: column.order))
    rows = (
        SheetRow(name or "All", tuple((column, tuple(row.get(column, ()))) for column in columns))
        for name, row in cells.items()
    )
    return Sheet(columns, tuple(rows))


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A figure of the sheet: the place of its form among the forms, or the words of one that is another's to change."""

    at: int | None
    words: str
    note: str
    label: str


def cells_of(printed: Sequence[Figure], mine: Sequence[Figure], measure_unit: str) -> tuple[SheetCell, ...]:
    """Each printed figure, of which there are forms on `mine` in that order."""
    places = {figure.pk: at for at, figure in enumerate(mine)}
    return tuple(
        SheetCell(places.get(figure.pk), in_words(figure.status, figure.value, measure_unit), figure.note, figure.label)
        for figure in printed
    )

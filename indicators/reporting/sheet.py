"""How the form on a measure's figures is laid out: a row for each group, a column for each period and kind."""

from collections.abc import Iterable
from dataclasses import dataclass

from indicators.models import Figure
from indicators.reporting.figures import Column


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

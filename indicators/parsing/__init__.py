"""The measures of a plan: its kinds of table, and the parser of each."""

from collections.abc import Callable, Sequence

from indicators.parsing import comparisons, figures, lists
from indicators.parsing.rows import ComparisonRow, FigureRow, ListedRow
from plans.documents import Context, Kind, Line, Parsed, Table
from plans.sheets import Sheet

__all__ = ["KINDS", "SHEETS", "ComparisonRow", "FigureRow", "ListedRow", "parse", "places"]

_PARSERS: tuple[tuple[Kind, Callable[[Table, Context], Parsed]], ...] = (
    (Kind("indicator", figures.header, unit="heading"), figures.parse),
    (Kind("indicator_list", lists.header), lists.parse),
    (Kind("comparison", comparisons.header, unit="heading"), comparisons.parse),
)
KINDS = tuple(kind for kind, _ in _PARSERS)
SHEETS = (
    Sheet("measure", "indicator", ListedRow, under_unit=True),
    Sheet("figure", "indicator", FigureRow, under_unit=True),
    Sheet("comparison", "comparison", ComparisonRow, under_unit=True),
)


def parse(table: Table, context: Context) -> Parsed:
    """Parse a table of one of KINDS; what became of its lines is told in their order."""
    parsed = next(parser for kind, parser in _PARSERS if kind.name == table.kind)(table, context)
    parsed.outcomes.sort(key=lambda outcome: outcome.line)
    return parsed


def places(kind: str, header: Sequence[Line]) -> dict[str, int]:
    """Where each column of a table of these kinds stands, by its printed header; {} of another kind."""
    if kind == "comparison":
        return comparisons.places(header[-1])
    if kind in ("indicator", "indicator_list"):
        return lists.places(header[-1]) or figures.places(header[-1])
    return {}

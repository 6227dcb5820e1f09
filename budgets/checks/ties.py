"""How rows meet in a check: figures of one column by name, with where they stand, and what print has lost of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budgets.parsing.rows import BudgetRow, ControlTotalRow, EstablishmentRow, MovementRow, StaffingRow
from plans.checks import Check, Term, compare

# A row of any type of budgets.parsing.rows: figures by name, and a source.
Row = Any


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a check: a column of some rows, each figure multiplied by `sign`."""

    rows: Sequence[Row]
    column: str
    sign: int = 1


def tie(
    rule: str,
    row: Row | None,
    column: str,
    sides: Iterable[Side],
    *,
    unit: str = "",
    label: str = "",
    lost: str = "",
    digit: Decimal | None = None,
    portfolio: bool = False,
    lines: Iterable[int] | None = None,
) -> Check:
    """Check the figure of `row` against the sum of `sides`; without a row, it is not checked for the reason `lost`."""
    sides = tuple(sides)
    first = [Side([row], column)] if row is not None else []
    parts = [signed(getattr(part, side.column), side.sign) for side in sides for part in side.rows]
    return compare(
        rule,
        label or (label_of(row) if row is not None else ""),
        getattr(row, column) if row is not None else None,
        parts,
        unit=unit,
        lines=(row.source.lines if row is not None else ()) if lines is None else lines,
        lost=lost or lost_in([*first, *sides]),
        digit=digit,
        portfolio=portfolio,
        terms=[
            Term(label_of(part), side.column, signed(getattr(part, side.column), side.sign), part.source)
            for side in (*first, *sides)
            for part in side.rows
        ],
    )


def signed(figure: Decimal | None, sign: int) -> Decimal | None:
    return figure if figure is None or sign > 0 else -figure


def label_of(row: Row) -> str:
    """What a row is called: its activity, band, division or reason."""
    label: str = getattr(row, _LABELS[type(row)])
    return label


_LABELS: dict[type, str] = {
    BudgetRow: "activity",
    ControlTotalRow: "activity",
    StaffingRow: "band",
    EstablishmentRow: "division",
    MovementRow: "reason",
}


def lost_in(sides: Iterable[Side]) -> str:
    """Why a figure cannot be compared: one was printed there but could not be read."""
    lost = [
        row.source.lines[0]
        for side in sides
        for row in side.rows
        if getattr(row, side.column) is None
        and any(column == side.column and text for column, text in row.source.printed)
        and not any(
            repair.column == side.column for repair in row.source.repairs
        )  # it stood there, but belongs elsewhere
    ]
    return f"the figure on line {lost[0]} is lost in print" if lost else ""

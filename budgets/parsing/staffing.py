"""Staffing by grade band, the staffing establishment with its justification of movement, and MTP items."""

from collections.abc import Sequence

from budgets.parsing.figures import is_whole, pieces_of_one, to_amount
from budgets.parsing.grid import Grid, GridLine, Identity, build, mark_unreadable, put_figures_back
from budgets.parsing.labels import correct, put_labels_together
from budgets.parsing.rows import EstablishmentRow, MovementRow, MTPRow, StaffingRow
from plans.documents import (
    Context,
    Doubt,
    Line,
    Outcome,
    Parsed,
    ParsedTable,
    Problem,
    Repair,
    Source,
    Table,
    plain,
    plan_year,
)
from plans.names import name_key

# The columns as they are printed, from the left.
STAFFING = ("activity", "prior_fte", "fte")
ESTABLISHMENT = ("activity", "prior_fte", "fte", "difference")
MOVEMENT = ("activity", "number")
MTP = ("amount", "heading", "explanation")
_ESTABLISHMENT_SUM: tuple[Identity, ...] = ((("prior_fte", "difference"), "fte"),)


def staffing_header(lines: Sequence[Line], at: int) -> int:
    """A blank first cell, then last year and this year and nothing else."""
    cells = [plain(cell) for cell in lines[at].cells]
    return int(len(cells) == 3 and not cells[0] and all(plan_year(cell) and len(cell) <= 9 for cell in cells[1:]))


def establishment_header(lines: Sequence[Line], at: int) -> int:
    cells = [name_key(plain(cell)) for cell in lines[at].cells]
    return int(
        len(cells) == 4
        and not cells[0]
        and cells[3] == "difference"
        and all(cell.endswith("fte") for cell in cells[1:3])
    )


def movement_header(lines: Sequence[Line], at: int) -> int:
    return int([name_key(plain(cell)) for cell in lines[at].cells] == ["justification of movement", "number"])


def mtp_header(lines: Sequence[Line], at: int) -> int:
    cells = [name_key(plain(cell)) for cell in lines[at].cells]
    return int(len(cells) == 3 and cells[0].startswith("amount") and "pressure" in cells[1])


def _band(label: str) -> str:
    """The bands of a staffing table, which stand even where nothing is printed beside them."""
    key = name_key(label)
    return key if key.endswith(("ftes", "fte", "funded")) or key.startswith(("total", "of the above", "pt")) else ""


def _grid(
    table: Table, context: Context, names: Sequence[str], *, stands: bool, identities: tuple[Identity, ...] = ()
) -> Grid:
    grid = build(table, ["activity", *names], special=_band if stands else lambda label: "", identities=identities)
    correct(grid, context)
    put_figures_back(grid)
    put_labels_together(grid)
    for line in grid.lines:
        mark_unreadable(grid, line)
    unlabelled = [line.number for line in grid.lines if line.joined_into is None and not line.label]
    if unlabelled:
        grid.problems.append(Problem(tuple(unlabelled), "Figures without a label.", "label"))
    years = [plan_year(plain(cell)) for cell in table.header[-1].cells]
    current = [year for year in years if year]
    if current and context.year and current[-1] != context.year:
        grid.problems.append(
            Problem(
                (table.header[-1].number,),
                f"The table is for {current[-1]} but the plan is for {context.year}.",
                "year",
            )
        )
    return grid


def _source(line: GridLine) -> Source:
    return Source(tuple(sorted(set(line.lines))), tuple(line.repairs), tuple(line.printed.items()))


def _parsed(table: Table, grid: Grid, kind: str, unit: str, rows: Sequence[object]) -> Parsed:
    if grid.problems:
        why = grid.problems[0].says
        return Parsed([], grid.doubts, grid.problems, [Outcome(line.number, "not read", why) for line in table.body])
    outcomes = [
        Outcome(line.number, "loaded")
        if line.joined_into is None
        else Outcome(line.number, "not read", line.unread)
        if line.unread
        else Outcome(line.number, "repaired", f"into line {line.joined_into}")
        for line in grid.lines
    ]
    return Parsed([ParsedTable(kind, unit, (table.first, table.last), tuple(rows))], grid.doubts, [], outcomes)


def _rows(grid: Grid) -> list[GridLine]:
    return [line for line in grid.lines if line.joined_into is None and line.label]


def parse_staffing(table: Table, context: Context) -> Parsed:
    grid = _grid(table, context, STAFFING[1:], stands=True)
    rows = [
        StaffingRow(table.unit, line.label, line.amount("prior_fte"), line.amount("fte"), _source(line))
        for line in _rows(grid)
    ]
    return _parsed(table, grid, "staffing", table.unit, rows)


def parse_establishment(table: Table, context: Context) -> Parsed:
    grid = _grid(table, context, ESTABLISHMENT[1:], stands=False, identities=_ESTABLISHMENT_SUM)
    rows = [
        EstablishmentRow(
            line.label, line.amount("prior_fte"), line.amount("fte"), line.amount("difference"), _source(line)
        )
        for line in _rows(grid)
    ]
    return _parsed(table, grid, "establishment", "", rows)


def parse_movement(table: Table, context: Context) -> Parsed:
    grid = _grid(table, context, MOVEMENT[1:], stands=False)
    rows = [MovementRow(line.label, line.amount("number"), _source(line)) for line in _rows(grid)]
    return _parsed(table, grid, "establishment", "", rows)


# --- MTP pressures and savings ---------------------------------------------------------------------------------------


class _Item:
    """One MTP row while it is being put together."""

    def __init__(self, line: Line) -> None:
        self.number = line.number
        self.amount, self.heading, self.explanation = ([plain(cell) for cell in line.cells] + ["", "", ""])[:3]
        self.printed = (("amount", self.amount), ("heading", self.heading), ("explanation", self.explanation))
        self.lines = [line.number]
        self.repairs: list[Repair] = []

    def join(self, other: "_Item", *, rule: str) -> None:
        for name in ("heading", "explanation"):
            own, more = getattr(self, name), getattr(other, name)
            if more:
                both = f"{own} {more}".strip()
                self.repairs.append(Repair(rule, (self.number, other.number), f"{own} / {more}", both, name))
                setattr(self, name, both)
        self.lines.append(other.number)


def parse_mtp(table: Table, context: Context) -> Parsed:
    """One row an amount; a row without an amount and a heading goes on the one above."""
    parsed = Parsed()
    items: list[_Item] = []
    for line in table.body:
        item = _Item(line)
        for name in ("amount", "heading", "explanation"):
            correction = context.corrections.get((line.number, name))
            if correction and getattr(item, name) == correction.was:
                setattr(item, name, correction.value)
                item.repairs.append(
                    Repair("declared correction", (line.number,), correction.was, correction.value, name)
                )
        outcome = Outcome(line.number, "loaded")
        if not item.amount and items and (not item.heading or item.heading[:1].islower()):
            items[-1].join(
                item,
                rule="continued after a page break" if line.number in table.breaks else "continued on the next line",
            )
            outcome = Outcome(line.number, "repaired", f"into line {items[-1].number}")
        elif not item.amount:
            if (line.number, "amount") not in context.corrections:
                says = f"“{item.heading or item.explanation}” has no amount beside it."
                parsed.doubts.append(Doubt((line.number,), says, "amount"))
            items.append(item)
        elif not item.heading and not item.explanation:
            if items and not is_whole(items[-1].amount) and pieces_of_one(items[-1].amount, item.amount, decimals=0):
                above, was = items[-1], items[-1].amount
                above.amount += item.amount
                above.lines.append(item.number)
                above.repairs.append(
                    Repair(
                        "figure split over lines",
                        (above.number, item.number),
                        f"{was} / {item.amount}",
                        above.amount,
                        "amount",
                    )
                )
                outcome = Outcome(line.number, "repaired", f"into line {above.number}")
            else:
                parsed.errors.append(
                    Problem((line.number,), f"The amount {item.amount} has no words beside it.", "heading")
                )
        else:
            items.append(item)
        parsed.outcomes.append(outcome)
    if parsed.errors:
        parsed.outcomes = [Outcome(line.number, "not read", parsed.errors[0].says) for line in table.body]
        return parsed
    for item in items:
        if item.amount and not is_whole(item.amount):
            parsed.doubts.append(Doubt(tuple(item.lines), f"“{item.amount}” is not a whole figure.", "amount"))
    rows = tuple(
        MTPRow(
            to_amount(item.amount),
            item.heading,
            item.explanation,
            Source(tuple(item.lines), tuple(item.repairs), item.printed),
        )
        for item in items
    )
    parsed.tables.append(ParsedTable("mtp", "", (table.first, table.last), rows))
    return parsed

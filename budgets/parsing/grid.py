"""A budget table as a grid of cells: its columns by name, its lines, and the figures put back where position says.

Nothing here knows what a row means. Repairs are recorded on the line whose figure was put right.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.parsing.figures import (
    ascii_minus,
    decimals_printed,
    is_figure_like,
    is_minus,
    is_whole,
    joined,
    pieces_of_one,
    to_amount,
)
from plans.documents import Doubt, Line, Problem, Repair, Table, plain, plan_year
from plans.names import name_key

_COLUMNS = (
    ("controllable", "controllable"),
    ("fte", "fte"),
    ("activity", "activity"),
    ("employee", "employee"),
    ("running", "running"),
    ("contracts", "contracts"),
    ("gross", "gross"),
    ("external income", "external_income"),
    ("internal income", "internal_income"),
    ("cabinet member", "cabinet_member"),
)
COLUMN_WORDS = {
    "prior_controllable": "last year's controllable",
    "prior_fte": "last year's FTE",
    "fte": "FTE",
    "employee": "employee costs",
    "running": "running costs",
    "contracts": "contracts & projects",
    "gross": "gross expenditure",
    "external_income": "external income",
    "internal_income": "internal income",
    "controllable": "controllable expenditure",
}


def words_for(column: str) -> str:
    return COLUMN_WORDS.get(column, column.replace("_", " "))


def header(lines: Sequence[Line], at: int) -> int:
    """A budget table begins with its column names, or with a line of years above them."""
    if _names_columns(lines[at]):
        return 1
    cells = [plain(cell) for cell in lines[at].cells]
    years = [cell for cell in cells if plan_year(cell)]
    if years and len(years) == sum(map(bool, cells)) and at + 1 < len(lines) and _names_columns(lines[at + 1]):
        return 2
    return 0


def _names_columns(line: Line) -> bool:
    if "\t" not in line.text:
        return False
    keys = {name_key(plain(cell)) for cell in line.cells}
    return (
        "activity" in keys
        and "fte" in keys
        and any(key.startswith(("employee", "gross", "controllable")) for key in keys)
    )


def columns(line: Line) -> list[str]:
    """The column names by position: those before Activity are last year's; "" where a header is not a known one."""
    found: list[str] = []
    for cell in line.cells:
        key = name_key(plain(cell))
        name = next((name for start, name in _COLUMNS if key.startswith(start)), "")
        if name in ("controllable", "fte") and "activity" not in found:
            name = "prior_" + name
        found.append(name)
    return found


def header_problems(table: Table, year: str) -> list[Problem]:
    """What in the header keeps the table from being read: columns missing or twice, another year, not in £000."""
    line = table.header[-1]
    names = columns(line)
    where = (line.number,)
    problems = [
        Problem(where, f"The header names the column “{name}” {names.count(name)} times.", name)
        for name in dict.fromkeys(names)
        if name and names.count(name) > 1
    ]
    problems += [
        Problem(where, f"The header has no column for {words_for(name)}.", name)
        for name in ("activity", "fte", "employee", "running", "gross", "controllable")
        if name not in names
    ]
    for cell in map(plain, line.cells):
        unit = re.search(r"£\s*([a-z0]+)", cell, re.IGNORECASE)
        if unit and not unit[1].startswith("000"):
            problems.append(Problem(where, f"“{cell}” is not in £000, and only tables in £000 are read.", "header"))
    years = [plan_year(plain(cell)) for cell in table.header[0].cells]
    current = [found for found in years if found]
    if len(table.header) > 1 and current and year and current[-1] != year:
        problems.append(
            Problem((table.header[0].number,), f"The table is for {current[-1]} but the plan is for {year}.", "year")
        )
    return problems


# The lines under the activities, by the first words of their labels.
_SUBJECTS = (
    ("controllable total", "controllable"),
    ("memorandum item", "memorandum"),
    ("central overhead", "central"),
    ("directorate overhead", "directorate"),
    ("capital charge", "capital"),
    ("total cost of", "total_cost"),
)


def subject_of(label: str) -> str:
    """Which line under the activities a label names; "" for an activity."""
    key = name_key(label)
    return next((subject for start, subject in _SUBJECTS if key.startswith(start)), "")


Identity = tuple[tuple[str, ...], str]  # the columns that add up to another
BUDGET_IDENTITIES: tuple[Identity, ...] = (
    (("employee", "running", "contracts"), "gross"),
    (("gross", "external_income", "internal_income"), "controllable"),
)


@dataclass
class GridLine:
    """One line of the body: its label, its figures' texts by column, and what was put right in it."""

    number: int
    label: str
    member: str
    texts: dict[str, str]
    short: bool = False
    after_break: bool = False
    lines: list[int] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    printed: dict[str, str] = field(default_factory=dict)
    corrected: bool = False  # its label is a declared correction
    torn: bool = False  # words that come first after a page break
    unread: str = ""  # why its words were given to no row
    joined_into: int | None = None  # the line whose row this one's figures or words were given to

    @property
    def filled(self) -> list[str]:
        return [name for name, text in self.texts.items() if text]

    def amount(self, name: str) -> Decimal | None:
        return to_amount(self.texts.get(name, ""))

    def is_declared(self, name: str) -> bool:
        """Whether a declared correction says what stands in the column, so that it is not asked about."""
        return any(repair.rule == "declared correction" and repair.column == name for repair in self.repairs)

    def put(self, name: str, text: str, *, rule: str, other: int, was: str) -> None:
        """Set a figure read from this line and `other` together."""
        self.texts[name] = text
        self.lines.append(other)
        self.repairs.append(Repair(rule, tuple(sorted({self.number, other})), was, text, name))


@dataclass
class Grid:
    """The lines of a table body, with the problems and doubts of putting their figures back."""

    names: list[str]
    special: Callable[
        [str], str
    ]  # what a label names that stands as a row of its own even without figures; "" for others
    identities: tuple[Identity, ...]
    lines: list[GridLine] = field(default_factory=list)
    decimals: int = 0
    doubts: list[Doubt] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def figures(self) -> list[str]:
        return [name for name in self.names if name not in ("", "activity", "cabinet_member")]


def build(
    table: Table, names: list[str], *, special: Callable[[str], str], identities: tuple[Identity, ...] = ()
) -> Grid:
    """Lay the table's body out by its columns. A short row is filled up with blanks; a long one is a problem."""
    grid = Grid(names, special, identities)
    for line in table.body:
        cells = [plain(cell) for cell in line.cells]
        if any(cells[len(names) :]):
            grid.problems.append(
                Problem((line.number,), f"The row has {len(cells)} cells where the header has {len(names)}.", "")
            )
        short = len(cells) < len(names)
        by_name = {name: text for name, text in zip(names, cells + [""] * len(names), strict=False) if name}
        grid.lines.append(
            GridLine(
                number=line.number,
                label=by_name.get("activity", ""),
                member=by_name.get("cabinet_member", ""),
                texts={name: ascii_minus(by_name.get(name, "")) for name in grid.figures},
                short=short,
                after_break=line.number in table.breaks,
                lines=[line.number],
                printed={name: by_name.get(name, "") for name in ("activity", *grid.figures)},
            )
        )
        unnamed = [text for name, text in zip(names, cells, strict=False) if not name and text]
        if unnamed:
            grid.problems.append(
                Problem((line.number,), f"“{unnamed[0]}” stands in a column whose header is not known.", "")
            )
    grid.decimals = decimals_printed(text for line in grid.lines for text in line.texts.values())
    return grid


# --- figures split over lines, or parted from their minus ------------------------------------------------------------


def put_figures_back(grid: Grid) -> None:
    """Give the figures of lines without a label to the row above or below, as column, form and arithmetic say."""
    for at, line in enumerate(grid.lines):
        if line.label or line.member or not line.filled or not _is_fragment(grid, line):
            continue
        above = _neighbour(grid, at, step=-1)
        below = _neighbour(grid, at, step=1)
        for name in line.filled:
            _place(grid, line, name, above, below)
        if not line.filled:
            continue
        grid.problems.append(
            Problem(
                (line.number,),
                f"Figures without a label: {', '.join(line.texts[name] for name in line.filled)}.",
                "activity",
            )
        )


def _is_fragment(grid: Grid, line: GridLine) -> bool:
    """A line that holds pieces, not a row of its own: few figures, or none of them whole."""
    whole = [name for name in line.filled if not _is_piece(grid, line.texts[name])]
    return len(line.filled) <= max(1, len(grid.figures) // 2) and len(whole) <= 3


def _is_piece(grid: Grid, text: str) -> bool:
    return not is_whole(text) or (grid.decimals > 0 and len(text.partition(".")[2]) != grid.decimals)


def _neighbour(grid: Grid, at: int, *, step: int) -> GridLine | None:
    """The nearest labelled line with figures; a line with only first words of a label may stand between."""
    at += step
    while 0 <= at < len(grid.lines):
        line = grid.lines[at]
        if line.label and (line.filled or grid.special(line.label)):
            return line
        if not line.label and line.filled and not _is_fragment(grid, line):
            return None
        at += step
    return None


Option = tuple[int, GridLine, str, str]  # how sure, whose it would be, the figure, what that row's own cell was


def _place(grid: Grid, line: GridLine, name: str, above: GridLine | None, below: GridLine | None) -> None:
    text = line.texts[name]
    options: list[Option] = []
    for other, upper in ((above, True), (below, False)):
        if other is None:
            continue
        own = other.texts.get(name, "")
        if not own:
            if is_whole(text) and not _is_piece(grid, text):
                options.append((1, other, text, ""))
            continue
        sure = (
            pieces_of_one(own, text, decimals=grid.decimals)
            if upper
            else pieces_of_one(text, own, decimals=grid.decimals)
        )
        if not sure and is_minus(own) and is_whole(text):
            sure = 1  # the minus stayed with its row, the digits stand on the line before or after
        if sure:
            figure = joined(text, own) if is_minus(own) else joined(own, text) if upper else joined(text, own)
            options.append((sure, other, figure, own))
    chosen = _choose(grid, options, name)
    if chosen is None:
        if options:
            line.texts[name] = ""
            grid.doubts.append(
                Doubt(
                    tuple(sorted({line.number, *(other.number for _, other, _, _ in options)})),
                    f"“{text}” in the column {words_for(name)} may belong to the row above or below.",
                    name,
                    tuple(f"{other.label or other.number}: {figure}" for _, other, figure, _ in options),
                )
            )
            for _, other, _, _ in options:
                other.texts[name] = "?" if not is_whole(other.texts[name]) or is_minus(text) else other.texts[name]
        return
    _, other, figure, own = chosen
    rule = (
        "minus on another line"
        if is_minus(text) or is_minus(own)
        else "figure split over lines"
        if own
        else "figure slid from its row"
    )
    other.put(name, figure, rule=rule, other=line.number, was=f"{own} / {text}" if own else text)
    line.texts[name] = ""
    line.joined_into = other.number


def _choose(grid: Grid, options: list[Option], name: str) -> Option | None:
    """The one option that the rows' own arithmetic allows; else the one whose pieces fit best; else none."""
    if not options:
        return None
    proved = [
        option
        for option in options
        if row_ties(grid, option[1], {name: option[2]}) and not row_ties(grid, option[1], {name: option[3]})
    ]
    if len(proved) == 1:
        return proved[0]
    refuted = [option for option in options if row_ties(grid, option[1], {name: option[2]}) is False]
    left = [option for option in options if option not in refuted] or options
    if len(left) == 1:
        figure, own = left[0][2], left[0][3]
        # A minus added to a whole figure turns its sign: position alone does not prove that against arithmetic.
        return None if left[0] in refuted and (is_whole(own) or not own) and figure else left[0]
    best = max(option[0] for option in left)
    surest = [option for option in left if option[0] == best]
    return surest[0] if len(surest) == 1 and best == 2 else None


def row_ties(grid: Grid, line: GridLine, changed: Mapping[str, str] | None = None) -> bool | None:
    """Whether the row adds up with `changed` figures in place (those sums they enter); None where it cannot be told."""
    texts = line.texts | dict(changed or {})
    sums = [
        (parts, total)
        for parts, total in grid.identities
        # The controllable of Total Cost has the memorandum items in it, and is no sum of its own row.
        if (not changed or set(changed) & {*parts, total})
        and not (total == "controllable" and grid.special(line.label) == "total_cost")
    ]
    ties = [tie for tie in (_ties(grid, texts, parts, total) for parts, total in sums) if tie is not None]
    return all(ties) if ties else None


def _ties(grid: Grid, texts: dict[str, str], parts: Iterable[str], total: str) -> bool | None:
    """Equal, or as near as rounding of printed figures allows; None where one of them is a piece of a figure."""
    amounts = []
    for name in (*parts, total):
        text = texts.get(name, "")
        if text and _is_piece(grid, text):
            return None
        amounts.append(to_amount(text))
    if amounts[-1] is None or all(amount is None for amount in amounts[:-1]):
        return None
    return abs(sum((amount or Decimal(0) for amount in amounts[:-1]), Decimal(0)) - amounts[-1]) <= Decimal("0.15")


# --- what cannot be read ---------------------------------------------------------------------------------------------


def mark_unreadable(grid: Grid, line: GridLine) -> None:
    """Empty each cell that is no whole figure and raise a doubt: digits lost, or a figure that print has broken."""
    words = [name for name in line.filled if not is_figure_like(line.texts[name]) and line.texts[name] != "?"]
    if len(words) > 1:
        grid.problems.append(
            Problem(
                (line.number,),
                f"Words stand where figures should: “{line.texts[words[0]]}” in {words_for(words[0])}.",
                words[0],
            )
        )
        return
    for name in line.filled:
        text = line.texts[name]
        if is_whole(text):
            continue
        line.texts[name] = ""
        if text == "?":  # its doubt is raised already
            continue
        says = (
            f"The digits of {words_for(name)} are lost in print: only a minus is left."
            if is_minus(text)
            else f"“{text}” in {words_for(name)} is not a whole figure."
        )
        grid.doubts.append(Doubt((line.number,), says, name))

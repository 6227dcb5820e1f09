"""Budget tables: a unit's own lines, or a portfolio's row for each unit; totals, memorandum items, total cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tests.plan_writer.sheet import Sheet, spread
from tests.plan_writer.truth import EITHER, REFUSED, RIGHT, MustBe, Row
from tests.plan_writer.words import Label

COLUMNS = (
    "prior_controllable",
    "prior_fte",
    "label",
    "fte",
    "employee",
    "running",
    "contracts",
    "gross",
    "external_income",
    "internal_income",
    "controllable",
    "cabinet_member",
)
FIGURES = tuple(column for column in COLUMNS if column not in ("label", "cabinet_member"))
LABEL = COLUMNS.index("label")
INCOME = ("external_income", "internal_income")
Amounts = Mapping[str, Decimal | None]

LABEL_DAMAGES = (
    "label_above",
    "label_left_behind",
    "label_all_left_behind",
    "label_tail_signed",
    "label_tail_unsigned",
)
FIGURE_DAMAGES = (
    "split_before",
    "split_after",
    "split_at_comma",
    "minus_before",
    "minus_after",
    "digits_after_minus",
    "figure_lost",
    "en_dash_minus",
)


def tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP) + 0  # + 0: no negative zero


def text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.1f}"


def exact(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def header(start: int) -> list[list[str]]:
    years = [f"{start - 1}-{start % 100:02d}", "", f"{start}-{(start + 1) % 100:02d}", *[""] * 9]
    return [
        years,
        [
            "Controllable Expenditure £000's",
            "FTE",
            "Activity",
            "FTE",
            "Employee Costs £000's",
            "Running Costs £000's",
            "Contracts & Projects £000's",
            "Gross Expenditure £000's",
            "External Income £000's",
            "Internal Income £000's",
            "Controllable Expenditure £000's",
            "Cabinet Member",
        ],
    ]


def draw(sheet: Sheet, *, blank_contracts: bool) -> dict[str, Decimal | None]:
    """The figures of one row in full; on the 0.1 grid where the plan does not round."""
    rng = sheet.rng

    def some(low: int, high: int, nil: float = 0.15) -> Decimal:
        if rng.random() < nil:
            return Decimal(0)
        drawn = Decimal(rng.randint(low * 100, high * 100)) / 100
        return drawn if sheet.rounding else tenth(drawn)

    row: dict[str, Decimal | None] = {
        "employee": some(20, 9000),
        "running": some(5, 20000),
        "contracts": None if blank_contracts else some(10, 3000, 0.5),
        "external_income": -some(5, 4000, 0.4),
        "internal_income": -some(5, 4000, 0.4),
        "prior_controllable": some(5, 20000),
        "prior_fte": tenth(some(1, 300)),
        "fte": tenth(some(1, 300)),
    }
    row["gross"] = total(row, "employee", "running", "contracts")
    row["controllable"] = total(row, "gross", *INCOME)
    return row


def total(row: Amounts, *columns: str) -> Decimal:
    return sum((row[column] or Decimal(0) for column in columns), Decimal(0))


def rounded(row: Amounts) -> dict[str, Decimal | None]:
    return {column: None if value is None else tenth(value) for column, value in row.items()}


def label_line(label: str) -> list[str]:
    return ["", "", label, *[""] * 9]


@dataclass(slots=True)
class Line:
    """One row as it is about to be printed."""

    label: Label
    amounts: dict[str, Decimal | None]
    initials: str
    damage: str = ""

    def cells(self) -> list[str]:
        figures = {column: text(self.amounts[column]) for column in FIGURES}
        whole = figures | {"label": self.label.text, "cabinet_member": self.initials}
        return [whole[column] for column in COLUMNS]


class BudgetTable:
    """Writes one budget table and notes what it holds."""

    def __init__(self, sheet: Sheet, *, unit: str | None, kind: str, repeats_header: bool) -> None:
        self.sheet = sheet
        self.unit = unit  # None: a portfolio table, whose rows are units
        self.kind = kind
        self.header = header(sheet.start)
        self.on_break = self.header if repeats_header else []
        self.dangling: tuple[int, ...] = ()  # lines of a label that may be the end of the row above or the next one's

    def write(self, lines: Sequence[Line]) -> None:
        sheet = self.sheet
        sheet.rows(self.header)
        merged = len(lines) >= 5 and sheet.hit("labels_merged", sheet.rate / 2)
        if merged:
            self.write_merged(lines)
            return
        places = spread(sheet.rng, len(lines), apart=3, rate=sheet.rate)
        for place, line in enumerate(lines):
            if place in places:
                line.damage = sheet.pick(*LABEL_DAMAGES, *FIGURE_DAMAGES, rate=1)
            near = places & {place - 1, place, place + 1}
            if place and not near and sheet.hit("page_break", 0.1):
                sheet.turn_page(self.on_break)
            self.write_line(line)

    def write_line(self, line: Line) -> None:
        if line.damage in LABEL_DAMAGES:
            self.write_label_damage(line)
        else:
            self.write_figure_damage(line)

    def write_label_damage(self, line: Line) -> None:
        sheet, damage = self.sheet, line.damage
        cells = line.cells()
        first, rest = line.label.first, line.label.rest
        signed = first.endswith(("and", "–")) or rest[0].islower()
        if damage.startswith("label_tail"):
            damage = "label_tail_signed" if signed else "label_tail_unsigned"
            if damage not in sheet.damages:
                damage = ""
        extra: list[int] = []
        dangling = self.dangling
        if damage in ("label_above", "label_left_behind"):
            cells[LABEL] = rest
            extra.append(sheet.row(label_line(first)))
        elif damage == "label_all_left_behind":
            cells[LABEL] = ""
            extra.append(sheet.row(label_line(line.label.text)))
        if damage in ("label_left_behind", "label_all_left_behind"):
            sheet.turn_page(self.on_break)
        if damage.startswith("label_tail"):
            cells[LABEL] = first
        number = sheet.row(cells)
        if damage.startswith("label_tail"):
            sheet.turn_page(self.on_break)
            extra.append(sheet.row(label_line(rest)))
        self.dangling = tuple(extra) if damage == "label_tail_unsigned" else ()
        unlabelled = damage == "label_all_left_behind"
        row = self.note(
            line,
            number,
            label=(damage, EITHER if self.dangling or unlabelled or dangling else RIGHT, (*dangling, *extra)),
            everywhere=(damage, EITHER, tuple(extra)) if unlabelled else ("", RIGHT, ()),
        )
        assert row.line == number

    def write_figure_damage(self, line: Line) -> None:
        damage = line.damage
        rng = self.sheet.rng
        cells = line.cells()
        above, below = [""] * 12, [""] * 12
        must_be = RIGHT
        touched: list[str] = []
        if damage in ("split_before", "split_after", "split_at_comma"):
            mark, must_be = (",", EITHER) if damage == "split_at_comma" else (".", RIGHT)
            possible = [column for column in FIGURES if mark in cells[COLUMNS.index(column)]]
            touched = rng.sample(possible, min(len(possible), rng.randint(1, 2)))
            for column in touched:
                at = COLUMNS.index(column)
                head, _, tail = cells[at].partition(mark)
                if damage == "split_after":
                    cells[at], below[at] = head + mark, tail
                else:
                    above[at], cells[at] = head + mark, tail
        elif damage:
            possible = [column for column in (*INCOME, "controllable") if (line.amounts[column] or 0) <= -1]
            touched = rng.sample(possible, min(len(possible), 1))
            must_be = {"figure_lost": REFUSED, "en_dash_minus": EITHER}.get(damage, RIGHT)
            for column in touched:
                at = COLUMNS.index(column)
                digits = cells[at].removeprefix("-")
                own, upper, lower = {
                    "minus_before": (digits, "-", ""),
                    "minus_after": (digits, "", "-"),
                    "digits_after_minus": ("-", "", digits),
                    "figure_lost": ("-", "", ""),
                    "en_dash_minus": (f"–{digits}", "", ""),
                }[damage]
                cells[at], above[at], below[at] = own, upper, lower
        extra = [self.sheet.row(above)] if any(above) else []
        number = self.sheet.row(cells if touched else self.dressed(cells))
        if any(below):
            if damage == "digits_after_minus" and rng.random() < 0.5:
                self.sheet.turn_page(self.on_break)
            extra.append(self.sheet.row(below))
        dangling, self.dangling = self.dangling, ()
        self.note(
            line,
            number,
            label=("label_tail_unsigned", EITHER, dangling) if dangling else ("", RIGHT, ()),
            figures={column: (damage, must_be, tuple(extra)) for column in touched},
        )

    def dressed(self, cells: list[str]) -> list[str]:
        return [self.sheet.dress(cell) for cell in cells]

    def write_merged(self, lines: Sequence[Line]) -> None:
        """Labels of neighbours in one cell: all below slide up against their figures and the last rows have none."""
        rng = self.sheet.rng
        first = rng.randint(0, len(lines) - 4)
        last = rng.randint(first + 3, min(len(lines), first + 12) - 1)
        labels = [line.label.text for line in lines[first : last + 1]]
        for _ in range(rng.randint(1, max(1, (last - first) // 4))):
            at = rng.randrange(len(labels) - 1)
            labels[at : at + 2] = [f"{labels[at]} {labels[at + 1]}"]
        labels += [""] * (last + 1 - first - len(labels))
        for place, line in enumerate(lines):
            cells = line.cells()
            slid = first <= place <= last and labels[place - first] != line.label.text
            if first <= place <= last:
                cells[LABEL] = labels[place - first]
            self.note(
                line,
                self.sheet.row(cells),
                label=("labels_merged", REFUSED if slid else EITHER, ()),
                everywhere=("labels_merged", EITHER, ()),
            )

    def note(
        self,
        line: Line,
        number: int,
        *,
        label: tuple[str, MustBe, tuple[int, ...]],
        figures: Mapping[str, tuple[str, MustBe, tuple[int, ...]]] | None = None,
        everywhere: tuple[str, MustBe, tuple[int, ...]] = ("", RIGHT, ()),
    ) -> Row:
        """The truth of one row: the damage, what it must be and the other lines, of its label and of each figure."""
        unit = self.unit if self.kind != "budget" or self.unit else line.label.text
        key = (("activity", line.label.text),) if self.kind == "control_totals" else ()
        row = Row(self.kind, unit, number, key)
        damage, must_be, lines = label
        name = "activity" if self.unit or self.kind == "control_totals" else "unit"
        self.sheet.holds(row, name, line.label.text, damage=damage, must_be=must_be, lines=lines)
        if name == "activity" and self.unit:
            self.sheet.holds(row, "unit", self.unit, damage=everywhere[0], must_be=everywhere[1], lines=everywhere[2])
        parts = {column: value or Decimal(0) for column, value in line.amounts.items()}
        computed = {"gross": total(parts, "employee", "running", "contracts")}
        computed["controllable"] = computed["gross"] + total(parts, *INCOME)
        for column in FIGURES:
            damage, must_be, lines = (figures or {}).get(column, everywhere)
            value = exact(line.amounts[column])
            also = (str(computed[column]),) if column in computed and value is not None else ()
            if must_be == REFUSED:
                value, also = None, ()
            self.sheet.holds(row, column, value, damage=damage, must_be=must_be, lines=lines, also=also)
        if line.initials:
            self.sheet.holds(
                row, "cabinet_member", line.initials, damage=everywhere[0], must_be=everywhere[1], lines=everywhere[2]
            )
        return row


@dataclass(slots=True)
class Budget:
    """The figures of one budget table, before they are printed; other tables of the plan agree with them."""

    unit: str | None  # None: a portfolio's, whose labels are units
    lines: list[Line]
    total: dict[str, Decimal | None]

    def sum_of(self, column: str) -> Decimal:
        return self.total[column] or Decimal(0)


def draw_budget(sheet: Sheet, *, unit: str | None, labels: Sequence[Label], initials: str) -> Budget:
    full = [draw(sheet, blank_contracts=unit is not None and sheet.rng.random() < 0.8) for _ in labels]
    sums = {column: sum((row[column] or Decimal(0) for row in full), Decimal(0)) for column in FIGURES}
    lines = [Line(label, rounded(row), initials) for label, row in zip(labels, full, strict=True)]
    return Budget(unit, lines, rounded(sums))


def write_budget(sheet: Sheet, budget: Budget, *, repeats_header: bool = False) -> None:
    BudgetTable(sheet, unit=budget.unit, kind="budget", repeats_header=repeats_header).write(budget.lines)
    totals = BudgetTable(sheet, unit=budget.unit, kind="control_totals", repeats_header=repeats_header)
    last = Line(Label("Controllable", "Totals"), dict(budget.total), "")
    last.damage = sheet.pick("split_before", "digits_after_minus", "minus_before", rate=sheet.rate / 2)
    totals.write_line(last)
    if sheet.hit("page_break", 0.3):
        sheet.turn_page()
    write_memorandum(totals, last)
    sheet.gap()


def write_memorandum(table: BudgetTable, totals: Line) -> None:
    """Memorandum items and the total cost, one figure or one row's figures slid by a line where arithmetic shows it."""
    sheet, rng = table.sheet, table.sheet.rng
    items: dict[str, dict[str, Decimal | None]] = {}
    for label in ("Central Overheads", "Directorate Overheads", "Capital Charges"):
        blank = label == "Capital Charges" and rng.random() < 0.8
        items[label] = {
            column: None if blank else tenth(Decimal(rng.randint(100, 90000)) / 100)
            for column in ("prior_controllable", "controllable")
        }
    cost = dict(totals.amounts)
    for column in ("prior_controllable", "controllable"):
        cost[column] = total({**{name: row[column] for name, row in items.items()}, "": cost[column]}, "", *items)
    printed: dict[str, list[str]] = {"Memorandum Items": label_line("Memorandum Items")}
    for name, row in items.items():
        printed[name] = label_line(name)
        for column, value in row.items():
            printed[name][COLUMNS.index(column)] = text(value)
    last = Line(Label("Total Cost", "of Unit"), cost, "")
    slid = slide(sheet, printed, items, last)
    numbers = {name: sheet.row(cells) for name, cells in printed.items()}
    for name, row in items.items():
        line = numbers[name]
        if all(value is None for value in row.values()):
            sheet.truth.optional.add(line)
            continue
        key = Row("control_totals", table.unit, line, (("activity", name),))
        for column, value in row.items():
            shift = slid.get((name, column))
            sheet.holds(
                key,
                column,
                exact(value),
                damage="figures_slid" if shift else "",
                lines=(numbers[shift],) if shift else (),
            )
    if not any(name == "Total Cost of Unit" for name, _ in slid):
        last.damage = sheet.pick("split_before", "figure_lost", rate=sheet.rate / 2)
        table.write_line(last)
        return
    cells = last.cells()
    moved = [column for name, column in slid if name == "Total Cost of Unit"]
    for column in moved:
        cells[COLUMNS.index(column)] = ""
    charges = (numbers["Capital Charges"],)
    table.note(
        last,
        sheet.row(cells),
        label=("", RIGHT, ()),
        figures=dict.fromkeys(moved, ("figures_slid", RIGHT, charges)),
    )


def slide(
    sheet: Sheet, printed: dict[str, list[str]], items: Mapping[str, Amounts], last: Line
) -> dict[tuple[str, str], str]:
    """Moves figures up a line: {(row they belong to, column): row they are printed in}."""
    if not sheet.hit("figures_slid"):
        return {}
    blank = all(value is None for value in items["Capital Charges"].values())
    if blank and sheet.rng.random() < 0.5:
        moves = {("Total Cost of Unit", column): "Capital Charges" for column in ("prior_controllable", "prior_fte")}
    else:
        column = sheet.rng.choice(("prior_controllable", "controllable"))
        moves = {("Central Overheads", column): "Memorandum Items"}
    cells = last.cells()
    for (name, column), above in moves.items():
        at = COLUMNS.index(column)
        if name == "Total Cost of Unit":
            printed[above][at] = cells[at]
        else:
            printed[above][at], printed[name][at] = printed[name][at], ""
    return moves

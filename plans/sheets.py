"""Plans as sheets: the same rows from a workbook (.xlsx) or a CSV as from a published text. Imports no Django.

A workbook is a whole plan: a sheet `plan` (one row: tier, year, name, directorate), and one sheet a kind of table, named
and laid out as `Sheet` says: the first row names the columns, which are the fields of the kind's row type, with `unit`
before them where the table stands under a unit's name. A CSV is one such sheet, the kind in its name
(`anything.budget.csv`), with the columns of the sheet `plan` before its own; what it leaves out of the plan stays.

Figures are numbers or any spelling that plans.amounts reads; a blank cell is a blank. The cells' text becomes the
document's lines, so that each figure leads back to its row as it does in a published plan.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, get_type_hints

from plans.amounts import AmountError, parse_amount
from plans.documents import Document, Outcome, ParsedTable, Problem, Source, plan_year

PLAN = ("tier", "year", "name", "directorate")
MOST_ROWS, MOST_COLUMNS, MOST_BYTES = 200_000, 60, 400 * 1024 * 1024


@dataclass(frozen=True)
class Sheet:
    """The layout of one kind of table. `under_unit`: the unit's name heads the table, so the sheet has it as a column.

    `finish` gives the rows what a sheet does not hold (which rows are one action).
    """

    name: str
    kind: str
    row_type: type
    under_unit: bool = False
    left_out: tuple[str, ...] = ()
    finish: Callable[[Sequence[Any]], Sequence[Any]] = tuple

    @property
    def columns(self) -> tuple[str, ...]:
        own = (item.name for item in fields(self.row_type) if item.name not in ("source", *self.left_out))
        return (*(["unit"] if self.under_unit else []), *own)


@dataclass
class SheetPlan:
    """A plan read from sheets: what it is, its rows as tables, and all that is wrong with them, by sheet and row."""

    document: Document
    tier: str = ""
    year: str = ""
    name: str = ""
    directorate: str = ""
    whole: bool = True
    tables: list[ParsedTable] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


class SheetError(Exception):
    """The file is no workbook or CSV that can be read; the message says why."""


Cells = list[Any]

# --- read ------------------------------------------------------------------------------------------------------------


def read_workbook(path: Path, digest: str, sheets: Sequence[Sheet]) -> SheetPlan:
    """A whole plan from a workbook, row by row; one that would unpack to more than a plan can be is refused unread."""
    import openpyxl  # slow to import, and only sheets need it

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(item.file_size for item in packed.infolist()) > MOST_BYTES:
                raise SheetError(f"{path.name} unpacks to more than {MOST_BYTES // 1024 // 1024} MB: no plan does.")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except SheetError:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part of the file makes it
        raise SheetError(f"{path.name} is not an Excel workbook that can be read: {error}.") from error
    try:
        parts = [
            (page.title, list(_rows(page.iter_rows(values_only=True, max_col=MOST_COLUMNS), path.name)))
            for page in book
        ]
    except SheetError:
        raise
    except Exception as error:
        raise SheetError(f"{path.name} is damaged: {error}.") from error
    finally:
        book.close()
    return _plan(path.name, digest, parts, sheets, whole=True)


def read_csv(path: Path, digest: str, sheets: Sequence[Sheet]) -> SheetPlan:
    """One kind of table of a plan from a CSV."""
    import pandas

    kind = path.name.rsplit(".", 2)[-2]
    try:
        frame = pandas.read_csv(
            path, dtype=str, keep_default_na=False, header=None, encoding="utf-8-sig", engine="python"
        )
    except (ValueError, csv.Error) as error:
        raise SheetError(f"{path.name} is not a CSV in UTF-8 that can be read: {error}.") from error
    rows = list(_rows((tuple(row) for row in frame.itertuples(index=False)), path.name))
    header = rows[0] if rows else []
    known = {name: header.index(name) for name in PLAN if name in header}
    plans = {tuple(row[at] for at in known.values()) for row in rows[1:]}
    if len(known) < len(PLAN) or len(plans) != 1:
        wanted = ", ".join(PLAN)
        raise SheetError(
            f"{path.name} must have the columns {wanted}, and one plan in all its rows; it has {len(plans)}."
        )
    own = [at for at in range(len(header)) if at not in known.values()]
    parts = [("plan", [list(PLAN), list(plans.pop())]), (kind, [[row[at] for at in own] for row in rows])]
    return _plan(path.name, digest, parts, sheets, whole=False)


def _rows(rows: Iterable[Sequence[Any]], name: str) -> Iterator[Cells]:
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise SheetError(f"{name} has a sheet of more than {MOST_ROWS:,} rows: no plan does.")
        yield [cell.strip() if isinstance(cell, str) else cell for cell in row]


def _plan(
    name: str, digest: str, parts: Sequence[tuple[str, list[Cells]]], sheets: Sequence[Sheet], *, whole: bool
) -> SheetPlan:
    """The parts' rows laid out as lines of one document, and each read by its sheet's columns."""
    text: list[str] = []
    plan = SheetPlan(Document("", name, digest), whole=whole)
    by_name = {sheet.name: sheet for sheet in sheets}
    for title, rows in parts:
        text.append(f"Sheet {title}")
        first = len(text) + 1
        while rows and not any(cell not in (None, "") for cell in rows[-1]):
            rows.pop()
        text += ["\t".join(_text(cell).replace("\t", " ").replace("\n", " ") for cell in row) for row in rows]
        if title == "plan":
            _read_identity(plan, rows, first)
        elif title in by_name:
            _read_sheet(plan, by_name[title], rows, first)
        else:
            says = f"The sheet “{title}” is none of: plan, {', '.join(by_name)}."
            plan.errors.append(Problem((first - 1,), says, "sheet"))
            plan.outcomes += [Outcome(first + at, "not read", says) for at, row in enumerate(rows) if len(row) > 1]
    if not plan.tier:
        plan.errors.append(Problem((1,), f"No sheet “plan” says what plan this is: {', '.join(PLAN)}.", "plan"))
    plan.document = Document("\n".join(text), name, digest)
    return plan


def _read_identity(plan: SheetPlan, rows: Sequence[Cells], first: int) -> None:
    plan.outcomes += [Outcome(first + at, "header" if at == 0 else "heading") for at in range(len(rows))]
    values = dict(zip((_text(cell) for cell in rows[0]), rows[1], strict=False)) if len(rows) == 2 else {}
    said = {name: _text(values.get(name)) for name in PLAN}
    if said["tier"] not in ("directorate", "service") or plan_year(said["year"]) != said["year"] or not said["name"]:
        says = "The sheet “plan” needs one row: tier (directorate or service), year (as 2009/10), name, directorate."
        plan.errors.append(Problem((first,), says, "plan"))
        return
    plan.tier, plan.year, plan.name, plan.directorate = (said[name] for name in PLAN)


def _read_sheet(plan: SheetPlan, sheet: Sheet, rows: Sequence[Cells], first: int) -> None:
    header = [_text(cell) for cell in rows[0]] if rows else []
    while header and not header[-1]:
        header.pop()
    missing = [name for name in sheet.columns if name not in header]
    unknown = [name for name in header if name not in sheet.columns]
    if missing or unknown or len(set(header)) < len(header):
        says = f"Sheet {sheet.name}: its columns must be {', '.join(sheet.columns)}, each once"
        says += f"; missing: {', '.join(missing)}" * bool(missing) + f"; not known: {', '.join(unknown)}" * bool(
            unknown
        )
        plan.errors.append(Problem((first,), says + ".", "header"))
        plan.outcomes += [Outcome(first + at, "not read", says) for at in range(len(rows))]
        return
    plan.outcomes.append(Outcome(first, "header"))
    types = get_type_hints(sheet.row_type)
    read: list[tuple[str, Any]] = []
    for at, row in enumerate(rows[1:], start=1):
        number = first + at
        cells = dict(zip(header, [*row, *[None] * len(header)], strict=False))
        if not any(cell not in (None, "") for cell in cells.values()):
            plan.outcomes.append(Outcome(number, "blank"))
            continue
        values = {}
        for name in sheet.columns:
            try:
                values[name] = _value(cells[name], types.get(name, str))
            except AmountError as error:
                says = f"Sheet {sheet.name}, row {at + 1}, {name}: {error.says}"
                plan.errors.append(Problem((number,), says, name))
                values[name] = None
        unit = values.pop("unit") if sheet.under_unit else ""
        defaults = dict.fromkeys(sheet.left_out, 0)
        printed = tuple((name, _text(cells[name])) for name in sheet.columns)
        read.append((unit, sheet.row_type(**values, **defaults, source=Source((number,), (), printed))))
        plan.outcomes.append(Outcome(number, "loaded"))
    for unit, group in groupby(read, key=lambda pair: pair[0]):
        rows_of_unit = [row for _, row in group]
        try:
            found = tuple(sheet.finish(rows_of_unit))
        except ValueError as error:
            plan.errors.append(Problem(rows_of_unit[0].source.lines, f"Sheet {sheet.name}: {error}"))
            continue
        span = (found[0].source.lines[0], found[-1].source.lines[0])
        plan.tables.append(ParsedTable(sheet.kind, unit, span, found))


def _value(cell: Any, wanted: Any) -> Any:
    if wanted is str:
        return _text(cell)
    return parse_amount(_text(cell))


def _text(cell: Any) -> str:
    """A cell as a person reads it: a number to the fifteen figures that a sheet keeps, without an exponent."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return f"{Decimal(f'{cell:.15g}'):f}"
    return str(cell).strip()


# --- write -----------------------------------------------------------------------------------------------------------


def write_workbook(plan: Mapping[str, str], tables: Sequence[ParsedTable], sheets: Sequence[Sheet]) -> bytes:
    """A plan as the workbook that `read_workbook` reads back without a change. `plan`: the values of PLAN."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "in_memory": True}) as book:
        _write(book.add_worksheet("plan"), [list(PLAN), [plan[name] for name in PLAN]])
        for sheet in sheets:
            found = [
                (table.unit, row)
                for table in tables
                if table.kind == sheet.kind
                for row in table.rows
                if isinstance(row, sheet.row_type)
            ]
            if found:
                own = sheet.columns[1:] if sheet.under_unit else sheet.columns
                body = [
                    [*([unit] if sheet.under_unit else []), *(getattr(row, name) for name in own)]
                    for unit, row in found
                ]
                _write(book.add_worksheet(sheet.name), [list(sheet.columns), *body])
    return out.getvalue()


def _write(page: Any, rows: Iterable[Cells]) -> None:
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, Decimal) and Decimal(_text(float(cell))) == cell:
                page.write_number(at, column, float(cell))
            elif cell is not None and cell != "":
                page.write_string(at, column, str(cell))  # never a formula, whatever it begins with

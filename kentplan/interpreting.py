"""From a document to its load report: read, parse, resolve the units' names, check the sums. Writes nothing.

Composes the parsers of the three apps, which do not know each other.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import budgets.parsing
import indicators.parsing
import plans.parsing
import projects.parsing
from budgets import checks
from budgets.parsing import core_services
from budgets.parsing.rows import BudgetRow, ControlTotalRow, CoreServiceRow, EstablishmentRow, MovementRow, StaffingRow
from plans.checks import Check
from plans.documents import (
    Context,
    Correction,
    Document,
    Doubt,
    Kind,
    Outcome,
    Parsed,
    ParsedTable,
    Problem,
    Reading,
    Table,
    plain,
    read,
)
from plans.loading import LoadReport
from plans.names import name_key
from plans.organisation import Organisation, UnitNames
from plans.sheets import Sheet, SheetPlan

_PARSING = (budgets.parsing, indicators.parsing, plans.parsing, projects.parsing)
KINDS: tuple[Kind, ...] = tuple(kind for app in _PARSING for kind in app.KINDS)
SHEETS: tuple[Sheet, ...] = tuple(sheet for app in _PARSING for sheet in app.SHEETS)
_PARSERS: dict[str, Callable[[Table, Context], Parsed]] = {
    kind.name: app.parse for app in _PARSING for kind in app.KINDS
}

Corrections = Mapping[tuple[int, str], Correction]
# What a unit's or a portfolio row's money looks like, to know it again under another name.
Fingerprint = tuple[Decimal | None, ...]


@dataclass
class Known:
    """What the council knows before a document is interpreted, and learns with each: names, and units' totals."""

    organisation: Organisation
    names: UnitNames
    unit_totals: dict[Fingerprint, str] = field(default_factory=dict)  # Controllable Totals in service plans -> unit
    portfolio_rows: dict[Fingerprint, str] = field(default_factory=dict)  # rows in directorate plans -> unit


@dataclass
class Interpreted:
    """A document with its report, and the units whose rows wait because their name is in doubt."""

    document: Document
    report: LoadReport
    held: set[str] = field(default_factory=set)
    directorate: str = ""  # as its budget tables are headed: "CHILDREN FAMILIES & EDUCATION"
    whole: bool = True  # off where the document is a part of a plan: what it leaves out stays
    answers: Corrections = field(default_factory=dict)  # to the load's own questions


def interpret(
    document: Document, known: Known, corrections: Corrections, progress: Callable[[str, int, int], None]
) -> Interpreted:
    """Read and parse a text document and say all that is to be said of it."""
    reading = read(document, KINDS)
    report = LoadReport(document.name, document.sha256, reading.year, reading.tier, reading.name)
    result = Interpreted(document, report, directorate=_directorate(reading))
    report.errors += [(problem, None) for problem in reading.errors]
    _parse_tables(reading, report, Context(reading.year, reading.tier, corrections), progress)
    settle(result, known, corrections)
    return result


def interpret_sheets(plan: SheetPlan, known: Known, corrections: Corrections) -> Interpreted:
    """The same for a plan that was read from sheets, of which only the names of units may be in doubt."""
    document = plan.document
    report = LoadReport(document.name, document.sha256, plan.year, plan.tier, plan.name, list(plan.tables))
    report.errors += [(problem, None) for problem in plan.errors]
    report.lines += [(outcome, None) for outcome in plan.outcomes]
    result = Interpreted(document, report, directorate=plan.directorate, whole=plan.whole)
    settle(result, known, corrections)
    return result


def settle(result: Interpreted, known: Known, corrections: Corrections) -> None:
    """Resolve the names in the parsed tables, tie core services to their lines, and check the sums."""
    _resolve_units(result, known, corrections)
    _settle_core_services(result.report)
    result.report.checks += _checks(result.report, known.organisation)


def _directorate(reading: Reading) -> str:
    headings = (plain(line.text) for table in reading.tables if table.kind == "budget" for line in table.headings)
    heading = next((words for words in headings if name_key(words).endswith("budget")), "")
    return heading.removesuffix("BUDGET").replace(reading.year, "").strip(" -–:")


# --- parse -----------------------------------------------------------------------------------------------------------


def _parse_tables(
    reading: Reading, report: LoadReport, context: Context, progress: Callable[[str, int, int], None]
) -> None:
    at_line: dict[int, int] = {}
    for table in reading.tables:
        progress(report.document, table.index + 1, len(reading.tables))
        if table.kind == "contents":
            report.lines += [(Outcome(line.number, "contents"), None) for line in table.body]
            continue
        if not table.kind:
            parsed = _unknown(table)
        elif table.under_unit and not table.unit:
            parsed = _of_nobody(table)
        else:
            parsed = _PARSERS[table.kind](table, context)
        at = len(report.tables)
        tables = parsed.tables or [ParsedTable(table.kind, table.unit, (table.first, table.last), ())]
        report.tables += tables
        report.doubts += [(doubt, _table_of(doubt.lines, tables, at)) for doubt in parsed.doubts]
        report.errors += [(problem, at) for problem in parsed.errors]
        report.lines += [(outcome, _table_of((outcome.line,), tables, at)) for outcome in parsed.outcomes]
        at_line |= dict.fromkeys(range(table.first, table.last + 1), at)
    report.lines += [(outcome, at_line.get(outcome.line)) for outcome in reading.outcomes]
    headline = core_services.headline(reading.document, context.corrections)
    report.doubts += [(doubt, len(report.tables)) for doubt in headline.doubts]
    report.tables += headline.tables


def _table_of(lines: tuple[int, ...], tables: list[ParsedTable], at: int) -> int:
    """The last of a table's parts (lines and totals overlap) whose rows came from one of `lines`; else the first."""
    for offset, table in reversed(list(enumerate(tables))):
        if any(set(lines) & set(row.source.lines) for row in table.rows):
            return at + offset
    return at


def _of_nobody(table: Table) -> Parsed:
    says = "No heading above the table says which unit it is of: put the unit's name on a line of its own above it."
    return Parsed(
        errors=[Problem((table.first, table.last), says, "unit")],
        outcomes=[Outcome(line.number, "not read", "nothing says which unit it is of") for line in table.body],
    )


def _unknown(table: Table) -> Parsed:
    words = " | ".join(plain(cell) for cell in table.body[0].cells if plain(cell))
    says = f"A table of no known kind begins “{words[:120]}”: its header is not that of any table this portal reads."
    return Parsed(
        errors=[Problem((table.first, table.last), says)],
        outcomes=[Outcome(line.number, "not read", "a table of no known kind") for line in table.body],
    )


# --- whose table is it -----------------------------------------------------------------------------------------------


def fingerprint(row: Any) -> Fingerprint | None:
    """A row's figures where there are enough to know it by: at least three that are not nil."""
    figures = (row.prior_controllable, row.fte, row.employee, row.running, row.gross, row.controllable)
    return figures if sum(bool(figure) for figure in figures) >= 3 else None


def _resolve_units(result: Interpreted, known: Known, corrections: Corrections) -> None:
    report = result.report
    answers = {item.was: item.value for item in corrections.values() if item.field == "unit"}
    resolved: dict[str, str] = {}

    def unit_of(printed: str, lines: tuple[int, ...], at: int, peers: set[str]) -> str:
        if not printed:
            return ""
        if printed not in resolved:
            resolved[printed] = _resolve(printed, answers, known.names, lines, at, peers, result)
        return resolved[printed]

    # Budget tables first: their headings are the units' own names, which the other tables' headings are held against.
    for at in sorted(range(len(report.tables)), key=lambda index: report.tables[index].kind != "budget"):
        table = report.tables[at]
        peers = {getattr(row, "unit", "") for row in table.rows} if not table.unit else set()
        unit = unit_of(table.unit, table.lines, at, peers)
        rows = tuple(
            replace(row, unit=unit_of(row.unit, row.source.lines, at, peers)) if getattr(row, "unit", "") else row
            for row in table.rows
        )
        report.tables[at] = replace(table, unit=unit, rows=rows)
    _recognise_figures(result, known, answers)


def _resolve(
    printed: str,
    answers: Mapping[str, str],
    names: UnitNames,
    lines: tuple[int, ...],
    at: int,
    peers: set[str],
    result: Interpreted,
) -> str:
    if printed in answers:
        names.add(answers[printed])
        return names.resolve(answers[printed]) or answers[printed]
    unit = names.resolve(printed)
    if unit:
        return unit
    # Two names in one table are never names of one unit.
    candidates = [name for name in names.candidates(printed) if name not in peers]
    if candidates:
        says = f"“{printed}” may be the unit “{candidates[0]}”, but is none of its declared names."
        result.report.doubts.append((Doubt(lines, says, "unit", (*candidates, printed)), at))
        result.held.add(printed)
        return printed
    names.add(printed)
    result.report.new_units.append(printed)
    return printed


def _recognise_figures(result: Interpreted, known: Known, answers: Mapping[str, str]) -> None:
    """A portfolio row whose figures are another unit's Controllable Totals, or the other way about: asked, not guessed."""
    directorate = result.report.tier == "directorate"
    seen = known.unit_totals if directorate else known.portfolio_rows
    own = known.portfolio_rows if directorate else known.unit_totals
    rows: list[tuple[int, BudgetRow | ControlTotalRow]] = [
        (at, row)
        for at, table in enumerate(result.report.tables)
        for row in table.rows
        if (isinstance(row, BudgetRow) and directorate)
        or (isinstance(row, ControlTotalRow) and row.subject == "controllable" and not directorate)
    ]
    here = {row.unit for _, row in rows}
    for at, row in rows:
        figures = fingerprint(row)
        if figures is None:
            continue
        own[figures] = row.unit
        other = seen.get(figures)
        if other and other != row.unit and other not in here and row.unit not in answers.values():
            where = "the Controllable Totals" if directorate else "the portfolio row"
            says = f"“{row.unit}” has the figures of {where} of “{other}”: are they one unit?"
            result.report.doubts.append((Doubt(row.source.lines, says, "unit", (other, row.unit)), at))
            result.held.add(row.unit)


# --- core services and checks ----------------------------------------------------------------------------------------


def _rows(report: LoadReport, row_type: type) -> list[Any]:
    return [row for table in report.tables for row in table.rows if isinstance(row, row_type)]


def _settle_core_services(report: LoadReport) -> None:
    lines: dict[str, list[BudgetRow]] = {}
    for line in _rows(report, BudgetRow):
        lines.setdefault(line.unit, []).append(line)
    for at, table in enumerate(report.tables):
        if table.kind == "core_service":
            rows = core_services.settle([row for row in table.rows if isinstance(row, CoreServiceRow)], lines)
            report.tables[at] = replace(table, rows=tuple(rows))


def _checks(report: LoadReport, organisation: Organisation) -> Iterable[Check]:
    lines = _rows(report, BudgetRow)
    of_unit: dict[str, list[BudgetRow]] = {}
    for line in lines:
        of_unit.setdefault(line.unit, []).append(line)
    activities = organisation.stands_for("activity")
    plan = checks.PlanRows(
        directorate=report.tier == "directorate",
        lines=lines,
        totals=_rows(report, ControlTotalRow),
        staffing=_rows(report, StaffingRow),
        services=[
            (row, checks.line_of(row, of_unit.get(row.unit, []), activities)) for row in _rows(report, CoreServiceRow)
        ],
        establishment=_rows(report, EstablishmentRow),
        movements=_rows(report, MovementRow),
    )
    divisions = {name_key(name): name for name in organisation.divisions.values()} | organisation.divisions
    return checks.checks_of(plan, division_of=organisation.division_keys(), divisions=divisions)

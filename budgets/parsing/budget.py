"""A budget table's rows: labels put together, figures under the right line, and what cannot be proved said so.

Labels and figures are put back by labels.py, grid.py and memoranda.py; this refuses what they could not prove.
"""

from decimal import Decimal

from budgets.parsing import memoranda
from budgets.parsing.figures import to_amount
from budgets.parsing.grid import (
    BUDGET_IDENTITIES,
    COLUMN_WORDS,
    Grid,
    GridLine,
    build,
    columns,
    header_problems,
    mark_unreadable,
    put_figures_back,
    row_ties,
    subject_of,
)
from budgets.parsing.labels import correct, put_labels_together
from budgets.parsing.rows import BudgetRow, ControlTotalRow
from plans.documents import Context, Doubt, Outcome, Parsed, ParsedTable, Problem, Source, Table, plain
from plans.names import name_key


def parse(table: Table, context: Context) -> Parsed:
    """Read one unit's budget table, or a portfolio table (one row a unit), with the totals under it."""
    problems = header_problems(table, context.year)
    if problems:
        return _refused(table, problems)
    grid = build(table, columns(table.header[-1]), special=subject_of, identities=BUDGET_IDENTITIES)
    correct(grid, context)
    put_figures_back(grid)
    put_labels_together(grid)
    memoranda.put_back(grid)
    for line in grid.lines:
        mark_unreadable(grid, line)
    rows = [line for line in grid.lines if line.joined_into is None]
    _check_rows(grid, rows)
    if grid.problems:
        return _refused(table, grid.problems, grid.doubts)
    return _result(table, context, grid, rows)


# --- rows ------------------------------------------------------------------------------------------------------------


def _check_rows(grid: Grid, rows: list[GridLine]) -> None:
    """Refuse rows without a label, rows too short to trust, activities printed twice, and tables without activities."""
    unlabelled = [line.number for line in rows if not line.label and line.filled]
    if unlabelled:
        longest = sorted(
            (line for line in rows if line.label and not subject_of(line.label)), key=lambda line: -len(line.label)
        )
        hint = (
            f" Labels above may have run together (for example “{longest[0].label}”, line {longest[0].number})."
            if longest
            else ""
        )
        grid.problems.append(
            Problem(
                tuple(unlabelled),
                f"{len(unlabelled)} rows of figures have no label.{hint} Declare a correction of the activity for each line.",
                "activity",
            )
        )
    seen: dict[str, int] = {}
    for line in rows:
        if line.short and row_ties(grid, line) is False:
            grid.problems.append(
                Problem(
                    (line.number,),
                    "The row has fewer cells than the header and its figures do not add up in their columns.",
                    "",
                )
            )
        if not line.label or not line.filled or (subject := subject_of(line.label)) == "memorandum":
            continue
        key = subject or name_key(line.label)
        if key in seen:
            grid.problems.append(
                Problem((seen[key], line.number), f"“{line.label}” is printed twice in this table.", "activity")
            )
        seen[key] = line.number
    if not any(line.filled and line.label and not subject_of(line.label) for line in rows):
        grid.problems.append(
            Problem((grid.lines[0].number if grid.lines else 0,), "The table has no activity with figures.", "activity")
        )


def _amounts(grid: Grid, line: GridLine) -> dict[str, Decimal | None]:
    return {name: to_amount(line.texts.get(name, "")) for name in COLUMN_WORDS}


def _source(line: GridLine) -> Source:
    return Source(tuple(sorted(set(line.lines))), tuple(line.repairs), tuple(line.printed.items()))


def _result(table: Table, context: Context, grid: Grid, rows: list[GridLine]) -> Parsed:
    unit, portfolio = _names(table, context)
    lines: list[BudgetRow] = []
    totals: list[ControlTotalRow] = []
    outcomes: list[Outcome] = []
    under = False
    for line in grid.lines:
        subject = subject_of(line.label)
        under = under or subject == "controllable"
        if line.joined_into is not None:
            into = f"into line {line.joined_into}"
            outcomes.append(
                Outcome(line.number, "not read", line.unread) if line.unread else Outcome(line.number, "repaired", into)
            )
        elif subject == "memorandum" or not line.label:
            outcomes.append(
                Outcome(
                    line.number,
                    "heading" if line.label else "repaired",
                    "" if line.label else "part of the heading above",
                )
            )
        elif subject:
            outcomes.append(Outcome(line.number, "loaded"))
            totals.append(
                ControlTotalRow(
                    unit=unit,
                    activity=line.label,
                    subject=subject,
                    source=_source(line),
                    portfolio=portfolio,
                    **_amounts(grid, line),
                )
            )
        elif under:
            problem = Problem(
                (line.number,), f"“{line.label}” under the totals is no memorandum item that is known.", "activity"
            )
            return _refused(table, [problem], grid.doubts)
        else:
            outcomes.append(Outcome(line.number, "loaded"))
            lines.append(
                BudgetRow(
                    unit=line.label if context.tier == "directorate" else unit,
                    activity=line.label,
                    cabinet_member=line.member,
                    portfolio=portfolio,
                    source=_source(line),
                    **_amounts(grid, line),
                )
            )
    tables = [ParsedTable("budget", unit, (table.first, table.last), tuple(lines))]
    if totals:
        span = (totals[0].source.lines[0], totals[-1].source.lines[-1])
        tables.append(ParsedTable("control_totals", unit, span, tuple(totals)))
    return Parsed(tables, grid.doubts, [], outcomes)


def _names(table: Table, context: Context) -> tuple[str, str]:
    """The unit and the portfolio, from the headings above: a portfolio table has no unit of its own."""
    names = [plain(line.text) for line in table.headings]
    if context.tier == "directorate":
        return "", names[-1] if names else ""
    above = names[: names.index(table.unit)] if table.unit in names else []
    return table.unit, above[-1] if above and not name_key(above[-1]).endswith("budget") else ""


def _refused(table: Table, problems: list[Problem], doubts: list[Doubt] | None = None) -> Parsed:
    why = problems[0].says
    return Parsed(
        [], list(doubts or ()), list(problems), [Outcome(line.number, "not read", why) for line in table.body]
    )

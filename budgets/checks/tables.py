"""Budget tables: rows and columns add up, so does the total cost, and both plans print the same of a unit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from budgets.checks.ties import Side, tie
from budgets.parsing.grid import BUDGET_IDENTITIES, words_for
from budgets.parsing.rows import FIGURES, BudgetRow, ControlTotalRow
from plans.checks import Check

_ROW_RULES = {"gross": "row gross", "controllable": "row controllable"}
ROW_RULES = frozenset(_ROW_RULES.values())


@dataclass
class Budget:
    """One table: a unit's lines, or a portfolio's rows, with the totals printed under them by subject."""

    name: str
    lines: list[BudgetRow] = field(default_factory=list)
    totals: dict[str, ControlTotalRow] = field(default_factory=dict)
    of_portfolio: bool = False


def budgets_of(
    lines: Iterable[BudgetRow], totals: Iterable[ControlTotalRow], *, by_portfolio: bool
) -> dict[str, Budget]:
    """Group lines and totals into tables, by unit (a service plan) or by portfolio (a directorate plan)."""
    found: dict[str, Budget] = {}
    for line in lines:
        name = line.portfolio if by_portfolio else line.unit
        found.setdefault(name, Budget(name, of_portfolio=by_portfolio)).lines.append(line)
    for total in totals:
        if total.subject != "headline":
            name = total.portfolio if by_portfolio else total.unit
            found.setdefault(name, Budget(name, of_portfolio=by_portfolio)).totals[total.subject] = total
    return found


def rows_add_up(budget: Budget) -> list[Check]:
    """Gross = employee + running + contracts, controllable = gross + income: for every line and every total."""
    rows: list[BudgetRow | ControlTotalRow] = [*budget.lines]
    rows += [total for total in budget.totals.values() if total.subject == "controllable"]
    return [
        tie(
            _ROW_RULES[total],
            row,
            total,
            [Side([row], part) for part in parts],
            unit=row.unit or budget.name,
            portfolio=budget.of_portfolio and not row.unit,
        )
        for row in rows
        for parts, total in BUDGET_IDENTITIES
    ]


def columns_add_up(budget: Budget) -> list[Check]:
    """Controllable Totals = the sum of the lines, column by column."""
    total = budget.totals.get("controllable")
    if total is None:
        return []
    return [
        tie(
            f"column {words_for(name)}",
            total,
            name,
            [Side(budget.lines, name)],
            unit=total.unit or budget.name,
            portfolio=budget.of_portfolio and not total.unit,
        )
        for name in FIGURES
        if getattr(total, name) is not None or any(getattr(line, name) is not None for line in budget.lines)
    ]


def total_cost_adds_up(budget: Budget) -> list[Check]:
    """Total Cost of Unit = Controllable Totals + the memorandum items; the other columns repeat the totals."""
    cost, controllable = budget.totals.get("total_cost"), budget.totals.get("controllable")
    if cost is None or controllable is None:
        return []
    items = [
        controllable,
        *(budget.totals[item] for item in ("central", "directorate", "capital") if item in budget.totals),
    ]
    return [
        tie(
            f"total cost {words_for(name)}",
            cost,
            name,
            [Side(items, name)],
            unit=cost.unit or budget.name,
            portfolio=budget.of_portfolio and not cost.unit,
        )
        for name in FIGURES
        if any(getattr(item, name) is not None for item in (cost, *items))
    ]


def portfolio_rows_match(rows: Iterable[ControlTotalRow | BudgetRow], budgets: Mapping[str, Budget]) -> list[Check]:
    """A unit's row in the directorate plan is the Controllable Totals of its own table in the service plan."""
    checks = []
    for row in rows:
        total = budgets[row.unit].totals.get("controllable") if row.unit in budgets else None
        if total is None:
            continue
        checks += [
            tie(
                f"portfolio row {words_for(name)} against the service plan",
                row,
                name,
                [Side([total], name)],
                unit=row.unit,
            )
            for name in FIGURES
            if getattr(row, name) is not None or getattr(total, name) is not None
        ]
    return checks


def lines_match_row(row: BudgetRow, lines: Sequence[BudgetRow]) -> list[Check]:
    """Where a unit has no service plan its lines are its row in the directorate plan."""
    return [
        tie(f"portfolio row {words_for(name)} against the budget", row, name, [Side(lines, name)], unit=row.unit)
        for name in FIGURES
    ]

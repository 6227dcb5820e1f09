"""What must tie in the budget, the staffing and the core services of a plan, as printed.

Works on the parsed rows of one document; figures are £000 and FTE. Each check belongs to the unit of its first figure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.parsing.grid import BUDGET_IDENTITIES, words_for
from budgets.parsing.rows import (
    FIGURES,
    BudgetRow,
    ControlTotalRow,
    CoreServiceRow,
    EstablishmentRow,
    MovementRow,
    StaffingRow,
)
from plans.checks import Check, compare
from plans.names import name_key

_ROW_RULES = {"gross": "row gross", "controllable": "row controllable"}


@dataclass
class Budget:
    """One table: a unit's lines, or a portfolio's rows, with the totals printed under them by subject."""

    name: str
    lines: list[BudgetRow] = field(default_factory=list)
    totals: dict[str, ControlTotalRow] = field(default_factory=dict)


def budgets_of(
    lines: Iterable[BudgetRow], totals: Iterable[ControlTotalRow], *, by_portfolio: bool
) -> dict[str, Budget]:
    """Group lines and totals into tables, by unit (a service plan) or by portfolio (a directorate plan)."""
    found: dict[str, Budget] = {}
    for line in lines:
        name = line.portfolio if by_portfolio else line.unit
        found.setdefault(name, Budget(name)).lines.append(line)
    for total in totals:
        if total.subject != "headline":
            name = total.portfolio if by_portfolio else total.unit
            found.setdefault(name, Budget(name)).totals[total.subject] = total
    return found


def _lost(rows: Iterable[BudgetRow | ControlTotalRow], name: str) -> str:
    """Why a sum over `name` cannot be made: a figure was printed there but could not be read."""
    lines = [
        row.source.lines[0]
        for row in rows
        if getattr(row, name) is None
        and dict(row.source.printed).get(name)
        and not any(repair.column == name for repair in row.source.repairs)  # it stood there, but belongs elsewhere
    ]
    return f"the figure on line {lines[0]} is lost in print" if lines else ""


def rows_add_up(budget: Budget) -> list[Check]:
    """Gross = employee + running + contracts, controllable = gross + income: for every line and every total."""
    checks = []
    rows: list[BudgetRow | ControlTotalRow] = [*budget.lines]
    rows += [total for total in budget.totals.values() if total.subject == "controllable"]
    for row in rows:
        for parts, total in BUDGET_IDENTITIES:
            lost = next((why for part in (*parts, total) if (why := _lost([row], part))), "")
            checks.append(
                compare(
                    _ROW_RULES[total],
                    row.activity,
                    getattr(row, total),
                    [getattr(row, part) for part in parts],
                    unit=row.unit or budget.name,
                    lines=row.source.lines,
                    lost=lost,
                )
            )
    return checks


def columns_add_up(budget: Budget) -> list[Check]:
    """Controllable Totals = the sum of the lines, column by column."""
    total = budget.totals.get("controllable")
    if total is None:
        return []
    return [
        compare(
            f"column {words_for(name)}",
            total.activity,
            getattr(total, name),
            [getattr(line, name) for line in budget.lines],
            unit=total.unit or budget.name,
            lines=total.source.lines,
            lost=_lost([total, *budget.lines], name),
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
        compare(
            f"total cost {words_for(name)}",
            cost.activity,
            getattr(cost, name),
            [getattr(item, name) for item in items],
            unit=cost.unit or budget.name,
            lines=cost.source.lines,
            lost=_lost([cost, *items], name),
        )
        for name in FIGURES
        if any(getattr(item, name) is not None for item in (cost, *items))
    ]


def staffing_adds_up(rows: Sequence[StaffingRow], budgets: Mapping[str, Budget]) -> list[Check]:
    """A unit's bands add up to its TOTAL, and the TOTAL is the FTE of its budget table, in both years."""
    by_unit: dict[str, list[StaffingRow]] = {}
    for row in rows:
        by_unit.setdefault(row.unit, []).append(row)
    checks = []
    for unit, bands in by_unit.items():
        total = next((row for row in bands if name_key(row.band) == "total"), None)
        if total is None:
            continue
        parts = bands[: bands.index(total)]
        controllable = budgets[unit].totals.get("controllable") if unit in budgets else None
        for name in ("prior_fte", "fte"):
            checks.append(
                compare(
                    f"staffing {words_for(name)}",
                    total.band,
                    getattr(total, name),
                    [getattr(row, name) for row in parts],
                    unit=unit,
                    lines=total.source.lines,
                )
            )
            checks.append(
                compare(
                    f"budget {words_for(name)} against staffing",
                    "Controllable Totals",
                    getattr(controllable, name) if controllable else None,
                    [getattr(total, name)],
                    unit=unit,
                    lines=(*(controllable.source.lines if controllable else ()), *total.source.lines),
                    lost="" if controllable else "the unit has no budget table in this plan",
                )
            )
    return checks


def core_services_match(
    rows: Sequence[CoreServiceRow], budgets: Mapping[str, Budget], aliases: Mapping[str, str]
) -> list[Check]:
    """The amount of a core service (£) is the controllable of its budget line (£000)."""
    checks = []
    for row in rows:
        lines = budgets[row.unit].lines if row.unit in budgets else []
        line = line_of(row, lines, aliases)
        checks.append(
            compare(
                "core service against its budget line",
                row.activity,
                row.amount / 1000 if row.amount is not None else None,
                [line.controllable] if line else [],
                unit=row.unit,
                lines=(*row.source.lines[:1], *(line.source.lines if line else ())),
                lost="" if line else "no budget line of that name in the unit",
                digit=Decimal("0.1"),
            )
        )
    return checks


def line_of(row: CoreServiceRow, lines: Sequence[BudgetRow], aliases: Mapping[str, str]) -> BudgetRow | None:
    """The budget line a core service is about: by name or declared alias, by how the name begins, or by an amount that
    only one line of the unit has."""
    key = name_key(row.activity)
    named = [line for line in lines if name_key(line.activity) in (key, name_key(aliases.get(key, "")))]
    if not named:
        named = [line for line in lines if _begins(key, name_key(line.activity))]
    if len(named) != 1 and row.amount:
        named = [line for line in lines if line.controllable is not None and line.controllable * 1000 == row.amount]
    return named[0] if len(named) == 1 else None


def _begins(one: str, other: str) -> bool:
    return one.startswith(f"{other} ") or other.startswith(f"{one} ")


def headline_matches(totals: Iterable[ControlTotalRow], budgets: Mapping[str, Budget]) -> list[Check]:
    """The executive summary's gross and FTE are the sums of the units' Controllable Totals."""
    units = [budget.totals["controllable"] for budget in budgets.values() if "controllable" in budget.totals]
    checks = []
    for total in totals:
        name = "gross" if total.gross is not None else "fte"
        if total.subject == "headline":
            digit = Decimal(1) if name == "gross" else None  # £78.366m is printed to the thousand
            parts = [getattr(unit, name) for unit in units]
            checks.append(
                compare(
                    f"headline {words_for(name)}",
                    total.activity,
                    getattr(total, name),
                    parts,
                    lines=total.source.lines,
                    digit=digit,
                )
            )
    return checks


def establishment_adds_up(rows: Sequence[EstablishmentRow], movements: Sequence[MovementRow]) -> list[Check]:
    """Difference = this year − last year; the last row is the sum of the divisions, and of the portfolios; the reasons
    add up to the movement."""
    checks = [
        compare(
            "establishment difference",
            row.division,
            row.difference,
            [row.fte, -row.prior_fte if row.prior_fte is not None else None],
            lines=row.source.lines,
            lost="" if row.fte is not None and row.prior_fte is not None else "a figure of the row is blank or lost",
        )
        for row in rows
    ]
    if rows:
        total, parts = rows[-1], rows[:-1]
        portfolios = [row for row in parts if "portfolio" in name_key(row.division)]
        divisions = [row for row in parts if row not in portfolios]
        for name in ("prior_fte", "fte"):
            for what, group in (("divisions", divisions), ("portfolios", portfolios)):
                if group:
                    figures = [getattr(row, name) for row in group]
                    checks.append(
                        compare(
                            f"establishment {words_for(name)}, {what}",
                            total.division,
                            getattr(total, name),
                            figures,
                            lines=total.source.lines,
                        )
                    )
    if movements:
        total_movement, reasons = movements[-1], movements[:-1]
        checks.append(
            compare(
                "justification of movement",
                total_movement.reason,
                total_movement.number,
                [row.number for row in reasons],
                lines=total_movement.source.lines,
            )
        )
        if rows:
            checks.append(
                compare(
                    "establishment movement against its justification",
                    rows[-1].division,
                    rows[-1].difference,
                    [total_movement.number],
                    lines=(*rows[-1].source.lines, *total_movement.source.lines),
                )
            )
    return checks


def establishment_matches_rows(
    rows: Sequence[EstablishmentRow],
    budgets: Mapping[str, Budget],
    division_of: Mapping[str, str],
    divisions: Mapping[str, str],
) -> list[Check]:
    """The FTE of the portfolio rows adds up to the establishment: by declared division, and by portfolio.

    `division_of`: unit key -> division key; `divisions`: key of any of a division's names -> its name. A division none of
    whose units is declared is not checked.
    """
    checks = []
    lines = [line for budget in budgets.values() for line in budget.lines]
    complete = all(name_key(line.unit) in division_of for line in lines if line.fte or line.prior_fte)
    portfolios = {name_key(name): budget for name, budget in budgets.items()}
    for row in rows[:-1]:
        key = bare_division(row.division)
        for name in ("prior_fte", "fte"):
            if key.endswith(" portfolio"):
                bare = key.removesuffix(" portfolio")
                budget = next(
                    (found for other, found in portfolios.items() if other == bare or _begins(other, bare)), None
                )
                total = budget.totals.get("controllable") if budget else None
                parts = [getattr(total, name)] if total else []
                lost = "" if total else "no portfolio table of that name in this plan"
            else:
                division = name_key(divisions.get(key, key))
                parts = [getattr(line, name) for line in lines if division_of.get(name_key(line.unit)) == division]
                lost = "" if complete and parts else "it is not declared which units make up the division"
            checks.append(
                compare(
                    f"establishment {words_for(name)} against budget rows",
                    row.division,
                    getattr(row, name),
                    parts,
                    lines=row.source.lines,
                    lost=lost,
                )
            )
    return checks


def bare_division(label: str) -> str:
    """The key of a division as the establishment prints it: “Total for Standards & Achievement”."""
    key = name_key(label)
    for start in ("total for ", "total "):
        key = key.removeprefix(start)
    return key


def portfolio_rows_match(rows: Iterable[ControlTotalRow | BudgetRow], budgets: Mapping[str, Budget]) -> list[Check]:
    """A unit's row in the directorate plan is the Controllable Totals of its own table in the service plan."""
    checks = []
    for row in rows:
        total = budgets[row.unit].totals.get("controllable") if row.unit in budgets else None
        if total is None:
            continue
        for name in FIGURES:
            if getattr(row, name) is not None or getattr(total, name) is not None:
                checks.append(
                    compare(
                        f"portfolio row {words_for(name)} against the service plan",
                        row.activity,
                        getattr(row, name),
                        [getattr(total, name)],
                        unit=row.unit,
                        lines=row.source.lines,
                    )
                )
    return checks

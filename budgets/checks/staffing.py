"""Posts: staffing bands, the FTE of budgets, the establishment by division and portfolio, the headline figures."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from budgets.checks.core_services import begins
from budgets.checks.tables import Budget
from budgets.checks.ties import Row, Side, tie
from budgets.parsing.grid import words_for
from budgets.parsing.rows import ControlTotalRow, EstablishmentRow, MovementRow, StaffingRow
from plans.checks import Check
from plans.names import name_key

_YEARS = ("prior_fte", "fte")


def staffing_adds_up(rows: Sequence[StaffingRow]) -> list[Check]:
    """A unit's bands add up to its TOTAL, in both years."""
    return [
        tie(f"staffing {words_for(name)}", total, name, [Side(bands, name)], unit=unit)
        for unit, bands, total in _bands(rows)
        for name in _YEARS
    ]


def budget_fte_matches_staffing(rows: Sequence[StaffingRow], budgets: Mapping[str, Budget]) -> list[Check]:
    """The FTE of a unit's budget table is the TOTAL of its staffing, in both years."""
    checks = []
    for unit, _, total in _bands(rows):
        controllable = budgets[unit].totals.get("controllable") if unit in budgets else None
        checks += [
            tie(
                f"budget {words_for(name)} against staffing",
                controllable,
                name,
                [Side([total], name)],
                unit=unit,
                label="Controllable Totals",
                lines=(*(controllable.source.lines if controllable else ()), *total.source.lines),
                lost="" if controllable else "the unit has no budget table in this plan",
            )
            for name in _YEARS
        ]
    return checks


def _bands(rows: Sequence[StaffingRow]) -> list[tuple[str, list[StaffingRow], StaffingRow]]:
    """Each unit with its bands, and the TOTAL under them; what stands below that is part of it."""
    by_unit: dict[str, list[StaffingRow]] = {}
    for row in rows:
        by_unit.setdefault(row.unit, []).append(row)
    found = []
    for unit, bands in by_unit.items():
        at = next((at for at, row in enumerate(bands) if name_key(row.band) == "total"), None)
        if at is not None:
            found.append((unit, bands[:at], bands[at]))
    return found


def headline_matches(totals: Iterable[ControlTotalRow], budgets: Mapping[str, Budget]) -> list[Check]:
    """The executive summary's gross and FTE are the sums of the units' Controllable Totals."""
    units = [budget.totals["controllable"] for budget in budgets.values() if "controllable" in budget.totals]
    checks = []
    for total in totals:
        if total.subject == "headline":
            name = "gross" if total.gross is not None else "fte"
            digit = Decimal(1) if name == "gross" else None  # £78.366m is printed to the thousand
            checks.append(tie(f"headline {words_for(name)}", total, name, [Side(units, name)], digit=digit))
    return checks


def establishment_adds_up(rows: Sequence[EstablishmentRow], movements: Sequence[MovementRow]) -> list[Check]:
    """Difference = this year − last year; the last row is the sum of the divisions, and of the portfolios; the reasons
    add up to the movement."""
    checks = [
        tie(
            "establishment difference",
            row,
            "difference",
            [Side([row], "fte"), Side([row], "prior_fte", sign=-1)],
            lost="" if row.fte is not None and row.prior_fte is not None else "a figure of the row is blank or lost",
        )
        for row in rows
    ]
    if rows:
        total, parts = rows[-1], rows[:-1]
        portfolios = [row for row in parts if "portfolio" in name_key(row.division)]
        divisions = [row for row in parts if "portfolio" not in name_key(row.division)]
        checks += [
            tie(f"establishment {words_for(name)}, {what}", total, name, [Side(group, name)])
            for name in _YEARS
            for what, group in (("divisions", divisions), ("portfolios", portfolios))
            if group
        ]
    if movements:
        moved, reasons = movements[-1], movements[:-1]
        checks.append(tie("justification of movement", moved, "number", [Side(reasons, "number")]))
        if rows:
            checks.append(
                tie(
                    "establishment movement against its justification",
                    rows[-1],
                    "difference",
                    [Side([moved], "number")],
                    lines=(*rows[-1].source.lines, *moved.source.lines),
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
    if not rows:
        return []
    lines = [line for budget in budgets.values() for line in budget.lines]
    complete = all(name_key(line.unit) in division_of for line in lines if line.fte or line.prior_fte)
    of_division: dict[str, list[Row]] = {}
    for line in lines:
        of_division.setdefault(division_of.get(name_key(line.unit), ""), []).append(line)
    portfolios = {name_key(name): budget for name, budget in budgets.items()}
    checks = []
    for row in rows[:-1]:
        key = bare_division(row.division)
        parts: list[Row]
        if key.endswith(" portfolio"):
            bare = key.removesuffix(" portfolio")
            budget = next((found for other, found in portfolios.items() if other == bare or begins(other, bare)), None)
            total = budget.totals.get("controllable") if budget else None
            parts = [total] if total else []
            lost = "" if total else "no portfolio table of that name in this plan"
        else:
            parts = of_division.get(name_key(divisions.get(key, key)), [])
            lost = "" if complete and parts else "it is not declared which units make up the division"
        checks += [
            tie(f"establishment {words_for(name)} against budget rows", row, name, [Side(parts, name)], lost=lost)
            for name in _YEARS
        ]
    return checks


def bare_division(label: str) -> str:
    """The key of a division as the establishment prints it: “Total for Standards & Achievement”."""
    key = name_key(label)
    for start in ("total for ", "total "):
        key = key.removeprefix(start)
    return key

"""What must tie in the budget, the staffing and the core services of a plan.

Rules over rows: a document's as they were parsed (for its load report), or a year's as they are stored (`stored`), both
as they were loaded and as they stand now. Figures are £000 and FTE. Each check belongs to the unit of its first figure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from budgets.checks.core_services import core_services_match, line_of
from budgets.checks.staffing import (
    bare_division,
    budget_fte_matches_staffing,
    establishment_adds_up,
    establishment_matches_rows,
    headline_matches,
    staffing_adds_up,
)
from budgets.checks.tables import (
    Budget,
    budgets_of,
    columns_add_up,
    portfolio_rows_match,
    rows_add_up,
    total_cost_adds_up,
)
from budgets.parsing.rows import BudgetRow, ControlTotalRow, CoreServiceRow, EstablishmentRow, MovementRow, StaffingRow
from plans.checks import Check

__all__ = ["Budget", "PlanRows", "bare_division", "checks_between", "checks_of", "line_of"]


@dataclass
class PlanRows:
    """The rows of one plan that checks are about, and what tells which of them belong together."""

    directorate: bool
    lines: list[BudgetRow] = field(default_factory=list)  # of a directorate's plan: the rows of its portfolio tables
    totals: list[ControlTotalRow] = field(default_factory=list)
    staffing: list[StaffingRow] = field(default_factory=list)
    # Each core service with the budget line that it is about.
    services: list[tuple[CoreServiceRow, BudgetRow | None]] = field(default_factory=list)
    establishment: list[EstablishmentRow] = field(default_factory=list)
    movements: list[MovementRow] = field(default_factory=list)

    @property
    def budgets(self) -> dict[str, Budget]:
        return budgets_of(self.lines, self.totals, by_portfolio=self.directorate)


def checks_of(plan: PlanRows, *, division_of: Mapping[str, str], divisions: Mapping[str, str]) -> Iterator[Check]:
    """Every check within one plan. `division_of`: unit key -> division key; `divisions`: key of any of a division's names
    -> its name."""
    budgets = plan.budgets
    for budget in budgets.values():
        yield from rows_add_up(budget)
        yield from columns_add_up(budget)
        yield from total_cost_adds_up(budget)
    yield from staffing_adds_up(plan.staffing)
    yield from budget_fte_matches_staffing(plan.staffing, budgets)
    yield from core_services_match(plan.services)
    yield from headline_matches(plan.totals, budgets)
    yield from establishment_adds_up(plan.establishment, plan.movements)
    yield from establishment_matches_rows(plan.establishment, budgets, division_of, divisions)


def checks_between(plans: Iterable[PlanRows]) -> Iterator[Check]:
    """The checks between plans of one year: a unit's row in the directorate's plan against its own table."""
    plans = list(plans)
    tables = {name: budget for plan in plans if not plan.directorate for name, budget in plan.budgets.items()}
    for plan in plans:
        if plan.directorate:
            yield from portfolio_rows_match(plan.lines, tables)

"""A year's budget by portfolio: each one's units with the sums of their lines, beside the totals that were printed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budgets.models import BudgetLine, ControlTotal, TotalSubject
from budgets.reporting.figures import FIGURES, NOTHING, change_in_words, total
from budgets.reporting.totals import Cell, TotalLine, TotalRow, as_row, below, in_printed_order, sum_row
from plans import calendar
from plans.changes import per_cent
from plans.models import FinancialYear


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with the sums of its lines, and which lines those are."""

    name: str
    slug: str
    figures: tuple[Decimal | None, ...]  # in the order of FIGURES
    lines: int
    own_lines: int  # of a service plan, or entered here; the others are its row of the portfolio table

    @property
    def made_of(self) -> str:
        own = f"{self.own_lines} line{'' if self.own_lines == 1 else 's'}"
        if self.own_lines == self.lines:
            return own
        return f"row, {own}" if self.own_lines else "row"

    @property
    def now(self) -> Decimal | None:
        return self.figures[-1]

    @property
    def before(self) -> Decimal | None:
        return self.figures[0]

    @property
    def change(self) -> str:
        return change_in_words(self.now, self.before)

    @property
    def per_cent(self) -> str:
        return per_cent(self.now, self.before)


@dataclass(frozen=True, slots=True)
class PortfolioBudget:
    """A portfolio's units with their sums, the sum of all, and what the plan prints for it."""

    pk: int | None
    name: str
    members: tuple[str, ...]  # initials of its Cabinet Members
    units: list[UnitRow]
    sums: TotalRow
    control: list[TotalRow]  # its Controllable Totals as printed
    below: list[TotalRow]  # memorandum items and total cost

    @property
    def with_own_lines(self) -> int:
        return sum(1 for unit in self.units if unit.own_lines)

    @property
    def rest(self) -> int:
        return len(self.units) - self.with_own_lines

    @property
    def differences(self) -> list[Cell]:
        return [cell for row in self.control for cell in row.differences]

    @property
    def rows(self) -> list[TotalRow]:
        return [self.sums, *self.control, *self.below]


@dataclass(frozen=True, slots=True)
class YearBudget:
    """The year by portfolio, and its sums."""

    year: FinancialYear
    portfolios: list[PortfolioBudget]
    sums: TotalRow
    control: TotalRow | None  # the sum of the portfolios' printed Controllable Totals

    @property
    def prior_label(self) -> str:
        return calendar.label(self.year.start - 1)

    @property
    def units(self) -> int:
        return sum(len(portfolio.units) for portfolio in self.portfolios)

    @property
    def figures(self) -> dict[str, Decimal | None]:
        return {cell.name: cell.printed for cell in self.sums.cells}

    @property
    def income(self) -> Decimal:
        """What income pays for: positive, where it is negative in the table."""
        figures = self.figures
        return -(figures["external_income"] or NOTHING) - (figures["internal_income"] or NOTHING)


def year_budget(year: FinancialYear) -> YearBudget:
    """Two queries: the sums of every unit's lines, the portfolios' totals as printed."""
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in BudgetLine.objects.for_year(year).summed_by_unit():
        groups[row["portfolio"], row["portfolio_name"]].append(row)
    totals = in_printed_order(ControlTotal.objects.for_year(year).of_portfolios())
    printed = [TotalLine(*row) for row in totals]
    named = sorted(groups, key=lambda group: (group[1] is None, (group[1] or "").casefold()))
    portfolios = [
        _portfolio(group, groups[group], [row for row in printed if row.portfolio_id == group[0]]) for group in named
    ]
    sums = {
        name: total(portfolio.sums.cells[at].printed for portfolio in portfolios) for at, name in enumerate(FIGURES)
    }
    control = _control([row for portfolio in portfolios for row in portfolio.control], sums)
    return YearBudget(year, portfolios, sum_row("All portfolios", sums), control)


def _portfolio(group: tuple[int | None, str | None], rows: Sequence[Any], printed: Sequence[Any]) -> PortfolioBudget:
    units = [
        UnitRow(
            name=row["unit__name"],
            slug=row["unit__slug"],
            figures=tuple(row[f"sum_{name}"] for name in FIGURES),
            lines=row["lines"],
            own_lines=row["own_lines"],
        )
        for row in rows
    ]
    sums = {name: total(unit.figures[at] for unit in units) for at, name in enumerate(FIGURES)}
    controls = [row for row in printed if row.subject == TotalSubject.CONTROLLABLE]
    pk, name = group
    return PortfolioBudget(
        pk=pk,
        name=name or "Units in no portfolio",
        members=tuple(sorted({row["member"] for row in rows if row["member"]})),
        units=units,
        sums=sum_row("Sum of its lines", sums),
        control=[as_row(row, "control", sums, label="Controllable Totals as printed") for row in controls],
        below=below(printed, sums, cost_label="Total cost of the portfolio"),
    )


def _control(printed: Sequence[TotalRow], sums: dict[str, Decimal | None]) -> TotalRow | None:
    """The sum of the printed totals beside the sum of the lines; no document prints it."""
    if not printed:
        return None
    cells = []
    for at, name in enumerate(FIGURES):
        figure = total(row.cells[at].printed for row in printed)
        comes_to = sums[name] or NOTHING
        cells.append(Cell(name, figure, comes_to if (figure or 0) != comes_to else None))
    label = "The printed totals together" if len(printed) > 1 else "The printed total"
    return TotalRow(label, "control", tuple(cells))

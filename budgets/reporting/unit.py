"""A unit's budget table for a year: its lines in printed order, and the totals under them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import JSONField, Q, Value
from django.db.models.functions import NullIf

from budgets.models import BudgetLine, ControlTotal, Origin, TotalSubject
from budgets.reporting.figures import FIGURES, LABELS, NOTHING, WORDS, change, change_in_words, narrow_row, total
from budgets.reporting.totals import TotalLine, TotalRow, as_row, below, in_printed_order, sum_row
from plans import calendar
from plans.changes import per_cent
from plans.models import FinancialYear, Plan, Tier, Unit, UnitYear
from plans.prepared import Prepared
from plans.provenance import repaired_fields


@dataclass(frozen=True)
class UnitBudget:
    """A unit's budget table for a year."""

    year: FinancialYear
    lines: list[Any]  # pk, activity, then FIGURES, origin, provenance_id, repairs
    totals: list[TotalRow]
    sums: dict[str, Decimal | None]  # of the lines, by figure

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return (*FIGURES, "change", "per_cent")

    @cached_property
    def labels(self) -> dict[str, str]:
        return LABELS

    @cached_property
    def prior_label(self) -> str:
        return calendar.label(self.year.start - 1)

    @cached_property
    def own_table(self) -> bool:
        """Whether the unit has lines of its own, and not only its row of a portfolio table."""
        return any(row.origin != Origin.PORTFOLIO for row in self.lines)

    @cached_property
    def change(self) -> Decimal | None:
        return change(self.sums["controllable"], self.sums["prior_controllable"])

    @cached_property
    def size_of_change(self) -> Decimal:
        return abs(self.change or NOTHING)

    @cached_property
    def share(self) -> str:
        """The size of the change in per cent of what was before; blank where that says nothing."""
        return per_cent(self.sums["controllable"], self.sums["prior_controllable"]).lstrip("+−")

    @cached_property
    def nets(self) -> Decimal:
        """By how much income exceeds spending, where it does."""
        return -(self.sums["controllable"] or NOTHING)

    @cached_property
    def income(self) -> Decimal:
        """What income pays for: positive, where it is negative in the table."""
        return -(self.sums["external_income"] or NOTHING) - (self.sums["internal_income"] or NOTHING)

    @cached_property
    def ending(self) -> list[Any]:
        """The lines that cost something last year, and have neither spending nor income now."""
        return [row for row in self.lines if row.prior_controllable and not row.gross and not row.controllable]

    @cached_property
    def beginning(self) -> list[Any]:
        """The lines that cost nothing last year and something now."""
        return [row for row in self.lines if not row.prior_controllable and row.controllable]

    @cached_property
    def differing(self) -> list[TotalRow]:
        return [row for row in self.totals if row.differences]

    @cached_property
    def marked(self) -> bool:
        """Whether any figure of the table carries a mark."""
        of_lines = (row.repairs for row in self.lines if row.repairs)
        return any(_repaired(repairs) for repairs in of_lines) or any(
            cell.mark for row in self.totals for cell in row.cells
        )

    def shown(self) -> list[tuple[Any, ...]]:
        """Each line as its row shows it: pk, activity, the words of FIGURES and of the change in £000 and in per cent,
        the provenance, and the names of its repaired figures."""
        # A list: rows that come and go one by one can make Python ask the system for the same memory at each of them.
        return [
            (
                row[0],
                row[1],
                [*map(WORDS, row[2:-3]), change_in_words(row[-4], row[2]), per_cent(row[-4], row[2])],
                row[-2],
                _repaired(row[-1]) if row[-1] else (),
            )
            for row in self.lines
        ]


def _repaired(repairs: list[dict[str, Any]]) -> frozenset[str]:
    return repaired_fields(repairs).intersection(FIGURES)


_PLACES = Prepared(
    lambda slug, start: UnitYear.objects.filter(unit__slug=slug, year__start=start).values_list(
        "year",
        "year__start",
        "year__state",
        "unit",
        "unit__directorate",
        "unit__name",
        "unit__slug",
        "unit__directorate__name",
        "division__name",
        "portfolio",
        "portfolio__name",
        "cabinet_member",
    ),
    str,
    int,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit stands in the organisation of a year."""

    year: FinancialYear
    unit: Unit
    directorate: str
    division: str | None
    portfolio_id: int | None
    portfolio: str | None
    cabinet_member: str


def place_of(slug: str, start: int) -> Place | None:
    """The unit of that name in addresses in the year that starts in `start`; one query for all that its page names."""
    for row in _PLACES.rows(slug, start):
        pk, begins, state, unit, directorate, name, slug, *names = row
        year = FinancialYear(pk=pk, start=begins, state=state)
        return Place(year, Unit(pk=unit, directorate_id=directorate, name=name, slug=slug), *names)
    return None


_OF_LINE = ("pk", "activity", *FIGURES, "origin", "provenance_id", "repairs")
LineRow = narrow_row("LineRow", _OF_LINE)
_LINES = Prepared(
    lambda unit, year: (
        BudgetLine.objects.filter(year=year, unit=unit)
        # Most have none, which need not be read as JSON.
        .annotate(repairs=NullIf("provenance__repairs", Value([], JSONField())))
        .order_by("position", "pk")
        .values_list(*_OF_LINE)
    ),
    int,
    int,
)
_TOTALS = Prepared(
    lambda unit, year: in_printed_order(ControlTotal.objects.filter(unit=unit, plan__year=year)), int, int
)


def unit_budget(unit: Unit, year: FinancialYear) -> UnitBudget:
    """Two queries: the lines as narrow rows, the totals as printed."""
    rows = [*map(LineRow._make, _LINES.rows(unit.pk, year.pk))]
    columns = list(zip(*rows, strict=True)) or [()] * (len(FIGURES) + 5)
    sums = {name: total(column) for name, column in zip(FIGURES, columns[2:], strict=False)}
    printed = [*map(TotalLine._make, _TOTALS.rows(unit.pk, year.pk))]
    own_table = any(row.origin != Origin.PORTFOLIO for row in rows)
    return UnitBudget(year=year, lines=rows, totals=_totals(printed, sums, len(rows), own_table=own_table), sums=sums)


def plan_of_lines(unit: Unit, year: FinancialYear) -> Plan | None:
    """The service plan to which lines of the unit belong; None where it has none, and so stands in a portfolio table at
    most: there its row is its one line, and gives way to its own lines when they are loaded (DECISIONS 1)."""
    plans = Plan.objects.for_year(year).filter(tier=Tier.SERVICE)
    return plans.filter(Q(budget_lines__unit=unit) | Q(units=unit)).order_by("pk").first()


def _totals(printed: Sequence[Any], sums: dict[str, Decimal | None], lines: int, *, own_table: bool) -> list[TotalRow]:
    """Controllable totals, the directorate plan's row where it says more than the line, memoranda, total cost."""
    totals = [as_row(row, "total", sums) for row in printed if row.subject == TotalSubject.CONTROLLABLE]
    if not totals and lines > 1:
        totals.append(sum_row("Sum of the lines", sums))
    for row in printed:
        if row.subject == TotalSubject.PORTFOLIO_ROW:
            control = as_row(row, "control", sums, label="Directorate plan’s row")
            if own_table or control.differs:
                totals.append(control)
    return totals + below(printed, sums)

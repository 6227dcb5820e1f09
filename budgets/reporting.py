"""Budget figures put together for pages and exports: a unit's table with its totals, a line's story, the export."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from budgets.models import BudgetLine, ControlTotal, CoreService, Origin, TotalSubject
from plans import calendar
from plans.amounts import AmountError, parse_amount
from plans.models import FinancialYear, SourceLine, Unit

# The printed order of a budget table.
FIGURES = (
    "prior_controllable",
    "prior_fte",
    "fte",
    "employee",
    "running",
    "contracts",
    "gross",
    "external_income",
    "internal_income",
    "controllable",
)
LABELS = {field.name: str(field.verbose_name) for field in BudgetLine._meta.local_concrete_fields}
MEMORANDA = (TotalSubject.CENTRAL, TotalSubject.DIRECTORATE, TotalSubject.CAPITAL)
COMPUTED = ("gross", "controllable")

# The columns of the export are fixed for other programs (DOMAIN.md).
EXPORT_COLUMNS = (
    "year",
    "unit",
    "activity",
    "prior_controllable",
    "prior_fte",
    "fte",
    "employee",
    "running",
    "contracts",
    "gross",
    "external_income",
    "internal_income",
    "controllable",
    "accountable_manager",
    "document",
    "source_lines",
)
TENTH = Decimal("0.1")


def lines_of_year(year: FinancialYear) -> QuerySet[BudgetLine]:
    """Every line of a year: units by name, each unit's lines in printed order."""
    return BudgetLine.objects.for_year(year).order_by(Lower("unit__name"), "unit", "position", "pk")


def lines_of_unit(unit: Unit, year: FinancialYear) -> QuerySet[BudgetLine]:
    """The unit's lines in printed order."""
    return BudgetLine.objects.for_year(year).for_unit(unit).order_by("position", "pk")


def list_rows(lines: QuerySet[BudgetLine]) -> QuerySet[BudgetLine, Any]:
    """What a list shows of the lines, as narrow rows."""
    return lines.values_list("pk", "activity", "unit__name", "unit__slug", *FIGURES, named=True)


def export_rows(lines: QuerySet[BudgetLine]) -> Iterator[tuple[Any, ...]]:
    """The lines as EXPORT_COLUMNS has them: money in £000, the year as "2009/10", source lines as "254, 256"."""
    managers = CoreService.objects.filter(line=OuterRef("pk")).order_by("position", "pk")
    named = managers.annotate(manager=NullIf(Coalesce("accountable_manager__name", "manager_printed"), Value("")))
    rows = lines.annotate(managers=ArraySubquery(named.values("manager"))).values_list(
        "year__start",
        "unit__name",
        "activity",
        *FIGURES,
        "managers",
        "provenance__document__name",
        "provenance__lines",
    )
    for start, unit, activity, *figures, managers_, document, source_lines in rows.iterator(chunk_size=2000):
        yield (
            calendar.label(start),
            unit,
            activity,
            *map(as_printed, figures),
            ", ".join(dict.fromkeys(filter(None, managers_))),
            document,
            ", ".join(map(str, source_lines or ())),
        )


def as_printed(figure: Decimal | None) -> Decimal | None:
    """numeric(14,2) gives 6036.10 back: the same figure to one decimal where it has no more."""
    if figure is None:
        return None
    tenths = figure.quantize(TENTH)
    return tenths if tenths == figure else figure


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a total as printed, and what it comes to where that differs (else None)."""

    printed: Decimal | None
    computed: Decimal | None


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A row under a budget table's lines. `kind` is "total", "memorandum" or "control"."""

    label: str
    kind: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        return any(cell.computed is not None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class UnitBudget:
    """A unit's budget table for a year: its lines in printed order, and the totals under them."""

    year: FinancialYear
    lines: list[Any]  # pk, activity, then FIGURES, then repaired
    totals: list[TotalRow]
    sums: dict[str, Decimal | None]  # of the lines, by figure

    @property
    def prior_label(self) -> str:
        return calendar.label(self.year.start - 1)


def unit_budget(unit: Unit, year: FinancialYear) -> UnitBudget:
    """Two queries: the lines as narrow rows, the totals as printed."""
    lines = lines_of_unit(unit, year)
    rows = list(lines.values_list("pk", "activity", *FIGURES, "origin", "provenance__repairs", named=True))
    sums = {name: _sum(getattr(row, name) for row in rows) for name in FIGURES}
    printed = list(ControlTotal.objects.for_year(year).for_unit(unit).order_by("plan__tier", "position", "pk"))
    own_table = any(row.origin != Origin.PORTFOLIO for row in rows)
    return UnitBudget(year=year, lines=rows, totals=_totals(printed, sums, len(rows), own_table=own_table), sums=sums)


def _totals(
    printed: Sequence[ControlTotal], sums: dict[str, Decimal | None], lines: int, *, own_table: bool
) -> list[TotalRow]:
    """Controllable totals, the directorate plan's row where it says more than the line, memoranda, total cost."""
    memoranda = [total for total in printed if total.subject in MEMORANDA]
    cost = {name: _sum([sums[name], *(getattr(total, name) for total in memoranda)]) for name in FIGURES}
    totals = [_total(total, "total", sums) for total in printed if total.subject == TotalSubject.CONTROLLABLE]
    if not totals and lines > 1:
        cells = tuple(Cell(sums[name], None) for name in FIGURES)
        totals.append(TotalRow("Sum of the lines", "total", cells))
    for total in printed:
        if total.subject == TotalSubject.PORTFOLIO_ROW:
            row = _total(total, "control", sums, label="Directorate plan’s row")
            if own_table or row.differs:
                totals.append(row)
    totals += [_total(total, "memorandum", None) for total in memoranda]
    totals += [_total(total, "total", cost) for total in printed if total.subject == TotalSubject.TOTAL_COST]
    return totals


def _total(total: ControlTotal, kind: str, computed: dict[str, Decimal | None] | None, *, label: str = "") -> TotalRow:
    cells = []
    for name in FIGURES:
        figure, comes_to = getattr(total, name), computed[name] if computed else None
        differs = computed is not None and (figure or 0) != (comes_to or 0)
        # A column without a figure in it adds to nothing, not to a sum of 0.
        cells.append(Cell(figure, comes_to if comes_to is not None else Decimal(0)) if differs else Cell(figure, None))
    return TotalRow(label or str(total), kind, tuple(cells))


def _sum(figures: Iterable[Decimal | None]) -> Decimal | None:
    there = [figure for figure in figures if figure is not None]
    return sum(there, Decimal(0)) if there else None


@dataclass(frozen=True, slots=True)
class LineFigure:
    """One figure of a line: what it is now, the text that was printed for it, and the repair that its reading took."""

    label: str
    value: Decimal | None
    printed: str | None  # None where nothing was printed for it, or the line comes from no document
    repair: str
    is_computed: bool
    changed: bool  # edited since it was loaded
    difference: Decimal | None  # of what the parts come to from what was printed; None where that is not checked

    @property
    def ties(self) -> bool | None:
        return None if self.difference is None else self.difference == 0


@dataclass(frozen=True, slots=True)
class LineStory:
    """A budget line with where each of its figures comes from."""

    figures: list[LineFigure]
    edited: bool
    repairs: list[dict[str, Any]]
    source: list[SourceLine]


def line_story(line: BudgetLine) -> LineStory:
    """One query, for the printed lines. `line` comes with its provenance."""
    provenance = line.provenance
    printed: dict[str, str] = provenance.printed if provenance else {}
    loaded: dict[str, Any] = provenance.loaded if provenance else {}
    repairs: list[dict[str, Any]] = provenance.repairs if provenance else []
    # An edited line's printed gross and controllable are no longer checked (DOMAIN.md).
    edited = any(_differs(getattr(line, name), loaded[name]) for name in FIGURES if name in loaded)
    figures = [
        LineFigure(
            label=LABELS[name],
            value=getattr(line, name),
            printed=printed.get(name) or None,
            repair=next((repair["rule"] for repair in repairs if repair.get("column") == name), ""),
            is_computed=name in COMPUTED,
            changed=name in loaded and _differs(getattr(line, name), loaded[name]),
            difference=None if edited or name not in COMPUTED else _off(getattr(line, name), printed.get(name)),
        )
        for name in FIGURES
    ]
    source = (
        list(SourceLine.objects.filter(document=provenance.document, number__in=provenance.lines).order_by("number"))
        if provenance
        else []
    )
    return LineStory(figures=figures, edited=edited, repairs=repairs, source=source)


def _differs(figure: Decimal | None, loaded: str | None) -> bool:
    return figure != (None if loaded is None else Decimal(loaded))


def _off(computed: Decimal | None, printed: str | None) -> Decimal | None:
    """By how much the computed figure is off the printed one; None where one of them is missing."""
    try:
        read = parse_amount(printed or "")
    except AmountError:
        return None
    return None if read is None or computed is None else computed - read

"""What pages show of several apps: a year's units with their money, a unit's measures and actions, a load."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Lower

from budgets.models import BudgetLine
from budgets.reporting import as_printed
from indicators.models import Figure, FigureKind, Listing, ListingKind
from plans import calendar
from plans.fields import FteField, MoneyField
from plans.models import Document, FinancialYear, SourceLine, Unit, UnitYear
from projects.models import Deliverable, KeyAction

UNIT_COLUMNS = (
    "year",
    "directorate",
    "division",
    "portfolio",
    "cabinet_member",
    "unit",
    "prior_controllable",
    "controllable",
    "gross",
    "prior_fte",
    "fte",
    "measures",
    "actions",
)
DOCUMENT_LINE_COLUMNS = ("line", "outcome", "table", "why", "text")


def default_year() -> FinancialYear | None:
    """The year of today or, where no plan is so late, the latest before it; the earliest there is failing that."""
    years = FinancialYear.objects.order_by("start")
    return years.filter(start__lte=calendar.year_of(calendar.today())).last() or years.first()


def units_of_year(year: FinancialYear | None) -> QuerySet[Any]:
    """The units of a year by name, each with the sums of its budget lines and how many measures and actions it has."""
    units = UnitYear.objects.none() if year is None else UnitYear.objects.for_year(year)
    return units.annotate(
        prior_controllable=_of_lines("prior_controllable", MoneyField()),
        controllable=_of_lines("controllable", MoneyField()),
        gross=_of_lines("gross", MoneyField()),
        change=ExpressionWrapper(F("controllable") - F("prior_controllable"), output_field=MoneyField()),
        prior_fte=_of_lines("prior_fte", FteField()),
        fte=_of_lines("fte", FteField()),
        measures=_number_of(Listing.objects.filter(kind=ListingKind.TABLE)),
        actions=_number_of(KeyAction.objects.all()),
    ).order_by(Lower("unit__name"), "pk")


def _of_lines(figure: str, field: DecimalField) -> Subquery:
    lines = BudgetLine.objects.filter(year=OuterRef("year"), unit=OuterRef("unit")).order_by().values("unit")
    return Subquery(lines.annotate(total=Sum(figure)).values("total"), output_field=field)


def _number_of(rows: QuerySet[Any]) -> Subquery:
    of_unit = rows.filter(plan__year=OuterRef("year"), unit=OuterRef("unit")).order_by().values("unit")
    return Subquery(of_unit.annotate(number=Count("pk")).values("number"), output_field=IntegerField())


def unit_list_rows(units: QuerySet[Any]) -> QuerySet[Any, Any]:
    """What the list shows of each of `units_of_year`."""
    return units.values_list(
        "unit__name",
        "unit__slug",
        "division__name",
        "portfolio__name",
        "prior_controllable",
        "controllable",
        "change",
        "gross",
        "fte",
        "measures",
        "actions",
        named=True,
    )


def unit_export_rows(units: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """`units_of_year` as UNIT_COLUMNS has them."""
    rows = units.values_list(
        "year__start",
        "unit__directorate__name",
        "division__name",
        "portfolio__name",
        "cabinet_member",
        "unit__name",
        "prior_controllable",
        "controllable",
        "gross",
        "prior_fte",
        "fte",
        "measures",
        "actions",
    )
    for start, *names, prior, controllable, gross, prior_fte, fte, measures, actions in rows:
        figures = map(as_printed, (prior, controllable, gross, prior_fte, fte))
        yield (calendar.label(start), *names, *figures, measures, actions)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of a unit with the last figure of each kind for the whole of Kent; None where there is none."""

    listing: Listing
    actual: Figure | None
    estimate: Figure | None
    target: Figure | None


def measures_of(unit: Unit, year: FinancialYear) -> list[Measure]:
    """The unit's tables of figures in printed order; two queries."""
    own = Figure.objects.filter(group=None, area="").order_by("position", "pk")
    listings = (
        Listing.objects.for_year(year)
        .for_unit(unit)
        .filter(kind=ListingKind.TABLE)
        .select_related("indicator")
        .prefetch_related(Prefetch("figures", queryset=own, to_attr="own_figures"))
        .order_by("plan", "position", "pk")
    )
    measures = []
    for listing in listings:
        last = {figure.kind: figure for figure in listing.own_figures}
        measures.append(
            Measure(listing, *(last.get(kind) for kind in (FigureKind.ACTUAL, FigureKind.ESTIMATE, FigureKind.TARGET)))
        )
    return measures


def actions_of(unit: Unit, year: FinancialYear) -> QuerySet[KeyAction]:
    """The unit's key actions in printed order with their deliverables; three queries."""
    deliverables = Prefetch("deliverables", queryset=Deliverable.objects.order_by("position", "pk"))
    return (
        KeyAction.objects.for_year(year)
        .for_unit(unit)
        .prefetch_related(deliverables, "managers")
        .order_by("plan", "position", "pk")
    )


def document_export_rows(lines: QuerySet[SourceLine]) -> Iterator[tuple[Any, ...]]:
    """The lines as DOCUMENT_LINE_COLUMNS has them."""
    yield from lines.values_list("number", "outcome", "table", "why", "text").iterator(chunk_size=2000)


@dataclass(frozen=True, slots=True)
class LoadSummary:
    """What the last load of a document came to, from the report kept with it."""

    counts: dict[str, int]  # rows created, updated, unchanged, removed
    tables: list[tuple[str, int, int]]  # kind, tables of it, rows in them
    outcomes: list[tuple[str, int]]  # of the lines with a tab, most frequent first
    checks: list[tuple[str, int]]
    breaks: list[Mapping[str, Any]]
    doubts: list[Mapping[str, Any]]
    errors: list[Mapping[str, Any]]
    new_units: list[str]

    @classmethod
    def of(cls, document: Document) -> "LoadSummary":
        report: Mapping[str, Any] = document.report
        tables: Counter[str] = Counter()
        rows: Counter[str] = Counter()
        for table in report.get("tables", ()):
            tables[table["kind"]] += 1
            rows[table["kind"]] += len(table["rows"])
        checks = report.get("checks", ())
        return cls(
            counts={name: report.get(name, 0) for name in ("created", "updated", "unchanged", "removed")},
            tables=[(kind.replace("_", " ") or "not known", tables[kind], rows[kind]) for kind in sorted(tables)],
            outcomes=_tally(report.get("lines", ())),
            checks=_tally(checks),
            breaks=[check for check in checks if check["outcome"] == "break"],
            doubts=list(report.get("doubts", ())),
            errors=list(report.get("errors", ())),
            new_units=list(report.get("new_units", ())),
        )


def _tally(items: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    return Counter(item["outcome"] for item in items).most_common()

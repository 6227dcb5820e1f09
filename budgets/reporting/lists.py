"""Lists of budget lines, and their export."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from budgets.models import BudgetLine, CoreService
from budgets.reporting.figures import FIGURES, WORDS
from plans import calendar
from plans.models import FinancialYear, Unit

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


def list_rows(lines: QuerySet[BudgetLine]) -> Iterator[tuple[Any, ...]]:
    """What a list shows of the lines: pk, activity, its unit's name and name in addresses, the words of FIGURES."""
    for row in lines.values_list("pk", "activity", "unit__name", "unit__slug", *FIGURES):
        yield *row[:4], [*map(WORDS, row[4:])]


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

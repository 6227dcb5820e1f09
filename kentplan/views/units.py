"""The units of a year, and one unit: its budget, its measures, its key actions."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from budgets.reporting import unit_budget
from kentplan import reporting
from kentplan.filters import UnitFilter
from kentplan.tables import UnitTable
from people.rights import Act, require
from plans.converters import year_or_404
from plans.listing import ListPage
from plans.models import FinancialYear, Unit, UnitYear

UNITS = ListPage(
    template="kentplan/unit_list.html",
    rows="rows/units.html",
    table=UnitTable,
    filterset=UnitFilter,
    columns=reporting.UNIT_COLUMNS,
    exported=reporting.unit_export_rows,
    shown=reporting.unit_list_rows,
    noun="unit",
)


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW)
    year = _chosen_year(request)
    name = f"units-{year.path}" if year else "units"
    context = {"year": year, "years": FinancialYear.objects.all()}
    return UNITS.respond(request, reporting.units_of_year(year), name=name, context=context)


@require_safe
def unit_detail(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    require(request.user, Act.VIEW)
    in_year = year_or_404(year)
    found = get_object_or_404(Unit.objects.select_related("directorate"), slug=unit)
    places = UnitYear.objects.for_year(in_year).for_unit(found).select_related("division", "portfolio")
    context = {
        "year": in_year,
        "unit": found,
        "place": places.first(),
        "budget": unit_budget(found, in_year),
        "measures": reporting.measures_of(found, in_year),
        "actions": reporting.actions_of(found, in_year),
    }
    return render(request, "kentplan/unit_detail.html", context)


def _chosen_year(request: HttpRequest) -> FinancialYear | None:
    """The year of `?year=2009-10`, else the one that people mean; None where no plan is loaded yet."""
    asked = request.GET.get("year")
    if not asked:
        return reporting.default_year()
    try:
        return FinancialYear.from_path(asked)
    except FinancialYear.DoesNotExist as error:
        raise Http404("There is no such financial year.") from error

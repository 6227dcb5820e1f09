"""The units of a year: the organisation as a tree, and as a list where it is filtered or sorted."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kentplan import organisation, reporting
from kentplan.checks import year_checks
from kentplan.filters import UnitFilter
from kentplan.tables import UnitTable
from kentplan.templatetags.kentplan import signed
from people.rights import Act, require
from plans import calendar
from plans.listing import ListPage, render_rows
from plans.models import FinancialYear

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
OF_THE_LIST = ("text", "portfolio", "sort", "page", "_export")  # what asks for the list instead of the tree


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW)
    year = chosen_year(request)
    name = f"units-{year.path}" if year else "units"
    units = reporting.units_of_year(year)
    context: dict[str, Any] = {"year": year, "signed": signed}
    if year and not any(request.GET.get(asked) for asked in OF_THE_LIST):
        units, context = units.none(), context | _tree(request, year)
    return UNITS.respond(request, units, name=name, context=context)


def chosen_year(request: HttpRequest) -> FinancialYear | None:
    """The year of `?year=2009-10`, else the one that people mean; None where no plan is loaded yet."""
    asked = request.GET.get("year")
    if not asked:
        return reporting.default_year()
    try:
        return FinancialYear.from_path(asked)
    except FinancialYear.DoesNotExist as error:
        raise Http404("There is no such financial year.") from error


def _tree(request: HttpRequest, year: FinancialYear) -> dict[str, Any]:
    units = organisation.units_with_figures(year, calendar.half_year(year.start, 1))
    checks, plans = year_checks(year), organisation.plans_of(year)
    loaded = [unit.pk for unit in units if unit.plan_id]
    every = request.GET.get("open") == "all"
    opened = [unit.pk for unit in units] if every else organisation.own_units(request.user, year) or loaded
    trees = organisation.tree_of(units, plans, checks, opened=opened)
    rows = {"trees": trees, "checks": checks.by_unit, "year": year, "signed": signed}
    return {
        "trees": trees,
        "tree_rows": render_rows("rows/units_tree.html", rows),
        "number": len(units),
        "divisions": sum(bool(division.name) for tree in trees for division in tree.divisions),
        "members": sorted({(unit.member, unit.portfolio) for unit in units if unit.member and unit.portfolio}),
        "every": every,
        "prior": calendar.label(year.start - 1),
    }

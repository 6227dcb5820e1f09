"""The year by portfolio and every line of it, a unit's budget table, one line."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from budgets import reporting
from budgets.filters import LineFilter
from budgets.models import BudgetLine
from budgets.tables import LineTable
from people.rights import Act, may, require
from plans.converters import year_or_404
from plans.listing import ListPage, export
from plans.locks import lock_of
from plans.models import FinancialYear, Unit
from plans.telling import tell

LINES = ListPage(
    template="budgets/line_list.html",
    rows="rows/budget_lines.html",
    table=LineTable,
    filterset=LineFilter,
    columns=reporting.EXPORT_COLUMNS,
    exported=reporting.export_rows,
    shown=reporting.list_rows,
    noun="budget line",
)


def get_line_for_user(request: HttpRequest, pk: int, *, to_edit: bool = False) -> BudgetLine:
    """The line with its plan, unit, year and provenance, if this person may see it (else 404) or edit it (else 403)."""
    require(request.user, Act.VIEW)
    lines = BudgetLine.objects.select_related("plan__year", "unit", "year", "provenance__document")
    line = get_object_or_404(lines.defer("provenance__document__report"), pk=pk)
    if to_edit:
        require(request.user, Act.EDIT_LINE, unit=line.unit, year=line.year)
    return line


def get_unit_for_user(request: HttpRequest, year: int, unit: str, *, act: Act = Act.VIEW) -> tuple[FinancialYear, Unit]:
    """The year and the unit of an address, if this person may see them (else 404) and do `act` there (else 403)."""
    require(request.user, Act.VIEW)
    in_year = year_or_404(year)
    of_unit = get_object_or_404(Unit.objects.select_related("directorate"), slug=unit)
    require(request.user, act, unit=of_unit, year=in_year)
    return in_year, of_unit


@require_safe
def line_list(request: HttpRequest, year: int) -> HttpResponse:
    require(request.user, Act.VIEW)
    in_year = year_or_404(year)
    lines = reporting.lines_of_year(in_year)
    context = {
        "year": in_year,
        # Whoever filters, sorts or turns a page wants the list, and finds it where the year by portfolio stood.
        "list_alone": bool(request.GET),
        "budget": SimpleLazyObject(lambda: reporting.year_budget(in_year)),
    }
    return LINES.respond(request, lines, name=f"budget-lines-{in_year.path}", context=context)


@require_safe
def unit_lines(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    require(request.user, Act.VIEW)
    place = reporting.place_of(unit, year)
    if place is None:  # it has no place in the organisation of that year, if there are such a unit and year
        in_year, of_unit = get_unit_for_user(request, year, unit)
    else:
        in_year, of_unit = place.year, place.unit
    lines = reporting.lines_of_unit(of_unit, in_year)
    name = f"budget-{in_year.path}-{of_unit.slug}"
    file = export(request, reporting.EXPORT_COLUMNS, lambda: reporting.export_rows(lines), name=name)
    if file is not None:
        return file
    may_edit = may(request.user, Act.EDIT_LINE, unit=of_unit, year=in_year)
    plan = reporting.plan_of_lines(of_unit, in_year) if may_edit else None
    context = {
        "year": in_year,
        "unit": of_unit,
        "place": place,
        "budget": reporting.unit_budget(of_unit, in_year),
        "may_edit": may_edit,
        "plan": plan,
        "lock": lock_of(BudgetLine(plan=plan)) if plan else None,
    }
    return render(request, "budgets/unit_lines.html", context)


@require_safe
def line_detail(request: HttpRequest, pk: int) -> HttpResponse:
    line = get_line_for_user(request, pk)
    context = {
        "line": line,
        "year": line.year,
        "unit": line.unit,
        "story": reporting.line_story(line),
        "services": line.core_services.select_related("accountable_manager"),
        "history": tell(line),
        "may_edit": may(request.user, Act.EDIT_LINE, unit=line.unit, year=line.year),
        "lock": lock_of(line),
        "may_see_report": may(request.user, Act.VIEW_LOAD_REPORT),
    }
    return render(request, "budgets/line_detail.html", context)

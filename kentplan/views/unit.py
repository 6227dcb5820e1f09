"""One unit in one year: the line of sight from its money to what it provides, promises and answers to."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kentplan.unit.page import unit_page
from people.rights import Act, may, require
from plans.converters import year_or_404
from plans.models import Unit


@require_safe
def unit_detail(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    require(request.user, Act.VIEW)
    in_year = year_or_404(year)
    try:
        page = unit_page(in_year, unit)
    except Unit.DoesNotExist as error:
        raise Http404("There is no such unit.") from error
    still_open = page.plan_state != "closed"
    context = {
        "year": in_year,
        "unit": page.unit,
        "budget": page.budget,  # under the name that the budget table reads
        "page": page,
        "may_edit_lines": page.is_draft and may(request.user, Act.EDIT_LINE, unit=page.unit, year=in_year),
        "may_return_actuals": still_open and may(request.user, Act.RETURN_ACTUAL, unit=page.unit, year=in_year),
        "may_set_targets": still_open and may(request.user, Act.SET_TARGET, unit=page.unit, year=in_year),
        "lines_are_locked": bool(page.plan_state)
        and not page.is_draft
        and may(request.user, Act.EDIT_LINE, unit=page.unit, year=in_year),
        "may_edit_actions": still_open and may(request.user, Act.EDIT_ACTION, unit=page.unit, year=in_year),
    }
    return render(request, "kentplan/unit_detail.html", context)

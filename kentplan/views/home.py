"""The way in: the plan of a year at a glance."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kentplan.overview import overview_of
from kentplan.templatetags.kentplan import change_from, signed
from kentplan.views.units import chosen_year
from people.rights import Act, may, require
from plans import calendar
from plans.listing import render_rows


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW)
    year = chosen_year(request)
    context: dict[str, Any] = {"year": year, "may_load": may(request.user, Act.LOAD_PLAN)}
    if year is not None:
        overview = overview_of(year, request.user)
        own = {"own": overview.own, "checks": overview.checks.by_unit, "year": year}
        context |= {
            "overview": overview,
            "prior": calendar.label(year.start - 1),
            "unit_rows": render_rows("rows/own_units.html", {**own, "signed": signed, "change_from": change_from}),
            "may_read_doubts": may(request.user, Act.VIEW_LOAD_REPORT),
        }
    return render(request, "kentplan/home.html", context)

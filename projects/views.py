"""Pages of actions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from people.rights import Act, require
from plans.converters import year_or_404
from plans.models import Unit
from projects.models import KeyAction


def action_list(request: HttpRequest, year: int) -> HttpResponse:
    require(request.user, Act.VIEW)
    return render(request, "base.html", {"year": year_or_404(year)})


def unit_actions(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    require(request.user, Act.VIEW)
    return render(request, "base.html", {"year": year_or_404(year), "unit": get_object_or_404(Unit, slug=unit)})


def action_detail(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.VIEW)
    return render(request, "base.html", {"action": get_object_or_404(KeyAction, pk=pk)})


def action_edit(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.VIEW)
    action = get_object_or_404(KeyAction.objects.select_related("unit", "plan__year"), pk=pk)
    require(request.user, Act.EDIT_ACTION, unit=action.unit, year=action.plan.year)
    return render(request, "base.html", {"action": action})

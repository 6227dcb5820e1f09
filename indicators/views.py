"""Pages of measures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from indicators.models import Listing
from people.rights import Act, require
from plans.converters import year_or_404
from plans.models import Unit


def figure_list(request: HttpRequest, year: int) -> HttpResponse:
    require(request.user, Act.VIEW)
    return render(request, "base.html", {"year": year_or_404(year)})


def unit_figures(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    require(request.user, Act.VIEW)
    return render(request, "base.html", {"year": year_or_404(year), "unit": get_object_or_404(Unit, slug=unit)})


def indicator_detail(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.VIEW)
    return render(request, "base.html", {"listing": get_object_or_404(Listing, pk=pk)})


def figures_edit(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.VIEW)
    listing = get_object_or_404(Listing.objects.select_related("unit", "plan__year"), pk=pk)
    require(request.user, Act.EDIT_FIGURE, unit=listing.unit, year=listing.plan.year)
    return render(request, "base.html", {"listing": listing})

"""Pages of measures: the figures of a year, where they are listed, a unit's measures, one measure, the form on it."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from indicators import reporting
from indicators.filters import FigureFilter, ListingFilter
from indicators.forms import STATUSES, DefinitionForm, FigureForm
from indicators.models import Figure, Listing, MeasureUnit
from indicators.rights import may_change
from indicators.tables import ListingTable, MeasureTable
from people.rights import Act, may, require
from plans import editing
from plans.converters import year_or_404
from plans.editing import Part
from plans.listing import ListPage, export
from plans.locks import lock_of
from plans.models import Unit
from plans.telling import tell_with

MEASURES = ListPage(
    template="indicators/figure_list.html",
    rows="rows/figures.html",
    table=MeasureTable,
    filterset=FigureFilter,
    columns=reporting.EXPORT_COLUMNS,
    exported=reporting.export_rows,
    shown=reporting.list_rows,
    noun="measure",
    per_page=50,
)
LISTINGS = ListPage(
    template="indicators/listing_list.html",
    rows="rows/listings.html",
    table=ListingTable,
    filterset=ListingFilter,
    columns=reporting.LISTING_COLUMNS,
    exported=reporting.listing_export_rows,
    shown=reporting.listing_rows,
    noun="measure",
)
# A gap between percentages is printed and typed with their sign.
WITH_PERCENT_SIGN = (MeasureUnit.PERCENT, MeasureUnit.GAP)


def get_listing_for_user(request: HttpRequest, pk: int, *, to_edit: bool = False) -> Listing:
    """The measure where it is printed, if this person may see it (else 404) or edit its figures (else 403)."""
    require(request.user, Act.VIEW)
    listings = Listing.objects.select_related("indicator", "plan__year", "unit", "provenance__document")
    listing = get_object_or_404(listings.defer("provenance__document__report"), pk=pk)
    if to_edit and not may_change(request.user, listing):
        require(request.user, Act.RETURN_ACTUAL, unit=listing.unit, year=listing.plan.year)
    return listing


@require_safe
def figure_list(request: HttpRequest, year: int) -> HttpResponse:
    require(request.user, Act.VIEW)
    in_year = year_or_404(year)
    measures = reporting.measures_of_year(in_year)
    context = {"year": in_year, "sentence": partial(reporting.year_sentence, in_year)}
    return MEASURES.respond(request, measures, name=f"figures-{in_year.path}", context=context)


@require_safe
def listing_list(request: HttpRequest, year: int) -> HttpResponse:
    require(request.user, Act.VIEW)
    in_year = year_or_404(year)
    listings = reporting.listings_of_year(in_year)
    context = {"year": in_year, "sentence": partial(reporting.listed_sentence, in_year)}
    return LISTINGS.respond(request, listings, name=f"measures-{in_year.path}", context=context)


@require_safe
def unit_figures(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    require(request.user, Act.VIEW)
    in_year = year_or_404(year)
    of_unit = get_object_or_404(Unit.objects.select_related("directorate"), slug=unit)
    rows = partial(reporting.unit_export_rows, of_unit, in_year)
    file = export(request, reporting.EXPORT_COLUMNS, rows, name=f"figures-{in_year.path}-{of_unit.slug}")
    if file is not None:
        return file
    context = {"year": in_year, "unit": of_unit, "measures": reporting.unit_measures(of_unit, in_year)}
    return render(request, "indicators/unit_figures.html", context)


@require_safe
def indicator_detail(request: HttpRequest, pk: int) -> HttpResponse:
    listing = get_listing_for_user(request, pk)
    story = reporting.measure_story(listing)
    groups = {printed.figure.group_id: printed.group for printed in story.printed if printed.figure.group_id}
    context = {
        "listing": listing,
        "year": listing.plan.year,
        "unit": listing.unit,
        "story": story,
        "history": tell_with(listing, "figures", name=partial(reporting.name_then, groups=groups)),
        "lock": lock_of(Figure(listing=listing)),
        "may_define": may(request.user, Act.DEFINE_MEASURE),
        "may_edit": bool(
            {printed.figure.kind for printed in story.printed}.intersection(may_change(request.user, listing))
        ),
    }
    return render(request, "indicators/indicator_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def figures_edit(request: HttpRequest, pk: int) -> HttpResponse:
    listing = get_listing_for_user(request, pk, to_edit=True)
    printed = list(listing.figures.select_related("group").order_by("position", "pk"))
    if not printed:
        raise Http404("The plan lists this measure without figures.")
    kinds = may_change(request.user, listing)
    figures = [figure for figure in printed if figure.kind in kinds]
    if not figures:
        raise PermissionDenied("The plan lists this measure without figures that are yours to change.")
    return editing.respond(
        request,
        [_part(figure, listing) for figure in figures],
        template="indicators/figures_edit.html",
        door="measure form",
        saved=f"The figures of “{listing}” are saved.",
        then=listing.get_absolute_url(),
        context={
            "listing": listing,
            "year": listing.plan.year,
            "unit": listing.unit,
            "sheet": reporting.sheet_of(printed),
            "cells": reporting.cells_of(printed, figures, listing.indicator.measure_unit),
            "statuses": STATUSES,
            "kinds": kinds,
            "others": len(printed) - len(figures),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_define(request: HttpRequest, pk: int) -> HttpResponse:
    listing = get_listing_for_user(request, pk)
    require(request.user, Act.DEFINE_MEASURE)
    return editing.respond(
        request,
        [Part(partial(DefinitionForm, use_required_attribute=False), listing.indicator)],
        template="indicators/indicator_define.html",
        door="measure definition form",
        saved=f"What “{listing}” is, is saved.",
        then=listing.get_absolute_url(),
        context={
            "listing": listing,
            "year": listing.plan.year,
            "unit": listing.unit,
            "places": listing.indicator.listings.select_related("plan__year", "unit"),
        },
    )


def _part(figure: Figure, listing: Listing) -> Part:
    """A figure with its form; one that is left as it is costs no check."""
    form = partial(
        FigureForm,
        group=figure.group.name if figure.group else "",
        when=reporting.when(figure.kind, figure.period, figure.area, figure.label),
        in_percent=listing.indicator.measure_unit in WITH_PERCENT_SIGN,
        empty_permitted=True,
        use_required_attribute=False,
    )
    return Part(form, figure, prefix=str(figure.pk))

"""What a plan administrator keeps and an auditor reads: the index, units and their names, periods, plans."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kentplan.doubts.answering import is_repeated
from kentplan.keeping import reading
from kentplan.keeping.forms import (
    AliasForm,
    AliasRemoveForm,
    NewAliasForm,
    NewPlaceForm,
    NewUnitForm,
    PeriodForm,
    PlaceForm,
    PlanForm,
    UnitForm,
)
from people.rights import Act, may, require
from plans import editing
from plans.converters import year_or_404
from plans.editing import Part, VersionedForm
from plans.models import Alias, AliasSubject, Directorate, FinancialYear, Period, Plan, Unit, UnitYear
from plans.telling import tell

READS_NAMES = (
    "The next load reads printed names by this list: a name that stands for another is read as that other. "
    "What is loaded already stays as it is."
)


@require_safe
def administration(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW_PEOPLE)
    return render(request, "kentplan/keeping/administration.html", {"house": reading.house()})


# Units


@require_safe
def unit_kept_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW_PEOPLE)
    context = {"units": reading.units_kept(), "may_keep": may(request.user, Act.KEEP_UNITS)}
    return render(request, "kentplan/keeping/unit_list.html", context)


@require_safe
def unit_kept(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.VIEW_PEOPLE)
    unit = get_object_or_404(Unit.objects.select_related("directorate"), pk=pk)
    places = list(reading.places_of(unit))
    context = {
        "unit": unit,
        "places": places,
        "years_left": FinancialYear.objects.exclude(pk__in=[place.year_id for place in places]).exists(),
        "aliases": reading.names_kept().filter(unit=unit),
        "history": tell(unit),
        "may_keep": may(request.user, Act.KEEP_UNITS),
    }
    return render(request, "kentplan/keeping/unit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def unit_kept_add(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.KEEP_UNITS)
    directorate = Directorate.objects.order_by("pk").first()
    return _edit(
        request,
        NewUnitForm,
        Unit(directorate=directorate),
        door="new unit form",
        title="Add a unit",
        lede="It gets an address made of its name, which it keeps whatever it is called later.",
        then=reverse("kentplan:unit_kept_list"),
        back_to="Units",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def unit_kept_edit(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.KEEP_UNITS)
    unit = get_object_or_404(Unit, pk=pk)
    return _edit(
        request,
        UnitForm,
        unit,
        door="unit form",
        title=f"Rename {unit.name}",
        lede="Its address stays, since others link to it. Where plans still print the old name, declare that as another "
        "name of the unit: else the next load takes it for a unit of its own.",
        then=_of_unit(unit),
        back_to=unit.name,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def place_add(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.KEEP_UNITS)
    unit = get_object_or_404(Unit, pk=pk)
    return _edit(
        request,
        NewPlaceForm,
        UnitYear(unit=unit),
        door="new place form",
        title=f"Where does {unit.name} stand?",
        lede="A unit stands in one division and in one portfolio a year.",
        then=_of_unit(unit),
        back_to=unit.name,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def place_edit(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.KEEP_UNITS)
    place = get_object_or_404(UnitYear.objects.select_related("unit", "year"), pk=pk)
    return _edit(
        request,
        PlaceForm,
        place,
        door="place form",
        title=f"Where {place.unit.name} stands in {place.year.label}",
        lede="Totals by portfolio and by division follow from it, and so does what finance officers of a portfolio may change.",
        then=_of_unit(place.unit),
        back_to=place.unit.name,
    )


# Other names


@require_safe
def alias_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW_PEOPLE)
    context = {"aliases": reading.names_kept(), "may_keep": may(request.user, Act.KEEP_UNITS), "reads": READS_NAMES}
    return render(request, "kentplan/keeping/alias_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def alias_add(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.KEEP_UNITS)
    unit = Unit.objects.filter(slug=request.GET.get("unit", "").replace("\0", "")).first()
    return _edit(
        request,
        NewAliasForm,
        Alias(subject=AliasSubject.UNIT, unit=unit),
        door="new name form",
        title=f"Add another name of {unit.name}" if unit else "Add another name",
        lede=READS_NAMES,
        then=_of_unit(unit) if unit else reverse("kentplan:alias_list"),
        back_to=unit.name if unit else "Other names",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def alias_edit(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.KEEP_UNITS)
    alias = get_object_or_404(reading.names_kept(), pk=pk)
    return _edit(
        request,
        AliasForm,
        alias,
        door="name form",
        title=f"Change “{alias.name}”",
        lede=READS_NAMES,
        then=reverse("kentplan:alias_list"),
        back_to="Other names",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def alias_remove(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.KEEP_UNITS)
    alias = reading.names_kept().filter(pk=pk).first()
    if alias is None and is_repeated(request.POST.get("token", "")):
        messages.info(request, "The form was sent twice. The name is removed, once.")
        return redirect("kentplan:alias_list")
    if alias is None:
        raise Http404("There is no such name.")
    return _edit(
        request,
        AliasRemoveForm,
        alias,
        door="name removal",
        title=f"Remove “{alias.name}”",
        lede=f"It stands for {alias.unit.name if alias.unit else alias.stands_for} no longer: the next load takes it "
        "for a name of its own. A name that is declared in the portal’s own files comes back with the next load.",
        then=reverse("kentplan:alias_list"),
        back_to="Other names",
        button="Remove it",
        saved="It is removed.",
    )


# Periods


@require_safe
def period_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW_PEOPLE)
    context = {"years": reading.periods_by_year(), "may_keep": may(request.user, Act.KEEP_PERIODS)}
    return render(request, "kentplan/keeping/period_list.html", context)


@require_POST
def periods_add(request: HttpRequest, year: int) -> HttpResponse:
    require(request.user, Act.KEEP_PERIODS)
    assert isinstance(request.user, AbstractBaseUser)
    of_year = year_or_404(year)
    added = reading.add_missing_periods(of_year, by=request.user)
    told = f"{added} added to {of_year.label}." if added else f"{of_year.label} has both of its periods."
    messages.add_message(request, messages.SUCCESS if added else messages.INFO, told)
    return redirect("kentplan:period_list")


@require_http_methods(["GET", "HEAD", "POST"])
def period_edit(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.KEEP_PERIODS)
    period = get_object_or_404(Period.objects.select_related("year"), pk=pk)
    return _edit(
        request,
        PeriodForm,
        period,
        door="period form",
        title=f"{period.year.label}, {period.get_half_display()}",
        lede="A period that is closed keeps the figures that were returned for it. To close or reopen it takes a reason.",
        then=reverse("kentplan:period_list"),
        back_to="Periods",
    )


# Plans


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW_PEOPLE)
    plans = Plan.objects.select_related("year", "directorate", "division").order_by("-year__start", "tier", "name")
    context = {"plans": plans, "may_keep": may(request.user, Act.KEEP_PLANS)}
    return render(request, "kentplan/keeping/plan_list.html", context)


@require_safe
def plan_kept(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.VIEW_PEOPLE)
    plan = get_object_or_404(Plan.objects.select_related("year", "directorate", "division"), pk=pk)
    context = {"plan": plan, "history": tell(plan), "may_keep": may(request.user, Act.KEEP_PLANS)}
    return render(request, "kentplan/keeping/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.KEEP_PLANS)
    plan = get_object_or_404(Plan.objects.select_related("year"), pk=pk)
    return _edit(
        request,
        PlanForm,
        plan,
        door="plan form",
        title=f"{plan.name}, {plan.year.label}",
        lede="The state of a plan says what may still change in it. To change the state takes a reason.",
        then=reverse("kentplan:plan_kept", args=[plan.pk]),
        back_to=plan.name,
    )


def _of_unit(unit: Unit) -> str:
    return reverse("kentplan:unit_kept", args=[unit.pk])


def _edit(
    request: HttpRequest,
    form: Callable[..., VersionedForm],
    row: models.Model,
    *,
    door: str,
    title: str,
    lede: str,
    then: str,
    back_to: str,
    button: str = "Save",
    saved: str = "It is saved.",
) -> HttpResponse:
    """The one page of all these forms."""
    context: dict[str, Any] = {"title": title, "lede": lede, "button": button, "back": then, "back_to": back_to}
    return editing.respond(
        request,
        [Part(form, row)],
        template="kentplan/keeping/form.html",
        door=door,
        saved=saved,
        then=then,
        context=context,
    )

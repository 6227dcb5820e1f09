"""Addresses of the benchmarks: the portal's own, the floor, Django admin, and a list of 25."""

from dataclasses import replace

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path

from budgets import reporting
from budgets.models import BudgetLine
from budgets.views.reading import LINES
from kentplan.urls import urlpatterns as portal
from plans.models import FinancialYear

COLUMNS = (
    "activity, prior_controllable, prior_fte, fte, employee, running, contracts, gross, external_income,"
    " internal_income, controllable"
)


class EveryoneMayRead(admin.AdminSite):
    """The portal's users have no Django permissions."""

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated


class LineAdmin(admin.ModelAdmin):
    list_display = ("activity", "unit", *reporting.FIGURES)
    list_select_related = ("unit",)
    list_filter = ("unit", "plan")  # as many as the portal's list has
    search_fields = ("activity", "unit__name")
    list_per_page = 25

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: BudgetLine | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    has_change_permission = has_delete_permission = has_view_permission


site = EveryoneMayRead()
site.register(BudgetLine, LineAdmin)


def floor(request: HttpRequest) -> HttpResponse:
    """A unit's lines and nothing else: the one query, joined to a string."""
    lines = BudgetLine.objects.filter(unit=request.GET["unit"], year__start=2009).order_by("position", "pk")
    rows = lines.values_list("pk", "activity", *reporting.FIGURES)
    body = "".join(f"<tr><td>{'</td><td>'.join(map(str, row))}</td></tr>" for row in rows)
    return HttpResponse(f"<!DOCTYPE html><title>Floor</title><table>{body}</table>")


def list_of_25(request: HttpRequest) -> HttpResponse:
    """The list of a year's lines as the portal has it, 25 to a page."""
    year = FinancialYear.objects.get()
    return replace(LINES, per_page=25).respond(
        request, reporting.lines_of_year(year), name="lines", context={"year": year}
    )


urlpatterns = [
    path("floor/", floor),
    path("list/", list_of_25),
    path("admin/", site.urls),
    *portal,
]

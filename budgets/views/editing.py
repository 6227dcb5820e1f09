"""What a finance officer does to the lines of a draft plan: change one, add one, remove one, order those of a unit."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from budgets import rearranging, reporting
from budgets.forms import LineForm, NewLineForm, OrderForm, RemoveForm
from budgets.models import BudgetLine, Origin
from budgets.views.reading import get_line_for_user, get_unit_for_user
from people.rights import Act, require
from plans import editing
from plans.editing import Outcome, Part
from plans.models import FinancialYear, Plan, Unit

NO_OWN_TABLE = (
    "{unit} has no service plan loaded, so its row of the portfolio table is its one line. A line added beside it would "
    "be counted twice once the service plan is loaded and takes the row’s place. Change the figures of the row instead."
)
ORDERED = "The order of the lines is saved."
SENT_TWICE = "The form was sent twice. The change is saved, once."


@require_http_methods(["GET", "HEAD", "POST"])
def line_edit(request: HttpRequest, pk: int) -> HttpResponse:
    line = get_line_for_user(request, pk, to_edit=True)
    return editing.respond(
        request,
        [Part(LineForm, line)],
        template="budgets/line_edit.html",
        door="budget line form",
        saved=f"“{line.activity}” is saved.",
        then=line.get_absolute_url(),
        context={"line": line, "year": line.year, "unit": line.unit},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def line_add(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    in_year, of_unit = get_unit_for_user(request, year, unit, act=Act.EDIT_LINE)
    plan = _plan_of(of_unit, in_year)
    lines = list(reporting.lines_of_unit(of_unit, in_year))
    line = BudgetLine(plan=plan, unit=of_unit, year=in_year, origin=Origin.ENTERED)
    return editing.respond(
        request,
        [Part(partial(NewLineForm, lines=lines), line)],
        template="budgets/line_add.html",
        door="new budget line form",
        saved="The line is added.",
        then=_table(in_year, of_unit),
        context={"year": in_year, "unit": of_unit},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def line_remove(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        line = get_line_for_user(request, pk, to_edit=True)
        return editing.respond(
            request,
            [Part(RemoveForm, line)],
            template="budgets/line_remove.html",
            door="budget line removal",
            saved=f"“{line.activity}” is removed.",
            then=_table(line.year, line.unit),
            context={
                "line": line,
                "year": line.year,
                "unit": line.unit,
                "effect": reporting.effect_of_removing(line, reporting.unit_budget(line.unit, line.year).sums),
                "services": line.core_services.select_related("accountable_manager"),
            },
        )
    except Http404:
        gone = reporting.removed_line(pk, token=request.POST.get("token", ""))
        if gone is None:
            raise
        require(request.user, Act.EDIT_LINE, unit=gone.unit, year=gone.year)
        messages.info(request, SENT_TWICE)
        return redirect(_table(gone.year, gone.unit))


@require_http_methods(["GET", "HEAD", "POST"])
def lines_order(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    in_year, of_unit = get_unit_for_user(request, year, unit, act=Act.EDIT_LINE)
    lines = reporting.lines_of_unit(of_unit, in_year).select_related("plan")
    lock = editing.first_lock(lines)
    if request.method != "POST" and lock:
        return editing.locked(request, lock, back=_table(in_year, of_unit), context={"year": in_year, "unit": of_unit})
    if request.method != "POST":
        reason = rearranging.reason_form()
        sent = rearranging.Rearrangement(Outcome.UNCHANGED, OrderForm(lines=list(lines)), reason)
    elif "move" in request.POST:
        sent = rearranging.move(request.POST, list(lines))
    else:
        assert isinstance(request.user, AbstractBaseUser)
        sent = rearranging.rearrange(request.POST, lines, by=request.user)
        if told := _told(sent.outcome):
            messages.add_message(request, *told)
            return redirect(_table(in_year, of_unit))
    context = {
        "year": in_year,
        "unit": of_unit,
        "form": sent.form,
        "reason": sent.reason,
        "all_forms": [sent.form, sent.reason],
        "conflict": sent.conflict,
        "lock": sent.lock,
        "moved": "move" in request.POST,
    }
    refused = sent.conflict or sent.outcome is Outcome.LOCKED
    return render(request, "budgets/lines_order.html", context, status=409 if refused else 200)


def _told(outcome: Outcome) -> tuple[int, str] | None:
    return {
        Outcome.SAVED: (messages.SUCCESS, ORDERED),
        Outcome.UNCHANGED: (messages.INFO, "The order was no other, so nothing was saved."),
        Outcome.REPEATED: (messages.INFO, SENT_TWICE),
    }.get(outcome)


def _plan_of(unit: Unit, year: FinancialYear) -> Plan:
    """The plan that a new line of the unit goes into; 403 with the reason where none takes it."""
    plan = reporting.plan_of_lines(unit, year)
    if plan is None:
        raise PermissionDenied(NO_OWN_TABLE.format(unit=unit.name))
    return plan


def _table(year: FinancialYear, unit: Unit) -> str:
    return reverse("budgets:unit_lines", kwargs={"year": year, "unit": unit.slug})

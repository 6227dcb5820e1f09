"""The checks of a year, and one of them with its explanation."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from kentplan import check_pages, explaining
from kentplan.checks import Found, YearChecks, year_checks
from kentplan.explaining import Outcome
from people.models import User
from people.rights import Act, require
from plans.converters import year_or_404
from plans.listing import export

TOLD = {
    Outcome.SAVED: (messages.SUCCESS, "The explanation is saved."),
    Outcome.REMOVED: (messages.SUCCESS, "The explanation is taken back."),
    Outcome.UNCHANGED: (messages.INFO, "Nothing was different, so nothing was saved."),
    Outcome.REPEATED: (messages.INFO, "The form was sent twice. It is taken once."),
}


@require_safe
def check_list(request: HttpRequest, year: int) -> HttpResponse:
    require(request.user, Act.VIEW)
    checks = year_checks(year_or_404(year))
    filters = check_pages.CheckFilter(request.GET, checks=checks)
    if "_export" in request.GET and not filters.is_valid():
        return HttpResponseBadRequest(filters.refusal, content_type="text/plain")
    page = check_pages.CheckPage.of(filters, number=request.GET.get("page", "1"))
    file = export(
        request, check_pages.COLUMNS, lambda: check_pages.export_rows(page), name=f"checks-{checks.year.path}"
    )
    if file is not None:
        return file
    explain = {item.key for item in checks.breaks if explaining.may_explain(request.user, item, checks.year)}
    context = {"year": checks.year, "shown": page, "filter_form": filters, "explain": explain}
    return render(request, "kentplan/check_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def check_detail(request: HttpRequest, year: int) -> HttpResponse:
    require(request.user, Act.VIEW)
    checks = year_checks(year_or_404(year))
    check = checks.get(request.GET.get("key", ""))
    if check is None:
        raise Http404("There is no such check.")
    if request.method == "POST":
        return _explain(request, checks, check)
    form = None
    if explaining.may_explain(request.user, check, checks.year):
        form = explaining.ExplanationForm.opened(check)
    return _page(request, checks, check, {"form": form})


def _explain(request: HttpRequest, checks: YearChecks, check: Found) -> HttpResponse:
    require(request.user, Act.EXPLAIN_BREAK, unit=explaining.unit_of(check), year=checks.year)
    assert isinstance(request.user, User)
    sent = explaining.submit(checks.year, check, request.POST, by=request.user)
    if sent.outcome in TOLD:
        messages.add_message(request, *TOLD[sent.outcome])
        return HttpResponseRedirect(check.url)
    context: dict[str, object] = {"form": sent.form, "stale": sent.stale, "failed": True}
    return _page(request, checks, sent.check, context, status=409 if sent.stale else 200)


def _page(
    request: HttpRequest, checks: YearChecks, check: Found, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    alike = [item for item in checks.breaks if item.cause == check.cause and item.key != check.key]
    context |= {
        "year": checks.year,
        "check": check,
        "alike": alike,
        "history": explaining.history_of(checks.year, check),
    }
    return render(request, "kentplan/check_detail.html", context, status=status)

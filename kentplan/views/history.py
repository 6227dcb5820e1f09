"""The history of the whole plan, and of one change set."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from history.models import ChangeSet
from kentplan.history.asking import HistoryFilter, sees_people
from kentplan.history.page import (
    COLUMNS,
    ChangeSetPage,
    HistoryPage,
    TooMuch,
    change_set_lines,
    export_lines,
)
from kentplan.reporting import default_year
from kentplan.reversing import may_reverse
from people.rights import Act, require
from plans.listing import export


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW_HISTORY)
    filters = HistoryFilter(request.GET, see_people=sees_people(request.user))
    if "_export" in request.GET:
        if not filters.is_valid():
            return HttpResponseBadRequest(filters.refusal, content_type="text/plain")
        return _file(request, lambda: export_lines(filters), name="history")
    shown = HistoryPage.of(filters, before=request.GET.get("before", ""))
    return render(request, "kentplan/history.html", {"shown": shown, "filter_form": filters, "year": default_year()})


@require_safe
def change_set(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.VIEW_HISTORY)
    made = get_object_or_404(ChangeSet.objects.select_related("by"), pk=pk)
    see_people = sees_people(request.user)
    shown = ChangeSetPage.of(made, see_people=see_people, number=request.GET.get("page", "1"))
    if shown is None:
        raise Http404("There is no such change.")
    if "_export" in request.GET:
        return _file(request, lambda: change_set_lines(made, see_people=see_people), name=f"change-{made.pk}")
    context = {
        "made": made,
        "shown": shown,
        "page": shown.rows,
        "may_reverse": may_reverse(request.user, made),
        "history_url": reverse("kentplan:history"),
        "year": default_year(),
    }
    return render(request, "kentplan/change_set.html", context)


def _file(request: HttpRequest, lines: Callable[[], list[tuple[Any, ...]]], *, name: str) -> HttpResponse:
    try:
        file = export(request, COLUMNS, lines, name=name)
    except TooMuch as refused:
        return HttpResponseBadRequest(str(refused), content_type="text/plain")
    assert file is not None
    return file

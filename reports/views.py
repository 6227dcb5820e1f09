"""The pages of progress: the live six-monthly page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.rights import Act, require
from plans import calendar
from plans.listing import export
from reports import reporting


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW)
    halves = reporting.half_years()
    if not halves:
        return render(request, "reports/progress.html")
    half = _asked_for(request, halves)
    columns = reporting.EXPORT_COLUMNS
    file = export(request, columns, lambda: reporting.export_rows(half), name=f"progress-{half.key}")
    if file is not None:
        return file
    shown = reporting.progress_of(half, today=calendar.today())
    return render(request, "reports/progress.html", {"year": half.year, "halves": halves, "progress": shown})


def _asked_for(request: HttpRequest, halves: list[reporting.HalfYear]) -> reporting.HalfYear:
    """The half year of `?period=2009-10-1`, else that of today."""
    asked = request.GET.get("period")
    if not asked:
        return reporting.current(halves, calendar.today())
    half = reporting.chosen(halves, asked)
    if half is None:
        raise Http404("No plan is loaded for such a half year.")
    return half

"""As printed: where a figure stood in its document, and the whole table that it stood in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kentplan.printed.fields import KINDS
from kentplan.printed.row import checks_of, printed_row, provenance_with_tables
from kentplan.printed.whole import documents_with_tables, whole_table
from people.rights import Act, may, require


@require_safe
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """A stored row as printed and as read; `?figure=internal_income` asks for one of its figures."""
    require(request.user, Act.VIEW)
    provenance = get_object_or_404(provenance_with_tables().filter(kind__in=KINDS), pk=pk)
    shown = printed_row(provenance, figure=request.GET.get("figure", "")[:200])
    context = {
        "shown": shown,
        "year": shown.stored.year,
        "unit": shown.unit,
        "checks": checks_of(shown),
        "may_answer": may(request.user, Act.ANSWER_DOUBT),
    }
    return render(request, "kentplan/printed.html", context)


@require_safe
def printed_table(request: HttpRequest, pk: int, table: int) -> HttpResponse:
    """A whole table of a document; `?line=254` shows the page that holds the line."""
    require(request.user, Act.VIEW)
    document = get_object_or_404(documents_with_tables(), pk=pk)
    shown = whole_table(
        document, table, page=_number(request.GET.get("page")) or 1, line=_number(request.GET.get("line"))
    )
    if shown is None:
        raise Http404("The document has no such table.")
    context = {
        "shown": shown,
        "document": document,
        "year": document.plan.year if document.plan else None,
        "may_see_report": may(request.user, Act.VIEW_LOAD_REPORT),
    }
    return render(request, "kentplan/printed_table.html", context)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else None

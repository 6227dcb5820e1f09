"""The load reports: what became of every line of each document."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kentplan import reporting
from kentplan.doubts.questions import with_open_doubts
from kentplan.filters import SourceLineFilter
from kentplan.tables import SourceLineTable
from people.rights import Act, require
from plans.listing import ListPage
from plans.models import Document, SourceLine

LINES = ListPage(
    template="kentplan/document_detail.html",
    rows="rows/source_lines.html",
    table=SourceLineTable,
    filterset=SourceLineFilter,
    columns=reporting.DOCUMENT_LINE_COLUMNS,
    exported=reporting.document_export_rows,
    shown=list,
    noun="line",
    per_page=5000,  # a whole plan on one page, so that a figure's link finds its line there
)


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW_LOAD_REPORT)
    documents = with_open_doubts(Document.objects.select_related("plan__year").defer("report"))
    return render(request, "kentplan/document_list.html", {"documents": documents})


@require_safe
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.VIEW_LOAD_REPORT)
    document = get_object_or_404(Document.objects.select_related("plan__year"), pk=pk)
    context = {
        "document": document,
        "year": document.plan.year if document.plan else None,
        "summary": reporting.LoadSummary.of(document),
    }
    lines = document.lines.order_by("number")
    return LINES.respond(
        request,
        lines,
        name=f"lines-{document.pk}",
        context=context,
        first_page=_page_with(lines, request.GET.get("line")),
    )


def _page_with(lines: QuerySet[SourceLine], number: str | None) -> int:
    """The page that holds the line a figure's link asks for: `?line=254#line-254`."""
    if not number or not number.isascii() or not number.isdecimal() or len(number) > 9:
        return 1
    return lines.filter(number__lt=int(number)).count() // LINES.per_page + 1

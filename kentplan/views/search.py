"""Search over all that the plans hold."""

from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kentplan.folding import LONGEST_QUERY, Query
from kentplan.search import BY_KEY, KINDS, PER_PAGE, search
from people.rights import Act, require


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW)
    typed = request.GET.get("q", "")
    query = Query.of(typed)
    only = request.GET.get("kind", "") if request.GET.get("kind") in BY_KEY else ""
    page = _page(request.GET.get("page", ""))
    found = search(query, only=only, page=page)
    if not found and page > 1:
        page, found = 1, search(query, only=only)
    context = {
        "query": query,
        "found": found,
        "total": sum(kind.total for kind in found),
        "only": BY_KEY.get(only),
        "kinds": KINDS,
        "page_number": page,
        "pages": ceil(found[0].total / PER_PAGE) if only and found else 1,
        "cut": len(typed.strip()) > LONGEST_QUERY,
        "longest": LONGEST_QUERY,
    }
    return render(request, "kentplan/search.html", context)


def _page(asked: str) -> int:
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 5 and int(asked) else 1

"""One call gives a list page: filter -> export -> htmx partial -> page, in that order.

    LINES = ListPage(
        template="budgets/line_list.html",   # holds {% partialdef list inline %} … {% endpartialdef %}
        rows="rows/budget_lines.html",       # Jinja2; gets `rows`, and what the view adds to the context
        table=LineTable,                     # django-tables2: the columns and how each sorts (plans.tables)
        filterset=LineFilter,                # django-filter; its form is `filter_form` in the template
        columns=("year", "unit", …),         # the export's, fixed for other programs (DOMAIN.md)
        exported=export_rows,                # queryset -> rows of values in the order of `columns`, one query
        shown=page_rows,                     # the page's slice of the queryset -> what the row template shows
        noun="budget line",
    )

    @require_safe
    def line_list(request, year):
        require(request.user, Act.VIEW)
        …
        return LINES.respond(request, lines, name=f"budget-lines-{year.path}", context={"year": year})

The queryset is ordered, holds only what the person may see, and carries the annotations that columns sort by.
`?sort=gross`, `?sort=-gross` and `?page=2` do what they say, and are ignored where they make no sense; a filter that
makes no sense shows no rows and says why. `?_export=csv|xlsx|json` gives the rows of all pages, filtered and sorted;
there an invalid filter or an unknown format is refused with 400. A page without filters exports with `export()`.

The template gets `rows` (HTML), `page`, `table`, `heads`, `filter_form`, `count` ("82 budget lines") and the view's own context;
templates/components/ has list_filters, list_head, list_foot for it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import django_filters
import django_tables2
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms.renderers import Jinja2
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django_htmx.middleware import HtmxDetails

from plans.exports import FORMATS
from plans.fields import MoneyField

MONEY = MoneyField()
CONTROLS = Jinja2()  # Django's controls as ever, from its quicker templates: a select has an option for every unit
Rows = Iterable[Sequence[Any]]


def export(request: HttpRequest, columns: Sequence[str], rows: Callable[[], Rows], *, name: str) -> HttpResponse | None:
    """The rows as the file that `?_export=` asks for; None where it asks for none."""
    wanted = request.GET.get("_export")
    if wanted is None:
        return None
    if wanted not in FORMATS:
        return HttpResponseBadRequest(f"_export must be one of: {', '.join(FORMATS)}.", content_type="text/plain")
    return FORMATS[wanted](columns, rows(), name)


def render_rows(template: str, context: Mapping[str, Any]) -> SafeString:
    """The rows of a table by a Jinja2 template, which escapes what it writes; there `money(figure)` words a figure."""
    return mark_safe(get_template(template).render({**context, "money": MONEY.words}))  # noqa: S308


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a list's column; one that sorts has a `link`, and how the list is `sorted` by it, in ARIA's words."""

    text: str
    kind: str  # "num", "words" or ""
    link: str
    sorted: str


def heads(table: django_tables2.Table, asked: QueryDict) -> list[Head]:
    """The heads of the list that was `asked` for, each of which leads to its first page sorted by that column."""
    query = asked.copy()
    for name in ("page", "_export"):
        query.pop(name, None)
    found = []
    for column in table.columns:
        link, way = "", ""
        if column.orderable:
            alias = column.order_by_alias
            query["sort"] = alias.next
            link = f"?{query.urlencode()}"
            way = "none" if not column.is_ordered else "descending" if alias.is_descending else "ascending"
        kind = "num" if column.column.numeric else "words" if column.column.words else ""
        found.append(Head(str(column.header), kind, link, way))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """How one list is filtered, sorted, shown and exported."""

    template: str
    rows: str
    table: type[django_tables2.Table]
    filterset: type[django_filters.FilterSet]
    columns: tuple[str, ...]
    exported: Callable[[QuerySet[Any]], Rows]
    shown: Callable[[QuerySet[Any]], Iterable[Any]]
    noun: str
    plural: str = ""
    per_page: int = 100

    def respond(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        *,
        name: str,
        context: Mapping[str, Any],
        first_page: int = 1,
    ) -> HttpResponse:
        """The list as `request` asks for it. `name` is the exported file's, without its ending; `first_page` the one
        that is shown where the address names none."""
        filters = self.filterset(request.GET, queryset, request=request)
        found = filters.qs if filters.is_valid() else queryset.none()
        sort = [name for name in request.GET.getlist("sort") if name.removeprefix("-") in self.table.base_columns]
        filters.form.renderer = CONTROLS
        table = self.table(data=found, order_by=tuple(sort), orderable=True)
        ordered = table.data.data
        if "_export" in request.GET and not filters.is_valid():
            return HttpResponseBadRequest(_refusal(filters), content_type="text/plain")
        file = export(request, self.columns, lambda: self.exported(ordered), name=name)
        if file is not None:
            return file
        page = Paginator(ordered, self.per_page).get_page(request.GET.get("page", first_page))
        shown: Any = page.object_list  # a slice of the queryset
        context = {
            **context,
            "page": page,
            "table": table,
            "heads": heads(table, request.GET),
            "filter_form": filters.form,
            "count": self._count(page),
            "rows": render_rows(self.rows, {**context, "rows": list(self.shown(shown))}),
        }
        response = render(request, f"{self.template}#list" if _wants_part(request) else self.template, context)
        patch_vary_headers(response, ["HX-Request"])  # the browser must not show the part when the page is wanted
        return response

    def _count(self, page: Page[Any]) -> str:
        number = page.paginator.count
        noun = self.noun if number == 1 else self.plural or f"{self.noun}s"
        return f"{number:,} {noun}" if number else f"No {noun}"


def _wants_part(request: HttpRequest) -> bool:
    """Whether a script asks for the list alone; not when the browser goes back to a page it no longer has."""
    details: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # its middleware puts it there
    return bool(details) and not details.boosted and not details.history_restore_request


def _refusal(filters: django_filters.FilterSet) -> str:
    """The errors of the filter in a line each."""
    return "\n".join(f"{name}: {' '.join(errors)}" for name, errors in filters.errors.items())

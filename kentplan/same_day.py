"""Whoever looks back stays on that day: an answer's links, filters and file names carry it on.

It is done to the finished page, in one place: a link that forgot the day would show today's figures unannounced.
"""

import re
from datetime import date

from django.http import HttpResponse

# The sections that show what the plan says. Elsewhere (documents, people, help) there is only today.
SECTIONS = ("/units/", "/budgets/", "/indicators/", "/projects/", "/reports/", "/checks/")
# `data-today` marks what leaves the day, or chooses another.
LINK = re.compile(r'(?<!data-today )href="(/(?!/)[^"#]*|\?[^"#]*)(#[^"]*)?"')
FORM = re.compile(r"<form\b[^>]*>")
ACTION = re.compile(r'\saction="([^"?#]*)')
FILE = re.compile(r'(\.[a-z]+")$')


def is_dated(path: str) -> bool:
    """Whether the page at `path` can be read as it stood on a day."""
    return path == "/" or path.startswith(SECTIONS)


def kept(answer: HttpResponse, day: date) -> HttpResponse:
    """The answer, as one of that day."""
    if "Content-Disposition" in answer:
        answer["Content-Disposition"] = FILE.sub(rf"-as-of-{day.isoformat()}\1", answer["Content-Disposition"])
    elif answer.get("Content-Type", "").startswith("text/html"):
        page = answer.content.decode()
        answer.content = _with_day_in_forms(_with_day_in_links(page, day.isoformat()), day.isoformat()).encode()
    return answer


def _with_day_in_links(page: str, day: str) -> str:
    def link(found: re.Match[str]) -> str:
        path, _, query = found[1].partition("?")
        if (path and not is_dated(path)) or re.search(r"(?:^|&(?:amp;)?)as_of=", query):
            return found[0]
        return f'href="{path}?{query}{"&amp;" if query else ""}as_of={day}{found[2] or ""}"'

    return LINK.sub(link, page)


def _with_day_in_forms(page: str, day: str) -> str:
    """Forms that ask for a page send the day as well; the query of their address would be lost."""

    def form(found: re.Match[str]) -> str:
        action = ACTION.search(found[0])
        leaves = action is not None and bool(action[1]) and not is_dated(action[1])
        if leaves or 'method="post"' in found[0] or "data-today" in found[0]:
            return found[0]
        return f'{found[0]}<input type="hidden" name="as_of" value="{day}">'

    return FORM.sub(form, page)

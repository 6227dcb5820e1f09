"""Links, filters and files of a page that looks back keep its day."""

from datetime import date

import pytest
from django.http import HttpResponse

from kentplan.same_day import is_dated, kept

DAY = date(2009, 6, 3)


def page(html: str) -> str:
    return kept(HttpResponse(html), DAY).content.decode()


@pytest.mark.parametrize(
    ("link", "then"),
    [
        ("/units/", "/units/?as_of=2009-06-03"),
        ("/", "/?as_of=2009-06-03"),
        ("/?year=2009-10", "/?year=2009-10&amp;as_of=2009-06-03"),
        ("/units/2009-10/aen/#budget", "/units/2009-10/aen/?as_of=2009-06-03#budget"),
        ("?sort=gross&amp;page=2#all", "?sort=gross&amp;page=2&amp;as_of=2009-06-03#all"),
        ("?", "?as_of=2009-06-03"),
        # It has the day already, or another on purpose.
        ("?as_of=2009-06-03&amp;_export=csv", "?as_of=2009-06-03&amp;_export=csv"),
        ("?sort=gross&amp;as_of=2009-06-01", "?sort=gross&amp;as_of=2009-06-01"),
        # Only today is there, or another place.
        ("/documents/", "/documents/"),
        ("/printed/12/", "/printed/12/"),
        ("/search/?q=x", "/search/?q=x"),
        ("//units/", "//units/"),
        ("https://example.org/units/", "https://example.org/units/"),
        ("#main", "#main"),
    ],
)
def test_a_link_keeps_the_day_where_there_is_one(link: str, then: str) -> None:
    assert page(f'<a class="govuk-link" href="{link}">x</a>') == f'<a class="govuk-link" href="{then}">x</a>'


def test_what_leaves_the_day_is_left_alone() -> None:
    html = '<a data-today href="/units/?">Back to today</a><form method="get" data-today></form>'

    assert page(html) == html


@pytest.mark.parametrize(
    ("form", "keeps"),
    [
        ('<form method="get" class="kp-filters" hx-get="/units/">', True),
        ("<form>", True),
        ('<form method="get" action="/budgets/2009-10/">', True),
        ('<form method="get" action="/search/">', False),
        ('<form method="post" action="/accounts/logout/">', False),
    ],
)
def test_a_form_that_asks_for_a_page_of_the_plan_sends_the_day(form: str, keeps: bool) -> None:
    field = '<input type="hidden" name="as_of" value="2009-06-03">'

    assert page(f"{form}</form>") == f"{form}{field if keeps else ''}</form>"


def test_a_file_is_named_for_its_day() -> None:
    made = HttpResponse(
        b'href="/units/"',
        content_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="figures-2009-10.csv"'},
    )

    answer = kept(made, DAY)

    assert answer["Content-Disposition"] == 'attachment; filename="figures-2009-10-as-of-2009-06-03.csv"'
    assert answer.content == b'href="/units/"'


@pytest.mark.parametrize("path", ["/help/", "/history/", "/people/", "/unitsx/", "/accounts/", "/health/alive/"])
def test_elsewhere_there_is_only_today(path: str) -> None:
    assert not is_dated(path)

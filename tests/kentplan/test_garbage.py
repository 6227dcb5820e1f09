"""Nothing that anybody puts into an address makes the portal fail: every page, every parameter, any text."""

import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from hypothesis import given
from hypothesis import strategies as st

from people.models import Role, User
from tests.factories import GrantFactory
from tests.test_permissions import TABLE, World

# Each page is asked for with every one of these at once, and with each alone.
PARAMETERS = (
    *("_export", "action", "by", "chart", "check", "code", "doubt", "due", "figure", "group", "key", "kind", "line"),
    *("manager", "name", "outcome", "page", "period", "portfolio", "q", "scheme", "sort", "status", "table", "text"),
    *("unit", "year"),
)
NASTY = (
    *("", " ", "\x00", "a\x00b", "-1", "0", "1e9", "9" * 30, "1.5", "NaN", "²", "१२", "None", "x" * 3000),
    *(
        "'",
        "%",
        "_",
        "<script>",
        "../..",
        "é",
        "\uffff",
        "𝕏",
        "\r\nX: y",
        "csv",
        "__class__",
        "unit__directorate__name",
    ),
    *("2009-10", "2009-11", "0000-01", "9999-00", "2009-10-1", "2010-13", "break", "-controllable"),
)
ADDRESSES = [name for name in TABLE if not name.startswith("account_")]


@pytest.fixture
def nasty(name: str, full: bool) -> tuple[str, ...]:
    """The texts to try on a page: in a short run a quarter of them, another quarter on the next page."""
    return NASTY if full else NASTY[ADDRESSES.index(name) % 4 :: 4]


@pytest.fixture
def world(db: None) -> World:
    return World.make()


@pytest.fixture
def everybody(client: Client, world: World, plan_administrator: User) -> Client:
    """Someone who may do everything, so that every page answers."""
    GrantFactory(user=plan_administrator, role=Role.FINANCE_OFFICER)
    GrantFactory(user=plan_administrator, role=Role.UNIT_MANAGER, unit=world.unit)
    client.force_login(plan_administrator)
    client.raise_request_exception = True
    return client


@pytest.mark.parametrize("name", ADDRESSES)
def test_page_answers_each_parameter_whatever_it_holds(
    name: str, everybody: Client, world: World, nasty: tuple[str, ...]
) -> None:
    url = reverse(name, kwargs=TABLE[name].names(world))

    for value in nasty:
        every = urlencode(dict.fromkeys(PARAMETERS, value), errors="replace")
        assert everybody.get(f"{url}?{every}").status_code < 500, value


@pytest.mark.parametrize("name", ADDRESSES)
def test_page_answers_each_parameter_alone(name: str, everybody: Client, world: World, full: bool) -> None:
    url = reverse(name, kwargs=TABLE[name].names(world))
    few = ("\x00", "9" * 30) if full else ("\x00",)

    for parameter in PARAMETERS:
        for value in few:
            assert everybody.get(url, {parameter: value}).status_code < 500, (parameter, value)


@pytest.mark.parametrize("name", ADDRESSES)
def test_page_answers_any_text_in_any_parameter(name: str, everybody: Client, world: World) -> None:
    url = reverse(name, kwargs=TABLE[name].names(world))
    query = st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=40), max_size=4)

    @given(query)
    def ask(parameters: dict[str, str]) -> None:
        assert everybody.get(url, parameters).status_code < 500

    ask()


@pytest.mark.parametrize("name", ADDRESSES)
def test_query_that_is_none_is_answered(name: str, everybody: Client, world: World) -> None:
    url = reverse(name, kwargs=TABLE[name].names(world))

    for query in (
        "%",
        "%zz",
        "=&=",
        "&&;",
        "q=%ff%fe",
        "text=%c3%28",
        "page",
        "unit=%ed%a0%80",
        "a[]=1&a[]=2",
        "q=1&q=2",
    ):
        answer = everybody.generic("GET", url, QUERY_STRING=query)
        assert answer.status_code < 500, query


@pytest.mark.parametrize("name", ADDRESSES)
def test_address_itself_may_be_anything(name: str, everybody: Client, world: World, nasty: tuple[str, ...]) -> None:
    named = TABLE[name].names(world)
    for part in named:
        for value in nasty:
            for url in _with(name, named, part, value):
                assert everybody.get(url).status_code < 500, url


def _with(name: str, named: dict[str, object], part: str, value: str) -> Iterator[str]:
    """The page's address with one part of it replaced, whether or not that makes an address of the portal."""
    try:
        whole = reverse(name, kwargs=named)
    except NoReverseMatch:
        return
    text = str(getattr(named[part], "path", named[part]))
    pieces = whole.split("/")
    if text in pieces:
        pieces[pieces.index(text)] = quote(value.replace("\r\n", ""), safe="", errors="replace")
        yield re.sub("//+", "/", "/".join(pieces))

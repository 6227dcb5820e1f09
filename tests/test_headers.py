"""What every answer tells a browser, with the settings of a council's own server: pages, errors, exports, redirects."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kentplan import house
from people.models import User
from tests.production import production_settings
from tests.test_permissions import TABLE, World

HOST = "plans.example.gov.uk"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
EXPORTS = ("budgets:line_list", "indicators:listing_list", "indicators:figure_list", "projects:action_list")


@pytest.fixture
def production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in production_settings().items():
        setattr(settings, name, value)
    settings.WHITENOISE_USE_FINDERS = True  # nothing is collected here
    monkeypatch.setattr(house.MessagesInCookie, "cookie_name", "__Host-messages")


@pytest.fixture
def visitor(production: None) -> Client:
    return Client(SERVER_NAME=HOST, raise_request_exception=False)


@pytest.fixture
def world(db: None) -> World:
    return World.make()


def wrong(answer: Any, *, secure: bool = True, kept: bool = False) -> list[str]:
    """What is missing from an answer, or stands there and should not."""
    headers = answer.headers
    found = [f"{name}: {headers.get(name)}" for name, value in ALWAYS.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy or "*" in policy:
        found.append(f"Content-Security-Policy: {policy}")
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        found.append("Permissions-Policy")
    if secure and headers.get("Strict-Transport-Security") != "max-age=31536000; includeSubDomains; preload":
        found.append(f"Strict-Transport-Security: {headers.get('Strict-Transport-Security')}")
    if not kept and headers.get("Cache-Control") != "no-store":
        found.append(f"Cache-Control: {headers.get('Cache-Control')}")
    for name, cookie in answer.cookies.items():
        closed = cookie["httponly"] or cookie["max-age"] == 0  # a cookie that is taken back has nothing to read
        if not name.startswith("__Host-") or not (cookie["secure"] and closed and cookie["samesite"]):
            found.append(f"cookie {cookie.OutputString()}")
        if cookie["path"] != "/" or cookie["domain"]:
            found.append(f"cookie {cookie.OutputString()}")
    return found


@pytest.mark.parametrize("signed_in", [True, False])
def test_every_address_is_answered_with_every_header(
    signed_in: bool, world: World, visitor: Client, plan_administrator: User
) -> None:
    found = {}
    for name, rule in TABLE.items():
        url = reverse(name, kwargs=rule.names(world))
        for method in ("GET", "POST", "PUT", "OPTIONS"):
            if signed_in:
                visitor.force_login(plan_administrator)
            else:
                visitor.logout()
            answer = visitor.generic(method, url, secure=True)
            if missing := wrong(answer):
                found[f"{method} {name} {answer.status_code}"] = missing
    assert found == {}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_kept_nowhere(
    name: str, kind: str, world: World, visitor: Client, plan_administrator: User
) -> None:
    visitor.force_login(plan_administrator)

    answer = visitor.get(reverse(name, kwargs=TABLE[name].names(world)), {"_export": kind}, secure=True)

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert wrong(answer) == []


def fails(*_: Any, **__: Any) -> HttpResponse:
    raise RuntimeError("A fault of the portal")


def errors(visitor: Client, world: World) -> Iterator[tuple[int, Any]]:
    lines = reverse("budgets:line_list", kwargs={"year": world.year})
    yield 400, visitor.get(lines, {"_export": "exe"}, secure=True)
    yield 400, visitor.get("/", secure=True, SERVER_NAME="evil.example.com")
    yield 404, visitor.get("/no-such-page/", secure=True)
    yield 404, visitor.get("/static/no-such-file.css", secure=True)
    yield 405, visitor.post(lines, secure=True)
    yield 403, visitor.get(reverse("budgets:line_edit", kwargs={"pk": world.line.pk}), secure=True)
    strict = Client(enforce_csrf_checks=True, SERVER_NAME=HOST)
    yield 403, strict.post("/accounts/login/", {"login": "a"}, secure=True)


def test_an_error_is_answered_with_every_header(
    world: World, visitor: Client, plan_administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.force_login(plan_administrator)
    for status, answer in errors(visitor, world):
        assert (answer.status_code, wrong(answer)) == (status, [])

    monkeypatch.setattr("kentplan.views.units.require", fails)
    answer = visitor.get("/units/", secure=True)
    assert (answer.status_code, wrong(answer)) == (500, [])


def test_whoever_comes_in_clear_is_led_to_https(visitor: Client) -> None:
    answer = visitor.get("/units/?q=1")

    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{HOST}/units/?q=1")
    assert wrong(answer, secure=False) == []


@pytest.mark.django_db
def test_a_forwarded_request_counts_as_https_only_as_the_proxy_says(visitor: Client) -> None:
    assert visitor.get("/accounts/login/", HTTP_X_FORWARDED_PROTO="https").status_code == 200
    assert visitor.get("/accounts/login/", HTTP_X_FORWARDED_PROTO="http").status_code == 301


@pytest.mark.django_db
def test_a_static_file_may_be_kept_and_nothing_else_differs(visitor: Client) -> None:
    answer = visitor.get("/static/kentplan.css", secure=True)
    answer.close()  # the file

    assert answer.status_code == 200
    assert "no-store" not in answer.headers["Cache-Control"]
    assert wrong(answer, kept=True) == []


@pytest.mark.django_db
def test_a_session_and_a_form_have_cookies_that_no_other_host_can_set(
    visitor: Client, plan_administrator: User
) -> None:
    plan_administrator.set_password("seven quiet herons")
    plan_administrator.save()

    first = visitor.get("/accounts/login/", secure=True)
    answer = visitor.post(
        "/accounts/login/", {"login": plan_administrator.email, "password": "seven quiet herons"}, secure=True
    )

    assert "__Host-csrftoken" in first.cookies
    assert "__Host-sessionid" in answer.cookies
    assert wrong(first) + wrong(answer) == []

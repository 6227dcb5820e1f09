"""Guessing is throttled by address and by account, and nobody can lock another out."""

import logging
import re
from collections.abc import Iterator

import pytest
from django.core import signing
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, override_settings

from people.models import User
from people.throttle import SALT
from tests.factories import UserFactory
from tests.people.signing_in import code_of, log_in, with_app, with_password

WRONG = "wrong horse battery"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uncounted(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def member(poc_member: User) -> User:
    return with_password(poc_member)


def guesses(client: Client, user: User | str, times: int, *, addresses: str = "192.0.2.{}", **extra: str) -> list[int]:
    return [
        log_in(client, user, WRONG, REMOTE_ADDR=addresses.format(number), **extra).status_code
        for number in range(1, times + 1)
    ]


def test_an_account_is_closed_to_strangers_after_five_failures_from_wherever(client: Client, member: User) -> None:
    assert guesses(client, member, 6) == [200] * 5 + [429]

    assert log_in(Client(), member, REMOTE_ADDR="192.0.2.99").status_code == 429  # the right password is no way round


def test_strangers_do_not_lock_out_a_browser_that_signed_in_before(client: Client, member: User) -> None:
    assert log_in(client, member).status_code == 302
    client.post("/accounts/logout/")
    guesses(Client(), member, 6)

    assert log_in(client, member).status_code == 302


def test_a_browser_that_signed_in_before_has_no_more_tries_than_others(client: Client, member: User) -> None:
    log_in(client, member)
    client.post("/accounts/logout/")

    assert guesses(client, member, 6) == [200] * 5 + [429]
    assert log_in(Client(), member, REMOTE_ADDR="192.0.2.99").status_code == 302  # nor does it use up those of others


def test_a_browser_is_known_only_to_the_accounts_that_signed_in_with_it(client: Client, member: User) -> None:
    other = with_password(UserFactory())
    log_in(client, other)
    client.post("/accounts/logout/")
    guesses(Client(), member, 5)

    assert log_in(client, member, REMOTE_ADDR="192.0.2.99").status_code == 429


@pytest.mark.parametrize("value", ["", "forged", "eyJicm93c2VyIjoieCIsImFjY291bnRzIjpbMV19:1u:x", "\x00", "é"])
def test_a_forged_cookie_makes_no_browser_known(client: Client, member: User, value: str) -> None:
    guesses(Client(), member, 5)
    client.cookies["browser"] = value

    assert log_in(client, member, REMOTE_ADDR="192.0.2.99").status_code == 429


def test_the_cookie_is_for_the_server_alone_and_names_no_address(client: Client, member: User) -> None:
    with override_settings(SESSION_COOKIE_SECURE=True, BROWSER_COOKIE_NAME="__Host-browser"):
        answer = log_in(client, member)

    cookie = answer.cookies["__Host-browser"]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Lax")
    assert member.email not in str(signing.loads(cookie.value, salt=SALT))


def test_one_address_is_closed_after_ten_failures_at_whatever_accounts(client: Client, member: User) -> None:
    answers = [log_in(client, f"person-{number}@example.org", WRONG).status_code for number in range(11)]

    assert answers == [200] * 10 + [429]
    assert log_in(client, member, REMOTE_ADDR="192.0.2.1").status_code == 302


def test_another_port_in_the_name_of_the_host_gives_no_more_tries(client: Client, member: User) -> None:
    answers = [
        log_in(client, member, WRONG, HTTP_HOST=f"localhost:{port}", REMOTE_ADDR=f"192.0.2.{port}").status_code
        for port in range(1, 8)
    ]

    assert answers == [200] * 5 + [429] * 2


@pytest.mark.parametrize(("proxies", "forwarded"), [(0, "{0}"), (1, "{0}, 203.0.113.7"), (1, "203.0.113.7")])
def test_a_forged_forwarding_gives_no_more_tries(client: Client, proxies: int, forwarded: str) -> None:
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        answers = [
            log_in(
                client, f"p{number}@example.org", WRONG, HTTP_X_FORWARDED_FOR=forwarded.format(f"198.51.100.{number}")
            ).status_code
            for number in range(11)
        ]

    assert answers == [200] * 10 + [429]


def test_behind_a_proxy_each_address_counts_for_itself(client: Client) -> None:
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        answers = [
            log_in(client, f"p{number}@example.org", WRONG, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}").status_code
            for number in range(11)
        ]

    assert answers == [200] * 11


@pytest.mark.parametrize("forwarded", ["", "nonsense", "1, 2, 3", "é", "::1", "203.0.113.7:80"])
def test_nothing_that_claims_to_be_an_address_breaks_the_page(client: Client, forwarded: str) -> None:
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        assert log_in(client, "p@example.org", WRONG, HTTP_X_FORWARDED_FOR=forwarded).status_code in (200, 403)


def test_the_page_says_when_to_try_again_and_keeps_the_address(
    client: Client, member: User, caplog: pytest.LogCaptureFixture
) -> None:
    guesses(client, member, 5)

    with caplog.at_level(logging.INFO, logger="kentplan.events"):
        answer = log_in(client, member, WRONG, REMOTE_ADDR="192.0.2.99")

    shown = answer.content.decode()
    assert re.search(r"Try again in 5 minutes, at <b>\d\d:\d\d</b>", shown)
    assert f'value="{member.email}"' in shown
    assert WRONG not in shown
    assert 200 < int(answer.headers["Retry-After"]) <= 300
    facts = next(record.facts for record in caplog.records if getattr(record, "facts", {}).get("event") == "throttled")
    assert member.email not in str(facts)


def test_success_gives_no_tries_back(client: Client, member: User) -> None:
    guesses(Client(), member, 4)
    log_in(client, member, REMOTE_ADDR="192.0.2.50")

    assert guesses(Client(), member, 2) == [200, 429]


def test_asking_for_a_new_password_is_throttled(client: Client, member: User) -> None:
    def ask(number: int) -> HttpResponse:
        return client.post("/accounts/password/reset/", {"email": member.email}, REMOTE_ADDR=f"192.0.2.{number}")

    answers = [ask(number) for number in range(1, 7)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Try again in a minute" in answers[-1].content.decode()


def test_codes_of_a_second_factor_are_throttled(client: Client, member: User) -> None:
    with_app(member)
    wrong = next(code for code in ("000000", "111111") if code not in {code_of(later=step) for step in (-1, 0, 1, 2)})

    assert log_in(client, member).headers["Location"] == "/accounts/2fa/authenticate/"
    answers = [
        client.post("/accounts/2fa/authenticate/", {"code": wrong}, REMOTE_ADDR=f"192.0.2.{number}")
        for number in range(1, 7)
    ]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert re.search(r"Try again in 5 minutes", answers[-1].content.decode())
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of()}).status_code == 429

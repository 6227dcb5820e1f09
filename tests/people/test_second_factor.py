"""A second factor: who must have one, how it is made and used, and how it is not got round."""

import json
import logging
import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from allauth.account import app_settings
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from history.changes import change_set
from people.models import Role, User
from people.second_factor import REQUIRED_OF, VOUCHED, used_here
from tests.factories import GrantFactory, UserFactory
from tests.people.signing_in import PASSWORD, SECRET, code_of, log_in, with_app, with_password

pytestmark = pytest.mark.django_db
CHOOSE, CODE = "/accounts/2fa/", "/accounts/2fa/authenticate/"


@pytest.fixture(autouse=True)
def uncounted(db: None) -> None:
    cache.clear()


@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def officer(finance_officer: User) -> User:
    return with_password(finance_officer)


@pytest.fixture
def enrol(monkeypatch: pytest.MonkeyPatch) -> Callable[[Client], str]:
    """Sets up an app, and says what secret it was given."""
    # Within the request, as where a test's own transaction is not round it
    monkeypatch.setattr("django.db.transaction.on_commit", lambda then, **facts: then())

    def enrol(client: Client) -> str:
        shown = client.get("/accounts/2fa/app/add/").content.decode()
        secret = re.search(r'class="ac-key">([A-Z2-7 ]+)<', shown)[1].replace(" ", "")
        answer = client.post("/accounts/2fa/app/add/", {"code": code_of(secret)})
        assert answer.headers["Location"] == "/accounts/2fa/recovery-codes/"
        return secret

    return enrol


# Who must have one


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("role", Role)
def test_roles_that_change_what_others_rely_on_are_led_to_set_one_up(client: Client, role: Role) -> None:
    user = UserFactory(**{role: True})
    client.force_login(user)

    answer = client.get("/units/")

    assert (answer.status_code, answer.headers.get("Location")) == (
        (302, CHOOSE) if role in REQUIRED_OF else (200, None)
    )


@pytest.mark.usefixtures("required")
def test_the_page_says_for_which_role_it_is_needed(client: Client, officer: User) -> None:
    GrantFactory(user=officer, role=Role.APPROVER)
    client.force_login(officer)

    assert "As <b>finance officer and approver</b> you can change what others rely on" in (
        client.get(CHOOSE).content.decode()
    )


@pytest.mark.usefixtures("required")
def test_nothing_posted_is_done_without_one(client: Client, plan_administrator: User) -> None:
    client.force_login(plan_administrator)

    answers = [client.post("/documents/"), client.put("/units/"), client.get("/", HTTP_HX_REQUEST="true")]

    assert [answer.status_code for answer in answers] == [302, 302, 200]
    assert answers[2].headers["HX-Redirect"] == CHOOSE
    assert answers[2].content == b""


@pytest.mark.usefixtures("required")
def test_the_account_and_the_accessibility_statement_stay_open_without_one(client: Client, officer: User) -> None:
    log_in(client, officer)

    for path in ("/accounts/", CHOOSE, "/accounts/2fa/app/add/", "/accounts/password/change/", "/accessibility/"):
        assert client.get(path).status_code == 200, path


@pytest.mark.usefixtures("required")
def test_a_role_that_is_granted_needs_one_from_the_next_request_on(client: Client, poc_member: User) -> None:
    client.force_login(poc_member)
    assert client.get("/units/").status_code == 200

    GrantFactory(user=poc_member, role=Role.FINANCE_OFFICER)

    assert client.get("/units/").headers["Location"] == CHOOSE


@pytest.mark.usefixtures("required")
def test_a_session_that_the_identity_provider_vouched_for_needs_none(client: Client, officer: User) -> None:
    client.force_login(officer)
    session = client.session
    session[VOUCHED] = True
    session.save()

    assert client.get("/units/").status_code == 200


def test_where_none_is_required_nobody_is_led_anywhere(client: Client, officer: User) -> None:
    client.force_login(officer)

    assert client.get("/units/").status_code == 200


@pytest.mark.usefixtures("required")
def test_it_costs_a_session_that_used_one_no_query(
    client: Client,
    officer: User,
    enrol: Callable[[Client], str],
    settings: Any,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    log_in(client, officer)
    enrol(client)
    client.get("/help/")
    settings.SECOND_FACTOR_REQUIRED = False
    with CaptureQueriesContext(connection) as without:
        client.get("/help/")
    settings.SECOND_FACTOR_REQUIRED = True

    with django_assert_num_queries(len(without)):
        assert client.get("/help/").status_code == 200


# Making and using one


@pytest.mark.usefixtures("required")
def test_whoever_sets_up_an_app_goes_on_and_is_asked_for_a_code_from_then_on(
    client: Client, officer: User, enrol: Callable[[Client], str]
) -> None:
    assert log_in(client, officer).headers["Location"] == "/"
    assert client.get("/units/").headers["Location"] == CHOOSE

    secret = enrol(client)
    assert client.get("/units/").status_code == 200
    client.post("/accounts/logout/")

    assert log_in(client, officer).headers["Location"] == CODE
    assert client.get("/units/").status_code == 302
    assert client.post(CODE, {"code": code_of(secret, later=1)}).headers["Location"] == "/"
    assert client.get("/units/").status_code == 200


def test_the_picture_is_in_the_page_and_the_key_can_be_typed(client: Client, officer: User) -> None:
    log_in(client, officer)

    shown = client.get("/accounts/2fa/app/add/").content.decode()

    assert re.search(r"<svg class=\"ac-qr\"[^>]*>.*<path d=\"M4,4h1v1h-1z", shown)
    assert "data:" not in shown
    assert "style=" not in shown
    assert re.search(r">([A-Z2-7]{4} ){7}[A-Z2-7]{4}<", shown)
    assert "issuer=kentplan" in shown


def test_a_wrong_code_sets_up_nothing_and_the_key_stays(client: Client, officer: User) -> None:
    log_in(client, officer)
    first = client.get("/accounts/2fa/app/add/").content.decode()

    again = client.post("/accounts/2fa/app/add/", {"code": "12 34"}).content.decode()

    key = re.compile(r'class="ac-key">([^<]+)<')
    assert key.search(first)[1] == key.search(again)[1]
    assert "That code is not right" in again
    assert not Authenticator.objects.exists()


def test_a_code_is_right_once_also_when_clocks_differ(client: Client, officer: User) -> None:
    with_app(officer)
    code = code_of(later=1)
    log_in(client, officer)
    assert client.post(CODE, {"code": code}).status_code == 302
    cache.delete(f"allauth.mfa.totp.used?user={officer.pk}&code={code}")  # a period later the library has forgotten it

    again = Client()
    log_in(again, officer)

    assert again.post(CODE, {"code": code}).status_code == 200


def test_a_recovery_code_stands_in_once(client: Client, officer: User, enrol: Callable[[Client], str]) -> None:
    log_in(client, officer)
    enrol(client)
    codes = re.findall(r'class="ac-key">(\d+)<', client.get("/accounts/2fa/recovery-codes/").content.decode())
    file = client.get("/accounts/2fa/recovery-codes/file/")
    assert len(codes) == 10
    assert all(code in file.content.decode() for code in codes)

    answers = []
    for _ in range(2):
        other = Client()
        log_in(other, officer)
        answers.append(other.post(CODE, {"code": codes[0]}).status_code)

    assert answers == [302, 200]
    assert "9 left" in client.get("/accounts/").content.decode()


@pytest.mark.usefixtures("required")
def test_a_session_from_before_asks_for_the_factor_that_there_is_now(client: Client, officer: User) -> None:
    client.force_login(officer)
    with_app(officer)

    answer = client.get("/units/?year=2009-10")
    assert answer.headers["Location"] == "/accounts/2fa/again/?next=%2Funits%2F%3Fyear%3D2009-10"
    back = client.post("/accounts/2fa/again/", {"code": code_of(), "next": "/units/"})

    assert back.headers["Location"] == "/units/"
    assert client.get("/units/").status_code == 200


def test_changing_factors_asks_again_who_one_is_after_a_while(client: Client, officer: User) -> None:
    log_in(client, officer)
    assert client.get("/accounts/2fa/app/add/").status_code == 200
    session = client.session
    session["account_authentication_methods"][0]["at"] -= app_settings.REAUTHENTICATION_TIMEOUT + 1
    session.save()

    for path in ("/accounts/2fa/app/add/", "/accounts/2fa/passkeys/add/", "/accounts/2fa/recovery-codes/new/"):
        assert client.get(path).headers["Location"].startswith("/accounts/again/?next="), path
    assert client.post("/accounts/again/", {"password": "wrong horse battery"}).status_code == 200
    answer = client.post("/accounts/again/", {"password": PASSWORD, "next": "/accounts/2fa/app/add/"})

    assert answer.headers["Location"] == "/accounts/2fa/app/add/"
    assert client.get("/accounts/2fa/app/add/").status_code == 200


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_the_last_factor_stays_where_a_role_needs_it(
    client: Client, officer: User, enrol: Callable[[Client], str], kind: str
) -> None:
    log_in(client, officer)
    enrol(client)
    app = Authenticator.objects.get(user=officer, type="totp")
    if kind == "webauthn":
        app.delete()
        key = Authenticator.objects.create(user=officer, type="webauthn", data={"name": "Laptop", "credential": {}})
        path = f"/accounts/2fa/passkeys/{key.pk}/remove/"
    else:
        path = "/accounts/2fa/app/remove/"

    client.post(path)

    assert Authenticator.objects.filter(user=officer, type=kind).exists()
    assert "Add another one before you remove this one" in client.get(path, follow=True).content.decode()


def test_a_factor_is_removed_where_no_role_needs_it(
    client: Client, poc_member: User, enrol: Callable[[Client], str], caplog: pytest.LogCaptureFixture
) -> None:
    log_in(client, with_password(poc_member))
    with caplog.at_level(logging.INFO, logger="kentplan.events"):
        enrol(client)
        client.post("/accounts/2fa/app/remove/")

    assert not Authenticator.objects.filter(user=poc_member).exists()
    written = [
        (facts["event"], facts["kind"])
        for facts in (getattr(r, "facts", {}) for r in caplog.records)
        if "kind" in facts
    ]
    assert ("second factor added", "totp") in written
    assert ("second factor removed", "totp") in written


def test_the_database_alone_gives_nobody_a_code(officer: User, settings: Any) -> None:
    with_app(officer)
    kept = Authenticator.objects.get(user=officer)
    assert SECRET not in json.dumps(kept.data)
    assert kept.wrap().validate_code(code_of())

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key " * 5
    assert kept.wrap().validate_code(code_of(later=1))


def test_a_key_that_was_lost_is_a_wrong_code_and_no_crash(client: Client, officer: User, settings: Any) -> None:
    with_app(officer)
    settings.SECRET_KEY = "another key " * 5
    log_in(client, officer)

    answer = client.post(CODE, {"code": code_of()})

    assert answer.status_code == 200
    assert "That code is not right" in answer.content.decode()


CREDENTIALS = [
    "", "1", "[]", "{}", "null", "nonsense", '{"id": 1}', '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","attestationObject":"AA"}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","authenticatorData":"AA","signature":"AA","userHandle":"!"}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA","userHandle":"AA"}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":5,"attestationObject":[]}}',
]  # fmt: skip


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_nothing_that_claims_to_be_a_passkey_breaks_a_page(client: Client, officer: User, credential: str) -> None:
    assert client.get("/accounts/2fa/passkeys/sign-in/", HTTP_ACCEPT="application/json").status_code == 200
    assert client.post("/accounts/2fa/passkeys/sign-in/", {"credential": credential}).status_code == 302

    with_app(officer)
    log_in(client, officer)
    client.get(CODE)
    assert client.post(CODE, {"credential": credential}).status_code == 200
    client.post(CODE, {"code": code_of()})

    client.get("/accounts/2fa/passkeys/add/")
    assert client.post("/accounts/2fa/passkeys/add/", {"credential": credential, "name": "x"}).status_code == 200
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_a_closed_account_is_not_signed_in_by_a_code(client: Client, officer: User) -> None:
    with_app(officer)
    log_in(client, officer)
    with change_set(by=None, why="She left", door="Test"):
        User.objects.filter(pk=officer.pk).update(is_active=False)

    client.post(CODE, {"code": code_of()})

    assert client.get("/units/").status_code == 302


def test_what_was_used_by_one_person_does_not_count_for_the_next(rf: Any, officer: User, poc_member: User) -> None:
    request = rf.get("/")
    request.session = {
        "account_authentication_methods": [{"method": "mfa", "at": 0}],
        "account_authentication_methods_user": str(poc_member.pk),
    }

    assert used_here(request, poc_member)
    assert not used_here(request, officer)


def test_whoever_lost_a_factor_gets_it_reset_and_has_to_sign_in_again(client: Client, officer: User) -> None:
    with_app(officer)
    log_in(client, officer)
    client.post(CODE, {"code": code_of()})
    assert client.get("/accounts/").status_code == 200

    call_command("reset_second_factor", officer.email, stdout=StringIO())

    assert not Authenticator.objects.filter(user=officer).exists()
    assert client.get("/accounts/").status_code == 302
    assert log_in(client, officer).headers["Location"] == "/"


def test_a_second_factor_of_nobody_is_not_reset() -> None:
    with pytest.raises(CommandError, match=r"Nobody signs in as nobody@example\.org"):
        call_command("reset_second_factor", "nobody@example.org")

"""Signing in through an identity provider, a real one on this machine: oidc-provider-mock."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client

from history.changes import change_set
from kentplan.settings import identity_provider
from people.identity_provider import vouches
from people.models import User
from tests.factories import UserFactory

BACK = "/accounts/provider/back/"

# The provider's own use of its libraries
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture
def provider(server: str, settings: Any) -> str:
    """The provider's address, with the portal set up to use it."""
    settings.SOCIALACCOUNT_PROVIDERS = identity_provider(server, "kentplan", "secret", "County Sign-in")
    return server


@pytest.fixture
def officer(db: None) -> User:
    return UserFactory(finance_officer=True, email="frances@kent.example", name="Frances Finance")


def knows(provider: str, subject: str, **claims: Any) -> None:
    """The provider has this person."""
    requests.put(f"{provider}/users/{subject}", json=claims, timeout=5).raise_for_status()


def leave(client: Client, **sent: str) -> str:
    """Where the sign-in page's button leads."""
    answer = client.post("/accounts/provider/", sent)
    assert answer.status_code == 200
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.content.decode())
    assert found
    return unescape(found[1])


def agree(url: str, subject: str) -> str:
    """The way back, as the provider gives it to a browser in which somebody signed in there."""
    answer = requests.post(url, data={"sub": subject}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302
    way = urlsplit(answer.headers["Location"])
    assert way.path == BACK
    return f"{way.path}?{way.query}"


def sign_in(client: Client, subject: str, **sent: str) -> HttpResponse:
    return client.get(agree(leave(client, **sent), subject))


def test_who_is_entered_here_comes_in_by_a_verified_address(client: Client, provider: str, officer: User) -> None:
    knows(provider, "f-1", email="Frances@Kent.example", email_verified=True)

    answer = sign_in(client, "f-1", next="/units/?year=2009-10")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/units/?year=2009-10"
    assert client.session[SESSION_KEY] == str(officer.pk)
    assert client.get("/units/").status_code == 200


def test_way_to_the_provider_carries_state_nonce_and_pkce(client: Client, provider: str, db: None) -> None:
    first, second = (parse_qs(urlsplit(leave(client)).query) for _ in range(2))

    assert first["code_challenge_method"] == ["S256"]
    assert set(first["scope"][0].split()) == {"openid", "profile", "email"}
    assert first["redirect_uri"] == [f"http://testserver{BACK}"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 16
        assert first[name] != second[name]


def test_nothing_the_provider_says_is_stored(client: Client, provider: str, officer: User) -> None:
    knows(provider, "f-secret", email=officer.email, email_verified=True, name="F", phone_number="01622")

    sign_in(client, "f-secret")

    link = SocialAccount.objects.get()
    assert link.user == officer
    assert link.extra_data == {}
    assert "f-secret" not in link.uid
    assert not SocialToken.objects.exists()


def test_changed_address_moves_nobody_to_another_account(client: Client, provider: str, officer: User) -> None:
    other = UserFactory(plan_administrator=True, email="ada@kent.example")
    knows(provider, "f-2", email=officer.email, email_verified=True)
    sign_in(client, "f-2")
    client.logout()

    knows(provider, "f-2", email=other.email, email_verified=True)
    sign_in(client, "f-2")

    assert client.session[SESSION_KEY] == str(officer.pk)


def test_address_that_passes_to_somebody_else_takes_no_account_with_it(
    client: Client, provider: str, officer: User
) -> None:
    knows(provider, "f-3", email=officer.email, email_verified=True)
    sign_in(client, "f-3")
    client.logout()
    knows(provider, "new-one", email=officer.email, email_verified=True)

    answer = sign_in(client, "new-one")

    assert answer.status_code == 403
    assert "This account belongs to another sign-in" in answer.content.decode()
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email": "nobody@kent.example", "email_verified": True}, "<b>nobody@kent.example</b> is not known here. Ask"),
        ({"email": "frances@kent.example", "email_verified": False}, "does not vouch for your e-mail address"),
        ({"email": "frances@kent.example"}, "does not vouch for your e-mail address"),
        ({"email": "frances@kent.example", "email_verified": "false"}, "does not vouch for your e-mail address"),
        ({}, "does not vouch for your e-mail address"),
        ({"email": "<b>x</b>@kent.example", "email_verified": True}, "&lt;b&gt;x&lt;/b&gt;@kent.example"),
    ],
)
def test_others_are_refused_in_words_and_no_account_is_made(
    client: Client, provider: str, officer: User, claims: dict[str, Any], words: str
) -> None:
    knows(provider, "somebody", **claims)
    people = User.objects.count()

    answer = sign_in(client, "somebody")

    assert answer.status_code == 403
    assert words in answer.content.decode()
    assert SESSION_KEY not in client.session
    assert User.objects.count() == people
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("linked", [False, True])
def test_closed_account_stays_closed(client: Client, provider: str, officer: User, *, linked: bool) -> None:
    knows(provider, "f-4", email=officer.email, email_verified=True)
    if linked:
        sign_in(client, "f-4")
        client.logout()
    with change_set(by=None, why="She left", door="Test"):
        User.objects.filter(pk=officer.pk).update(is_active=False)

    answer = sign_in(client, "f-4")

    assert answer.headers["Location"] == "/accounts/inactive/"
    assert SESSION_KEY not in client.session
    assert SocialAccount.objects.count() == linked


def test_signing_in_as_somebody_else_ends_the_session_before(client: Client, provider: str, officer: User) -> None:
    client.force_login(UserFactory(poc_member=True))
    before = client.session.session_key
    knows(provider, "f-5", email=officer.email, email_verified=True)

    sign_in(client, "f-5")

    assert client.session[SESSION_KEY] == str(officer.pk)
    assert client.session.session_key != before


# The second factor


@pytest.mark.parametrize(
    ("claims", "vouched"), [({"amr": ["pwd", "mfa"]}, True), ({"amr": ["pwd"]}, False), ({}, False)]
)
def test_provider_vouches_for_a_second_factor(
    client: Client, provider: str, officer: User, settings: Any, claims: dict[str, Any], *, vouched: bool
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    knows(provider, "f-6", email=officer.email, email_verified=True, **claims)

    sign_in(client, "f-6")

    assert client.session.get("second_factor_vouched", False) is vouched
    assert client.get("/units/").status_code == (200 if vouched else 302)


def test_vouching_does_not_outlast_the_sign_in_it_was_for(client: Client, provider: str, officer: User) -> None:
    with change_set(by=None, why="", door="Test"):
        officer.set_password("a long pass phrase")
        officer.save()
    knows(provider, "f-7", email=officer.email, email_verified=True, amr=["mfa"])
    sign_in(client, "f-7")
    assert client.session["second_factor_vouched"]

    client.logout()
    client.post("/accounts/login/", {"login": officer.email, "password": "a long pass phrase"})

    assert client.session[SESSION_KEY] == str(officer.pk)
    assert "second_factor_vouched" not in client.session


@pytest.mark.parametrize(
    ("trusted", "claims", "vouched"),
    [
        (["amr:mfa", "amr:hwk"], {"amr": ["hwk"]}, True),
        (["acr:urn:kent:two"], {"acr": "urn:kent:two"}, True),
        (["acr:urn:kent:two"], {"acr": "urn:kent:one"}, False),
        ([], {"amr": ["mfa"]}, False),
        (["amr:mfa"], {"amr": "mfa"}, True),
        (["amr:mfa"], {"amr": None}, False),
    ],
)
def test_only_what_the_settings_trust_vouches(
    settings: Any, trusted: list[str], claims: dict[str, Any], *, vouched: bool
) -> None:
    settings.OIDC_SECOND_FACTOR_CLAIMS = trusted

    assert vouches(claims) is vouched


# What goes wrong


def test_way_back_without_a_sign_in_that_began_here_is_refused(client: Client, provider: str, officer: User) -> None:
    knows(provider, "f-8", email=officer.email, email_verified=True)
    back = agree(leave(Client()), "f-8")

    for way in (back, BACK, f"{BACK}?code=x", f"{BACK}?state=%00&code=%00", f"{BACK}?error=server_error"):
        answer = client.get(way)
        assert answer.status_code == 400
        assert "did not let you through" in answer.content.decode()
    assert SESSION_KEY not in client.session


def test_way_back_serves_once(client: Client, provider: str, officer: User) -> None:
    knows(provider, "f-9", email=officer.email, email_verified=True)
    back = agree(leave(client), "f-9")
    client.get(back)
    client.logout()

    assert client.get(back).status_code == 400
    assert SESSION_KEY not in client.session


def test_proof_of_another_sign_in_is_refused(client: Client, provider: str, officer: User) -> None:
    knows(provider, "f-10", email=officer.email, email_verified=True)
    stolen = parse_qs(urlsplit(agree(leave(Client()), "f-10")).query)["code"][0]
    own = parse_qs(urlsplit(leave(client)).query)["state"][0]

    answer = client.get(BACK, {"code": stolen, "state": own})

    assert answer.status_code == 502
    assert SESSION_KEY not in client.session


def test_who_thinks_better_of_it_is_back_at_the_sign_in_page(client: Client, provider: str, db: None) -> None:
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]

    answer = client.get(BACK, {"state": state, "error": "access_denied"}, follow=True)

    assert answer.redirect_chain[-1][0] == "/accounts/login/"
    assert "You did not sign in through County Sign-in." in answer.content.decode()


def test_other_site_cannot_begin_a_sign_in(provider: str, db: None) -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post("/accounts/provider/").status_code == 403
    assert client.get("/accounts/provider/").status_code == 405


def test_nobody_sends_the_portal_to_the_provider_again_and_again(client: Client, provider: str, db: None) -> None:
    cache.clear()
    answers = [client.post("/accounts/provider/").status_code for _ in range(31)]
    cache.clear()

    assert answers == [200] * 30 + [429]


def test_way_back_leads_to_no_other_site(client: Client, provider: str, officer: User) -> None:
    knows(provider, "f-11", email=officer.email, email_verified=True)

    assert sign_in(client, "f-11", next="https://evil.example/").headers["Location"] == "/"


def test_provider_out_of_reach_is_said(client: Client, settings: Any, db: None) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = identity_provider("http://localhost:9", "kentplan", "secret", "County Sign-in")

    answer = client.post("/accounts/provider/")

    assert answer.status_code == 502
    assert "County Sign-in did not let you through" in answer.content.decode()


ANSWERS: list[tuple[str, Any]] = [
    ("/.well-known/openid-configuration", "not json"),
    ("/.well-known/openid-configuration", []),
    ("/.well-known/openid-configuration", {}),
    ("/oauth2/token", "not json"),
    ("/oauth2/token", []),
    ("/oauth2/token", {"access_token": "x", "expires_in": "soon"}),
    ("/oauth2/token", {"access_token": "x"}),
    ("/oauth2/token", {"access_token": "x", "id_token": "a.b.c"}),
    ("/oauth2/token", {"access_token": "x", "id_token": 7}),
    ("/userinfo", "not json"),
    ("/userinfo", None),
    ("/userinfo", {"sub": "somebody else", "email": "frances@kent.example", "email_verified": True}),
    ("/userinfo", {"sub": "x" * 400}),
    ("/jwks", {"keys": []}),
    ("/jwks", "not json"),
]


@pytest.mark.parametrize(("path", "says"), ANSWERS)
def test_wrong_answer_of_the_provider_is_no_error_of_the_portal(
    client: Client, provider: str, officer: User, monkeypatch: pytest.MonkeyPatch, path: str, says: Any
) -> None:
    knows(provider, "f-12", email=officer.email, email_verified=True)
    back = agree(leave(client), "f-12")
    ask = requests.Session.request

    def wrong(session: requests.Session, method: str, url: str, **kwargs: Any) -> requests.Response:
        answer = ask(session, method, url, **kwargs)
        if urlsplit(url).path == path:
            answer.status_code = 200
            answer._content = (says if says == "not json" else json.dumps(says)).encode()
        return answer

    monkeypatch.setattr(requests.Session, "request", wrong)

    answer = client.get(back)

    assert answer.status_code == 502
    assert "did not let you through" in answer.content.decode()
    assert SESSION_KEY not in client.session
    assert not SocialAccount.objects.exists()


# Set up, or not


def test_sign_in_page_offers_the_provider_by_the_councils_name(client: Client, provider: str, db: None) -> None:
    assert "Sign in with County Sign-in" in client.get("/accounts/login/").content.decode()


def test_without_a_provider_there_is_nothing_of_it(client: Client, db: None) -> None:
    assert "Sign in with C" not in client.get("/accounts/login/").content.decode()
    assert client.post("/accounts/provider/").status_code == 404
    assert client.get(BACK).status_code == 404


ALL = {
    "OIDC_SERVER_URL": "https://id.kent.example/",
    "OIDC_CLIENT_ID": "kentplan",
    "OIDC_CLIENT_SECRET": "s",
    "OIDC_NAME": "Kent",
}


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        (ALL, "https://id.kent.example ['amr:mfa']"),
        (ALL | {"OIDC_SECOND_FACTOR_CLAIMS": "acr:two,amr:hwk"}, "https://id.kent.example ['acr:two', 'amr:hwk']"),
        ({}, "none"),
        (ALL | {"OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET is not set"),
        (ALL | {"OIDC_SERVER_URL": "http://id.kent.example"}, "must begin with https://"),
    ],
)
def test_environment_sets_the_provider_up_whole_or_not_at_all(environment: dict[str, str], says: str) -> None:
    script = (
        "from kentplan import settings as s; apps = s.SOCIALACCOUNT_PROVIDERS.get('openid_connect'); "
        "print(apps['APPS'][0]['settings']['server_url'], s.OIDC_SECOND_FACTOR_CLAIMS) if apps else print('none')"
    )
    bare = {name: value for name, value in os.environ.items() if not name.startswith("OIDC_")}
    run = subprocess.run(  # this machine's own Python
        [sys.executable, "-c", script],
        env=bare | {"HTTPS": "on", "SECRET_KEY": "k" * 60, **environment},
        capture_output=True,
        text=True,
        check=False,
    )

    assert says in run.stdout + run.stderr


def test_person_with_a_new_account_at_the_provider_can_be_parted_from_the_old_one(
    client: Client, provider: str, officer: User
) -> None:
    knows(provider, "f-13", email=officer.email, email_verified=True)
    knows(provider, "f-14", email=officer.email, email_verified=True)
    sign_in(client, "f-13")

    call_command("unlink_identity", officer.email)

    assert client.get("/units/").status_code == 302
    sign_in(client, "f-14")
    assert client.session[SESSION_KEY] == str(officer.pk)


def test_nobody_is_parted_who_was_not_joined(officer: User) -> None:
    with pytest.raises(CommandError, match="Nobody here has the address"):
        call_command("unlink_identity", "nobody@kent.example")
    with pytest.raises(CommandError, match="has not signed in through the identity provider"):
        call_command("unlink_identity", officer.email)

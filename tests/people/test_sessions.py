"""Sessions end on the server, and say so."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from history.changes import change_set
from people.models import User
from people.sessions import browser, end_sessions
from tests.factories import BudgetLineFactory

HALF_HOUR = timedelta(minutes=30)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


def row(client: Client) -> Session:
    return Session.objects.get(session_key=client.session.session_key)


def ends_in(client: Client) -> timedelta:
    return row(client).expire_date - timezone.now()


def pass_time(client: Client, time: timedelta) -> None:
    """As if `time` had passed since the session's last request, and since its sign-in."""
    kept = row(client)
    data = kept.get_decoded()
    data["opened"] -= time.total_seconds()
    kept.session_data = client.session.encode(data)
    kept.expire_date -= time
    kept.save()


@pytest.fixture
def officer(client: Client, finance_officer: User) -> Client:
    client.force_login(finance_officer)
    return client


def test_session_ends_half_an_hour_after_the_last_request(officer: Client) -> None:
    pass_time(officer, timedelta(minutes=29, seconds=30))
    assert officer.get("/units/").status_code == 200
    assert timedelta(minutes=29) < ends_in(officer) <= HALF_HOUR

    pass_time(officer, timedelta(minutes=30, seconds=1))
    answer = officer.get("/units/", follow=True)

    assert answer.redirect_chain[0][0] == "/accounts/login/?next=/units/"
    assert (
        "Your session has ended, as it does after 30 minutes without use and 12 hours after sign-in."
        in answer.content.decode()
    )


def test_session_ends_twelve_hours_after_sign_in_however_busy(officer: Client) -> None:
    for _ in range(11 * 3 + 1):
        pass_time(officer, timedelta(minutes=20))
        assert officer.get("/units/").status_code == 200
    assert ends_in(officer) <= HALF_HOUR

    pass_time(officer, timedelta(minutes=25))
    officer.get("/units/")
    assert ends_in(officer) < timedelta(minutes=15, seconds=1)
    pass_time(officer, timedelta(minutes=16))

    assert officer.get("/units/").status_code == 302


def test_longest_time_holds_though_the_row_says_later(officer: Client) -> None:
    pass_time(officer, timedelta(hours=12, seconds=1))
    Session.objects.update(expire_date=timezone.now() + timedelta(days=1))

    assert officer.get("/units/").status_code == 302


def test_session_without_a_beginning_is_none(officer: Client) -> None:
    kept = row(officer)
    data = kept.get_decoded()
    del data["opened"]
    kept.session_data = officer.session.encode(data)
    kept.save()

    assert officer.get("/units/").status_code == 302


def test_times_are_settings(officer: Client, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS = 5, 1
    pass_time(officer, timedelta(minutes=26))
    officer.get("/units/")
    assert ends_in(officer) <= timedelta(minutes=5)

    settings.SESSION_HOURS = 0.25
    assert officer.get("/units/").status_code == 302


def test_a_request_writes_only_where_more_than_a_minute_is_gained(
    officer: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    officer.get("/help/")
    with CaptureQueriesContext(connection) as fresh:
        officer.get("/help/")
    pass_time(officer, timedelta(seconds=70))

    with CaptureQueriesContext(connection) as later:
        officer.get("/help/")

    assert not [query for query in fresh if "UPDATE" in query["sql"]]
    assert len([query for query in later if query["sql"].startswith("UPDATE")]) == 1
    assert len(later) == len(fresh) + 1


def test_putting_off_the_end_leaves_the_rest_of_the_session_alone(officer: Client) -> None:
    before = row(officer).session_data
    pass_time(officer, timedelta(0))
    before = row(officer).session_data
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=5))

    officer.get("/units/")

    assert row(officer).session_data == before


def test_page_of_another_day_puts_off_the_end_too(officer: Client) -> None:
    pass_time(officer, timedelta(minutes=20))

    assert officer.get("/units/", {"as_of": timezone.localdate().isoformat()}).status_code == 200

    assert ends_in(officer) > timedelta(minutes=29)


def test_asking_how_long_is_left_puts_off_nothing(officer: Client) -> None:
    pass_time(officer, timedelta(minutes=28, seconds=30))

    answer = officer.get("/accounts/session/")

    assert 80 < answer.json()["left"] <= 90
    assert answer.json()["person"] == officer.session[SESSION_KEY]
    assert answer.headers["Cache-Control"] == "no-store"
    assert ends_in(officer) < timedelta(seconds=91)


def test_staying_counts_from_now(officer: Client) -> None:
    pass_time(officer, timedelta(minutes=28, seconds=30))

    answer = officer.post("/accounts/stay/")

    assert answer.json()["left"] > 29 * 60
    assert not answer.json()["longest"]
    assert ends_in(officer) > timedelta(minutes=29)


def test_staying_does_not_go_beyond_the_longest_time(officer: Client) -> None:
    pass_time(officer, timedelta(hours=11, minutes=55))
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=1))

    answer = officer.post("/accounts/stay/")

    assert 295 < answer.json()["left"] <= 300
    assert answer.json()["longest"]


def test_staying_in_a_session_that_is_over_does_not_bring_it_back(officer: Client) -> None:
    pass_time(officer, timedelta(minutes=31))

    assert officer.post("/accounts/stay/").json() == {"left": 0, "person": None, "longest": False}
    assert officer.get("/units/").status_code == 302


def test_staying_needs_the_pages_own_token(finance_officer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(finance_officer)

    assert client.post("/accounts/stay/").status_code == 403


def test_cookie_has_no_end_of_its_own(finance_officer: User, client: Client) -> None:
    with change_set(by=None, why="", door="Test"):
        finance_officer.set_password("a long pass phrase")
        finance_officer.save()

    answer = client.post("/accounts/login/", {"login": finance_officer.email, "password": "a long pass phrase"})

    cookie = (
        answer.cookies[client.cookies and "sessionid"]
        if "sessionid" in answer.cookies
        else next(morsel for name, morsel in answer.cookies.items() if "session" in name)
    )
    assert cookie["max-age"] == ""
    assert cookie["httponly"]


def test_closed_account_loses_its_sessions_for_good(officer: Client, finance_officer: User) -> None:
    with change_set(by=None, why="She left", door="Test"):
        User.objects.filter(pk=finance_officer.pk).update(is_active=False)
    assert officer.get("/units/").status_code == 302
    with change_set(by=None, why="She came back", door="Test"):
        User.objects.filter(pk=finance_officer.pk).update(is_active=True)

    assert officer.get("/units/").status_code == 302


def test_person_without_a_role_is_a_stranger_at_the_next_request(officer: Client, finance_officer: User) -> None:
    with change_set(by=None, why="Moved", door="Test"):
        finance_officer.grants.all().delete()

    assert officer.get("/units/").status_code == 404


def test_changed_password_ends_the_other_sessions(finance_officer: User) -> None:
    with change_set(by=None, why="", door="Test"):
        finance_officer.set_password("a long pass phrase")
        finance_officer.save()
    this, other = Client(), Client()
    for browser_ in (this, other):
        browser_.post("/accounts/login/", {"login": finance_officer.email, "password": "a long pass phrase"})
        assert browser_.get("/units/").status_code == 200

    changed = this.post(
        "/accounts/password/change/",
        {
            "oldpassword": "a long pass phrase",
            "password1": "another long phrase",
            "password2": "another long phrase",
        },
    )

    assert changed.status_code == 302
    assert this.get("/units/").status_code == 200
    assert other.get("/units/").status_code == 302


def test_sign_in_removes_the_rows_of_sessions_that_are_over(officer: Client, poc_member: User) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    Client().force_login(poc_member)

    assert Session.objects.count() == 1


# A form sent too late


def test_form_sent_after_the_end_is_shown_and_not_done(officer: Client) -> None:
    line = BudgetLineFactory(activity="Clusters")
    url = f"/budgets/lines/{line.pk}/edit/"
    pass_time(officer, timedelta(minutes=31))

    answer = officer.post(
        url, {"activity": "<b>Typed</b>", "version": "1", "token": "t-1", "password": "secret", "why": "Because\nso"}
    )

    page = answer.content.decode()
    assert answer.status_code == 401
    assert "&lt;b&gt;Typed&lt;/b&gt;" in page
    assert "Because<br>so" in page
    assert f"/accounts/login/?next={url.replace('/', '%2F')}" in page
    assert "secret" not in page
    assert "t-1" not in page
    line.refresh_from_db()
    assert line.activity == "Clusters"


def test_form_of_another_site_puts_no_words_on_our_page(finance_officer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(finance_officer)
    pass_time(client, timedelta(minutes=31))

    answer = client.post("/budgets/", {"why": "Ring this number"})

    assert answer.status_code in (403, 404)
    assert b"Ring this number" not in answer.content


def test_way_back_leads_to_the_page_that_the_form_was_on_and_to_no_other_site(officer: Client) -> None:
    pass_time(officer, timedelta(minutes=31))
    post = {"path": "/accounts/sessions/", "data": {"why": "x"}}

    own = officer.post(**post, headers={"Referer": "http://testserver/units/?year=2009-10"})
    officer.cookies["sessionid"] = "0" * 32
    foreign = officer.post(**post, headers={"Referer": "https://testserver.example.org/units/"})

    assert "next=%2Funits%2F%3Fyear%3D2009-10" in own.content.decode()
    assert "next=%2Faccounts%2Fsessions%2F" in foreign.content.decode()


def test_who_never_signed_in_is_told_nothing_of_sessions(client: Client, db: None) -> None:
    assert "session has ended" not in client.get("/units/", follow=True).content.decode()


# One's sessions


def test_person_sees_own_sessions_and_ends_the_others(finance_officer: User, poc_member: User) -> None:
    this, other, somebody = Client(headers={"User-Agent": FIREFOX}), Client(), Client()
    for browser_ in (this, other):
        browser_.force_login(finance_officer)
    somebody.force_login(poc_member)

    shown = this.get("/accounts/").content.decode()
    ended = this.post("/accounts/sessions/", follow=True).content.decode()

    assert "Sign out everywhere else" in shown
    assert shown.count("this one") == 1
    assert "You are signed out of the other browser." in ended
    assert "Sign out everywhere else" not in ended
    assert this.get("/units/").status_code == 200
    assert other.get("/units/").status_code == 302
    assert somebody.get("/units/").status_code == 200


def test_all_sessions_of_a_person_can_be_ended(finance_officer: User, officer: Client) -> None:
    assert end_sessions(finance_officer) == 1
    assert officer.get("/units/").status_code == 302


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 "
            "Safari/537.36 Edg/125.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8.0", "A browser"),
        ("", "A browser"),
    ],
)
def test_browser_is_told_in_words(agent: str, words: str) -> None:
    assert browser(agent) == words

"""What the log holds, and what it never does: what was typed, who somebody is, and what would let others in."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.signals import user_login_failed
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from kentplan.logs import JsonLines
from people import events
from people.events import Event, masked, record
from people.models import User
from tests.factories import BudgetLineFactory, UserFactory

SECRETS = ("seven quiet herons", "ada@example.org", "herons", "example.org", "Ada", "overspend", "csrfmiddlewaretoken")


class Lines(logging.Handler):
    """What the console would show."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.text: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.text.append(self.format(record))

    def told(self, event: str) -> list[dict[str, Any]]:
        found = [json.loads(line) for line in self.text]
        return [line for line in found if line.get("event") == event]


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def ada(db: None) -> User:
    return UserFactory(
        finance_officer=True, name="Ada Lovelace", email="ada@example.org", password="seven quiet herons"
    )


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def test_an_event_is_one_line_with_who_when_and_where(lines: Lines, ada: User) -> None:
    request = RequestFactory().get("/budgets/2009-10/", {"q": "overspend"})
    request.user = ada

    record(request, Event.EXPORT, format="csv")

    [line] = lines.told("export")
    assert line.pop("time").endswith("+00:00") and len(line.pop("reference")) == 12
    assert line == {
        "level": "info",
        "logger": "kentplan.events",
        "event": "export",
        "user": ada.pk,
        "method": "GET",
        "path": "/budgets/2009-10/",
        "format": "csv",
    }


def test_there_are_no_events_but_those_that_are_listed() -> None:
    with pytest.raises(ValueError, match="stolen"):
        record(None, "stolen")


def test_signing_in_failing_to_and_signing_out_are_written_down(lines: Lines, ada: User, visitor: Client) -> None:
    login = reverse("account_login")
    visitor.post(login, {"login": "ada@example.org", "password": "seven loud herons"})
    visitor.post(login, {"login": "ada@example.org", "password": "seven quiet herons"})
    visitor.post(reverse("account_logout"))

    assert [line["user"] for line in lines.told("log in")] == [ada.pk]
    assert [line["user"] for line in lines.told("log out")] == [ada.pk]
    assert len(lines.told("log in failed")) == 1
    assert not [secret for secret in SECRETS if secret in "".join(lines.text)]


def test_a_refusal_is_written_down(lines: Lines, ada: User, visitor: Client) -> None:
    line = BudgetLineFactory()
    visitor.force_login(UserFactory(poc_member=True))
    for url, status in (
        (reverse("budgets:line_edit", args=[line.pk]), 403),
        ("/no-such-page/", 404),
        ("/budgets/2009-10/?_export=exe&q=overspend", 400),
    ):
        BudgetLineFactory(plan__year=line.plan.year)
        visitor.get(url)
        assert lines.told("refused")[-1]["status"] == status
    assert "overspend" not in "".join(lines.text)


def test_an_export_is_written_down(lines: Lines, ada: User, visitor: Client) -> None:
    line = BudgetLineFactory()
    visitor.force_login(ada)

    visitor.get(reverse("budgets:line_list", args=[line.plan.year]), {"_export": "xlsx", "q": "overspend"})

    [told] = lines.told("export")
    assert (told["user"], told["format"], told["bytes"] > 1000) == (ada.pk, "xlsx", True)
    assert "overspend" not in "".join(lines.text)


def fails(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    password = request.POST["password"]
    raise RuntimeError(f"{password} of {request.POST['login']} cannot be read")


def test_a_fault_while_a_password_is_posted_logs_none_of_it(
    lines: Lines, ada: User, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("allauth.account.views.LoginView.form_valid", lambda self, form: fails(self.request))
    visitor.get(reverse("account_login"))

    answer = visitor.post(
        reverse("account_login") + "?next=/units/?q=overspend",
        {"login": "ada@example.org", "password": "seven quiet herons"},
    )

    assert answer.status_code == 500
    [line] = [json.loads(text) for text in lines.text if "RuntimeError" in text]
    assert line["reference"] in answer.text and line["where"]
    cookies = [cookie.value for cookie in visitor.cookies.values()]
    for told in ("".join(lines.text), answer.text):
        assert not [secret for secret in (*SECRETS, *cookies, "RuntimeError: ") if secret in told]


def test_what_the_database_refuses_is_not_quoted(lines: Lines, ada: User) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO history_changeset (why) VALUES (NULL)")
    except IntegrityError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/units/?q=overspend")

    assert "NotNullViolation 23502" in lines.text[-1]
    assert "overspend" not in lines.text[-1] and "Failing row" not in lines.text[-1]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ('"GET /search/?q=overspend HTTP/1.1" 200 1', '"GET /search/?… HTTP/1.1" 200 1'),
        ("/accounts/password/reset/key/1-cx3f9/", "/accounts/password/reset/key/…/"),
        ("No account of ada@example.org.", "No account of …@…"),
        ("/units/2009-10/clusters/", "/units/2009-10/clusters/"),
    ],
)
def test_an_address_is_masked(text: str, safe: str) -> None:
    assert masked(text) == safe


def test_nothing_that_was_tried_is_told_of_a_failed_sign_in(lines: Lines) -> None:
    user_login_failed.send(sender=events, credentials={"email": "ada@example.org"}, request=None)

    assert set(lines.told("log in failed")[0]) == {"time", "level", "logger", "event"}

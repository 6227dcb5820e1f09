"""The two pages for a load balancer, which knows no name of the portal, no https and nobody to sign in as."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from kentplan.views import health
from tests.production import production_settings


@pytest.fixture(autouse=True)
def production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ALLOWED_HOSTS", "SECURE_SSL_REDIRECT", "SECURE_PROXY_SSL_HEADER", "SECURE_REDIRECT_EXEMPT"):
        setattr(settings, name, production_settings()[name])
    monkeypatch.setattr(health, "_migrated", False)


@pytest.fixture
def balancer() -> Client:
    return Client(SERVER_NAME="10.1.2.3", raise_request_exception=False)


def test_alive_asks_no_database(balancer: Client) -> None:
    answer = balancer.get("/health/alive/")  # a query would fail: the test has no database

    assert (answer.status_code, answer.content, dict(answer.cookies)) == (200, b"alive\n", {})


@pytest.mark.django_db
def test_ready_when_the_database_answers_and_has_every_table(balancer: Client) -> None:
    answer = balancer.get("/health/ready/")

    assert (answer.status_code, answer.content, dict(answer.cookies)) == (200, b"ready\n", {})


@pytest.mark.django_db
def test_ready_costs_one_query_once_it_was_so(balancer: Client, django_assert_num_queries: Any) -> None:
    balancer.get("/health/ready/")

    with django_assert_num_queries(1):
        balancer.get("/health/ready/")


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(balancer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["one more"])

    answer = balancer.get("/health/ready/")

    assert (answer.status_code, answer.content) == (503, b"migrations\n")


def test_not_ready_without_a_database(balancer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any) -> None:
        raise OperationalError("password of app at 10.0.0.1 refused")

    monkeypatch.setattr(connection, "cursor", gone)

    answer = balancer.get("/health/ready/")

    assert (answer.status_code, answer.content) == (503, b"database\n")


def test_no_other_page_is_answered_under_a_number(balancer: Client) -> None:
    assert balancer.get("/units/").status_code == 400
    assert balancer.get("/health/").status_code == 400

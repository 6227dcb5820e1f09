"""The tests' own databases: what each test meets, with which rights, and what it leaves."""

import importlib.util

import psycopg2
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection
from psycopg2.extensions import connection as Connection

from people.models import User

COUNT = "SELECT count(*) FROM django_session"
WRITE = "INSERT INTO django_session VALUES (%s, '', now())"


def test_the_driver_is_psycopg2_alone() -> None:
    assert importlib.util.find_spec("psycopg") is None  # Django would prefer it
    assert psycopg2.__version__.startswith("2.9")


def test_tests_run_with_the_applications_rights(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (settings.APP_ROLE,)


@pytest.mark.parametrize("statement", ["TRUNCATE django_session", "CREATE TABLE mine ()", "DROP TABLE people_user"])
def test_the_application_can_neither_truncate_nor_change_the_schema(db: None, statement: str) -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        cursor.execute(statement)


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next(transactional_db: None, as_owner: Connection, turn: int) -> None:
    with connection.cursor() as cursor, as_owner.cursor() as owners:
        cursor.execute(COUNT)
        assert cursor.fetchone() == (0,)

        cursor.execute(WRITE, [f"turn {turn}"])

        owners.execute(COUNT)
        assert owners.fetchone() == (1,)  # committed, so another connection sees it


def test_a_test_begins_with_nobody_in_the_database(db: None) -> None:
    assert not User.objects.exists()

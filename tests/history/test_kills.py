"""Workers and database backends killed in the midst of a form's writes: all of a form is saved or nothing, and what was
acknowledged stays."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from psycopg2.extensions import connection as Connection

from indicators.models import Figure
from kentplan.__main__ import ROOT
from tests.databases import Databases
from tests.factories import FigureFactory, UserFactory

ROWS = 12


class Worker:
    """A process that saves the page's form, told where to stop."""

    def __init__(self, user: int, page: str, number: int, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.history.killed_worker", str(user), page, str(number)],
            cwd=ROOT,
            env={**os.environ, **environment, "DJANGO_SETTINGS_MODULE": "tests.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.hear() == ["ready"]

    def tell(self, words: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()

    def hear(self) -> list[str]:
        """The next thing that it says; nothing where it has died."""
        assert self.process.stdout
        for line in self.process.stdout:
            if line.split()[:1] in (["ready"], ["mid"], ["saved"], ["failed"]):
                return line.split()
        return []

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(30)
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(BrokenPipeError):
                assert pipe
                pipe.close()


@contextmanager
def working(*args: Any) -> Iterator[Worker]:
    worker = Worker(*args)
    try:
        yield worker
    finally:
        worker.kill()


class Form:
    """A unit's measure of twelve figures, which one form saves in one change set."""

    def __init__(self) -> None:
        first = FigureFactory(kind="actual", period="1", value=Decimal(0))
        for period in range(2, ROWS + 1):
            FigureFactory(listing=first.listing, kind="actual", period=str(period), value=Decimal(0))
        self.user = UserFactory(unit_manager=True, grant__unit=first.listing.unit).pk
        self.page = f"/indicators/measures/{first.listing.pk}/edit/"

    def value(self) -> int:
        """The one value of all its figures: a form that is half saved leaves several."""
        values = set(Figure.objects.values_list("value", flat=True))
        assert len(values) == 1, values
        (value,) = values
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT change_set_id, count(*) FROM history.indicators_figure WHERE operation = 'update' GROUP BY 1"
            )
            assert {number for _, number in cursor.fetchall()} <= {ROWS}
        return int(value)


@pytest.fixture
def form(transactional_db: None) -> Form:
    return Form()


def places(number: int) -> list[str]:
    dice = random.Random(1974)
    return [dice.choice([*map(str, range(1, ROWS + 1)), "commit"]) for _ in range(number)]


def test_worker_that_is_killed_leaves_no_form_half_saved(form: Form, databases: Databases, full: bool) -> None:
    kills = 25 if full else 2
    number = 1
    for place in places(kills):
        with working(form.user, form.page, number, databases.urls()) as worker:
            worker.tell("nowhere")
            assert worker.hear() == ["saved", str(number)]
            worker.tell(place)
            assert worker.hear()[0] == "mid"
            worker.kill()
        assert form.value() == number
        number += 2
    print(f"{kills} workers killed in the midst of writes")


def test_database_connection_that_is_ended_leaves_no_form_half_saved(
    form: Form, databases: Databases, as_owner: Connection, full: bool
) -> None:
    kills = 25 if full else 1
    with working(form.user, form.page, 1, databases.urls()) as worker:
        acknowledged = 0
        for number, place in enumerate(places(kills)):
            worker.tell(place)
            said, backend = worker.hear()
            assert said == "mid"
            with as_owner.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [int(backend)])
                assert cursor.fetchone() == (True,)
            worker.tell("")
            assert worker.hear()[0] == "failed"
            assert form.value() == acknowledged
            # The same worker goes on as soon as the database is there.
            worker.tell("nowhere")
            acknowledged = 2 * number + 2
            assert worker.hear() == ["saved", str(acknowledged)]
            assert form.value() == acknowledged
    print(f"{kills} database connections ended in the midst of writes")

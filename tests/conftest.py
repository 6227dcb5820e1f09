"""What every test may ask for."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import hypothesis
import pytest
from django.test import TransactionTestCase
from psycopg2.extensions import connection as Connection

from people.models import User
from tests.databases import Databases, Kind
from tests.factories import UserFactory

hypothesis.settings.register_profile("full", deadline=None, max_examples=200)
hypothesis.settings.register_profile("tenth", deadline=None, max_examples=20)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="the long property, race and kill runs in full, not a part")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile("full" if config.getoption("full") else "tenth")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was skipped, and why: one line a reason."""
    skipped = terminalreporter.getreports("skipped")
    for reason, number in Counter(str(report.longrepr[2]) for report in skipped).items():
        terminalreporter.write_line(f"{number} not run. {reason}")


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether long runs are to be run in full."""
    return bool(request.config.getoption("full"))


# The database. `db`, `transactional_db`, `client` and `live_server` are pytest-django's, as usual.


@pytest.fixture(scope="session")
def databases(
    testrun_uid: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory, django_test_environment: None
) -> Iterator[Databases]:
    folder = tmp_path_factory.getbasetemp()
    made = Databases(run=testrun_uid, worker=worker_id, folder=folder if worker_id == "master" else folder.parent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: made.spoil())
        yield made
    made.close()


@pytest.fixture
def django_db_setup(request: pytest.FixtureRequest, databases: Databases, django_db_blocker: Any) -> None:
    """In place of pytest-django's: the database that this test is to meet."""
    with django_db_blocker.unblock():
        databases.use(Kind.PUBLISHED if "published" in request.fixturenames else Kind.MIGRATED)


@pytest.fixture
def published(db: None) -> None:
    """The two published plans and the demo's people are in the database."""


@pytest.fixture
def passwords(published: None, databases: Databases) -> dict[str, str]:
    """The passwords of the demo's people, by e-mail address."""
    read: dict[str, str] = json.loads(databases.passwords.read_text())
    return read


@pytest.fixture
def as_owner(db: None, databases: Databases) -> Iterator[Connection]:
    """A second connection to the test's database, with its owner's rights. It sees only what is committed."""
    with closing(databases.connect_as_owner()) as connection:
        yield connection


# The personas, one for each role, and one who holds none.


@pytest.fixture
def finance_officer(db: None) -> User:
    return UserFactory(finance_officer=True, name="Frances Finance")


@pytest.fixture
def unit_manager(db: None) -> User:
    """Manages a unit of her own: `unit_manager.grants.get().unit`."""
    return UserFactory(unit_manager=True, name="Martha Manager")


@pytest.fixture
def poc_member(db: None) -> User:
    return UserFactory(poc_member=True, name="Mary Member")


@pytest.fixture
def plan_administrator(db: None) -> User:
    return UserFactory(plan_administrator=True, name="Ada Administrator")


@pytest.fixture
def approver(db: None) -> User:
    return UserFactory(approver=True, name="Arthur Approver")


@pytest.fixture
def auditor(db: None) -> User:
    return UserFactory(auditor=True, name="Olga Auditor")


@pytest.fixture
def stranger(db: None) -> User:
    return UserFactory(name="Sam Stranger")

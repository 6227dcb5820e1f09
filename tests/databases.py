"""The databases that tests run on: clones of templates, used with the application's rights and no more.

Of each kind (see `Kind`) a run makes one template, the first time that a test asks for it; each process of the run
clones it. A test inside a transaction leaves its clone as it was. One that commits spoils it, and the next test gets a
new clone: Django would TRUNCATE, which the application's role may not do, and would lose what migrations wrote.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from django.core.management import call_command
from django.db import connection
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from kentplan.__main__ import PLANS, ROOT
from kentplan.demo import people

PREFIX = "kentplan_test_"
LOCK = 2009_10  # held while templates are made or databases dropped, by whichever process of whichever run


class Kind(StrEnum):
    """What is in a database when a test begins."""

    MIGRATED = "migrated"  # the tables, empty
    PUBLISHED = "published"  # the two published plans, and the demo's people


class Databases:
    """The databases of one process of one test run. Its open connection tells others that the run goes on."""

    def __init__(self, *, run: str, worker: str, folder: Path) -> None:
        self.run = f"{PREFIX}{run[:8]}"
        self.worker = worker
        self.passwords = folder / "demo_passwords.json"  # shared by the processes of a run
        self._owner = self._connect(os.environ["DATABASE_OWNER_URL"])
        self._ready: set[Kind] = set()
        self._current = Kind.MIGRATED
        with self._locked():
            self._sweep()

    def use(self, kind: Kind) -> None:
        """Points Django at this process's own database of that kind, as its template left it."""
        name = f"{self.run}_{kind}_{self.worker}"
        if kind not in self._ready:
            connection.close()
            self._clone(self._template(kind), name)
            self._ready.add(kind)
        self._current = kind
        self._point_django_at(name)

    def spoil(self) -> None:
        """What was committed stays in the database in use: nobody else is to meet it."""
        connection.close()
        self._ready.discard(self._current)

    def connect_as_owner(self) -> Connection:
        """The driver's own connection to the database in use, with the rights of the role that owns the tables."""
        return self._connect(self.urls()["DATABASE_OWNER_URL"])

    def urls(self) -> dict[str, str]:
        """The environment in which another program meets the database in use."""
        return urls(connection.settings_dict["NAME"])

    def close(self) -> None:
        """The last process of a run to come here drops all that the run made."""
        connection.close()
        self._execute("SET application_name TO ''")
        with self._locked():
            self._sweep()
        self._owner.close()

    def _template(self, kind: Kind) -> str:
        name, unfinished = f"{self.run}_{kind}", f"{self.run}_{kind}_unfinished"
        with self._locked():
            if name not in self._existing():
                if kind is Kind.MIGRATED:
                    self._drop(unfinished)
                    self._execute("CREATE DATABASE {}", unfinished)
                    self._migrate(unfinished)
                else:
                    self._clone(self._template(Kind.MIGRATED), unfinished)
                    self._publish(unfinished)
                self._execute("ALTER DATABASE {} RENAME TO {}", unfinished, name)
        return name

    def _migrate(self, name: str) -> None:
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0", "--settings=tests.settings"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **urls(name)}, check=True)

    def _publish(self, name: str) -> None:
        self._point_django_at(name)
        call_command("load_plan", *sorted(map(str, PLANS.glob("*.txt"))))
        people(self.passwords)
        connection.close()

    def _clone(self, template: str, name: str) -> None:
        self._drop(name)
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)

    def _drop(self, name: str) -> None:
        """WITH (FORCE) would be refused while the server itself vacuums there, which a plain DROP ends."""
        with self._owner.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE datname = %s AND backend_type = 'client backend'",
                [name],
            )
        self._execute("DROP DATABASE IF EXISTS {}", name)

    def _sweep(self) -> None:
        """Drops the databases of runs that are over, however they ended."""
        with self._owner.cursor() as cursor:
            cursor.execute("SELECT application_name FROM pg_stat_activity")
            running = {name for (name,) in cursor}
            for name in self._existing():
                if name.startswith(PREFIX) and name[: len(self.run)] not in running:
                    self._drop(name)

    def _execute(self, statement: str, *names: str) -> None:
        with self._owner.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _existing(self) -> set[str]:
        with self._owner.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            return {name for (name,) in cursor}

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._owner.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])

    def _connect(self, url: str) -> Connection:
        made = psycopg2.connect(url, application_name=self.run)
        made.autocommit = True
        return made

    def _point_django_at(self, name: str) -> None:
        if connection.settings_dict["NAME"] != name:
            connection.close()
            connection.settings_dict["NAME"] = name


def urls(name: str) -> dict[str, str]:
    """DATABASE_URL and DATABASE_OWNER_URL, of another database on the same server."""
    variables = ("DATABASE_URL", "DATABASE_OWNER_URL")
    return {variable: urlsplit(os.environ[variable])._replace(path=f"/{name}").geturl() for variable in variables}

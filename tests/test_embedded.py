"""The life of an embedded PostgreSQL of the tests' own: one for all of these, started and ended over and over."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from kentplan.embedded import APPLICATION, DATABASE, OWNER, Embedded, EmbeddedError


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    server = Embedded(tmp_path_factory.mktemp("embedded") / "postgres", durable=False)
    (server.folder / "data.unfinished").mkdir(parents=True)  # as an initdb that was cut short leaves it
    (server.folder / "data.unfinished" / "PG_VERSION").write_text("18")
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def running(server: Embedded) -> None:
    server.start()


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """Another program, which may come to have the number of a server's process."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as program:
        yield program
        program.kill()


def pid(server: Embedded) -> int:
    found = server.pid()
    assert found is not None
    return found


def write(server: Embedded, note: str) -> None:
    with closing(server.connect(OWNER, DATABASE)) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS notes (note text)")
        cursor.execute("INSERT INTO notes VALUES (%s)", [note])


def read(server: Embedded) -> list[str]:
    with closing(server.connect(OWNER, DATABASE)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT note FROM notes")
        return [note for (note,) in cursor]


def test_start_gives_an_application_that_cannot_change_the_schema(server: Embedded) -> None:
    refused = pytest.raises(psycopg2.errors.InsufficientPrivilege)
    with closing(psycopg2.connect(server.url(APPLICATION))) as connection, connection.cursor() as cursor, refused:
        cursor.execute("CREATE TABLE mine ()")


def test_start_gives_an_owner_that_may_create_databases_but_is_no_superuser(server: Embedded) -> None:
    with closing(server.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb, rolsuper FROM pg_roles WHERE rolname = %s", [OWNER])
        assert cursor.fetchone() == (True, False)


def test_nobody_without_a_password_comes_in(server: Embedded) -> None:
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(host="127.0.0.1", port=server.port(), user=APPLICATION, dbname=DATABASE, password="guessed")


def test_passwords_and_data_are_closed_to_other_users(server: Embedded) -> None:
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((server.folder / "passwords.json").stat().st_mode) == 0o600
    assert not (server.folder / "superuser").exists()


def test_start_leaves_a_running_server_as_it_is(server: Embedded) -> None:
    before = pid(server)

    Embedded(server.folder).start()

    assert pid(server) == before


def test_two_who_start_at_once_share_one_server(server: Embedded) -> None:
    server.stop()
    log = server.folder / "server.log"
    before = log.read_text().count("starting PostgreSQL")

    with ThreadPoolExecutor(2) as both:
        for started in [both.submit(Embedded(server.folder).start) for _ in range(2)]:
            started.result()

    assert log.read_text().count("starting PostgreSQL") == before + 1


def test_rows_outlive_a_stop(server: Embedded) -> None:
    write(server, "before the stop")

    assert server.stop()
    server.start()

    assert "before the stop" in read(server)


def test_rows_outlive_a_killed_server(server: Embedded) -> None:
    write(server, "before the kill")

    os.kill(pid(server), signal.SIGKILL)
    server.start()

    assert "before the kill" in read(server)


def test_stop_says_whether_a_server_ran(server: Embedded) -> None:
    assert server.stop()
    assert not server.stop()


def test_stop_before_any_start_makes_nothing(tmp_path: Path) -> None:
    assert not Embedded(tmp_path / "postgres").stop()
    assert list(tmp_path.iterdir()) == []


def test_another_program_with_the_old_servers_number_is_neither_ended_nor_in_the_way(
    server: Embedded, stranger: subprocess.Popen[bytes]
) -> None:
    notes = server.data / "postmaster.pid"
    left = notes.read_text().splitlines()
    server.stop()
    notes.write_text("\n".join([str(stranger.pid), *left[1:]]) + "\n")
    notes.chmod(0o600)

    assert not server.stop()
    server.start()

    assert pid(server) != stranger.pid
    assert stranger.poll() is None


def test_data_of_another_version_are_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("9.6\n")

    with pytest.raises(EmbeddedError, match=r"written by PostgreSQL 9\.6"):
        Embedded(tmp_path).start()

"""The two commands: what run.py does with the standard library alone, and what the package does after it."""

import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import run
from kentplan import __main__ as portal
from tests.databases import Databases

LOCKS = sorted(run.ROOT.glob("requirements*.lock"))


def pinned(lock: str) -> set[str]:
    """The packages of a lock, each as name==version."""
    return set(re.findall(r"^\S+==\S+", (run.ROOT / lock).read_text(), re.MULTILINE))


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[str]]]:
    """What run.py would have run, with an environment of the test's own."""
    called: list[list[str]] = []

    def call(command: list[str]) -> int:
        called.append(command)
        return 0

    monkeypatch.setattr(run, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(run.subprocess, "call", call)
    monkeypatch.setattr(run.subprocess, "check_call", call)
    return called


def test_a_lock_is_installed_once(commands: list[list[str]]) -> None:
    run.install("requirements.lock")
    installed = len(commands)

    run.install("requirements.lock")

    assert installed > 0
    assert len(commands) == installed


def test_a_changed_lock_is_installed_again(commands: list[list[str]], tmp_path: Path) -> None:
    lock = tmp_path / "some.lock"
    lock.write_text("one")
    stamp = run.Stamp(tmp_path / "stamp", lock.read_text())
    stamp.set()
    assert stamp.holds()

    lock.write_text("two")

    assert not run.Stamp(tmp_path / "stamp", lock.read_text()).holds()


def test_every_package_is_checked_against_its_hash(commands: list[list[str]]) -> None:
    run.install("requirements.lock")

    assert all("--require-hashes" in command for command in commands)


def test_pip_installs_where_uv_cannot(commands: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.subprocess, "call", lambda command: "uv" in command)

    run.install("requirements.lock")

    assert [command[2] for command in commands] == ["pip"]


@pytest.mark.parametrize("lock", [*LOCKS, run.ROOT / "package-lock.json"], ids=lambda lock: lock.name)
def test_a_lock_names_no_registry_and_no_folder(lock: Path) -> None:
    text = lock.read_text()

    assert '"resolved"' not in text
    assert not re.search(r"--(extra-)?index-url|--find-links|file:|registry|(^|\s)/\w+", text)


def test_what_is_tested_is_what_is_served() -> None:
    served, tested = (pinned(name) for name in ("requirements.lock", "requirements-dev.lock"))

    assert served
    assert served <= tested


def test_the_tools_of_the_tests_are_not_served() -> None:
    groups = tomllib.loads((run.ROOT / "pyproject.toml").read_text())["dependency-groups"]
    served = {package.partition("==")[0] for package in pinned("requirements.lock")}

    assert not served.intersection(re.split("[<>=]", requirement)[0] for requirement in groups["dev"])


def test_every_dependency_has_its_reason() -> None:
    text = (run.ROOT / "pyproject.toml").read_text().partition("[tool.")[0]
    listed = re.findall(r'^    "[^"]+",.*$', text, re.MULTILINE)

    assert listed
    assert [line for line in listed if "# " not in line] == []


def test_one_database_address_alone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_OWNER_URL")

    with pytest.raises(SystemExit, match="set both DATABASE_URL and DATABASE_OWNER_URL, or neither"):
        portal.provide_environment(portal.TEST_SERVER)


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(SystemExit, match="--help"):
        portal.main(["serv"])


def test_a_missing_setting_says_what_to_do() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}

    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=run.ROOT, env=environment, capture_output=True, text=True
    )

    assert done.returncode
    assert "SECRET_KEY is not set. It is the long random text that signs sessions." in done.stderr
    assert "python3 run.py" in done.stderr


def test_another_port_is_found_where_8000_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    with portal.listen() as first, portal.listen() as second:
        assert first.getsockname()[0] == second.getsockname()[0] == "127.0.0.1"
        assert first.getsockname()[1] != second.getsockname()[1]


def test_a_port_that_was_asked_for_is_not_exchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))

        with pytest.raises(SystemExit, match="is taken"):
            portal.listen()


def test_serve_says_where_to_look_and_stops_at_ctrl_c(
    transactional_db: None, published: None, databases: Databases
) -> None:
    environment = {**os.environ, **databases.urls()}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "kentplan"]
    with subprocess.Popen(command, cwd=run.ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = next(line for line in server.stdout if "http://" in line)
        address = re.search(r"http://127\.0\.0\.1:\d+/", said)[0]

        with urllib.request.urlopen(f"{address}accounts/login/") as page:
            assert page.status == 200
            assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        server.send_signal(signal.SIGINT)

        assert server.wait(timeout=20) == 0

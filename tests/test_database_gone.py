"""The database goes away under the portal, and comes back: a real server of the test's own, and real workers."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest
import requests

from kentplan.__main__ import ROOT
from kentplan.embedded import APPLICATION, OWNER, Embedded

PASSWORD = "seven quiet herons"
MAKE = """
import json, django
django.setup()
from tests.factories import BudgetLineFactory, UserFactory
user = UserFactory(finance_officer=True, password=PASSWORD)
line = BudgetLineFactory(employee=100)
print(json.dumps({"email": user.email, "line": line.pk}))
"""


@dataclass
class Portal:
    """A portal that runs, and somebody who is signed in to it."""

    server: Embedded
    address: str
    line: int
    person: requests.Session
    log: Path

    def get(self, path: str) -> requests.Response:
        return self.person.get(f"{self.address}{path}", timeout=60, allow_redirects=False)

    def post(self, path: str, **data: str) -> requests.Response:
        return self.person.post(f"{self.address}{path}", data=data, timeout=60, allow_redirects=False)

    def stored(self) -> tuple[int, int]:
        """The line's employee costs in pounds, and how many change sets there are."""
        with closing(self.server.connect(OWNER, "kentplan")) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT employee, (SELECT count(*) FROM history_changeset) FROM budgets_budgetline")
            found = cursor.fetchone()
        assert found is not None
        return int(found[0]), int(found[1])

    def crash(self) -> str:
        """The database ends at once, as when its machine fails; what is needed to have it back on the same port."""
        pid, port = self.server.pid(), self.server.port()
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)
        until(lambda: self.server.pid() is None)
        return str(port)

    def come_back(self, port: str) -> None:
        data, log = str(self.server.data), str(self.server.folder / "server.log")
        self.server._run("pg_ctl", "start", "-D", data, "-w", "-t", "30", "-l", log, "-o", f"-c port={port}")


def until(holds: object, seconds: float = 60) -> float:
    """Waits until it holds; how long it took."""
    assert callable(holds)
    begin = time.monotonic()
    while not holds():
        assert time.monotonic() < begin + seconds, "It took too long."
        time.sleep(0.05)
    return time.monotonic() - begin


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("gone")
    server = Embedded(folder / "postgres", durable=False)
    server.start()
    environment = {
        **os.environ,
        "DATABASE_URL": server.url(APPLICATION),
        "DATABASE_OWNER_URL": server.url(OWNER),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "HTTPS": "off",
        "SECOND_FACTOR_REQUIRED": "off",
    }

    def run(*command: str) -> str:
        words = [sys.executable, *command]
        done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("manage.py", "migrate", "--verbosity=0", "--settings=tests.settings")
    made = json.loads(run("-c", MAKE.replace("PASSWORD", repr(PASSWORD))))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    log = folder / "log"
    words = ["-m", "gunicorn", "kentplan.wsgi", f"--bind=127.0.0.1:{port}", "--workers=2", "--no-control-socket"]
    with (
        log.open("w") as file,
        subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environment, stderr=file) as web,
    ):
        address = f"http://127.0.0.1:{port}"
        try:
            until(lambda: answers(f"{address}/health/ready/"), seconds=90)
            found = Portal(server, address, made["line"], requests.Session(), log)
            page = found.get("/accounts/login/")
            done = found.post("/accounts/login/", login=made["email"], password=PASSWORD, **hidden(page))
            assert done.status_code == 302, done.text
            yield found
        finally:
            web.terminate()
            web.wait(60)
            server.stop()


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=10).status_code == 200
    except requests.RequestException:
        return False


def hidden(page: requests.Response) -> dict[str, str]:
    """What a form sends without being asked: its version, token and so on."""
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page.text):
        name, value = (re.search(rf'{word}="([^"]*)"', tag) for word in ("name", "value"))
        if name:
            found[name[1]] = value[1] if value else ""
    return found


def boxes(page: requests.Response) -> dict[str, str]:
    """What the form on a budget line holds."""
    found = hidden(page)
    for tag in re.findall(r"<input[^>]*>", page.text):
        name, value = (re.search(rf'{word}="([^"]*)"', tag) for word in ("name", "value"))
        if name and "checkbox" not in tag:
            found[name[1]] = value[1] if value else ""
    for name, body in re.findall(r"<textarea[^>]*name=\"([^\"]*)\"[^>]*>\s*([^<]*)</textarea>", page.text):
        found[name] = body
    return found


def assert_plain(answer: requests.Response) -> None:
    assert answer.status_code == 503
    assert "The portal cannot reach its database" in answer.text
    assert answer.headers["Retry-After"] == "10"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Traceback" not in answer.text and "psycopg2" not in answer.text


def test_the_portal_says_so_loses_nothing_and_comes_back_by_itself(portal: Portal) -> None:
    edit = f"/budgets/lines/{portal.line}/edit/"
    page = portal.get(edit)
    assert (page.status_code, portal.get("/units/").status_code) == (200, 200)
    form = boxes(page) | {"employee": "250", "why": "The pay award"}
    before = portal.stored()

    port = portal.crash()

    for answer in (portal.get("/units/"), portal.get(edit), portal.post(edit, **form), portal.get("/units/")):
        assert_plain(answer)
    reference = re.search(r"reference: <b>(\w+)</b>", portal.get("/budgets/2009-10/").text)
    assert reference is not None and reference[1] in portal.log.read_text()
    assert portal.get("/health/alive/").text == "alive\n"
    ready = portal.get("/health/ready/")
    assert (ready.status_code, ready.text) == (503, "database\n")

    portal.come_back(port)
    took = until(lambda: portal.get("/units/").status_code == 200 and portal.get("/health/ready/").ok)
    assert took < 10
    assert {portal.get("/units/").status_code for _ in range(8)} == {200}  # each of the workers is back
    assert portal.stored() == before

    assert portal.post(edit, **form).status_code == 302
    assert portal.stored() == (250_000, before[1] + 1)


def test_what_was_being_written_is_either_said_to_be_saved_or_is_not(portal: Portal) -> None:
    edit = f"/budgets/lines/{portal.line}/edit/"
    form = boxes(portal.get(edit)) | {"employee": "333", "why": "The pay award"}
    before = portal.stored()
    found: list[requests.Response] = []
    holding = psycopg2.connect(portal.server.url(OWNER))
    with holding.cursor() as cursor:
        cursor.execute("SELECT 1 FROM budgets_budgetline WHERE id = %s FOR UPDATE", [portal.line])
        writing = threading.Thread(target=lambda: found.append(portal.post(edit, **form)))
        writing.start()
        until(lambda: waiting(portal.server))
        port = portal.crash()
    writing.join(60)

    assert_plain(found[0])
    portal.come_back(port)
    assert until(lambda: portal.get("/units/").status_code == 200) < 10
    assert portal.stored() == before


def waiting(server: Embedded) -> bool:
    """Whether somebody waits for a lock."""
    with closing(server.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])  # type: ignore[index]


def test_a_log_of_all_this_holds_no_typed_word(portal: Portal) -> None:
    lines = portal.log.read_text().splitlines()

    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert any(line.get("status") == 503 and line["error"] for line in told)
    assert "The pay award" not in "".join(lines) and "herons" not in "".join(lines)

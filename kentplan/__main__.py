"""What run.py hands over to, inside the environment: serve, test, setup, manage, stop."""

import fcntl
import hashlib
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kentplan.embedded import APPLICATION, OWNER, Embedded, EmbeddedError, write_private

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"  # the data, the passwords, and what can be made again
SERVER = Embedded(VAR / "postgres")
TEST_SERVER = Embedded(VAR / "postgres-tests", durable=False)
PLANS = ROOT / "fixtures" / "plans"
DEMO_DAY = "2009-09-21"  # towards the end of a half year, when there is something to report
UNSERVED = ["*.scss", "*.njk", "*.html", "*.mjs", "*.cjs", "*.ts", "*.json", "*.yaml", "*.md", "readme"]


def main(words: list[str]) -> None:
    command, *rest = words or ["serve"]
    if command == "stop":
        ended = [server.stop() for server in (SERVER, TEST_SERVER)]
        print("PostgreSQL is stopped." if any(ended) else "PostgreSQL was not running.")
        return
    if command not in ("serve", "test", "setup", "manage"):
        sys.exit(f"{command}? See python3 run.py --help.")
    embedded = provide_environment(TEST_SERVER if command == "test" else SERVER)
    if command == "test":
        at_once = [] if "--pdb" in rest else ["-n", "logical"]
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *at_once, *rest])
    if command == "manage":
        os.execv(sys.executable, [sys.executable, str(ROOT / "manage.py"), *rest])
    if embedded:
        os.environ.setdefault("TODAY", DEMO_DAY)
        os.environ.setdefault("SECOND_FACTOR_REQUIRED", "off")  # its people are made up, and share a machine
    prepare(with_people=embedded)
    if command == "serve":
        serve()


def provide_environment(server: Embedded) -> bool:
    """Gives the settings that are missing a value fit for this machine alone. Whether `server` is the database then."""
    VAR.mkdir(exist_ok=True)
    VAR.chmod(0o700)
    key = VAR / "secret_key"
    with one_at_a_time():
        if not key.exists():
            write_private(key, secrets.token_urlsafe(48))
    os.environ.setdefault("SECRET_KEY", key.read_text())
    os.environ.setdefault("HTTPS", "off")
    given = [name for name in ("DATABASE_URL", "DATABASE_OWNER_URL") if os.environ.get(name)]
    if len(given) == 1:
        sys.exit(f"{given[0]} is set alone: set both DATABASE_URL and DATABASE_OWNER_URL, or neither.")
    if given:
        return False
    server.start()
    os.environ["DATABASE_URL"] = server.url(APPLICATION)
    os.environ["DATABASE_OWNER_URL"] = server.url(OWNER)
    return True


def prepare(*, with_people: bool) -> None:
    """Everything that a request will find: tables, the two published plans, static files; people to sign in as."""
    import django
    from django.core.management import call_command
    from django.db import connections

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kentplan.settings")
    django.setup()
    with one_at_a_time():
        try:
            call_command("migrate", check_unapplied=True, verbosity=0)
        except SystemExit:
            print("Making the tables", flush=True)
            subprocess.run([sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity=0"], check=True)
        load_plans()
        if with_people:
            from kentplan.demo import people, show

            show(people(VAR / "demo_passwords.json"))
        stamp, made_from = VAR / "static.stamp", fingerprint(static_sources())
        if not stamp.exists() or stamp.read_text() != made_from:
            call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=UNSERVED)
            stamp.write_text(made_from)
    connections.close_all()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Whoever starts second in this folder waits."""
    with (VAR / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def load_plans() -> None:
    """Loads the published plans that the database does not know yet."""
    from django.core.management import call_command

    from plans.models import Document

    files = sorted(PLANS.glob("*.txt"))
    known = set(Document.objects.values_list("sha256", flat=True))
    if {hashlib.sha256(file.read_bytes()).hexdigest() for file in files} - known:
        print("Loading the plans", flush=True)
        call_command("load_plan", *map(str, files))


def static_sources() -> Iterable[Path]:
    yield from (ROOT / name for name in ("requirements.lock", "package-lock.json"))
    yield from sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())


def fingerprint(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def serve() -> None:
    """Serves on this machine alone, with two workers, until Ctrl-C."""
    from gunicorn.app.base import BaseApplication

    server = listen()
    address = "http://127.0.0.1:{1}/".format(*server.getsockname())

    class Portal(BaseApplication):
        def load_config(self) -> None:
            settings = {
                "bind": f"fd://{server.fileno()}",
                "workers": 2,
                "preload_app": True,
                "control_socket_disable": True,
                "loglevel": "error",
                "when_ready": lambda _: print(f"\nThe portal: {address}   (Ctrl-C stops it)", flush=True),
            }
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> object:
            from kentplan.wsgi import application

            return application

    Portal().run()


def listen() -> socket.socket:
    """A socket on PORT if that is given, else on 8000, or where that is taken on any that is free."""
    wanted = os.environ.get("PORT")
    for port in [int(wanted)] if wanted else [8000, 0]:
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind(("127.0.0.1", port))
            server.listen()
        except OSError:
            server.close()
        else:
            return server
    sys.exit(f"Port {wanted} is taken.")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except EmbeddedError as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
    except KeyboardInterrupt:
        sys.exit(130)

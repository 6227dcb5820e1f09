"""The settings that a council's own server has, as a process that is started there reads them."""

import functools
import json
import os
import subprocess
import sys
from typing import Any

from kentplan.__main__ import ROOT

KEY = "pY7mQ2wR9tK4vX8zB3nL6cF1hJ5sD0gAeUiOoPqWxEzTrMaN_-uVyHkG"
ENVIRONMENT = {
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "plans.example.gov.uk",
    "DATABASE_URL": "postgres://app:pw@127.0.0.1:1/kentplan",
    "HTTPS": "on",
    "TRUSTED_PROXIES": "1",
}
READ = """
import json
from kentplan import settings
names = ("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_", "X_FRAME_", "BROWSER_", "ALLOWED_HOSTS", "CSRF_TRUSTED", "DEBUG")
found = {name: value for name, value in vars(settings).items() if name.startswith(names)}
print(json.dumps(found))
"""


def start(*command: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """Runs Python with these words where the environment is a production server's, but for what is `changed`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**kept, **ENVIRONMENT, **changed},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@functools.cache
def _read() -> str:
    done = start("-c", READ)
    assert done.returncode == 0, done.stderr
    return done.stdout


def production_settings() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(_read())
    return read

"""A real browser, at pages served by the test itself: `page.goto("/units/")`. `page` is pytest-playwright's."""

import fcntl
import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from run import BROWSERS, ROOT

PACKAGE = ROOT / "node_modules" / "@sparticuz" / "chromium"
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's browser, or the one that came as a package; without either the test is skipped, in CI it fails."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in the thread of the tests
    if node := shutil.which("node"):
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = node  # its own needs a library that bare machines lack
    if executable := next(filter(None, map(shutil.which, BROWSERS)), None):
        return {**browser_type_launch_args, "args": ARGUMENTS.split(), "executable_path": executable}
    if not PACKAGE.exists():
        why = f"no browser: none of {', '.join(BROWSERS)} on the PATH, and no package brings one for this machine"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)
    folder = unpacked()
    environment = {
        **os.environ,
        "LD_LIBRARY_PATH": str(folder / "al2023" / "lib"),
        "FONTCONFIG_FILE": str(folder / "fonts.conf"),
    }
    executable = str(folder / "chromium")
    return {**browser_type_launch_args, "args": ARGUMENTS.split(), "executable_path": executable, "env": environment}


def unpacked() -> Path:
    """The folder with the package's browser, its libraries and its fonts; unpacked once a version."""
    version = json.loads((PACKAGE / "package.json").read_text())["version"]
    folder = ROOT / "var" / f"chromium-{version}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other processes of the run wait
        if not (folder / "chromium").exists():
            for name in ("swiftshader", "fonts", "al2023"):
                packed = io.BytesIO(brotli.decompress((PACKAGE / "bin" / f"{name}.tar.br").read_bytes()))
                with tarfile.open(fileobj=packed) as archive:
                    # Debian 12's Python knows no filter, later ones insist on one; the hash is in package-lock.json
                    archive.extractall(folder / name, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
            fonts = next((folder / "fonts").rglob("fonts.conf")).read_text()
            fonts = re.sub(r"<dir>.*?</dir>", f"<dir>{folder / 'fonts'}</dir>", fonts)
            (folder / "fonts.conf").write_text(fonts)
            unfinished = folder / "unfinished"
            unfinished.write_bytes(brotli.decompress((PACKAGE / "bin" / "chromium.br").read_bytes()))
            unfinished.chmod(0o755)
            unfinished.rename(folder / "chromium")
    return folder


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    return str(live_server.url)


@pytest.fixture
def sign_in(page: Page, passwords: dict[str, str]) -> Callable[[str], Page]:
    """Signs one of the demo's people in, as they would."""

    def sign_in(email: str) -> Page:
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(email)
        page.locator("input[name=password]").fill(passwords[email])
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return page

    return sign_in


@pytest.fixture
def assert_accessible(page: Page) -> Callable[[], None]:
    """Fails with axe's own report where it finds anything on the page as it is shown."""

    def assert_accessible() -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return assert_accessible

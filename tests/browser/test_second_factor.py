"""A second factor as a person makes and uses it: by keyboard alone, and the app also without JavaScript."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Locator, Page, expect

from tests.people.signing_in import code_of

CHOOSE, CODES, CODE = "**/accounts/2fa/", "**/accounts/2fa/recovery-codes/", "**/accounts/2fa/authenticate/"
OFFICER = "finance@example.org"


@pytest.fixture(autouse=True)
def required(settings: Any, published: None) -> Iterator[None]:
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def named(base_url: str) -> str:
    """The portal by a name: a passkey belongs to one, not to a number."""
    return base_url.replace("127.0.0.1", "localhost")


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(40):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by the Tab key")


def press(page: Page, target: Locator) -> None:
    tab_to(page, target)
    page.keyboard.press("Enter")


def type_in(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label, exact=True))
    page.keyboard.type(text)


def log_in(page: Page, address: str, password: str) -> None:
    page.goto(address + "/accounts/login/")
    type_in(page, "E-mail address", OFFICER)
    type_in(page, "Password", password)
    page.keyboard.press("Enter")


def test_an_app_is_set_up_and_used_by_keyboard_alone_without_javascript(
    browser: Browser, base_url: str, passwords: dict[str, str]
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(base_url + "/accounts/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    page.locator("input[name=login]").fill(OFFICER)
    page.locator("input[name=password]").fill(passwords[OFFICER])
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(CHOOSE)
    page.get_by_role("link", name="Set up an app").press("Enter")
    page.wait_for_url("**/accounts/2fa/app/add/")
    expect(page.locator("svg.ac-qr")).to_be_visible()
    secret = page.locator(".ac-key").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill(code_of(secret))
    page.get_by_label("Code", exact=True).press("Enter")
    page.wait_for_url(CODES)
    codes = page.locator(".ac-codes li").all_inner_texts()
    assert len(codes) == 10

    page.context.clear_cookies()
    page.goto(base_url + "/accounts/login/?next=/units/")
    page.locator("input[name=login]").fill(OFFICER)
    page.locator("input[name=password]").fill(passwords[OFFICER])
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(CODE)
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_label("Code", exact=True).press("Enter")
    page.wait_for_url("**/units/")
    context.close()


def test_an_app_and_a_passkey_by_keyboard_alone(
    page: Page, named: str, passwords: dict[str, str], assert_accessible: Callable[[], None]
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": device | {"isUserVerified": True}})

    # The app
    log_in(page, named, passwords[OFFICER])
    page.wait_for_url(CHOOSE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")
    assert_accessible()
    press(page, page.get_by_role("link", name="Set up an app"))
    page.wait_for_url("**/accounts/2fa/app/add/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up an authenticator app")
    assert_accessible()
    secret = page.locator(".ac-key").inner_text().replace(" ", "")
    type_in(page, "Code", code_of(secret))
    page.keyboard.press("Enter")
    page.wait_for_url(CODES)
    assert_accessible()

    # A passkey beside it, for which the account is the way
    page.set_viewport_size({"width": 1280, "height": 900})
    press(page, page.get_by_role("link", name="Your account").first)
    page.wait_for_url("**/accounts/")
    assert_accessible()
    press(page, page.get_by_role("link", name="Add a passkey"))
    page.wait_for_url("**/accounts/2fa/passkeys/add/")
    expect(page.get_by_role("button", name="Add the passkey")).to_be_visible()
    assert_accessible()
    press(page, page.get_by_role("button", name="Add the passkey"))
    page.wait_for_url(re.compile("/accounts/$"))
    expect(page.get_by_role("link", name="Rename Passkey")).to_be_visible()

    # The passkey after the password
    page.context.clear_cookies()
    log_in(page, named, passwords[OFFICER])
    page.wait_for_url(CODE)
    assert_accessible()
    press(page, page.get_by_role("button", name="Use a passkey"))
    page.wait_for_url(named + "/")

    # The passkey alone
    page.context.clear_cookies()
    page.goto(named + "/accounts/login/")
    press(page, page.get_by_role("button", name="Sign in with a passkey"))
    page.wait_for_url(named + "/")

    # A passkey that is not known here is refused in words
    page.context.clear_cookies()
    page.goto(named + "/accounts/login/")
    devices.send("WebAuthn.disable")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')) }")
    press(page, page.get_by_role("button", name="Sign in with a passkey"))
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used")
    assert_accessible()

"""The frame of every page: the header at every width, the words explained on the spot, search, and error pages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.mark.parametrize("width", [320, 390, 640, 768, 1000, 1130, 1280])
def test_header_is_one_row_at_every_width(sign_in: Callable[[str], Page], width: int) -> None:
    page = sign_in("admin@example.org")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/help/")

    assert page.locator("header").evaluate("header => header.offsetHeight") <= 64
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_menu_of_a_phone_opens_and_closes_by_keyboard(
    sign_in: Callable[[str], Page], assert_accessible: Callable[[], None]
) -> None:
    page = sign_in("member@example.org")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/units/")
    menu = page.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()

    page.get_by_role("button", name="Menu").press("Enter")

    expect(menu).to_be_visible()
    assert_accessible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Home", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.get_by_role("button", name="Menu")).to_be_focused()


def test_menu_opens_without_javascript(browser: Browser, sign_in: Callable[[str], Page], base_url: str) -> None:
    cookies = sign_in("member@example.org").context.cookies()
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}, base_url=base_url)
    context.add_cookies(cookies)  # type: ignore[arg-type]  # as they came
    page = context.new_page()
    page.goto("/units/")

    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Actions", exact=True).click()

    expect(page).to_have_url(f"{base_url}/projects/2009-10/")
    context.close()


def test_term_is_explained_on_the_spot_and_moves_nothing(
    sign_in: Callable[[str], Page], assert_accessible: Callable[[], None]
) -> None:
    page = sign_in("finance@example.org")
    page.goto("/units/2009-10/attendance-and-behaviour-service/")
    button = page.get_by_role("button", name="What is controllable?").first
    before = button.bounding_box()

    button.press("Enter")

    box = page.locator(".kp-term__box:popover-open")
    expect(box).to_contain_text("What a unit itself decides to spend")
    assert button.bounding_box() == before
    assert_accessible()
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(button).to_be_focused()


def test_term_leads_to_help_without_javascript(browser: Browser, sign_in: Callable[[str], Page], base_url: str) -> None:
    cookies = sign_in("finance@example.org").context.cookies()
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    context.add_cookies(cookies)  # type: ignore[arg-type]  # as they came
    page = context.new_page()
    page.goto("/units/2009-10/attendance-and-behaviour-service/")

    page.get_by_role("link", name="What is controllable?").first.click()

    expect(page).to_have_url(f"{base_url}/help/#controllable")
    expect(page.locator("#controllable")).to_be_in_viewport()
    context.close()


def test_search_in_the_header_finds_by_keyboard_alone(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("member@example.org")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/units/")

    page.get_by_role("searchbox", name="Search all plans").press_sequentially("persistent absence")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Measures 3")).to_be_visible()
    page.get_by_role("link", name="Persistent Absence", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Persistent Absence")

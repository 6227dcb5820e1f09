"""Looking back to a day, with a browser: the old figure, the banner, links that keep the day, and the way back."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from budgets.models import BudgetLine
from history.changes import change_set

SignIn = Callable[[str], Page]
Check = Callable[[], None]
TABLE = "/budgets/2009-10/attendance-and-behaviour-service/"


@pytest.fixture
def yesterday(monkeypatch: pytest.MonkeyPatch, published: None) -> str:
    """A day that was over when the plans stood as loaded; since then the employee costs of one line went up."""
    moment = timezone.now()
    monkeypatch.setattr("kentplan.looking_back.end_of", lambda day: moment)
    with change_set(by=None, why="Pay award", door="Test"):
        BudgetLine.objects.filter(activity="Multi Agency").update(employee="98.7")
    return (timezone.localdate() - timedelta(days=1)).isoformat()


def tab_to(page: Page, selector: str) -> None:
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard on {page.url}")


def test_a_member_looks_back_by_keyboard_and_stays_on_that_day(
    sign_in: SignIn, yesterday: str, assert_accessible: Check
) -> None:
    page = sign_in("member@example.org")
    page.goto(TABLE)
    row = page.get_by_role("row").filter(has_text="Multi Agency")
    expect(row).to_contain_text("98.7")

    tab_to(page, ".kp-then-offer summary")
    page.keyboard.press("Enter")
    assert_accessible()
    tab_to(page, "#as-of")
    year, month, day = yesterday.split("-")
    page.keyboard.type(f"{month}{day}{year}")  # as the browser's own language has it
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{TABLE}?as_of={yesterday}")
    expect(page.get_by_role("region", name="As it stood")).to_contain_text("as it stood at the end of")
    expect(row).to_contain_text("56.7")
    expect(row).not_to_contain_text("98.7")
    assert_accessible()
    page.get_by_role("link", name="Multi Agency").click()
    expect(page.get_by_role("region", name="As it stood")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("98.7")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Measures").click()
    page.wait_for_url(f"**/indicators/2009-10/?as_of={yesterday}")
    with page.expect_response(re.compile(r"as_of=")):  # the list alone is asked for, as it stood then
        page.locator(".kp-filters input[type=search], .kp-filters input[type=text]").first.fill("absence")
    page.wait_for_url(re.compile(rf"as_of={yesterday}"))
    expect(page.get_by_role("region", name="As it stood")).to_be_visible()

    page.goto(f"{TABLE}?as_of={yesterday}")
    page.get_by_role("link", name="Back to today").click()
    expect(row).to_contain_text("98.7")
    expect(page.get_by_role("region", name="As it stood")).to_have_count(0)


def test_it_works_on_a_telephone_without_a_script(
    browser: Browser, base_url: str, passwords: dict[str, str], yesterday: str
) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("member@example.org")
    page.locator("input[name=password]").fill(passwords["member@example.org"])
    page.locator("input[name=password]").press("Enter")
    page.goto(f"{TABLE}?sort=x")

    page.get_by_text("See it as it stood on a day").click()
    page.locator("#as-of").fill(yesterday)
    page.get_by_role("button", name="Show that day").click()

    expect(page.get_by_role("region", name="As it stood")).to_be_visible()
    assert f"as_of={yesterday}" in page.url and "sort=x" in page.url
    expect(page.get_by_role("row").filter(has_text="Multi Agency")).to_contain_text("56.7")
    page.get_by_role("link", name="Multi Agency").click()
    expect(page.get_by_role("region", name="As it stood")).to_be_visible()
    page.get_by_role("link", name="Back to today").click()
    expect(page.get_by_role("region", name="As it stood")).to_have_count(0)
    context.close()


def test_the_banner_fits_a_telephone(sign_in: SignIn, yesterday: str, assert_accessible: Check) -> None:
    page = sign_in("member@example.org")
    page.set_viewport_size({"width": 390, "height": 800})

    page.goto(f"{TABLE}?as_of={yesterday}")

    assert_accessible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.goto(f"{TABLE}?as_of=never")
    expect(page.get_by_role("heading", level=1)).to_contain_text("is no day to look back to")
    assert_accessible()

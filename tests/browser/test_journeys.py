"""What each persona came for, found in the first five minutes, with the mouse and by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

SignIn = Callable[[str], Page]
Check = Callable[[], None]
Follow = Callable[[Page, str], None]


def by_mouse(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def by_keyboard(page: Page, name: str) -> None:
    """Tab to the link of that name, and open it."""
    for _ in range(600):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.closest('a') ? document.activeElement.textContent : ''")
        if here.strip() == name:
            page.keyboard.press("Enter")
            page.wait_for_load_state()
            return
    raise AssertionError(f"“{name}” cannot be reached by keyboard on {page.url}")


EITHER_WAY = pytest.mark.parametrize("follow", [by_mouse, by_keyboard])


@EITHER_WAY
def test_a_finance_officer_finds_why_a_total_is_a_tenth_out(
    sign_in: SignIn, assert_accessible: Check, follow: Follow
) -> None:
    page = sign_in("finance@example.org")
    expect(page.get_by_role("heading", level=1)).to_have_text("The plan for 2009/10")

    follow(page, "Checks")
    rounding = page.get_by_role("region", name="Table of checks: rounding")
    expect(rounding.get_by_role("row").filter(has_text="Specialist Teaching Service").first).to_be_visible()
    follow(page, "Column employee costs: Controllable Totals")

    main = page.get_by_role("main")
    expect(main).to_contain_text("2,994.3")  # as printed
    expect(main).to_contain_text("2,994.4")  # what the lines come to
    expect(main).to_contain_text("Portage")
    assert_accessible()
    follow(page, "line 822")
    expect(page.get_by_role("main")).to_contain_text("2,994.3")
    expect(page.get_by_role("main")).to_contain_text("822")
    assert_accessible()


@EITHER_WAY
def test_a_unit_manager_finds_last_years_figure_and_england_beside_it(
    sign_in: SignIn, assert_accessible: Check, follow: Follow
) -> None:
    page = sign_in("manager@example.org")

    follow(page, "Attendance and Behaviour Service")
    measures = page.get_by_role("row").filter(has_text="Secondary School Persistent Absence Rate").first
    expect(measures).to_contain_text("6.8%")
    expect(measures).to_contain_text("6.4%")  # the national comparison
    follow(page, "Secondary School Persistent Absence Rate")

    expect(page.get_by_role("heading", level=1)).to_contain_text("NI 87")
    expect(page.get_by_role("main")).to_contain_text("6.8%")
    assert_accessible()


@EITHER_WAY
def test_a_member_finds_what_is_due_before_the_next_meeting(
    sign_in: SignIn, assert_accessible: Check, follow: Follow
) -> None:
    page = sign_in("member@example.org")
    page.set_viewport_size({"width": 820, "height": 1180})
    page.goto("/reports/?period=2009-10-1")

    due = page.get_by_role("region", name="Due in this half year", exact=True)
    expect(due.get_by_role("row").filter(has_text="September 2009").first).to_be_visible()
    expect(due).to_contain_text("Two additional LCSPs engaged in Safe Cluster accreditation scheme")
    assert_accessible()
    follow(page, "To reduce bullying and enhance monitoring processes.")

    expect(page.get_by_role("heading", level=1)).to_contain_text("To reduce bullying")
    expect(page.get_by_role("main")).to_contain_text("Peter Heckel")
    assert_accessible()


def test_the_three_find_it_without_javascript(browser, sign_in: SignIn, base_url: str) -> None:  # type: ignore[no-untyped-def]
    cookies = sign_in("finance@example.org").context.cookies()
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    context.add_cookies(cookies)
    page = context.new_page()

    page.goto("/")
    by_mouse(page, "Checks")
    by_mouse(page, "Column employee costs: Controllable Totals")
    by_mouse(page, "line 822")
    expect(page.get_by_role("main")).to_contain_text("2,994.3")

    page.goto("/units/?open=all")
    by_mouse(page, "Attendance and Behaviour Service")
    by_mouse(page, "Secondary School Persistent Absence Rate")
    expect(page.get_by_role("heading", level=1)).to_contain_text("NI 87")

    page.goto("/reports/?period=2009-10-1")
    by_mouse(page, "To reduce bullying and enhance monitoring processes.")
    expect(page.get_by_role("heading", level=1)).to_contain_text("To reduce bullying")
    context.close()

"""A plan is adopted by its administrator, and whoever would change it then reads why that cannot be: by keyboard alone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

SignIn = Callable[[str], Page]
Check = Callable[[], None]


def tab_to(page: Page, name: str) -> None:
    """Tab to the link, button, field or summary of that name."""
    for _ in range(300):
        page.keyboard.press("Tab")
        here = page.evaluate(
            """() => {const at = document.activeElement;
            return ((at.labels && at.labels[0]) || at).textContent.trim().replace(/\\s+/g, ' ')}"""
        )
        if here == name or here.startswith(f"{name}?"):
            return
    raise AssertionError(f"“{name}” cannot be reached by keyboard on {page.url}")


def follow(page: Page, name: str) -> None:
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def test_administrator_adopts_a_plan_and_the_finance_officer_reads_why_it_is_locked(
    sign_in: SignIn, assert_accessible: Check
) -> None:
    page = sign_in("admin@example.org")
    follow(page, "Administration")
    expect(page.get_by_role("main")).to_contain_text("2 plans are draft.")
    assert_accessible()
    follow(page, "Plans")
    assert_accessible()
    follow(page, "Commissioning")
    expect(page.get_by_role("main")).to_contain_text("It is draft")
    follow(page, "Change its name or state")
    tab_to(page, "State")
    page.keyboard.type("Adopted")
    tab_to(page, "Why do you make this change")
    page.keyboard.type("Adopted by the County Council on 2 July")
    assert_accessible()
    follow(page, "Save")

    expect(page.get_by_role("main")).to_contain_text("It is adopted")
    expect(page.get_by_role("main")).to_contain_text("Adopted by the County Council on 2 July")
    assert_accessible()
    sign_out(page)

    page.set_viewport_size({"width": 390, "height": 844})
    page = sign_in("finance@example.org")
    page.goto("/budgets/2009-10/attendance-and-behaviour-service/")
    page.locator("main table a").first.click()
    tab_to(page, "Why can’t I edit this")
    page.keyboard.press("Enter")
    told = page.get_by_role("main")
    expect(told).to_contain_text("is adopted: its budget lines no longer change.")
    expect(told).to_contain_text("by Ada Administrator: Adopted by the County Council on 2 July")
    assert page.get_by_role("link", name="Change this line").count() == 0
    assert_accessible()
    page.goto(f"{page.url}edit/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This can no longer be changed")
    assert_accessible()


def test_administrator_keeps_units_names_and_periods(sign_in: SignIn, assert_accessible: Check) -> None:
    page = sign_in("admin@example.org")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/administration/units/")
    assert_accessible()
    follow(page, "Attendance and Behaviour Service")
    assert_accessible()
    follow(page, "Add another name")
    tab_to(page, "The name as printed")
    page.keyboard.type("Attendance Team")
    tab_to(page, "Why are the two names one")
    page.keyboard.type("So the minutes call it")
    assert_accessible()
    follow(page, "Save")
    expect(page.get_by_role("main")).to_contain_text("or Attendance Team.")

    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/administration/names/")
    assert_accessible()
    page.goto("/administration/periods/")
    follow(page, "Add the two periods of 2009/10")
    expect(page.get_by_role("main")).to_contain_text("April to September (mid-term)")
    assert_accessible()
    follow(page, "Change 2009/10, April to September (mid-term)")
    tab_to(page, "State")
    page.keyboard.type("Closed")
    follow(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("Say why you make this change.")
    assert_accessible()

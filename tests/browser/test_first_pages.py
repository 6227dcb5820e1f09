"""Each persona's first five minutes: sign in, find a unit, read a figure of its budget, change what is theirs to change."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

UNIT = "Attendance and Behaviour Service"
SignIn = Callable[[str], Page]
Check = Callable[[], None]


def open_unit(page: Page, assert_accessible: Check) -> None:
    """From the units to the unit's page, and its budget read there."""
    page.goto("/units/?open=all")
    assert_accessible()
    page.get_by_role("link", name=UNIT, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(UNIT)
    total = (
        page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Controllable Totals", exact=True)).first
    )
    expect(total).to_contain_text("6,036.1")
    assert_accessible()


def keep_in_sight(page: Page) -> None:
    """Nothing but a labelled box of a table scrolls sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def test_a_finance_officer_changes_a_budget_line(sign_in: SignIn, assert_accessible: Check) -> None:
    page = sign_in("finance@example.org")
    open_unit(page, assert_accessible)

    page.get_by_role("link", name="Multi Agency").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Multi Agency")
    assert_accessible()
    page.get_by_role("button", name="Change this").or_(page.get_by_role("button", name="Change these")).click()
    page.get_by_label("Employee costs").fill("12k")
    page.get_by_label("Why do you make this change?").fill("Pay award")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("alert")).to_contain_text("12k")
    expect(page.get_by_label("Employee costs")).to_have_value("12k")
    expect(page.get_by_label("Why do you make this change?")).to_have_value("Pay award")
    assert_accessible()

    page.get_by_label("Employee costs").fill("1,056.7")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Multi Agency")
    main = page.get_by_role("main")
    expect(main).to_contain_text("1,056.7")
    expect(main).to_contain_text("1,370.8")  # gross and controllable follow
    expect(main).to_contain_text("Pay award")
    expect(main).to_contain_text("Frances Finance")
    assert_accessible()


def test_a_finance_officer_does_it_by_keyboard_alone(sign_in: SignIn) -> None:
    page = sign_in("finance@example.org")
    page.goto("/units/?open=all")

    def tab_to(name: str) -> None:
        for _ in range(400):
            page.keyboard.press("Tab")
            here = page.evaluate(
                "document.activeElement.innerText || (document.activeElement.name || '').split('-').pop()"
            )
            if here.strip().startswith(name):
                return
        raise AssertionError(f"“{name}” cannot be reached by keyboard")

    tab_to(UNIT)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(UNIT)
    tab_to("Multi Agency")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Multi Agency")
    tab_to("Change")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change Multi Agency")
    tab_to("running")
    page.keyboard.press("Control+a")
    page.keyboard.type("315.0")
    tab_to("why")
    page.keyboard.type("Price rise")
    tab_to("Save")
    page.keyboard.press("Enter")

    expect(page.get_by_role("main")).to_contain_text("371.7")


def test_a_unit_manager_changes_a_figure_and_an_action(sign_in: SignIn, assert_accessible: Check) -> None:
    page = sign_in("manager@example.org")
    open_unit(page, assert_accessible)

    page.get_by_role("link", name="Secondary School Persistent Absence Rate").first.click()
    assert_accessible()
    page.get_by_role("button", name="Change this").or_(page.get_by_role("button", name="Change these")).click()
    page.locator("input[name$='-value']").nth(1).fill("6.4")  # the estimate, between the actual and the target
    page.get_by_label("Why do you make this change?").fill("Outturn")
    assert_accessible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("6.4")
    expect(page.get_by_role("main")).to_contain_text("Outturn")
    assert_accessible()

    page.goto("/projects/2009-10/?text=secondary+persistent+absence")
    page.locator("main a[href^='/projects/actions/']").first.click()
    assert_accessible()
    page.get_by_role("button", name="Change this").or_(page.get_by_role("button", name="Change these")).click()
    page.get_by_role("group", name="Deliverable 1").get_by_label("Due").fill("31 March 2010")
    page.get_by_label("Why do you make this change?").fill("Agreed with the schools")
    assert_accessible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("31 March 2010")
    assert_accessible()


def test_a_unit_manager_does_not_change_the_budget(sign_in: SignIn) -> None:
    page = sign_in("manager@example.org")
    page.goto("/units/2009-10/attendance-and-behaviour-service/")
    page.get_by_role("link", name="Multi Agency").first.click()

    expect(page.get_by_text("Change th")).to_have_count(0)


@pytest.mark.parametrize("email", ["member@example.org", "approver@example.org"])
def test_a_member_and_an_approver_read_and_are_offered_no_change(
    sign_in: SignIn, assert_accessible: Check, email: str
) -> None:
    page = sign_in(email)
    page.set_viewport_size({"width": 390, "height": 844})
    open_unit(page, assert_accessible)
    keep_in_sight(page)
    expect(page.get_by_text("Change th")).to_have_count(0)

    for link, heading in (
        ("Multi Agency", "Multi Agency"),
        ("Secondary School Persistent Absence Rate", "NI 87"),
    ):
        page.goto("/units/2009-10/attendance-and-behaviour-service/")
        page.get_by_role("link", name=link).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        expect(page.get_by_text("Change th")).to_have_count(0)
        keep_in_sight(page)
        assert_accessible()

    answer = page.request.get(page.url.rstrip("/") + "/edit/")
    assert answer.status == 403


def test_an_administrator_reads_a_load_report_line_by_line(sign_in: SignIn, assert_accessible: Check) -> None:
    page = sign_in("admin@example.org")
    page.goto("/documents/")
    assert_accessible()

    page.get_by_role("link", name="children-families-education").first.click()

    expect(page.get_by_role("main")).to_contain_text("only a minus is left")
    expect(page.locator("#line-289")).to_contain_text("Total Cost of Unit")
    assert_accessible()


def test_pages_work_without_javascript(browser, base_url: str, passwords: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_context(java_script_enabled=False, base_url=base_url).new_page()
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("finance@example.org")
    page.locator("input[name=password]").fill(passwords["finance@example.org"])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()

    page.goto("/budgets/2009-10/")
    page.get_by_role("link", name="Multi Agency").first.click()
    page.get_by_role("button", name="Change this").or_(page.get_by_role("button", name="Change these")).click()
    page.get_by_label("Running costs").fill("(14.1)")
    page.get_by_label("Why do you make this change?").fill("A refund")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("main")).to_contain_text("−14.1")

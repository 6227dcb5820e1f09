"""An administrator keeps people: by keyboard alone, without JavaScript, and so that axe finds nothing."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

SignIn = Callable[[str], Page]
Check = Callable[[], None]


def press(page: Page, name: str, *, role: str = "link") -> None:
    """Go to a control and use it as somebody without a mouse does."""
    control = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    control.focus()
    expect(control).to_be_focused()
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    page.get_by_label(label).focus()
    page.keyboard.type(text)


def test_administrator_adds_grants_and_shuts_out_by_keyboard(sign_in: SignIn, assert_accessible: Check) -> None:
    page = sign_in("admin@example.org")
    page.goto("/people/")
    assert_accessible()
    press(page, "Add a person")
    write(page, "Name", "Nora New")
    write(page, "E-mail address", "nora@example.org")
    page.get_by_label("Role").focus()
    page.keyboard.type("Unit m")
    press(page, "Add the person", role="button")
    expect(page.get_by_role("alert")).to_contain_text("Tick the units that this person manages.")
    assert_accessible()
    page.get_by_label("Awards").focus()
    page.keyboard.press("Space")
    press(page, "Add the person", role="button")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nora New")
    expect(page.get_by_role("main")).to_contain_text("A link for setting a password was mailed to nora@example.org.")

    page.set_viewport_size({"width": 390, "height": 800})
    press(page, "Grant a role")
    expect(page.get_by_role("heading", level=1)).to_have_text("Grant Nora New a role")
    assert_accessible()
    page.get_by_label("Role").focus()
    page.keyboard.type("Aud")
    press(page, "Grant the role", role="button")
    expect(page.get_by_role("region", name="Roles held")).to_contain_text("Auditor")

    press(page, "End the role Unit manager, Awards")
    expect(page.get_by_role("heading", level=1)).to_have_text("End a role of Nora New")
    assert_accessible()
    press(page, "End the role", role="button")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nora New")
    expect(page.get_by_role("region", name="Roles held")).not_to_contain_text("Awards")
    assert_accessible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    press(page, "Change name, address or sign-in")
    page.get_by_label("May sign in").focus()
    page.keyboard.press("Space")
    assert_accessible()
    write(page, "Why do you make this change?", "Left the council")
    press(page, "Save", role="button")
    expect(page.get_by_role("main")).to_contain_text("May not sign in, though the roles are kept.")
    expect(page.get_by_role("main")).to_contain_text("Left the council")


def test_rights_and_people_are_read_without_javascript(
    browser: Browser, sign_in: SignIn, assert_accessible: Check, base_url: str
) -> None:
    page = sign_in("auditor@example.org")
    page.goto("/people/rights/")
    assert_accessible()
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}, base_url=base_url)
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]  # as they came
    plain = context.new_page()

    plain.goto("/people/")
    plain.get_by_label("Role", exact=True).select_option("Finance officer")
    plain.get_by_role("button", name="Filter").click()
    plain.get_by_role("link", name="Frances Finance").click()

    expect(plain.get_by_role("heading", level=1)).to_have_text("Frances Finance")
    expect(plain.get_by_role("main")).to_contain_text("change budget lines")
    expect(plain.get_by_role("link", name="Grant a role")).to_have_count(0)
    context.close()

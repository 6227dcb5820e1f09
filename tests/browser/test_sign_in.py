"""The way in and out, as a person takes it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_a_page_without_sign_in_leads_to_the_sign_in_page(page: Page, assert_accessible: Callable[[], None]) -> None:
    page.goto("/units/")

    expect(page.locator("input[name=password]")).to_be_visible()
    assert_accessible()


def test_a_person_signs_in_by_e_mail_address_and_out_again(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("finance@example.org")

    banner = page.get_by_role("banner")
    banner.locator(".kp-drop--who summary").click()
    banner.get_by_role("button", name="Sign out").click()

    page.wait_for_url("**/accounts/login/")
    page.goto("/units/")
    expect(page.locator("input[name=password]")).to_be_visible()


def test_a_wrong_password_is_refused_in_words(
    page: Page, published: None, assert_accessible: Callable[[], None]
) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("finance@example.org")
    page.locator("input[name=password]").fill("not the password")

    page.locator("input[name=password]").press("Enter")

    expect(page.get_by_text("not correct").first).to_be_visible()
    assert_accessible()

"""The way in, as a person takes it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_a_page_without_sign_in_leads_to_the_sign_in_page(page: Page) -> None:
    page.goto("/accounts/password/change/")

    expect(page.locator("input[name=password]")).to_be_visible()


def test_a_person_signs_in_by_e_mail_address(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("finance@example.org")

    page.goto("/accounts/logout/")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()

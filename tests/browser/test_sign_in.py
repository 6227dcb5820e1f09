"""The way in, as a person takes it."""

from playwright.sync_api import Page, expect


def test_a_page_without_sign_in_leads_to_the_sign_in_page(page: Page) -> None:
    page.goto("/accounts/password/change/")

    expect(page.locator("input[name=password]")).to_be_visible()

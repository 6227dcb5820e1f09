"""The end of a session, which loses nothing that was typed; and the way in through an identity provider."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import oidc_provider_mock
import pytest
import requests
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from budgets.models import BudgetLine
from history.changes import change_set
from kentplan.settings import identity_provider

SignIn = Callable[[str], Page]
OFFICER = "finance@example.org"


def end_in(seconds: float) -> None:
    """As if nobody had asked anything for so long that every session has only this left."""
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=seconds))


def left() -> float:
    return (Session.objects.get().expire_date - timezone.now()).total_seconds()


def sign_in_again(page: Page, password: str) -> None:
    """On the sign-in page, to which the page led."""
    page.locator("input[name=login]").fill(OFFICER)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


@pytest.fixture
def line(published: None) -> BudgetLine:
    found = BudgetLine.objects.filter(activity__isnull=False).order_by("pk").first()
    assert found
    return found


def test_warning_keeps_a_session_and_what_was_typed_outlives_its_end(
    sign_in: SignIn, line: BudgetLine, passwords: dict[str, str], assert_accessible: Callable[[], None]
) -> None:
    page = sign_in(OFFICER)
    page.clock.install()
    page.goto(f"/budgets/lines/{line.pk}/edit/")
    activity = page.locator("main input[name$=activity]")
    why = page.locator("main textarea[name=why]")
    activity.fill("Typed before the end")
    why.fill("The council renamed it")
    other = page.context.new_page()
    other.clock.install()
    other.goto("/units/")

    # Two minutes before the end both tabs say so, and the keyboard is in the warning
    end_in(90)
    for tab in (page, other):
        tab.clock.fast_forward(28 * 60_000 + 1000)
        expect(tab.get_by_role("alertdialog", name="You will soon be signed out")).to_be_visible()
    assert left() < 91  # to ask puts off nothing
    page.bring_to_front()
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    assert_accessible()

    # Escape is to stay; the other tab knows
    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    expect(other.get_by_role("alertdialog")).to_be_hidden()
    assert left() > 29 * 60
    other.close()

    # It ends after all
    end_in(-1)
    with change_set(by=None, why="Somebody else was here", door="Test"):
        BudgetLine.objects.filter(pk=line.pk).update(activity="Renamed meanwhile")
    page.clock.fast_forward(29 * 60_000)
    over = page.get_by_role("alertdialog", name="You were signed out")
    expect(over).to_contain_text("What you had typed on this page is kept")
    assert_accessible()
    expect(over.get_by_role("link", name="Sign in again")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/login/**")
    sign_in_again(page, passwords[OFFICER])

    # What was typed is back on the page it was typed on, and does not run over what changed since
    notice = page.get_by_role("status").filter(has_text="It is not saved yet")
    expect(notice).to_be_focused()
    expect(activity).to_have_value("Typed before the end")
    expect(why).to_have_value("The council renamed it")
    assert_accessible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Someone changed this while you had it open")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Renamed meanwhile")
    activity.fill("The right name")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/edit/" not in url)
    page.goto(f"/budgets/lines/{line.pk}/edit/")
    expect(activity).to_have_value("The right name")
    expect(page.get_by_role("status").filter(has_text="not saved yet")).to_have_count(0)


def test_form_sent_too_late_is_shown_and_filled_in_again_or_thrown_away(
    sign_in: SignIn, line: BudgetLine, passwords: dict[str, str], assert_accessible: Callable[[], None]
) -> None:
    page = sign_in(OFFICER)
    page.goto(f"/budgets/lines/{line.pk}/edit/")
    activity = page.locator("main input[name$=activity]")
    activity.fill("Sent too late")
    end_in(-1)

    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("You were signed out before this was sent")
    expect(page.get_by_role("cell", name="Sent too late")).to_be_visible()
    assert_accessible()
    page.get_by_role("link", name="Sign in again").click()
    sign_in_again(page, passwords[OFFICER])
    expect(activity).to_have_value("Sent too late")
    page.get_by_role("button", name="Throw it away").click()
    expect(activity).to_have_value(line.activity)
    expect(page.get_by_role("button", name="Throw it away")).to_have_count(0)
    page.reload()
    expect(activity).to_have_value(line.activity)


def test_without_javascript_a_form_sent_too_late_is_shown_to_be_copied(
    browser: Browser, base_url: str, line: BudgetLine, passwords: dict[str, str]
) -> None:
    with browser.new_context(base_url=base_url, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/accounts/login/")
        sign_in_again(page, passwords[OFFICER])
        page.goto(f"/budgets/lines/{line.pk}/edit/")
        page.locator("main input[name$=activity]").fill("Sent too late")
        end_in(-1)
        page.get_by_role("button", name="Save").click()

        expect(page.get_by_role("cell", name="Sent too late")).to_be_visible()
        page.get_by_role("link", name="Sign in again").click()
        sign_in_again(page, passwords[OFFICER])
        expect(page.locator("main input[name$=activity]")).to_have_value(line.activity)


@pytest.fixture
def provider(settings: Any) -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as running:
        url = f"http://localhost:{running.server_port}"
        settings.SOCIALACCOUNT_PROVIDERS = identity_provider(url, "kentplan", "secret", "County Sign-in")
        yield url


@pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")
def test_a_person_signs_in_at_the_councils_provider_and_is_back_where_they_were(
    page: Page, provider: str, published: None, assert_accessible: Callable[[], None]
) -> None:
    requests.put(f"{provider}/users/f-1", json={"email": OFFICER, "email_verified": True}, timeout=5)
    page.route("https://**", lambda route: route.abort())  # the provider's page asks for a style sheet of another site
    page.goto("/units/?year=2009-10")
    assert_accessible()

    page.get_by_role("button", name="Sign in with County Sign-in").focus()
    page.keyboard.press("Enter")
    page.locator("input[name=sub]").fill("f-1")
    page.get_by_role("button", name="Authorize").click()

    page.wait_for_url("**/units/?year=2009-10")
    expect(page.get_by_role("banner")).to_contain_text("Frances")

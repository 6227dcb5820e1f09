"""Every page at every width: nothing for axe to find, and nothing but a labelled box of a table scrolls sideways."""

from collections.abc import Callable, Iterator
from itertools import cycle

import pytest
from playwright.sync_api import Page

SignIn = Callable[[str], Page]
Check = Callable[[], None]
WIDTHS = [390, 800, 1280]

READ = [
    "/",
    "/?year=2009-10",
    "/units/",
    "/units/?open=all",
    "/units/?text=no+such+unit",
    "/units/2009-10/clusters/",
    "/units/2009-10/attendance-and-behaviour-service/",
    "/units/2009-10/no-such-unit/",
    "/budgets/2009-10/",
    "/budgets/2009-10/?text=no+such+activity",
    "/budgets/2009-10/specialist-teaching-service/",
    "/budgets/2009-10/clusters/",
    "/indicators/2009-10/",
    "/indicators/2009-10/?status=awaited",
    "/indicators/2009-10/?status=x",
    "/indicators/lists/2009-10/",
    "/indicators/2009-10/minority-communities-achievement-service/",
    "/projects/2009-10/",
    "/projects/2009-10/?due=2009-09",
    "/projects/2009-10/?due=never",
    "/projects/2009-10/joint-commissioning-unit/",
    "/reports/",
    "/reports/?period=2009-10-1",
    "/reports/?period=1066-67-1",
    "/checks/2009-10/",
    "/checks/2009-10/?outcome=ties",
    "/checks/2009-10/?unit=clusters&outcome=break",
    "/search/?q=absence",
    "/search/?q=no+such+thing+anywhere",
]
FOUND = [
    *("/help/", "/help/symbols/", "/accessibility/", "/search/", "/search/?q=a", "/search/?q=zzzz"),
    *("/search/?q=Lindy+Whitfield", "/search/?q=%25", "/nowhere/"),
]
KEPT = ["/documents/", "/doubts/"]
LED_TO = [
    ("/budgets/2009-10/?text=Multi+Agency", "/budgets/lines/"),
    ("/indicators/2009-10/?text=NI+73", "/indicators/measures/"),
    ("/indicators/2009-10/?text=NI+87", "/indicators/measures/"),
    ("/projects/2009-10/?text=bullying", "/projects/actions/"),
    ("/checks/2009-10/", "/checks/2009-10/check/"),
    ("/budgets/2009-10/attendance-and-behaviour-service/", "/printed/"),
    ("/doubts/", "/doubts/"),
    ("/documents/", "/documents/"),
]


@pytest.fixture
def assert_fit(page: Page, assert_accessible: Check, full: bool) -> Check:
    """The page as it is shown fits every width; axe looks at it on a phone or a desk in turn, and in full at both."""
    desk: Iterator[bool] = cycle([False, True])

    def assert_fit() -> None:
        looked_at = WIDTHS[::2] if full else [WIDTHS[-1] if next(desk) else WIDTHS[0]]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (page.url, width)
            if width in looked_at:
                assert_accessible()

    return assert_fit


@pytest.mark.parametrize(
    ("email", "paths"),
    [
        ("member@example.org", READ[:16]),
        ("manager@example.org", READ[16:]),
        ("member@example.org", FOUND),
        ("admin@example.org", KEPT),
    ],
)
def test_no_page_has_an_access_fault_or_scrolls_sideways(
    sign_in: SignIn, assert_fit: Check, email: str, paths: list[str]
) -> None:
    page = sign_in(email)
    for path in paths:
        page.goto(path)
        assert_fit()


def test_no_page_of_one_thing_has_an_access_fault_or_scrolls_sideways(sign_in: SignIn, assert_fit: Check) -> None:
    """The pages that the lists lead to: a line, a measure with groups, an action, a check, a printed row, a doubt."""
    page = sign_in("admin@example.org")
    for path, link in LED_TO:
        page.goto(path)
        page.goto(page.locator(f"main a[href^='{link}']").first.get_attribute("href") or "")
        assert_fit()


def test_no_form_has_an_access_fault_or_scrolls_sideways(sign_in: SignIn, assert_fit: Check) -> None:
    page = sign_in("finance@example.org")
    page.goto("/budgets/2009-10/?text=Multi+Agency")
    line = page.locator("main a[href^='/budgets/lines/']").first.get_attribute("href") or ""
    unit = "/budgets/2009-10/attendance-and-behaviour-service/"
    for path in (f"{line}edit/", f"{line}remove/", f"{unit}add/", f"{unit}order/"):
        page.goto(path)
        assert_fit()

        # As it comes back: what is missing is said, and nothing scrolls away.
        page.get_by_role("main").locator("form button").last.click()
        assert_fit()

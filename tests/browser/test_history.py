"""An auditor finds who changed a figure and why; a member of the committee reads it on a telephone, without scripts."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect

from budgets.models import BudgetLine
from history.changes import change_set
from people.models import Role, User

UNIT = "Attendance and Behaviour Service"
SignIn = Callable[[str], Page]


@pytest.fixture
def line(published: None) -> BudgetLine:
    """A line that a finance officer has changed, and then changed again."""
    officer = User.objects.get(email="finance@example.org")
    line = BudgetLine.objects.filter(unit__name=UNIT, employee__gt=0).order_by("position").first()
    assert line is not None
    for figure, why in ((Decimal("1515.0"), "As the ledger has it"), (Decimal("1540.0"), "Pay award")):
        with change_set(by=officer, why=why, door="budget line form"):
            line.employee = figure
            line.save()
    return line


def test_an_auditor_finds_who_changed_a_figure_and_why(
    line: BudgetLine, sign_in: SignIn, assert_accessible: Callable[[], None]
) -> None:
    auditor = User.objects.filter(grants__role=Role.AUDITOR).first()
    assert auditor is not None
    page = sign_in(auditor.email)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="History").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("History")
    assert_accessible()

    page.get_by_label("Unit").select_option(label=UNIT)
    page.get_by_label("Changed by").select_option(label="Frances Finance")
    page.get_by_label("Kind").select_option(label="Budgets")
    page.get_by_role("button", name="Filter").press("Enter")

    found = page.get_by_role("listitem").filter(has_text="Pay award").first
    expect(found).to_contain_text("Frances Finance")
    expect(found).to_contain_text("1,515.0")
    expect(found).to_contain_text("1,540.0")
    expect(found).to_contain_text(line.activity)
    expect(page.get_by_role("main")).not_to_contain_text("A load of documents")

    found.get_by_role("link", name="1 change").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A change by Frances Finance")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Employee costs"))
    expect(row.get_by_role("cell")).to_have_text(["1,515.0", "1,540.0"])
    expect(page.get_by_role("main")).to_contain_text("UTC")
    expect(page.get_by_role("button", name="Reverse these changes")).to_have_count(0)
    assert_accessible()

    page.get_by_role("link", name="All its history").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(line.activity)
    expect(page.get_by_role("main")).to_contain_text("As the ledger has it")
    expect(page.get_by_role("main")).to_contain_text("A load of documents")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert "Pay award" in download.value.path().read_text()


def test_a_member_reads_it_on_a_telephone_without_scripts(
    line: BudgetLine, browser: Browser, base_url: str, passwords: dict[str, str], assert_accessible: Callable[[], None]
) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("member@example.org")
    page.locator("input[name=password]").fill(passwords["member@example.org"])
    page.locator("input[name=password]").press("Enter")
    page.goto(line.get_absolute_url())
    page.get_by_role("link", name="All its history").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(line.activity)
    main = page.get_by_role("main")
    expect(main).to_contain_text("Pay award")
    expect(main).to_contain_text("1,540.0")

    page.get_by_label("From", exact=True).fill("2009-06-03")
    page.get_by_label("To", exact=True).fill("2009-06-04")
    page.get_by_role("button", name="Filter").click()
    expect(main).to_contain_text("Nothing was changed that the filter shows.")
    page.get_by_role("link", name="The whole plan’s history").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History")
    expect(main).not_to_contain_text("Olive Auditor: Auditor")

    width = "document.documentElement.scrollWidth <= window.innerWidth"
    for address in ("/history/", page.get_by_role("link", name="1 change").first.get_attribute("href") or ""):
        page.goto(address)
        assert page.evaluate(width), address
    context.close()


@pytest.mark.parametrize("path", ["/history/"])
def test_it_is_accessible_on_a_telephone(
    path: str, line: BudgetLine, sign_in: SignIn, page: Page, assert_accessible: Callable[[], None]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in("member@example.org")
    page.goto(path)
    assert_accessible()

"""A finance officer reverses a wrong edit, without a mouse and without scripts; and two people change one line at once."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect

from budgets.models import BudgetLine
from history.changes import change_set
from history.models import ChangeSet
from people.models import User

UNIT = "Attendance and Behaviour Service"
SignIn = Callable[[str], Page]


@pytest.fixture
def line(published: None) -> BudgetLine:
    """A line that was changed in two figures, one of which an administrator has changed again."""
    officer = User.objects.get(email="finance@example.org")
    administrator = User.objects.filter(grants__role="plan_administrator").first()
    line = BudgetLine.objects.filter(unit__name=UNIT, employee__gt=0).order_by("position").first()
    assert line is not None
    with change_set(by=officer, why="A slip", door="budget line form"):
        BudgetLine.objects.filter(pk=line.pk).update(employee=Decimal("1540"), running=Decimal("60"))
    with change_set(by=administrator, why="Contract settled", door="budget line form"):
        BudgetLine.objects.filter(pk=line.pk).update(running=Decimal("75"))
    return line


def tab_to(page: Page, name: str) -> None:
    """Moves by the Tab key to the control of that name, as somebody without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => { const at = document.activeElement; const label = at.labels && at.labels[0];"
            " return ((label ? label.innerText : '') || at.innerText || '').trim(); }"
        )
        if focused.startswith(name):
            return
    raise AssertionError(f"{name} is not reached by the keyboard")


def test_a_wrong_edit_is_reversed_by_keyboard(
    line: BudgetLine, sign_in: SignIn, assert_accessible: Callable[[], None]
) -> None:
    made = ChangeSet.objects.get(why="A slip")
    page = sign_in("finance@example.org")
    page.goto(f"/history/{made.pk}/")
    tab_to(page, "Reverse these changes")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Reverse a change")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Running costs"))
    expect(row).to_contain_text("75.0")
    expect(row).to_contain_text("Left alone, unless you tick it")
    assert_accessible()

    tab_to(page, "Why do you reverse it?")
    page.keyboard.type("The award was another unit’s")
    tab_to(page, "Reverse the change")
    page.keyboard.press("Enter")

    expect(page.get_by_text("The change is reversed.")).to_be_visible()
    employee, running = line.employee, line.running
    line.refresh_from_db()
    assert (line.employee, line.running) == (employee, Decimal("75"))

    # What was changed again since is set back once it is ticked.
    page.goto(f"/history/{made.pk}/reverse/")
    tab_to(page, "Running costs: 75.0 back to")
    page.keyboard.press("Space")
    tab_to(page, "Reverse the change")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The change is reversed.")).to_be_visible()
    line.refresh_from_db()
    assert line.running == running


def test_a_change_is_reversed_on_a_telephone_without_scripts(
    line: BudgetLine, browser: Browser, base_url: str, passwords: dict[str, str]
) -> None:
    made = ChangeSet.objects.get(why="A slip")
    with browser.new_context(
        base_url=base_url, java_script_enabled=False, viewport={"width": 390, "height": 844}
    ) as context:
        page = context.new_page()
        page.goto(f"/accounts/login/?next=/history/{made.pk}/reverse/")
        page.locator("input[name=login]").fill("finance@example.org")
        page.locator("input[name=password]").fill(passwords["finance@example.org"])
        page.locator("input[name=password]").press("Enter")
        page.get_by_label("Why do you reverse it?").fill("A slip")
        page.get_by_role("button", name="Reverse the change").click()
        expect(page.get_by_text("The change is reversed.")).to_be_visible()


def test_two_people_who_change_one_line_see_mine_theirs_and_the_original(
    line: BudgetLine, sign_in: SignIn, assert_accessible: Callable[[], None]
) -> None:
    page = sign_in("finance@example.org")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/budgets/lines/{line.pk}/edit/")
    other = User.objects.filter(grants__role="plan_administrator").first()
    with change_set(by=other, why="One more officer", door="budget line form"):
        BudgetLine.objects.filter(pk=line.pk).update(employee=Decimal("1550"), fte=Decimal("97.8"))

    page.get_by_label("Employee costs").fill("1560")
    page.get_by_label("Why do you make this change?").fill("Pay award")
    tab_to(page, "Save")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Someone changed this while you had it open")).to_be_visible()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Employee costs"))
    expect(row.get_by_role("cell")).to_contain_text(
        ["1,540.0", "1,550.0", "1560", "you say below"], use_inner_text=True
    )
    expect(page.get_by_label("FTE", exact=True)).to_have_value("97.8")
    expect(page.get_by_label("Why do you make this change?")).to_have_value("Pay award")
    assert_accessible()

    tab_to(page, "Save")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is saved.")).to_be_visible()
    line.refresh_from_db()
    assert (line.employee, line.fte) == (Decimal("1560"), Decimal("97.8"))

"""Pages printed by the browser: every column is on the paper, and nothing of the screen's own furniture."""

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pypdf import PageObject, PdfReader

SignIn = Callable[[str], Page]

PRINTED = [
    "/",
    "/units/",
    "/units/2009-10/attendance-and-behaviour-service/",
    "/units/2009-10/clusters/",
    "/budgets/2009-10/",
    "/budgets/2009-10/attendance-and-behaviour-service/",
    "/budgets/2009-10/additional-educational-needs-resources/",
    "/indicators/2009-10/minority-communities-achievement-service/",
    "/projects/2009-10/attendance-and-behaviour-service/",
    "/reports/",
    "/checks/2009-10/",
]
# The right edge of whatever a table, a picture or a heading has to say, in CSS pixels of the printed page.
BEYOND = """width => [...document.querySelectorAll("h1, h2, th, td, svg, p")]
  .filter(item => item.checkVisibility() && item.getBoundingClientRect().width > 1)
  .filter(item => !item.closest(".govuk-visually-hidden"))
  .map(item => [Math.round(item.getBoundingClientRect().right), item.tagName, item.textContent.trim().slice(0, 60)])
  .filter(([right]) => right > width + 1)"""
HEADS = """[...document.querySelectorAll("main thead th")].filter(head => head.checkVisibility()).map(head => {
  for (const unseen of head.querySelectorAll(".govuk-visually-hidden")) unseen.remove();
  return head.innerText;
})"""
PRINTABLE = round((297 - 2 * 12) / 25.4 * 96)  # A4 landscape within margins of 12 mm


@pytest.mark.parametrize("path", PRINTED)
def test_printed_on_a4_no_column_is_cut_off(sign_in: SignIn, path: str) -> None:
    page = sign_in("member@example.org")
    page.goto(path)
    page.emulate_media(media="print")
    heads = page.evaluate(HEADS)
    page.emulate_media(media="null")

    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages

    words = squeezed("".join(sheet.extract_text() for sheet in paper))
    missing = [head for head in heads if squeezed(head) not in words]
    assert not missing
    assert [off for number, sheet in enumerate(paper, 1) for off in off_the_paper(sheet, number)] == []
    page.set_viewport_size({"width": PRINTABLE, "height": 800})
    page.emulate_media(media="print")
    assert page.evaluate(BEYOND, PRINTABLE) == []
    assert page.get_by_role("navigation", name="Main").is_hidden()


def squeezed(text: str) -> str:
    """The letters and figures alone: lines bring spaces and hyphens, and a font may hide what its quotes are."""
    return "".join(filter(str.isalnum, text.replace("ʼ", ""))).casefold()


def off_the_paper(sheet: PageObject, number: int) -> list[tuple[int, str]]:
    """The texts that begin beyond an edge of the sheet."""
    found: list[tuple[int, str]] = []

    def visit(text: str, user: list[float], at: list[float], font: object, size: float) -> None:
        x = at[4] * user[0] + user[4]
        if text.strip() and not 0 <= x <= sheet.mediabox.width:
            found.append((number, text.strip()))

    sheet.extract_text(visitor_text=visit)
    return found

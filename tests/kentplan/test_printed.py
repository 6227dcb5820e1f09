"""As printed: from any figure to its document, table and lines, with the repair shown."""

import html
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budgets.models import BudgetLine
from history.changes import change_set
from kentplan.printed.row import printed_row, provenance_with_tables
from people.models import User
from plans.models import Document, Provenance
from tests.factories import BudgetLineFactory, DocumentFactory, ProvenanceFactory, SourceLineFactory


@pytest.fixture
def member(client: Client, poc_member: User) -> Client:
    client.force_login(poc_member)
    return client


def provenance(name: str, line: int, kind: str) -> Provenance:
    found = Provenance.objects.filter(document__name__startswith=name, kind=kind, lines__contains=[line])
    return found.order_by("pk")[0]


def shown(client: Client, row: Provenance, figure: str = "") -> str:
    """The words of the page."""
    answer = client.get(f"/printed/{row.pk}/", {"figure": figure} if figure else {})
    assert answer.status_code == 200
    words = html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode().split("<main")[1]))
    return re.sub(r" (?=[,.])", "", " ".join(words.split()))


@pytest.mark.usefixtures("published")
def test_a_minus_parted_from_its_digits_is_shown_with_both_pieces_and_the_proof(member: Client) -> None:
    row = provenance("children", 257, "control_totals")

    words = shown(member, row, "internal_income")

    assert "Internal income, 2009/10 Read as −1,870.2 £000 Printed as - on line 257 and 1,870.2 on line 259" in words
    assert "The minus and the digits stand on two lines, with a page break between them." in words
    assert "The row adds up only with the figure read so." in words
    assert "258 Blank line: the page breaks here." in words
    assert "Mark 1 -" in words
    assert "Mark 2 1,870.2" in words
    assert "Both marks stand in column 10 of 12, internal income. Line 259 holds nothing else." in words
    assert "The Commissioning service plan prints -1,870.2 for the same total, on line 801. Ties" in words
    assert "Control total of Attendance and Behaviour Service" in words
    assert "SHA-256 223cdd9a1ed36eaf…" in words


@pytest.mark.usefixtures("published")
def test_a_lost_figure_says_so_and_what_it_must_have_been(member: Client) -> None:
    row = provenance("children", 289, "control_totals")

    words = shown(member, row, "internal_income")

    assert "Not read lost in print Printed as - on line 289" in words
    assert "−5,518.0 is inferred" in words
    assert "It is not printed, and is never added up." in words
    assert "Lost in print" in words
    assert "Say what it is" not in words  # a member may not answer


@pytest.mark.usefixtures("published")
def test_a_merged_label_tells_the_declared_correction_and_who_declared_it(member: Client) -> None:
    words = shown(member, provenance("children", 311, "budget"), "activity")

    assert "Read as Outdoor Education Printed as nothing on line 311" in words
    assert "the FTE of the rows adds up to the staffing establishment's divisions in both years" in words
    assert "Declared by kentplan, from the published document" in words


@pytest.mark.usefixtures("published")
def test_a_figure_split_over_two_lines_is_put_together(member: Client) -> None:
    row = next(row for row in Provenance.objects.filter(kind="control_totals") if row.lines == [876, 877])

    words = shown(member, row, "running")

    assert "Read as 12,260.4 £000 Printed as 12,260. on line 876 and 4 on line 877" in words
    assert "The figure is broken over two lines." in words


@pytest.mark.usefixtures("published")
def test_a_figure_of_a_measure_is_shown_beside_what_was_printed(member: Client) -> None:
    row = provenance("commissioning", 342, "figure")
    column = next(name for name in row.printed if name not in ("title", "group"))

    words = shown(member, row)

    assert f"{column[:1].upper()}{column[1:]} Read as" in words
    assert "on line 342" in words


@pytest.mark.usefixtures("published")
def test_dates_that_print_does_not_pair_stay_all_and_are_said_to_be_none(member: Client) -> None:
    row = provenance("commissioning", 947, "deliverable")

    words = shown(member, row, "due_start")

    assert "Printed as May 2009 Aug 2009 Sept 2010 Aug 2009 Aug 2009 on line 947" in words
    assert "Print does not say which of the dates is this deliverable’s" in words


@pytest.mark.usefixtures("published")
def test_a_comparison_leads_to_its_cell(member: Client) -> None:
    words = shown(member, provenance("commissioning", 492, "figure"))

    assert "Printed as" in words
    assert "Ethnic Group Kent 2007 England 2007" in words
    assert "492 White British 67.0 72.2 Read White British 67.0% 72.2" in words


@pytest.mark.usefixtures("published")
def test_every_row_of_the_plans_has_its_page_and_every_repair_its_pieces() -> None:
    for row in provenance_with_tables().order_by("pk")[::9]:
        printed_row(row)
        for repair in row.repairs:
            page = printed_row(row, figure=repair["column"])
            assert page.pieces, f"{row.kind} {row.lines} {repair}"
            assert page.repairs


@pytest.mark.usefixtures("published")
def test_an_edited_figure_says_what_it_is_now_and_what_was_loaded(member: Client) -> None:
    line = BudgetLine.objects.get(provenance=provenance("children", 311, "budget"))
    with change_set(by=None, why="A transfer", door="Test"):
        BudgetLine.objects.filter(pk=line.pk).update(employee=Decimal("160.0"))

    words = shown(member, line.provenance, "employee")

    assert "Now 160.0 £000" in words
    assert "Edited since it was loaded: now 160.0, as loaded 151.9." in words
    assert "Not changed since it was loaded" not in words


@pytest.mark.usefixtures("published")
def test_a_removed_row_and_a_garbled_question_are_answered_in_words(member: Client) -> None:
    row = provenance("children", 311, "budget")
    with change_set(by=None, why="Gone", door="Test"):
        BudgetLine.objects.filter(provenance=row).delete()

    assert "It was removed here since it was loaded." in shown(member, row)
    assert "The row has no figure of that name" in shown(member, row, "no\x00such ' field")
    assert member.get("/printed/99999999999999999999/").status_code == 404


@pytest.mark.usefixtures("published")
def test_whole_table_accounts_for_each_line_with_its_totals_and_repairs(member: Client) -> None:
    document = Document.objects.get(name__startswith="children")

    answer = member.get(f"/documents/{document.pk}/tables/1/")  # its totals: the table that they stand under is shown
    content = answer.content.decode()
    words = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", content)).split())

    assert 'id="line-238"' in content
    assert 'id="line-289"' in content
    assert "repaired into line 257" in words
    assert "36 loaded" in words
    assert "a figure is lost in print" in words
    assert f'href="/documents/{document.pk}/tables/2/"' in content
    assert member.get(f"/documents/{document.pk}/tables/99/").status_code == 404


@pytest.mark.django_db
def test_a_long_table_pages_and_finds_the_line_that_is_asked_for(member: Client) -> None:
    report = {"tables": [{"kind": "budget", "unit": "", "lines": [1, 5000], "rows": []}]}
    document: Document = DocumentFactory(report=report)
    for number in (1, 2, *range(500, 1400)):
        SourceLineFactory(document=document, number=number, table=0, outcome="loaded")

    first = member.get(f"/documents/{document.pk}/tables/0/").content.decode()
    found = member.get(f"/documents/{document.pk}/tables/0/?line=1399").content.decode()

    assert 'id="line-500"' in first
    assert 'id="line-1399"' not in first
    assert 'id="line-1399"' in found


@pytest.mark.django_db
def test_a_sheets_row_is_shown_by_its_own_columns(member: Client) -> None:
    report = {"tables": [{"kind": "budget", "unit": "", "lines": [2, 2], "rows": []}]}
    document = DocumentFactory(format="csv", report=report)
    SourceLineFactory(document=document, number=1, table=None, outcome="header", text="activity\temployee")
    SourceLineFactory(document=document, number=2, table=0, outcome="loaded", text="Prizes\t12.5")
    row = ProvenanceFactory(document=document, lines=[2], printed={"activity": "Prizes", "employee": "12.5"})
    BudgetLineFactory(provenance=row, activity="Prizes", employee=Decimal("12.5"), plan=row.plan)

    words = shown(member, row, "employee")

    assert "Read as 12.5 £000 Printed as 12.5 on line 2" in words


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as made:
        assert client.get(path).status_code == 200
    return len(made)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("many", [1, 50])
def test_pages_take_a_fixed_number_of_queries(many: int, member: Client) -> None:
    row = provenance("children", 257, "control_totals")
    for number in range((many - 1) * 20):
        other: Any = ProvenanceFactory(document=row.document, plan=row.plan, table=0, lines=[240 + number % 40])
        BudgetLineFactory(plan=row.plan, year=row.plan.year, provenance=other)

    assert queries(member, f"/printed/{row.pk}/?figure=internal_income") == 12
    assert queries(member, f"/documents/{row.document_id}/tables/0/") == 8

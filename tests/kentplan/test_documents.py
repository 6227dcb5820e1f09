"""The load reports: what became of every line of each document."""

import html
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from kentplan.reporting import DOCUMENT_LINE_COLUMNS
from kentplan.tables import SourceLineTable
from kentplan.views import documents
from people.models import User
from plans.models import Document, LineOutcome
from tests.factories import DocumentFactory, PlanFactory, SourceLineFactory

REPORT = {
    "created": 3,
    "updated": 1,
    "unchanged": 0,
    "removed": 0,
    "tables": [
        {"kind": "budget", "unit": "Clusters", "lines": [1, 9], "rows": [{}, {}]},
        {"kind": "budget", "unit": "Awards", "lines": [10, 19], "rows": [{}]},
        {"kind": "", "unit": "", "lines": [20, 29], "rows": []},
    ],
    "lines": [
        {"line": 1, "outcome": "header", "table": 0, "why": ""},
        {"line": 2, "outcome": "loaded", "table": 0, "why": ""},
        {"line": 3, "outcome": "loaded", "table": 0, "why": ""},
    ],
    "checks": [
        {
            "rule": "row gross",
            "lines": [2],
            "unit": "Clusters",
            "label": "Prizes",
            "printed": "300.4",
            "computed": "290.3",
            "difference": "10.1",
            "outcome": "break",
            "why": "",
        },
        {
            "rule": "row gross",
            "lines": [3],
            "unit": "Clusters",
            "label": "Tied row",
            "printed": "1.0",
            "computed": "1.0",
            "difference": "0.0",
            "outcome": "ties",
            "why": "",
        },
    ],
    "doubts": [{"lines": [3, 4], "table": 0, "column": "gross", "says": "Is <it> nil?", "choices": ["nil", "lost"]}],
    "errors": [{"lines": [20], "table": 2, "column": "", "says": "The kind of table is not known."}],
    "new_units": ["Clusters", "Awards"],
}


@pytest.fixture
def administrator(client: Client, plan_administrator: User) -> Client:
    client.force_login(plan_administrator)
    return client


@pytest.fixture
def document(db: None) -> Document:
    document: Document = DocumentFactory(name="plan.txt", plan__name="Commissioning", report=REPORT)
    for number, outcome, table, why, text in (
        (1, "header", 0, "", "Activity\tGross"),
        (2, "loaded", 0, "", "Prizes\t300.4"),
        (4, "not read", 1, "A page number", "Page\t7"),
        (10, "", None, "", "A narrative <line>"),
    ):
        SourceLineFactory(document=document, number=number, outcome=outcome, table=table, why=why, text=text)
    return document


def path(document: Document) -> str:
    return f"/documents/{document.pk}/"


def listed(client: Client, document: Document, query: dict[str, Any] | None = None) -> list[int]:
    """The lines that the page shows, in its order."""
    answer = client.get(path(document), query)
    assert answer.status_code == 200
    return [int(number) for number in re.findall(r'<tr id="line-(\d+)">', answer.content.decode())]


def test_list_has_each_document_with_its_plan(administrator: Client, document: Document) -> None:
    DocumentFactory(name="lost.txt", plan=None)

    shown = administrator.get("/documents/").content.decode()

    assert f'href="{path(document)}">plan.txt</a>' in shown
    assert "Commissioning" in shown
    assert "lost.txt" in shown


def test_list_without_documents_says_so(administrator: Client) -> None:
    assert "No document is loaded yet." in administrator.get("/documents/").content.decode()


def test_report_says_what_the_load_came_to(administrator: Client, document: Document) -> None:
    words = re.sub(r"<[^>]*>", " ", administrator.get(path(document)).content.decode()).split()
    shown = html.unescape(re.sub(r" (?=[,.])", "", " ".join(words)))

    assert "3 rows created, 1 updated, 0 unchanged, 0 removed. 1 error, 1 doubt, 1 check that breaks." in shown
    assert "The kind of table is not known. Line 20." in shown
    assert "Is <it> nil? (gross) Choices: nil; lost. Lines 3, 4." in shown
    assert "Budget 2 3" in shown
    assert "Loaded 2 lines" in shown
    assert "Clusters; Awards" in shown
    assert "row gross Prizes 300.4 290.3 10.1 2" in shown
    assert "Tied row" not in shown


def test_every_line_is_shown_with_its_outcome_table_and_reason(administrator: Client, document: Document) -> None:
    shown = administrator.get(path(document)).content.decode()

    rows = re.findall(r'<tr id="line-(\d+)">(.*?)</tr>', shown, re.DOTALL)
    cells = {int(number): re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for number, row in rows}
    assert cells == {
        1: ["header", "0", "", "Activity\tGross"],
        2: ["loaded", "0", "", "Prizes\t300.4"],
        4: ["not read", "1", "A page number", "Page\t7"],
        10: ["narrative", "", "", "A narrative &lt;line&gt;"],
    }


def test_document_without_a_report_is_shown(administrator: Client) -> None:
    document = DocumentFactory(plan=None)

    assert administrator.get(path(document)).status_code == 200


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ({"outcome": "loaded"}, [2]),
        ({"outcome": "narrative"}, [10]),
        ({"table": "0"}, [1, 2]),
        ({"table": "1"}, [4]),
        ({"text": "PRIZES"}, [2]),
        ({"text": "page", "outcome": "loaded"}, []),
    ],
)
def test_lines_are_filtered(administrator: Client, document: Document, query: dict[str, str], lines: list[int]) -> None:
    assert listed(administrator, document, query) == lines


@pytest.mark.parametrize("outcome", LineOutcome.values)
def test_each_outcome_can_be_filtered_by(administrator: Client, document: Document, outcome: str) -> None:
    why = "It is a footer" if outcome == "not read" else ""
    line = SourceLineFactory(document=document, number=99, outcome=outcome, why=why)

    assert line.number in listed(administrator, document, {"outcome": outcome})


@pytest.mark.parametrize(
    "query",
    [
        {"table": "x"},
        {"table": "-1"},
        {"table": "9" * 40},
        {"table": "NaN"},
        {"table": "1e9"},
        {"outcome": "x"},
        {"text": "\x00"},
    ],
)
def test_filter_that_makes_no_sense_shows_no_lines(
    administrator: Client, document: Document, query: dict[str, str]
) -> None:
    assert listed(administrator, document, query) == []


@pytest.mark.parametrize("column", SourceLineTable.base_columns)
def test_lines_sort_by_each_column_both_ways_with_blanks_last(
    administrator: Client, document: Document, column: str
) -> None:
    upwards = {
        "number": [1, 2, 4, 10],
        "outcome": [1, 2, 4, 10],
        "table": [1, 2, 4, 10],
        "why": [4, 1, 2, 10],
        "text": [10, 1, 4, 2],
    }
    downwards = {
        "number": [10, 4, 2, 1],
        "outcome": [4, 2, 1, 10],
        "table": [4, 1, 2, 10],
        "why": [4, 1, 2, 10],
        "text": [2, 4, 1, 10],
    }

    assert listed(administrator, document, {"sort": column}) == upwards[column]
    assert listed(administrator, document, {"sort": f"-{column}"}) == downwards[column]


def test_export_has_every_line(administrator: Client, document: Document) -> None:
    rows = json.loads(administrator.get(path(document), {"_export": "json"}).content)

    assert tuple(rows[0]) == DOCUMENT_LINE_COLUMNS
    assert rows[2] == {"line": "4", "outcome": "not read", "table": "1", "why": "A page number", "text": "Page\t7"}
    assert len(rows) == 4


@pytest.mark.parametrize(
    ("line", "shown"),
    [("1", [1, 2]), ("2", [1, 2]), ("4", [4, 10]), ("10", [4, 10]), ("9" * 40, [1, 2]), ("x", [1, 2]), ("²", [1, 2])],
)
def test_link_to_a_line_finds_the_page_that_holds_it(
    administrator: Client, document: Document, line: str, shown: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LINES", replace(documents.LINES, per_page=2))

    assert listed(administrator, document, {"line": line}) == shown


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999"])
def test_document_that_there_is_not_is_not_found(administrator: Client, pk: str) -> None:
    assert administrator.get(f"/documents/{pk}/").status_code == 404


def test_pages_make_as_many_queries_for_twenty_as_for_one(
    administrator: Client, document: Document, django_assert_num_queries: Any
) -> None:
    for many in (1, 19):
        for number in range(many):
            DocumentFactory(plan=PlanFactory())
            SourceLineFactory(document=document, number=many * 100 + number)
        with django_assert_num_queries(
            6
        ):  # session, user, roles, documents, the year of the page and all in the navigation
            administrator.get("/documents/")
        with django_assert_num_queries(7):  # session, user, roles, document, count, lines, the years of the navigation
            administrator.get(path(document))

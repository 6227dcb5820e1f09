"""Reading a document: its title, its tables, its page breaks, and an outcome for every line with a tab."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.documents import Document, Kind, Line, pieces, plain, plan_year, read
from plans.names import is_heading, may_be, name_key

FRUIT = Kind("fruit", lambda lines, at: int(plain(lines[at].cells[0]) == "Fruit"), unit="heading")
TITLE = "SERVICE LEVEL BUSINESS PLAN 2009/10 FOR\n\nOrchards\n\n"


def tables(text: str) -> list[tuple[str, str, list[int], list[int]]]:
    reading = read(Document(TITLE + text, "plan.txt"), [FRUIT])
    return [
        (table.kind, table.unit, [line.number for line in table.body], sorted(table.breaks)) for table in reading.tables
    ]


@pytest.mark.parametrize(
    ("title", "tier", "year", "name"),
    [
        (TITLE, "service", "2009/10", "Orchards"),
        ("SERVICE LEVEL BUSINESS PLAN 2010/11 FOR Orchards", "service", "2010/11", "Orchards"),
        ("Trees and Hedges DIRECTORATE LEVEL BUSINESS PLAN 2009-10", "directorate", "2009/10", "Trees and Hedges"),
        ("A BUSINESS PLAN 2009/10", "", "", ""),
        ("SERVICE LEVEL BUSINESS PLAN 2009/11 FOR Orchards", "", "", ""),
    ],
)
def test_the_title_says_what_plan_it_is(title: str, tier: str, year: str, name: str) -> None:
    reading = read(Document(title, "plan.txt"), [])

    assert (reading.tier, reading.year, reading.name) == (tier, year, name)
    assert bool(reading.errors) is not bool(tier)


def test_a_page_break_does_not_end_a_table_and_a_repeated_header_is_no_row() -> None:
    text = "Orchard Unit\n\nFruit\tTons\nApple\t1\n\nFruit\tTons\nPear\t2\n12\n\nPlum\t3"

    assert tables(text) == [("fruit", "Orchard Unit", [8, 11, 14], [11, 14])]


def test_a_heading_ends_a_table_and_names_the_next() -> None:
    text = "Orchard Unit\nFruit\tTons\nApple\t1\n\nHedge Unit\nFruit\tTons\nPear\t2"

    assert [(kind, unit) for kind, unit, *_ in tables(text)] == [("fruit", "Orchard Unit"), ("fruit", "Hedge Unit")]


def test_prose_between_tables_leaves_them_one_units_and_an_unknown_heading_does_not() -> None:
    first = "Orchard Unit\nFruit\tTons\nApple\t1\n\n"

    assert tables(f"{first}Some prose about trees.\nFruit\tTons\nPear\t2")[1][1] == "Orchard Unit"
    assert tables(f"{first}Some Heading\nSome prose about trees.\nFruit\tTons\nPear\t2")[1][1] == ""


def test_rows_under_no_known_header_are_a_table_of_no_kind() -> None:
    assert tables("Orchard Unit\nFruit\tTons\nApple\t1\n\nMore prose about trees.\n\nPear\t2") == [
        ("fruit", "Orchard Unit", [7], []),
        ("", "", [11], []),
    ]


def test_contents_are_told_from_tables() -> None:
    assert [kind for kind, *_ in tables("CONTENTS\n\nIntroduction\tPage 3\nBudget\t5")] == ["contents"]


def test_rules_and_blank_rows_belong_to_no_table() -> None:
    reading = read(Document("Unit\nFruit\tTons\n---\t---\n\t\nApple\t1", "plan.txt"), [FRUIT])

    assert [(outcome.line, outcome.outcome) for outcome in reading.outcomes] == [
        (2, "header"),
        (3, "rule"),
        (4, "blank"),
    ]


@given(st.lists(st.sampled_from(["Fruit\tTons", "Apple\t1", "\t", "--\t--", "Prose.", "Hedge Unit", "", "Pear\t2\t"])))
def test_every_line_with_a_tab_is_in_one_place(lines: list[str]) -> None:
    reading = read(Document("\n".join(lines), "plan.txt"), [FRUIT])
    accounted = [outcome.line for outcome in reading.outcomes]
    accounted += [line.number for table in reading.tables for line in table.body]

    assert sorted(accounted) == [number for number, text in enumerate(lines, 1) if "\t" in text]


def test_cells_are_parted_where_the_print_parts_them() -> None:
    cell = '<ul style="list-style-type: none"> • First&nbsp;thing • <i>Second</i> thing </ul> <p>Third</p>'

    assert pieces(cell) == ["First thing", "Second thing", "Third"]
    assert plain("<p>A &amp; B</p>\u00a0C") == "A & B C"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2009/10", "2009/10"),
        ("2008-9 FTE", "2008/09"),
        ("Actual performance 2007/2008", "2007/08"),
        ("1999/00", ""),
        ("2099/00", "2099/00"),
        ("2009/12", ""),
        ("1 April 2009", ""),
    ],
)
def test_a_financial_year_is_read_in_its_spellings(text: str, year: str) -> None:
    assert plan_year(text) == year


@pytest.mark.parametrize(
    ("one", "other", "same", "asked"),
    [
        ("Commissioning - General", "Commissioning General", True, True),
        ("A & B", "A and B", True, True),
        ("AENR", "Additional Educational Needs & Resources", False, True),
        ("Educational Psychology", "Educational Psychology Service", False, True),
        ("Minority Community Achievement", "Minority Communities Achievement Service", False, True),
        ("Services Purchased from CED", "Support services purchased from CED", False, False),
        ("Finance", "Fostering and Adoption", False, False),
    ],
)
def test_names_are_the_same_may_be_or_are_not(one: str, other: str, same: bool, asked: bool) -> None:
    assert (name_key(one) == name_key(other)) is same
    assert may_be(one, other) is asked
    assert may_be(other, one) is asked


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("Attendance and Behaviour Service", True),
        ("14-24 Unit", True),
        ("B. Factor in the schools context (plus A)", False),
        ("- Focus groups", False),
        ("under ECM and may inform future working.", False),
        ("12", False),
        ("Page 12", False),
    ],
)
def test_a_heading_is_told_from_prose(line: str, heading: bool) -> None:
    assert is_heading(line) is heading


def test_lines_keep_their_published_numbers() -> None:
    assert Document("a\n\nb\tc\r\n", "plan.txt").lines[2] == Line(3, "b\tc")

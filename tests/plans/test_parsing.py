"""Lead roles, and the cells that hold several officers or several corporate targets."""

from typing import Any

import pytest

from plans.documents import Context, Correction, Document, Parsed, read
from plans.parsing import KINDS, parse, references, split_links, split_people

TITLE = "SERVICE LEVEL BUSINESS PLAN 2009/10 FOR\n\nCommissioning\n\nLead Roles\n\n"
HEADER = ["Key Corporate/Directorate Targets\t\t", "Plan\tName of Target in Full\tLead Officer"]
FIRST = 9  # the number of the first body line
BULLYING = "2010\tLead on target 12: Work with headteachers to encourage a zero tolerance approach.\tPeter Heckel"
DIAGNOSIS = (
    "CYPP\tLead for Action 38, Outcome 5B: Develop services to provide early diagnosis including those who may have"
    "\tGlynis Eley and Martin Cunnington"
)
ATTENDANCE = "CYPP\tSupport for Action 60 Outcome 7B: Increase attendance\tSally Williamson, Lindy Whitfield"


def parsed(*body: str, corrections: dict[tuple[int, str], Correction] | None = None) -> Parsed:
    reading = read(Document(TITLE + "\n".join([*HEADER, *body]), "plan.txt"), KINDS)
    assert len(reading.tables) == 1
    result = parse(reading.tables[0], Context(reading.year, reading.tier, corrections or {}))
    assert [outcome.line for outcome in result.outcomes] == [line.number for line in reading.tables[0].body]
    return result


def rows(result: Parsed) -> list[Any]:
    return [row for table in result.tables for row in table.rows]


def test_lead_role_says_scheme_target_role_and_officers() -> None:
    result = parsed(
        BULLYING,
        "CYPP\tJoint lead (with ASK) for Action 39, Outcome 5B: Monitor.\tGlynis Eley as lead, with support from "
        "Colin Feltham and Jo Berry",
        "JAR action plan\tLead for LDD02: A lack of support\tJoanna Wainwright (lead). Mary Burwell, Linda Baker "
        "(Supporting)",
        ATTENDANCE,
    )
    assert [(row.scheme, row.role, row.officers, row.reference) for row in rows(result)] == [
        ("T2010", "lead", "Peter Heckel", ("T2010", "Target 12")),
        ("CYPP", "joint", "Glynis Eley; Colin Feltham; Jo Berry", ("CYPP", "Action 39")),
        ("JAR", "lead", "Joanna Wainwright; Mary Burwell; Linda Baker", ("JAR", "LDD02")),
        ("CYPP", "support", "Sally Williamson; Lindy Whitfield", ("CYPP", "Action 60")),
    ]
    assert not result.doubts and not result.errors


def test_one_line_of_header_will_do() -> None:
    text = TITLE + "\n".join([HEADER[1], BULLYING])
    (table,) = read(Document(text, "plan.txt"), KINDS).tables
    assert table.kind == "lead_role"
    assert len(rows(parse(table, Context("2009/10", "service")))) == 1


def test_a_target_goes_on_after_a_page_break() -> None:
    result = parsed(DIAGNOSIS, "", *HEADER, "\tan autistic spectrum disorder\t", ATTENDANCE)
    first = rows(result)[0]
    assert first.target.endswith("including those who may have an autistic spectrum disorder")
    assert first.source.lines == (FIRST, FIRST + 4)
    assert [(repair.rule, repair.lines, repair.column) for repair in first.source.repairs] == [
        ("row goes on after a page break", (FIRST, FIRST + 4), "target")
    ]
    assert [(outcome.outcome, outcome.why) for outcome in result.outcomes] == [
        ("loaded", ""),
        ("repaired", f"into line {FIRST}"),
        ("loaded", ""),
    ]


@pytest.mark.parametrize("first", ["\tLead for Action 60 Outcome 7B: Increase\t", "\tLead for Action 60\t"])
def test_first_words_of_a_target_stand_above_its_plan(first: str) -> None:
    result = parsed(BULLYING, first, "CYPP\tattendance in schools.\tSally Williamson")
    assert rows(result)[1].target == f"{first.strip()} attendance in schools."
    assert [outcome.outcome for outcome in result.outcomes] == ["loaded", "repaired", "loaded"]


def test_first_words_of_a_scheme_stand_above_it() -> None:
    (row,) = rows(parsed("JAR\t\t", "action plan\tLead for PAN 01: Accommodation.\tSally Williamson"))
    assert row.scheme == "JAR"


def test_a_target_without_its_plan_is_a_doubt_that_a_correction_answers() -> None:
    body = [BULLYING, "\tSupport for Action 60: Increase attendance\tSally Williamson"]
    (doubt,) = parsed(*body).doubts
    assert (doubt.column, doubt.lines, doubt.choices) == ("scheme", (FIRST + 1,), ("2010",))

    answer = Correction(FIRST + 1, "scheme", "", "CYPP", "as in the row below", "a person")
    result = parsed(*body, corrections={(FIRST + 1, "scheme"): answer})
    assert rows(result)[1].scheme == "CYPP" and not result.doubts and not result.errors
    assert rows(result)[1].source.repairs[-1].rule == "declared correction"


def test_a_target_that_names_no_role_is_a_doubt() -> None:
    result = parsed("CYPP\tAction 60: Increase attendance\tSally Williamson")
    assert rows(result)[0].role == ""
    assert [(doubt.column, doubt.choices) for doubt in result.doubts] == [("role", ("lead", "joint", "support"))]


def test_officers_without_a_target_are_refused() -> None:
    result = parsed(BULLYING, "CYPP\t\tSally Williamson")
    assert [error.lines for error in result.errors] == [(FIRST + 1,)]
    assert result.outcomes[1].outcome == "not read"


def test_a_correction_of_other_words_is_refused() -> None:
    wrong = Correction(FIRST, "officers", "Peter Hackel", "Peter Heckel", "misprint", "a person")
    result = parsed(BULLYING, corrections={(FIRST, "officers"): wrong})
    assert [error.column for error in result.errors] == ["officers"]
    assert rows(result)[0].officers == "Peter Heckel"


# --- cells that hold several -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Peter Heckel", ["Peter Heckel"]),
        ("Lindy Whitfield/ Eleanor Morgan", ["Lindy Whitfield", "Eleanor Morgan"]),
        ("Colin Feltham, Marlene Morrissey and Jo Berry", ["Colin Feltham", "Marlene Morrissey", "Jo Berry"]),
        ("<p>Ann Lee</p> <p>Bob Ray</p>", ["Ann Lee", "Bob Ray"]),
        ("Mary Burwell, John Taylor (TYS)", ["Mary Burwell", "John Taylor (TYS)"]),
        ("Sally Williamso n/Simon Fox", ["Sally Williamso n", "Simon Fox"]),
        (
            "Colin Feltham, Head of AEN and R and Marlene Morrissey, County AEN Manager (Resources)",
            ["Colin Feltham, Head of AEN and R", "Marlene Morrissey, County AEN Manager (Resources)"],
        ),
    ],
)
def test_people_are_parted_where_print_parts_them(cell: str, people: list[str]) -> None:
    assert split_people(cell) == people


@pytest.mark.parametrize(
    "cell",
    [
        "Jo Berry, County AEN Manager (Operations)",
        "Linda Baker Jo Berry",
        "Jayne Ward, Glen Cheesman Debbie Butt, Dave Scott",
        "Marlene Morrissey, County AEN Manager (Resources) Julie Care, Statutory and Legislative Support Manager",
        "Colin Feltham with some from CSS (Bill Anderson to identify) and Health (Richard Murrells to identify)",
        "Ann Lee, Head of Policy and Strategic Planning",
        "Ann Lee, Early Years",
        "PEP/Crisis Co-ordinators",
        "Assistant PEPs (R. Rees & S. Hindle)",
        "EAS Manager/ Advisor",
        "Head of Joint Commissioning Unit and John Mitchell",
    ],
)
def test_people_stay_as_printed_where_print_does_not_part_them(cell: str) -> None:
    assert split_people(cell) == [cell]


@pytest.mark.parametrize(
    ("cell", "links"),
    [
        ("CYPP 5, 6, 7, 8", ["CYPP 5", "CYPP 6", "CYPP 7", "CYPP 8"]),
        ("CYPP 3, 5 and 7", ["CYPP 3", "CYPP 5", "CYPP 7"]),
        ("CYPP 5 CYPP 8", ["CYPP 5", "CYPP 8"]),
        ("CYPP Priority 2A (10 &11)", ["CYPP Priority 2A (10 &11)"]),
        ("CYPP Enabler A& C", ["CYPP Enabler A", "CYPP Enabler C"]),
        ("CYPP 5B – 38 Enabler A CYPP 5C - 42", ["CYPP 5B – 38", "Enabler A", "CYPP 5C - 42"]),
        ("V4K Joint Target T2010", ["V4K", "Joint Target T2010"]),
        ("LPSA2/CYPP/ KCT Integrated Commissioning", ["LPSA2", "CYPP", "KCT Integrated Commissioning"]),
        ("V4K Kent Primary Strategy, CYPP 11 Action 52", ["V4K Kent Primary Strategy", "CYPP 11 Action 52"]),
        ("National Strategy and Lamb Enquiry", ["National Strategy and Lamb Enquiry"]),
        ("Improved parent/carer voice, and play", ["Improved parent/carer voice, and play"]),
        ("", []),
    ],
)
def test_links_are_parted_where_each_is_certain(cell: str, links: list[str]) -> None:
    assert split_links(cell) == links


@pytest.mark.parametrize(
    ("links", "targets"),
    [
        ("T2010 Target 55", {("T2010", "Target 55")}),
        ("T2010 – target 12", {("T2010", "Target 12")}),
        ("CYPP Priority 5B (38 &39)", {("CYPP", "Outcome 5B"), ("CYPP", "Action 38"), ("CYPP", "Action 39")}),
        ("CYPP 5B - 38", {("CYPP", "Outcome 5B"), ("CYPP", "Action 38")}),
        ("CYPP P5", {("CYPP", "Priority 5")}),
        ("CYPP 13", {("CYPP", "13")}),
        ("CYPP – outcome 5C; Enabler B", {("CYPP", "Outcome 5C"), ("CYPP", "Enabler B")}),
        ("NI 103 a) and b) Special Educational Needs", {("NI", "103 a"), ("NI", "103 b")}),
        ("LAA NI51 Effectiveness; JAR Action Plan", {("LAA", "NI 51"), ("NI", "51"), ("JAR", "")}),
        ("V4K; T2010", {("V4K", ""), ("T2010", "")}),
        ("YOS indicator", set()),
        ("UNICEF and the ANNI 51 programme", set()),
    ],
)
def test_references_are_the_targets_that_links_name(links: str, targets: set[tuple[str, str]]) -> None:
    assert set(references(links)) == targets

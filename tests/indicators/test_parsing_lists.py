"""Lists of measures without figures, and comparisons, as print leaves them."""

from decimal import Decimal

import pytest

from tests.indicators.reading import AREAS, AT, GROUPS, LIST, TARGETS, asked, parsed, rows, said

# --- lists -----------------------------------------------------------------------------------------------------------


def test_each_row_that_names_a_list_begins_one() -> None:
    result = parsed(
        "Kent Agreement-LAA\t\t\t",
        "(NI55)\tReduction in obesity (Joint with Health)\tChildren's Health\tLAA",
        "\tYoung people's participation in positive activities\tSupport by LCSP\t",
        "",
        LIST,
        "DCSF Statutory Indicators\t\t\t",
        "NI 72\tAchievement of at least 78 points\tStandards & Achievement\t<i>LAA</i>",
        header=LIST,
    )

    assert [(table.kind, table.lines, len(table.rows)) for table in result.tables] == [
        ("indicator", (AT, AT + 2), 2),
        ("indicator", (AT + 5, AT + 6), 1),
    ]
    assert [(row.code, row.section, row.service_plan, row.links) for row in rows(result)] == [
        ("NI 55", "Kent Agreement-LAA", "Children's Health", "LAA"),
        ("", "Kent Agreement-LAA", "Support by LCSP", ""),
        ("NI 72", "DCSF Statutory Indicators", "Standards & Achievement", "LAA"),
    ]
    assert said(result) == ["heading", "loaded", "loaded", "header", "heading", "loaded"]
    assert not result.doubts


def test_a_cell_of_several_measures_gives_one_row_each() -> None:
    cell = "Percentage achieving Level 2 in Key Stage 1. Percentage in tests (NI 73). Number of visits (joint)."
    result = parsed("2010 Targets\t\t\t", f"TARGET 11:\t{cell}\tStandards & Achievement\t2010", header=TARGETS)

    assert [(row.code, row.title, row.links) for row in rows(result)] == [
        ("TARGET 11", "Percentage achieving Level 2 in Key Stage 1", "2010"),
        ("TARGET 11", "Percentage in tests (NI 73)", "2010"),
        ("TARGET 11", "Number of visits (joint)", "2010"),
    ]


@pytest.mark.parametrize(
    ("code", "cell"),
    [
        ("NI 105", "The gap – achieving 5 A*-C GCSE inc. English and Maths"),
        ("TARGET 30:", "Number of passes issued, e.g. Freedom Passes"),
        ("TARGET 55:", "CWD Transition: Satisfaction measure being developed – based on user survey"),
    ],
)
def test_not_every_full_stop_parts_measures(code: str, cell: str) -> None:
    result = parsed(f"{code}\t{cell}.\tCommissioning\t2010", header=TARGETS)

    assert [row.title for row in rows(result)] == [cell]
    assert not result.doubts


def test_a_sentence_that_may_be_a_remark_is_asked_about() -> None:
    result = parsed("TARGET 12:\tNumber of pupils. This is counted in May.\tCommissioning\t2010", header=TARGETS)

    assert asked(result) == [((AT,), "title")]
    assert len(rows(result)) == 1


def test_a_header_in_mid_table_changes_the_columns_and_words_alone_head_a_part() -> None:
    result = parsed(
        "Joint 2010\t\t\t",
        "Target\tPerformance Indicator\t\t",
        "TARGET 6:\tUK graduate leavers who moved to employment in Kent.\tSchool Organisation\t2010",
        "",
        "Other National Indicators\t\t\t",
        "Performance Measure or Activity\t\tRelevant Service level plan\tLead or Support",
        "\tEarly Years\t\t",
        "NI 109\tNumber of Sure Start Children Centres\tSchool Organisation\tLead",
        "\tSchools\t\t",
        "NI 71\tChildren who have run away\tChildren's Social Services\t<i>Not yet a fully defined indicator</i>",
        header=TARGETS,
    )

    assert [(row.code, row.section, row.subsection, row.links, row.lead_or_support) for row in rows(result)] == [
        ("TARGET 6", "Joint 2010", "", "2010", ""),
        ("NI 109", "Other National Indicators", "Early Years", "", "Lead"),
        ("NI 71", "Other National Indicators", "Schools", "", "Not yet a fully defined indicator"),
    ]
    assert said(result) == [
        "heading",
        "header",
        "loaded",
        "heading",
        "header",
        "heading",
        "loaded",
        "heading",
        "loaded",
    ]
    assert not result.doubts


def test_a_list_row_goes_on_after_a_page_break_where_a_sign_says_so() -> None:
    first = "NI 92\tNarrowing the gap in the Foundation Stage Profile\tStandards & Achievement\tLAA"
    signed = parsed(first, "", "\tand the rest\t\t", header=LIST)
    unsigned = parsed(first, "", "\tWard by Ward\t\t", header=LIST)

    assert rows(signed)[0].title == "Narrowing the gap in the Foundation Stage Profile and the rest"
    assert (said(signed), signed.doubts) == (["loaded", "repaired"], [])
    assert rows(unsigned)[0].title == "Narrowing the gap in the Foundation Stage Profile"
    assert asked(unsigned) == [((AT + 2, AT), "title")]


@pytest.mark.parametrize(
    "body",
    [
        ["NI\tChildren who have run\tCommissioning\tLAA", "", "71\taway overnight\t\t"],
        ["NI 71\t\t\t", "\tChildren who have run away overnight\tCommissioning\tLAA"],
    ],
)
def test_a_code_parted_from_its_title_is_joined_to_it(body: list[str]) -> None:
    result = parsed(*body, header=LIST)

    assert [(row.code, row.title, row.service_plan) for row in rows(result)] == [
        ("NI 71", "Children who have run away overnight", "Commissioning")
    ]
    assert not result.doubts


def test_a_code_of_a_list_that_cannot_be_read_is_asked_about() -> None:
    result = parsed("NI 7l\tChildren who have run away\tCommissioning\tLAA", header=LIST)

    assert asked(result) == [((AT,), "code")]
    assert (rows(result)[0].code, rows(result)[0].title) == ("", "Children who have run away")


def test_cells_of_a_list_without_a_title_refuse_it() -> None:
    row = "NI 52\tTake up of school lunches\tResources\tLAA"

    assert parsed(row, "\t\tCommissioning\tLAA", header=LIST).errors


# --- comparisons -----------------------------------------------------------------------------------------------------


def test_the_caption_says_what_is_compared_and_the_columns_where() -> None:
    caption = "% achieving Level 4+ English and Maths 2007 – data provided by the DCSF in 2008."
    result = parsed("White British\t67.0\t72.2", "All pupils\tx\t71.1", header=GROUPS, above=caption)

    assert [(row.group, row.area, row.period, row.value) for row in rows(result)] == [
        ("White British", "Kent", "2007", Decimal("67.0")),
        ("White British", "England", "2007", Decimal("72.2")),
        ("All pupils", "Kent", "2007", None),
        ("All pupils", "England", "2007", Decimal("71.1")),
    ]
    assert {(row.measure, row.note, row.measure_unit) for row in rows(result)} == {
        ("% achieving Level 4+ English and Maths 2007", "data provided by the DCSF in 2008.", "percent")
    }
    assert asked(result) == [((AT + 1,), "Kent 2007")]


def test_where_the_first_header_is_blank_each_row_is_a_measure() -> None:
    result = parsed("Primary Absence\t5.3%\t5.35%", "Exclusion\t0.15% of pupils\tTBC by DCSF", header=AREAS)

    assert [(row.measure, row.area, row.period, row.value, row.status, row.note) for row in rows(result)] == [
        ("Primary Absence", "Kent", "2007/08", Decimal("5.3"), "value", ""),
        ("Primary Absence", "National Comparison", "2007/08", Decimal("5.35"), "value", "to be validated by DCSF"),
        ("Exclusion", "Kent", "2007/08", Decimal("0.15"), "value", "of pupils"),
        ("Exclusion", "National Comparison", "2007/08", None, "awaited", "TBC by DCSF; to be validated by DCSF"),
    ]
    assert result.tables[0].unit == "Specialist Teaching Service"


def test_an_x_is_suppressed_where_a_note_says_so() -> None:
    above = "% achieving 5 A*-C; figures marked x are suppressed"
    result = parsed("Chinese\tx\t84.0", header=GROUPS, above=above)

    assert rows(result)[0].status == "suppressed"
    assert not result.doubts


def test_groups_under_no_caption_refuse_the_comparison() -> None:
    assert [problem.column for problem in parsed("Irish\t82.9\t77.3", header=GROUPS).errors] == ["measure"]


def test_a_name_of_a_comparison_parted_without_a_sign_is_asked_about() -> None:
    result = parsed("Irish\t\t", "Traveller\t33.3\t24.6", "Chinese\t75.0\t84.0", header=GROUPS, above="% achieving")

    assert asked(result) == [((AT,), "group")]
    assert {row.group for row in rows(result)} == {"Traveller", "Chinese"}

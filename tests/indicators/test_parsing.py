"""A unit's table of figures as print leaves it: what is put together, what is asked, what is refused."""

from decimal import Decimal

import pytest

from indicators.parsing import KINDS, FigureRow
from plans.documents import Document
from tests.indicators.reading import AT, FIGURES, STAGES, asked, correction, over_a_page, parsed, rows, said, values

PERSISTENT = "NI 87 – Secondary School Persistent Absence Rate\t6.8%\t6.0%\t6.0% <i>2008/9 academic year target</i>"
PRIMARY = "% half days missed in Primary Schools\t5.3%\t5.0%\t5.0%"
HEADING = "NI 73 Key Stage 2: proportion achieving Level 4+ in both English and Maths\t\t\t"
ALL = "All Pupils\t66.8\t69.0\tTo Follow"
CARIBBEAN = "Black Caribbean\t57.1\t68.2\t77.6"
SECOND = "NI 75 Key Stage 4: proportion achieving 5 A*- C including both English and Maths\t\t\t"


# --- figures ---------------------------------------------------------------------------------------------------------


def test_each_figure_is_a_row_with_the_period_and_kind_of_its_column() -> None:
    result = parsed(PERSISTENT, PRIMARY)

    first = rows(result)[0]
    assert (first.code, first.title) == ("NI 87", "Secondary School Persistent Absence Rate")
    assert [(row.period, row.kind, row.value) for row in rows(result)[:3]] == [
        ("2007/08", "actual", Decimal("6.8")),
        ("2008/09", "estimate", Decimal("6.0")),
        ("2009/10", "target", Decimal("6.0")),
    ]
    assert {row.measure_unit for row in rows(result)} == {"percent"}
    assert rows(result)[2].note == "2008/9 academic year target"
    assert (result.tables[0].kind, result.tables[0].unit) == ("indicator", "Specialist Teaching Service")
    assert not result.doubts
    assert said(result) == ["loaded", "loaded"]


def test_a_figure_leads_back_to_its_line_and_words() -> None:
    source = rows(parsed(PRIMARY, PERSISTENT))[-1].source

    assert source.lines == (AT + 1,)
    assert dict(source.printed) == {
        "title": "NI 87 – Secondary School Persistent Absence Rate",
        "target 2009/10": "6.0% 2008/9 academic year target",
    }


@pytest.mark.parametrize(
    ("label", "code", "title"),
    [
        ("NI 103 a) Statements issued within 26 weeks", "NI 103 a)", "Statements issued within 26 weeks"),
        ('BVPI 43(a) Percentage of statements "prepared"', "BVPI 43(a)", 'Percentage of statements "prepared"'),
        ("NI 69 – Children who have been bullied", "NI 69", "Children who have been bullied"),
        ("NI117 16 to 18 year olds (NEET)", "NI 117", "16 to 18 year olds (NEET)"),
        ("OC2 - % LAC L4+ E/M KS2", "", "OC2 - % LAC L4+ E/M KS2"),
        ("LAA Target 3", "", "LAA Target 3"),
    ],
)
def test_the_code_is_taken_out_of_the_title(label: str, code: str, title: str) -> None:
    row = rows(parsed(f"{label}\t1.5%\t1.4%\t"))[0]

    assert (row.code, row.title) == (code, title)


def test_a_link_behind_the_code_is_a_link() -> None:
    row = rows(parsed("NI 117 (LAA) 16-18 year olds not in education (CNI 117)\t5.27%\t4.46%\t5.9%"))[0]

    assert (row.code, row.title, row.links) == ("NI 117", "16-18 year olds not in education (CNI 117)", "LAA")


@pytest.mark.parametrize("label", ["NI 5O Emotional health", "NI 1l4 Exclusions", "NI 72-75 Attainment"])
def test_a_code_that_cannot_be_read_is_asked_about(label: str) -> None:
    result = parsed(f"{label}\t1.5%\t1.4%\t1.3%")

    assert asked(result) == [((AT,), "code")]
    assert {row.code for row in rows(result)} == {""}


def test_a_remark_over_all_cells_is_one_row() -> None:
    remark = "MCAS contributes to the overall KCC target by promoting preventative approaches to racist bullying."
    result = parsed(f"NI 69 Children who have experienced bullying\t{remark}\t\t", PRIMARY)

    row = rows(result)[0]
    assert (row.status, row.value, row.printed) == ("remark", None, remark)
    assert len(rows(result)) == 4
    assert not result.doubts


def test_two_labelled_figures_of_a_cell_are_two_rows() -> None:
    result = parsed(HEADING, ALL, "Unclassified\t59.7\tRefused 72.1 Information Not Obtained 54.9\tNo Target Set")

    found = [(row.value, row.label, row.note) for row in rows(result) if row.group == "Unclassified"]
    assert found == [
        (Decimal("59.7"), "", ""),
        (Decimal("72.1"), "Refused", "Refused"),
        (Decimal("54.9"), "Information Not Obtained", "Information Not Obtained"),
        (None, "", ""),
    ]


def test_groups_belong_to_the_measure_without_figures_above_them() -> None:
    result = parsed(HEADING, ALL, CARIBBEAN, PERSISTENT)

    assert said(result) == ["heading", "loaded", "loaded", "loaded"]
    assert values(result, "Key Stage 2", "All Pupils") == [Decimal("66.8"), Decimal("69.0"), "to follow"]
    assert {(row.code, row.measure_unit) for row in rows(result) if row.group} == {("NI 73", "percent")}
    assert rows(result)[0].source.lines == (AT, AT + 1)
    assert not result.doubts


def test_invented_groups_are_known_by_their_shape() -> None:
    result = parsed(HEADING, "Harbour Ward\t1.0\t2.0\t3.0", "Quarry Ward\t4.0\t5.0\t6.0", "Abbey Ward\t7.0\t\tN/A")

    assert {row.group for row in rows(result)} == {"Harbour Ward", "Quarry Ward", "Abbey Ward"}
    assert not result.doubts


def test_measures_behind_groups_are_no_groups() -> None:
    result = parsed(HEADING, ALL, CARIBBEAN, PRIMARY)

    assert [(row.group, row.title) for row in rows(result)][-1] == ("", "% half days missed in Primary Schools")


def test_groups_without_a_measure_above_them_are_asked_about() -> None:
    assert asked(parsed(ALL, CARIBBEAN)) == [((AT,), "title"), ((AT + 1,), "title")]


def test_a_measure_with_a_code_and_no_figures_is_kept() -> None:
    result = parsed("NI 104 The Special Educational Needs gap\t\t\t", PERSISTENT)

    kept = rows(result)[0]
    assert (kept.code, kept.status, kept.period) == ("NI 104", "", "")
    assert not result.doubts


def test_one_name_twice_refuses_the_table() -> None:
    result = parsed(HEADING, ALL, ALL)

    assert [problem.lines for problem in result.errors] == [(AT + 1, AT + 2)]
    assert not result.tables
    assert said(result) == ["not read"] * 3


def test_figures_in_a_column_that_has_no_header_refuse_the_table() -> None:
    assert parsed("Parent rating\t92%\t85%\t87%\t88%").errors


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("Indicator\tTarget 2024/25", ["target 2024/25"]),
        ("\tActual performance 2007/2008\tTarget 2008/09", ["actual 2007/08", "target 2008/09"]),
        ("Performance indicator\tActual 2019-20\tForecast 2020-21", ["actual 2019/20", "estimate 2020/21"]),
        ("Indicator\tOutturn 2007\t\tTarget 2010", ["actual 2007", "target 2010"]),
        (
            "Key performance measures\t2022/23 outturn\tEstimated 2023/24\tTarget 2024/25\tTarget 2025/26",
            ["actual 2022/23", "estimate 2023/24", "target 2024/25", "target 2025/26"],
        ),
    ],
)
def test_headers_of_other_years_and_numbers_of_columns(header: str, columns: list[str]) -> None:
    cells = [f"{at}.5%" if cell else "" for at, cell in enumerate(header.split("\t")[1:], start=1)]
    result = parsed("\t".join(["Average Parent Rating", *cells]), header=header)

    assert [f"{row.kind} {row.period}" for row in rows(result)] == columns
    assert [row.printed for row in rows(result)] == [cell for cell in cells if cell]
    assert not result.doubts


@pytest.mark.parametrize(
    "header",
    [
        FIGURES.replace("Target 2009/10", "Target 2008/10"),
        FIGURES + "\tTarget 2009/10",
        FIGURES.replace("Target 2009/10", "Target 2009/10 to date"),
    ],
)
def test_columns_of_no_certain_year_refuse_the_table(header: str) -> None:
    assert parsed(PRIMARY, header=header).errors


# --- figures: what print has parted ----------------------------------------------------------------------------------


def test_a_row_goes_on_after_a_page_break_in_all_its_cells() -> None:
    result = parsed(
        *over_a_page(
            "NI 108 Key Stage\tNot available\tAwaiting\tTo follow – will be",
            "4: Attainment for Minority Ethnic Groups.\t(not required to report on all Groups.\tconfirmation of the data."
            "\tinformed by base line figure of outcomes 2008.",
            header=STAGES,
        ),
        header=STAGES,
    )

    assert [(row.title, row.status, row.note) for row in rows(result)] == [
        ("Key Stage 4: Attainment for Minority Ethnic Groups.", status, note)
        for status, note in (
            ("not available", "not required to report on all Groups."),
            ("awaited", "Awaiting confirmation of the data."),
            ("to follow", "will be informed by base line figure of outcomes 2008."),
        )
    ]
    assert rows(result)[0].source.lines == (AT, AT + 3)
    assert {repair.rule for repair in rows(result)[0].source.repairs} == {"continued after page break"}
    assert [(outcome.outcome, outcome.why) for outcome in result.outcomes] == [
        ("loaded", ""),
        ("repaired", f"into line {AT}"),
    ]
    assert not result.doubts


def test_a_heading_goes_on_after_a_page_break() -> None:
    body = over_a_page("NI 94 Key Stage 1\t\t\t", "- 2: proportion progressing by 2 NC levels in Maths\t\t\t")
    result = parsed(*body, ALL, CARIBBEAN)

    assert {row.title for row in rows(result)} == {"Key Stage 1 - 2: proportion progressing by 2 NC levels in Maths"}
    assert said(result) == ["heading", "repaired", "loaded", "loaded"]
    assert not result.doubts


@pytest.mark.parametrize(
    ("above", "rest"),
    [
        ("NI 105 The Special Educational Needs", "(SEN)/non-SEN gap – achieving 5 A*-C GCSE"),
        ("NI 92 The Early Years Foundation Stage Profile", "and the rest"),
        ("Children in the care of the county and", "District councils"),
        ("Visits (as counted", "On open days)"),
        ("Statements prepared in 18 weeks –", "All cases"),
    ],
)
def test_a_sign_says_that_a_label_goes_on_after_a_page_break(above: str, rest: str) -> None:
    result = parsed(*over_a_page(f"{above}\tData awaited\t1.5\t", f"{rest}\t\t\t"))

    assert {f"{row.code} {row.title}".strip() for row in rows(result)} == {f"{above} {rest}"}
    assert not result.doubts


def test_without_a_sign_nothing_is_joined_over_a_page_break() -> None:
    result = parsed(*over_a_page("Average Parent\t92%\t85%\t87%", "Rating\t\t\t"), PRIMARY)

    assert asked(result) == [((AT + 3, AT), "title")]
    assert result.doubts[0].choices == ("Average Parent Rating", "Rating")
    assert {row.title for row in rows(result)} == {"Average Parent", "% half days missed in Primary Schools"}
    assert said(result) == ["loaded", "not read", "loaded"]


def test_a_complete_row_after_a_page_break_is_a_row_of_its_own() -> None:
    result = parsed(*over_a_page(PERSISTENT, "Increase the percentage with placements\t97.6%\t98%\t98.5%"))

    assert len(rows(result)) == 6
    assert not result.doubts


def test_a_table_that_begins_in_the_middle_of_a_row_is_asked_about() -> None:
    assert asked(parsed("and the rest\t33.8\t32.0\t28.7")) == [((AT,), "title")]


@pytest.mark.parametrize(
    ("first", "rest"), [("Visits to libraries and", "Archives"), ("NI 114", "Exclusions"), ("NI", "114 Exclusions")]
)
def test_the_first_words_of_a_label_stand_above_its_figures(first: str, rest: str) -> None:
    result = parsed(PERSISTENT, f"{first}\t\t\t", f"{rest}\t1.5%\t1.4%\t1.4%")

    assert {f"{row.code} {row.title}".strip() for row in rows(result)[3:]} == {f"{first} {rest}"}
    assert said(result) == ["loaded", "repaired", "loaded"]
    assert not result.doubts


def test_a_name_that_other_groups_have_is_put_together() -> None:
    parted = ["Black\t\t\t", "Caribbean\t60.0\tTo Follow\t50.4"]
    result = parsed(HEADING, ALL, CARIBBEAN, SECOND, "All Pupils\t48.2\tTo Follow\tTo Follow", *parted)

    assert values(result, "Key Stage 4", "Black Caribbean") == [Decimal("60.0"), "to follow", Decimal("50.4")]
    assert not result.doubts


def test_words_above_figures_that_could_be_a_measure_are_asked_about() -> None:
    result = parsed("NI 103 a) Special\t\t\t", "Educational Needs statements\tN/A\t75%\t78%")

    assert asked(result) == [((AT + 1, AT), "group")]
    assert {row.title for row in rows(result)} == {"Special", "Educational Needs statements"}


@pytest.mark.parametrize("broken", [False, True])
def test_a_figure_over_two_lines_is_one(broken: bool) -> None:
    lines = ["Gap at Key Stage 2\t12.\t-\t28.7", "\t5\t3.4\t"]
    result = parsed(*(over_a_page(*lines) if broken else lines))

    assert values(result, "Gap") == [Decimal("12.5"), Decimal("-3.4"), Decimal("28.7")]
    assert [repair.now for repair in rows(result)[0].source.repairs] == ["12.5", "-3.4"]
    assert not result.doubts


def test_a_minus_on_a_line_of_its_own_belongs_to_the_only_figure_beside_it() -> None:
    result = parsed("Gap at Key Stage 1\tN/A\t1.0\t", "\t-\t\t", "Gap at Key Stage 2\t3.4\t2.0\t")

    assert values(result, "Stage 2") == [Decimal("-3.4"), Decimal("2.0")]
    assert not result.doubts


def test_a_minus_that_may_be_either_figures_empties_both() -> None:
    result = parsed("Gap at Key Stage 1\t1.4\t1.0\t", "\t-\t\t", "Gap at Key Stage 2\t3.4\t2.0\t")

    assert values(result) == ["", Decimal("1.0"), "", Decimal("2.0")]
    assert asked(result) == [((AT,), "actual 2007/08"), ((AT + 1, AT + 2), "actual 2007/08")]


@pytest.mark.parametrize(
    "body",
    [
        ["NI 87 Persistent absence\t\t\t", "\t6.8%\t6.0%\t5.9%", PRIMARY],
        [PRIMARY, "\t6.8%\t6.0%\t5.9%", "NI 87 Persistent absence\t\t\t"],
        ["NI 87 Persistent absence\t6.8%\t\t", "\t\t6.0%\t5.9%", PRIMARY],
    ],
)
def test_figures_slide_back_to_the_label_that_has_none(body: list[str]) -> None:
    result = parsed(*body)

    assert values(result, "Persistent") == [Decimal("6.8"), Decimal("6.0"), Decimal("5.9")]
    assert not result.doubts


@pytest.mark.parametrize(
    "body",
    [
        [PERSISTENT, "\t5.3%\t5.0%\t5.0%", "Parent rating\t92%\t85%\t87%"],
        ["\t5.3%\t5.0%\t5.0%", "Parent rating\t92%\t85%\t87%"],
        ["NI 69 Bullying\t\t\t", "\t5.3%\t5.0%\t5.0%", "NI 50 Emotional health\t\t\t", PERSISTENT],
        [HEADING, "\t66.8\t69.0\tTo Follow", CARIBBEAN],
    ],
)
def test_figures_without_a_label_are_never_given_one(body: list[str]) -> None:
    result = parsed(*body)

    assert "without a label" in result.errors[0].says
    assert not result.tables
    assert set(said(result)) == {"not read"}


@pytest.mark.parametrize("cell", ["-", "6.8.", "1O.5", "7,35%", "72.1 54.9", "To Follow 77.6", "61% to 99%", "?"])
def test_a_figure_that_is_lost_or_cannot_be_read_is_left_empty(cell: str) -> None:
    result = parsed(f"Persistent absence\t{cell}\t6.0%\t5.9%")

    assert asked(result) == [((AT,), "actual 2007/08")]
    first = rows(result)[0]
    assert (first.value, first.status, first.printed) == (None, "", cell)
    assert values(result)[1:] == [Decimal("6.0"), Decimal("5.9")]


def test_a_lost_tab_empties_the_figures_of_its_line() -> None:
    result = parsed(PERSISTENT, "OC2 - % LAC permanently excluded\t1.0\t1.0\t", "Parent rating 92%\t85%\t87%")

    assert asked(result) == [((AT + 2,), "actual 2007/08")]
    assert values(result, "Parent") == ["", ""]


def test_tabs_cut_off_at_the_ends_of_lines_are_no_damage() -> None:
    result = parsed("OC2 - % LAC statement SEN\t25.3\t26.1", "OC2 - % LAC missed 25+ days\t15.6", PERSISTENT)

    assert values(result, "LAC") == [Decimal("25.3"), Decimal("26.1"), Decimal("15.6")]
    assert not result.doubts


def test_a_label_that_has_swallowed_a_figure_is_seen_where_tabs_are_cut_off() -> None:
    assert asked(parsed(PRIMARY, "Parent rating 92%\t85%\t87%")) == [((AT + 1,), "actual 2007/08")]


@pytest.mark.parametrize(
    "row",
    [
        "Number of placements\t223\t260\t5%",
        "Absence in the year\t7.5%\t7.35\t7.2%",
        "Proportion of pupils\t66.8\t668\t70.1",
    ],
)
def test_figures_at_odds_have_no_unit(row: str) -> None:
    result = parsed(row)

    assert asked(result) == [((AT,), "measure_unit")]
    assert {row.measure_unit for row in rows(result)} == {""}


# --- declared corrections --------------------------------------------------------------------------------------------


def test_a_corrected_figure_is_read_as_if_it_had_been_printed() -> None:
    fixed = correction(AT, "actual 2007/08", "1O.5%", "10.5%")
    result = parsed("Persistent absence\t1O.5%\t6.0%\t5.9%", corrections=fixed)

    assert values(result)[0] == Decimal("10.5")
    repair = rows(result)[0].source.repairs[0]
    assert (repair.rule, repair.was) == ("declared correction", "1O.5%")
    assert repair.now.startswith("10.5% (the printed copy")
    assert dict(rows(result)[0].source.printed)["actual 2007/08"] == "1O.5%"
    assert not result.doubts


def test_the_answer_to_a_parted_label_joins_it() -> None:
    body = over_a_page("Average Parent\t92%\t85%\t87%", "Rating\t\t\t")
    result = parsed(*body, corrections=correction(AT + 3, "title", "Rating", "Average Parent Rating"))

    assert {row.title for row in rows(result)} == {"Average Parent Rating"}
    assert said(result) == ["loaded", "repaired"]
    assert not result.doubts


def test_the_answer_that_a_label_stands_alone_is_taken() -> None:
    body = over_a_page("Average Parent\t92%\t85%\t87%", "Rating\t\t\t")
    result = parsed(*body, corrections=correction(AT + 3, "title", "Rating", "Rating"))

    assert [row.title for row in rows(result)][-1] == "Rating"
    assert not result.doubts


def test_a_corrected_title_keeps_the_printed_code() -> None:
    fixed = correction(AT, "title", "Secondary School Persistent Absence Rate", "Persistent absence")
    result = parsed(PERSISTENT, corrections=fixed)

    assert {(row.code, row.title) for row in rows(result)} == {("NI 87", "Persistent absence")}


def test_a_corrected_code_is_the_code() -> None:
    result = parsed("NI 5O Emotional health\t1.5%\t1.4%\t", corrections=correction(AT, "code", "NI 5O", "NI 50"))

    assert {row.code for row in rows(result)} == {"NI 50"}
    assert not result.doubts


@pytest.mark.parametrize("field", ["actual 2007/08", "title", "target 1999/00"])
def test_a_correction_of_other_words_is_refused(field: str) -> None:
    result = parsed(PRIMARY, corrections=correction(AT, field, "words of another plan", "10.5%"))

    assert [problem.column for problem in result.errors] == [field]


# --- which tables these are ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "\t2008/09\t2009/10",  # staffing
        "\t2008-9 FTE\t2009-10 FTE\tDifference",  # establishment
        "2008-09\t\t2009-10\t\t\t",  # budget
        "Band\tFTE 2008/09\tFTE 2009/10",
        "\tSept 2009\tMarch 2010\t\t",  # an action's dates
        "Survey of parents\tMarch 2009\tMarch 2010\tAll parents",
        "Key actions/ Project/Development\ta/c manager\tDeliverables or outcomes planned for 2009/10\tTarget dates",
        "Project/ development/ key action\tRelevant Plan\tDeliverables or Outcomes\tLink to strategic priority",
        "NI 87 Absence\t6.8%\t6.0% 2008/9 academic year target\t",
    ],
)
def test_other_tables_are_not_taken_for_measures(line: str) -> None:
    lines = Document(line, "plan.txt").lines

    assert [kind.name for kind in KINDS if kind.header(lines, 0)] == []


def test_rows_are_of_the_types_that_loaders_know() -> None:
    assert isinstance(rows(parsed(PRIMARY))[0], FigureRow)

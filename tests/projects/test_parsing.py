"""Key actions and consultations as print leaves them: what is put together, what is asked, what is refused."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.documents import Context, Correction, Document, Parsed, read
from projects.parsing import KINDS, parse
from projects.parsing.dates import read_cell, read_declared

UNIT_TITLE = "SERVICE LEVEL BUSINESS PLAN 2009/10 FOR\n\nCommissioning\n\nEducational Psychology Service\n\n"
UNIT_HEADER = (
    "Key actions/ Project/Development\ta/c manager\tLinks to Corporate / Directorate Target\t"
    "Deliverables or outcomes planned for 2009/10\tTarget dates"
)
DIRECTORATE_TITLE = "CHILDREN DIRECTORATE LEVEL BUSINESS PLAN 2009/10\n\nNew Projects & Activities\n\n"
DIRECTORATE_HEADER = (
    "Project/ development/ key action\tRelevant Plan\tDeliverables or Outcomes for 2008/09\tLink to strategic priority"
)
CONSULTATION_HEADER = (
    "Name\tStart & End Date\tFeedback Date\tTarget Group/ Sample Size\tTarget area (Kent, Town, district, ward etc)\t"
    "External contract or being used\tWhat we want to find out and how we will use the information\tStat Yes/ No\t"
    "Contact name and details."
)
FIRST = {UNIT_HEADER: 8, DIRECTORATE_HEADER: 6, CONSULTATION_HEADER: 8}  # the number of the first body line
AT = FIRST[UNIT_HEADER]
Corrections = dict[tuple[int, str], Correction]

BULLYING = "To reduce bullying.\tPeter Heckel\tT2010 – target 12\tOn-line survey undertaken\tNov 2009"
INTEGRATE = "Support localities in sharing data\tMary Burwell\tCYPP 8\tAll localities share data\tSept 2009"


def parsed(*body: str, header: str = UNIT_HEADER, corrections: Corrections | None = None) -> Parsed:
    title = DIRECTORATE_TITLE if header == DIRECTORATE_HEADER else UNIT_TITLE
    reading = read(Document(title + "\n".join([header, *body]), "plan.txt"), KINDS)
    assert len(reading.tables) == 1
    table = reading.tables[0]
    assert not body or table.body[0].number == FIRST[header]
    result = parse(table, Context(reading.year, reading.tier, corrections or {}))
    # Whatever happens, each body line has exactly one outcome.
    assert [outcome.line for outcome in result.outcomes] == [line.number for line in table.body]
    return result


def over_a_page(*rows: str, header: str = UNIT_HEADER) -> list[str]:
    """The rows with a page break before the last of them."""
    return [*rows[:-1], "", header, rows[-1]]


def rows(result: Parsed) -> list[Any]:
    return [row for table in result.tables for row in table.rows]


def said(result: Parsed) -> list[str]:
    return [outcome.outcome for outcome in result.outcomes]


def correction(line: int, field: str, was: str, value: str) -> Corrections:
    return {(line, field): Correction(line, field, was, value, "looked up", "a person")}


# --- a unit's actions ------------------------------------------------------------------------------------------------


def test_action_has_its_cells_and_its_date() -> None:
    result = parsed(BULLYING)
    (row,) = rows(result)
    assert (row.action, row.managers, row.links) == ("To reduce bullying.", "Peter Heckel", "T2010 – target 12")
    assert (row.deliverable, row.due, row.due_precision) == ("On-line survey undertaken", "2009-11", "month")
    assert (row.due_printed, row.section, row.relevant_plan, row.action_line) == ("Nov 2009", "", "", AT)
    assert row.source.lines == (AT,) and ("due", "Nov 2009") in row.source.printed
    assert result.tables[0].unit == "Educational Psychology Service"


def test_action_without_a_deliverable_is_a_row_all_the_same() -> None:
    result = parsed("Regional work\tAnn Lee\tCYPP 5\t\t", "Share data\tAnn Lee\tCYPP 5\t\tMarch 2010")
    assert [(row.action, row.deliverable, row.due) for row in rows(result)] == [
        ("Regional work", "", ""),
        ("Share data", "", "2010-03"),
    ]


def test_header_of_two_lines_is_known() -> None:
    header = (
        "Key actions/\ta/c\tLinks to Corporate\tDeliverables or outcomes\tTarget\n"
        "Project/Development\tmanager\t/ Directorate Target\tplanned for 2009/10\tdates"
    )
    (table,) = read(Document(UNIT_TITLE + header + "\n" + BULLYING, "plan.txt"), KINDS).tables
    assert table.kind == "action"
    assert rows(parse(table, Context("2009/10", "service")))[0].due == "2009-11"


def test_one_date_is_the_date_of_every_deliverable() -> None:
    (first, second) = rows(parsed("Review\tAnn Lee\tCYPP 5\t<ul> • Ready • Steady </ul>\tMarch 2010"))
    assert [(row.deliverable, row.due) for row in (first, second)] == [("Ready", "2010-03"), ("Steady", "2010-03")]
    assert first.action_line == second.action_line


def test_as_many_dates_as_deliverables_go_in_order() -> None:
    result = parsed(
        "Review\tAnn Lee\tCYPP 5\t<p>Phase One</p> <p>Phase Two</p>\t<p>March 2010 and on-going</p> <p>Sept 2010</p>",
        "Train\tAnn Lee\tCYPP 5\t<p>One</p> <p>Two</p> <p>Three</p>\tApril 2009 Sept 2009 Nov 2009",
    )
    assert [(row.deliverable, row.due, row.due_precision) for row in rows(result)] == [
        ("Phase One", "2010-03", "on-going"),
        ("Phase Two", "2010-09", "month"),
        ("One", "2009-04", "month"),
        ("Two", "2009-09", "month"),
        ("Three", "2009-11", "month"),
    ]


@pytest.mark.parametrize(
    ("deliverables", "dates", "count"),
    [
        ("Data collected Benchmarking report written", "May 2009 Aug 2009", 1),
        ("• One • Two • Three", "Sept 2009 On-going", 3),
        ("Guidance is sent to LCSP Teams. Training is designed.", "July 09 April 09", 1),  # no mark parts them
        ("<p>One</p> <p>Two</p>", "On-going March 2010", 2),  # may be one: on-going until then
        ("Training undertaken Roll out begun. Staff use it. A sample is sent.", "April 09 April 09 March 10", 1),
        ("Evaluate project April 2008 to March 2009 Review service specification.", "April 09 July 10", 1),
    ],
)
def test_dates_that_cannot_be_paired_are_kept_with_every_deliverable(deliverables: str, dates: str, count: int) -> None:
    found = rows(parsed(f"Review\tAnn Lee\tCYPP 5\t{deliverables}\t{dates}"))
    assert [(row.due, row.due_precision, row.due_printed) for row in found] == [("", "unknown", dates)] * count


def test_equal_dates_need_no_pairing() -> None:
    (row,) = rows(parsed("Pilot\tAdvisors\tCYPP 5\tPilot in 5 schools Strategy in place\tJul 09 Jul 09"))
    assert (row.due, row.due_precision, row.due_printed) == ("2009-07", "month", "Jul 09 Jul 09")


def test_rows_without_an_action_are_further_deliverables_of_the_one_above() -> None:
    result = parsed(
        "Keep schools updated\tPeter Heckel\tCYPP - target 14\tQuality standards\tDec 09",
        "\t\t\tProvide support and advice\tOn-going",
        "\tCMT\tEnabler B\tTrained psychologists\tMarch 2010",
        BULLYING,
    )
    assert [(row.action, row.managers, row.due, row.action_line) for row in rows(result)] == [
        ("Keep schools updated", "Peter Heckel", "2009-12", AT),
        ("Keep schools updated", "", "", AT),
        ("Keep schools updated", "CMT", "2010-03", AT),
        ("To reduce bullying.", "Peter Heckel", "2009-11", AT + 3),
    ]
    assert not result.doubts


def test_a_date_alone_is_one_more_of_the_row_above() -> None:
    result = parsed("Review\tCMT\t\tRevised proforma used Training implemented\tApril 2009", "\t\t\t\tMay 2009")
    (row,) = rows(result)
    assert (row.due_precision, row.due_printed) == ("unknown", "April 2009 May 2009")
    assert said(result) == ["loaded", "repaired"]


def test_a_marked_row_is_a_section() -> None:
    result = parsed(BULLYING, "<u>Actions that are led by other Service Units</u>\t\t\t\t", INTEGRATE)
    assert [row.section for row in rows(result)] == ["", "Actions that are led by other Service Units"]
    assert said(result) == ["loaded", "heading", "loaded"]


# --- a unit's actions, damaged ---------------------------------------------------------------------------------------


def test_every_cell_of_a_row_may_go_on_after_a_page_break() -> None:
    result = parsed(
        *over_a_page(
            "To develop capacity to apply\tCMT & Senior EPs\tCYPP Priority 5B (39)\tImpact of approaches for identified"
            "\tMarch",
            "Cognitive Approaches for vulnerable groups.\tCMT\tEnabler B\tcases demonstrated through the process. VIG "
            "group established.\t2010 September 2009",
        )
    )
    (first,) = rows(result)
    assert first.action == "To develop capacity to apply Cognitive Approaches for vulnerable groups."
    assert (first.managers, first.links) == ("CMT & Senior EPs CMT", "CYPP Priority 5B (39); Enabler B")
    assert first.deliverable.startswith("Impact of approaches for identified cases demonstrated through the process.")
    assert (first.due, first.due_precision, first.due_printed) == ("", "unknown", "March 2010 September 2009")
    assert {repair.column for repair in first.source.repairs} == {
        "action",
        "managers",
        "links",
        "deliverable",
        "due",
    }
    assert first.source.lines == (AT, AT + 3)
    assert said(result) == ["loaded", "repaired"]
    assert result.outcomes[1].why == f"into line {AT}"
    assert not result.doubts


@pytest.mark.parametrize(
    "below",
    [
        "and share data\t\t\t\t",
        "\t\t\twhich are reported\t",
        "\t/ Jo Berry\t\t\t",
    ],
)
def test_words_that_go_on_are_put_into_the_row_above(below: str) -> None:
    result = parsed(*over_a_page(INTEGRATE, below), BULLYING)
    assert said(result) == ["loaded", "repaired", "loaded"]
    assert len(rows(result)) == 2 and not result.doubts


def test_first_words_on_a_line_of_their_own() -> None:
    for body in (
        ["To ensure access to\t\t\t\t", BULLYING.replace("To reduce bullying.", "Education for all")],
        ["To ensure access\t\t\t\t", "", UNIT_HEADER, BULLYING.replace("To reduce bullying.", "to Education for all")],
        ["Access for all of them\t\t\t\t", BULLYING.replace("To reduce bullying.", "")],
    ):
        result = parsed(INTEGRATE, *body)
        row = rows(result)[1]
        assert row.action.split()[0] in ("To", "Access") and row.action.endswith(("for all", "of them"))
        assert row.action_line == AT + 1
        assert said(result) == ["loaded", "repaired", "loaded"] and not result.doubts
        assert row.source.repairs[0].rule == "first words on a line of their own"


def test_a_new_action_after_a_page_break_stays_one() -> None:
    result = parsed(*over_a_page(INTEGRATE, "b) Mainstream programmes\tAdvisors\tCYPP 5\tTraining has a focus\tMar 10"))
    assert [row.action for row in rows(result)] == ["Support localities in sharing data", "b) Mainstream programmes"]
    assert not result.doubts


def test_an_action_that_may_go_on_is_a_doubt_and_nothing_is_joined() -> None:
    body = over_a_page(INTEGRATE, "Progress Reports\t\t\tReport\t")
    result = parsed(*body)
    (doubt,) = result.doubts
    assert (doubt.column, doubt.lines) == ("action", (AT, AT + 3))
    assert [row.action for row in rows(result)] == ["Support localities in sharing data", "Progress Reports"]

    whole = "Support localities in sharing data Progress Reports"
    assert doubt.choices == ("Progress Reports", whole)
    answered = parsed(*body, corrections=correction(AT + 3, "action", "Progress Reports", whole))
    assert [row.action for row in rows(answered)] == [whole] and not answered.doubts and not answered.errors
    own = parsed(*body, corrections=correction(AT + 3, "action", "Progress Reports", "Progress Reports"))
    assert len(rows(own)) == 2 and not own.doubts and not own.errors


def test_words_alone_that_may_be_a_heading_are_a_doubt() -> None:
    body = [BULLYING, "Early Support\t\t\t\t", INTEGRATE.replace("Support", "Programme", 1)]
    result = parsed(*body)
    (doubt,) = result.doubts
    assert doubt.column == "section" and AT + 1 in doubt.lines and AT + 2 in doubt.lines
    assert said(result) == ["loaded", "not read", "loaded"]

    heading = parsed(*body, corrections=correction(AT + 1, "section", "", "Early Support"))
    assert [row.section for row in rows(heading)] == ["", "Early Support"] and not heading.doubts
    words = parsed(*body, corrections=correction(AT + 1, "section", "", ""))
    assert rows(words)[1].action == "Early Support Programme localities in sharing data" and not words.doubts


def test_a_deliverable_without_a_date_beside_others_is_a_doubt() -> None:
    result = parsed(BULLYING, "\tAnn Lee\tCYPP 5\tStaff trained\t")
    assert [(doubt.column, doubt.choices) for doubt in result.doubts] == [("due", ("Nov 2009",))]
    assert rows(result)[1].due == ""


def test_a_damaged_date_is_a_doubt_that_a_correction_answers() -> None:
    body = BULLYING.replace("Nov 2009", "Nov 20009")
    result = parsed(body)
    assert [(doubt.column, doubt.lines) for doubt in result.doubts] == [("due", (AT,))]
    assert rows(result)[0].due_precision == "unknown"

    answered = parsed(body, corrections=correction(AT, "due", "Nov 20009", "2009-11"))
    (row,) = rows(answered)
    assert (row.due, row.due_precision, row.due_printed) == ("2009-11", "month", "Nov 20009")
    assert row.source.repairs[-1].rule == "declared correction" and not answered.doubts


def test_a_date_in_another_column_is_a_doubt() -> None:
    result = parsed("To reduce bullying\tPeter Heckel\tSurvey undertaken\tNov 2009\t")
    assert [doubt.column for doubt in result.doubts] == ["deliverable"]


def test_what_cannot_be_placed_is_refused() -> None:
    for body in ("\tAnn Lee\tCYPP 5\tStaff trained\tMarch 2010", BULLYING + "\tmore"):
        result = parsed(body)
        assert len(result.errors) == 1 and said(result) == ["not read"] and not rows(result)


def test_a_correction_of_other_words_is_refused() -> None:
    result = parsed(BULLYING, corrections=correction(AT, "managers", "Paul Heckel", "Peter Heckel"))
    assert [error.column for error in result.errors] == ["managers"]


# --- a directorate's actions -----------------------------------------------------------------------------------------

TARGET = (
    'TARGET 12: Work with Headteachers.\tCommissioning\t<ul style="list-style-type: none"> Fewer are disturbed \t'
    "V4K T2010"
)
WORKFORCE = (
    "<p>Workforce planning</p>\t<p>Finance</p>\t<ul> • Develop a strategy • Ensure all those who work with Children "
    "\t<p>V4K CYPP Enabler B/ KCC Performance Improvement Plan</p>"
)


def directorate(*body: str) -> Parsed:
    return parsed(*body, header=DIRECTORATE_HEADER)


def test_directorate_action_has_a_section_and_a_plan_and_no_date() -> None:
    result = directorate("T2010\t\t\t", TARGET, "Joint Targets\t\t\t", WORKFORCE)
    first = rows(result)[0]
    assert (first.section, first.relevant_plan, first.managers) == ("T2010", "Commissioning", "")
    assert (first.due, first.due_precision, first.due_printed) == ("", "", "")
    assert first.deliverable == "Fewer are disturbed"
    assert first.action.startswith("TARGET 12:") and first.links == "V4K; T2010"
    assert [row.section for row in rows(result)] == ["T2010", "Joint Targets", "Joint Targets"]
    assert said(result) == ["heading", "loaded", "heading", "loaded"] and not result.doubts


def test_directorate_deliverables_go_on_after_a_page_break() -> None:
    result = directorate(
        WORKFORCE,
        "",
        "\t\t<p>and Young People have the skills</p> <ul> • Ensure quality </ul>\t",
        "Joint Targets\t\t\t",
    )
    assert [row.deliverable for row in rows(result)] == [
        "Develop a strategy",
        "Ensure all those who work with Children and Young People have the skills",
        "Ensure quality",
    ]
    more = directorate(WORKFORCE, "", "\t\t<ul> • Ensure quality </ul>\t")
    assert [row.deliverable for row in rows(more)][1:] == [
        "Ensure all those who work with Children",
        "Ensure quality",
    ]
    assert not result.doubts and not more.doubts


def test_a_paragraph_after_a_page_break_that_may_be_its_own_is_a_doubt() -> None:
    body = [WORKFORCE, "", "\t\t<p>Young People have the skills</p>\t"]
    at = FIRST[DIRECTORATE_HEADER]
    result = directorate(*body)
    (doubt,) = result.doubts
    assert (doubt.column, doubt.lines) == ("deliverable", (at, at + 2)) and len(rows(result)) == 3

    alone, whole = doubt.choices
    answered = parsed(*body, header=DIRECTORATE_HEADER, corrections=correction(at + 2, "deliverable", alone, whole))
    assert [row.deliverable for row in rows(answered)][1:] == [whole] and not answered.doubts


def test_links_go_on_after_a_page_break() -> None:
    (row,) = rows(directorate("Secondary Strategy\tSchools\tPlan it.\tV4K Strategic Plan,", "", "\t\t\tCYPP 13"))
    assert row.links == "V4K Strategic Plan; CYPP 13"


# --- consultations ---------------------------------------------------------------------------------------------------

EXERCISE = (
    "Survey of parents\tMarch 2009\tMarch 2010\t50% of those offered opportunity to\tKent\tNo\tHow they feel.\tNo\t"
    "Ann Lee"
)
UNIT_ROW = "Attendance and Behaviour Service" + "\t" * 8


def consultations(*body: str) -> Parsed:
    return parsed(*body, header=CONSULTATION_HEADER)


def test_consultations_stand_under_their_unit() -> None:
    result = consultations(
        UNIT_ROW,
        EXERCISE,
        "Joint Commissioning Unit – nil return" + "\t" * 8,
        "Specialist Teaching Service" + "\t" * 8,
        "Nil Return" + "\t" * 8,
    )
    (row,) = rows(result)
    assert (row.unit, row.name, row.dates) == ("Attendance and Behaviour Service", "Survey of parents", "March 2009")
    assert (row.statutory, row.contact) == ("No", "Ann Lee")
    assert [(outcome.outcome, outcome.why) for outcome in result.outcomes[2:]] == [
        ("nil return", "Joint Commissioning Unit"),
        ("heading", ""),
        ("nil return", "Specialist Teaching Service"),
    ]


def test_consultation_goes_on_after_a_page_break() -> None:
    result = consultations(UNIT_ROW, *over_a_page(EXERCISE, "\t\t\tparticipate" + "\t" * 5, header=CONSULTATION_HEADER))
    (row,) = rows(result)
    assert row.target_group == "50% of those offered opportunity to participate"
    assert said(result) == ["heading", "loaded", "repaired"] and not result.doubts


def test_words_alone_that_may_be_a_unit_are_a_doubt() -> None:
    result = consultations(UNIT_ROW, EXERCISE, "Kent On-line Anti-bullying" + "\t" * 8, EXERCISE)
    assert [doubt.column for doubt in result.doubts] == ["unit"]
    assert [row.unit for row in rows(result)] == ["Attendance and Behaviour Service", ""]


def test_an_exercise_without_a_name_is_refused() -> None:
    result = consultations(UNIT_ROW, EXERCISE, EXERCISE.removeprefix("Survey of parents"))
    assert len(result.errors) == 1 and said(result)[-1] == "not read"


# --- dates -----------------------------------------------------------------------------------------------------------

MONTHS = [date(2009, month, 1).strftime("%B") for month in range(1, 13)]


@pytest.mark.parametrize(
    ("printed", "due", "precision"),
    [
        ("31 March 2010", "2010-03-31", "day"),
        ("1st April, 2010", "2010-04-01", "day"),
        ("31/03/2010", "2010-03-31", "day"),
        ("31.3.10", "2010-03-31", "day"),
        ("03/2010", "2010-03", "month"),
        ("Sept 2009", "2009-09", "month"),
        ("March 10", "2010-03", "month"),
        ("By end of March 2010", "2010-03", "month"),
        ("March 2010 (subject to funding)", "2010-03", "month"),
        ("Phase 2&3 Mar-Sept 2009", "2009-03/2009-09", "period"),
        ("Nov-Jan 2010", "2009-11/2010-01", "period"),
        ("April 2009-March 2010", "2009-04/2010-03", "period"),
        ("Q4 2009/10", "2010-01/2010-03", "period"),
        ("All on- going", "", "on-going"),
        ("On-going.", "", "on-going"),
        ("Ongoing –March 2010", "2010-03", "on-going"),
        ("Ongoing from April 2009", "", "on-going"),
        ("From April 2009", "", "on-going"),
        ("March 2010 and on-going", "2010-03", "on-going"),
        ("March", "", "unknown"),
        ("2011", "", "unknown"),
        ("2009/10", "", "unknown"),
        ("Autumn 2009", "", "unknown"),
        ("before March 2010", "", "unknown"),
        ("March 31", "", "unknown"),
        ("03/10", "", "unknown"),
        ("Easter 2010", "", "unknown"),
        ("-", "", "unknown"),
    ],
)
def test_dates_are_read_as_precisely_as_printed(printed: str, due: str, precision: str) -> None:
    (read,) = read_cell(printed, "2009/10").dates
    assert (read.due, read.precision, read.printed, read.damaged) == (due, precision, printed, "")


@pytest.mark.parametrize(
    "printed",
    [
        "Marc 2010",
        "Sept 20009",
        "March 201",
        "March 20 10",
        "March 2O10",
        "March 2090",
        "31 June 2010",
        "September 2010 - March 2009",
        "Septmber 2009",
    ],
)
def test_damaged_dates_are_said_to_be_so(printed: str) -> None:
    (read,) = read_cell(printed, "2009/10").dates
    assert (read.due, read.precision) == ("", "unknown") and read.damaged


def test_a_blank_cell_has_no_date() -> None:
    assert read_cell("<p> </p>", "2009/10").dates == ()


def test_two_figures_are_a_year_only_near_the_plans() -> None:
    assert read_cell("March 10", "2009/10").dates[0].due == "2010-03"
    assert read_cell("March 10", "2021/22").dates[0].due == ""
    assert read_cell("March 22", "2021/22").dates[0].due == "2022-03"


def test_runs_of_dates_are_parted_and_said_to_be_uncertain_where_they_are() -> None:
    run = read_cell("Phase 1 Jan-Mar 2009 Phase 2&3 Mar-Sept 2009 March 2010", "2009/10")
    assert [one.due for one in run.dates] == ["2009-01/2009-03", "2009-03/2009-09", "2010-03"] and run.certain
    for printed in ("On-going March 2010", "9 March 10 July 2010", "March and September 2009"):
        assert not read_cell(printed, "2009/10").certain


def test_declared_dates_are_written_as_reports_write_them() -> None:
    dates = read_declared("2010-03; 2010-03-31; 2009-03/2009-09; On-going", "2009/10").dates
    assert [(one.due, one.precision) for one in dates] == [
        ("2010-03", "month"),
        ("2010-03-31", "day"),
        ("2009-03/2009-09", "period"),
        ("", "on-going"),
    ]


days = st.dates(date(2007, 1, 1), date(2013, 12, 31))


@given(days, st.sampled_from(["{d} {m} {y}", "{d}/{n}/{y}", "{d:02}.{n:02}.{y}", "{m} {d}th, {y}"]))
def test_every_day_is_read_back(day: date, form: str) -> None:
    printed = form.format(d=day.day, n=day.month, m=MONTHS[day.month - 1], y=day.year)
    (read,) = read_cell(printed, "2009/10").dates
    assert (read.due, read.precision) == (day.isoformat(), "day")


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(2008, 2012), st.booleans()), min_size=1, max_size=6))
def test_every_run_of_months_is_read_back(months: list[tuple[int, int, bool]]) -> None:
    printed = [f"{MONTHS[at][:3]} {year % 100:02}" if short else f"{MONTHS[at]} {year}" for at, year, short in months]
    run = read_cell(" ".join(printed), "2009/10")
    assert [one.due for one in run.dates] == [f"{year}-{at + 1:02}" for at, year, _ in months]
    assert [one.printed for one in run.dates] == printed and run.certain


@given(st.integers(0, 11), st.integers(0, 11), st.integers(2008, 2012))
def test_every_period_ends_when_it_says_and_begins_before(first: int, last: int, year: int) -> None:
    (read,) = read_cell(f"{MONTHS[first]} - {MONTHS[last]} {year}", "2009/10").dates
    if first == last:
        assert read.due == "" and read.precision == "unknown"
    else:
        assert read.due == f"{year - (first > last)}-{first + 1:02}/{year}-{last + 1:02}"


@given(st.text(alphabet="MarchSept0129 /-–.&'gonil", max_size=24))
def test_no_text_gives_a_date_that_is_none(text: str) -> None:
    for one in read_cell(text, "2009/10").dates:
        assert (one.due == "") or one.is_read
        for point in filter(None, one.due.split("/")):
            date.fromisoformat(point if len(point) == 10 else f"{point}-01")

"""Budget tables as print leaves them: what is put back, what is asked, what is refused."""

from decimal import Decimal
from typing import Any

import pytest

from budgets.parsing import KINDS, parse
from budgets.parsing.core_services import headline, settle
from budgets.parsing.figures import pieces_of_one
from budgets.parsing.rows import ControlTotalRow, CoreServiceRow
from plans.documents import Context, Correction, Document, Parsed, read

SERVICE_TITLE = "SERVICE LEVEL BUSINESS PLAN 2009/10 FOR\n\nCommissioning\n\n"
HEADINGS = "FAMILIES 2009/10 BUDGET\n\nEducational Achievement\n\nSpecialist Teaching Service\n\n"
HEADER = [
    "2008-09\t\t2009-10" + "\t" * 9,
    "Controllable Expenditure £000's\tFTE\tActivity\tFTE\tEmployee Costs £000's\tRunning Costs £000's\t"
    "Contracts & Projects £000's\tGross Expenditure £000's\tExternal Income £000's\tInternal Income £000's\t"
    "Controllable Expenditure £000's\tCabinet Member",
]
PORTAGE = "263.7\t12.9\tPortage\t26.7\t712.3\t91.1\t0.0\t803.4\t-281.8\t-120.1\t401.5\tLR"
AIMING = "0.0\t0.0\tAiming High\t0.0\t0.0\t687.0\t0.0\t687.0\t0.0\t0.0\t687.0\tLR"
TOTALS = [
    "263.7\t12.9\tControllable Totals\t26.7\t712.3\t778.1\t0.0\t1,490.4\t-281.8\t-120.1\t1,088.5\t",
    "\t\tMemorandum Items" + "\t" * 9,
    "27.9\t\tCentral Overheads" + "\t" * 8 + "18.8\t",
    "45.5\t\tDirectorate Overheads" + "\t" * 8 + "205.5\t",
    "\t\tCapital Charges" + "\t" * 9,
    "337.1\t12.9\tTotal Cost of Unit\t26.7\t712.3\t778.1\t0.0\t1,490.4\t-281.8\t-120.1\t1,312.8\t",
]
FIRST = 11 + 2  # the number of the first body line: eleven lines of title and headings, two of header


def words(label: str) -> str:
    return f"\t\t{label}" + "\t" * 9


def figure(column: int, text: str) -> str:
    return "\t" * column + text + "\t" * (11 - column)


def parsed(
    *body: str, corrections: dict[tuple[int, str], Correction] | None = None, headings: str = HEADINGS
) -> Parsed:
    text = SERVICE_TITLE + headings + "\n".join([*HEADER, *body])
    reading = read(Document(text, "plan.txt"), KINDS)
    assert len(reading.tables) == 1
    context = Context(reading.year, reading.tier, corrections or {})
    result = parse(reading.tables[0], context)
    # Whatever happens, each body line has exactly one outcome.
    assert sorted(outcome.line for outcome in result.outcomes) == sorted(line.number for line in reading.tables[0].body)
    return result


def rows(result: Parsed, kind: str = "budget") -> list[Any]:
    return [row for table in result.tables if table.kind == kind for row in table.rows]


def line_number(result: Parsed, label: str) -> int:
    return next(row.source.lines[-1] for row in rows(result) if row.activity == label)


def test_a_clean_table_is_read_without_a_repair() -> None:
    result = parsed(PORTAGE, AIMING, *TOTALS)

    portage, aiming = rows(result)
    assert (portage.activity, portage.unit, portage.portfolio) == (
        "Portage",
        "Specialist Teaching Service",
        "Educational Achievement",
    )
    assert portage.internal_income == Decimal("-120.1")
    assert aiming.prior_controllable == Decimal("0.0")
    assert [total.subject for total in rows(result, "control_totals")] == [
        "controllable",
        "central",
        "directorate",
        "capital",
        "total_cost",
    ]
    assert rows(result, "control_totals")[3].controllable is None
    assert not any(row.source.repairs for row in [*rows(result), *rows(result, "control_totals")])
    assert not result.doubts and not result.errors


def test_first_words_on_a_line_of_their_own_belong_to_the_row_below() -> None:
    result = parsed(words("Early Years and"), PORTAGE.replace("Portage", "Inclusion"), AIMING, *TOTALS)

    assert rows(result)[0].activity == "Early Years and Inclusion"
    assert rows(result)[0].source.lines == (FIRST, FIRST + 1)
    assert rows(result)[0].source.repairs[0].was == "Early Years and / Inclusion"


@pytest.mark.parametrize(
    ("label", "tail", "whole"),
    [
        ("Early Years (Children Social", "Services)", "Early Years (Children Social Services)"),
        ("Statemented Pupil", "support and meals", "Statemented Pupil support and meals"),
        ("Inclusion and", "Equalities", "Inclusion and Equalities"),
        ("Inclusion –", "Base", "Inclusion – Base"),
    ],
)
def test_words_after_a_page_break_with_a_sign_end_the_label_above(label: str, tail: str, whole: str) -> None:
    result = parsed(PORTAGE.replace("Portage", label), "", words(tail), AIMING, *TOTALS)

    assert [row.activity for row in rows(result)] == [whole, "Aiming High"]
    assert not result.doubts


def test_words_after_a_page_break_without_a_sign_are_a_doubt_with_both_readings() -> None:
    result = parsed(PORTAGE, "", words("Children's Centres"), AIMING, *TOTALS)

    assert [row.activity for row in rows(result)] == ["Portage", "Aiming High"]
    assert result.doubts[0].lines == (FIRST, FIRST + 2, FIRST + 3)
    assert result.doubts[0].choices == ("Portage Children's Centres", "Children's Centres Aiming High")


def test_words_left_behind_before_a_page_break_go_with_the_row_after_it() -> None:
    result = parsed(PORTAGE, words("Aiming"), "", AIMING.replace("Aiming High", "High"), *TOTALS)

    assert [row.activity for row in rows(result)] == ["Portage", "Aiming High"]
    assert rows(result)[1].source.repairs[0].rule == "label parted by a page break"


def test_a_header_repeated_at_a_page_break_is_no_new_table() -> None:
    result = parsed(PORTAGE, "", *HEADER, AIMING, *TOTALS)

    assert [row.activity for row in rows(result)] == ["Portage", "Aiming High"]


@pytest.mark.parametrize(("above", "beside"), [("12,260.", "4"), ("12,26", "0.4"), ("12,", "260.4"), ("1", "2,260.4")])
def test_a_figure_split_over_two_lines_is_one(above: str, beside: str) -> None:
    big = "0.0\t0.0\tConnexions\t1.0\t55.0\t{}\t0.0\t12,315.4\t0.0\t0.0\t12,315.4\tLR"
    result = parsed(PORTAGE, figure(5, above), big.format(beside), *TOTALS)

    assert rows(result)[1].running == Decimal("12260.4")
    assert not result.doubts and not result.errors


def test_a_figure_whose_end_stands_on_the_line_after_is_one() -> None:
    big = "0.0\t0.0\tConnexions\t1.0\t55.0\t12,260.\t0.0\t12,315.4\t0.0\t0.0\t12,315.4\tLR"
    result = parsed(PORTAGE, big, figure(5, "4"), AIMING, *TOTALS)

    assert rows(result)[1].running == Decimal("12260.4")
    assert rows(result)[1].source.repairs[0].rule == "figure split over lines"


@pytest.mark.parametrize("before", [True, False])
def test_a_minus_alone_belongs_to_the_row_whose_sum_wants_it(before: bool) -> None:
    bare = PORTAGE.replace("-120.1", "120.1")
    alone = figure(9, "-")
    body = [AIMING, alone, bare] if before else [bare, alone, AIMING]
    result = parsed(*body, *TOTALS)

    portage = next(row for row in rows(result) if row.activity == "Portage")
    assert portage.internal_income == Decimal("-120.1")
    assert portage.source.repairs[0].rule == "minus on another line"


def test_digits_on_the_line_after_their_minus_go_with_it() -> None:
    result = parsed(PORTAGE.replace("-120.1", "-"), "", figure(9, "120.1"), AIMING, *TOTALS)

    assert rows(result)[0].internal_income == Decimal("-120.1")
    assert not result.doubts


def test_a_lost_figure_is_null_and_a_doubt_and_never_nil() -> None:
    result = parsed(PORTAGE.replace("-120.1", "-"), AIMING, *TOTALS)

    assert rows(result)[0].internal_income is None
    assert [(doubt.lines, doubt.column) for doubt in result.doubts] == [((FIRST,), "internal_income")]
    assert dict(rows(result)[0].source.printed)["internal_income"] == "-"


@pytest.mark.parametrize("broken", ["12O.1", "1.2.3", "12,34.5", "7 5.2"])
def test_a_figure_that_print_has_broken_is_null_and_a_doubt(broken: str) -> None:
    result = parsed(PORTAGE.replace("-120.1", broken), AIMING, *TOTALS)

    assert rows(result)[0].internal_income is None
    assert result.doubts[0].column == "internal_income"


def test_rows_without_a_label_refuse_the_table() -> None:
    merged = PORTAGE.replace("Portage", "Portage Aiming High")
    result = parsed(merged, AIMING.replace("Aiming High", ""), *TOTALS)

    assert not result.tables
    assert result.errors[0].lines == (FIRST + 1,)
    assert "Declare a correction" in result.errors[0].says
    assert {outcome.outcome for outcome in result.outcomes} == {"not read"}


def test_declared_corrections_put_merged_labels_right() -> None:
    merged = PORTAGE.replace("Portage", "Portage Aiming High")
    corrections = {
        (number, "activity"): Correction(number, "activity", was, value, "the FTE ties", "an administrator")
        for number, was, value in [(FIRST, "Portage Aiming High", "Portage"), (FIRST + 1, "", "Aiming High")]
    }
    result = parsed(merged, AIMING.replace("Aiming High", ""), *TOTALS, corrections=corrections)

    assert [row.activity for row in rows(result)] == ["Portage", "Aiming High"]
    assert {row.source.repairs[0].rule for row in rows(result)} == {"declared correction"}


def test_a_correction_of_words_that_are_not_printed_is_refused() -> None:
    stale = {(FIRST, "activity"): Correction(FIRST, "activity", "Portag", "Portage", "a misprint", "an administrator")}
    result = parsed(PORTAGE, AIMING, *TOTALS, corrections=stale)

    assert not result.tables
    assert "expects “Portag”" in result.errors[0].says


def test_total_cost_one_row_up_goes_back_where_the_sum_proves_it() -> None:
    slid = [*TOTALS[:4], "337.1\t12.9\tCapital Charges" + "\t" * 9, TOTALS[5].replace("337.1\t12.9", "\t")]
    result = parsed(PORTAGE, AIMING, *slid)

    capital, total = rows(result, "control_totals")[3:]
    assert (capital.prior_controllable, capital.prior_fte) == (None, None)
    assert (total.prior_controllable, total.prior_fte) == (Decimal("337.1"), Decimal("12.9"))


def test_a_figure_beside_the_memorandum_heading_goes_to_the_empty_line_below() -> None:
    slid = [TOTALS[0], "27.9" + words("Memorandum Items"), TOTALS[2].replace("27.9", "", 1), *TOTALS[3:]]
    result = parsed(PORTAGE, AIMING, *slid)

    central = rows(result, "control_totals")[1]
    assert central.prior_controllable == Decimal("27.9")
    assert central.source.repairs[0].rule == "figure slid from its row"


def test_a_figure_that_may_have_slid_among_the_overheads_is_asked_about() -> None:
    slid = [*TOTALS[:3], TOTALS[3].replace("45.5", ""), "45.5\t\tCapital Charges" + "\t" * 9, TOTALS[5]]
    result = parsed(PORTAGE, AIMING, *slid)

    assert all(total.prior_controllable != Decimal("45.5") for total in rows(result, "control_totals"))
    assert {doubt.column for doubt in result.doubts} == {"prior_controllable", "controllable"}


def test_rows_whose_trailing_tabs_were_stripped_are_read() -> None:
    result = parsed(*(line.rstrip("\t") for line in [PORTAGE, AIMING, *TOTALS]))

    assert len(rows(result)) == 2
    assert rows(result, "control_totals")[4].controllable == Decimal("1312.8")


def test_a_row_that_lost_a_cell_is_refused() -> None:
    result = parsed(PORTAGE.replace("\t91.1", ""), AIMING, *TOTALS)

    assert not result.tables
    assert FIRST in result.errors[0].lines


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("£000's", "£m"), "not in £000"),
        (("2009-10", "2010-11"), "for 2010/11 but the plan is for 2009/10"),
        (("Gross Expenditure £000's", "Other"), "no column for gross"),
    ],
)
def test_a_header_of_another_year_unit_or_kind_refuses_the_table(change: tuple[str, str], says: str) -> None:
    text = SERVICE_TITLE + HEADINGS + "\n".join([line.replace(*change) for line in HEADER] + [PORTAGE, *TOTALS])
    table = read(Document(text, "plan.txt"), KINDS).tables[0]
    result = parse(table, Context("2009/10", "service"))

    assert not result.tables
    assert says in result.errors[0].says


def test_an_activity_printed_twice_is_refused() -> None:
    result = parsed(PORTAGE, PORTAGE, *TOTALS)

    assert "printed twice" in result.errors[0].says


@pytest.mark.parametrize(
    ("upper", "lower", "sure"),
    [
        ("12,260.", "4", 2),
        ("171.", "1", 2),
        ("-", "5,518.0", 1),
        ("0.0", "-", 0),
        ("11,472.3", "12,260.", 0),
        ("1,234.5", "4.0", 0),
    ],
)
def test_how_surely_two_texts_are_one_figure(upper: str, lower: str, sure: int) -> None:
    assert pieces_of_one(upper, lower, decimals=1) == sure


# --- core services and the headline ----------------------------------------------------------------------------------

CORE = """SERVICE LEVEL BUSINESS PLAN 2009/10 FOR

Commissioning

Specialist Teaching Service

Activity as per budget line\tServices to support schools Portage £401,500 Other Units and Projects £-2,954,600 of grants
Accountable manager\tGlynis Eley
Provides visits.\t

Over 34 Home Visitors
are managed.

"""


def core_services(text: str) -> list[CoreServiceRow]:
    reading = read(Document(text, "plan.txt"), KINDS)
    return [
        row
        for table in reading.tables
        for part in parse(table, Context(reading.year, reading.tier)).tables
        for row in part.rows
    ]


def test_a_block_of_two_amounts_is_two_core_services() -> None:
    one, two = core_services(CORE)

    assert (one.activity, one.amount) == ("Services to support schools Portage", Decimal(401500))
    assert (two.activity, two.amount) == ("Other Units and Projects", Decimal(-2954600))
    assert one.unit == "Specialist Teaching Service"
    assert one.accountable_manager == "Glynis Eley"
    assert one.provides == "Provides visits.\nOver 34 Home Visitors\nare managed."


@pytest.mark.parametrize("amount", ["£1,545,", "£1,54,400", "£12.5.1", "£", "401,500"])
def test_a_broken_amount_is_a_doubt_and_no_amount(amount: str) -> None:
    text = CORE.replace("£401,500 Other Units and Projects £-2,954,600 of grants", amount)
    reading = read(Document(text, "plan.txt"), KINDS)
    result = parse(reading.tables[0], Context(reading.year, reading.tier))

    assert [row.amount for row in result.tables[0].rows] == [None]
    assert [doubt.column for doubt in result.doubts] == ["amount"]


@pytest.mark.parametrize(
    ("printed", "amount"),
    [("Income £-5,000", -5000), ("Income -£5,000", -5000), ("Income –£5,000", -5000), ("Income - £5,000", 5000),
     ("Income – £5,000", 5000), ("Income-£5,000", None)],
)  # fmt: skip
def test_a_dash_before_the_pound_sign_is_a_minus_where_it_stands_against_it(printed: str, amount: int | None) -> None:
    text = CORE.replace(
        "Services to support schools Portage £401,500 Other Units and Projects £-2,954,600 of grants", printed
    )
    reading = read(Document(text, "plan.txt"), KINDS)
    result = parse(reading.tables[0], Context(reading.year, reading.tier))

    (row,) = result.tables[0].rows
    assert (row.activity, row.amount) == ("Income", amount)
    assert [doubt.column for doubt in result.doubts] == (["amount"] if amount is None else [])


def test_a_core_service_takes_the_name_of_the_line_that_words_and_amount_prove() -> None:
    line = rows(parsed(PORTAGE, AIMING, *TOTALS))[0]

    settled = settle(core_services(CORE), {line.unit: [line]})

    assert [row.activity for row in settled] == ["Portage", "Other Units and Projects"]
    assert settled[0].source.repairs[-1].was == "Services to support schools Portage"


@pytest.mark.parametrize(
    ("printed", "gross"),
    [("£78.366m", "78366"), ("£78,366k", "78366"), ("£78,366,300", "78366.3"), ("£1.5 million", "1500")],
)
def test_the_headline_gross_is_read_into_thousands(printed: str, gross: str) -> None:
    text = (
        f"The gross controllable expenditure for the services is:\n\n{printed}\n\nAnd will be staffed by\n\n609.4 FTE\n"
    )
    found = headline(Document(text, "plan.txt")).tables[0].rows

    assert all(isinstance(row, ControlTotalRow) for row in found)
    assert [row.gross for row in found] == [Decimal(gross), None]
    assert [row.fte for row in found] == [None, Decimal("609.4")]


@pytest.mark.parametrize("printed", ["about 78 million", "£78.366", ""])
def test_a_headline_that_cannot_be_read_for_certain_is_a_doubt(printed: str) -> None:
    found = headline(Document(f"The gross expenditure is:\n\n{printed}\n", "plan.txt"))

    assert not found.tables
    assert [doubt.column for doubt in found.doubts] == ["gross"]

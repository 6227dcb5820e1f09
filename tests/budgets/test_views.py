"""Budget pages: the list of a year, a unit's table, one line. (Who may do what is in test_permissions.)"""

import csv
import json
import re
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from budgets.models import TYPED_FIGURES, BudgetLine, Origin, TotalSubject
from budgets.reporting import EXPORT_COLUMNS, FIGURES, unit_budget
from history.changes import change_set
from people.models import User
from plans.models import FinancialYear, Unit
from tests.factories import (
    BudgetLineFactory,
    ControlTotalFactory,
    CoreServiceFactory,
    FinancialYearFactory,
    OfficerFactory,
    PlanFactory,
    PortfolioFactory,
    ProvenanceFactory,
    SourceLineFactory,
    UnitFactory,
    UnitYearFactory,
)

LIST = "/budgets/2009-10/"
COLUMNS = ("activity", "unit", *FIGURES)


@pytest.fixture
def reader(client: Client, poc_member: User) -> Client:
    client.force_login(poc_member)
    return client


def make_lines(number: int, **fields: Any) -> list[BudgetLine]:
    """Lines of one plan, each of a unit of its own that stands in the year."""
    plan = PlanFactory()
    lines = [BudgetLineFactory(plan=plan, **fields) for _ in range(number)]
    for line in lines:
        UnitYearFactory(unit=line.unit, year=line.year)
    return lines


def edit(line: BudgetLine, **figures: Any) -> None:
    with change_set(by=None, why="Agreed", door="Test"):
        BudgetLine.objects.filter(pk=line.pk).update(**figures)


def listed(client: Client, query: dict[str, Any] | None = None, path: str = LIST) -> list[str]:
    """The activities that the page shows, in its order; on the year's page, those of the list under its portfolios."""
    answer = client.get(path, query)
    assert answer.status_code == 200
    shown = answer.content.decode()
    return re.findall(
        r'<th class="first" scope="row"><a [^>]*>([^<]*)</a>', shown.partition('<div id="list">')[2] or shown
    )


def rows_of(client: Client, query: dict[str, Any], path: str = LIST) -> list[dict[str, Any]]:
    answer = client.get(path, {**query, "_export": "json"})
    assert answer.status_code == 200
    return json.loads(answer.content)


# The list of a year


def test_list_shows_the_lines_of_its_year_by_unit_and_printed_order(reader: Client) -> None:
    later = UnitFactory(name="zoo")
    first = UnitFactory(name="Awards")
    BudgetLineFactory(unit=later, activity="Feeding", position=1)
    BudgetLineFactory(unit=first, activity="Prizes", position=2)
    BudgetLineFactory(unit=first, activity="Judges", position=1)
    BudgetLineFactory(unit=first, activity="Of another year", plan__year__start=2010)

    assert listed(reader) == ["Judges", "Prizes", "Feeding"]


def test_list_shows_figures_as_printed_and_blanks_blank(reader: Client) -> None:
    BudgetLineFactory(employee=Decimal("1152.7"), external_income=Decimal("-1870.25"), contracts=None)

    cells = re.findall(r'<td class="num">([^<]*)</td>', reader.get(LIST, {"page": "1"}).content.decode())

    assert cells == ["975.1", "19.4", "40.3", "1,152.7", "111.7", "", "1,264.4", "−1,870.25", "0.0", "−605.85"]


def test_links_of_a_row_lead_to_its_line_and_unit(reader: Client) -> None:
    [line] = make_lines(1)

    shown = reader.get(LIST).content.decode()

    assert f'href="{line.get_absolute_url()}"' in shown
    assert f'href="{line.unit.url_in(line.year)}"' in shown
    assert reader.get(line.get_absolute_url()).status_code == 200
    assert reader.get(line.unit.url_in(line.year)).status_code == 200


def test_filter_by_text_finds_activities_and_units(reader: Client) -> None:
    BudgetLineFactory(activity="School meals")
    BudgetLineFactory(activity="Prizes", unit__name="Meals on wheels")
    BudgetLineFactory(activity="Roads")

    assert sorted(listed(reader, {"text": "MEALS"})) == ["Prizes", "School meals"]


@pytest.mark.parametrize("text", ["50%", "a_b", "back\\slash"])
def test_filter_by_text_takes_it_word_for_word(reader: Client, text: str) -> None:
    BudgetLineFactory(activity=f"With {text} in it")
    BudgetLineFactory(activity="50 a b backslash")

    assert listed(reader, {"text": text}) == [f"With {text} in it"]


def test_filter_by_unit(reader: Client) -> None:
    wanted, _ = make_lines(2)

    assert listed(reader, {"unit": wanted.unit.slug}) == [wanted.activity]


def test_filter_by_portfolio_goes_by_the_year_of_the_line(reader: Client) -> None:
    portfolio = PortfolioFactory()
    inside, outside = BudgetLineFactory.create_batch(2, plan=PlanFactory())
    for line, now, earlier in ((inside, portfolio, None), (outside, None, portfolio)):
        UnitYearFactory(unit=line.unit, year=line.year, portfolio=now)
        UnitYearFactory(unit=line.unit, year__start=2008, portfolio=earlier)

    assert listed(reader, {"portfolio": portfolio.pk}) == [inside.activity]


def test_filters_narrow_together(reader: Client) -> None:
    unit = UnitYearFactory().unit
    BudgetLineFactory(unit=unit, activity="School meals")
    BudgetLineFactory(unit=unit, activity="Roads")
    BudgetLineFactory(activity="Other meals")

    assert listed(reader, {"text": "meals", "unit": unit.slug}) == ["School meals"]


@pytest.mark.parametrize(
    "query",
    [
        {"unit": "no-such-unit"},
        {"unit": "\x00"},
        {"portfolio": "99999999999999999999999"},
        {"portfolio": "x"},
        {"portfolio": "\x00"},
        {"text": "\x00"},
        {"text": "x" * 201},
    ],
)
def test_filter_that_makes_no_sense_shows_no_rows_and_says_why(reader: Client, query: dict[str, str]) -> None:
    make_lines(1)

    answer = reader.get(LIST, query)

    assert answer.status_code == 200
    assert "The filter shows nothing" in answer.content.decode()
    assert listed(reader, query) == []
    assert reader.get(LIST, {**query, "_export": "csv"}).status_code == 400


@pytest.mark.parametrize("column", COLUMNS)
def test_list_sorts_by_each_column_both_ways_with_blanks_last(reader: Client, column: str) -> None:
    plan = PlanFactory()
    for number, activity in ((2, "b"), (10, "C"), (1, "A")):
        money = dict.fromkeys(TYPED_FIGURES, Decimal(number))
        BudgetLineFactory(plan=plan, activity=activity, unit__name=f"{activity} unit", **money)
    blank = dict.fromkeys(TYPED_FIGURES)
    BudgetLineFactory(plan=plan, activity="z", unit__name="z unit", **blank)
    words = column in ("activity", "unit")

    assert listed(reader, {"sort": column}) == ["A", "b", "C", "z"]
    assert listed(reader, {"sort": f"-{column}"}) == (["z", "C", "b", "A"] if words else ["C", "b", "A", "z"])


def test_head_says_how_the_list_is_sorted_and_leads_to_the_other_way(reader: Client) -> None:
    make_lines(1)

    shown = reader.get(LIST, {"sort": "gross", "text": "Activity"}).content.decode()

    assert re.findall(r'aria-sort="(\w+)"><a href="([^"]*)">Gross', shown) == [
        ("ascending", "?sort=-gross&amp;text=Activity")
    ]


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "nonsense"},
        {"sort": ""},
        {"sort": "-"},
        {"sort": "--gross"},
        {"sort": "pk;drop"},
        {"sort": ["gross", "-gross", "unit"]},
        {"sort": "\x00"},
        {"page": "nonsense"},
        {"page": "0"},
        {"page": "-1"},
        {"page": "99999999999999999999"},
        {"page": "9" * 5000},
        {"page": "\x00"},
        {"no_such_filter": "1"},
    ],
)
def test_sort_and_page_that_make_no_sense_are_ignored(reader: Client, query: dict[str, Any]) -> None:
    [line] = make_lines(1)

    assert listed(reader, query) == [line.activity]


def test_pages_of_a_long_list_do_not_overlap(reader: Client) -> None:
    lines = make_lines(101, activity="The same")
    query = {"sort": "activity"}

    first = reader.get(LIST, query).content.decode()
    second = reader.get(LIST, {**query, "page": "2"}).content.decode()

    shown = [re.findall(r"/budgets/lines/(\d+)/", page) for page in (first, second)]
    assert [len(page) for page in shown] == [100, 1]
    assert sorted(int(pk) for page in shown for pk in page) == sorted(line.pk for line in lines)
    assert "101 budget lines" in first
    assert "Page 2 of 2" in second


def test_script_gets_the_list_alone(reader: Client) -> None:
    [line] = make_lines(1)

    part = reader.get(LIST, headers={"HX-Request": "true"})
    back = reader.get(LIST, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert part.content.decode().strip().startswith('<div id="list">')
    assert line.activity in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]
    assert "<title>" in back.content.decode()


@pytest.mark.parametrize("path", ["/budgets/2010-11/", "/budgets/9999-00/", "/budgets/0000-01/", "/budgets/2009-11/"])
def test_year_that_there_is_not_is_not_found(reader: Client, path: str) -> None:
    make_lines(1)

    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("query", [{}, {"_export": "csv"}, {"text": "Activity", "sort": "-gross"}])
def test_list_makes_as_many_queries_for_twenty_lines_as_for_one(
    reader: Client, query: dict[str, str], django_assert_num_queries: Any
) -> None:
    plan = PlanFactory()
    # session, user, roles, year, then the rows, or count, rows, what to filter by (2), years, and sums and totals
    number = 5 if "_export" in query else 9 if query else 11
    for many in (1, 19):
        for line in [BudgetLineFactory(plan=plan) for _ in range(many)]:
            CoreServiceFactory(plan=plan, unit=line.unit, line=line, accountable_manager=OfficerFactory())
        with django_assert_num_queries(number):
            assert reader.get(LIST, query).status_code == 200


# The export


@pytest.fixture
def exported_line(db: None) -> BudgetLine:
    line = BudgetLineFactory(
        unit__name="Clusters",
        activity="=Prizes, and more",
        contracts=None,
        external_income=Decimal("-1870.25"),
        provenance=ProvenanceFactory(document__name="plan.txt", lines=[254, 256]),
    )
    officer = OfficerFactory(name="Simon Fox")
    CoreServiceFactory(plan=line.plan, unit=line.unit, line=line, accountable_manager=officer, position=1)
    CoreServiceFactory(plan=line.plan, unit=line.unit, line=line, manager_printed="Evelyn Green", position=2)
    CoreServiceFactory(plan=line.plan, unit=line.unit, line=line, accountable_manager=officer, position=3)
    return line


EXPORTED = {
    "year": "2009/10",
    "unit": "Clusters",
    "activity": "=Prizes, and more",
    "prior_controllable": "975.1",
    "prior_fte": "19.4",
    "fte": "40.3",
    "employee": "1152.7",
    "running": "111.7",
    "contracts": None,
    "gross": "1264.4",
    "external_income": "-1870.25",
    "internal_income": "0.0",
    "controllable": "-605.85",
    "accountable_manager": "Simon Fox, Evelyn Green",
    "document": "plan.txt",
    "source_lines": "254, 256",
}


def test_columns_of_the_export_are_those_that_other_programs_know(exported_line: BudgetLine) -> None:
    assert tuple(EXPORTED) == EXPORT_COLUMNS


@pytest.mark.parametrize("path", [LIST, "/budgets/2009-10/clusters/"])
def test_export_as_json_is_exact(reader: Client, exported_line: BudgetLine, path: str) -> None:
    assert rows_of(reader, {}, path) == [EXPORTED]


@pytest.mark.parametrize("path", [LIST, "/budgets/2009-10/clusters/"])
def test_export_as_csv_has_plain_numbers_and_text_that_cannot_run(
    reader: Client, exported_line: BudgetLine, path: str
) -> None:
    answer = reader.get(path, {"_export": "csv"})

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    expected = {**EXPORTED, "contracts": "", "activity": "'=Prizes, and more"}
    assert list(csv.DictReader(StringIO(answer.content.decode()))) == [expected]


@pytest.mark.parametrize("path", [LIST, "/budgets/2009-10/clusters/"])
def test_export_as_a_workbook_has_numbers_as_numbers(reader: Client, exported_line: BudgetLine, path: str) -> None:
    sheet = load_workbook(BytesIO(reader.get(path, {"_export": "xlsx"}).content)).active

    head, row = sheet.iter_rows()
    assert [cell.value for cell in head] == list(EXPORT_COLUMNS)
    for cell, (name, value) in zip(row, EXPORTED.items(), strict=True):
        is_number = name in FIGURES and value is not None
        assert cell.value == (float(value) if is_number else value), name
        assert value is None or cell.data_type == ("n" if is_number else "s"), name


def test_export_has_the_rows_of_all_pages_as_filtered_and_sorted(reader: Client) -> None:
    lines = make_lines(101)
    BudgetLineFactory(plan=lines[0].plan, activity="Left out")

    rows = rows_of(reader, {"text": "Activity", "sort": "-activity", "page": "2"})

    assert [row["activity"] for row in rows] == sorted((line.activity for line in lines), reverse=True)


@pytest.mark.parametrize("path", [LIST, "/budgets/2009-10/clusters/"])
@pytest.mark.parametrize("wanted", ["pdf", "", "CSV", "\x00"])
def test_unknown_format_is_refused(reader: Client, exported_line: BudgetLine, wanted: str, path: str) -> None:
    answer = reader.get(path, {"_export": wanted})

    assert answer.status_code == 400
    assert answer.content.decode() == "_export must be one of: csv, xlsx, json."


def test_figure_is_to_one_decimal_in_the_export_unless_it_has_more(reader: Client) -> None:
    BudgetLineFactory(employee=Decimal(150), running=Decimal("0.00001"), external_income=None, internal_income=None)

    [row] = rows_of(reader, {})

    assert (row["employee"], row["running"], row["gross"]) == ("150.0", "0.00001", "150.00001")


# A unit's budget table


@pytest.fixture
def unit(db: None) -> Unit:
    return UnitFactory(name="Clusters")


@pytest.fixture
def year(db: None) -> FinancialYear:
    return FinancialYearFactory()


def make_table(unit: Unit, **totals: Any) -> None:
    """Two lines of 100.1 and 200.2 controllable, and the printed totals given by subject."""
    plan = PlanFactory()
    for activity, amount in (("Second", "200.2"), ("First", "100.1")):
        blank = dict.fromkeys(TYPED_FIGURES) | {"employee": Decimal(amount)}
        BudgetLineFactory(plan=plan, unit=unit, activity=activity, position=0 if activity == "First" else 1, **blank)
    for position, (subject, figures) in enumerate(totals.items()):
        label = TotalSubject(subject).label
        blank = dict.fromkeys(("gross", "controllable"))
        ControlTotalFactory(plan=plan, unit=unit, subject=subject, label=label, position=position, **blank | figures)


def totals_of(unit: Unit, year: FinancialYear) -> dict[str, dict[str, tuple[Any, Any]]]:
    """By label, of each figure that is printed or does not tie: what is printed, and what it comes to if that differs."""
    return {
        total.label: {
            name: (cell.printed, cell.computed)
            for name, cell in zip(FIGURES, total.cells, strict=True)
            if (cell.printed, cell.computed) != (None, None)
        }
        for total in unit_budget(unit, year).totals
    }


def test_table_has_the_lines_in_printed_order(reader: Client, unit: Unit) -> None:
    make_table(unit)

    assert listed(reader, path="/budgets/2009-10/clusters/") == ["First", "Second"]


def test_totals_that_tie_stand_alone(unit: Unit, year: FinancialYear) -> None:
    make_table(
        unit,
        controllable={"employee": Decimal("300.3"), "gross": Decimal("300.3"), "controllable": Decimal("300.3")},
        central={"controllable": Decimal(7)},
        total_cost={"employee": Decimal("300.3"), "gross": Decimal("300.3"), "controllable": Decimal("307.3")},
    )

    assert totals_of(unit, year) == {
        "Controllable Totals": dict.fromkeys(("employee", "gross", "controllable"), (Decimal("300.3"), None)),
        "Central Overheads": {"controllable": (Decimal(7), None)},
        "Total Cost of Unit": {
            "employee": (Decimal("300.3"), None),
            "gross": (Decimal("300.3"), None),
            "controllable": (Decimal("307.3"), None),
        },
    }


def test_total_that_does_not_tie_has_the_sum_beside_it(unit: Unit, year: FinancialYear, reader: Client) -> None:
    make_table(unit, controllable={"employee": Decimal("300.4"), "running": Decimal("0.0"), "contracts": Decimal(1)})

    assert totals_of(unit, year)["Controllable Totals"] == {
        "employee": (Decimal("300.4"), Decimal("300.3")),
        "running": (Decimal("0.0"), None),
        "contracts": (Decimal(1), Decimal(0)),
        "gross": (None, Decimal("300.3")),
        "controllable": (None, Decimal("300.3")),
    }
    shown = reader.get("/budgets/2009-10/clusters/").content.decode()
    assert '<td class="num">300.4<small>adds to 300.3</small></td>' in shown


def test_lines_without_a_printed_total_are_summed(unit: Unit, year: FinancialYear) -> None:
    make_table(unit)

    assert totals_of(unit, year)["Sum of the lines"]["controllable"] == (Decimal("300.3"), None)


def test_row_of_the_directorate_plan_is_shown_where_it_says_more_than_the_line(unit: Unit, year: FinancialYear) -> None:
    figures = dict.fromkeys(TYPED_FIGURES) | {"employee": Decimal(5)}
    line = BudgetLineFactory(unit=unit, origin=Origin.PORTFOLIO, **figures)
    ControlTotalFactory(
        plan=line.plan,
        unit=unit,
        subject=TotalSubject.PORTFOLIO_ROW,
        employee=Decimal(5),
        gross=Decimal(5),
        controllable=Decimal(5),
    )

    assert totals_of(unit, year) == {}

    BudgetLineFactory(unit=unit, plan=line.plan, **figures)

    assert totals_of(unit, year)["Directorate plan’s row"]["gross"] == (Decimal(5), Decimal(10))


def test_unit_without_lines_says_so(reader: Client, unit: Unit, year: FinancialYear) -> None:
    assert "No budget line is loaded" in reader.get("/budgets/2009-10/clusters/").content.decode()


@pytest.mark.parametrize("path", ["/budgets/2009-10/no-such-unit/", "/budgets/2010-11/clusters/"])
def test_unit_or_year_that_there_is_not_is_not_found(
    reader: Client, unit: Unit, year: FinancialYear, path: str
) -> None:
    assert reader.get(path).status_code == 404


def test_table_makes_as_many_queries_for_twenty_lines_as_for_one(
    reader: Client, unit: Unit, django_assert_num_queries: Any
) -> None:
    plan = PlanFactory()
    for many in (1, 19):
        for _ in range(many):
            BudgetLineFactory(plan=plan, unit=unit, provenance=ProvenanceFactory(document__plan=plan))
            ControlTotalFactory(plan=plan, unit=unit, label=str(BudgetLine.objects.count()))
        with django_assert_num_queries(9):  # session, user, roles, year, unit, place, lines, totals, years
            reader.get("/budgets/2009-10/clusters/")


# One line


PRINTED = {"employee": "1,152.7", "gross": "1,264.4", "controllable": "1,264.5", "activity": "Prizes"}
LOADED = {"employee": "1152.7", "running": "111.7", "position": 1, "activity": "Prizes"}


@pytest.fixture
def printed_line(unit: Unit) -> BudgetLine:
    provenance = ProvenanceFactory(
        lines=[254, 256],
        printed=PRINTED,
        loaded=LOADED,
        repairs=[
            {
                "rule": "label over several lines",
                "lines": [254],
                "column": "activity",
                "was": "Pri / zes",
                "now": "Prizes",
            }
        ],
    )
    for number in (254, 255, 256):
        SourceLineFactory(document=provenance.document, number=number, text=f"Text of line {number}")
    return BudgetLineFactory(plan=provenance.plan, unit=unit, activity="Prizes", provenance=provenance)


def figure_rows(client: Client, line: BudgetLine) -> dict[str, list[str]]:
    """The table of figures: by label, the cells without their markup."""
    shown = client.get(line.get_absolute_url()).content.decode()
    rows = re.findall(r'<tr[^>]*>\s*<th scope="row">(.*?)</th>(.*?)</tr>', shown, re.DOTALL)
    plain = {label: re.findall(r"<td[^>]*>(.*?)</td>", cells, re.DOTALL) for label, cells in rows}
    return {
        re.sub(r"\s*<.*", "", label): [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in cells]
        for label, cells in plain.items()
    }


def test_line_shows_each_figure_beside_what_was_printed(reader: Client, printed_line: BudgetLine) -> None:
    rows = figure_rows(reader, printed_line)

    assert rows["Employee costs"] == ["1,152.7", "1,152.7", ""]
    assert rows["Contracts and projects"] == ["blank", "", ""]
    assert rows["Gross expenditure"] == ["1,264.4", "1,264.4", "Ties"]
    assert rows["Controllable expenditure"] == ["1,264.4", "1,264.5", "Differs by −0.1"]


def test_edited_line_is_marked_and_its_printed_sums_are_no_longer_checked(
    reader: Client, unit: Unit, printed_line: BudgetLine
) -> None:
    provenance = ProvenanceFactory(printed=PRINTED, loaded=LOADED)
    line = BudgetLineFactory(plan=provenance.plan, unit=unit, employee=Decimal(1000), provenance=provenance)

    rows = figure_rows(reader, line)

    assert rows["Employee costs"] == ["1,000.0", "1,152.7", "Changed since it was loaded"]
    assert rows["Running costs"] == ["111.7", "", ""]
    assert rows["Gross expenditure"] == ["1,111.7", "1,264.4", ""]


def test_line_shows_where_it_stood_in_print(reader: Client, printed_line: BudgetLine) -> None:
    shown = reader.get(printed_line.get_absolute_url()).content.decode()

    assert printed_line.provenance.document.name in shown
    assert "Text of line 254" in shown
    assert "Text of line 256" in shown
    assert "Text of line 255" not in shown
    assert "“Pri” and “zes”" in shown


def test_printed_lines_and_figures_lead_to_the_page_that_shows_them_as_printed(
    reader: Client, printed_line: BudgetLine
) -> None:
    shown = reader.get(printed_line.get_absolute_url()).content.decode()

    assert f'href="/printed/{printed_line.provenance_id}/#line-254"' in shown
    assert f'href="/printed/{printed_line.provenance_id}/?figure=employee"' in shown
    # Nothing was printed for it.
    assert "?figure=contracts" not in shown


def test_line_that_was_entered_here_says_so(reader: Client) -> None:
    line = BudgetLineFactory(origin=Origin.ENTERED)

    assert "stands in no document" in reader.get(line.get_absolute_url()).content.decode()


def test_line_shows_who_answers_for_it(reader: Client) -> None:
    line = BudgetLineFactory()
    officer = OfficerFactory(name="Simon Fox")
    CoreServiceFactory(
        plan=line.plan,
        unit=line.unit,
        line=line,
        accountable_manager=officer,
        amount=Decimal(1264400),
        provides="Tuition",
    )

    shown = reader.get(line.get_absolute_url()).content.decode()

    assert "Simon Fox" in shown
    assert "£1,264,400" in shown
    assert "Tuition" in shown


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999", "9" * 5000])
def test_line_that_there_is_not_is_not_found(reader: Client, pk: str) -> None:
    assert reader.get(f"/budgets/lines/{pk}/").status_code == 404


def test_line_page_makes_as_many_queries_with_much_history_as_with_none(
    reader: Client, printed_line: BudgetLine, django_assert_num_queries: Any
) -> None:
    url = printed_line.get_absolute_url()
    # session, user, roles, line, printed lines, core services, history and its change sets, years
    with django_assert_num_queries(9):
        reader.get(url)
    for number in range(20):
        edit(printed_line, employee=Decimal(number))
        CoreServiceFactory(plan=printed_line.plan, unit=printed_line.unit, line=printed_line)
    with django_assert_num_queries(9):
        reader.get(url)

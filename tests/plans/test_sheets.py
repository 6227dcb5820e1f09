"""Plans as sheets: what goes out comes back the same, and what cannot be read is refused by sheet, row and column."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from budgets.models import BudgetLine
from kentplan.files import FileError, open_file
from kentplan.interpreting import SHEETS
from kentplan.loading import FIXTURES, Options, load
from plans.loading import LoadReport
from plans.sheets import write_workbook

PLANS = sorted((FIXTURES / "plans").glob("*.txt"))
DIRECTORATE = "Children, Families and Education"


def workbook_of(report: LoadReport, folder: Path) -> Path:
    plan = {"tier": report.tier, "year": report.year, "name": report.plan, "directorate": DIRECTORATE}
    path = folder / "plan.xlsx"
    path.write_bytes(write_workbook(plan, report.tables, SHEETS))
    return path


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_plan_goes_through_a_workbook_and_nothing_is_changed(published: None, tmp_path: Path, path: Path) -> None:
    text = load([open_file(path)], Options(dry_run=True))[0]

    sheets = load([open_file(workbook_of(text, tmp_path))], Options(dry_run=True))[0]

    assert not sheets.errors
    assert sheets.counts["unchanged"] == text.counts["unchanged"] > 300
    assert not (sheets.counts["created"] or sheets.counts["updated"] or sheets.counts["removed"])
    for sheet in SHEETS:
        rows = [
            [
                tuple(getattr(row, name) for name in sheet.columns if hasattr(row, name))
                for table in report.tables
                for row in table.rows
                if isinstance(row, sheet.row_type)
            ]
            for report in (text, sheets)
        ]
        assert rows[0] == rows[1], sheet.name


def test_a_csv_changes_what_it_holds_and_leaves_the_rest(published: None, tmp_path: Path) -> None:
    path = tmp_path / "lines.budget.csv"
    columns = [
        "tier",
        "year",
        "name",
        "directorate",
        *next(sheet for sheet in SHEETS if sheet.name == "budget").columns,
    ]
    values = {
        "tier": "service", "year": "2009/10", "name": "Commissioning", "directorate": DIRECTORATE,
        "unit": "Attendance and Behaviour Service", "activity": "Multi Agency", "prior_controllable": "370.8",
        "prior_fte": "0.0", "fte": "0.0", "employee": "60.7", "running": "(314.1)", "cabinet_member": "LR",
    }  # fmt: skip
    with path.open("w", newline="") as out:
        csv.writer(out).writerows([columns, [values.get(name, "") for name in columns]])
    before = BudgetLine.objects.count()

    report = load([open_file(path)], Options())[0]

    assert not report.errors
    assert {(item["column"], item["now"]) for item in report.changes} >= {("employee", "60.7"), ("running", "-314.1")}
    assert BudgetLine.objects.count() == before


def edited(path: Path, change: Callable[[Workbook], None]) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def _spoil_figure(book: Workbook) -> None:
    book["budget"]["E3"] = "12k"


def _lose_column(book: Workbook) -> None:
    book["budget"].delete_cols(5)


def _add_sheet(book: Workbook) -> None:
    book.create_sheet("risks").append(["risk", "likelihood"])


def _lose_plan(book: Workbook) -> None:
    book.remove(book["plan"])


def _spoil_due(book: Workbook) -> None:
    page = book["action"]
    column = [cell.value for cell in page[1]].index("due") + 1
    page.cell(row=2, column=column, value="March")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_spoil_figure, "Sheet budget, row 3, "),
        (_lose_column, "Sheet budget: its columns must be "),
        (_add_sheet, "The sheet “risks” is none of: plan, budget"),
        (_lose_plan, "No sheet “plan” says what plan this is"),
        (_spoil_due, "Sheet action: due “March”"),
    ],
)
def test_what_cannot_be_read_is_refused_where_it_stands(
    published: None, tmp_path: Path, change: Callable[[Workbook], None], says: str
) -> None:
    text = load([open_file(PLANS[1])], Options(dry_run=True))[0]
    path = edited(workbook_of(text, tmp_path), change)

    report = load([open_file(path)], Options())[0]

    assert any(says in problem.says for problem, _ in report.errors), report.errors
    assert not report.counts["updated"]


def _bomb() -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w") as page,
    ):
        for _ in range(450):
            page.write(b"0" * 1024 * 1024)
    return out.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"not a zip", b"PK\x03\x04 broken", pytest.param(_bomb, id="unpacks to 450 MB")], ids=repr
)
def test_a_file_that_is_no_workbook_is_refused_in_words(tmp_path: Path, content: bytes | Callable[[], bytes]) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(content() if callable(content) else content)

    with pytest.raises(FileError, match=r"plan\.xlsx"):
        open_file(path)


def test_one_far_cell_does_not_fill_the_memory(tmp_path: Path) -> None:
    book = Workbook()
    book.active["XFD1048576"] = "far"  # type: ignore[index]
    path = tmp_path / "plan.xlsx"
    book.save(path)

    with pytest.raises(FileError, match="more than 200,000 rows"):
        open_file(path)

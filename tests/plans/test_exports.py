"""Rows as files: the same values in each, exact, and nothing in them that a spreadsheet would run."""

import csv
import json
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import load_workbook

from plans.exports import FORMATS, LONGEST_CELL

COLUMNS = ("words", "figure")


def exported(wanted: str, *rows: tuple[Any, ...]) -> list[list[Any]]:
    """The rows as the format's own reader gives them back, without the head."""
    content = FORMATS[wanted](COLUMNS, rows, "file").content
    if wanted == "csv":
        head, *body = csv.reader(StringIO(content.decode()))
    elif wanted == "xlsx":
        head, *body = [list(row) for row in load_workbook(BytesIO(content)).active.iter_rows(values_only=True)]
    else:
        objects = json.loads(content)
        head, body = list(objects[0]), [list(item.values()) for item in objects]
    assert head == list(COLUMNS)
    return body


@pytest.mark.parametrize(
    ("figure", "in_csv", "in_xlsx", "in_json"),
    [
        (Decimal("-1870.2"), "-1870.2", -1870.2, "-1870.2"),
        (Decimal("0.0"), "0.0", 0, "0.0"),
        (Decimal("65.0"), "65.0", 65, "65.0"),
        (Decimal("1E+3"), "1000", 1000, "1000"),
        (Decimal("999999999.99999"), "999999999.99999", 999999999.99999, "999999999.99999"),
        (7, "7", 7, "7"),
        (None, "", None, None),
        ("", "", None, None),
    ],
)
def test_figure_is_exact_and_blank_is_empty(figure: Any, in_csv: str, in_xlsx: float, in_json: str | None) -> None:
    row = ("A", figure)

    assert exported("csv", row) == [["A", in_csv]]
    assert exported("xlsx", row) == [["A", in_xlsx]]
    assert exported("json", row) == [["A", in_json]]


def test_figure_that_a_double_cannot_hold_is_text_in_a_workbook() -> None:
    assert exported("xlsx", ("A", Decimal("1234567890.1234567"))) == [["A", "1234567890.1234567"]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_text_that_begins_like_a_formula_does_not_run(start: str) -> None:
    text = f"{start}1+1"
    workbook = load_workbook(BytesIO(FORMATS["xlsx"](COLUMNS, [(text, Decimal(-1))], "file").content))

    assert FORMATS["csv"](COLUMNS, [(text, Decimal(-1))], "f").content.decode().split("\r\n", 1)[1].strip('"')[0] == "'"
    assert workbook.active["A2"].data_type == "s"
    assert workbook.active["B2"].data_type == "n"
    assert exported("json", (text, None)) == [[text, None]]


def test_text_with_separators_and_control_characters_survives() -> None:
    text = 'a "quoted", text\nof two lines – £5 \x07'

    assert exported("csv", (text, None))[0][0] == text
    assert exported("json", (text, None))[0][0] == text


def test_text_that_is_too_long_for_a_cell_says_that_it_is_cut() -> None:
    (cell, _), *_ = exported("xlsx", ("x" * (LONGEST_CELL + 1), None))

    assert len(cell) == LONGEST_CELL
    assert cell.endswith(" […]")


@pytest.mark.parametrize("wanted", FORMATS)
def test_file_has_the_name_it_was_given(wanted: str) -> None:
    answer = FORMATS[wanted](COLUMNS, [], "budget-lines-2009-10")

    assert answer.headers["Content-Disposition"] == f'attachment; filename="budget-lines-2009-10.{wanted}"'

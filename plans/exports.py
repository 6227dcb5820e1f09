"""Rows as CSV, workbook or JSON: the same values in each, exact, and nothing in them that a spreadsheet would run.

A value is text, an exact `Decimal`, an int, or None for a blank. Figures are written as they stand: "-1870.2".
"""

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from types import MappingProxyType
from typing import Any

from django.http import HttpResponse
from xlsxwriter import Workbook

# What makes a spreadsheet read a cell as a formula, the full-width forms of it included.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST_CELL = 32_767  # Excel's limit; a longer text is written with a sign that it is cut
CUT = " […]"
EXACT_DIGITS = 15  # what the double behind a spreadsheet's number holds for certain

Export = Callable[[Sequence[str], Iterable[Sequence[Any]], str], HttpResponse]


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]], name: str) -> HttpResponse:
    """Comma-separated values; text that begins like a formula gets an apostrophe, figures are left alone."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return _file(out.getvalue(), "text/csv; charset=utf-8", f"{name}.csv")


def as_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Any]], name: str) -> HttpResponse:
    """A workbook of one sheet: figures as numbers, everything else as text that cannot run."""
    out = BytesIO()
    with Workbook(out, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 16)
        bold = workbook.add_format({"bold": True})
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column, bold)
        for number, row in enumerate(rows, start=1):
            for at, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, Decimal | int) and _fits_a_double(value):
                    sheet.write_number(number, at, float(value))
                else:
                    sheet.write_string(number, at, _cut(_text(value)))
    return _file(out.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", f"{name}.xlsx")


def as_json(columns: Sequence[str], rows: Iterable[Sequence[Any]], name: str) -> HttpResponse:
    """A list of objects; figures as strings, so that no reader rounds them, and blanks as null."""
    objects = [{column: _json_value(value) for column, value in zip(columns, row, strict=True)} for row in rows]
    return _file(json.dumps(objects, ensure_ascii=False, indent=1), "application/json", f"{name}.json")


FORMATS: Mapping[str, Export] = MappingProxyType({"csv": as_csv, "xlsx": as_xlsx, "json": as_json})


def _text(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return _text(value)


def _json_value(value: Any) -> str | None:
    return None if value is None or value == "" else _text(value)


def _fits_a_double(value: Decimal | int) -> bool:
    return len(str(value).lstrip("-").replace(".", "")) <= EXACT_DIGITS


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT


def _file(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}  # names of ours, without quotes
    return HttpResponse(content, content_type=content_type, headers=headers)

"""Holds a load report against an oracle: what a person read in the published document (tests/data/expected_*.json)."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

Json = Mapping[str, Any]


def read_oracle(tier: str) -> Json:
    """The oracle of the published plan of that tier: "directorate" or "service"."""
    path = Path(__file__).parent / "data" / f"expected_{tier}.json"
    oracle: Json = json.loads(path.read_text(encoding="utf-8"))
    return oracle


def same(found: object, wanted: object) -> bool:
    """Equal as exact decimals where both are figures, else as text without regard to white space; null is empty."""
    left, right = plain(found), plain(wanted)
    if left == right:
        return True
    try:
        return Decimal(left) == Decimal(right)
    except InvalidOperation:
        return False


def plain(value: object) -> str:
    return "" if value is None else re.sub(r"\s+", " ", str(value)).strip()


def report_rows(report: Json) -> list[dict[str, Any]]:
    """The rows of every table, each with the `kind`, and the `unit` of its table where it has none of its own."""
    return [
        {**row, "kind_of_table": table["kind"], "unit": row.get("unit") or table.get("unit")}
        for table in report["tables"]
        for row in table["rows"]
    ]


def marked_lines(report: Json) -> set[int]:
    """The lines that a doubt or an error stands on."""
    return {line for mark in [*report["doubts"], *report["errors"]] for line in mark["lines"]}


def holds(row: Json, cell: Json) -> bool:
    return (
        all(same(row.get(column), wanted) for column, wanted in cell["expect"].items())
        and all(
            any(same(row.get(column), wanted) for wanted in allowed)
            for column, allowed in cell.get("any_of", {}).items()
        )
        and all(
            plain(text).casefold() in plain(row.get(column)).casefold()
            for column, texts in cell.get("contains", {}).items()
            for text in texts
        )
    )


def failures(report: Json, oracle: Json) -> Iterator[str]:
    """Every cell, count, line and needless doubt of the report that is not as the oracle says, in words."""
    rows = report_rows(report)
    yield from wrong_cells(report, rows, oracle["cells"])
    yield from wrong_counts(report, rows, oracle["counts"])
    outcomes = {line["line"]: line["outcome"] for line in report["lines"]}
    for line in oracle["lines"]:
        if outcomes.get(line["line"]) not in line["any_of"]:
            yield f"line {line['line']}: outcome {outcomes.get(line['line'])!r}, not one of {line['any_of']}"
    for number in sorted(marked_lines(report).intersection(oracle["no_doubt"])):
        yield f"line {number}: a doubt or an error where position or arithmetic decides"


def wrong_cells(report: Json, rows: Sequence[Json], cells: Sequence[Json]) -> Iterator[str]:
    marks = marked_lines(report)
    for cell in cells:
        where = f"{cell['kind']} {cell['unit'] or ''} lines {cell['lines']} {cell['match']}"
        at_lines = [
            row
            for row in rows
            if row["kind_of_table"] == cell["kind"] and set(cell["lines"]) <= set(row["source_lines"])
        ]
        found = [
            row
            for row in at_lines
            if (cell["unit"] is None or same(row["unit"], cell["unit"]))
            and all(same(row.get(column), wanted) for column, wanted in cell["match"].items())
        ]
        if not any(holds(row, cell) for row in found):
            wanted = {name: cell[name] for name in ("expect", "any_of", "contains") if cell.get(name)}
            yield f"{where}: wanted {wanted}, found {found or at_lines or 'no row of these lines'}"
        if cell.get("doubt") and not marks.intersection(cell["lines"]):
            yield f"{where}: no doubt"


def wrong_counts(report: Json, rows: Sequence[Json], counts: Sequence[Json]) -> Iterator[str]:
    for count in counts:
        first, last = count["lines"]
        if count["by"] in ("tabbed line", "nil return"):
            numbers = [
                line["line"]
                for line in report["lines"]
                if first <= line["line"] <= last and count["by"] in ("tabbed line", line["outcome"])
            ]
            found = len(numbers) if len(numbers) == len(set(numbers)) else -1
        else:
            inside = [
                row
                for row in rows
                if row["kind_of_table"] == count["kind"]
                and any(first <= line <= last for line in row["source_lines"])
                and (count.get("unit") is None or same(row["unit"], count["unit"]))
            ]
            found = len(inside) if count["by"] == "row" else len({counted(row, count) for row in inside})
        if found != count["count"]:
            yield f"{count['what']} {count.get('unit') or ''} lines {first}-{last}: {found}, not {count['count']}"


def counted(row: Json, count: Json) -> tuple[object, ...]:
    """What makes two rows one in this count: the first source line inside the range, or the named columns."""
    first, last = count["lines"]
    if count["by"] == "line":
        return (min(line for line in row["source_lines"] if first <= line <= last),)
    return tuple(plain(row.get(column)).casefold() for column in count["by"])

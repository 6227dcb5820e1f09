"""Holds a load report (the JSON that DOMAIN.md fixes) against the truth of a written plan."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.plan_writer.truth import REFUSED, RIGHT, Cell, Row, Truth

Json = Mapping[str, Any]


@dataclass(slots=True)
class Score:
    """How a reader did. Nothing may be in wrong_silently, missing or extra; what is provable is nearly always right."""

    right: int = 0
    marked: int = 0
    provable: int = 0  # cells that position or arithmetic proves
    provable_right: int = 0
    wrong_silently: list[str] = field(default_factory=list)  # another value, without a doubt or an error
    missing: list[str] = field(default_factory=list)  # no row, and nothing says so
    extra: list[str] = field(default_factory=list)  # a row that the plan does not hold
    doubted: list[str] = field(default_factory=list)  # provable, but marked

    @property
    def silent(self) -> list[str]:
        return [*self.wrong_silently, *self.missing, *self.extra]

    @property
    def share_right(self) -> float:
        """Of the cells that position or arithmetic proves."""
        return self.provable_right / self.provable if self.provable else 1.0

    def __add__(self, other: "Score") -> "Score":
        return Score(*(getattr(self, name) + getattr(other, name) for name in Score.__dataclass_fields__))


def score(report: Json, truth: Truth) -> Score:
    result = Score()
    marks = Marks(report)
    found = pair(report, truth, marks, result)
    for cell in truth.cells:
        row = found.get(cell.row)
        marked = marks.cover(cell.lines)
        provable = cell.must_be == RIGHT
        result.provable += provable
        right = marked if cell.must_be == REFUSED else row is not None and is_right(row, cell)
        if right:
            result.right += 1
            result.provable_right += provable
        elif marked:
            result.marked += 1
            if provable:
                result.doubted.append(str(cell))
        elif row is None:
            result.missing.append(str(cell))
        else:
            result.wrong_silently.append(f"{cell}, found {row.get(cell.column)!r}")
    return result


class Marks:
    """The lines that a doubt or an error covers: its own, and every line of a table that an error refuses."""

    def __init__(self, report: Json) -> None:
        self.lines = {line for mark in [*report["doubts"], *report["errors"]] for line in mark["lines"]}
        refused = {error["table"] for error in report["errors"] if error.get("table") is not None}
        self.lines.update(line["line"] for line in report["lines"] if line.get("table") in refused)
        for number, table in enumerate(report["tables"]):
            if table.get("index", number) in refused:
                first, last = table["lines"]
                self.lines.update(range(first, last + 1))

    def cover(self, lines: Iterable[int]) -> bool:
        return not self.lines.isdisjoint(lines)


def pair(report: Json, truth: Truth, marks: Marks, result: Score) -> dict[Row, Json]:
    """The report's row for each row of the truth, each used once; what is left over is noted as extra."""
    by_line: dict[tuple[str, int], list[Row]] = {}
    for row in truth.rows:
        by_line.setdefault((row.kind, row.line), []).append(row)
    found: dict[Row, Json] = {}
    for table in report["tables"]:
        for printed in table["rows"]:
            loaded = {**printed, "unit": printed.get("unit") or table.get("unit")}
            candidates = [
                candidate
                for line in loaded["source_lines"]
                for candidate in by_line.get((table["kind"], line), ())
                if candidate not in found and has_key(loaded, candidate)
            ]
            if candidates:
                found[candidates[0]] = loaded
            elif not (marks.cover(loaded["source_lines"]) or truth.optional.issuperset(loaded["source_lines"])):
                result.extra.append(f"{table['kind']} {loaded['unit'] or ''} lines {loaded['source_lines']}: {loaded}")
    return found


def has_key(row: Json, candidate: Row) -> bool:
    for column, wanted in candidate.key:
        value = row.get(column)
        if column == "area" and wanted == "Kent":  # the council itself may be an empty area
            if plain(value).casefold() not in ("", "kent"):
                return False
        elif column in ("deliverable", "note", "title", "action"):
            if words(wanted) not in words(value):
                return False
        elif not same(value, wanted):
            return False
    return True


def is_right(row: Json, cell: Cell) -> bool:
    value = row.get(cell.column)
    for wanted in (cell.value, *cell.also):
        if cell.how == "within":
            if words(wanted) in words(value):
                return True
        elif cell.how == "words":
            if set(words(wanted).split()) <= set(words(value).split()) | {"and"}:
                return True
        elif cell.how == "code":
            if plain(wanted).replace(" ", "").casefold() == plain(value).replace(" ", "").casefold():
                return True
        elif same(value, wanted):
            return True
    return False


def same(found: object, wanted: object) -> bool:
    left, right = plain(found), plain(wanted)
    if left == right:
        return True
    try:
        return Decimal(left) == Decimal(right)
    except InvalidOperation:
        return False


def plain(value: object) -> str:
    """White space collapsed; a list is joined; null is the empty text."""
    if value is None:
        return ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = "; ".join(map(str, value))
    return re.sub(r"\s+", " ", str(value)).strip()


def words(value: object) -> str:
    """The words alone: neither case, white space, bullets nor the marks between things decide."""
    return " ".join(re.findall(r"[^\W_]+|[%£+&]", plain(value).casefold()))

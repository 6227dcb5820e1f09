"""Consultation exercises, satisfaction surveys and reviews: one row an exercise, under its unit's name."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from plans.documents import Context, Kind, Line, Parsed, ParsedTable, Source, Table
from plans.names import is_heading
from plans.parsing.rows import (
    Entry,
    Printed,
    Rows,
    columns,
    header_size,
    lay_out,
    merged,
    put_in_corrections,
    row_or_more,
    words_alone,
)

_COLUMNS = {
    "name": r"^name\b(?!.*contact)",
    "dates": r"start.*\bend\b",
    "feedback": r"feedback",
    "target_group": r"target\s+group|sample",
    "area": r"target\s+area",
    "contractor": r"external|contract(?:or|ed)?\b.*used",
    "purpose": r"want\s+to\s+find",
    "statutory": r"^stat",
    "contact": r"contact",
}


def _header(lines: Sequence[Line], at: int) -> int:
    return header_size(lines, at, _COLUMNS, first=r"^name\b")


CONSULTATIONS = Kind("consultation", _header)


@dataclass(frozen=True, slots=True)
class Consultation:
    """One exercise that a unit plans, in the plan's own words; blank cells are ""."""

    unit: str
    name: str
    dates: str
    feedback: str
    target_group: str
    area: str
    contractor: str
    purpose: str
    statutory: str
    contact: str
    source: Source


_NIL_RETURN = re.compile(r"(?P<unit>.*?)[\s\-–—:(]*\bnil\s+returns?\b[\s.)]*", re.IGNORECASE)
_UNIT_END = re.compile(
    r"\b(?:services?|units?|teams?|divisions?|directorate|departments?|groups?|resources|programmes?|trust|partnership)$",
    re.IGNORECASE,
)


def places(header: Sequence[Line]) -> dict[str, int]:
    """Where each column stands, by its printed header."""
    return columns(header, _COLUMNS)


def parse(table: Table, context: Context) -> Parsed:
    """The consultations of every unit of the table, in printed order."""
    rows = lay_out(table, context, places(table.header))
    _read(rows)
    put_in_corrections(rows)
    found = tuple(
        Consultation(**{name: entry.words(name) for name in ("unit", *_COLUMNS)}, source=entry.source())
        for entry in rows.entries
    )
    return Parsed(
        [ParsedTable("consultation", "", (table.first, table.last), found)], rows.doubts, rows.errors, rows.outcomes()
    )


def _read(rows: Rows) -> None:
    unit = ""
    above: Entry | None = None
    pending: Printed | None = None
    for at, line in enumerate(rows.lines):
        below = rows.lines[at + 1] if at + 1 < len(rows.lines) else None
        if pending:
            line, pending = merged(pending, line), None
        nil = _nil_return(line)
        if not line.filled:
            rows.note(line, "blank")
        elif nil is not None:
            unit, above = nil or unit, None
            rows.note(line, "nil return", unit)
        elif line.filled != ["name"]:
            above = _exercise(rows, line, above, unit)
        else:
            what = _what_is_alone(rows, line, above, below)
            if what == "heading":
                answer = rows.context.corrections.get((line.number, "unit"))
                unit, above = answer.value if answer else line.words("name"), None
                rows.note(line, "heading")
            elif what == "goes on" and above:
                rows.go_on(line, above)
            elif what == "first words" and below:
                pending = line
            else:
                says = f"“{line.words('name')}” may be a unit's name, or words of the exercise above or below it."
                rows.note(line, "not read", says)
                under = itertools.takewhile(lambda below: below.filled != ["name"], rows.lines[at + 1 :])
                rows.doubt((*line.numbers, *(below.number for below in under)), says, "unit", (line.words("name"),))
                unit = ""


def _nil_return(line: Printed) -> str | None:
    """The unit that makes a nil return on the line: "" where none is named, None where it makes none."""
    texts = [line.words(column) for column in line.filled]
    match = _NIL_RETURN.fullmatch(" ".join(texts)) if len(texts) <= 2 else None
    return match["unit"].strip() if match else None


def _what_is_alone(rows: Rows, line: Printed, above: Entry | None, below: Printed | None) -> str:
    name = line.words("name")
    answer = rows.context.corrections.get((line.number, "unit"))
    if answer:
        rows.used.add((line.number, "unit"))
        return "heading" if answer.value else "first words"
    above_name = above.words("name") if above else ""
    if above and rows.answer(line, "name", (f"{above_name} {name}",)):
        return "goes on"
    looks = is_heading(name) and bool(_UNIT_END.search(name))
    return words_alone(line, above, below, key="name", above_key=above_name, heading=looks)


def _exercise(rows: Rows, line: Printed, above: Entry | None, unit: str) -> Entry | None:
    """Begin an exercise, or put the line into the one above; what can be neither is refused."""
    name, whole = line.words("name"), bool(line.words("dates") and line.words("contact"))
    if not name and "name" not in line.answers:
        if above is None or whole:
            rows.refuse(line, "An exercise without a name.", "name")
        else:
            rows.go_on(line, above)
        return above
    if above is None:
        return rows.begin(line, unit=unit)
    above_name = above.words("name")
    verdict = row_or_more(line, above, key="name", above_key=above_name, text="purpose", whole=whole or not line.broken)
    choices = (name, f"{above_name} {name}")
    answer = rows.answer(line, "name", choices)
    if answer or "name" in line.answers:
        verdict = "goes on" if answer == choices[1] else "own"
    if verdict == "goes on":
        rows.go_on(line, above)
        return above
    if verdict == "doubt":
        says = f"“{name[:60]}” may begin an exercise, or go on from “…{above_name[-60:]}”."
        rows.doubt((above.line, line.number), says, "name", choices)
    return rows.begin(line, unit=unit)

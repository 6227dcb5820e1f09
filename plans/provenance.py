"""What a row's provenance says, in words: which of its fields were put right, how, and why that is certain."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DECLARED = "declared correction"

# What each rule of the parsers did, as a reader of the plan would say it. `between` is where a page break parts the
# lines. Every rule has its sentence (a test looks for them).
SENTENCES: Mapping[str, str] = {
    "minus on another line": (
        "The minus and the digits stand on two lines{between}. They are one figure: they stand in the same column."
    ),
    "minus on a line of its own": (
        "The minus stands alone on a line{between}. It belongs to the only figure in its column, above or "
        "below it, that has no sign."
    ),
    "figure split over lines": (
        "The figure is broken over two lines{between}. Its parts stand in the same column, and neither is a "
        "whole figure."
    ),
    "figure slid from its row": (
        "The figure stands a row away from its own. Its column, and the sum that it enters, say whose it is."
    ),
    "figure slid to its row": (
        "A figure that is printed beside this row belongs to the row next to it, as its column and the sum say."
    ),
    "figures on the line above": "The figures stand on a line above their label, without words of their own.",
    "figures on the line below": "The figures stand on a line below their label, without words of their own.",
    "label over several lines": (
        "The label’s first words stand on a line of their own, without a figure; the last line has the rest "
        "and all the figures."
    ),
    "label parted by a page break": "The page breaks inside the label; its words stand on both sides.",
    "first words on a line of their own": "The first words stand on a line of their own, above the rest of the row.",
    "first words on the line above": "The first words stand on the line above, without a figure.",
    "continued on the next line": "The words go on in the next line, as their grammar shows.",
    "continued after page break": "The words go on after a page break, as their grammar shows.",
    "continued after a page break": "The words go on after a page break, as their grammar shows.",
    "row goes on in the next line": "The row goes on in the next line: these words go on from those above them.",
    "row goes on after a page break": "The row goes on after a page break: these words go on from those above them.",
    "name of its budget line": (
        "The printed words end in the name of a budget line of the same amount, so they are read as that line’s."
    ),
    DECLARED: "What is printed here is wrong, and a correction is declared for it.",
}
# A declared correction is kept as "value (reason; by)"; a reason may hold brackets of its own.
_DECLARED_NOW = re.compile(r"(?P<value>.*) \((?P<reason>[^()]*(?:\([^()]*\)[^()]*)*); (?P<by>[^;()]*)\)", re.DOTALL)
_BESIDE = re.compile(r" beside “[^“”]*”$")  # where a figure stood that slid from its row
_PARTS = re.compile(r" \| | / |\n")


def repaired_fields(repairs: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The fields that were not read as they stand in print, from the repairs kept with a row (Provenance.repairs)."""
    return frozenset(repair["column"] for repair in repairs if repair.get("column"))


@dataclass(frozen=True, slots=True)
class RepairInWords:
    """A repair as it is told: the printed pieces, what they were read as, and how one knows."""

    column: str
    label: str  # the column, as people call it
    rule: str
    lines: tuple[int, ...]
    was: tuple[str, ...]  # the pieces as printed; none where the cell is blank
    now: str
    says: str
    reason: str  # of a declared correction
    by: str

    @property
    def is_declared(self) -> bool:
        return self.rule == DECLARED


def in_words(repair: Mapping[str, Any]) -> RepairInWords:
    """One entry of Provenance.repairs in words."""
    rule, column, now = repair["rule"], repair.get("column", ""), repair["now"]
    lines = tuple(repair["lines"])
    declared = _DECLARED_NOW.fullmatch(now) if rule == DECLARED else None
    parted = len(lines) > 1 and lines[-1] - lines[0] >= len(lines)
    between = ", with a page break between them" if parted else ""
    return RepairInWords(
        column=column,
        label=label_of(column),
        rule=rule,
        lines=lines,
        was=tuple(filter(None, [repair["was"]] if rule == DECLARED else _PARTS.split(_BESIDE.sub("", repair["was"])))),
        now=declared["value"] if declared else now,
        says=SENTENCES.get(rule, f"{rule[:1].upper()}{rule[1:]}.").format(between=between),
        reason=declared["reason"] if declared else "",
        by=declared["by"] if declared else "",
    )


def told(repairs: Iterable[Mapping[str, Any]]) -> list[RepairInWords]:
    """The repairs in words, each once: the rows of one printed row share theirs."""
    found = [in_words(repair) for repair in repairs]
    return list({(item.rule, item.lines, item.column, item.was, item.now): item for item in found}.values())


_LABELS = {
    "fte": "FTE",
    "prior_fte": "FTE of the year before",
    "prior_controllable": "Controllable expenditure of the year before",
    "controllable": "Controllable expenditure",
    "gross": "Gross expenditure",
    "employee": "Employee costs",
    "running": "Running costs",
    "contracts": "Contracts and projects",
    "due": "Target date",
    "officers": "Lead officers",
    "managers": "Accountable managers",
    "measure_unit": "Unit of measure",
    "lead_or_support": "Lead or support",
    "service_plan": "Service level plan",
    "target_group": "Target group",
}


def label_of(column: str) -> str:
    """What people call a column of a printed table: "Internal income", "Actual 2007/08", "FTE"."""
    words = column.replace("_", " ")
    return _LABELS.get(column) or words[:1].upper() + words[1:]


def line_words(lines: Sequence[int]) -> str:
    """ "line 254", "lines 257 and 259", "lines 3 to 9"."""
    if len(lines) == 1:
        return f"line {lines[0]}"
    if len(lines) > 2 and lines[-1] - lines[0] == len(lines) - 1:
        return f"lines {lines[0]} to {lines[-1]}"
    return f"lines {', '.join(map(str, lines[:-1]))} and {lines[-1]}"

"""Lead roles: which officers lead, or support, which corporate target; one row a target."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from plans.documents import Context, Kind, Line, Parsed, ParsedTable, Source, Table, plain
from plans.parsing.people import split_people
from plans.parsing.references import references
from plans.parsing.rows import (
    Entry,
    Printed,
    Rows,
    begins_low,
    columns,
    hangs,
    header_size,
    lay_out,
    merged,
    put_in_corrections,
)

_COLUMNS = {
    "scheme": r"^plan\b",
    "target": r"target",
    "officers": r"\bofficers?\b",
}


def _header(lines: Sequence[Line], at: int) -> int:
    """The column names, or a line of title above them."""
    names = header_size(lines, at, _COLUMNS, first=r"^plan\b")
    if names:
        return names
    cells = [plain(cell) for cell in lines[at].cells]
    titled = "\t" in lines[at].text and re.search(r"target", cells[0], re.IGNORECASE) and not any(cells[1:])
    below = header_size(lines, at + 1, _COLUMNS, first=r"^plan\b") if titled and at + 1 < len(lines) else 0
    return below + 1 if below else 0


LEAD_ROLES = Kind("lead_role", _header)

_ROLE = re.compile(r"(?P<joint>joint(?:ly)?\s+)?(?P<role>lead|support)\b", re.IGNORECASE)
_SCHEMES = (
    (re.compile(r"(?:T|Towards\s+)?2010", re.IGNORECASE), "T2010"),
    (re.compile(r"CYPP|Children and Young People['’]?s['’]? Plan", re.IGNORECASE), "CYPP"),
    (re.compile(r"JAR(?:\s+action\s+plan)?", re.IGNORECASE), "JAR"),
    (re.compile(r"LAA|Local Area Agreement", re.IGNORECASE), "LAA"),
    (re.compile(r"V4K|Vision for Kent", re.IGNORECASE), "V4K"),
)


@dataclass(frozen=True, slots=True)
class LeadRole:
    """A target of a scheme that officers lead, lead jointly or support; the target's words as printed, in full."""

    scheme: str
    target: str
    role: str
    officers: str
    source: Source

    @property
    def reference(self) -> tuple[str, str]:
        """(scheme, code) of the target: the first code named, as `references` would give it; code "" where none is."""
        named = re.search(r"(?i:target|action|enabler|priority|outcome)\s+(?:\d{1,2}[A-F]?|[A-F])\b", self.target)
        coded = re.search(r"\b[A-Z]{2,4}\s?\d{2}\b", self.target) if self.scheme == "JAR" else None
        found = named or coded
        if not found:
            return self.scheme, ""
        return next(iter(references(f"{self.scheme} {found[0]}")), (self.scheme, ""))


def places(header: Sequence[Line]) -> dict[str, int]:
    """Where each column stands, by its printed header."""
    return columns(header[-1:], _COLUMNS) or columns(header[-2:], _COLUMNS)


def parse(table: Table, context: Context) -> Parsed:
    """The lead roles of a table, in printed order."""
    rows = lay_out(table, context, places(table.header))
    _read(rows)
    put_in_corrections(rows)
    found = tuple(_lead_role(rows, entry) for entry in rows.entries)
    return Parsed(
        [ParsedTable("lead_role", "", (table.first, table.last), found)], rows.doubts, rows.errors, rows.outcomes()
    )


def _read(rows: Rows) -> None:
    """A row begins where a plan or a role is named ("Lead for", "Support for"); all else goes on from the row above."""
    above: Entry | None = None
    pending: Printed | None = None
    for at, line in enumerate(rows.lines):
        below = rows.lines[at + 1] if at + 1 < len(rows.lines) else None
        if pending:
            line, pending = merged(pending, line), None
        if not line.filled:
            rows.note(line, "blank")
        elif below and _is_first_words(line, below):
            pending = line
        elif above is None or _begins(line, above):
            above = _begin(rows, line, above)
        else:
            rows.go_on(line, above)


def _is_first_words(line: Printed, below: Printed) -> bool:
    """A plan alone whose name goes on below, or a target's first words whose plan stands beside the rest of them."""
    if line.filled == ["scheme"]:
        return begins_low(below.words("scheme")) or (not below.words("scheme") and bool(_named_role(below)))
    if line.filled != ["target"]:
        return False
    rest = below.words("scheme") and (begins_low(below.words("target")) or not _named_role(below))
    return line.words("target").lower() in ("joint", "jointly") or bool(rest and _named_role(line))


def _begins(line: Printed, above: Entry) -> bool:
    target, above_target = line.words("target"), above.words("target")
    if line.words("scheme"):
        return not begins_low(line.words("scheme"))
    if _named_role(line):
        return not hangs(above_target)
    whole = bool(target and line.words("officers") and above.words("officers"))
    return whole and not begins_low(target) and not hangs(above_target)


def _named_role(line: Printed) -> re.Match[str] | None:
    target = line.words("target")
    return _ROLE.match(target) if line.words("scheme") or target[:1].isupper() else None


def _begin(rows: Rows, line: Printed, above: Entry | None) -> Entry | None:
    scheme, target = line.words("scheme"), line.words("target")
    if not target and "target" not in line.answers:
        rows.refuse(line, "No target stands beside the plan or the officers.", "target")
        return above
    if not scheme and "scheme" not in line.answers:
        if above is None and not _named_role(line):
            rows.refuse(line, "The row names no plan and stands under none.", "scheme")
            return above
        says = "No plan is named for this target: it may be the one above, or the row may go on from the row above."
        rows.doubt(line.numbers, says, "scheme", [above.words("scheme")] if above else [])
    return rows.begin(line, role="")


def _lead_role(rows: Rows, entry: Entry) -> LeadRole:
    target = entry.words("target")
    match = _ROLE.match(target)
    role = entry.words("role") or (("joint" if match["joint"] else match["role"].lower()) if match else "")
    if not role:
        says = f"“{target[:60]}” does not say whether it is led, led jointly or supported."
        rows.doubt(sorted(set(entry.lines)), says, "role", ("lead", "joint", "support"))
    scheme = entry.words("scheme")
    return LeadRole(
        scheme=next((name for pattern, name in _SCHEMES if pattern.fullmatch(scheme)), scheme),
        target=target,
        role=role,
        officers="; ".join(split_people(entry.cells["officers"])),
        source=entry.source(),
    )

"""Read a published plan's text into tables with line numbers, and account for every line with a tab.

The first of the three things a document goes through (read, parse, load). Knows lines, cells, headings and page
breaks; what a table means is its app's business: each app's parsing.py hands in the `Kind`s it can parse.
Imports no Django.
"""

import hashlib
import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from plans.names import is_heading, may_be, name_key

# --- text ------------------------------------------------------------------------------------------------------------

_TAG = re.compile(r"</?(?:ul|ol|li|p|i|b|u|em|strong|br|span|div|sup|sub)\b[^<>]*>", re.IGNORECASE)
_BREAKING_TAG = re.compile(r"</?(?:ul|ol|li|p|br|div)\b[^<>]*>", re.IGNORECASE)
_BULLET = re.compile(r"(?:^|(?<=\s))[•◆●▪■\uf0b7](?=\s|\w)")
_PAGE_NUMBER = re.compile(r"(?:page\s*)?\d{1,3}", re.IGNORECASE)
_RULE_CELL = re.compile(r"[-–—=_:]{2,}")


def plain(cell: str) -> str:
    """The words of a cell: tags out, entities resolved, every kind of space one space."""
    return " ".join(html.unescape(_TAG.sub(" ", cell)).replace("\u00ad", "").split())


def pieces(cell: str) -> list[str]:
    """The several things of a cell, where paragraphs, list items or bullets part them; one piece where nothing does."""
    text = html.unescape(_BREAKING_TAG.sub("\x00", cell))
    text = _BULLET.sub("\x00", text)
    return [words for words in (plain(part) for part in text.split("\x00")) if words]


class Line(NamedTuple):
    """A line of the document as published; `number` counts from 1."""

    number: int
    text: str

    @property
    def cells(self) -> tuple[str, ...]:
        return tuple(self.text.split("\t"))

    @property
    def is_blank(self) -> bool:
        return not plain(self.text)

    @property
    def is_rule(self) -> bool:
        filled = [cell for cell in map(plain, self.cells) if cell]
        return "\t" in self.text and bool(filled) and all(_RULE_CELL.fullmatch(cell) for cell in filled)


@dataclass(frozen=True)
class Document:
    """A published plan: its text, its name, and the hash it is known by."""

    text: str
    name: str
    digest: str = ""  # of the file's bytes, where the text came from one

    @property
    def sha256(self) -> str:
        return self.digest or hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(Line(number, text.rstrip("\r")) for number, text in enumerate(self.text.split("\n"), start=1))


# --- what reading and parsing give -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Repair:
    """What was put right in a row, and from which lines: `was` as printed, `now` as read."""

    rule: str
    lines: tuple[int, ...]
    was: str
    now: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row stands in the document: its lines, its repairs, and each column's words as printed."""

    lines: tuple[int, ...]
    repairs: tuple[Repair, ...] = ()
    printed: tuple[tuple[str, str], ...] = ()


class Row(Protocol):
    """Any app's row type: a frozen dataclass of report columns with the `source` they came from."""

    @property
    def source(self) -> Source: ...


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question the document leaves open: the cell is left empty and waits for an answer.

    `about` names what a question of the load itself is about (a row edited or removed here), which no parser asks: the
    correction that answers it has it for its field.
    """

    lines: tuple[int, ...]
    says: str
    column: str = ""
    choices: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error: it refuses the table, and with it the document."""

    lines: tuple[int, ...]
    says: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line with a tab: loaded, header, heading, repaired, blank, rule, contents, nil return, not read."""

    line: int
    outcome: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """The rows of one table kind; `unit` as printed above it, "" where the plan or each row has its own."""

    kind: str
    unit: str
    lines: tuple[int, int]
    rows: tuple[Any, ...]


@dataclass(slots=True)
class Parsed:
    """All that one table gave: rows, open questions, errors, and what became of each of its body lines."""

    tables: list[ParsedTable] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Correction:
    """A declared correction of one field on one line: what was printed, what it is, why, and who says so."""

    line: int
    field: str
    was: str
    value: str
    reason: str
    by: str


@dataclass(frozen=True)
class Context:
    """What a parser may know besides its table."""

    year: str
    tier: str
    corrections: Mapping[tuple[int, str], Correction] = field(default_factory=dict)


# --- tables ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A kind of table, known by its header.

    `header(lines, at)` says how many lines from index `at` are the header of such a table (0: not this kind).
    `unit`: "heading" (the unit's name stands above the table) or "" (the plan's own, or each row's).
    `absorbs`: the header is itself a row, which its parser accounts for, and the narrative lines after the table belong
    to it (a core service's description).
    """

    name: str
    header: Callable[[Sequence[Line], int], int]
    unit: str = ""
    absorbs: bool = False


@dataclass(frozen=True)
class Table:
    """A table as it stands: headings above it (nearest last), header, body; `breaks` are the numbers of body lines
    that come first after a page break; `following` the narrative lines after it that belong to it."""

    index: int
    kind: str
    headings: tuple[Line, ...]
    header: tuple[Line, ...]
    body: tuple[Line, ...]
    breaks: frozenset[int] = frozenset()
    under_unit: bool = False  # whether a unit's name must stand above it
    unit: str = ""
    caption: Line | None = None
    following: tuple[Line, ...] = ()

    @property
    def first(self) -> int:
        return (self.header or self.body)[0].number

    @property
    def last(self) -> int:
        return (self.body or self.header)[-1].number


@dataclass(frozen=True)
class Reading:
    """A document read: what plan it is, its tables in order, and the lines the reader itself accounts for."""

    document: Document
    tier: str
    year: str
    name: str
    tables: tuple[Table, ...]
    outcomes: tuple[Outcome, ...]
    errors: tuple[Problem, ...]


_TITLE = re.compile(
    r"(?P<before>.*)\b(?P<tier>directorate|service) level business plan\s+(?P<year>20\d\d[/-]\d\d)(?P<after>.*)",
    re.IGNORECASE,
)


def plan_year(text: str) -> str:
    """`2009/10` from 2009/10, 2009-10, 2009/2010 or 2008-9; "" where the text holds no financial year."""
    match = re.search(r"\b(20\d\d)\s*[/-]\s*(?:20)?(\d{1,2})\b", text)
    if not match or int(match[2]) % 10 != (int(match[1]) + 1) % 10:
        return ""
    return f"{match[1]}/{(int(match[1]) + 1) % 100:02}"


def read(document: Document, kinds: Iterable[Kind]) -> Reading:
    """Part the document into its title and its tables. Lines without a tab are headings or narrative."""
    errors: list[Problem] = []
    tier, year, name = _title(document.lines)
    if not tier:
        errors.append(
            Problem(
                (1,),
                "No title says what plan this is: “… LEVEL BUSINESS PLAN 2009/10” with its tier and year.",
                "title",
            )
        )
    tables, outcomes = _tables(document.lines, tuple(kinds))
    return Reading(document, tier, year, name, tuple(_with_units(tables)), tuple(outcomes), tuple(errors))


def _title(lines: Sequence[Line]) -> tuple[str, str, str]:
    """Tier, year and name: the directorate before the words, or the service after them, there or on the next line."""
    for at, line in enumerate(lines):
        match = None if "\t" in line.text else _TITLE.search(plain(line.text))
        if match and plan_year(match["year"]):
            tier = match["tier"].lower()
            name = (
                match["before"]
                if tier == "directorate"
                else re.sub(r"^\s*for\b", "", match["after"], flags=re.IGNORECASE)
            )
            if not name.strip():
                name = next((plain(after.text) for after in lines[at + 1 :] if not after.is_blank), "")
            return tier, plan_year(match["year"]), name.strip()
    return "", "", ""


@dataclass
class _Open:
    """A table while it is being read."""

    kind: Kind | None
    header: list[Line]
    narrative: list[Line]  # since the table before
    body: list[Line] = field(default_factory=list)
    breaks: set[int] = field(default_factory=set)
    broken: bool = False  # a page break has been met since the last body line

    def repeats(self, header: Sequence[Line]) -> bool:
        """The last header line names the columns; a page may repeat it without the lines above it."""
        return name_key(plain(self.header[-1].text)) == name_key(plain(header[-1].text))


def _tables(lines: Sequence[Line], kinds: Sequence[Kind]) -> tuple[list[_Open], list[Outcome]]:
    tables: list[_Open] = []
    outcomes: list[Outcome] = []
    current: _Open | None = None
    narrative: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if "\t" not in line.text:
            if not line.is_blank and not _PAGE_NUMBER.fullmatch(plain(line.text)):
                narrative.append(line)
            elif current and not narrative:
                current.broken = True
            continue
        if line.is_rule or line.is_blank:
            outcomes.append(Outcome(line.number, "rule" if line.is_rule else "blank"))
            continue
        found = next(((kind, size) for kind in kinds if (size := kind.header(lines, at - 1))), None)
        if found:
            kind, size = found
            header = list(lines[at - 1 : at - 1 + size])
            at += size - 1
            if not kind.absorbs:
                outcomes += [Outcome(part.number, "header") for part in header]
            if current and not narrative and current.kind is kind and current.repeats(header) and not kind.absorbs:
                current.broken = True
            else:
                current = _Open(kind, header, narrative)
                tables.append(current)
            narrative = []
        else:
            if not current or narrative:  # rows under no header that any kind knows
                current = _Open(None, [], narrative)
                tables.append(current)
                narrative = []
            if current.broken:
                current.breaks.add(line.number)
                current.broken = False
            current.body.append(line)
    tables.append(_Open(None, [], narrative))  # the narrative after the last table
    return tables, outcomes


# --- which unit a table belongs to -----------------------------------------------------------------------------------


def _with_units(opened: Sequence[_Open]) -> list[Table]:
    known = _known_units(opened)
    tables: list[Table] = []
    unit = ""
    for index, table in enumerate(opened[:-1]):
        headings = tuple(line for line in table.narrative if is_heading(plain(line.text)))
        if table.kind and table.kind.unit:
            # Where nothing but prose stands since the last table it is the same unit's; where headings do, and none of
            # them is known, nobody can say whose it is.
            inherited = unit if table.kind.absorbs or not headings else ""
            unit = _unit_above(table, headings, known) or inherited
        following: tuple[Line, ...] = ()
        if table.kind and table.kind.absorbs:
            following = _following(opened[index + 1].narrative, known)
        contents = table.kind is None and _is_contents(table)
        tables.append(
            Table(
                index=index,
                kind="contents" if contents else table.kind.name if table.kind else "",
                headings=headings,
                header=tuple(table.header),
                body=tuple(table.body),
                breaks=frozenset(table.breaks),
                under_unit=bool(table.kind and table.kind.unit),
                unit=unit if table.kind and table.kind.unit else "",
                caption=table.narrative[-1] if table.narrative else None,
                following=following,
            )
        )
    return tables


def _known_units(opened: Sequence[_Open]) -> list[str]:
    """Names that are certainly units': those directly above budget and staffing tables."""
    known: dict[str, str] = {}
    for table in opened:
        if table.kind and table.kind.name in ("budget", "staffing") and table.kind.unit and table.narrative:
            name = plain(table.narrative[-1].text)
            known.setdefault(name_key(name), name)
    return list(known.values())


def _unit_above(table: _Open, headings: Sequence[Line], known: Sequence[str]) -> str:
    names = [plain(line.text) for line in headings]
    keys = {name_key(name) for name in known}
    for name in reversed(names):
        if name_key(name) in keys:
            return name
    for name in reversed(names):
        if any(may_be(name, other) for other in known):
            return name
    # A unit first met here: its heading stands directly above the table.
    if headings and table.narrative and headings[-1] == table.narrative[-1]:
        return names[-1]
    return ""


def _following(narrative: Sequence[Line], known: Sequence[str]) -> tuple[Line, ...]:
    """The narrative lines that still belong to the table before them: up to the next section's or unit's heading."""
    taken: list[Line] = []
    for line in narrative:
        words = plain(line.text)
        if is_heading(words) and (
            words.isupper()
            or any(may_be(words, unit) for unit in known)
            or re.match(r"section \d", words, re.IGNORECASE)
        ):
            break
        taken.append(line)
    while taken and is_heading(plain(taken[-1].text)):
        taken.pop()
    return tuple(taken)


def _is_contents(table: _Open) -> bool:
    titled = any("contents" in plain(line.text).casefold() for line in table.narrative)
    return titled and all(_PAGE_NUMBER.fullmatch(plain(line.cells[-1])) for line in table.body)

"""The directorate's lists of measures without figures: code, title, service level plan, and links or lead.

Several lists stand under one another, each below a row that only names it ("DCSF Statutory Indicators"), with the
header repeated wherever it pleased the printer: the rows that name lists part them, not the headers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indicators.parsing.entries import Entry, Layout, tabs_cut
from indicators.parsing.figures import refused
from indicators.parsing.labels import Name, goes_on, join_words, measures_in, read_name
from indicators.parsing.lines import assemble
from indicators.parsing.rows import ListedRow
from indicators.parsing.values import titled_unit
from plans.documents import Context, Doubt, Line, Outcome, Parsed, ParsedTable, Problem, Table, plain
from plans.names import name_key

_TITLE_HEADER = re.compile(r"(?:key )?performance (?:measures?|indicators?)\b.*", re.IGNORECASE)
_COLUMN_HEADERS = (
    ("service_plan", re.compile(r"(?:relevant )?(?:service )?(?:level )?plan\b.*|relevant .*\bplan", re.IGNORECASE)),
    ("lead_or_support", re.compile(r"lead\b.*", re.IGNORECASE)),
    ("links", re.compile(r"links?\b.*|.*\bpriorit(?:y|ies)", re.IGNORECASE)),
)
_SHORT = 6  # words of the longest heading of a part of a list
_PAGE_NUMBER = re.compile(r"(?:page\s*)?\d{1,3}", re.IGNORECASE)


def _columns(line: Line) -> dict[str, int] | None:
    """Where code, title and the other columns stand, if the line is a header; only code and title in a short one."""
    cells = [plain(cell) for cell in line.cells]
    at = next((at for at, cell in enumerate(cells[:2]) if _TITLE_HEADER.fullmatch(cell)), None)
    if at is None:
        return None
    # "Performance Measure or Activity" stands over the code, and the title's own header is blank.
    title = 1 if at == 1 or (len(cells) > 2 and not cells[1]) else 0
    columns = {"title": title} if title == 0 else {"code": 0, "title": 1}
    for place, cell in enumerate(cells[title + 1 :], start=title + 1):
        name = next((name for name, words in _COLUMN_HEADERS if words.fullmatch(cell)), "")
        if cell and (not name or name in columns):
            return None
        if cell:
            columns[name] = place
    return columns


def places(line: Line) -> dict[str, int]:
    """Where each column stands in a list's header; {} where it is not one with all its columns."""
    columns = _columns(line) or {}
    return columns if "service_plan" in columns else {}


def _only(line: Line, at: int) -> str:
    """The words of a line where all of them stand in one cell."""
    cells = [plain(cell) for cell in line.cells]
    return cells[at] if len(cells) > at and sum(map(bool, cells)) == 1 else ""


def _names_list(line: Line) -> bool:
    words = _only(line, 0)
    return bool(words) and not read_name(words).code and _columns(line) is None


def header(lines: Sequence[Line], at: int) -> int:
    """How many lines head a table of lists: its header, with the row that names the first list where that comes before.

    Headers further down the same table belong to its body, where they change the columns and not the list.
    """
    size = 2 if _names_list(lines[at]) and at + 1 < len(lines) else 1
    columns = _columns(lines[at + size - 1])
    if not columns or "service_plan" not in columns:
        return 0
    for line in reversed(lines[:at]):
        if "\t" not in line.text and not line.is_blank and not _PAGE_NUMBER.fullmatch(plain(line.text)):
            return size
        if "\t" in line.text and "service_plan" in (_columns(line) or {}):
            return 0
    return size


@dataclass
class _List:
    """One list while it is being read: its name, where it begins, its columns and the lines of its rows."""

    name: str
    first: int
    columns: dict[str, int]
    named: bool = False  # it begins with the row that names it
    lines: list[Line] = field(default_factory=list)
    breaks: set[int] = field(default_factory=set)


def parse(table: Table, context: Context) -> Parsed:
    """Every measure of each list; a table a list."""
    parsed = Parsed()
    for found in _lists(table, context, parsed):
        if found.lines:
            rows = tuple(_rows(found, table, context, parsed))
            span = (found.first, found.lines[-1].number)
            parsed.tables.append(ParsedTable("indicator", "", span, rows))
    return refused(table, parsed.errors, parsed.doubts) if parsed.errors else parsed


def _lists(table: Table, context: Context, parsed: Parsed) -> list[_List]:
    current = _List(
        name=_only(table.header[0], 0) if len(table.header) > 1 else "",
        first=table.header[0].number,
        columns=_columns(table.header[-1]) or {},
    )
    lists = [current]
    broken = False
    for line in table.body:
        broken = broken or line.number in table.breaks
        changed = _columns(line)
        if changed is not None:
            columns = changed if "service_plan" in changed else current.columns | changed
            if current.lines and columns != current.columns:
                current = _List(current.name, line.number, columns)
                lists.append(current)
            current.columns = columns
            broken = True
            parsed.outcomes.append(Outcome(line.number, "header"))
        elif _names_list(line):
            words = _only(line, 0)
            said = context.corrections.get((line.number, "section"))
            if said and not said.value:
                parsed.outcomes.append(Outcome(line.number, "not read", "a correction says that it names no list"))
                continue
            if said:
                words = said.value
            elif current.named and not current.lines and goes_on(current.name, words):
                current.name = join_words(current.name, words)
                parsed.outcomes.append(Outcome(line.number, "repaired", f"into line {current.first}"))
                continue
            if not said and (goes_on("", words) or (current.named and not current.lines)):
                says = f"“{words}” stands where a list's name would, but may go on from words before it."
                parsed.doubts.append(Doubt((line.number,), says, "section", (words,)))
            current = _List(words, line.number, current.columns, named=True)
            lists.append(current)
            parsed.outcomes.append(Outcome(line.number, "heading"))
        else:
            if broken and current.lines:
                current.breaks.add(line.number)
            current.lines.append(line)
            broken = False
    return lists


def _rows(found: _List, table: Table, context: Context, parsed: Parsed) -> Iterator[ListedRow]:
    names = tuple(name for name in found.columns if name not in ("code", "title"))
    layout = Layout(
        label=found.columns["title"],
        columns=names,
        at=tuple(found.columns[name] for name in names),
        field="title",
        width=len(table.header[-1].cells),
        tabs_cut=tabs_cut(table.header[-1], table.body),
        figures=False,
        code=found.columns.get("code"),
    )
    assembly = assemble(found.lines, found.breaks, layout, context)
    parsed.doubts += assembly.doubts
    parsed.errors += assembly.errors
    parsed.outcomes += assembly.outcomes
    parts = [row for row in assembly.rows if not row.coded and not row.filled]
    subsection = ""
    seen: dict[tuple[str, str], int] = {}
    for at, row in enumerate(assembly.rows):
        below = assembly.rows[at + 1] if at + 1 < len(assembly.rows) else None
        if not row.coded and not row.filled and _heads_part(row, below, parsed, usual=not at or len(parts) > 1):
            subsection = row.label
            parsed.outcomes += row.outcomes("heading")
            continue
        _ask(row, below, names, parsed)
        parsed.outcomes += row.outcomes("loaded")
        for listed in _measures(row, names, found.name, subsection, parsed):
            key = (listed.code, name_key(listed.title))
            if not key[1]:
                parsed.errors.append(Problem(tuple(row.lines), f"“{row.code}” has no title.", "title"))
            elif key in seen:
                lines = (seen[key], *row.lines)
                parsed.errors.append(Problem(lines, f"“{listed.title}” stands twice in this list.", "title"))
            seen[key] = row.main
            yield listed


def _heads_part(row: Entry, below: Entry | None, parsed: Parsed, *, usual: bool) -> bool:
    """Whether words on their own head a part of the list ("Early Years"): short, above rows, in a list of such parts."""
    if row.settled or row.doubted:
        return True
    short = len(row.label.split()) <= _SHORT and not titled_unit(row.label)
    heads = bool(below and (below.coded or below.filled)) and row.label[0].isalpha()
    if not (short and usual and heads):
        says = f"“{row.label}” stands alone: it may be a heading, a measure, or a part of the row above or below it."
        parsed.doubts.append(Doubt(tuple(row.lines), says, "title", (row.label,)))
    return short


def _ask(row: Entry, below: Entry | None, names: Sequence[str], parsed: Parsed) -> None:
    """What of a row its words alone do not settle."""
    if not row.filled and below and not below.coded and not row.settled and not row.doubted:
        says = f"“{row.label}” has no other cells: the row below it may be the rest of it."
        parsed.doubts.append(Doubt((*row.lines, *below.lines), says, "title", (row.label,)))
    for at, says in row.unsure.items():
        parsed.doubts.append(Doubt(tuple(row.lines), says, names[at], (row.cells[at],)))
        row.cells[at] = ""


def _measures(row: Entry, names: Sequence[str], section: str, subsection: str, parsed: Parsed) -> Iterator[ListedRow]:
    name = _name(row, parsed)
    cells = dict(zip(names, row.cells, strict=True))
    target = re.fullmatch(r"target (\d+)", name.code, re.IGNORECASE)
    titles, says = measures_in(name.title, several=bool(target) or not name.code)
    if says and not row.settled:
        parsed.doubts.append(Doubt(tuple(row.lines), says, "title", (name.title,)))
    printed = [("code", row.code), ("title", row.words(0))]
    printed += [(column, row.words(at)) for at, column in enumerate(names, start=1)]
    for title in titles:
        links = [cells.get("links", ""), *name.links]
        yield ListedRow(
            code=name.code,
            title=title,
            links="; ".join(dict.fromkeys(filter(None, links))),
            service_plan=cells.get("service_plan", ""),
            lead_or_support=cells.get("lead_or_support", ""),
            section=section,
            subsection=subsection,
            source=row.source((column, words) for column, words in printed if words),
        )


def _name(row: Entry, parsed: Parsed) -> Name:
    """Code and title, whether the code has a cell of its own or stands before the title."""
    name = read_name(f"{row.code} {row.label}" if row.code else row.label)
    if "code" in row.answers:
        return Name(row.answers["code"], name.title if name.code else row.label, name.links)
    own = read_name(row.code)
    says = name.says
    if row.code and (not own.code or own.title):
        name, says = Name("", row.label), f"“{row.code}” stands for a code, and is none that can be read."
    if says:
        parsed.doubts.append(Doubt(tuple(row.lines), says, "code", (row.code,) if row.code else ()))
    return name

"""Rows of words: which columns a table has, which line begins a row, and which goes on from the row above.

A published table of words breaks its rows over pages and lines. What a line is, its words say: a lower-case start, an
open bracket, a trailing "and" go on; a full stop ends. Where nothing says, nothing is joined and a doubt is raised.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from plans.documents import Context, Doubt, Line, Outcome, Problem, Repair, Source, Table, pieces, plain

# --- columns ---------------------------------------------------------------------------------------------------------


def columns(header: Sequence[Line], patterns: Mapping[str, str]) -> dict[str, int]:
    """Where each column stands, by the words of its header; {} unless all are there, once each, and none besides."""
    width = max(len(line.cells) for line in header)
    texts = [" ".join(plain(line.cells[at]) for line in header if at < len(line.cells)).strip() for at in range(width)]
    found: dict[str, int] = {}
    for at, text in enumerate(texts):
        names = [name for name, pattern in patterns.items() if re.search(pattern, text, re.IGNORECASE)]
        name = next((name for name in names if name not in found), "")
        if name:
            found[name] = at
        elif text:
            return {}
    return found if len(found) == len(patterns) else {}


def header_size(lines: Sequence[Line], at: int, patterns: Mapping[str, str], *, first: str) -> int:
    """How many lines from `at` name the columns: one, or two where the names are broken over them; else 0."""
    if "\t" not in lines[at].text or not re.search(first, plain(lines[at].cells[0]), re.IGNORECASE):
        return 0
    if columns(lines[at : at + 1], patterns):
        return 1
    two = lines[at : at + 2]
    if len(two) == 2 and "\t" in two[1].text and len(two[1].cells) == len(two[0].cells) and columns(two, patterns):
        return 2
    return 0


# --- what words say --------------------------------------------------------------------------------------------------

_JOINING = frozenset(
    re.findall(
        r"\w+",
        "a an and as at between by for from her his in including into its of on or our per such than that the their "
        "through to under using via where which who whose with within your",
    )
)
_MARK = re.compile(r"(?:\s|<[uo]l\b[^<>]*>|</[a-z]+>|<p\b[^<>]*>)*(?:<li\b[^<>]*>|[•◆●▪■\uf0b7])", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\s*<p\b", re.IGNORECASE)
_OPENING_TAGS = re.compile(r"^(?:\s|</?(?:p|ul|ol|div|br)\b[^<>]*>)+", re.IGNORECASE)
_CLOSING_TAGS = re.compile(r"(?:\s|</?(?:p|ul|ol|li|div|br)\b[^<>]*>)+$", re.IGNORECASE)


def hangs(words: str) -> bool:
    """Whether the words cannot be all: an open bracket, a trailing "and", dash or stroke."""
    if not words:
        return False
    last = words.split()[-1]
    return words.count("(") > words.count(")") or last in _JOINING or last[-1] in "-–—/&"


def ended(words: str) -> bool:
    """Whether the words come to a full stop."""
    return bool(re.search(r"[.!?][)\"'”’]*$", words))


def begins_low(words: str) -> bool:
    """Whether the words go on from others: a lower-case start (no "b)", "eCAF", "e-learning"), a comma, "12:"."""
    return bool(re.match(r"[,;)&]|\d{1,2}:\s|(?![a-z]{1,3}[.)](?:\s|$))(?![a-z]+[A-Z])(?![a-z]-)[a-z]", words))


def name_goes_on(words: str) -> bool:
    """Whether a row's name goes on from other words: as sentences do, or with a dash."""
    return begins_low(words) or bool(re.match(r"[-–—]\s", words))


def joined(above: str, below: str) -> tuple[str, bool]:
    """One cell of two, and whether it is open if the second begins a paragraph of its own.

    A bullet begins a piece of its own; words that go on are put into the last piece; a paragraph with a capital is one
    of its own only after a full stop or a colon.
    """
    first, second = plain(above), plain(below)
    if not first or not second:
        return (below if second else above), False
    if _MARK.match(below):
        return f"{above} {below}", False
    if _PARAGRAPH.match(below) and not begins_low(second) and not hangs(first):
        return f"{above} {below}", not (ended(first) or first.endswith(":"))
    return glued(above, below), False


def glued(above: str, below: str) -> str:
    """The first piece of `below` put into the last of `above`."""
    return f"{_CLOSING_TAGS.sub('', above)} {_OPENING_TAGS.sub('', below)}"


# --- lines and rows --------------------------------------------------------------------------------------------------

DECLARED = "declared correction"


@dataclass
class Printed:
    """A line of a table's body by column, tags and all; `answers` are the declared corrections of its cells."""

    number: int
    cells: dict[str, str]
    broken: bool  # it comes first after a page break
    answers: dict[str, str] = field(default_factory=dict)
    before: tuple[int, ...] = ()  # lines above that hold its first words
    repairs: tuple[Repair, ...] = ()

    def words(self, column: str) -> str:
        return plain(self.cells.get(column, ""))

    @property
    def filled(self) -> list[str]:
        return [name for name in self.cells if self.words(name)]

    @property
    def numbers(self) -> tuple[int, ...]:
        return (*self.before, self.number)


def merged(first: Printed, second: Printed) -> Printed:
    """The line with its first words, which stand on a line of their own above it."""
    cells = dict(second.cells)
    repairs = [*first.repairs, *second.repairs]
    for column in first.filled:
        cells[column] = joined(first.cells[column], second.cells[column])[0]
        was = " | ".join(words for words in (first.words(column), second.words(column)) if words)
        lines = (*first.numbers, second.number)
        repairs.append(Repair("first words on a line of their own", lines, was, plain(cells[column]), column))
    return Printed(second.number, cells, first.broken, second.answers, first.numbers, tuple(repairs))


@dataclass
class Entry:
    """A row as it is put together from one line or more: as printed, and as read."""

    line: int
    lines: list[int]
    repairs: list[Repair]
    printed: dict[str, str]
    cells: dict[str, str]

    def words(self, column: str) -> str:
        return plain(self.cells.get(column, ""))

    def correct(self, line: int, column: str, value: str) -> None:
        self.repairs.append(Repair(DECLARED, (line,), self.words(column), plain(value), column))
        self.cells[column] = value

    def source(self, lent: "Entry | None" = None, column: str = "") -> Source:
        """Where the row stands; `lent` is the row that it has a `column` from."""
        lines, repairs = {*self.lines}, list(self.repairs)
        if lent is not None and lent is not self:
            shared = [repair for repair in lent.repairs if repair.column == column]
            lines |= {lent.line, *(line for repair in shared for line in repair.lines)}
            repairs = [*shared, *repairs]
        return Source(
            tuple(sorted(lines)), tuple(repairs), tuple((name, plain(cell)) for name, cell in self.printed.items())
        )


@dataclass
class Rows:
    """A table's rows as they are put together, with what became of each of its lines."""

    table: Table
    context: Context
    lines: list[Printed] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    became: dict[int, tuple[str, str]] = field(default_factory=dict)
    used: set[tuple[int, str]] = field(default_factory=set)  # the corrections put in

    def outcomes(self) -> list[Outcome]:
        return [Outcome(line.number, *self.became[line.number]) for line in self.table.body]

    def note(self, line: Printed, outcome: str, why: str = "") -> None:
        self.became.update(dict.fromkeys(line.numbers, (outcome, why)))

    def refuse(self, line: Printed, says: str, column: str = "") -> None:
        self.note(line, "not read", says)
        self.errors.append(Problem(line.numbers, says, column))

    def doubt(self, lines: Iterable[int], says: str, column: str, choices: Iterable[str] = ()) -> None:
        self.doubts.append(Doubt(tuple(lines), says, column, tuple(dict.fromkeys(choices))))

    def answer(self, line: Printed, column: str, choices: Iterable[str]) -> str | None:
        """The declared answer to a doubt, where it is one of the choices."""
        correction = self.context.corrections.get((line.number, column))
        if correction is None or correction.value not in choices:
            return None
        self.used.add((line.number, column))
        line.answers.pop(column, None)
        return correction.value

    def begin(self, line: Printed, **under: str) -> Entry:
        """A row of its own; `under` are columns that it has from the headings above it."""
        entry = Entry(line.number, list(line.numbers), list(line.repairs), dict(line.cells), {**under, **line.cells})
        for column, value in line.answers.items():
            entry.correct(line.number, column, value)
            self.used.add((line.number, column))
        self.entries.append(entry)
        self.note(line, "repaired", f"into line {line.number}")
        self.became[line.number] = ("loaded", "")
        return entry

    def go_on(self, line: Printed, entry: Entry, *, owners: Mapping[str, Entry] | None = None) -> None:
        """Put each cell of a line into the row it goes on from; `owners` are other rows' for some columns."""
        rule = "row goes on after a page break" if line.broken else "row goes on in the next line"
        for column in line.cells:
            if not line.words(column) and column not in line.answers:
                continue
            row = (owners or {}).get(column, entry)
            above, below = row.cells[column], line.cells[column]
            choices = _alone_or_whole(above, below)
            answer = self.answer(line, column, choices)
            row.printed[column] = joined(row.printed[column], below)[0]
            row.lines += line.numbers
            if column in line.answers:
                below = line.answers[column]
                row.repairs.append(Repair(DECLARED, (line.number,), line.words(column), plain(below), column))
                self.used.add((line.number, column))
            row.cells[column], unsure = joined(above, below)
            if unsure and answer == choices[1]:
                row.cells[column] = glued(above, below)
            elif unsure and answer is None:
                says = f"“{choices[0][:60]}” may go on from the words above it, or be a paragraph of its own."
                self.doubt((row.line, line.number), says, column, choices)
            was = " | ".join(words for words in (plain(above), plain(below)) if words)
            row.repairs.append(Repair(rule, (row.line, line.number), was, row.words(column), column))
        entry.repairs += line.repairs
        self.note(line, "repaired", f"into line {entry.line}")


def _alone_or_whole(above: str, below: str) -> tuple[str, str]:
    """A paragraph's words, and the same with the last piece above it: the answers to whether it is one of its own."""
    first = pieces(below)[0] if pieces(below) else ""
    last = pieces(above)[-1] if pieces(above) else ""
    return first, f"{last} {first}"


def lay_out(table: Table, context: Context, places: Mapping[str, int]) -> Rows:
    """The body by column. Blank cells at a line's end may be missing; a line with too many is refused."""
    rows = Rows(table, context)
    width = max(places.values()) + 1
    for line in table.body:
        cells = list(line.cells)
        if any(plain(cell) for cell in cells[width:]):
            says = f"The row has {len(cells)} cells where the header has {width}: which is whose is not known."
            rows.refuse(Printed(line.number, {}, broken=False), says)
            continue
        cells += [""] * (width - len(cells))
        printed = Printed(line.number, {name: cells[at] for name, at in places.items()}, line.number in table.breaks)
        for name in places:
            correction = context.corrections.get((line.number, name))
            if correction and correction.was == printed.words(name):
                printed.answers[name] = correction.value
        rows.lines.append(printed)
    return rows


def put_in_corrections(rows: Rows) -> None:
    """Put in corrections of cells that stand on several lines; refuse one that expects other words than are printed."""
    by_line = {line: entry for entry in reversed(rows.entries) for line in entry.lines}
    for (number, column), correction in rows.context.corrections.items():
        if (number, column) in rows.used or number not in rows.became:
            continue
        entry = by_line.get(number)
        if column == "unit" and not (entry and column in entry.cells):
            continue  # the name above the table, which is resolved with those of all tables
        was = entry.words(column) if entry else ""
        if entry and column in entry.cells and correction.was == was:
            entry.correct(number, column, correction.value)
        else:
            says = f"A correction expects “{correction.was}” here but the document prints “{was}”."
            rows.errors.append(Problem((number,), says, column))


# --- what a line is --------------------------------------------------------------------------------------------------

Verdict = Literal["own", "goes on", "doubt"]
Alone = Literal["heading", "goes on", "first words", "doubt"]


def row_or_more(
    line: Printed,
    above: Entry,
    *,
    key: str,
    above_key: str,
    text: str,
    whole: bool,
    more: bool = False,
) -> Verdict:
    """Whether a line with a name of its own begins a row or goes on from the row above.

    `key` is the column that names a row, `above_key` the name above, `text` a column of sentences; `whole`: the line
    has what a row of its own would have; `more`: another cell surely goes on. Lines of one page are rows, so there
    only a line that is not whole goes on.
    """
    name = line.words(key)
    low, stopped = name_goes_on(name), ended(above_key)
    if not line.broken:
        return ("doubt" if whole else "goes on") if (low and not stopped) or (hangs(above_key) and not whole) else "own"
    if (low and not stopped) or hangs(above_key):
        return "goes on"
    words, words_above = line.words(text), above.words(text)
    strong = more or bool(words and hangs(words_above))
    weak = bool(words_above and begins_low(words) and not ended(words_above))
    if stopped:
        return "doubt" if strong or low else "own" if whole else "doubt"
    if strong or (weak and not whole):
        return "goes on"
    return "doubt" if weak or not whole or above_key[-1:] == "," else "own"


def words_alone(
    line: Printed, above: Entry | None, below: Printed | None, *, key: str, above_key: str, heading: bool
) -> Alone:
    """What a line is that holds nothing but words in its first column; `heading`: they are a heading's words."""
    name, below_name = line.words(key), below.words(key) if below else ""
    goes_on = above is not None and (hangs(above_key) or (name_goes_on(name) and not ended(above_key)))
    first_words = below is not None and (hangs(name) or name_goes_on(below_name))
    if heading:
        return "doubt" if goes_on or first_words else "heading"
    if goes_on:
        return "goes on"
    if first_words:
        return "first words"
    # Words alone above a row without a name are its name, unless a page break lets them go on from the row above.
    nameless = below is not None and not below_name and len(below.filled) > 1
    return "first words" if nameless and not (line.broken and above and not ended(above_key)) else "doubt"

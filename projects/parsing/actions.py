"""Key actions: one row a deliverable, with its action, who answers for it, what it serves and when it is due.

Two tables print them: a unit's (with managers and target dates) and a directorate's (with sections and the relevant
plan, without dates).
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from plans.documents import Context, Kind, Line, Parsed, ParsedTable, Problem, Source, Table, plain
from plans.parsing import are_references, is_person, split_links, split_people
from plans.parsing.rows import (
    DECLARED,
    Entry,
    Printed,
    Rows,
    begins_low,
    columns,
    ended,
    hangs,
    header_size,
    lay_out,
    merged,
    put_in_corrections,
    row_or_more,
    words_alone,
)
from projects.parsing.dates import Dates, Due, read_cell, read_declared
from projects.parsing.deliverables import with_dates

_UNIT_COLUMNS = {
    "action": r"key\s+action",
    "managers": r"\bmanager|\blead officer|responsible",
    "links": r"\blinks?\b",
    "deliverable": r"deliverable|outcome",
    "due": r"\bdates?\b",
}
_DIRECTORATE_COLUMNS = {
    "action": r"key\s+action",
    "relevant_plan": r"relevant\s+plan",
    "deliverable": r"deliverable|outcome",
    "links": r"\blinks?\b",
}
_FIRST = r"key|project"


def _unit_header(lines: Sequence[Line], at: int) -> int:
    return header_size(lines, at, _UNIT_COLUMNS, first=_FIRST)


def _directorate_header(lines: Sequence[Line], at: int) -> int:
    return header_size(lines, at, _DIRECTORATE_COLUMNS, first=_FIRST)


ACTIONS_OF_A_UNIT = Kind("action", _unit_header, unit="heading")
ACTIONS_OF_A_DIRECTORATE = Kind("action", _directorate_header)


@dataclass(frozen=True, slots=True)
class Action:
    """One deliverable of a key action; rows of one action share `action_line`, the line on which its words begin."""

    section: str
    relevant_plan: str
    action: str
    managers: str
    links: str
    deliverable: str
    due: str
    due_precision: str
    due_printed: str
    action_line: int
    source: Source


def places(header: Sequence[Line]) -> dict[str, int]:
    """Where each column stands, by its printed header."""
    return columns(header, _UNIT_COLUMNS) or columns(header, _DIRECTORATE_COLUMNS)


def parse(table: Table, context: Context) -> Parsed:
    """The actions of one table, a row a deliverable, in printed order."""
    found = places(table.header)
    rows = lay_out(table, context, found)
    reader = _Reader(rows, dated="due" in found)
    reader.read()
    put_in_corrections(rows)
    actions = [action for entry in rows.entries for action in reader.actions(entry)]
    parsed = ParsedTable("action", table.unit, (table.first, table.last), tuple(actions))
    return Parsed([parsed], rows.doubts, rows.errors, rows.outcomes())


# A heading marked as one, and the words of a heading: a scheme alone, "… Targets", "… Projects".
_MARKED = re.compile(r"\s*<(?:u|b|strong|i|em)>.*</(?:u|b|strong|i|em)>\s*", re.IGNORECASE)
_HEADING = re.compile(
    r"T20\d\d|CYPP|LAA|V4K|Towards 20\d\d|Vision for Kent|Local Area Agreement|"
    r"Children and Young People['’]?s['’]? Plan|"
    r"(?:[A-Z]\S*\s+){1,4}(?:Targets|Projects|Priorities|Developments|Actions|Requirements|Initiatives|Plans?)|"
    r"The \w+ (?:also )?contributes to the following\b.*",
)


@dataclass
class _Reader:
    """Reads a table's lines from top to bottom; `leaders` is, for each row, the row that bears its action's words."""

    rows: Rows
    dated: bool
    section: str = ""
    leaders: dict[int, Entry] = field(default_factory=dict)
    above: Entry | None = None
    pending: Printed | None = None

    def read(self) -> None:
        for at, line in enumerate(self.rows.lines):
            below = self.rows.lines[at + 1 :]
            if self.pending:
                line, self.pending = merged(self.pending, line), None
            if not line.filled:
                self.rows.note(line, "blank")
            elif line.filled == ["action"] and not line.answers.keys() - {"action"}:
                self._words_alone(line, below)
            elif line.words("action") or "action" in line.answers:
                self._named(line)
            else:
                self._unnamed(line)

    # --- lines with an action's words ---

    def _words_alone(self, line: Printed, rest: Sequence[Printed]) -> None:
        name = line.words("action")
        above_name = self._leader(self.above).words("action") if self.above else ""
        below = rest[0] if rest else None
        heading = bool(_HEADING.fullmatch(name))
        what = words_alone(line, self.above, below, key="action", above_key=above_name, heading=heading)
        starts_anew = not (self.above and line.broken) and below and re.match(r"TARGET \d", below.words("action"))
        if _MARKED.fullmatch(line.cells["action"]) or (what == "doubt" and starts_anew):
            what = "heading"
        section = self.rows.context.corrections.get((line.number, "section"))
        if section:
            self.rows.used.add((line.number, "section"))
            what, name = ("heading", section.value) if section.value else ("first words", name)
        elif self.above and self.rows.answer(line, "action", (f"{above_name} {name}",)):
            what = "goes on"
        if what == "heading":
            self.section, self.above = name, None
            self.rows.note(line, "heading")
        elif what == "goes on" and self.above:
            self._go_on(line, self.above)
        elif what == "first words" and below:
            self.pending = line
        else:
            self._ask_whether_heading(line, rest)

    def _ask_whether_heading(self, line: Printed, rest: Sequence[Printed]) -> None:
        """Words alone that may be a heading: the section of the rows below is left empty, and all of them are asked."""
        says = f"“{line.words('action')}” may be a heading, or words of the action above or below it."
        under = list(itertools.takewhile(lambda below: below.filled != ["action"], rest))
        asked = [below.number for below in (under if self.section else under[:1])]
        above = [self.above.line] if self.above and not ended(self._leader(self.above).words("action")) else []
        self.rows.note(line, "not read", says)
        self.rows.doubt((*above, *line.numbers, *asked), says, "section", (line.words("action"),))
        self.section = ""

    def _named(self, line: Printed) -> None:
        above = self.above
        if above is None:
            self._begin(line)
            return
        name, above_name = line.words("action"), self._leader(above).words("action")
        whole = bool(line.words("deliverable") and line.words("managers" if self.dated else "relevant_plan"))
        verdict = row_or_more(
            line,
            above,
            key="action",
            above_key=above_name,
            text="deliverable",
            whole=whole,
            more=self._a_cell_goes_on(line, above),
        )
        choices = (name, f"{above_name} {name}")
        answer = self.rows.answer(line, "action", choices) if name else None
        if answer or "action" in line.answers:
            verdict = "goes on" if answer == choices[1] else "own"
        if not name and line.answers.get("action") == above_name:
            self._further(line, above)
        elif verdict == "goes on":
            self._go_on(line, above)
        else:
            if verdict == "doubt":
                says = f"“{name[:60]}” may begin an action, or go on from “…{above_name[-60:]}”."
                self.rows.doubt((above.line, line.number), says, "action", choices)
            self._begin(line)

    # --- lines without ---

    def _unnamed(self, line: Printed) -> None:
        above = self.above
        if above is None:
            self.rows.refuse(line, "The row has no action and stands under none.", "action")
            return
        verdict = self._further_or_more(line, above)
        choices = (line.words("deliverable"), f"{above.words('deliverable')} {line.words('deliverable')}")
        answer = self.rows.answer(line, "deliverable", choices) if verdict == "doubt" else None
        if answer:
            verdict = "further" if answer == choices[0] else "goes on"
        if verdict == "goes on":
            self._go_on(line, above)
            return
        if verdict == "doubt":
            says = "The row without an action may be a deliverable of its own, or go on from the row above."
            self.rows.doubt((above.line, line.number), says, "deliverable", choices)
        self._further(line, above)
        if self.dated and not line.words("due") and "due" not in line.answers and above.words("due"):
            says = f"No date stands beside the deliverable; the one above it is “{above.words('due')}”."
            self.rows.doubt((line.number,), says, "due", (above.words("due"),))

    def _further_or_more(self, line: Printed, above: Entry) -> str:
        """Whether a row without an action is a further deliverable of the one above, or goes on from the row above."""
        filled = [column for column in line.filled if column != "action"]
        text, text_above = line.words("deliverable"), above.words("deliverable")
        if not text:
            return "goes on" if line.broken or len(filled) == 1 or "due" not in filled else "doubt"
        own = bool(line.words("due" if self.dated else "relevant_plan"))
        if not own and not self.dated:
            return "goes on"
        more = hangs(text_above) or self._a_cell_goes_on(line, above)
        low = begins_low(text) and not ended(text_above)
        if not line.broken:
            return "doubt" if own and more else "goes on" if not own and (more or low) else "further"
        if more or low or filled == ["deliverable"]:
            return "goes on"
        served = any(line.words(column) for column in ("managers", "links"))
        whole = (ended(text_above) and served) or self._has_its_own(line)
        return "further" if self.dated and own and whole else "doubt"

    def _has_its_own(self, line: Printed) -> bool:
        """Whether the managers and the links of a line are whole: people by name, and references known."""
        people, links = split_people(line.cells["managers"]), line.words("links")
        return bool(people) and all(map(is_person, people)) and (not links or are_references(links))

    def _a_cell_goes_on(self, line: Printed, above: Entry) -> bool:
        """Whether a cell other than the texts goes on from the one above: a name after a stroke, a date's year."""
        others = [column for column in ("managers", "relevant_plan", "links", "due") if line.words(column)]
        nameless = [] if line.words("action") else ["links"]
        if any(hangs(above.words(column)) for column in others):
            return True
        if any(begins_low(line.words(column)) for column in ("managers", "relevant_plan", *nameless)):
            return True
        torn, whole = above.words("due"), f"{above.words('due')} {line.words('due')}"
        year = self.rows.context.year
        return bool(torn and line.words("due")) and not read_cell(torn, year).is_read and read_cell(whole, year).is_read

    # --- rows ---

    def _leader(self, entry: Entry) -> Entry:
        return self.leaders.get(id(entry), entry)

    def _begin(self, line: Printed) -> None:
        self.above = self.rows.begin(line, section=self.section)

    def _further(self, line: Printed, above: Entry) -> None:
        leader = self._leader(above)
        line.answers.pop("action", None)
        self.above = self.rows.begin(line, section=self.section)
        self.leaders[id(self.above)] = leader

    def _go_on(self, line: Printed, above: Entry) -> None:
        self.rows.go_on(line, above, owners={"action": self._leader(above)})

    def actions(self, entry: Entry) -> list[Action]:
        """The rows of one printed row: one a deliverable."""
        leader = self._leader(entry)
        dates, declared = self._dates(entry)
        paired = with_dates(entry.cells["deliverable"], dates)
        if declared and dates.dates and any(due == dates.unpaired for _, due in paired):
            says = f"A correction gives {len(dates.dates)} dates for {len(paired)} deliverables."
            self.rows.errors.append(Problem((entry.line,), says, "due"))
        self._ask_about_dates(entry, [due for _, due in paired])
        links = "; ".join(split_links(entry.cells["links"]))
        source = entry.source(leader, "action")
        return [
            Action(
                section=entry.words("section"),
                relevant_plan=entry.words("relevant_plan"),
                action=leader.words("action"),
                managers="; ".join(split_people(entry.cells.get("managers", ""))),
                links=links,
                deliverable=deliverable,
                due=due.due,
                due_precision=due.precision,
                due_printed=plain(entry.printed["due"]) if declared else due.printed,
                action_line=min(leader.lines),
                source=source,
            )
            for deliverable, due in paired
        ]

    def _dates(self, entry: Entry) -> tuple[Dates, bool]:
        """The dates of a row, and whether they are declared."""
        if not self.dated:
            return Dates((), certain=True, printed=""), False
        if any(repair.rule == DECLARED and repair.column == "due" for repair in entry.repairs):
            return read_declared(entry.cells["due"], self.rows.context.year), True
        return read_cell(entry.cells["due"], self.rows.context.year), False

    def _ask_about_dates(self, entry: Entry, dues: Sequence[Due]) -> None:
        lines = sorted(set(entry.lines))
        declared = {repair.column for repair in entry.repairs if repair.rule == DECLARED}
        damaged = next((due for due in dues if due.damaged), None)
        if damaged:
            self.rows.doubt(lines, f"The date “{damaged.printed}” is damaged. {damaged.damaged}", "due")
        links = not self.dated and not entry.words("links") and are_references(entry.words("deliverable"))
        if links and "deliverable" not in declared:
            self.rows.doubt(lines, f"Links stand where none belong: “{entry.words('deliverable')}”.", "deliverable")
        if not self.dated or entry.words("due"):
            return
        for column in ("managers", "links", "deliverable"):
            dates = read_cell(entry.cells[column], self.rows.context.year)
            if dates.is_read and column not in declared:
                self.rows.doubt(lines, f"A date stands where none belongs: “{entry.words(column)}”.", column)


def named_target(action: str, *, links: str, section: str) -> str:
    """The corporate target that an action headed "TARGET 12:" is, of the scheme that its links or section name."""
    target = re.match(r"TARGET (\d{1,2})\b", action)
    scheme = re.search(r"\bT20\d\d\b", f"{links} {section}")
    return f"{scheme[0]} Target {target[1]}" if target and scheme else ""


_DUE = re.compile(r"|\d{4}-\d\d(?:-\d\d)?(?:/\d{4}-\d\d(?:-\d\d)?)?")


def rows_of_one_action(rows: Sequence[Action]) -> list[Action]:
    """Rows of a sheet with the action they belong to: those below each other with the same words are one action's."""
    found: list[Action] = []
    for row in rows:
        if not _DUE.fullmatch(row.due):
            raise ValueError(
                f"due “{row.due}” on row {row.source.lines[0]} must be as 2010-03, 2010-03-31 or 2009-04/2010-03."
            )
        above = found[-1] if found else None
        same = above and (above.section, above.action) == (row.section, row.action)
        found.append(replace(row, action_line=above.action_line if above and same else row.source.lines[0]))
    return found

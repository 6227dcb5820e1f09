"""Lines put together into rows: words and figures that a page break or a line's end has parted.

A row's label stands in one column (in lists beside its code) and what it says in others. What position and signs
prove is joined, and recorded; where there is no sign either way nothing is joined and a doubt shows both lines.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from indicators.parsing.entries import Entry, Layout, is_coded
from indicators.parsing.labels import (
    cut_off,
    goes_on,
    has_measure_words,
    is_group,
    is_section,
    join_words,
    may_be_group,
    read_name,
    same_name,
    unfinished,
)
from indicators.parsing.values import read_cell
from plans.amounts import MINUSES
from plans.documents import Context, Doubt, Line, Outcome, Problem, Repair
from plans.names import name_key

_LONE_MINUS = re.compile(rf"[{MINUSES}]")
_UNSIGNED = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


@dataclass(slots=True)
class Assembly:
    """Rows put together, and what could not be."""

    rows: list[Entry] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


class _Relation(Enum):
    """How a cell stands to the one above it."""

    BLANK = auto()
    FILLS = auto()  # nothing stands above it
    GOES_ON = auto()  # it can only be the rest of the one above
    COULD = auto()  # words after words
    APART = auto()


def assemble(lines: Iterable[Line], breaks: Iterable[int], layout: Layout, context: Context) -> Assembly:
    """Put the lines of one table together, in order."""
    assembly = Assembly()
    entries: list[Entry] = []
    breaks = frozenset(breaks)
    for line in lines:
        entry = layout.entry(line, after_break=line.number in breaks, context=context)
        if isinstance(entry, Problem):
            assembly.errors.append(entry)
            assembly.outcomes.append(Outcome(line.number, "not read", entry.says))
        else:
            entries.append(entry)
    _Assembler(layout, entries, assembly).run()
    return assembly


class _Assembler:
    def __init__(self, layout: Layout, entries: Sequence[Entry], assembly: Assembly) -> None:
        self.layout = layout
        self.entries = entries
        self.assembly = assembly
        self.rows = assembly.rows
        self.times = Counter(name_key(entry.label) for entry in entries if entry.filled and not entry.coded)
        self.emptied: list[Entry] = []  # lines whose label a correction has moved to the next

    def run(self) -> None:
        for at, entry in enumerate(self.entries):
            if entry.settled and not entry.label and not entry.filled:
                self.emptied.append(entry)
            elif not entry.label and not entry.code:
                self._figures_alone(entry, at)
            elif self.rows and self._belongs_to(self.rows[-1], entry, at):
                self._join(self.rows[-1], entry)
            else:
                self._append(entry)
        for row in self.rows:
            if cut_off(row.label) and not row.settled and not row.doubted:
                self._doubt(row, f"“{row.label}” seems to lack its end.", (row.label,))
        self.assembly.outcomes += [
            Outcome(emptied.main, "not read", "a correction has moved its words") for emptied in self.emptied
        ]

    def _append(self, entry: Entry) -> None:
        if not self.rows and not entry.coded and not entry.settled and goes_on("", entry.label):
            says = f"“{entry.label}” seems to go on from words that do not stand in this table."
            self._doubt(entry, says, (entry.label,))
        if entry.parted and entry.coded and not entry.filled and not entry.settled:
            says = f"The line of “{entry.label}” has more or fewer cells than the others: a tab may be lost."
            self._doubt(entry, says, (entry.label,))
        for emptied in self.emptied:
            entry.lines = emptied.lines + entry.lines
            entry.repairs = emptied.repairs + entry.repairs
        self.emptied = []
        self.rows.append(entry)

    def _doubt(self, entry: Entry, says: str, choices: tuple[str, ...], *others: Entry) -> None:
        entry.doubted = True
        lines = (*entry.lines, *(line for other in others for line in other.lines))
        self.assembly.doubts.append(Doubt(lines, says, self.layout.field, choices))

    # --- labels ------------------------------------------------------------------------------------------------------

    def _belongs_to(self, above: Entry, entry: Entry, at: int) -> bool:
        """Whether a line with a label is the rest of the row above it; a doubt is recorded where nothing says."""
        if entry.settled:
            together = same_name(entry.label, join_words(above.label, entry.printed[0][0]))
            return together and not (above.filled and entry.filled)
        if above.settled:
            return not entry.filled and name_key(above.label).endswith(f" {name_key(entry.label)}")
        if self._completes_code(above, entry):
            return True
        if entry.coded or not entry.label:
            return False
        relations = {_relation(*pair) for pair in zip(above.cells, entry.cells, strict=True)}
        mixed = is_group(above.label) and has_measure_words(entry.label)
        sign = goes_on(above.label, entry.label) and not mixed
        joined = join_words(above.label, entry.label)
        named = self._is_name_elsewhere(joined, above, entry)
        if _Relation.APART in relations:
            unlike = sign and entry.after_break
            certain = False
        elif not entry.filled:
            certain = named or (sign and (entry.after_break or unfinished(above.label) or not above.filled))
            unlike = (sign or mixed or entry.after_break) and not is_section(entry.label) and not self._slid_down(at)
        elif not above.filled:  # first words above their figures, or a heading: the table's own parser tells
            certain = sign or named
            unlike = False
        else:
            goes = _Relation.GOES_ON in relations and not relations & {_Relation.FILLS, _Relation.COULD}
            certain = goes or (sign and (entry.after_break or unfinished(above.label)))
            unlike = sign or entry.after_break
        if not certain and unlike:
            place = "stands after a page break, and " if entry.after_break else ""
            says = f"“{entry.label}” {place}may go on from “{above.label}” or be a line of its own."
            self._doubt(entry, says, (joined, entry.label), above)
        return certain

    def _completes_code(self, above: Entry, entry: Entry) -> bool:
        """Whether a line is the rest of one that breaks off within its code ("NI", "73") or directly behind it."""
        if entry.code:
            return bool(above.code) and not is_coded(above.code) and is_coded(f"{above.code} {entry.code}")
        if above.code:
            return not above.label and bool(entry.label)
        breaks_off = above.coded and not read_name(above.label).title and not entry.coded and bool(entry.label)
        group = is_group(entry.label) or self.times[name_key(entry.label)] > 1
        return breaks_off and not group and not (above.filled and entry.filled)

    def _is_name_elsewhere(self, joined: str, above: Entry, entry: Entry) -> bool:
        """Whether two lines together are a name that other rows of the table have, and neither of them is one alone."""
        once = (self.times[name_key(part.label)] <= int(part.filled) for part in (above, entry))
        return not above.coded and self.times[name_key(joined)] > 0 and all(once)

    def _slid_down(self, at: int) -> bool:
        """Whether the figures of a label without any stand on the line below it, without a label."""
        return at + 1 < len(self.entries) and not self.entries[at + 1].label and self.layout.figures

    def _join(self, row: Entry, entry: Entry) -> None:
        rule = "continued on the next line"
        if entry.after_break:
            rule = "continued after page break"
        elif entry.filled and not row.filled and entry.label:
            rule = "first words on the line above"
        elif not entry.label:
            rule = "figures on the line below"
        lines = (row.lines[-1], entry.main)
        if not row.filled and entry.filled and entry.label:
            row.main = entry.main
        if entry.settled:
            row.label = entry.label
        elif entry.label and not row.settled:
            now = join_words(row.label, entry.label)
            row.repairs.append(Repair(rule, lines, f"{row.label} | {entry.label}", now, self.layout.field))
            row.label = now
        for at, (was, more) in enumerate(zip(row.cells, entry.cells, strict=True)):
            if more:
                row.cells[at] = _join_cells(was, more)
                printed = f"{was} | {more}" if was else more
                row.repairs.append(Repair(rule, lines, printed, row.cells[at], self.layout.columns[at]))
        row.code = join_words(row.code, entry.code)
        row.coded = row.coded or entry.coded or is_coded(row.label)
        row.lines += entry.lines
        row.repairs += entry.repairs
        row.answers |= entry.answers
        row.unsure |= entry.unsure
        for words, more_words in zip(row.printed, entry.printed, strict=True):
            words += more_words

    # --- figures without a label -------------------------------------------------------------------------------------

    def _figures_alone(self, entry: Entry, at: int) -> None:
        above = self.rows[-1] if self.rows else None
        below = self.entries[at + 1] if at + 1 < len(self.entries) else None
        columns = [column for column, cell in enumerate(entry.cells) if cell]
        if all(_LONE_MINUS.fullmatch(entry.cells[column]) for column in columns):
            self._lone_minus(entry, columns, above, below)
            return
        waiting = below if below and below.label and not any(below.cells[column] for column in columns) else None
        if waiting and (self._heads(at + 1) or (above and goes_on(above.label, waiting.label) and not waiting.coded)):
            waiting = None
        if above:
            relations = {_relation(*pair) for pair in zip(above.cells, entry.cells, strict=True)}
            fills = _Relation.FILLS in relations
            unlike = bool(relations & {_Relation.APART, _Relation.COULD}) or (fills and self._is_heading(above, below))
            if not unlike and not (fills and waiting) and not above.doubted:
                self._join(above, entry)
                return
            if _Relation.APART not in relations and entry.after_break:
                says = f"“{entry.cells[columns[0]]}” after a page break may go on from it."
                above.unsure |= dict.fromkeys(columns, says)
                self._join(above, entry)
                return
        after = self.entries[at + 2] if at + 2 < len(self.entries) else None
        lone = bool(waiting and not waiting.filled and self.layout.figures and (not after or after.label))
        if waiting and lone and not (above and not above.filled):
            lines = (entry.main, waiting.main)
            for column in columns:
                now = waiting.cells[column] = entry.cells[column]
                waiting.repairs.append(
                    Repair("figures on the line above", lines, now, now, self.layout.columns[column])
                )
            waiting.lines = entry.lines + waiting.lines
            for words, more in zip(waiting.printed, entry.printed, strict=True):
                words[:0] = more
            return
        self._refuse(
            entry,
            f"“{entry.cells[columns[0]]}” stands on a line without a label, and may be of the row above or below it.",
        )

    def _is_heading(self, above: Entry, below: Entry | None) -> bool:
        """Whether the row above is a heading as it stands, so that cells without a label are another row's."""
        if above.filled:
            return False
        if not self.layout.figures:
            return not above.coded
        groups = bool(below and below.label and not below.coded and may_be_group(below.label))
        return groups and (above.coded or not may_be_group(above.label))

    def _heads(self, at: int) -> bool:
        """Whether a label without figures has the look of a heading of groups: a measure's, over a group's."""
        label = self.entries[at]
        if label.filled or not (label.coded or not may_be_group(label.label)):
            return False
        below = next((entry for entry in self.entries[at + 1 :] if entry.filled or entry.coded), None)
        return bool(below and not below.coded and below.label and may_be_group(below.label))

    def _lone_minus(self, entry: Entry, columns: Sequence[int], above: Entry | None, below: Entry | None) -> None:
        """A minus on a line of its own is the only unsigned figure's above or below it; a percentage hardly has one."""
        for column in columns:
            near = [row for row in (above, below) if row and _UNSIGNED.fullmatch(row.cells[column].rstrip("% "))]
            if not near:
                self._refuse(entry, "A minus stands alone, and no figure above or below it can be its own.")
                return
            for row in near:
                was = row.cells[column]
                if len(near) == 1 and "%" not in was:
                    row.cells[column] = f"-{was}"
                    rule = "minus on a line of its own"
                    lines = (entry.main, row.main)
                    row.repairs.append(Repair(rule, lines, f"- | {was}", f"-{was}", self.layout.columns[column]))
                else:
                    row.unsure[column] = f"A minus stands alone on line {entry.main}, and may be this figure's."
        row.lines = sorted(row.lines + entry.lines)

    def _refuse(self, entry: Entry, says: str) -> None:
        self.assembly.errors.append(Problem(tuple(entry.lines), says, self.layout.field))
        self.assembly.outcomes.append(Outcome(entry.main, "not read", says))


def _relation(above: str, cell: str) -> _Relation:
    if not cell:
        return _Relation.BLANK
    if not above:
        return _Relation.FILLS
    if _is_split(above, cell):
        return _Relation.GOES_ON
    joined = read_cell(join_words(above, cell))
    if len(joined) == 1 and joined[0].status not in ("", "value", "remark") and not joined[0].note:
        return _Relation.GOES_ON  # "No target" and "set"
    if any(reading.status not in ("", "remark") for reading in read_cell(cell)) or not re.search(r"[A-Za-z]", cell):
        return _Relation.APART
    if goes_on(above, cell):
        return _Relation.GOES_ON
    return _Relation.COULD if re.search(r"[A-Za-z]", above) else _Relation.APART


def _is_split(above: str, cell: str) -> bool:
    """A figure over two lines: "12." and "4", "-" and "3.4"."""
    decimals = re.search(r"[0-9]\.$", above) and re.fullmatch(r"[0-9]+ ?%?", cell)
    return bool(decimals or (_LONE_MINUS.fullmatch(above) and _UNSIGNED.fullmatch(cell.rstrip("% "))))


def _join_cells(above: str, cell: str) -> str:
    return above + cell if _is_split(above, cell) else join_words(above, cell)

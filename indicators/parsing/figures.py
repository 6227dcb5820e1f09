"""A unit's table of measures with figures: actual, estimate and target by period, for all or by group."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from indicators.parsing.entries import Entry, Layout, tabs_cut
from indicators.parsing.labels import Name, is_group, is_section, may_be_group, read_name
from indicators.parsing.lines import assemble
from indicators.parsing.rows import FigureRow
from indicators.parsing.values import CellReading, measure_unit, read_cell, unsure
from plans.documents import Context, Doubt, Line, Outcome, Parsed, ParsedTable, Problem, Table, plain, plan_year
from plans.names import name_key

_LABEL_HEADER = re.compile(
    r"(?:(?:key|local|national|core) )*(?:performance )?(?:indicators?|measures?)\b", re.IGNORECASE
)
_YEAR = r"20\d\d(?: ?[/-] ?(?:20)?\d{1,2})?"
# "Actual performance 2007/2008", "Estimated /actual performance 2008/09", "Target 2010/11 …"; or the year first.
_PERIOD_HEADER = re.compile(
    r"(?:(?:latest|annual|est(?:imated?|\.)?|projected|forecast|actual|out-?turn|performance|result|baseline|target|proposed|for|in|/|-|–)"
    rf"\s*)+\(?{_YEAR}\b.*|{_YEAR} (?:estimated?|projected|forecast|actual|out-?turn|performance|result|baseline|target).*",
    re.IGNORECASE,
)
_KINDS = (
    ("target", re.compile(r"\btargets?\b", re.IGNORECASE)),
    ("estimate", re.compile(r"\best(?:imated?)?\b|\b(?:projected|forecast)\b", re.IGNORECASE)),
    ("actual", re.compile(r"\b(?:actual|out-?turn|performance|result|baseline)\b", re.IGNORECASE)),
)
_PART_OF_YEAR = re.compile(r"\b(?:q[1-4]|quarter\w*|half|mid[- ]?(?:year|term)|six months|to date)\b", re.IGNORECASE)


class Column(NamedTuple):
    """What a column holds: its period, and whether actuals, estimates or targets."""

    period: str
    kind: str

    @property
    def name(self) -> str:
        """As doubts and declared corrections call the column."""
        return f"{self.kind} {self.period}"


@dataclass(slots=True)
class _Measure:
    """A measure with the rows that print it: itself, or its groups."""

    name: Name
    section: str
    heading: Entry | None = None  # where its name stands above its groups
    rows: list[tuple[str, Entry]] = field(default_factory=list)  # group, row


def header(lines: Sequence[Line], at: int) -> int:
    """Whether a line heads such a table: "Indicator", then columns that each name a kind of figure and a year."""
    label, *columns = (plain(cell) for cell in lines[at].cells)
    named = [cell for cell in columns if cell]
    enough = 1 if _LABEL_HEADER.match(label) else 2
    if len(named) < enough or (label and enough == 2):
        return 0
    return int(all(_PERIOD_HEADER.fullmatch(cell) for cell in named))


def parse(table: Table, context: Context) -> Parsed:
    """Every figure of the table, one row each."""
    columns, errors = _columns(table.header[-1])
    if errors:
        return refused(table, errors)
    layout = Layout(
        label=0,
        columns=tuple(column.name for column in columns.values()),
        at=tuple(columns),
        field="title",
        width=len(table.header[-1].cells),
        tabs_cut=tabs_cut(table.header[-1], table.body),
    )
    assembly = assemble(table.body, table.breaks, layout, context)
    parsed = Parsed(doubts=assembly.doubts, errors=assembly.errors, outcomes=assembly.outcomes)
    measures = list(_Grouping(assembly.rows, parsed).measures())
    parsed.errors += _printed_twice(measures)
    if parsed.errors:
        return refused(table, parsed.errors, parsed.doubts)
    reader = CellReader(layout, parsed, x_is_suppressed=says_suppressed(table))
    rows: list[FigureRow] = []
    for measure in measures:
        rows += _rows(measure, list(columns.values()), layout, reader)
    parsed.tables.append(ParsedTable("indicator", table.unit, (table.first, table.last), tuple(rows)))
    return parsed


def refused(table: Table, errors: list[Problem], doubts: Sequence[Doubt] = ()) -> Parsed:
    """A table with an error gives no rows; each of its lines says why."""
    return Parsed([], list(doubts), errors, [Outcome(line.number, "not read", errors[0].says) for line in table.body])


def places(line: Line) -> dict[str, int]:
    """Where each column stands in the header of a table of figures, as doubts and corrections call it."""
    columns, _ = _columns(line)
    return {"title": 0, **{column.name: at for at, column in columns.items()}} if columns else {}


def _columns(line: Line) -> tuple[dict[int, Column], list[Problem]]:
    columns: dict[int, Column] = {}
    errors: list[Problem] = []
    for at, cell in enumerate(map(plain, line.cells)):
        if at == 0 or not cell:
            continue
        kind = next((kind for kind, words in _KINDS if words.search(cell)), "")
        year = re.search(_YEAR, cell)
        column = Column(plan_year(cell) or (year[0] if year and re.fullmatch(r"20\d\d", year[0]) else ""), kind)
        if _PART_OF_YEAR.search(cell):
            errors.append(Problem((line.number,), f"“{cell}” is for a part of a year, which is not read.", "header"))
        elif not column.period:
            errors.append(Problem((line.number,), f"“{cell}” does not say for which year its figures are.", "header"))
        elif column in columns.values():
            errors.append(Problem((line.number,), f"Two columns are for {column.name}.", "header"))
        columns[at] = column
    return columns, errors


def says_suppressed(table: Table) -> bool:
    """Whether a note round the table says that figures are suppressed, so that an "x" is one."""
    notes = [*table.headings, *table.header, *table.following, *table.body, *([table.caption] if table.caption else [])]
    return any("suppress" in line.text.casefold() for line in notes)


# --- measures and their groups ---------------------------------------------------------------------------------------


class _Grouping:
    """Tells measures from groups: a name without figures over several short names with figures heads groups."""

    def __init__(self, rows: Sequence[Entry], parsed: Parsed) -> None:
        self.rows = rows
        self.parsed = parsed
        times = Counter(name_key(row.label) for row in rows if row.filled and not row.coded)
        self.repeated = {key for key, count in times.items() if count > 1}

    def _below(self, at: int) -> list[Entry]:
        """The rows that would be the groups of the one at `at`."""
        run: list[Entry] = []
        for row in self.rows[at + 1 :]:
            if self._is_stray(row):
                continue
            if row.coded or not may_be_group(row.label) or not (row.filled or self._is_group(row.label)):
                break
            run.append(row)
        return run

    @staticmethod
    def _is_stray(row: Entry) -> bool:
        """Whether a line of words alone is in doubt, so that nothing may be read from it."""
        return row.doubted and not row.filled and not row.coded

    def _is_group(self, label: str) -> bool:
        return is_group(label) or name_key(label) in self.repeated

    def _doubt(self, row: Entry, says: str, choices: tuple[str, ...], column: str = "title", *others: Entry) -> None:
        lines = (*row.lines, *(line for other in others for line in other.lines))
        self.parsed.doubts.append(Doubt(lines, says, column, choices))
        row.doubted = True

    def measures(self) -> Iterator[_Measure]:
        heading: _Measure | None = None
        section = ""
        for at, row in enumerate(self.rows):
            if self._is_stray(row):
                self._hold(row)
                continue
            name = self._name(row)
            if row.filled and heading and not name.code and may_be_group(row.label) and row.answers.get("group") != "":
                heading.rows.append((row.label, row))
                self.parsed.outcomes += row.outcomes("loaded")
            elif row.filled:
                heading = None
                self._ask_if_group(row, name)
                yield _Measure(name, section, rows=[("", row)])
                self.parsed.outcomes += row.outcomes("loaded")
            elif self._heads_groups(at, row, name):
                heading = _Measure(name, section, row)
                yield heading
                self.parsed.outcomes += row.outcomes("heading")
            elif is_section(row.label) and not name.code:
                heading, section = None, row.label
                self.parsed.outcomes += row.outcomes("heading")
            else:
                self._ask_without_figures(at, row, name)
                group = heading and not name.code and may_be_group(row.label)
                heading = heading if group else None
                if self._is_stray(row):
                    self._hold(row)
                    continue
                if heading:
                    heading.rows.append((row.label, row))
                else:
                    yield _Measure(name, section, rows=[("", row)])
                self.parsed.outcomes += row.outcomes("loaded")

    def _hold(self, row: Entry) -> None:
        self.parsed.outcomes += row.outcomes("not read", f"in doubt: “{row.label}” may be a part of another row")

    def _name(self, row: Entry) -> Name:
        name = read_name(row.label)
        if row.settled and not name.code:
            printed = read_name(row.printed[0][0])
            name = Name(printed.code, name.title, printed.links)
        if "code" in row.answers:
            name = Name(row.answers["code"], name.title, name.links)
        elif name.says and not row.settled:
            self._doubt(row, name.says, (), "code")
        return name

    def _ask_if_group(self, row: Entry, name: Name) -> None:
        if not name.code and self._is_group(row.label) and not row.settled and not row.doubted:
            says = f"“{row.label}” names a group, but no measure stands above it without figures of its own."
            self._doubt(row, says, (row.label,))

    def _heads_groups(self, at: int, row: Entry, name: Name) -> bool:
        run = self._below(at)
        if not run or "group" in run[0].answers:
            return bool(run and run[0].answers["group"])
        if not name.code and (may_be_group(row.label) or is_section(row.label)):
            return False
        known = any(self._is_group(entry.label) for entry in run) or "groups" in name_key(name.title).split()
        many = bool(name.code) and len(run) > 2 and all(len(entry.label.split()) <= 4 for entry in run)
        if (known and len(run) > 1) or many:
            return True
        if row.settled:
            return False
        says = (
            f"“{row.label}” has no figures: are the rows below it its groups, the rest of its name, or other measures?"
        )
        self._doubt(run[0], says, (run[0].label, ""), "group", row, *run[1:])
        row.doubted = True
        return len(run) > 1

    def _ask_without_figures(self, at: int, row: Entry, name: Name) -> None:
        """A measure with a code may be printed blank; words without figures may also be the rest of another row's."""
        below = self.rows[at + 1] if at + 1 < len(self.rows) else None
        if row.settled or row.doubted or (name.code and (not below or below.coded)):
            return
        says = f"“{row.label}” has no figures: its own may be lost, or the words may belong to another row."
        self._doubt(row, says, (row.label,), "title", *([below] if below else []))


def _printed_twice(measures: Sequence[_Measure]) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], tuple[int, ...]] = {}
    for measure in measures:
        own = (measure.section, measure.name.code, name_key(measure.name.title))
        parts = [(own, measure.heading)] if measure.heading else []
        for key, row in [*parts, *(((*own, name_key(group)), row) for group, row in measure.rows)]:
            if row and key in seen:
                lines = (*seen[key], *row.lines)
                yield Problem(lines, f"“{row.label}” stands twice in this table.", "title")
            elif row:
                seen[key] = tuple(row.lines)


# --- rows ------------------------------------------------------------------------------------------------------------


@dataclass
class CellReader:
    """Reads the cells of one table, and records what must be asked about."""

    layout: Layout
    parsed: Parsed
    x_is_suppressed: bool = False

    def read(self, rows: Sequence[Entry], title: str) -> tuple[list[list[tuple[CellReading, ...]]], str]:
        """What each cell of a measure's rows says, and the one unit of all."""
        cells = [
            [
                (unsure(row.unsure[at]),) if at in row.unsure and cell else self._read(row, cell, at)
                for at, cell in enumerate(row.cells)
            ]
            for row in rows
        ]
        for row, read in zip(rows, cells, strict=True):
            asked = {one.says: (at, one) for at, cell in reversed(list(enumerate(read))) for one in cell if one.says}
            for at, one in reversed(asked.values()):
                self.parsed.doubts.append(Doubt(tuple(row.lines), one.says, self.layout.columns[at], one.choices))
        unit, says = measure_unit(title, (reading for row in cells for cell in row for reading in cell))
        declared = [row.answers["measure_unit"] for row in rows if "measure_unit" in row.answers]
        if declared:
            unit = declared[0]
        elif says:
            lines = tuple(line for row in rows for line in row.lines)
            self.parsed.doubts.append(Doubt(lines, f"“{title}”: {says}", "measure_unit"))
        return cells, unit

    def _read(self, row: Entry, cell: str, at: int) -> tuple[CellReading, ...]:
        readings = read_cell(cell, x_is_suppressed=self.x_is_suppressed)
        beside = any(reading.status == "value" for other in row.cells[at + 1 :] for reading in read_cell(other))
        if at == 0 and beside and readings and readings[0].status == "remark" and len(cell.split()) <= 2:
            return (unsure(f"“{cell}” stands where a figure would: it may be the end of the label."),)
        return readings


def _rows(measure: _Measure, columns: Sequence[Column], layout: Layout, reader: CellReader) -> Iterator[FigureRow]:
    name, above = measure.name, measure.heading
    cells, unit = reader.read([row for _, row in measure.rows], name.title)
    for (group, row), readings in zip(measure.rows, cells, strict=True):
        words = [("title", above.words(0)), ("group", row.words(0))] if above else [("title", row.words(0))]
        source = row.source(words, above)
        filled = [(at, reading) for at, cell in enumerate(readings) for reading in cell]
        for at, reading in filled:
            yield FigureRow(
                code=name.code,
                title=name.title,
                group=group,
                measure_unit=unit,
                period=columns[at].period,
                kind=columns[at].kind,
                value=reading.value,
                status=reading.status,
                note=reading.note,
                printed=row.cells[at],
                label=reading.label,
                section=measure.section,
                links="; ".join(name.links),
                source=row.source([*words, (layout.columns[at], row.words(at + 1))], above),
            )
        if not filled:
            yield FigureRow(
                name.code,
                name.title,
                group,
                unit,
                "",
                "",
                None,
                "",
                "",
                "",
                "",
                measure.section,
                "; ".join(name.links),
                source,
            )

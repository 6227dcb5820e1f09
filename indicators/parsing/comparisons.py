"""Comparisons: the same measure for this council and for other areas, by measure or by group."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from indicators.parsing.entries import Entry, Layout, tabs_cut
from indicators.parsing.figures import CellReader, refused, says_suppressed
from indicators.parsing.lines import assemble
from indicators.parsing.rows import ComparisonRow
from plans.documents import Context, Doubt, Line, Parsed, ParsedTable, Problem, Table, plain, plan_year
from plans.names import name_key

# "Kent 2007", "England 2007/8", "National Comparison 2007/8 (to be validated by DCSF)".
_AREA_HEADER = re.compile(
    r"(?P<area>[A-Z][A-Za-z&'’.-]*(?: [A-Za-z&'’.-]+){0,4}),? \(?(?P<year>20\d\d(?: ?[/-] ?(?:20)?\d{1,2})?)\)?"
    r"(?: ?\((?P<note>[^()]*)\))?"
)
# Words of other tables' headers, and of dates.
_NO_AREA = re.compile(
    r"\b(?:fte|staff\w*|budget|cost|costs|income|expenditure|controllable|gross|net|actual|estimated?|target|performance|"
    r"out-?turn|forecast|total|difference|by|from|end|on-going|ongoing|spring|summer|autumn|winter|term|phase|period|date|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|tember|ober|ember)?)\b",
    re.IGNORECASE,
)
_MEASURE_HEADER = re.compile(r"(?:.*\b(?:indicators?|measures?|performance))?", re.IGNORECASE)
_GROUP_HEADER = re.compile(r".*\b(?:groups?|ethnicity|gender|pupils|category|background|cohort)\b.*", re.IGNORECASE)
_REMARK = re.compile(
    r"\s[–—-]\s(?=(?:data|source|figures?|provided|based|as at|taken|from|provisional|final|validated|subject|note)\b)",
    re.IGNORECASE,
)


class Column(NamedTuple):
    """What a column holds: whose figures, for which period, and what the header says of them in brackets."""

    area: str
    period: str
    note: str

    @property
    def name(self) -> str:
        """As doubts and declared corrections call the column."""
        return f"{self.area} {self.period}"


def header(lines: Sequence[Line], at: int) -> int:
    """Whether a line heads such a table: a blank cell or what the rows are, then at least two areas, each with its year."""
    label, *cells = (plain(cell) for cell in lines[at].cells)
    areas = [_AREA_HEADER.fullmatch(cell) for cell in cells if cell]
    known = _MEASURE_HEADER.fullmatch(label) or _GROUP_HEADER.fullmatch(label)
    if len(areas) < 2 or not known or len(label.split()) > 4:
        return 0
    return int(all(area and not _NO_AREA.search(area["area"]) for area in areas))


def places(line: Line) -> dict[str, int]:
    """Where each column stands, as doubts and corrections call it."""
    columns, _ = _columns(line)
    label = "measure" if _MEASURE_HEADER.fullmatch(plain(line.cells[0])) else "group"
    return {label: 0, **{column.name: at for at, column in columns.items()}}


def parse(table: Table, context: Context) -> Parsed:
    """Every figure of the table, one row each."""
    line = table.header[-1]
    columns, errors = _columns(line)
    by_group = not _MEASURE_HEADER.fullmatch(plain(line.cells[0]))
    measure, note = _caption(table) if by_group else ("", "")
    if by_group and not measure:
        says = "The rows are groups, and no line above the table says what is measured."
        errors.append(Problem((line.number,), says, "measure"))
    if errors:
        return refused(table, errors)
    return _parse_rows(table, context, columns, measure, note)


def _columns(line: Line) -> tuple[dict[int, Column], list[Problem]]:
    columns: dict[int, Column] = {}
    errors: list[Problem] = []
    for at, cell in enumerate(map(plain, line.cells)):
        match = _AREA_HEADER.fullmatch(cell)
        if at and match:
            column = Column(match["area"], plan_year(match["year"]) or match["year"], match["note"] or "")
            if not plan_year(match["year"]) and not match["year"].isdigit():
                errors.append(Problem((line.number,), f"“{cell}” does not name a year.", "header"))
            if column.name in {other.name for other in columns.values()}:
                errors.append(Problem((line.number,), f"Two columns are for {column.name}.", "header"))
            columns[at] = column
    return columns, errors


def _caption(table: Table) -> tuple[str, str]:
    """What the line above the table says is measured, and what it says of the data."""
    words = plain(table.caption.text) if table.caption else ""
    if name_key(words) == name_key(table.unit):
        return "", ""
    measure, _, note = _REMARK.sub("\n", words, count=1).partition("\n")
    return measure.strip(), note.strip()


def _parse_rows(table: Table, context: Context, columns: dict[int, Column], measure: str, note: str) -> Parsed:
    layout = Layout(
        label=0,
        columns=tuple(column.name for column in columns.values()),
        at=tuple(columns),
        field="group" if measure else "measure",
        width=len(table.header[-1].cells),
        tabs_cut=tabs_cut(table.header[-1], table.body),
    )
    assembly = assemble(table.body, table.breaks, layout, context)
    parsed = Parsed(doubts=assembly.doubts, errors=assembly.errors, outcomes=assembly.outcomes)
    seen: dict[str, Entry] = {}
    for row in assembly.rows:
        if not row.filled and not row.settled and not row.doubted:
            says = f"“{row.label}” has no figures: its own may be lost, or the words may belong to another row."
            parsed.doubts.append(Doubt(tuple(row.lines), says, layout.field, (row.label,)))
            row.doubted = True
        if row.filled or row.settled:
            parsed.outcomes += row.outcomes("loaded" if row.filled else "heading")
        else:
            why = f"in doubt: “{row.label}” may be a part of another row"
            parsed.outcomes += row.outcomes("not read", why)
        if row.filled and name_key(row.label) in seen:
            lines = (*seen[name_key(row.label)].lines, *row.lines)
            parsed.errors.append(Problem(lines, f"“{row.label}” stands twice in this table.", layout.field))
        if row.filled:
            seen[name_key(row.label)] = row
    if parsed.errors:
        return refused(table, parsed.errors, parsed.doubts)
    reader = CellReader(layout, parsed, x_is_suppressed=says_suppressed(table))
    filled = [row for row in assembly.rows if row.filled]
    rows: list[ComparisonRow] = []
    for rows_of_one in [filled] if measure else [[row] for row in filled]:
        rows += _rows(rows_of_one, list(columns.values()), measure, note, layout, reader)
    parsed.tables.append(ParsedTable("comparison", table.unit, (table.first, table.last), tuple(rows)))
    return parsed


def _rows(
    entries: Sequence[Entry], columns: Sequence[Column], measure: str, note: str, layout: Layout, reader: CellReader
) -> Iterator[ComparisonRow]:
    """The figures of one measure: `measure` with its groups, or where that is "" the one row's own."""
    cells, unit = reader.read(entries, measure or entries[0].label)
    for row, readings in zip(entries, cells, strict=True):
        for at, column in enumerate(columns):
            for reading in readings[at]:
                notes = dict.fromkeys(filter(None, (reading.note, column.note, note)))
                yield ComparisonRow(
                    measure=measure or row.label,
                    group=row.label if measure else "",
                    area=column.area,
                    period=column.period,
                    value=reading.value,
                    measure_unit=unit,
                    status=reading.status,
                    note="; ".join(notes),
                    printed=row.cells[at],
                    label=reading.label,
                    source=row.source([(layout.field, row.words(0)), (column.name, row.words(at + 1))]),
                )

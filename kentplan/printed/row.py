"""One stored row, or one figure of it, as printed and as read: what the page /printed/<provenance>/ shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from kentplan.checks import Found, unit_checks, year_checks
from kentplan.printed.facsimile import (
    STORED,
    Cell,
    Column,
    Shown,
    StoredLine,
    columns_of,
    same,
    shown,
    with_gaps,
)
from kentplan.printed.fields import AMOUNTS, Reading, StoredRow
from kentplan.printed.proof import Proof, prove
from kentplan.printed.tables import Span, Tables, stands_under, with_tables
from plans.models import Document, Provenance, SourceLine, Unit
from plans.provenance import DECLARED, RepairInWords, in_words, label_of, line_words, told

ROUND_ABOUT = 3  # lines shown before and after the row's own
LONGEST = 90  # lines from the row's first to its last that are shown one by one


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the figure in print: its number on the page, its words, its line and column."""

    mark: int
    text: str
    line: int
    column: int  # from 1; 0 where the line has no columns


@dataclass(frozen=True, slots=True)
class CellByCell:
    """A column of the row: what was printed of it on each of the row's lines, beside what was read."""

    number: int  # from 1; 0 where it has no column of its own
    label: str
    printed: tuple[Cell, ...]  # by line
    read: str
    changed: str  # what people made of it since
    asked: bool
    name: str
    look: str
    is_kept: bool  # it has a page of its own


@dataclass(frozen=True, slots=True)
class RepairOfTable:
    """A repair of the same table, with the page of the row that it is in."""

    repair: RepairInWords
    provenance: int
    here: bool  # it is the figure that is shown
    is_lost: bool = False  # no repair: the figure is lost in print


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """All that is to be said of where a row, or one figure of it, stood in print."""

    stored: StoredRow
    document: Document
    asked: str  # the column that is asked for; "" for the whole row
    unknown: bool  # what was asked for is no column of the row
    span: Span | None
    lines: tuple[int, ...]
    reading: Reading | None
    is_lost: bool
    pieces: tuple[Piece, ...]
    repairs: tuple[RepairInWords, ...]  # of the figure, or of the row
    columns: tuple[Column, ...]
    facsimile: list[Shown]
    cells: tuple[CellByCell, ...]
    cell_lines: tuple[int, ...]
    of_table: tuple[RepairOfTable, ...]
    proof: Proof

    @property
    def unit(self) -> Unit | None:
        return self.stored.unit

    @property
    def title(self) -> str:
        """The figure with its year, or the row's name."""
        if not self.asked:
            return self.stored.name
        year = self.stored.year_label(self.asked)
        return self.stored.label(self.asked) + (f", {year}" if year else "")

    @property
    def where(self) -> str:
        return line_words(self.lines)

    @property
    def first_shown(self) -> int:
        return next((line.number for line in self.facsimile if line.number), self.lines[0])

    @property
    def last_shown(self) -> int:
        return max((line.number for line in self.facsimile), default=self.lines[-1])

    @property
    def in_unit(self) -> str:
        return self.stored.in_unit(self.asked)

    @property
    def remark(self) -> str:
        return self.stored.remark(self.asked)

    @property
    def span_name(self) -> str:
        """The printed table's name, with the portfolio where it is of no unit."""
        portfolio = getattr(self.stored.row, "portfolio", None)
        name = self.span.name if self.span else ""
        return f"{name}, {portfolio}" if portfolio and self.span and not self.span.unit else name

    @property
    def is_of_figures(self) -> bool:
        """Whether most of its columns are figures, which stand to the right."""
        return sum(cell.look == "num" for cell in self.cells) * 2 > len(self.cells)

    @property
    def is_figure(self) -> bool:
        """Whether what was read is a figure, to be shown large, and not words."""
        return bool(self.reading and len(self.reading.words) < 24 and (self.in_unit or self.stored.figure_column))


def provenance_with_tables() -> Any:
    """Provenances with what `printed_row` needs; one query."""
    found = Provenance.objects.select_related("document", "plan__year", "plan__directorate")
    return with_tables(found, prefix="document__")


def printed_row(provenance: Any, *, figure: str = "") -> PrintedRow:
    """`provenance` from `provenance_with_tables`. Three queries."""
    stored = StoredRow.of(provenance)
    tables = Tables.of(provenance)
    span = tables.head(provenance.table)
    asked = stored.column_of(figure) if figure else stored.figure_column
    lines = _lines_round(provenance, span)
    own = tuple(provenance.lines)
    header, stands = stands_under(provenance.document, span, lines, own[0])
    by_number = {line.number: line for line in lines}
    repairs = [in_words(item) for item in provenance.repairs]
    if asked:
        repairs = [item for item in repairs if item.column == asked]
    pieces = _pieces(stored, asked, repairs, [by_number[number] for number in own if number in by_number], stands)
    siblings = _siblings(provenance, tables.numbers(span) if span else (provenance.table,))
    window = [line for line in lines if line not in header and line.number >= own[0] - ROUND_ABOUT]
    columns = columns_of([line for line in window if line.number in own] + window, header)
    is_lost = bool(asked) and stored.is_lost(asked)
    return PrintedRow(
        stored=stored,
        document=provenance.document,
        asked=asked,
        unknown=bool(figure and not asked),
        span=span,
        lines=own,
        reading=stored.read(asked) if asked else None,
        is_lost=is_lost,
        pieces=pieces,
        repairs=tuple(told_once(repairs)),
        columns=columns,
        facsimile=_facsimile(stored, window, columns, stands, pieces, is_lost=is_lost),
        cells=_cell_by_cell(stored, asked, own, by_number, stands, pieces),
        cell_lines=tuple(number for number in own if number in by_number)[:4],
        of_table=_repairs_of(siblings, provenance, asked),
        proof=prove(stored, asked, pieces=pieces, width=len(stands), lines=by_number, siblings=siblings),
    )


def checks_of(page: PrintedRow) -> tuple[Found, ...]:
    """The checks that the row's lines take part in, breaks first."""
    checks = unit_checks(page.unit, page.stored.year) if page.unit else year_checks(page.stored.year)
    own, name = set(page.lines), page.document.name
    return tuple(
        found
        for found in checks.found
        if any(line.number in own and line.document in (name, str(page.stored.provenance.plan)) for line in found.lines)
    )


def told_once(repairs: Sequence[RepairInWords]) -> list[RepairInWords]:
    return list({(item.rule, item.lines, item.column, item.now): item for item in repairs}.values())


def _lines_round(provenance: Provenance, span: Span | None) -> list[StoredLine]:
    """The row's lines with those about it in its table, and the header lines above; one query."""
    own = provenance.lines
    first, last = own[0] - ROUND_ABOUT, min(own[-1], own[0] + LONGEST) + ROUND_ABOUT
    if span:
        first, last = max(first, span.first), min(last, max(span.last, own[-1]))
    wanted = Q(number__range=(first, last)) | Q(number__in=own)
    headers = Q(outcome="header", number__lt=own[0], number__gte=own[0] - 2000)
    # One more after them, so that a row whose first words are the last line shown can be seen whole.
    wanted |= Q(number__range=(last + 1, last + 2))
    rows = SourceLine.objects.filter(wanted | headers, document=provenance.document_id).order_by("number")
    lines = [StoredLine(*row) for row in rows.values_list(*STORED)]
    joined = [line.why for line in lines if line.number <= last and line.outcome == "repaired"]
    return [line for line in lines if line.number <= last or f"into line {line.number}" in joined]


def _siblings(provenance: Provenance, tables: Sequence[int]) -> list[dict[str, Any]]:
    """The provenances of the same printed table; one query."""
    rows = Provenance.objects.filter(document=provenance.document_id, table__in=tables)
    found = rows.order_by("lines", "pk").values("pk", "kind", "key", "lines", "repairs", "printed", "loaded")
    return [dict(row) for row in found]


def _pieces(
    stored: StoredRow,
    asked: str,
    repairs: Sequence[RepairInWords],
    lines: Sequence[StoredLine],
    stands: Mapping[str, int],
) -> tuple[Piece, ...]:
    """Where the pieces of the figure stand: in its column, on the row's lines, as the repairs and the cell print them."""
    printed = str(stored.provenance.printed.get(asked, "")) if asked else ""
    texts = [*(text for item in repairs for text in item.was), *printed.split("\n"), printed.replace("\n", " ")]
    corrected = {line for item in repairs if item.rule == DECLARED for line in item.lines}
    at = stands.get(asked) if asked else None
    found: list[tuple[str, int, int]] = []
    for line in lines:
        if not asked or (stands and at is None):
            continue
        cells = line.cells
        for place in range(len(cells)) if at is None else [at]:
            cell = cells[place] if place < len(cells) else ""
            if line.number in corrected or any(same(cell, text) for text in texts):
                found.append((cell, line.number, 0 if line.is_narrative else place + 1))
    return tuple(Piece(mark, *piece) for mark, piece in enumerate(found, start=1))


def _facsimile(
    stored: StoredRow,
    lines: Sequence[StoredLine],
    columns: Sequence[Column],
    stands: Mapping[str, int],
    pieces: Sequence[Piece],
    *,
    is_lost: bool,
) -> list[Shown]:
    own = set(stored.provenance.lines)
    looks: dict[int, dict[int, Cell]] = {}
    several = len(pieces) > 1
    for piece in pieces:
        look = "lost" if is_lost else "hit"
        cell = Cell(piece.text, piece.mark if several else 0, look)
        looks.setdefault(piece.line, {})[piece.column - 1] = cell
    found = [shown(line, len(columns), on=line.number in own, looks=looks.get(line.number)) for line in lines]
    found = with_gaps(found)
    if stands:
        hit = {piece.column - 1 for piece in pieces}
        names = {at: name for name, at in stands.items()}
        read = tuple(_read_cell(stored, names.get(at, ""), at in hit, is_lost) for at in range(len(columns)))
        for at, name in names.items():
            if not _is_kept(stored, name) and at < len(read):
                texts = (line.cells[at] for line in lines if line.number in own and at < len(line.cells))
                read = (*read[:at], Cell(" ".join(filter(None, texts))), *read[at + 1 :])
        last = max(at for at, line in enumerate(found) if line.number <= max(own))
        found.insert(last + 1, Shown("read", cells=read))
    return found


def _read_cell(stored: StoredRow, name: str, hit: bool, is_lost: bool) -> Cell:
    if not name:
        return Cell("")
    words = _as_loaded(stored, name)
    look = ("lost" if is_lost else "hit") if hit else ""
    return Cell("lost" if hit and is_lost else words, look=look)


def _is_kept(stored: StoredRow, name: str) -> bool:
    """Whether the row keeps what was read of a column (its unit's year keeps the Cabinet Member)."""
    return name in stored.kind.columns or name == stored.figure_column or name in stored.provenance.printed


def _as_loaded(stored: StoredRow, name: str) -> str:
    """What was read of a column when it was loaded; of one that no field keeps, the words as printed."""
    reading = stored.read(name)
    return reading.loaded or reading.words


def _cell_by_cell(
    stored: StoredRow,
    asked: str,
    own: Sequence[int],
    lines: Mapping[int, StoredLine],
    stands: Mapping[str, int],
    pieces: Sequence[Piece],
) -> tuple[CellByCell, ...]:
    """Each column of the row; where the columns are not known, what was printed of each field."""
    there = [lines[number] for number in own if number in lines][:4]
    marks = {(piece.line, piece.column - 1): piece.mark for piece in pieces if len(pieces) > 1}
    found = []
    names = sorted(stands, key=lambda name: stands[name]) or list(stored.provenance.printed)
    if not stands:
        there = []
    for name in names:
        at = stands.get(name)
        cells = tuple(
            Cell(
                line.cells[at] if at is not None and at < len(line.cells) else "",
                marks.get((line.number, at if at is not None else -1), 0),
            )
            for line in there
        ) or (Cell(str(stored.provenance.printed.get(name, ""))),)
        reading = stored.read(name)
        read = _as_loaded(stored, name)
        if stored.is_lost(name):
            read = "lost in print"
        elif not _is_kept(stored, name):
            read = " ".join(cell.text for cell in cells if cell.text)
        figures = name in AMOUNTS or name == stored.figure_column or name[-2:].isdigit()  # "actual 2007/08"
        words = any(len(text) > 12 and not text[:1].isdigit() for text in (*(cell.text for cell in cells), read))
        found.append(
            CellByCell(
                number=0 if at is None else at + 1,
                label=_labelled(stored, name),
                printed=cells,
                read=read,
                changed=reading.words or "blank" if reading.loaded else "",
                asked=name == asked,
                name=name,
                look="num" if figures and not (words and not stored.is_lost(name)) else "words",
                is_kept=_is_kept(stored, name),
            )
        )
    return tuple(found)


def _labelled(stored: StoredRow, name: str) -> str:
    year = stored.year_label(name)
    return f"{stored.label(name)} {year}" if year else label_of(name)


def _repairs_of(siblings: Sequence[Mapping[str, Any]], provenance: Provenance, asked: str) -> tuple[RepairOfTable, ...]:
    found: dict[Any, RepairOfTable] = {}
    for row in sorted(siblings, key=lambda row: row["pk"] != provenance.pk):
        for repair in told(row["repairs"]):
            here = row["pk"] == provenance.pk and (not asked or repair.column == asked)
            key = (repair.rule, repair.lines, repair.column, repair.now)
            found.setdefault(key, RepairOfTable(repair, row["pk"], here))
        for column in lost_in(row):
            here = row["pk"] == provenance.pk and (not asked or column == asked)
            item = RepairOfTable(lost(row, column), row["pk"], here, is_lost=True)
            found.setdefault((item.repair.lines, column), item)
    return tuple(sorted(found.values(), key=lambda item: item.repair.lines))


def lost_in(row: Mapping[str, Any]) -> list[str]:
    """The figures of a row that are printed and could not be read."""
    loaded = row["loaded"]
    return [name for name, text in row["printed"].items() if text and name in AMOUNTS and loaded.get(name, 0) is None]


def lost(row: Mapping[str, Any], column: str) -> RepairInWords:
    """A figure that is lost in print, told as a repair is: it could not be put right."""
    return RepairInWords(
        column=column,
        label=label_of(column),
        rule="lost in print",
        lines=(row["lines"][-1],),
        was=(str(row["printed"][column]),),
        now="",
        says="Its digits stand nowhere near, so it is kept as lost, not as nil, until somebody says what it is.",
        reason="",
        by="",
    )

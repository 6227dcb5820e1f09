"""A whole table as printed, line by line, with what became of each: what /documents/<document>/tables/<n>/ shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kentplan.printed.facsimile import (
    STORED,
    Column,
    Shown,
    StoredLine,
    columns_of,
    header_above,
    shown,
    with_gaps,
)
from kentplan.printed.row import RepairOfTable, lost, lost_in
from kentplan.printed.tables import Span, Tables, with_tables
from plans.documents import plain
from plans.models import Document, Provenance, SourceLine
from plans.provenance import told

PER_PAGE = 400  # lines of a table on one page


@dataclass(frozen=True, slots=True)
class WholeTable:
    """A table of a document: its lines in their columns, the repairs made in it, the tables beside it."""

    document: Document
    span: Span
    columns: tuple[Column, ...]
    lines: list[Shown]
    repairs: tuple[RepairOfTable, ...]
    before: Span | None
    after: Span | None
    page: int
    pages: int
    heading: str  # the line above it
    tally: tuple[tuple[str, int], ...]  # what became of its lines: outcome, how many
    lost: int  # figures

    @property
    def page_numbers(self) -> range:
        return range(1, self.pages + 1)


def documents_with_tables() -> Any:
    """Documents without their reports; the tables by number, kind, unit and lines."""
    return with_tables(Document.objects.select_related("plan__year"))


def whole_table(document: Any, number: int, *, page: int = 1, line: int | None = None) -> WholeTable | None:
    """The table of that number, or the one that it is a part of; None where there is none. Four queries.

    `line` asks for the page that holds it.
    """
    tables = Tables.of(document)
    span = tables.head(number)
    if span is None:
        return None
    stored = SourceLine.objects.filter(document=document.pk, number__range=(span.first, span.last)).order_by("number")
    lines = [StoredLine(*row) for row in stored.values_list(*STORED)]
    pages = max(1, -(-len(lines) // PER_PAGE))
    if line is not None:
        page = sum(item.number < line for item in lines) // PER_PAGE + 1
    page = min(max(page, 1), pages)
    part = lines[(page - 1) * PER_PAGE : page * PER_PAGE]
    rows = _rows_of(document, tables.numbers(span), part)
    header = _header(document, span, lines)
    columns = columns_of(part, header)
    before, after = tables.beside(span)
    return WholeTable(
        document=document,
        span=span,
        columns=columns,
        lines=_shown(part, len(columns), rows),
        repairs=_repairs(rows),
        before=before,
        after=after,
        page=page,
        pages=pages,
        heading=_heading(document, span),
        tally=_tally(lines),
        lost=sum(len(lost_in(row)) for row in rows),
    )


def _rows_of(document: Document, tables: Sequence[int], lines: Sequence[StoredLine]) -> list[dict[str, Any]]:
    """The provenances of the rows on those lines."""
    if not lines:
        return []
    rows = Provenance.objects.filter(document=document.pk, table__in=tables)
    rows = rows.filter(lines__0__range=(lines[0].number - 100, lines[-1].number))
    found = rows.order_by("lines", "pk").values("pk", "kind", "lines", "repairs", "printed", "loaded")
    return [dict(row) for row in found]


def _header(document: Document, span: Span, lines: Sequence[StoredLine]) -> list[StoredLine]:
    """The header that the table begins with, or the last one above it."""
    if span.kind == "core_service":
        return []
    first = next((line for line in lines if line.is_header), None)
    if first:
        at = lines.index(first)
        return [line for line in lines[at : at + 3] if line.is_header]
    above = SourceLine.objects.filter(document=document.pk, number__lt=span.first, outcome="header")
    found = [StoredLine(*row) for row in above.order_by("-number").values_list(*STORED)[:3]]
    return header_above(found[::-1], span.first)


def _heading(document: Document, span: Span) -> str:
    """The last words above the table, where it does not say itself whose it is."""
    if span.unit:
        return ""
    above = SourceLine.objects.filter(document=document.pk, number__range=(span.first - 6, span.first - 1), outcome="")
    return plain(above.order_by("-number").values_list("text", flat=True).first() or "")


def _shown(lines: Sequence[StoredLine], width: int, rows: Sequence[Mapping[str, Any]]) -> list[Shown]:
    page_of: dict[int, int] = {}
    lost_on: set[int] = set()
    for row in sorted(rows, key=lambda row: len(row["lines"])):
        for number in row["lines"]:
            page_of.setdefault(number, row["pk"])
        if lost_in(row):
            lost_on.add(row["lines"][-1])
    return with_gaps(
        replace(
            shown(line, width, on=line.outcome == "repaired"),
            figure_of=page_of.get(line.number, 0),
            lost=line.number in lost_on,
        )
        for line in lines
    )


def _repairs(rows: Sequence[Mapping[str, Any]]) -> tuple[RepairOfTable, ...]:
    found: dict[Any, RepairOfTable] = {}
    for row in rows:
        for repair in told(row["repairs"]):
            key = (repair.rule, repair.lines, repair.column, repair.now)
            found.setdefault(key, RepairOfTable(repair, row["pk"], here=False))
        for column in lost_in(row):
            item = RepairOfTable(lost(row, column), row["pk"], here=False, is_lost=True)
            found.setdefault((item.repair.lines, column), item)
    return tuple(sorted(found.values(), key=lambda item: item.repair.lines))


def _tally(lines: Sequence[StoredLine]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.outcome or "heading or prose"] = counts.get(line.outcome or "heading or prose", 0) + 1
    return tuple(sorted(counts.items(), key=lambda item: -item[1]))

"""The tables of a document as its load report numbers them, read without the report's rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, Func, JSONField, TextField, Value
from django.db.models.functions import Cast

import budgets.parsing
import indicators.parsing
import plans.parsing
import projects.parsing
from kentplan.printed.facsimile import StoredLine, header_above
from plans.documents import Line
from plans.models import Document, DocumentFormat

_PLACES = (
    budgets.parsing.places,
    indicators.parsing.places,
    plans.parsing.places,
    projects.parsing.places,
)
_NAMES = {
    "control_totals": "totals",
    "core_service": "core service",
    "lead_role": "lead roles",
    "mtp": "pressures and savings",
    "indicator": "measures",
    "action": "actions",
    "consultation": "consultations",
    "establishment": "staffing establishment",
    "": "table of no known kind",
}


class _Query(Func):
    """All values of a JSON path, as an array."""

    function = "jsonb_path_query_array"
    output_field = JSONField()
    arity = 2


def with_tables(documents: Any, *, prefix: str = "") -> Any:
    """The documents (or what points to one: `prefix`) with what `Tables.of` needs, and not the whole report."""
    return documents.annotate(
        **{
            f"table_{name}": _Query(F(f"{prefix}report"), Cast(Value(f"$.tables[*].{name}"), _Path()))
            for name in ("kind", "unit", "lines")
        }
    ).defer(f"{prefix}report")


class _Path(TextField):
    def db_type(self, connection: Any) -> str:
        return "jsonpath"


@dataclass(frozen=True, slots=True)
class Span:
    """One printed table: its number in the report, what it is, and its first and last line."""

    number: int
    kind: str
    unit: str
    first: int
    last: int

    @property
    def name(self) -> str:
        words = _NAMES.get(self.kind, self.kind.replace("_", " "))
        return f"{words[:1].upper()}{words[1:]}" + (f", {self.unit}" if self.unit else "")


@dataclass(frozen=True)
class Tables:
    """The tables of a document, in the report's order. Totals belong to the table that they stand under."""

    spans: tuple[Span, ...]

    @classmethod
    def of(cls, holder: Any) -> "Tables":
        """From a row of `with_tables`."""
        found = zip(holder.table_kind or (), holder.table_unit or (), holder.table_lines or (), strict=False)
        return cls(tuple(Span(at, kind, unit, *lines[:2]) for at, (kind, unit, lines) in enumerate(found)))

    def get(self, number: int) -> Span | None:
        return self.spans[number] if 0 <= number < len(self.spans) else None

    def head(self, number: int) -> Span | None:
        """The table that one of these numbers stands in."""
        span = self.get(number)
        if span is None or span.kind != "control_totals" or number == 0:
            return span
        above = self.spans[number - 1]
        return above if above.first <= span.first and span.last <= above.last else span

    def numbers(self, head: Span) -> tuple[int, ...]:
        """The table's own number and those of its parts."""
        return tuple(
            span.number for span in self.spans[head.number : head.number + 2] if self.head(span.number) == head
        )

    @cached_property
    def in_print(self) -> tuple[Span, ...]:
        """The tables as they follow one another in print, parts left out."""
        heads = [span for span in self.spans if self.head(span.number) == span]
        return tuple(sorted(heads, key=lambda span: span.first))

    def beside(self, head: Span) -> tuple[Span | None, Span | None]:
        """The tables before and after it in print."""
        at = self.in_print.index(head)
        before = self.in_print[at - 1] if at else None
        return before, self.in_print[at + 1] if at + 1 < len(self.in_print) else None


def places(document: Document, span: Span | None, header: Sequence[Line]) -> dict[str, int]:
    """Which printed column stands where: by the header's words, or in a sheet by the columns' own names."""
    if not header or span is None:
        return {}
    if document.format != DocumentFormat.TEXT:
        return {name: at for at, name in enumerate(header[-1].cells)}
    for places_of in _PLACES:
        found = places_of(span.kind, header) or (places_of(span.kind, header[-1:]) if len(header) > 1 else {})
        if found:
            return found
    return {}


def stands_under(
    document: Document, span: Span | None, lines: Sequence[StoredLine], number: int
) -> tuple[list[StoredLine], dict[str, int]]:
    """The header that a line stands under, and where the columns stand by it. A short header further down a table of
    lists names some columns only, and those of the one above it stay."""
    if span is None or span.kind == "core_service":
        return [], {}
    header = first = header_above(lines, number)
    while header:
        found = places(document, span, [line.as_line() for line in header])
        if found:
            return header, found
        header = header_above(lines, header[0].number - 1)
    return first, {}

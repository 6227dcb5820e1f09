"""One question as its page shows it: the printed lines in their columns, and what the other figures say."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from kentplan.doubts.questions import Answer, Question, answers_to, document_with_doubts, questions_of
from kentplan.printed.facsimile import (
    STORED,
    Cell,
    Column,
    Shown,
    StoredLine,
    columns_of,
    shown,
    with_gaps,
)
from kentplan.printed.fields import KINDS, MINUS
from kentplan.printed.row import printed_row, provenance_with_tables
from kentplan.printed.tables import Span, Tables, stands_under
from plans.models import Correction, Document, SourceLine

ROUND_ABOUT = 2
MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class DoubtPage:
    """A question (None where it is no longer open) with the lines that it is about as they stand in print."""

    document: Document
    question: Question | None
    span: Span | None = None
    columns: tuple[Column, ...] = ()
    lines: tuple[Shown, ...] = ()
    provenance: int = 0  # of the row that it is about, where there is one
    inferred: str = ""
    inferred_how: str = ""


def doubt_page(pk: int, key: str) -> DoubtPage:
    """Five queries at most."""
    document = get_object_or_404(document_with_doubts(pk=pk))
    question = next((item for item in questions_of(document) if item.key == key), None)
    if question is None:
        return DoubtPage(document, None)
    tables = Tables.of(document)
    span = tables.head(question.table) if question.table is not None else None
    lines = _lines(question, span)
    header, stands = stands_under(document, span, lines, min(question.lines, default=0))
    window = [line for line in lines if not line.is_header or line.number in question.lines]
    columns = columns_of(window, header)
    at = stands.get(question.column)
    provenance, inferred, how = _row_of(question)
    if inferred:
        as_typed = inferred.replace(MINUS, "-")
        choices = ((as_typed, f"{inferred}, as the other figures have it"), *question.choices)
        question = replace(question, choices=choices)
    return DoubtPage(
        document,
        question,
        span,
        columns,
        tuple(with_gaps(_shown(line, question, len(columns), at) for line in window)),
        provenance,
        inferred,
        how,
    )


def _lines(question: Question, span: Span | None) -> list[StoredLine]:
    if not question.lines:
        return []
    first, last = min(question.lines), max(question.lines)
    first, last = first - ROUND_ABOUT, min(last, first + MOST_LINES) + ROUND_ABOUT
    if span and span.first <= min(question.lines) <= span.last:
        first, last = max(first, span.first), min(last, span.last)
    stored = SourceLine.objects.filter(document=question.document.pk)
    about = stored.filter(number__range=(first, last)) | stored.filter(
        outcome="header", number__range=(first - 2000, first)
    )
    return [StoredLine(*row) for row in about.order_by("number").values_list(*STORED)]


def _shown(line: StoredLine, question: Question, width: int, at: int | None) -> Shown:
    on = line.number in question.lines
    looks = {}
    if on and at is not None and not line.is_narrative:
        cells = line.cells
        looks[at] = Cell(cells[at] if at < len(cells) else "", look="lost")
    return shown(line, width, on=on, looks=looks)


def _row_of(question: Question) -> tuple[int, str, str]:
    """The stored row of the question's first line, and what its figure must be by the others."""
    if not question.lines:
        return 0, "", ""
    found = provenance_with_tables().filter(document=question.document.pk, kind__in=KINDS)
    provenance: Any = found.filter(lines__contains=[question.lines[0]]).order_by("pk").first()
    if provenance is None:
        return 0, "", ""
    if not question.is_amount:
        return provenance.pk, "", ""
    inferred = printed_row(provenance, figure=question.column).proof.inferred
    return provenance.pk, inferred.words if inferred else "", inferred.how if inferred else ""


def answer_of(pk: int) -> Answer | None:
    """The answer that a correction is a part of; None where nobody gave one."""
    correction = Correction.objects.filter(pk=pk, user__isnull=False).first()
    if correction is None:
        return None
    document = Document.objects.defer("report").filter(sha256=correction.sha256).first()
    if document is None:
        raise Http404("The answer is to a document that is not loaded.")
    found = answers_to([document])
    return next((answer for answer in found if answer.at == correction.created_at), None)

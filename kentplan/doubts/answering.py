"""Answer a doubt: find the declared corrections that settle it, store them, and read the document again.

An answer is tried before it is taken: of the corrections that it may mean, the first is taken with which reading the
document again no longer asks and no new error arises. A question of the load itself (a row edited or removed here) is
answered to the load.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from budgets.parsing.figures import ascii_minus, is_figure_like
from budgets.parsing.rows import FIGURES
from history.changes import change_set
from history.models import ChangeSet
from kentplan.doubts.questions import (
    Question,
    document_with_doubts,
    key_of,
    questions_of,
    text_document,
    words_at,
)
from kentplan.loading import Options, load, try_out
from kentplan.printed.facsimile import STORED, StoredLine
from kentplan.printed.fields import AMOUNTS
from kentplan.printed.tables import Tables, stands_under
from people.models import User
from plans.documents import Correction, Document
from plans.loading import LoadReport
from plans.models import Correction as DeclaredCorrection
from plans.models import Document as StoredDocument
from plans.models import SourceLine

DOOR = "doubt answer"
Together = tuple[Correction, ...]  # corrections that are one answer


class Refused(Exception):
    """The answer is not taken; `says` tells why, in words for the person."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


class Gone(Exception):
    """The question is no longer open: another answered it, or the document was loaded again."""


@dataclass(frozen=True)
class Printed:
    """A document as it is stored, with where the columns of a question's table stand."""

    document: Document
    lines: Mapping[int, str]
    stands: Mapping[str, int]
    table: Sequence[int]  # the lines of the question's table

    def words(self, line: int, column: str) -> str:
        return words_at(self.lines.get(line, ""), self.stands.get(column))


def as_printed(question: Question) -> Printed:
    """The question's document from its stored lines; blank lines are not stored, and are blank. One query."""
    stored = question.document
    rows = SourceLine.objects.filter(document=stored.pk).order_by("number").values_list(*STORED)
    lines = [StoredLine(*row) for row in rows]
    texts = {line.number: line.text for line in lines}
    text = "\n".join(texts.get(number, "") for number in range(1, max(texts, default=0) + 1))
    tables = Tables.of(stored)
    span = tables.head(question.table) if question.table is not None else None
    _, stands = stands_under(stored, span, lines, min(question.lines, default=0))
    return Printed(
        Document(text, stored.name, stored.sha256),
        texts,
        stands,
        [number for number in texts if span and span.first <= number <= span.last],
    )


@transaction.atomic
def answer(question: Question, value: str, *, reason: str, by: User, token: UUID | None) -> bool:
    """Store the answer, and read the document again where that can be done at once: whether it was.

    Raises Refused, Gone, or history.changes.Repeated.
    """
    document = _locked(question.document.pk)
    with change_set(by=by, why=reason, door=DOOR, token=token):
        still = next((item for item in questions_of(document) if item.key == question.key), None)
        if still is None:
            raise Gone
        if still.closed:
            raise Refused(still.closed)
        at_once = text_document(document)
        corrections = (
            settling(still, value, reason=reason, by=str(by)) if at_once else _sheet_answer(still, value, reason, by)
        )
        _store(document, corrections, by=by)
        if at_once:
            report = _read_again(as_printed(still).document, by=by)
            if question.key in {key_of(doubt) for doubt in report.as_json()["doubts"]}:
                raise Refused("With that answer the document still asks the same.")
        return at_once


@transaction.atomic
def withdraw(pk: int, *, reason: str, by: User, token: UUID | None) -> bool:
    """Take an answer back, all of its corrections, and read the document again: whether it was read at once."""
    first = DeclaredCorrection.objects.filter(pk=pk, user__isnull=False).first()
    stored = StoredDocument.objects.filter(sha256=first.sha256).first() if first else None
    if first is None or stored is None:
        raise Gone
    document = _locked(stored.pk)
    if document.plan and document.plan.state != "draft":
        raise Refused(f"The plan is {document.plan.get_state_display().lower()}: its document is no longer read.")
    with change_set(by=by, why=reason, door=DOOR, token=token):
        together = DeclaredCorrection.objects.filter(
            sha256=first.sha256, created_at=first.created_at, user=first.user_id
        )
        together.delete()
        if not text_document(document):
            return False
        question = Question(document, "", (first.line,), None, "", "", "", ())
        _read_again(as_printed(question).document, by=by)
        return True


def is_repeated(token: str) -> bool:
    """Whether a form with this token was taken before."""
    try:
        return bool(token) and ChangeSet.objects.filter(token=UUID(token)).exists()
    except ValueError:
        return False


def _locked(pk: int) -> Any:
    """The document, held until the transaction ends, so that of two answers at once the second finds it answered."""
    StoredDocument.objects.select_for_update().filter(pk=pk).values_list("pk").first()
    return document_with_doubts(pk=pk).get()


def _store(document: StoredDocument, corrections: Together, *, by: User) -> None:
    at = timezone.now()
    for item in corrections:
        DeclaredCorrection.objects.update_or_create(
            sha256=document.sha256,
            line=item.line,
            field=item.field,
            defaults={
                "was": item.was,
                "value": item.value,
                "reason": item.reason,
                "by": item.by,
                "user": by,
                "created_at": at,
            },
        )


def _read_again(document: Document, *, by: User) -> LoadReport:
    report = load([document], Options(by=by, door=DOOR))[0]
    if report.errors:
        raise Refused(f"The document cannot be read with that answer: {report.errors[0][0].says}")
    return report


# --- what an answer means --------------------------------------------------------------------------------------------


def settling(question: Question, value: str, *, reason: str, by: str) -> Together:
    """The corrections that settle the question with that value, tried out."""
    if question.about:
        return (Correction(question.lines[0], question.about, "", value, reason, by),)
    printed = as_printed(question)
    options = Options()
    before = {problem.says for problem, _ in try_out(printed.document, options, {}).errors}
    asks = ""
    for parts in _candidates(question, value, printed):
        corrections = tuple(Correction(line, field, was, now, reason, by) for line, field, was, now in parts)
        report = try_out(printed.document, options, {(item.line, item.field): item for item in corrections})
        errors = [problem.says for problem, _ in report.errors if problem.says not in before]
        same = [doubt.says for doubt, _ in report.doubts if _same(doubt.lines, doubt.column, question)]
        if not errors and not same:
            return corrections
        asks = asks or next(iter(errors or same))
    raise Refused(f"With that answer the document still cannot be read for certain: {asks}" if asks else _UNSETTLED)


_UNSETTLED = "That answer settles nothing in the document. Type the value as it should be read."
Part = tuple[int, str, str, str]  # line, field, was, value


def _same(lines: Sequence[int], column: str, question: Question) -> bool:
    return column == question.column and set(lines) == set(question.lines)


def _candidates(question: Question, value: str, printed: Printed) -> Iterator[tuple[Part, ...]]:
    """What the answer may mean, the likeliest first."""
    seen = set()
    for parts in _all_candidates(question, value, printed):
        if parts and parts not in seen:
            seen.add(parts)
            yield parts


def _all_candidates(question: Question, value: str, printed: Printed) -> Iterator[tuple[Part, ...]]:
    column = question.column
    given = [choice for choice, _ in question.choices if choice]
    if column == "unit":
        names = [*given[::-1], *(printed.words(question.lines[0], name) for name in ("activity", "name"))]
        yield from (((question.lines[0], "unit", was, value),) for was in dict.fromkeys(filter(None, names)))
        return
    if column in FIGURES and value in given:
        yield from _moves(question, value, printed)
        return
    if column == "activity":
        yield from _labels(question, value, printed)
    yield from _single(question, value, printed)


def _single(question: Question, value: str, printed: Printed) -> Iterator[tuple[Part, ...]]:
    """One cell of one of the lines is what the answer says; the others' pieces of it are blank."""
    column, lines = question.column, list(dict.fromkeys(question.lines))
    # A line of words that goes on from the one above is asked about with it, and is the last of them; in a table of
    # measures it is named first.
    order = lines if column in (*AMOUNTS, "title", "group", "measure", "code", "measure_unit") else lines[::-1]
    joined = " ".join(filter(None, (printed.words(line, column) for line in lines)))
    for line in order:
        own = printed.words(line, column) if column in printed.stands or not printed.stands else ""
        for was in dict.fromkeys((ascii_minus(own) if is_figure_like(own) else own, own, joined, "")):
            yield ((line, column, was, value),)
    filled = [line for line in lines if column in printed.stands and printed.words(line, column)]
    if len(filled) > 1:
        first, *rest = filled
        yield (
            (first, column, printed.words(first, column), value),
            *((line, column, printed.words(line, column), "") for line in rest),
        )


def _moves(question: Question, value: str, printed: Printed) -> Iterator[tuple[Part, ...]]:
    """A figure that stands beside one label and is another's: it is taken from its line and given to that one."""
    column, lines = question.column, sorted(set(question.lines))

    def text(line: int) -> str:
        return ascii_minus(printed.words(line, column))

    def label(line: int) -> str:
        return printed.words(line, "activity")

    filled = [line for line in lines if text(line)]
    if ": " in value and not any(label(line) == value for line in printed.table):
        # “Label: figure”: a piece on a line without a label, and the row that it may be a part of.
        named, _, figure = value.rpartition(": ")
        pieces = [line for line in filled if not label(line)]
        rows = [line for line in lines if line not in pieces]
        rows.sort(key=lambda line: (label(line) not in named and named != str(line), line))
        yield from (
            ((piece, column, text(piece), ""), (row, column, text(row), figure)) for piece in pieces for row in rows
        )
        return
    asked = [line for line in filled if f"“{printed.words(line, column)}”" in question.says] or filled
    for line in asked:
        if label(line) == value:
            yield ((line, column, text(line), text(line)),)
            continue
        targets = [other for other in printed.table if label(other) == value]
        for target in sorted(targets, key=lambda other: abs(other - line)):
            yield ((line, column, text(line), ""), (target, column, text(target), text(line)))


def _labels(question: Question, value: str, printed: Printed) -> Iterator[tuple[Part, ...]]:
    """Words beside no figures: they end the label above, begin the one below, or are nobody's."""
    lines = list(dict.fromkeys(question.lines))
    labels = {line: printed.words(line, "activity") for line in lines}
    figures = {line: any(printed.words(line, name) for name in FIGURES) for line in lines}
    loose = [line for line in lines if not figures[line]]
    first, last = lines[0], lines[-1]
    emptied = tuple((line, "activity", labels[line], "") for line in loose)
    if not value or (len(lines) > 1 and value == labels[first] and figures[first]):
        yield emptied
        return
    if figures[last] and labels[last] and value.endswith(labels[last]):
        yield ((last, "activity", labels[last], value),)
    if figures[first] and labels[first] and value.startswith(labels[first]):
        yield ((first, "activity", labels[first], value), *emptied)


def _sheet_answer(question: Question, value: str, reason: str, by: User) -> Together:
    """A workbook is read again at the next load; of it only names of units and the load's own questions are open."""
    if question.about:
        return (Correction(question.lines[0], question.about, "", value, reason, str(by)),)
    printed = [choice for choice, _ in question.choices if choice]
    was = printed[-1] if printed else ""
    return (Correction(question.lines[0], question.column, was, value, reason, str(by)),)

"""The open questions of each document's last load, and the answers that were given, as pages show them."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Func, IntegerField, JSONField, Q, QuerySet, Value
from django.db.models.fields.json import KT, KeyTransform
from django.db.models.functions import Coalesce

from indicators.models import MeasureUnit
from kentplan.printed.facsimile import STORED, StoredLine
from kentplan.printed.fields import AMOUNTS
from kentplan.printed.tables import with_tables
from plans.documents import plain
from plans.loading import BRING_BACK, KEEP
from plans.models import Correction, Document, DocumentFormat, PlanState, SourceLine
from plans.provenance import label_of, line_words

LINES_SHOWN = 8  # of a question in a list
NO_VALUE = "Leave it blank: no figure is meant"
_UNIT_CHOICES = tuple((value, str(label)) for value, label in MeasureUnit.choices)


@dataclass(frozen=True, slots=True)
class Question:
    """One open question: what it says, of which lines, and what may be answered."""

    document: Document
    key: str
    lines: tuple[int, ...]
    table: int | None
    column: str
    says: str
    about: str  # of a question of the load itself
    choices: tuple[tuple[str, str], ...]  # value, words

    @property
    def label(self) -> str:
        """What it is about: "Internal income"."""
        return label_of(self.column) if self.column else "The row"

    @property
    def where(self) -> str:
        return line_words(sorted(set(self.lines))) if self.lines else "the whole document"

    @property
    def is_amount(self) -> bool:
        return self.column in AMOUNTS and not self.about

    @property
    def may_type(self) -> bool:
        """Whether another value than the choices may be typed."""
        return not self.about and self.column != "measure_unit"

    @property
    def closed(self) -> str:
        """Why it cannot be answered any more; "" where it can."""
        plan = self.document.plan
        if plan is None or plan.state == PlanState.DRAFT:
            return ""
        return f"The plan is {plan.get_state_display().lower()}: its document is no longer read, so the question stays."


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the printed lines that it is about."""

    question: Question
    printed: tuple[StoredLine, ...]
    more: int  # lines that are not shown


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was given: one declared correction, or several that belong together."""

    pk: int  # of its first correction
    document: str
    lines: str
    label: str
    was: str
    value: str
    reason: str
    by: str
    at: datetime


def documents_with_doubts() -> Any:
    """Documents without their reports, with the doubts of their last load (`doubts`, as JSON text)."""
    documents = Document.objects.select_related("plan__year").annotate(doubts=KT("report__doubts"))
    return documents.order_by("plan__year__start", "plan__tier", "name", "pk")


def document_with_doubts(**lookup: Any) -> Any:
    """One of them, with what says which columns its tables have."""
    return with_tables(documents_with_doubts().filter(**lookup))


def questions_of(document: Any) -> list[Question]:
    """From a row of `documents_with_doubts`."""
    return [_question(document, doubt) for doubt in json.loads(document.doubts or "[]")]


def with_open_doubts(documents: QuerySet[Any]) -> Any:
    """Documents with how many questions their last load left open (`open_doubts`)."""
    doubts = Coalesce(KeyTransform("doubts", "report"), Value([], JSONField()))
    return documents.annotate(open_doubts=Func(doubts, function="jsonb_array_length", output_field=IntegerField()))


def key_of(doubt: Mapping[str, Any]) -> str:
    """What a doubt is known by from one load to the next: what it is about, and what it says."""
    told = json.dumps([list(doubt["lines"]), doubt["column"], doubt["says"]], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _question(document: Document, doubt: Mapping[str, Any]) -> Question:
    column = doubt["column"]
    about = doubt.get("about", "")
    return Question(
        document=document,
        key=key_of(doubt),
        lines=tuple(doubt["lines"]),
        table=doubt["table"],
        column=column,
        says=doubt["says"],
        about=about,
        choices=tuple(_choices(column, tuple(doubt["choices"]), about)),
    )


def _choices(column: str, given: Sequence[str], about: str) -> Iterable[tuple[str, str]]:
    if column == "measure_unit":
        yield from (*_UNIT_CHOICES, ("", "None: the figures have no unit"))
        return
    if about.startswith("edited:"):
        yield given[0], f"Keep what was edited here: {given[0]}"
        yield given[1], f"Take what the document says: {given[1]}"
        return
    for choice in given:
        yield choice, _choice_words(column, choice)
    if not about and column in AMOUNTS:
        yield "", NO_VALUE
    if column in ("section", "unit") and len(given) == 1:
        yield "", "It is no heading: the words belong to the row below"
    if column == "code" and "" not in given:
        yield "", "It has no code"


def _choice_words(column: str, choice: str) -> str:
    if choice in (BRING_BACK, KEEP) or choice:
        return choice[:1].upper() + choice[1:] if choice.islower() and column in ("", "activity") else choice
    return "It is none: another measure, or the rest of the name above"


def with_lines(questions: Sequence[Question]) -> list[Asked]:
    """The questions with their printed lines; one query for all."""
    wanted = Q(pk=None)
    for document in {question.document.pk for question in questions}:
        numbers = {
            line
            for question in questions
            if question.document.pk == document
            for line in sorted(set(question.lines))[:LINES_SHOWN]
        }
        wanted |= Q(document=document, number__in=numbers)
    rows = SourceLine.objects.filter(wanted).order_by("number").values_list("document", *STORED)
    stored = {(document, rest[0]): StoredLine(*rest) for document, *rest in rows}
    return [_asked(question, stored) for question in questions]


def _asked(question: Question, stored: Mapping[tuple[int, int], StoredLine]) -> Asked:
    numbers = sorted(set(question.lines))
    found = [stored[question.document.pk, number] for number in numbers if (question.document.pk, number) in stored]
    return Asked(question, tuple(found), len(numbers) - len(found) if len(numbers) > LINES_SHOWN else 0)


def answers_to(documents: Iterable[Document]) -> list[Answer]:
    """What people answered, newest first; one query. Corrections of one moment are one answer."""
    names = {document.sha256: document.name for document in documents}
    given = Correction.objects.filter(sha256__in=names, user__isnull=False).select_related("user")
    together: dict[Any, list[Correction]] = {}
    for correction in given.order_by("-created_at", "pk"):
        together.setdefault((correction.sha256, correction.created_at, correction.user_id), []).append(correction)
    return [_answer(group, names[group[0].sha256]) for group in together.values()]


def _answer(group: Sequence[Correction], name: str) -> Answer:
    # The one that gives a value says most; the others only empty the cells that it was taken from.
    first = next((item for item in group if item.value), group[0])
    kind, _, rest = first.field.partition(":")
    return Answer(
        pk=group[0].pk,
        document=name,
        lines=line_words(sorted({item.line for item in group})),
        label=f"{label_of(kind)}: {rest.split(':', 1)[-1]}" if rest else label_of(first.field),
        was=first.was,
        value=first.value or "blank",
        reason=first.reason,
        by=str(first.user or first.by),
        at=first.created_at,
    )


def text_document(document: Document) -> bool:
    """Whether the stored lines are the document itself, so that it can be read again at once."""
    return document.format == DocumentFormat.TEXT


def words_at(text: str, at: int | None) -> str:
    """The words of a cell of a line; of a line without columns all of them."""
    cells = text.split("\t")
    if at is None:
        return plain(text)
    return plain(cells[at]) if at < len(cells) else ""

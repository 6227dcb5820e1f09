"""Write a plan's key actions with their deliverables, and its consultation exercises."""

import calendar
from collections.abc import Sequence
from datetime import date
from html import escape

from plans.documents import ParsedTable
from plans.loading import Book, Entry, numbered
from plans.names import name_key
from plans.parsing import split_people
from projects.models import Consultation, Deliverable, KeyAction
from projects.parsing.actions import Action
from projects.parsing.consultations import Consultation as ConsultationRow

_CONSULTATION = ("dates", "feedback", "target_group", "area", "contractor", "purpose", "statutory", "contact")


def load(book: Book, tables: Sequence[ParsedTable]) -> None:
    """Write the actions and consultations of one document."""
    _load_actions(book, tables)
    _load_consultations(book, tables)


def _load_actions(book: Book, tables: Sequence[ParsedTable]) -> None:
    rows = book.rows(tables, "action", Action)
    by_action: dict[tuple[int, int], list[Action]] = {}
    for at, row in rows:
        by_action.setdefault((at, row.action_line), []).append(row)
    keys = numbered(
        " / ".join((tables[at].unit, row.section, name_key(row.action))) for (at, _), (row, *_) in by_action.items()
    )
    entries = [
        Entry(
            key=key,
            values={"relevant_plan": first.relevant_plan},
            fixed={
                "plan": book.plan,
                "unit": book.units[tables[at].unit] if tables[at].unit else None,
                "section": first.section,
                "text": first.action,
            },
            source=first.source,
            table=at,
        )
        for key, ((at, _), (first, *_)) in zip(keys, by_action.items(), strict=True)
    ]
    stored = book.upsert("action", entries, KeyAction.objects.for_plan(book.plan))
    actions = [
        (key, at, action, group)
        for key, action, ((at, _), group) in zip(keys, stored, by_action.items(), strict=True)
        if action is not None
    ]
    _load_deliverables(book, actions)
    _tie(book, [action for _, _, action, _ in actions])


def _tie(book: Book, actions: Sequence[KeyAction]) -> None:
    """Tie the actions to the officers and targets that their deliverables name as they stand, whoever wrote them."""
    named: dict[int, list[tuple[str, str]]] = {}
    stored = Deliverable.objects.filter(action__in=actions).order_by("position", "pk")
    for action, managers, links in stored.values_list("action", "managers", "links"):
        named.setdefault(action, []).append((managers, links))
    people = [
        [name for managers, _ in named.get(action.pk, ()) for name in split_people(escape(managers, quote=False))]
        for action in actions
    ]
    officers = book.officers(name for names in people for name in names)
    pairs = [action.references(links for _, links in named.get(action.pk, ())) for action in actions]
    targets = book.targets(pair for found in pairs for pair in found)
    book.link(actions, "managers", [[officers[name_key(name)] for name in names if name_key(name)] for names in people])
    book.link(actions, "targets", [[targets[pair] for pair in found] for found in pairs])


def _load_deliverables(book: Book, actions: Sequence[tuple[str, int, KeyAction, list[Action]]]) -> None:
    rows = [
        (f"{key} / {name_key(row.deliverable)}", at, action, row) for key, at, action, group in actions for row in group
    ]
    entries = []
    for key, (_, at, action, row) in zip(numbered(key for key, *_ in rows), rows, strict=True):
        start, end = days(row.due)
        entries.append(
            Entry(
                key=key,
                values={
                    "text": row.deliverable,
                    "managers": row.managers,
                    "links": row.links,
                    "due_start": start,
                    "due_end": end,
                    "due_precision": row.due_precision,
                    "due_printed": row.due_printed,
                },
                fixed={"action": action},
                source=row.source,
                table=at,
            )
        )
    book.upsert("deliverable", entries, Deliverable.objects.for_plan(book.plan))


def days(due: str) -> tuple[date | None, date | None]:
    """The first and last day of `2010-03`, `2010-03-31` or `2009-03/2009-09`; none for a blank."""
    if not due:
        return None, None
    first, _, last = due.partition("/")
    return _edge(first, last=False), _edge(last or first, last=True)


def _edge(words: str, *, last: bool) -> date:
    year, month, *day = map(int, words.split("-"))
    return date(year, month, day[0] if day else calendar.monthrange(year, month)[1] if last else 1)


def _load_consultations(book: Book, tables: Sequence[ParsedTable]) -> None:
    rows = book.rows(tables, "consultation", ConsultationRow)
    keys = numbered(f"{row.unit} / {name_key(row.name)}" for _, row in rows)
    entries = [
        Entry(
            key=key,
            values={name: getattr(row, name) for name in _CONSULTATION},
            fixed={"plan": book.plan, "unit": book.units[row.unit], "name": row.name},
            source=row.source,
            table=at,
        )
        for key, (at, row) in zip(keys, rows, strict=True)
    ]
    book.upsert("consultation", entries, Consultation.objects.for_plan(book.plan))

"""Write a plan's key actions with their deliverables, and its consultation exercises."""

import calendar
from collections.abc import Sequence
from datetime import date

from plans.documents import ParsedTable
from plans.loading import Book, Entry, numbered
from plans.names import name_key
from plans.parsing import references, split_people
from projects.models import Consultation, Deliverable, KeyAction
from projects.parsing.actions import Action, named_target
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
    people = [[name for row in group for name in split_people(row.managers)] for *_, group in actions]
    officers = book.officers(name for names in people for name in names)
    pairs = [[pair for row in group for pair in references(_links(row))] for *_, group in actions]
    targets = book.targets(pair for found in pairs for pair in found)
    linked = [action for _, _, action, _ in actions]
    book.link(linked, "managers", [[officers[name_key(name)] for name in names if name_key(name)] for names in people])
    book.link(linked, "targets", [[targets[pair] for pair in found] for found in pairs])
    _load_deliverables(book, actions)


def _links(row: Action) -> str:
    return f"{row.links}; {named_target(row.action, links=row.links, section=row.section)}".strip("; ")


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

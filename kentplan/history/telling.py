"""The changes in words: "Employee costs 1,515.0 → 1,540.0 on Statemented Pupil Support, by …: pay award"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone

from history.reading import UNTOLD
from history.tracked import value_of
from history.whole import Count, Group, Made, Operation, RowChange
from kentplan.history.naming import Names, Place, words_of, words_of_many
from kentplan.history.places import key_of, kind_of, parent_of
from plans.telling import BLANK, in_words, label_of

# What a row is compared by follows from its name.
NEVER_TOLD = UNTOLD | {"key", "check_key", "password", "last_login"}
LONG = 90  # characters, beyond which only the passage that changed is shown
AROUND = 40  # characters before and after it
OWNER = "The database’s owner"
OWNER_DOOR = "outside the portal"
COMMANDS = {
    "load_plan": "A load of documents",
    "run.py": "The demonstration",
    "make_administrator": "The command make_administrator",
}


@dataclass(frozen=True, slots=True)
class FieldTold:
    """One field that changed: in full, and the passage that differs where it is long."""

    label: str
    was: str
    became: str
    was_passage: str
    became_passage: str

    @property
    def is_long(self) -> bool:
        return (self.was, self.became) != (self.was_passage, self.became_passage)

    @property
    def is_text(self) -> bool:
        return max(len(self.was), len(self.became)) > LONG

    @property
    def was_or_none(self) -> str | None:
        return None if self.was == BLANK else self.was

    @property
    def became_or_none(self) -> str | None:
        return None if self.became == BLANK else self.became

    @property
    def is_figure(self) -> bool:
        return all(len(words) <= 16 and (words == BLANK or words[-1:].isdigit()) for words in (self.was, self.became))


@dataclass(frozen=True, slots=True)
class RowTold:
    """What was done to one row."""

    kind: str
    what: str  # "budget line"
    name: str
    url: str  # of its page, while it stands
    place: Place
    operation: Operation
    fields: tuple[FieldTold, ...]
    key: str

    @property
    def names_its_unit(self) -> bool:
        return self.place.unit in self.name


@dataclass(frozen=True, slots=True)
class Telling:
    """What one person did in one go."""

    pk: int | None  # of the change set; None for the database's owner
    at: datetime
    who: str
    door: str
    why: str
    rows: tuple[RowTold, ...]
    counts: tuple[str, ...]  # in place of the rows, where they are many: "Added 5 budget lines"
    number: int  # how many rows changed

    @property
    def time(self) -> str:
        """Of the day, where the council is."""
        return f"{timezone.localtime(self.at):%H:%M}"

    @property
    def url(self) -> str:
        return reverse("kentplan:change_set", kwargs={"pk": self.pk}) if self.pk else ""

    @property
    def number_of_rows(self) -> str:
        return "1 row" if self.number == 1 else f"{self.number:,} rows"

    @property
    def number_words(self) -> str:
        return "1 change" if self.number == 1 else f"{self.number:,} changes"


def tellings(
    made: Iterable[Made], counted: Iterable[Count], changes: Iterable[RowChange], names: Names
) -> list[Telling]:
    """The change sets, and what the owner did, newest first."""
    numbers: dict[Group, list[Count]] = {}
    for count in counted:
        numbers.setdefault(count.group, []).append(count)
    rows: dict[Group, list[RowTold]] = {}
    for change in changes:
        told = tell(change, names)
        if told is not None:
            rows.setdefault(change.group, []).append(told)
    # What came to nothing, a row added and removed in one go, has no number.
    found = [telling_of(item, rows.get(item.pk), numbers[item.pk]) for item in made if item.pk in numbers]
    found += [
        _of_owner(group, rows.get(group), of_group)
        for group, of_group in numbers.items()
        if isinstance(group, datetime)
    ]
    return sorted(found, key=lambda telling: (telling.at, telling.pk or 0), reverse=True)


def telling_of(made: Made, rows: list[RowTold] | None, counted: list[Count]) -> Telling:
    return Telling(
        pk=made.pk,
        at=made.at,
        who=who_made(made),
        door=made.door,
        why=made.why,
        rows=tuple(rows or ()),
        counts=tuple(counts_in_words(counted)),
        number=sum(count.number for count in counted),
    )


def _of_owner(group: datetime, rows: list[RowTold] | None, counted: list[Count]) -> Telling:
    return Telling(
        pk=None,
        at=group,
        who=OWNER,
        door=OWNER_DOOR,
        why="",
        rows=tuple(rows or ()),
        counts=tuple(counts_in_words(counted)),
        number=sum(count.number for count in counted),
    )


def who_made(made: Made) -> str:
    """The person, or the command that nobody signed in for."""
    return made.name or COMMANDS.get(made.door) or f"The command {made.door}"


def counts_in_words(counted: Iterable[Count]) -> Iterable[str]:
    """What was changed, in the order of its tables: "Added 5 budget lines, 1 measure", "Changed 3 budget lines"."""
    numbers: dict[Operation, list[str]] = {"added": [], "changed": [], "removed": []}
    for count in counted:
        numbers[count.operation].append(words_of_many(count.model, count.number))
    return [f"{operation.capitalize()} {', '.join(words)}" for operation, words in numbers.items() if words]


def tell(change: RowChange, names: Names) -> RowTold | None:
    """The change of a row; None where it says only where the row came from."""
    if change.model._meta.auto_created:
        return _tell_link(change, names)
    fields = tuple(_fields(change, names))
    if change.operation == "changed" and not fields:
        return None
    return RowTold(
        kind=kind_of(change.model).value,
        what=words_of(change.model),
        name=names.name_by(change.model, change.values),
        url=names.url(change.model, change.pk, change.values),
        place=names.place(change.model, change.values),
        operation=change.operation,
        fields=fields,
        key=key_of(change.model, change.pk),
    )


def _tell_link(change: RowChange, names: Names) -> RowTold | None:
    """A link between two rows is told of the row that has it: "Officers: nothing → Jo Smith"."""
    if change.operation == "changed":
        return None
    parent = parent_of(change.model)
    owner, pk = parent.related_model, change.values.get(parent.column)
    relation = next(field for field in owner._meta.local_many_to_many if field.remote_field.through is change.model)
    other = names.of(change.values, relation.m2m_reverse_name(), relation.related_model._meta.label_lower)
    words = (BLANK, other) if change.operation == "added" else (other, BLANK)
    values = names.rows.get((owner, pk or 0), ({}, False))[0]
    return RowTold(
        kind=kind_of(owner).value,
        what=words_of(owner),
        name=names.name(owner, pk),
        url=names.url(owner, pk, values) if pk else "",
        place=names.place(owner, values),
        operation="changed",
        fields=(FieldTold(label_of(relation), *words, *words),),
        key=key_of(owner, pk or 0),
    )


def _fields(change: RowChange, names: Names) -> Iterable[FieldTold]:
    before, after = change.before or {}, change.after or {}
    for field in change.model._meta.local_concrete_fields:
        if field.name in NEVER_TOLD or isinstance(field, models.GeneratedField) or field.column is None:
            continue
        if before.get(field.column) == after.get(field.column):  # or the history knows no such column
            continue
        values = value_of(field, before.get(field.column)), value_of(field, after.get(field.column))
        if values[0] == values[1]:
            continue
        was, became = (_in_words(field, value, names) for value in values)
        if was == became:  # a blank that is none, and one that is empty
            continue
        if field.name == "position" and change.operation != "changed":
            continue
        yield FieldTold(label_of(field), was, became, *passages(was, became))


def _in_words(field: Any, value: Any, names: Names) -> str:
    if value is not None and field.is_relation:
        return names.of({field.column: value}, field.column, field.related_model._meta.label_lower) or f"no. {value}"
    return in_words(field, value)


def passages(was: str, became: str) -> tuple[str, str]:
    """Of long texts only what differs, with some words before and after it."""
    if max(len(was), len(became)) <= LONG:
        return was, became
    start = _alike(was, became)
    end = _alike(was[start:][::-1], became[start:][::-1])
    return _cut(was, start, end), _cut(became, start, end)


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _cut(text: str, start: int, end: int) -> str:
    """`text` without most of its first `start` and last `end` characters, and no longer than a passage."""
    first = max(0, start - AROUND)
    last = min(len(text), len(text) - end + AROUND)
    if first:  # from the beginning of a word
        space = text.find(" ", first, start)
        first = space + 1 if space >= 0 else first
    if last < len(text):
        space = text.rfind(" ", len(text) - end, last)
        last = space if space > 0 else last
    shown = text[first:last]
    if len(shown) > 2 * LONG:
        shown, last = shown[: 2 * LONG].rsplit(" ", 1)[0], 0
    return f"{'… ' if first else ''}{shown}{' …' if last < len(text) else ''}" if shown else shown


@dataclass(frozen=True, slots=True)
class Day:
    """What was done on one day, where the council is."""

    date: date
    tellings: tuple[Telling, ...]


def by_day(found: Iterable[Telling]) -> list[Day]:
    return [
        Day(day, tuple(of_day)) for day, of_day in groupby(found, key=lambda told: timezone.localtime(told.at).date())
    ]

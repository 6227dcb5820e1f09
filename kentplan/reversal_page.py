"""What the page of a reversal shows: each row that it would alter, and what was changed again since."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from budgets.models import BudgetLine
from history.models import ChangeSet
from history.reversal import Cell, Deed, Reversal, Row, Values
from indicators.models import Figure, Listing
from people.models import Grant, User
from plans.models import Plan
from plans.telling import BLANK, THE_SYSTEM, in_words
from projects.models import Deliverable, KeyAction

Model = type[models.Model]

# What a row is called by, where it is not its own name, title or text alone.
CALLED_BY: dict[Model, tuple[str, ...]] = {
    Figure: ("listing_id", "kind", "period", "group_id", "area", "label"),
    Deliverable: ("text",),
    Grant: ("user_id", "role", "unit_id", "portfolio_id"),
    KeyAction.managers.through: ("officer_id", "keyaction_id"),
    KeyAction.targets.through: ("target_id", "keyaction_id"),
    Listing.targets.through: ("target_id", "listing_id"),
    Plan.units.through: ("unit_id", "plan_id"),
}
CALLED = {
    KeyAction.managers.through: "Manager",
    KeyAction.targets.through: "Target",
    Listing.targets.through: "Target",
    Plan.units.through: "Unit of a plan",
    User: "Person",
    Grant: "Role",
}
PLAIN_NAMES = ("activity", "name", "title", "text", "check_key", "label", "field", "code", "key")
OWN_PAGE: frozenset[Model] = frozenset({BudgetLine, KeyAction, Listing})
LONGEST = 90
# What a row that comes back is not told by.
UNTOLD = frozenset({"id", "position", "version", "provenance_id"})
# What follows from the words of a date is no change of its own.
FOLLOWS = frozenset({"due_start", "due_end", "due_precision"})
NAMES = {"due_printed": "Due", "position": "Place in the table"}


@dataclass(frozen=True, slots=True)
class Line:
    """A field: before the change, as the change made it, as it is; where it was altered again, by whom."""

    label: str
    before: str
    after: str
    now: str
    effect: str
    question: str = ""  # its key, where it is left alone unless it is confirmed
    confirmed: bool = False
    since: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One row, and what reversing does to it."""

    kind: str
    name: str
    url: str
    effect: str
    lines: tuple[Line, ...]
    comes_back: bool = False
    question: str = ""
    confirmed: bool = False
    since: str = ""

    @property
    def asked(self) -> "list[Line | Shown]":
        """What is left alone unless it is confirmed: the row, or fields of it."""
        items: list[Line | Shown] = [self, *self.lines]
        return [item for item in items if item.question]


@dataclass(frozen=True, slots=True)
class Preview:
    """The page: what would be done, and what would not."""

    of: ChangeSet
    rows: tuple[Shown, ...]
    done: int  # rows that are altered as the form stands
    questions: int
    obstacles: tuple[str, ...]
    seen: str

    @property
    def small(self) -> list[Shown]:
        """Rows with nothing to tell field by field."""
        return [row for row in self.rows if not row.lines and not row.question]

    @property
    def nothing_left(self) -> bool:
        return not self.done and not self.questions and not self.obstacles


def preview(
    of: ChangeSet, reversal: Reversal, *, confirmed: Collection[str] = (), locks: Collection[str] = ()
) -> Preview:
    """The page on what reversing `of` would do; one query for each model that the rows point to, and one for people."""
    words = _Words.of(reversal)
    return Preview(
        of=of,
        rows=tuple(words.shown(row, confirmed) for row in _in_order(reversal.rows)),
        done=len(reversal.does(confirmed)),
        questions=len(reversal.questions),
        obstacles=(
            *locks,
            *(
                f"{words.kind(row)} “{words.name(row)}” cannot be removed again: “{_short(str(other))}” hangs on it since."
                for row, other in reversal.obstacles
            ),
        ),
        seen=reversal.seen,
    )


def _in_order(rows: Iterable[Row]) -> list[Row]:
    """What asks something first; then by kind. Rows to which nothing happens come last."""
    return sorted(rows, key=lambda row: (not row.questions, not row.is_done(()), row.model._meta.label, row.pk))


@dataclass(frozen=True)
class _Words:
    """What rows, fields and change sets are called."""

    names: Mapping[tuple[Model, int], str]
    people: Mapping[int, ChangeSet]

    @classmethod
    def of(cls, reversal: Reversal) -> "_Words":
        asked: dict[Model, set[int]] = {}
        for row in reversal.rows:
            for key in _foreign_keys(row.model):
                for values in (row.before, row.after, row.now):
                    if values and values.get(key.attname) is not None:
                        asked.setdefault(key.related_model, set()).add(values[key.attname])
        names = {}
        for model, pks in asked.items():
            rows = model._base_manager.filter(pk__in=pks)
            for found in rows.select_related("year") if model is Plan else rows:
                names[model, found.pk] = str(found)
        since = {made_in for row in reversal.rows for made_in in row.since}
        return cls(names, ChangeSet.objects.select_related("by").in_bulk(since - {None}))

    def shown(self, row: Row, confirmed: Collection[str]) -> Shown:
        lines = tuple(self._lines(row, confirmed))
        question = row.key if row.key in row.questions else ""
        return Shown(
            kind=self.kind(row),
            name=self.name(row),
            url=_url(row),
            effect=self._effect(row, confirmed),
            lines=lines,
            comes_back=row.deed is Deed.RESTORE,
            question=question,
            confirmed=row.key in confirmed,
            since=self._by(row.since[-1]) if row.since and (question or row.removed_since) else "",
        )

    def kind(self, row: Row) -> str:
        name = CALLED.get(row.model) or str(row.model._meta.verbose_name)
        return name[:1].upper() + name[1:]

    def name(self, row: Row) -> str:
        values = row.now or row.before or row.after or {}
        fields = {field.attname: field for field in row.model._meta.local_concrete_fields}
        called_by = CALLED_BY.get(row.model) or next(((name,) for name in PLAIN_NAMES if name in fields), ())
        if not called_by:
            called_by = tuple(key.attname for key in _foreign_keys(row.model) if key.attname not in UNTOLD)
        said = [self._value(fields[name], values.get(name)) for name in called_by]
        return ", ".join(_short(words) for words in said if words != BLANK)

    def _lines(self, row: Row, confirmed: Collection[str]) -> Iterator[Line]:
        if row.deed is Deed.SET_BACK or (row.cells and row.removed_since):
            for cell in row.cells:
                yield from self._cell(row, cell, confirmed)
        elif row.deed is Deed.RESTORE or row.key in row.questions:
            for field in row.model._meta.local_concrete_fields:
                if (
                    field.attname in UNTOLD | FOLLOWS
                    or isinstance(field, models.GeneratedField)
                    or row.model._meta.auto_created
                ):
                    continue
                before, after, now = (self._at(field, values) for values in (row.before, row.after, row.now))
                if (row.deed is Deed.RESTORE and before != BLANK) or (row.deed is Deed.REMOVE and after != now):
                    yield Line(
                        _label(field), before, after, now, "" if row.key in confirmed else "Stays, unless you tick it"
                    )

    def _cell(self, row: Row, cell: Cell, confirmed: Collection[str]) -> Iterator[Line]:
        key = row.key_of(cell)
        asks = key in row.questions
        for place, name in enumerate(cell.names):
            field = row.model._meta.get_field(name)
            before, after, now = (self._value(field, values[place]) for values in (cell.before, cell.after, cell.now))
            if name in FOLLOWS or (place and before == after == now):
                continue
            yield Line(
                label=_label(field),
                before=before,
                after=after,
                now=now,
                effect=_effect_on(row, cell, asks=asks, confirmed=key in confirmed),
                question=key if asks and place == 0 else "",
                confirmed=key in confirmed,
                since=self._by(cell.since) if cell.altered_since and place == 0 else "",
            )

    def _effect(self, row: Row, confirmed: Collection[str]) -> str:
        if row.hangs:
            return f"Stays as it is: {row.hangs}."
        if row.removed_since:
            return "Left alone: it was removed since."
        if row.deed is Deed.NOTHING:
            return "Nothing to do: it is so already."
        if row.deed is Deed.RESTORE:
            return "Comes back, as it was removed."
        if row.deed is Deed.REMOVE:
            if row.altered_since and row.key not in confirmed:
                return "Was added by this change and altered since. Left alone, unless you say otherwise."
            return "Goes: this change added it."
        return ""

    def _by(self, made_in: int | None) -> str:
        found = self.people.get(made_in or 0)
        if found is None:
            return THE_SYSTEM
        return f"{found.by or THE_SYSTEM}, {found.at:%-d %B %Y}"

    def _at(self, field: Any, values: Values | None) -> str:
        return "not there" if values is None else self._value(field, values.get(field.attname))

    def _value(self, field: Any, value: Any) -> str:
        if field.is_relation and value is not None:
            return self.names.get((field.related_model, value), "one that was removed")
        return in_words(field, value)


def _effect_on(row: Row, cell: Cell, *, asks: bool, confirmed: bool) -> str:
    if cell.is_back:
        return "So again already"
    if row.removed_since:
        return "Left alone"
    if row.missing & set(cell.names):
        return "Left alone: what it named was removed"
    if asks:
        return "Set back, as you ticked" if confirmed else "Left alone, unless you tick it"
    return "Set back"


def _foreign_keys(model: Model) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if field.is_relation and field.attname not in UNTOLD]


def _label(field: Any) -> str:
    name = NAMES.get(field.name) or str(field.verbose_name)
    return name[:1].upper() + name[1:]


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rsplit(' ', 1)[0]}…"


def _url(row: Row) -> str:
    """Where the row has a page of its own, and stands."""
    if row.now is None or row.model not in OWN_PAGE:
        return ""
    found: Any = row.model(pk=row.pk)
    return str(found.get_absolute_url())

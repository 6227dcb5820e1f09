"""Reversing a change set: what each row that it touched was before, became, and is now, and setting it back.

    with held(change_set):
        reversal = Reversal.of(change_set)
        reversal.carry_out(confirmed)

What a person changed again since is left alone unless it is confirmed by its key. A row that was removed comes back under
its own id, in a version above all that it ever had, so that a form opened before the removal is stale. All is written
as any other change: inside a change set, in the triggers' sight, under every constraint and lock.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models, transaction

from history.models import ChangeSet
from history.tracked import Model, history_of, tracked_models

Values = Mapping[str, Any]  # by the field's attname: a foreign key as the other row's id

# What counts the changes, or says only where the row came from, is not set back.
KEPT = frozenset({"version", "provenance_id"})
# A removal and a return count as one change each, as their rows in the history do (`plans.editing` tells by the count).
STEPS_OF_A_RETURN = 2


class Deed(StrEnum):
    """What reversing does to a row."""

    REMOVE = "remove"
    RESTORE = "restore"
    SET_BACK = "set back"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Cell:
    """A field that the change set altered, or several that make sense only together."""

    names: tuple[str, ...]
    before: tuple[Any, ...]
    after: tuple[Any, ...]
    now: tuple[Any, ...]
    since: int | None = None  # the change set that altered it again last

    @property
    def is_back(self) -> bool:
        return self.now == self.before

    @property
    def altered_since(self) -> bool:
        return not self.is_back and self.now != self.after


@dataclass(frozen=True, slots=True)
class Row:
    """One row that the change set touched: as it was, as the change set left it, as it stands (None: not there)."""

    model: Model
    pk: int
    before: Values | None
    after: Values | None
    now: Values | None
    last_version: int
    since: tuple[int | None, ...] = ()  # the later change sets that touched it
    cells: tuple[Cell, ...] = ()
    hangs: str = ""  # why it must stay as it is, whatever is confirmed
    missing: frozenset[str] = frozenset()  # foreign keys to rows that are no longer there

    @property
    def key(self) -> str:
        return f"{self.model._meta.label_lower}-{self.pk}"

    @property
    def deed(self) -> Deed:
        if self.before is None:
            return Deed.NOTHING if self.now is None else Deed.REMOVE
        if self.after is None:
            return Deed.RESTORE if self.now is None else Deed.NOTHING
        left = self.now is not None and any(not cell.is_back for cell in self.cells)
        return Deed.SET_BACK if left else Deed.NOTHING

    @property
    def altered_since(self) -> bool:
        """A row that the change set added, and that another altered."""
        return self.deed is Deed.REMOVE and _told(self.now) != _told(self.after)

    @property
    def removed_since(self) -> bool:
        return self.after is not None and self.before is not None and self.now is None

    def key_of(self, cell: Cell) -> str:
        return f"{self.key}-{cell.names[0]}"

    @property
    def questions(self) -> list[str]:
        """What is left alone unless it is confirmed."""
        if self.hangs:
            return []
        if self.deed is Deed.SET_BACK:
            return [self.key_of(cell) for cell in self.cells if cell.altered_since]
        return [self.key] if self.altered_since else []

    def cells_to_set(self, confirmed: Collection[str]) -> list[Cell]:
        return [
            cell
            for cell in self.cells
            if not cell.is_back
            and not self.missing & set(cell.names)
            and (not cell.altered_since or self.key_of(cell) in confirmed)
        ]

    def is_done(self, confirmed: Collection[str]) -> bool:
        """Whether reversing does something to the row."""
        if self.hangs or self.deed is Deed.NOTHING:
            return False
        if self.deed is Deed.SET_BACK:
            return bool(self.cells_to_set(confirmed))
        return not self.altered_since or self.key in confirmed


@dataclass(frozen=True)
class Reversal:
    """What reversing a change set would do, row by row."""

    rows: tuple[Row, ...]
    # Rows that would have to go, but on which others hang: nothing is done while there are any.
    obstacles: tuple[tuple[Row, models.Model], ...] = field(default=())

    @classmethod
    def of(
        cls,
        change_set: ChangeSet,
        *,
        found: Mapping[Model, list[int]] | None = None,
        together: Mapping[Model, Collection[tuple[str, ...]]] | None = None,
        shared: Collection[Model] = (),
        along: Collection[Model] = (),
    ) -> "Reversal":
        """`found`: what it touched, where that is known. `together`: fields of a model that make sense only together.
        `shared`: models of whose rows others make use; such a row stays where others have come to hang on it.
        `along`: models of whose rows those that hang on a row go with it."""
        found = touched(change_set) if found is None else found
        rows = [
            row
            for model in sorted(found, key=lambda model: model._meta.label)
            for row in _rows(model, found[model], change_set.pk, (together or {}).get(model, ()))
        ]
        rows = _with_their_parents(_links_that_stand(rows))
        return _with_obstacles(rows, shared, along)

    @cached_property
    def seen(self) -> str:
        """A digest of what stands now: another one, and what was shown is no longer so."""
        stands = [(row.key, row.deed, sorted((row.now or {}).items())) for row in self.rows]
        return hashlib.sha256(repr(stands).encode()).hexdigest()[:32]

    def does(self, confirmed: Collection[str] = ()) -> list[Row]:
        """The rows that it would alter."""
        return [row for row in self.rows if row.is_done(confirmed)]

    @property
    def questions(self) -> list[str]:
        return [question for row in self.rows for question in row.questions]

    def carry_out(self, confirmed: Collection[str] = ()) -> None:
        """Set back, inside an open change set. A constraint that refuses raises here, not at the end."""
        to_do = self.does(confirmed)
        order = ranks()
        for row in sorted(to_do, key=lambda row: order[row.model], reverse=True):
            if row.deed is Deed.REMOVE:
                row.model._base_manager.filter(pk=row.pk)._raw_delete(
                    using=connection.alias
                )  # what hangs on it was looked for
        for row in to_do:
            if row.deed is Deed.SET_BACK:
                cells = row.cells_to_set(confirmed)
                values = {name: value for cell in cells for name, value in zip(cell.names, cell.before, strict=True)}
                row.model._base_manager.filter(pk=row.pk).update(**values)
        for row in sorted(to_do, key=lambda row: order[row.model]):
            if row.deed is Deed.RESTORE:
                _restore(row)
        connection.check_constraints()  # those of foreign keys else wait until the end of the transaction


@contextmanager
def held(change_set: ChangeSet) -> Iterator[None]:
    """A transaction in which nobody else alters what `change_set` touched, or reverses it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # A row that is not there cannot be locked; the change set itself may not be by the application's role.
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext('history.reversal'), %s::int)", [change_set.pk % 2**31]
            )
        found = touched(change_set)
        for model in sorted(found, key=lambda model: model._meta.label):
            list(model._base_manager.select_for_update().filter(pk__in=found[model]).order_by("pk").values_list("pk"))
        yield


def touched(change_set: ChangeSet) -> dict[Model, list[int]]:
    """The rows that a change set touched, by model; one query."""
    tracked = {model._meta.db_table: model for model in tracked_models()}
    parts = (
        f"SELECT '{table}', id FROM {history_of(model)} WHERE change_set_id = %(pk)s"  # noqa: S608 # names of our models
        for table, model in tracked.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION '.join(parts)} ORDER BY 1, 2", {"pk": change_set.pk})
        rows = cursor.fetchall()
    found: dict[Model, list[int]] = {}
    for table, pk in rows:
        found.setdefault(tracked[table], []).append(pk)
    return found


def values_of(model: Model, pks: Collection[int], names: Iterable[str]) -> dict[int, dict[str, Any]]:
    """What the fields `names` of rows are, or were last where they are no longer there; one query."""
    fields = [model._meta.get_field(name) for name in names]
    return {
        pk: values
        for pk, _, _, values in _versions(model, list(pks), fields)  # the newest comes last
    }


@cache
def ranks() -> dict[Model, int]:
    """The tracked models in an order in which each comes after those that it has foreign keys to."""
    found: dict[Model, int] = {}

    def visit(model: Model, above: frozenset[Model]) -> None:
        if model in found or model in above:
            return
        for key in _foreign_keys(model):
            if key.related_model in tracked_models():
                visit(key.related_model, above | {model})
        found[model] = len(found)

    for model in tracked_models():
        visit(model, frozenset())
    return found


# --- what was, what is -----------------------------------------------------------------------------------------------


def _rows(model: Model, pks: list[int], change_set: int, together: Collection[tuple[str, ...]]) -> Iterator[Row]:
    """The touched rows of one model, the latest change first, so that names go back the way that they came."""
    fields = [item for item in model._meta.local_concrete_fields if not isinstance(item, models.GeneratedField)]
    histories: dict[int, list[tuple[int | None, str, Values]]] = {}
    for pk, made_in, operation, values in _versions(model, pks, fields):
        histories.setdefault(pk, []).append((made_in, operation, values))
    for history in reversed(histories.values()):
        at = [place for place, (made_in, _, _) in enumerate(history) if made_in == change_set]
        before = _standing(history[at[0] - 1]) if at[0] else None
        after, now = _standing(history[at[-1]]), _standing(history[-1])
        later = history[at[-1] + 1 :]
        row = Row(
            model=model,
            pk=history[0][2]["id"],
            before=before,
            after=after,
            now=now,
            last_version=max(values.get("version") or 0 for _, _, values in history),
            since=tuple(dict.fromkeys(made_in for made_in, _, _ in later)),
        )
        yield replace(row, cells=tuple(_cells(row, later, together)))


def _standing(version: tuple[int | None, str, Values]) -> Values | None:
    _, operation, values = version
    return None if operation == "delete" else values


def _cells(
    row: Row, later: list[tuple[int | None, str, Values]], together: Collection[tuple[str, ...]]
) -> Iterator[Cell]:
    if row.before is None or row.after is None:
        return
    altered = [name for name, value in _told(row.before).items() if row.after[name] != value]
    groups = [names for names in together if set(names) & set(altered)]
    grouped = {name for names in groups for name in names}
    now = row.now if row.now is not None else row.after
    for names in [*groups, *((name,) for name in altered if name not in grouped)]:
        at = {
            source: tuple(values[name] for name in names) for source, values in enumerate((row.before, row.after, now))
        }
        last, since = at[1], None
        for made_in, operation, values in later:
            value = tuple(values[name] for name in names)
            if operation != "delete" and value != last:
                last, since = value, made_in
        yield Cell(names=names, before=at[0], after=at[1], now=at[2], since=since)


def _told(values: Values | None) -> dict[str, Any]:
    return {name: value for name, value in (values or {}).items() if name not in KEPT}


def _versions(
    model: Model, pks: list[int], fields: Iterable[Any]
) -> Iterator[tuple[int, int | None, str, dict[str, Any]]]:
    """Id, change set, operation and values of each version of rows: those altered first come first, each oldest first."""
    quote = connection.ops.quote_name
    kept = _columns_kept(model)
    fields = [item for item in fields if item.column in kept]
    columns = ", ".join(quote(item.column) for item in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, change_set_id, operation, {columns} FROM {history_of(model)}"  # noqa: S608 # names of our models
            # A deletion comes after the version that it ended, which may have begun in the same microsecond.
            " WHERE id = ANY(%s) ORDER BY id, valid_from, operation = 'delete'",
            [pks],
        )
        found = cursor.fetchall()
    converters = [item.get_db_converters(connection) for item in fields]
    for pk, made_in, operation, *values in found:
        for place, convert in enumerate(converters):
            for one in convert:
                values[place] = one(values[place], None, connection)
        yield pk, made_in, operation, dict(zip((item.attname for item in fields), values, strict=True))


@cache
def _columns_kept(model: Model) -> frozenset[str]:
    """The columns that the history knows: a password is in none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", [history_of(model)]
        )
        return frozenset(name for (name,) in cursor.fetchall())


# --- what stands in the way ------------------------------------------------------------------------------------------


def _foreign_keys(model: Model) -> list[Any]:
    return [item for item in model._meta.local_concrete_fields if item.is_relation]


def _links_that_stand(rows: list[Row]) -> list[Row]:
    """A link between two rows that was removed, and since made again under another id, stands: nothing is to be done.
    One that the change set itself made again goes, and the first comes back."""
    going = [(row.model, row.pk) for row in rows if row.deed is Deed.REMOVE]
    done: list[Row] = []
    for row in rows:
        if row.deed is Deed.RESTORE and row.model._meta.auto_created:
            ends = {key.attname: (row.before or {})[key.attname] for key in _foreign_keys(row.model)}
            gone = [pk for model, pk in going if model is row.model]
            if row.model._base_manager.filter(**ends).exclude(pk__in=gone).exists():
                row = replace(row, now=row.before)
        done.append(row)
    return done


def _with_their_parents(rows: list[Row]) -> list[Row]:
    """Rows that would come back without the row that they belong to stay away; a blank may stand for others."""
    back = {(row.model, row.pk) for row in rows if row.deed is Deed.RESTORE}
    asked: dict[Model, set[int]] = {}
    for _, key, value in _references(rows):
        asked.setdefault(key.related_model, set()).add(value)
    there = {
        (model, pk)
        for model, pks in asked.items()
        for pk in model._base_manager.filter(pk__in=pks).values_list("pk", flat=True)
    }
    order = ranks()
    done: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: order[row.model]):
        missing = {key for _, key, value in _references([row]) if not {(key.related_model, value)} & (there | back)}
        needed = [key for key in missing if not key.null and row.deed is Deed.RESTORE]
        if needed:
            back.discard((row.model, row.pk))
            names = " and ".join(str(key.verbose_name) for key in needed)
            row = replace(row, hangs=f"its {names} was removed since")
        done[row.key] = replace(row, missing=frozenset(key.attname for key in missing))
    return [done[row.key] for row in rows]


def _references(rows: Iterable[Row]) -> Iterator[tuple[Row, Any, int]]:
    """Which other rows those that come back, or get a foreign key back, would point to."""
    for row in rows:
        altered = {name for cell in row.cells for name in cell.names}
        for key in _foreign_keys(row.model):
            value = (row.before or {}).get(key.attname)
            if value is not None and (row.deed is Deed.RESTORE or key.attname in altered):
                yield row, key, value


def _with_obstacles(rows: list[Row], shared: Collection[Model], along: Collection[Model]) -> Reversal:
    going = {(row.model, row.pk) for row in rows if row.deed is Deed.REMOVE}
    # What another row points to now, and will no longer.
    moving = {
        (row.model, row.pk, name)
        for row in rows
        if row.deed is Deed.SET_BACK
        for cell in row.cells
        for name in cell.names
    }
    held_by: dict[tuple[Model, int], models.Model] = {}
    for model in {model for model, _ in going}:
        pks = [pk for other, pk in going if other is model]
        for relation in model._meta.get_fields(include_hidden=True):
            if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
                continue
            key: Any = relation.field  # type: ignore[union-attr]
            if key.model in along:
                continue
            for other in key.model._base_manager.filter(**{f"{key.name}__in": pks}):
                if (key.model, other.pk) not in going and (key.model, other.pk, key.attname) not in moving:
                    held_by.setdefault((model, getattr(other, key.attname)), other)
    done, obstacles = [], []
    for row in rows:
        other = held_by.get((row.model, row.pk))
        if other is not None and row.model in shared:
            row = replace(row, hangs=f"“{other}” makes use of it")
        elif other is not None:
            obstacles.append((row, other))
        done.append(row)
    return Reversal(tuple(done), tuple(obstacles))


def _restore(row: Row) -> None:
    """The row under its own id, as it was removed."""
    values = {name: None if name in row.missing else value for name, value in (row.before or {}).items()}
    if "version" in values:
        values["version"] = row.last_version + STEPS_OF_A_RETURN
    restored = row.model(**values)
    if isinstance(restored, AbstractBaseUser):
        restored.set_unusable_password()  # what it was is in no history
    restored.save_base(raw=True, force_insert=True)

"""The changes of many tables at once: which change sets made any, how many, and row by row.

A `Scope` says which tables are read, and which rows of each. What a change set did to a row is told as one change: the
row before the first of its versions there, and after the last. What the database's owner changed outside any change set
(a migration, a repair by hand) is gathered by the minute.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.contrib.auth import get_user_model
from django.db import connection

from history.tracked import Model, history_of

Operation = Literal["added", "changed", "removed"]
Group = int | datetime  # a change set's id, or the minute in which the owner made changes
MINUTE = "date_trunc('minute', h.valid_from)"
# A version of a row, and the one before it.
VERSION = f"""{{at}} AS place, h.id, h.change_set_id, h.valid_from, h.operation, to_jsonb(h)::text,
    CASE WHEN h.operation = 'update' THEN (
        SELECT to_jsonb(p)::text FROM {{history}} p
        WHERE p.id = h.id AND p.valid_from < h.valid_from AND p.operation <> 'delete' ORDER BY p.valid_from DESC LIMIT 1
    ) END,
    CASE WHEN h.change_set_id IS NULL THEN {MINUTE} END"""  # noqa: S608
LATEST = """
    SELECT {at}, last.* FROM unnest(%s::bigint[]) AS wanted (id) CROSS JOIN LATERAL (
        SELECT h.id, to_jsonb(h)::text, h.operation <> 'delete' FROM {history} h WHERE h.id = wanted.id
        ORDER BY h.valid_from DESC, h.operation = 'delete' DESC LIMIT 1
    ) AS last"""


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table that are asked for: `where`, in SQL on the versions `h`, narrows them down."""

    model: Model
    where: str = ""
    parameters: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked for. `is_narrow`: few of the change sets are likely to have any of it."""

    parts: tuple[Part, ...]
    is_narrow: bool = False

    def union(self, columns: str, where: str = "TRUE", parameters: Sequence[Any] = ()) -> tuple[str, list[Any]]:
        """SQL for `columns` of the versions for which `where` holds, and its parameters; `{at}` is the table's number."""
        selects, given = [], []
        for at, part in enumerate(self.parts):
            narrowed = f" AND {part.where}" if part.where else ""
            # Names of our own models, and conditions that are written in the code.
            source = history_of(part.model)
            named = columns.format(at=at, history=source)
            selects.append(f"(SELECT {named} FROM {source} h WHERE {where}{narrowed})")  # noqa: S608
            given += [*parameters, *part.parameters]
        return " UNION ALL ".join(selects), given


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when the owner's changes are told, the end not included; None: from, or to, the last there is.

    With `before`, at most to when the change set of that id was made.
    """

    since: datetime | None
    until: datetime | None
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which change sets are asked for."""

    by: int | None = None
    doors: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None  # not included

    @property
    def owner_too(self) -> bool:
        return self.by is None and not self.doors


@dataclass(frozen=True, slots=True)
class Made:
    """A change set as it is told: who made it (blank for a command), when, through which door, why."""

    pk: int
    at: datetime
    door: str
    why: str
    by: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of a table a group added, changed or removed."""

    group: Group
    model: Model
    operation: Operation
    number: int


@dataclass(frozen=True, slots=True)
class RowChange:
    """What a group did to a row: its values before and after by column, as JSON writes them; None: not there."""

    group: Group
    at: datetime
    model: Model
    pk: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def operation(self) -> Operation:
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def values(self) -> dict[str, Any]:
        """Those of the row as it was last."""
        return self.after or self.before or {}


def change_sets(scope: Scope, asked: Asked, *, before: int | None, at_most: int) -> list[Made]:
    """The newest change sets, before the one with the id `before`, that changed any of `scope`."""
    if not scope.parts:
        return []
    conditions, parameters = ["TRUE"], []
    for condition, value in (
        ("c.id < %s", before),
        ("c.by_id = %s", asked.by),
        ("c.door = ANY(%s)", list(asked.doors) or None),
        ("c.at >= %s", asked.since),
        ("c.at < %s", asked.until),
    ):
        if value is not None:
            conditions.append(condition)
            parameters.append(value)
    if scope.is_narrow:
        within, given = scope.union("h.change_set_id")
        touched, conditions = "", [*conditions, f"c.id IN ({within})"]
        parameters = [*parameters, *given]
    else:
        # Change set by change set from the newest on, and no further than the page goes.
        within, given = scope.union("1", "h.change_set_id = c.id")
        touched = f"CROSS JOIN LATERAL (SELECT FROM ({within}) AS any_of_it LIMIT 1) AS touched"
        parameters = [*given, *parameters]
    people = connection.ops.quote_name(get_user_model()._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.at, c.door, c.why, c.by_id, coalesce(u.name, '') FROM public.history_changeset c"  # noqa: S608
            f" LEFT JOIN public.{people} u ON u.id = c.by_id {touched}"
            f" WHERE {' AND '.join(conditions)} ORDER BY c.id DESC LIMIT %s",
            [*parameters, at_most],
        )
        return [Made(*row) for row in cursor.fetchall()]


def counts(scope: Scope, made_in: Collection[int], owner: Span | None) -> list[Count]:
    """How many rows each of the change sets, and the owner within the span, added, changed and removed; one query."""
    if not scope.parts:
        return []
    within, parameters = _gathered(scope, made_in, owner)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT change_set_id, minute, place, CASE WHEN added THEN 'added' WHEN removed THEN 'removed'"  # noqa: S608
            f" ELSE 'changed' END, count(*) FROM ({within}) AS gathered WHERE NOT (added AND removed)"
            " GROUP BY 1, 2, 3, 4 ORDER BY 3, 4",
            parameters,
        )
        rows = cursor.fetchall()
    models = [part.model for part in scope.parts]
    return [Count(pk or minute, models[place], operation, number) for pk, minute, place, operation, number in rows]


def row_changes(scope: Scope, groups: Collection[Group]) -> list[RowChange]:
    """What the groups did, row by row: by table as `scope` has them, then by id; one query."""
    pks = [group for group in groups if isinstance(group, int)]
    minutes = [group for group in groups if not isinstance(group, int)]
    return _rows(scope, *_of_groups(pks, minutes)) if pks or minutes else []


def row_changes_of(scope: Scope, change_set: int, *, start: int, at_most: int) -> list[RowChange]:
    """`at_most` of the rows that a change set changed, after the first `start` of them; two queries."""
    within, parameters = scope.union(
        "{at} AS place, h.id, h.operation = 'insert' AS added, h.operation = 'delete' AS removed",
        "h.change_set_id = %s",
        [change_set],
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT place, id FROM ({within}) AS versions GROUP BY 1, 2"  # noqa: S608
            " HAVING NOT (bool_or(added) AND bool_or(removed)) ORDER BY 1, 2 LIMIT %s OFFSET %s",
            [*parameters, at_most, start],
        )
        picked = cursor.fetchall()
    if not picked:
        return []
    places = sorted({place for place, _ in picked})
    ids = {place: [pk for at, pk in picked if at == place] for place in places}
    narrowed = Scope(tuple(_of_rows(scope.parts[place], ids[place]) for place in places))
    return _rows(narrowed, "h.change_set_id = %s", [change_set])


def latest(wanted: dict[Model, set[int]]) -> dict[tuple[Model, int], tuple[dict[str, Any], bool]]:
    """The last version of each row that is wanted, by column as JSON writes it, and whether it still stands; one query."""
    models = [model for model, pks in wanted.items() if pks]
    if not models:
        return {}
    # By the index on (id, valid_from), one version of each: those before it are many, and long.
    selects = [LATEST.format(at=at, history=history_of(model)) for at, model in enumerate(models)]
    within, parameters = " UNION ALL ".join(selects), [sorted(wanted[model]) for model in models]
    with connection.cursor() as cursor:
        cursor.execute(within, parameters)
        rows = cursor.fetchall()
    return {(models[place], pk): (_read(text), stands) for place, pk, text, stands in rows}


def _of_rows(part: Part, pks: list[int]) -> Part:
    where = f"{part.where} AND h.id = ANY(%s)" if part.where else "h.id = ANY(%s)"
    return replace(part, where=where, parameters=(*part.parameters, pks))


def _of_groups(pks: Iterable[int], minutes: Iterable[datetime]) -> tuple[str, list[Any]]:
    where = "h.change_set_id = ANY(%s)"
    parameters: list[Any] = [list(pks)]
    if minutes := list(minutes):
        where = f"({where} OR h.change_set_id IS NULL AND {MINUTE} = ANY(%s))"
        return where, [*parameters, minutes]
    return where, parameters


def _gathered(scope: Scope, made_in: Collection[int], owner: Span | None) -> tuple[str, list[Any]]:
    """SQL for each row that was touched, with what became of it, by change set or minute."""
    where = "h.change_set_id = ANY(%s)"
    parameters: list[Any] = [list(made_in)]
    if owner is not None:
        span = "h.change_set_id IS NULL"
        if owner.since is not None:
            span += " AND h.valid_from >= %s"
            parameters.append(owner.since)
        if owner.until is not None:
            span += " AND h.valid_from < %s"
            parameters.append(owner.until)
        if owner.before is not None:
            span += (
                " AND h.valid_from < (SELECT at FROM public.history_changeset WHERE id <= %s ORDER BY id DESC LIMIT 1)"
            )
            parameters.append(owner.before)
        where = f"({where} OR {span})"
    within, given = scope.union(
        "{at} AS place, h.change_set_id, CASE WHEN h.change_set_id IS NULL THEN " + MINUTE + " END AS minute, h.id,"
        " h.operation",
        where,
        parameters,
    )
    return (
        "SELECT place, change_set_id, minute, bool_or(operation = 'insert') AS added,"  # noqa: S608
        f" bool_or(operation = 'delete') AS removed FROM ({within}) AS versions GROUP BY place, change_set_id, minute, id",
        given,
    )


def _rows(scope: Scope, where: str, parameters: Sequence[Any]) -> list[RowChange]:
    within, given = scope.union(
        VERSION,
        where,
        parameters,
    )
    with connection.cursor() as cursor:
        # A deletion comes after the version that it ended, which may have begun in the same microsecond.
        cursor.execute(
            f"SELECT * FROM ({within}) AS v (place, id, change_set_id, at, operation, row, before, minute)"  # noqa: S608
            " ORDER BY place, id, at, operation = 'delete'",
            given,
        )
        versions = cursor.fetchall()
    return [change for change in _net(scope, versions) if change.before is not None or change.after is not None]


def _net(scope: Scope, versions: list[tuple[Any, ...]]) -> Iterator[RowChange]:
    """What each group did to each row, from the first of its versions to the last."""
    found: dict[tuple[int, int, Group], RowChange] = {}
    for place, pk, change_set, at, operation, row, before, minute in versions:
        group: Group = change_set or minute
        here = found.get((place, pk, group))
        values = _read(row)
        if here is None:
            was = values if operation == "delete" else _read(before) if before else None
            here = RowChange(group, at, scope.parts[place].model, pk, was, None)
        found[place, pk, group] = replace(here, after=None if operation == "delete" else values)
    yield from found.values()


def _read(text: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return values

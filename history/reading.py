"""What happened to a row, as its page tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection, models

from history.models import ChangeSet

# What follows from the other fields, or says only where the row came from, is no change to tell of; a person's password
# and sign-ins are in no history.
UNTOLD = frozenset({"id", "version", "provenance", "password", "last_login"})


@dataclass(frozen=True, slots=True)
class Change:
    """One version of a row: who made it (None: the database's owner), when, and each field that it changed."""

    change_set: ChangeSet | None
    at: datetime
    operation: Literal["insert", "update", "delete"]
    fields: dict[str, tuple[Any, Any]]  # field name: (before, after); a foreign key as the other row's id


def changes_of(instance: models.Model) -> list[Change]:
    """The changes of one row, newest first; two queries however many there are."""
    return _changes(type(instance), column="id", value=instance.pk).get(instance.pk, [])


def changes_under(parent: models.Model, relation: str) -> dict[int, list[Change]]:
    """The changes of each row that belongs to `parent`, or did, by the row's id; two queries however many there are."""
    field: Any = parent._meta.get_field(relation)
    return _changes(field.related_model, column=field.field.column, value=parent.pk)


def added_in(change_set: ChangeSet, model: type[models.Model]) -> list[int]:
    """The ids of the rows that a change set added to a table; one query."""
    table = f"history.{connection.ops.quote_name(model._meta.db_table)}"
    with connection.cursor() as cursor:
        statement = f"SELECT id FROM {table} WHERE change_set_id = %s AND operation = 'insert' ORDER BY id"  # noqa: S608
        cursor.execute(statement, [change_set.pk])
        return [pk for (pk,) in cursor.fetchall()]


def _changes(model: type[models.Model], *, column: str, value: Any) -> dict[int, list[Change]]:
    told = [
        field
        for field in model._meta.local_concrete_fields
        if field.name not in UNTOLD and not isinstance(field, models.GeneratedField)
    ]
    versions = _versions(model, told, column=column, value=value)
    change_sets = ChangeSet.objects.select_related("by").in_bulk({row[1] for row in versions} - {None})
    changes: dict[int, list[Change]] = {}
    blank: list[Any] = [None] * len(told)
    before = blank
    for pk, change_set_id, at, operation, *values in versions:
        if pk not in changes:
            changes[pk], before = [], blank
        after = blank if operation == "delete" else values
        changed = {field.name: (old, new) for field, old, new in zip(told, before, after, strict=True) if old != new}
        made_in = change_sets.get(change_set_id)
        changes[pk].insert(0, Change(change_set=made_in, at=at, operation=operation, fields=changed))
        before = after
    return changes


def _versions(model: type[models.Model], fields: list[Any], *, column: str, value: Any) -> list[tuple[Any, ...]]:
    """Id, change set, time, operation and `fields` of each version of the rows with `value`: by row, oldest first."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    table = f"history.{quote(model._meta.db_table)}"
    with connection.cursor() as cursor:
        cursor.execute(
            # Every name in it is a model's own, quoted.
            f"SELECT id, change_set_id, valid_from, operation, {columns} FROM {table} "  # noqa: S608
            # A deletion comes after the version that it ended, which may have begun in the same microsecond.
            # Whoever looks back is told no more than had happened then (history.as_of).
            f"WHERE {quote(column)} = %s AND (valid_from <= asof.moment()) IS NOT FALSE "
            "ORDER BY id, valid_from, operation = 'delete'",
            [value],
        )
        rows = cursor.fetchall()
    converters = [field.get_db_converters(connection) for field in fields]
    return [(*row[:4], *map(_converted, row[4:], converters)) for row in rows]


def _converted(value: Any, converters: list[Any]) -> Any:
    for convert in converters:
        value = convert(value, None, connection)
    return value

"""What happened to a row, as its page tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection, models

from history.models import ChangeSet

# What follows from the other fields, or says only where the row came from, is no change to tell of.
UNTOLD = frozenset({"id", "version", "provenance"})


@dataclass(frozen=True, slots=True)
class Change:
    """One version of a row: who made it (None: the database's owner), when, and each field that it changed."""

    change_set: ChangeSet | None
    at: datetime
    operation: Literal["insert", "update", "delete"]
    fields: dict[str, tuple[Any, Any]]  # field name: (before, after); a foreign key as the other row's id


def changes_of(instance: models.Model) -> list[Change]:
    """The changes of one row, newest first; two queries however many there are."""
    told = [
        field
        for field in instance._meta.local_concrete_fields
        if field.name not in UNTOLD and not isinstance(field, models.GeneratedField)
    ]
    versions = _versions(instance, told)
    change_sets = ChangeSet.objects.select_related("by").in_bulk({row[0] for row in versions} - {None})
    changes = []
    blank: list[Any] = [None] * len(told)
    before = blank
    for change_set_id, at, operation, *values in versions:
        after = blank if operation == "delete" else values
        changed = {field.name: (old, new) for field, old, new in zip(told, before, after, strict=True) if old != new}
        changes.append(Change(change_set=change_sets.get(change_set_id), at=at, operation=operation, fields=changed))
        before = after
    return changes[::-1]


def _versions(instance: models.Model, fields: list[Any]) -> list[tuple[Any, ...]]:
    """Change set, time, operation and `fields` of each version of the row, oldest first."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    table = f"history.{quote(instance._meta.db_table)}"
    with connection.cursor() as cursor:
        cursor.execute(
            # Every name in it is a model's own, quoted.
            f"SELECT change_set_id, valid_from, operation, {columns} FROM {table} WHERE id = %s "  # noqa: S608
            # A deletion comes after the version that it ended, which may have begun in the same microsecond.
            "ORDER BY valid_from, operation = 'delete'",
            [instance.pk],
        )
        rows = cursor.fetchall()
    converters = [field.get_db_converters(connection) for field in fields]
    return [(*row[:3], *map(_converted, row[3:], converters)) for row in rows]


def _converted(value: Any, converters: list[Any]) -> Any:
    for convert in converters:
        value = convert(value, None, connection)
    return value

"""Which tables have a history, and what a version of a row in it holds."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models

Model = type[models.Model]


@cache
def tracked_models() -> tuple[Model, ...]:
    """Every model whose table has a history, the links between rows among them; asked of the database once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'history'::regnamespace AND relkind = 'r'")
        tables = {name for (name,) in cursor.fetchall()}
    return tuple(model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in tables)


def history_of(model: Model) -> str:
    """The table with the model's history, as SQL names it."""
    return f"history.{connection.ops.quote_name(model._meta.db_table)}"


def value_of(field: Any, written: Any) -> Any:
    """What `field` makes of a value that `to_jsonb` wrote, read with each number as a Decimal or an int."""
    if written is None:
        return None
    if isinstance(field, models.DecimalField):
        written = Decimal(written)
    elif isinstance(field, models.DateField) and not isinstance(written, date):
        written = field.to_python(written)
    for convert in field.get_db_converters(connection):
        written = convert(written, None, connection)
    return written

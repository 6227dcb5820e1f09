"""Reading the plan as it stood: inside `looking_back`, every table that people change is what it was at that moment.

    with looking_back(end_of(day)):
        …  # the pages' code as it is

A view of each table's history stands under the table's name in the schema `asof`, which comes first on the search path
here. Who is signed in, where rows came from and what documents print are those of today.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone


def end_of(day: date) -> datetime:
    """The moment at which `day` is over, where the council is."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


@contextmanager
def looking_back(moment: datetime) -> Iterator[None]:
    """The block reads what stood at `moment`, and can write nothing."""
    with transaction.atomic(), _grouping_by_each_column():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('search_path', 'asof, public', true), set_config('kentplan.as_of', %s, true),"
                " set_config('transaction_read_only', 'on', true)",
                [f"{moment.timestamp():.6f}"],
            )
        yield
        transaction.set_rollback(True)  # there is nothing to keep, and the settings go with it where it is a savepoint


@contextmanager
def _grouping_by_each_column() -> Iterator[None]:
    """Django groups a table's rows by its key alone, which PostgreSQL takes of a table but not of a view."""
    features: Any = connection.features
    features.allows_group_by_selected_pks = False  # of this thread's connection
    try:
        yield
    finally:
        features.allows_group_by_selected_pks = True

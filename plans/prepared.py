"""Queries that every page asks, written once: Django takes longer to write a query's SQL than PostgreSQL to answer it.

    LINES = Prepared(lambda unit, year: BudgetLine.objects.filter(unit=unit, year=year).values_list("pk", …), int, int)

    LINES.rows(unit.pk, year.pk)

It gives what the queryset would: the same rows in the same order, each value converted by its field.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

# Keys that no query has of itself stand in for the real ones while the SQL is written. Whole numbers fit a smallint.
MARKS: dict[type, Callable[[int], Any]] = {int: lambda at: 31_700 + at, str: lambda at: f"\x01key {at}"}


@dataclass(frozen=True, slots=True)
class _Written:
    sql: str
    parameters: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]  # which parameter is which key
    converters: tuple[tuple[int, list[Callable[..., Any]], Any], ...]


class Prepared:
    """A queryset of `values_list` rows as a function of its keys, each an `int` or a `str`."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *kinds: type) -> None:
        self.build = build
        self.marks = [MARKS[kind](at) for at, kind in enumerate(kinds)]
        self.written: _Written | None = None

    def rows(self, *keys: Any) -> list[tuple[Any, ...]]:
        """The rows for these keys; one query."""
        written = self.written = self.written or self._write()
        parameters = list(written.parameters)
        for place, key in written.places:
            parameters[place] = keys[key]
        with connection.cursor() as cursor:
            cursor.execute(written.sql, parameters)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        if not (written.converters and found):
            return found
        columns: list[Iterable[Any]] = list(zip(*found, strict=True))
        for at, converters, expression in written.converters:
            for convert in converters:
                columns[at] = [convert(value, expression, connection) for value in columns[at]]
        return list(zip(*columns, strict=True))

    def _write(self) -> _Written:
        compiler: Any = self.build(*self.marks).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters([expression for expression, *_ in compiler.select])
        places = [(at, self.marks.index(value)) for at, value in enumerate(parameters) if value in self.marks]
        assert {key for _, key in places} == set(range(len(self.marks))), f"A key is not in the query: {sql}"
        return _Written(
            sql, tuple(parameters), tuple(places), tuple((at, *converter) for at, converter in converters.items())
        )

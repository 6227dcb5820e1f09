"""Columns of lists, for django-tables2: how each is headed and sorted. Rows are written by templates/rows/.

Blanks come last whichever way a column is sorted, and rows that are equal keep one order, so that pages do not overlap.
"""

from typing import Any

import django_tables2
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower, NullIf


class Column(django_tables2.Column):
    """Dates, positions, and whatever else sorts as the database keeps it. `order_by` gives other fields to sort by."""

    numeric = False  # ranged right
    words = False  # needs room

    def order(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        keys = [self.key(str(path).replace(".", "__")) for path in self.order_by or [self.accessor]]
        turned = [_turned(key, is_descending=is_descending) for key in keys]
        return queryset.order_by(*turned, "pk"), True

    def key(self, path: str) -> Combinable:
        return F(path)


class TextColumn(Column):
    """Words: sorted without regard to capitals, which the database puts before every small letter."""

    words = True

    def key(self, path: str) -> Combinable:
        # The type is said, since a grouped query must know it and fields of words have two.
        return NullIf(Lower(path), Value(""), output_field=TextField())


class FigureColumn(Column):
    """Figures: ranged right."""

    numeric = True


def _turned(key: Any, *, is_descending: bool) -> Any:
    return key.desc(nulls_last=True) if is_descending else key.asc(nulls_last=True)

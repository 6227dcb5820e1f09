"""What the filters of lists share. A list under /…/<year>/ offers the units and portfolios of that year."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from plans.models import Portfolio, Target, Unit, UnitYear
from plans.prepared import Prepared

LONGEST_SEARCH = 200
UNKNOWN_CHOICE = {"invalid_choice": "there is no such choice here."}


class TextFilter(django_filters.CharFilter):
    """A search for words; `method` of the filter set says where they are looked for."""

    def __init__(self, *, label: str, method: str) -> None:
        super().__init__(label=label, method=method, max_length=LONGEST_SEARCH)


_UNITS = Prepared(
    lambda start: Unit.objects.filter(unit_years__year__start=start).by_name().values_list("slug", "name"), int
)
_PORTFOLIOS = Prepared(
    lambda start: (
        Portfolio.objects.filter(pk__in=UnitYear.objects.filter(year__start=start).values("portfolio"))
        .order_by(Lower("name"), "pk")
        .values_list("pk", "name")
    ),
    int,
)


class ChoicesOfYear(ModelChoiceIterator):
    """The choices of a list of one year, each its value and its name, by a query that is written once."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.of_year is None:
            yield from super().__iter__()
            return
        yield "", self.field.empty_label
        yield from self.field.of_year()


class ChoiceOfYearField(ModelChoiceField):
    iterator = ChoicesOfYear
    of_year: Callable[[], list[tuple[Any, ...]]] | None = None


class ChoiceOfYearFilter(django_filters.ModelChoiceFilter):
    """A choice of what there is in the year of the list's address, if it has one."""

    field_class = ChoiceOfYearField
    choices: Prepared

    @property
    def field(self) -> forms.Field:
        field: forms.Field = super().field
        start = _year(self.get_request())
        if start and isinstance(field, ChoiceOfYearField):
            field.of_year = partial(self.choices.rows, start)
        return field


class UnitFilter(ChoiceOfYearFilter):
    """A unit, by its name in addresses: `?unit=clusters`."""

    choices = _UNITS

    def __init__(self, *, field_name: str = "unit") -> None:
        super().__init__(
            field_name=field_name,
            queryset=_units,
            to_field_name="slug",
            label="Unit",
            empty_label="All",
            error_messages=UNKNOWN_CHOICE,
        )


class PortfolioFilter(ChoiceOfYearFilter):
    """A portfolio in which units stand in the year: `?portfolio=2`."""

    choices = _PORTFOLIOS

    def __init__(self, *, method: str | None = None, field_name: str = "portfolio") -> None:
        super().__init__(
            field_name=field_name,
            queryset=_portfolios,
            label="Portfolio",
            empty_label="All",
            method=method,
            error_messages=UNKNOWN_CHOICE,
        )


class SchemeFilter(django_filters.ChoiceFilter):
    """A scheme of corporate targets, by its name: `?scheme=LAA`; `method` of the filter set says what belongs to it."""

    def __init__(self, *, method: str) -> None:
        super().__init__(label="Target scheme", empty_label="All", method=method)

    @property
    def field(self) -> forms.Field:
        if "choices" not in self.extra:  # the schemes as they stand when the list is asked for
            schemes = Target.objects.order_by("scheme").values_list("scheme", flat=True).distinct()
            self.extra["choices"] = [(scheme, scheme) for scheme in schemes]
        field: forms.Field = super().field
        return field


def _year(request: HttpRequest) -> int | None:
    """The year of the list's address; None where it has none."""
    match = request.resolver_match
    return match.kwargs.get("year") if match else None


def _units(request: HttpRequest) -> QuerySet[Unit]:
    start = _year(request)
    return (Unit.objects.filter(unit_years__year__start=start) if start else Unit.objects.all()).by_name()


def _portfolios(request: HttpRequest) -> QuerySet[Portfolio]:
    start = _year(request)
    portfolios = Portfolio.objects.order_by(Lower("name"), "pk")
    return portfolios.filter(unit_years__year__start=start).distinct() if start else portfolios

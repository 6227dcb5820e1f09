"""What the filters of lists share. A list under /…/<year>/ offers the units and portfolios of that year."""

import django_filters
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest

from plans.models import Portfolio, Unit

LONGEST_SEARCH = 200


class TextFilter(django_filters.CharFilter):
    """A search for words; `method` of the filter set says where they are looked for."""

    def __init__(self, *, label: str, method: str) -> None:
        super().__init__(label=label, method=method, max_length=LONGEST_SEARCH)


class UnitFilter(django_filters.ModelChoiceFilter):
    """A unit, by its name in addresses: `?unit=clusters`."""

    def __init__(self, *, field_name: str = "unit") -> None:
        super().__init__(field_name=field_name, queryset=_units, to_field_name="slug", label="Unit", empty_label="All")


class PortfolioFilter(django_filters.ModelChoiceFilter):
    """A portfolio in which units stand in the year: `?portfolio=2`."""

    def __init__(self, *, method: str | None = None, field_name: str = "portfolio") -> None:
        super().__init__(
            field_name=field_name, queryset=_portfolios, label="Portfolio", empty_label="All", method=method
        )


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

"""What must tie among measures: a figure that the year's plans print twice is printed with one value."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from indicators.models import Figure, FigureKind, Listing
from plans import calendar
from plans.checks import Check, Term, compare
from plans.documents import Source
from plans.models import FinancialYear, Unit

RULE = "the same measure printed twice"
OWN_AREA = "Kent"  # whose plans these are: a figure that names no area is for it


@dataclass(frozen=True, slots=True)
class PrintedFigure(Source):
    """Where a figure of a measure was printed."""

    provenance: int | None = None
    document: str = ""
    measure_unit: str = ""


class Printed(NamedTuple):
    """A figure with a value, narrow."""

    listing: int
    indicator: int
    code: str
    title: str
    heading: str  # of the place where it is printed
    unit: int | None
    group: str | None
    area: str
    period: str
    kind: str
    label: str
    value: Decimal
    measure_unit: str
    provenance: int | None
    document: str | None
    lines: list[int] | None
    loaded: dict[str, Any] | None


_COLUMNS = (
    "listing_id",
    "listing__indicator_id",
    "listing__indicator__code",
    "listing__indicator__title",
    "listing__title",
    "listing__unit_id",
    "group__name",
    "area",
    "period",
    "kind",
    "label",
    "value",
    "listing__indicator__measure_unit",
    "provenance_id",
    "provenance__document__name",
    "provenance__lines",
    "provenance__loaded",
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A check with its outcome, which knows what was loaded; `indicator` is the measure it is of."""

    check: Check
    outcome: str
    indicator: int


def checks_of_year(year: FinancialYear, slugs: dict[int, str], *, unit: Unit | None = None) -> Iterator[Judged]:
    """Each figure that is printed again against where it is printed first; one query. `slugs`: unit pk -> slug."""
    printed: dict[tuple[Any, ...], dict[int, list[Printed]]] = {}
    for row in _printed_twice(year, unit):
        figure = Printed(*row)
        place = (figure.indicator, figure.group, _area(figure), _period(figure.period), figure.kind)
        printed.setdefault(place, {}).setdefault(figure.listing, []).append(figure)
    for listings in printed.values():
        first, *others = listings.values()
        for other in others:
            yield _check(first, other, slugs)


def _printed_twice(year: FinancialYear, unit: Unit | None) -> QuerySet[Figure, Any]:
    listings = Listing.objects.for_year(year)
    if unit:
        listings = listings.filter(indicator__in=Listing.objects.for_year(year).for_unit(unit).values("indicator"))
    several = listings.order_by().values("indicator").annotate(places=Count("pk")).filter(places__gt=1)
    return (
        Figure.objects.for_year(year)
        .with_value()
        .filter(listing__indicator__in=several.values("indicator"))
        .order_by("listing__plan__tier", "listing__plan_id", "listing__position", "listing_id", "position", "pk")
        .values_list(*_COLUMNS)
    )


def _area(figure: Printed) -> str:
    return figure.area or OWN_AREA


def _period(period: str) -> str:
    """The plans head one column “performance 2007/2008” and “Key Stage Outcomes 2007”, and another “2007” alone."""
    return calendar.label(int(period)) if period.isascii() and period.isdecimal() and len(period) == 4 else period


def _check(first: list[Printed], other: list[Printed], slugs: dict[int, str]) -> Judged:
    one, two = first[0], other[0]
    several = [figure for figure in (one, two) if figure.label]
    now = _compare(one, two, slugs, one.value, two.value, bool(several))
    loaded = _compare(one, two, slugs, _loaded(one), _loaded(two), bool(several))
    return Judged(now, now.outcome_since(loaded), one.indicator)


def _compare(
    one: Printed, two: Printed, slugs: dict[int, str], value: Decimal | None, again: Decimal | None, several: bool
) -> Check:
    words = [f"{one.code} {one.title}".strip() if not one.code else one.code, one.group or "", _period(one.period)]
    return compare(
        RULE,
        ", ".join(filter(None, [*words, FigureKind(one.kind).label.lower()])),
        value,
        [again],
        unit=slugs.get(one.unit or 0, ""),
        lines=(*(one.lines or ()), *(two.lines or ())),
        lost="one of them is several figures in one cell" if several else "",
        terms=[Term(figure.heading, "value", shown, _source(figure)) for figure, shown in ((one, value), (two, again))],
    )


def _loaded(figure: Printed) -> Decimal | None:
    value = (figure.loaded or {}).get("value")
    return None if value is None else Decimal(value)


def _source(figure: Printed) -> PrintedFigure:
    return PrintedFigure(
        tuple(figure.lines or ()),
        provenance=figure.provenance,
        document=figure.document or "",
        measure_unit=figure.measure_unit,
    )

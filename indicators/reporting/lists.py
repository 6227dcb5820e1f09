"""The lists of a year: its measures with their figures, where they are listed, and the rows of their exports."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower

from indicators.models import Figure, FigureKind, FigureStatus, Listing
from indicators.reporting.figures import NARROW, Measure, Row, Shown, is_whole, measure_of, shown_of
from indicators.reporting.words import Sentence, count_words, said
from plans import calendar
from plans.fields import ValueField
from plans.models import FinancialYear, Unit

# The columns of the export are fixed for other programs (DOMAIN.md).
EXPORT_COLUMNS = (
    "year",
    "unit",
    "code",
    "title",
    "group",
    "measure_unit",
    "period",
    "kind",
    "value",
    "status",
    "note",
    "printed",
    "document",
    "source_lines",
)
LISTING_COLUMNS = (
    "year",
    "plan",
    "unit",
    "section",
    "kind",
    "code",
    "title",
    "links",
    "service_plan",
    "lead_or_support",
    "figures",
    "document",
    "source_lines",
)
_EXPORTED = (
    "listing__plan__year__start",
    "listing__unit__name",
    "listing__code",
    "listing__title",
    "group__name",
    "listing__indicator__measure_unit",
    "period",
    "kind",
    "value",
    "status",
    "note",
    "printed",
    "provenance__document__name",
    "provenance__lines",
)
AT_ONCE = 2000  # rows of an export that are fetched together


# Measures with their figures


def measures_of_year(year: FinancialYear) -> QuerySet[Any]:
    """Every measure of the year's own tables of figures: units by name, each unit's measures in printed order.

    Comparisons stand beside the measures on their pages, not here: the export has no column that says for which area.
    Each measure has its last value of each kind, to be sorted by.
    """
    figures = Figure.objects.filter(listing=OuterRef("pk"))
    every: QuerySet[Any] = Listing.objects.for_year(year).tables().with_any_of(Figure.objects.all())
    measures: QuerySet[Any] = every.annotate(
        actual=_last(FigureKind.ACTUAL),
        estimate=_last(FigureKind.ESTIMATE),
        target=_last(FigureKind.TARGET, latest=False),
        number=_count(figures),
        to_come=_count(figures.awaited()),
    )
    return measures.order_by(Lower("unit__name"), "unit", "plan__tier", "plan__name", "position", "pk")


def _last(kind: FigureKind, *, latest: bool = True) -> Subquery:
    """The last value of a kind for the whole of Kent, or the first: of no group, else of "All pupils"."""
    whole = Q(group=None) | Q(group__key__startswith="all ")
    figures = Figure.objects.filter(whole, listing=OuterRef("pk"), area="", kind=kind).with_value()
    no_group = Case(When(group=None, then=Value(0)), default=Value(1))
    order = ("-period", "-position") if latest else ("period", "position")
    return Subquery(figures.order_by(no_group, *order).values("value")[:1], output_field=ValueField())


def _count(figures: QuerySet[Figure]) -> Any:
    number = figures.order_by().values("listing").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure in a list: its last figures for the whole, and its groups folded under it.

    Where a filter meets some of its figures, `groups` are those that it meets, and stand open.
    """

    pk: int
    name: str
    unit: str
    slug: str
    measure: Measure
    number: int
    to_come: int
    groups: list[Row]
    open: bool

    @property
    def by_group_only(self) -> bool:
        return not is_whole(self.measure.whole.name)

    @property
    def cells(self) -> tuple[tuple[Shown | None, Shown | None], ...]:
        """Actual, estimate and target: the last that is known (the first of targets), and what is to come after it."""
        if self.by_group_only:
            return ((None, None),) * 3
        whole = self.measure.whole
        return (
            (whole.last(FigureKind.ACTUAL), whole.to_come(FigureKind.ACTUAL)),
            (whole.last(FigureKind.ESTIMATE), whole.to_come(FigureKind.ESTIMATE)),
            (whole.next_target(), None),
        )


def list_rows(measures: QuerySet[Any]) -> Iterator[MeasureRow]:
    """What the list shows of the measures that a filter met; two queries."""
    rows = list(
        measures.values_list("pk", "code", "title", "unit__name", "unit__slug", "number", "to_come", "met", named=True)
    )
    figures: dict[int, list[tuple[int, Shown]]] = {}
    of_rows = Figure.objects.filter(listing__in=[row.pk for row in rows]).order_by("listing", "position", "pk")
    for pk, listing, *figure in of_rows.values_list("pk", *NARROW):
        figures.setdefault(listing, []).append((pk, shown_of(*figure)))
    for row in rows:
        listing = Listing(pk=row.pk, code=row.code, title=row.title)
        there = figures.get(row.pk, [])
        measure = measure_of(listing, [shown for _, shown in there])
        met = set(row.met)
        met_groups = {shown.group for pk, shown in there if pk in met}
        some = len(met) < len(there)
        yield MeasureRow(
            pk=row.pk,
            name=str(listing),
            unit=row.unit__name or "",
            slug=row.unit__slug or "",
            measure=measure,
            number=row.number,
            to_come=row.to_come,
            groups=[group for group in measure.groups if group.name in met_groups],
            open=some and any(met_groups),
        )


def export_rows(measures: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """The figures that the filter met, measure by measure as they are sorted, as EXPORT_COLUMNS has them: values exact,
    the year as "2009/10", source lines as "254, 256"."""
    order = [pk for met in measures.values_list("met", flat=True) for pk in met]
    for at in range(0, len(order), AT_ONCE):
        some = order[at : at + AT_ONCE]
        rows = {pk: row for pk, *row in Figure.objects.filter(pk__in=some).values_list("pk", *_EXPORTED)}
        yield from (_exported(*rows[pk]) for pk in some if pk in rows)


def unit_export_rows(unit: Unit, year: FinancialYear) -> Iterator[tuple[Any, ...]]:
    """The unit's figures in printed order, as EXPORT_COLUMNS has them."""
    figures = Figure.objects.of_tables().for_year(year).for_unit(unit).order_by(
        "listing__plan__tier", "listing__plan__name", "listing__position", "listing", "position", "pk"
    )  # fmt: skip
    for row in figures.values_list(*_EXPORTED).iterator(chunk_size=AT_ONCE):
        yield _exported(*row)


def _exported(start: int, *columns: Any) -> tuple[Any, ...]:
    *columns, lines = columns  # type: ignore[assignment]
    return (calendar.label(start), *columns, ", ".join(map(str, lines or ())))


def year_sentence(year: FinancialYear) -> Sentence:
    """How many measures and figures the year has, and how many are missing; one query."""
    target = Q(kind=FigureKind.TARGET)
    to_come = Q(status__in=[FigureStatus.AWAITED, FigureStatus.TO_FOLLOW])
    found = Figure.objects.of_tables().for_year(year).aggregate(
        measures=Count("listing", distinct=True),
        figures=Count("pk"),
        values=Count("pk", filter=~Q(value=None)),
        to_come=Count("pk", filter=to_come),
        with_target=Count("listing", filter=target & ~Q(value=None), distinct=True),
    )  # fmt: skip
    if not found["measures"]:
        return said("No figures of measures are loaded for this year.")
    without = found["measures"] - found["with_target"]
    return said(
        "",
        count_words(found["measures"], "measure").capitalize(),
        f" {'has' if found['measures'] == 1 else 'have'} ",
        count_words(found["figures"], "figure"),
        f": {count_words(found['values'])} {'gives' if found['values'] == 1 else 'give'} a value, ",
        f"{count_words(found['to_come'])} {'is' if found['to_come'] == 1 else 'are'} awaited or to follow",
        ", and the others say why there is none. ",
        count_words(without, "measure").capitalize() if without else "Every measure",
        f" {'has' if without == 1 or not without else 'have'} {'no' if without else 'a'} target with a figure.",
    )


# Where measures are listed


def listings_of_year(year: FinancialYear) -> QuerySet[Any]:
    """Every measure where a plan of the year prints it, plan by plan in printed order, with its number of figures."""
    listings = Listing.objects.for_year(year).annotate(number=Count("figures"))
    return listings.order_by("plan__tier", "plan__name", "position", "pk")


def listed_sentence(year: FinancialYear) -> Sentence:
    """How many measures the year's plans print, and how many of them without any figure; one query."""
    figures = Figure.objects.filter(listing__indicator=OuterRef("indicator"), listing__plan__year=year)
    found = (
        Listing.objects.for_year(year)
        .annotate(has_figures=Exists(figures))
        .aggregate(
            places=Count("pk"),
            measures=Count("indicator", distinct=True),
            without=Count("indicator", filter=Q(has_figures=False), distinct=True),
        )
    )
    if not found["places"]:
        return said("No plan of this year lists a measure.")
    times = "once" if found["places"] == 1 else f"in {count_words(found['places'], 'place')}"
    measures = count_words(found["measures"], "measure")
    return said(
        "The year’s plans list ",
        measures,
        f", {times}; ",
        count_words(found["without"]),
        f" of them {'has' if found['without'] == 1 else 'have'} no figure anywhere.",
    )


def listing_rows(listings: QuerySet[Any]) -> QuerySet[Any, Any]:
    """What a list shows of the measures."""
    return listings.values_list(
        "pk",
        "code",
        "title",
        "section",
        "plan__name",
        "unit__name",
        "unit__slug",
        "lead_or_support",
        "service_plan",
        "links_printed",
        "number",
        named=True,
    )


def listing_export_rows(listings: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """The measures as LISTING_COLUMNS has them."""
    rows: Iterable[tuple[Any, ...]] = listings.values_list(
        "plan__year__start",
        "plan__name",
        "unit__name",
        "section",
        "kind",
        "code",
        "title",
        "links_printed",
        "service_plan",
        "lead_or_support",
        "number",
        "provenance__document__name",
        "provenance__lines",
    ).iterator(chunk_size=AT_ONCE)
    for start, *columns, lines in rows:
        yield (calendar.label(start), *columns, ", ".join(map(str, lines or ())))

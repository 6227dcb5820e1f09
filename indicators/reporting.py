"""Measures put together for pages and exports: the lists of a year, figures side by side, a measure's story."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Lower

from indicators.models import Figure, FigureKind, FigureStatus, Indicator, Listing, ListingKind, MeasureUnit
from plans import calendar
from plans.loading import comparable
from plans.models import FinancialYear, SourceLine, Unit

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
# The cells of a printed row that say which measure it is; a repair of one is no figure's own.
NAMING = frozenset({"code", "title", "links", "section", "service_plan", "lead_or_support"})
KINDS = {kind: at for at, kind in enumerate(FigureKind.values)}
KENT = "Kent"


# Lists


def figures_of_year(year: FinancialYear) -> QuerySet[Figure]:
    """Every figure of the year's own tables of figures: units by name, each unit's measures in printed order.

    Comparisons stand beside the measures on their pages, not here: the export has no column that says for which area.
    """
    figures = Figure.objects.for_year(year).filter(listing__kind=ListingKind.TABLE)
    return figures.order_by(Lower("listing__unit__name"), "listing__unit", *_PRINTED)


def figures_of_unit(unit: Unit, year: FinancialYear) -> QuerySet[Figure]:
    """The unit's figures in printed order."""
    return Figure.objects.for_year(year).for_unit(unit).filter(listing__kind=ListingKind.TABLE).order_by(*_PRINTED)


_PRINTED = ("listing__plan__tier", "listing__plan__name", "listing__position", "listing", "position", "pk")


def listings_of_year(year: FinancialYear) -> QuerySet[Any]:
    """Every measure where a plan of the year prints it, plan by plan in printed order, with its number of figures."""
    listings = Listing.objects.for_year(year).annotate(number=Count("figures"))
    return listings.order_by("plan__tier", "plan__name", "position", "pk")


def in_words(status: str, value: Decimal | None, measure_unit: str) -> str:
    """ "6.8%", "1,250"; "Awaited" where there is no value."""
    if value is None:
        return str(FigureStatus(status).label)
    return f"{value or abs(value):,f}" + ("%" if measure_unit == MeasureUnit.PERCENT else "")


def list_rows(figures: QuerySet[Figure]) -> Iterator[dict[str, Any]]:
    """What a list shows of the figures."""
    rows = figures.values_list(
        "listing__pk",
        "listing__code",
        "listing__title",
        "listing__unit__name",
        "listing__unit__slug",
        "group__name",
        "period",
        "kind",
        "status",
        "value",
        "listing__indicator__measure_unit",
        "label",
        "note",
        "printed",
    )
    for pk, code, title, unit, slug, group, period, kind, status, value, measure_unit, label, note, printed in rows:
        yield {
            "pk": pk,
            "measure": f"{code} {title}".strip(),
            "unit": unit,
            "slug": slug,
            "group": group or "",
            "period": period,
            "kind": FigureKind(kind).label,
            "figure": in_words(status, value, measure_unit),
            "is_value": status == FigureStatus.VALUE,
            "note": printed if status == FigureStatus.REMARK else note or label,
        }


def export_rows(figures: QuerySet[Figure]) -> Iterator[tuple[Any, ...]]:
    """The figures as EXPORT_COLUMNS has them: values exact, the year as "2009/10", source lines as "254, 256"."""
    rows = figures.values_list(
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
    for start, *columns, source_lines in rows.iterator(chunk_size=2000):
        yield (calendar.label(start), *columns, ", ".join(map(str, source_lines or ())))


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
    rows = listings.values_list(
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
    )
    for start, *columns, source_lines in rows.iterator(chunk_size=2000):
        yield (calendar.label(start), *columns, ", ".join(map(str, source_lines or ())))


# Figures side by side


@dataclass(frozen=True, slots=True)
class Column:
    """What the figures of a column have in common. `area` is blank for Kent's own."""

    area: str
    period: str
    kind: str

    @property
    def heading(self) -> str:
        return " ".join(filter(None, (self.area, self.period, FigureKind(self.kind).label.lower())))

    @property
    def order(self) -> tuple[bool, str, str, int]:
        return self.area not in ("", KENT), self.area, self.period, KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure in a cell: its value, or why there is none, in words."""

    group: str
    column: Column
    words: str
    is_value: bool
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of a group, or of the whole where `name` is blank, a cell for each column."""

    name: str
    cells: tuple[tuple[Shown, ...], ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure where it is printed: its figures for the whole, those of its groups under it.

    Where only groups are printed, `whole` is the first of them and has its name.
    """

    listing: Listing
    columns: tuple[Column, ...]
    whole: Row
    groups: list[Row]

    @property
    def rows(self) -> list[Row]:
        """Each row once."""
        return self.groups if self.whole in self.groups else [self.whole, *self.groups]

    @property
    def note(self) -> str:
        """The note that every one of several figures has, to be told once."""
        notes = [shown.note for row in self.rows for cell in row.cells for shown in cell]
        return notes[0] if len(notes) > 1 and len(set(notes)) == 1 else ""


@dataclass(frozen=True, slots=True)
class UnitMeasures:
    """The measures of a unit in a year, their figures in the same columns, and the comparisons it prints."""

    columns: tuple[Column, ...]
    measures: list[Measure]
    comparisons: list[Measure]


def unit_measures(unit: Unit, year: FinancialYear) -> UnitMeasures:
    """Two queries: where the unit's measures are printed, and their figures."""
    listings = Listing.objects.for_year(year).for_unit(unit).select_related("indicator")
    listings = listings.order_by("plan__tier", "plan__name", "position", "pk")
    figures = Figure.objects.for_year(year).for_unit(unit)
    by_listing = _by_listing(figures)
    own = [listing for listing in listings if listing.kind != ListingKind.COMPARISON]
    columns = _columns(shown for listing in own for shown in by_listing.get(listing.pk, ()))
    return UnitMeasures(
        columns=columns,
        measures=[_measure(listing, by_listing.get(listing.pk, ()), columns) for listing in own],
        comparisons=[
            _measure(listing, by_listing.get(listing.pk, ()))
            for listing in listings
            if listing.kind == ListingKind.COMPARISON
        ],
    )


def _by_listing(figures: QuerySet[Figure]) -> dict[int, list[Shown]]:
    rows = figures.order_by("listing", "position", "pk").values_list(
        "listing",
        "group__name",
        "area",
        "period",
        "kind",
        "status",
        "value",
        "listing__indicator__measure_unit",
        "label",
        "note",
        "printed",
    )
    found: dict[int, list[Shown]] = {}
    for listing, group, area, period, kind, status, value, measure_unit, label, note, printed in rows:
        shown = Shown(
            group=group or "",
            column=Column(area, period, kind),
            words=in_words(status, value, measure_unit),
            is_value=status == FigureStatus.VALUE,
            label=label,
            note=printed if status == FigureStatus.REMARK else "" if note == label else note,
        )
        found.setdefault(listing, []).append(shown)
    return found


def _columns(figures: Iterable[Shown]) -> tuple[Column, ...]:
    return tuple(sorted({shown.column for shown in figures}, key=lambda column: column.order))


def _measure(listing: Listing, figures: Sequence[Shown], columns: tuple[Column, ...] = ()) -> Measure:
    columns = columns or _columns(figures)
    cells: dict[str, dict[Column, tuple[Shown, ...]]] = {}
    for shown in figures:
        row = cells.setdefault(shown.group, {})
        row[shown.column] = (*row.get(shown.column, ()), shown)
    rows = {name: Row(name, tuple(row.get(column, ()) for column in columns)) for name, row in cells.items()}
    groups = [row for name, row in rows.items() if name]
    nothing = Row("", tuple(() for _ in columns))
    return Measure(listing, columns, whole=rows.get("") or (groups[0] if groups else nothing), groups=groups)


# One measure


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A figure with what was printed for it, where, and what reading it took."""

    figure: Figure  # with its provenance
    group: str
    when: str
    words: str
    changed: bool  # edited since it was loaded
    repairs: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class MeasureStory:
    """A measure where it is printed, with where each of its figures comes from, and what else is printed of it."""

    measure: Measure
    printed: list[PrintedFigure]
    source: list[SourceLine]
    repairs: list[dict[str, Any]]
    elsewhere: list[Listing]
    comparisons: list[Measure] = field(default_factory=list)


def measure_story(listing: Listing) -> MeasureStory:
    """Six queries at most. `listing` comes with its indicator, plan, unit and provenance."""
    figures = listing.figures.select_related("group", "provenance").order_by("position", "pk")
    measure = _measure(listing, _by_listing(Figure.objects.filter(listing=listing)).get(listing.pk, ()))
    provenance = listing.provenance
    source = (
        list(SourceLine.objects.filter(document=provenance.document_id, number__in=provenance.lines).order_by("number"))
        if provenance
        else []
    )
    elsewhere = Listing.objects.filter(indicator=listing.indicator_id).exclude(pk=listing.pk)
    return MeasureStory(
        measure=measure,
        printed=[_printed(figure, listing.indicator) for figure in figures],
        source=source,
        repairs=[repair for repair in provenance.repairs if repair.get("column") in NAMING] if provenance else [],
        elsewhere=list(
            elsewhere.select_related("plan__year", "unit").order_by(
                "-plan__year__start", "plan__tier", "plan__name", "position", "pk"
            )
        ),
        comparisons=_comparisons(listing, measure) if listing.kind == ListingKind.TABLE else [],
    )


def when(kind: str, period: str, area: str, label: str) -> str:
    """Which figure of its group it is: "2009/10 target", "England, 2007 actual"."""
    return ", ".join(filter(None, (area, f"{period} {FigureKind(kind).label.lower()}".strip(), label)))


def name_then(values: Mapping[str, Any], groups: Mapping[int, str]) -> str:
    """Which figure of its measure it is, by the values of a version of its row: "Gypsy Roma, 2009/10 target"."""
    group = groups.get(values.get("group", 0), "")
    return ", ".join(filter(None, (group, when(values["kind"], values["period"], values["area"], values["label"]))))


def _printed(figure: Figure, indicator: Indicator) -> PrintedFigure:
    provenance = figure.provenance
    own = {column for column in provenance.printed if column not in NAMING} if provenance else set()
    return PrintedFigure(
        figure=figure,
        group=figure.group.name if figure.group else "",
        when=when(figure.kind, figure.period, figure.area, figure.label),
        words=in_words(figure.status, figure.value, indicator.measure_unit),
        changed=provenance is not None
        and any(
            name in provenance.loaded and comparable(getattr(figure, name)) != provenance.loaded[name]
            for name in ("value", "status", "note")
        ),
        repairs=[repair for repair in provenance.repairs if repair.get("column") in own] if provenance else [],
    )


def _comparisons(listing: Listing, measure: Measure) -> list[Measure]:
    """The comparisons that the unit prints in the same plan, of the same groups; of a measure without groups, those
    without. No plan says which of its measures a comparison belongs to."""
    others = Listing.objects.for_plan(listing.plan).filter(kind=ListingKind.COMPARISON, unit=listing.unit_id)
    listings = others.select_related("indicator").order_by("position", "pk")
    by_listing = _by_listing(Figure.objects.filter(listing__in=others))
    groups = {row.name for row in measure.groups}
    found = []
    for other in listings:
        same = [
            shown for shown in by_listing.get(other.pk, ()) if (shown.group in groups if groups else not shown.group)
        ]
        if same:
            found.append(_measure(other, same))
    return found

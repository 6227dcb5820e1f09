"""A unit's measures: the last figure of each kind, which way it goes, England beside it, and the groups under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.models import Figure, FigureKind, Listing, ListingKind
from indicators.reporting.comparing import Comparison, comparisons_of, printed_of
from indicators.reporting.figures import Measure, Row, Shown, by_listing, is_whole, measure_of
from indicators.reporting.words import Sentence, area_words, capital, count_words, direction, said, signed
from plans.models import FinancialYear, Unit


@dataclass(frozen=True, slots=True)
class UnitMeasure:
    """A measure of a unit, as its page has it in one row."""

    measure: Measure
    comparison: Comparison | None

    @property
    def by_group_only(self) -> bool:
        return not is_whole(self.measure.whole.name)

    @property
    def actual(self) -> Shown | None:
        return self._last(FigureKind.ACTUAL)

    @property
    def estimate(self) -> Shown | None:
        return self._last(FigureKind.ESTIMATE)

    @property
    def target(self) -> Shown | None:
        return None if self.by_group_only else self.measure.whole.next_target()

    @property
    def actual_to_come(self) -> Shown | None:
        return None if self.by_group_only else self.measure.whole.to_come(FigureKind.ACTUAL)

    @property
    def england(self) -> Shown | None:
        """The other area's figure for the whole, where a comparison is known to belong here."""
        return self.comparison.theirs.get(self.measure.whole.name) if self.comparison else None

    @property
    def gap(self) -> str:
        gap = self.comparison.gap(self.measure.whole.name) if self.comparison else None
        return signed(gap)

    @property
    def change(self) -> "Change | None":
        return None if self.by_group_only else change_of(self.measure.whole, self.measure.listing.indicator.polarity)

    @property
    def to_come(self) -> int:
        return sum(shown.is_to_come for row in self.measure.rows for shown in row.figures)

    def _last(self, kind: str) -> Shown | None:
        return None if self.by_group_only else self.measure.whole.last(kind)


@dataclass(frozen=True, slots=True)
class Change:
    """How far the last known result or estimate stands from the one before it."""

    by: Decimal
    direction: str
    since: Shown
    until: Shown

    @property
    def signed(self) -> str:
        return signed(self.by)


def change_of(row: Row, polarity: str) -> Change | None:
    """From the last but one value to the last, an estimate counting where no actual is known; None where there are no
    two, or where either stands for several."""
    known = [
        cell[0]
        for cell in row.cells
        if len(cell) == 1 and cell[0].is_value and cell[0].column.is_own and cell[0].column.kind != FigureKind.TARGET
    ]
    several = {cell[0].column.period for cell in row.cells if len(cell) > 1}
    of_period = {shown.column.period: shown for shown in reversed(known)}  # an actual before an estimate
    periods = sorted(of_period)
    if len(periods) < 2 or several & set(periods):
        return None
    since, until = of_period[periods[-2]], of_period[periods[-1]]
    if since.value is None or until.value is None or any(periods[-2] < period for period in several):
        return None
    by = until.value - since.value
    return Change(by, direction(by, polarity), since, until)


@dataclass(frozen=True, slots=True)
class UnitMeasures:
    """The measures of a unit in a year, and the comparisons it prints."""

    sentence: Sentence
    measures: list[UnitMeasure]
    comparisons: list[Measure]
    area: str  # the other area that measures are compared with, in words; blank where none is

    @property
    def span(self) -> int:
        """The columns of the table."""
        return 4 + self.has_estimates + 2 * bool(self.area)

    @property
    def has_estimates(self) -> bool:
        return any(measure.estimate for measure in self.measures)


def unit_measures(unit: Unit, year: FinancialYear) -> UnitMeasures:
    """Two queries: where the unit's measures are printed, and their figures."""
    listings = Listing.objects.for_year(year).for_unit(unit).select_related("indicator")
    listings = listings.order_by("plan__tier", "plan__name", "position", "pk")
    figures = by_listing(Figure.objects.for_year(year).for_unit(unit))
    printed = [printed_of(listing, _actual(figures.get(listing.pk, ()))) for listing in listings]
    compared = comparisons_of(printed)
    measures = [
        UnitMeasure(measure_of(listing, figures.get(listing.pk, ())), compared.get(listing.pk))
        for listing in listings
        if listing.kind != ListingKind.COMPARISON
    ]
    areas = {comparison.area for comparison in compared.values()}
    return UnitMeasures(
        sentence=_sentence(measures),
        measures=measures,
        comparisons=[
            measure_of(listing, figures.get(listing.pk, ()))
            for listing in listings
            if listing.kind == ListingKind.COMPARISON
        ],
        area=capital(area_words(areas.pop()).removeprefix("the ")) if len(areas) == 1 else "Elsewhere" if areas else "",
    )


def _actual(figures: Sequence[Shown]) -> list[Shown]:
    return [shown for shown in figures if shown.column.kind == FigureKind.ACTUAL]


def _sentence(measures: Sequence[UnitMeasure]) -> Sentence:
    if not measures:
        return ()
    known = sum(any(shown.is_value for row in line.measure.rows for shown in row.figures) for line in measures)
    to_come = sum(line.to_come for line in measures)
    total = count_words(len(measures), "measure").capitalize()
    have = "all" if known == len(measures) else count_words(known)
    has = (
        f", {have} with a figure; "
        if len(measures) > 1
        else ", with a figure; "
        if known
        else ", without a figure yet; "
    )
    return said("", total, has, f"{count_words(to_come, 'figure')} awaited or to follow", ".")

"""Which measure a printed comparison with another area belongs to. Where no plan says so, its own figures do.

A comparison prints a figure of Kent's beside the other area's. It is a measure's where both are loaded as one indicator;
else where Kent's figures in both are equal for some group and period, their titles share a word, and no other measure of
the unit and no other comparison fits as well. Anything less is left alone: a wrong comparison is worse than none.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.models import Figure, FigureKind, Listing, ListingKind
from indicators.reporting.figures import NARROW, Shown, shown_of
from indicators.reporting.words import count_words
from plans.models import FinancialYear, Unit
from plans.names import name_key

# Words that say nothing of what is measured.
_EMPTY = frozenset(
    {"a", "an", "and", "at", "both", "by", "combined", "for", "from", "in", "including", "of", "on", "or", "the", "to"}
    | {
        "achieved",
        "achieving",
        "number",
        "per",
        "percent",
        "percentage",
        "proportion",
        "rate",
        "school",
        "with",
        "year",
    }
)
_Key = tuple[str, int | None]  # group, year


@dataclass(frozen=True, slots=True)
class Printed:
    """A listing with the figures that say which other it goes with."""

    pk: int
    indicator: int
    title: str
    is_comparison: bool
    figures: list[Shown] = field(default_factory=list)

    @property
    def kents(self) -> dict[_Key, Shown]:
        """Kent's values, where one cell has one."""
        return {
            (shown.group, shown.column.start): shown
            for shown in self.figures
            if shown.is_value and shown.column.is_own and not shown.label
        }

    @property
    def words(self) -> set[str]:
        words = (word.removesuffix("s") if len(word) > 4 else word for word in name_key(self.title).split())
        return {word for word in words if word not in _EMPTY}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison that belongs to a measure: the other area's figures by group, beside Kent's of the same table."""

    pk: int
    title: str
    area: str
    period: str
    theirs: dict[str, Shown]
    ours: dict[str, Shown]
    agreeing: tuple[Shown, ...] = ()  # Kent's figures in the comparison that the measure prints too
    differing: tuple[
        tuple[Shown, Shown], ...
    ] = ()  # those that differ: as the measure prints it, as the comparison does

    @property
    def note(self) -> str:
        notes = {shown.note for shown in self.theirs.values()}
        return notes.pop() if len(notes) == 1 else ""

    @property
    def ground(self) -> str:
        """Why it is taken to be the measure's."""
        both = len(self.agreeing) + len(self.differing)
        if not both:
            return "The plan prints both as one measure."
        if both == 1:
            return f"Kent’s figure is {'the same' if self.agreeing else 'another'} in both."
        agree = "all" if not self.differing else count_words(len(self.agreeing))
        return f"Kent’s figures are the same in both for {agree} of {count_words(both, 'group')}."

    def gap(self, group: str) -> Decimal | None:
        """Kent less the other area, both as the comparison prints them."""
        ours, theirs = self.ours.get(group), self.theirs.get(group)
        if ours is None or theirs is None or ours.value is None or theirs.value is None:
            return None
        return ours.value - theirs.value


def printed_for(unit: Unit, *, year: FinancialYear) -> list[Printed]:
    """The unit's tables and comparisons of the year with the actual figures that may tell which belong together; one
    query."""
    figures = Figure.objects.for_year(year).for_unit(unit)
    figures = figures.filter(
        kind=FigureKind.ACTUAL, listing__kind__in=[ListingKind.TABLE, ListingKind.COMPARISON]
    ).order_by("listing", "position", "pk")
    found: dict[int, Printed] = {}
    for indicator, code, title, kind, listing, *figure in figures.values_list(
        "listing__indicator", "listing__code", "listing__title", "listing__kind", *NARROW
    ):
        if listing not in found:
            found[listing] = Printed(listing, indicator, f"{code} {title}".strip(), kind == ListingKind.COMPARISON)
        found[listing].figures.append(shown_of(*figure))
    return list(found.values())


def comparisons_of(printed: Iterable[Printed]) -> dict[int, Comparison]:
    """The comparison that belongs to each measure, by the measure's listing."""
    listings = {listing.pk: listing for listing in printed}
    found = {}
    for measure, comparison in _pairs(listings.values()):
        compared = comparison_of(listings[comparison], listings[measure])
        if compared:
            found[measure] = compared
    return found


def comparison_of(listing: Printed, measure: Printed | None = None) -> Comparison | None:
    """What a comparison prints of one other area, beside Kent; None where it prints none or several."""
    others = {shown.column for shown in listing.figures if not shown.column.is_own}
    if len(others) != 1:
        return None
    (column,) = others
    both = [
        (printed, there)
        for key, printed in (measure.kents if measure else {}).items()
        if (there := listing.kents.get(key)) is not None
    ]
    return Comparison(
        pk=listing.pk,
        title=listing.title,
        area=column.area,
        period=column.period,
        theirs={shown.group: shown for shown in listing.figures if shown.column == column},
        ours={
            shown.group: shown
            for shown in listing.figures
            if shown.column.is_own and shown.column.start == column.start
        },
        agreeing=tuple(there for printed, there in both if printed.value == there.value),
        differing=tuple(pair for pair in both if pair[0].value != pair[1].value),
    )


def printed_of(listing: Listing, figures: Sequence[Shown]) -> Printed:
    """A listing whose figures are at hand."""
    return Printed(
        listing.pk, listing.indicator_id, str(listing), listing.kind == ListingKind.COMPARISON, list(figures)
    )


def _pairs(listings: Iterable[Printed]) -> list[tuple[int, int]]:
    """Each measure with the comparison that fits it, and that fits no other measure as well."""
    listings = list(listings)
    measures = {listing.pk: listing for listing in listings if not listing.is_comparison}
    same: dict[tuple[_Key, Decimal | None], list[int]] = {}
    known: dict[int, list[int]] = {}
    for measure in measures.values():
        known.setdefault(measure.indicator, []).append(measure.pk)
        for key, shown in measure.kents.items():
            same.setdefault((key, shown.value), []).append(measure.pk)
    scores: dict[tuple[int, int], tuple[bool, int, int]] = {}
    for comparison in listings:
        if comparison.is_comparison:
            words = comparison.words
            kents = comparison.kents.items()
            equal = Counter(pk for key, shown in kents for pk in same.get((key, shown.value), ()))
            told = known.get(comparison.indicator, [])
            for pk in {*equal, *told}:
                shared = len(words & measures[pk].words)
                if shared or pk in told:
                    scores[pk, comparison.pk] = pk in told, equal[pk], shared
    of_either: dict[int, list[tuple[bool, int, int]]] = {}  # no measure is a comparison: their ids differ
    for pair, score in scores.items():
        for pk in pair:
            of_either.setdefault(pk, []).append(score)
    return [
        pair
        for pair, score in scores.items()
        if all(max(of_either[pk]) == score and of_either[pk].count(score) == 1 for pk in pair)
    ]

"""One measure where it is printed: its figures in a sentence, in key facts, on charts, in a table, and what is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from indicators.models import Figure, FigureKind, Indicator, Listing, ListingKind, MeasureUnit
from indicators.reporting.charts import DotChart, Frame, YearChart, dot_chart, value_in, year_chart
from indicators.reporting.comparing import Comparison, comparison_of, comparisons_of, printed_for, printed_of
from indicators.reporting.figures import Column, Measure, Row, Shown, is_whole, measure_of, shown_of
from indicators.reporting.questions import Question, questions
from indicators.reporting.telling import Fact, facts, sentence
from indicators.reporting.words import (
    Sentence,
    area_words,
    capital,
    count_words,
    direction,
    in_words,
    signed,
    when,
)
from plans.loading import comparable
from plans.models import Target

# The cells of a printed row that say which measure it is; a repair of one is no figure's own.
NAMING = frozenset({"code", "title", "links", "section", "service_plan", "lead_or_support"})


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A figure with what was printed for it, where, and what reading it took."""

    figure: Figure  # with its provenance
    group: str
    when: str
    words: str
    change: str  # from the result before, where the measure has no groups
    direction: str
    changed: bool  # edited since it was loaded
    repairs: list[dict[str, Any]]

    @property
    def note(self) -> str:
        """What is noted and does not stand in the printed words."""
        told = self.figure.note == self.figure.label or self.figure.note in self.figure.printed
        return "" if told else self.figure.note


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group in the table of a measure: its figures, how far the last result is from the one before, and the other
    area beside it."""

    row: Row
    is_whole: bool
    change: str
    direction: str
    other: Shown | None
    gap: str
    provenance: int | None
    line: int | None

    @property
    def name(self) -> str:
        return capital(self.row.name) or "All"


@dataclass(frozen=True, slots=True)
class LinkedTarget:
    """A corporate target that a measure counts towards."""

    scheme: str
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class MeasureStory:
    """A measure where it is printed, with where each of its figures comes from, and what else is printed of it."""

    sentence: Sentence
    facts: list[Fact]
    measure: Measure
    frame: Frame
    dots: DotChart | None
    years: YearChart | None
    rows: list[GroupRow]
    questions: list[Question]
    printed: list[PrintedFigure]
    elsewhere: list[Listing]
    targets: list[LinkedTarget]
    comparison: Comparison | None
    belongs_to: int | None  # of a comparison: the listing of the measure it belongs to
    ground: str  # why the comparison is the measure's
    repairs: list[dict[str, Any]]

    @property
    def shows_columns(self) -> tuple[Column, ...]:
        """The columns of the table by group: those of Kent; of a comparison, Kent's alone."""
        return tuple(column for column in self.measure.columns if column.is_own)

    @property
    def area(self) -> str:
        """The other area in words."""
        return area_words(self.comparison.area) if self.comparison else ""

    @property
    def unit_words(self) -> str:
        """What the measure counts in, and how exactly."""
        indicator = self.measure.listing.indicator
        unit = indicator.get_measure_unit_display() if indicator.measure_unit else "not said by the plan"
        places = indicator.decimal_places
        exact = (
            "" if places is None else ", whole numbers" if not places else f", {count_words(places, 'decimal place')}"
        )
        return f"{unit.lower()}{exact}"

    @property
    def counted_in(self) -> str:
        in_units = self.measure.listing.indicator.measure_unit not in ("", MeasureUnit.COUNT)
        return f"Counted in {self.unit_words}." if in_units else ""

    @property
    def is_of_people(self) -> bool:
        """Whether one person may move a figure of a small group by much."""
        return self.measure.listing.indicator.measure_unit == MeasureUnit.PERCENT

    @property
    def has_notes(self) -> bool:
        return any(printed.note for printed in self.printed)

    @property
    def has_repairs(self) -> bool:
        return any(printed.changed or printed.repairs for printed in self.printed)

    @property
    def leads(self) -> list[Listing]:
        """Where another plan says who leads on the measure."""
        return [other for other in self.elsewhere if other.service_plan or other.lead_or_support]


def measure_story(listing: Listing) -> MeasureStory:
    """Three queries at most. `listing` comes with its indicator, plan, unit and provenance."""
    figures = list(listing.figures.select_related("group", "provenance").order_by("position", "pk"))
    shown = [_shown(figure, listing.indicator) for figure in figures]
    measure = measure_of(listing, shown)
    comparison, belongs_to, ground = _comparison(listing, shown)
    frame = Frame.of(measure)
    elsewhere, targets = _places(listing)
    provenance = listing.provenance
    return MeasureStory(
        sentence=sentence(measure, comparison),
        facts=facts(measure, comparison),
        measure=measure,
        frame=frame,
        dots=dot_chart(measure, comparison),
        years=year_chart(measure, comparison),
        rows=_rows(measure, frame, comparison, figures),
        questions=questions(measure, comparison) if listing.kind != ListingKind.COMPARISON else [],
        printed=_printed(figures, listing.indicator),
        elsewhere=elsewhere,
        targets=targets,
        comparison=comparison,
        belongs_to=belongs_to,
        ground=ground,
        repairs=[repair for repair in provenance.repairs if repair.get("column") in NAMING] if provenance else [],
    )


def _places(listing: Listing) -> tuple[list[Listing], list[LinkedTarget]]:
    """Where else the measure is printed, latest year first, and the corporate targets that it counts towards wherever
    the year's plans print it; one query."""
    linked = Target.objects.filter(listings=OuterRef("pk")).order_by("scheme", "code")
    places = Listing.objects.filter(indicator=listing.indicator_id).annotate(
        linked=ArraySubquery(linked.values(pair=JSONObject(scheme="scheme", code="code", title="title")))
    )
    places = places.select_related("plan__year", "unit", "provenance").order_by(
        "-plan__year__start", "plan__tier", "plan__name", "position", "pk"
    )
    targets = [
        LinkedTarget(**target) for place in places if place.plan.year == listing.plan.year for target in place.linked
    ]
    elsewhere: list[Listing] = [place for place in places if place.pk != listing.pk]
    return elsewhere, sorted(set(targets), key=lambda target: (target.scheme, target.code))


def name_then(values: Mapping[str, Any], groups: Mapping[int, str]) -> str:
    """Which figure of its measure it is, by the values of a version of its row: "Gypsy Roma, 2009/10 target"."""
    group = groups.get(values.get("group", 0), "")
    return ", ".join(filter(None, (group, when(values["kind"], values["period"], values["area"], values["label"]))))


def _comparison(listing: Listing, shown: list[Shown]) -> tuple[Comparison | None, int | None, str]:
    """The comparison that belongs to the measure, and why; of a comparison itself, its own other area, and whose it
    is."""
    if listing.unit is None or not shown:
        return None, None, ""
    found = comparisons_of(printed_for(listing.unit, year=listing.plan.year))
    if listing.kind == ListingKind.COMPARISON:
        whose = next((measure for measure, comparison in found.items() if comparison.pk == listing.pk), None)
        return comparison_of(printed_of(listing, shown)), whose, found[whose].ground if whose else ""
    comparison = found.get(listing.pk)
    return comparison, None, comparison.ground if comparison else ""


def _shown(figure: Figure, indicator: Indicator) -> Shown:
    return shown_of(
        figure.group.name if figure.group else "",
        figure.area,
        figure.period,
        figure.kind,
        figure.status,
        figure.value,
        indicator.measure_unit,
        figure.label,
        figure.note,
        figure.printed,
        figure.provenance_id,
        figure.provenance.repairs if figure.provenance else None,
    )


def _rows(measure: Measure, frame: Frame, comparison: Comparison | None, figures: list[Figure]) -> list[GroupRow]:
    lines = {figure.provenance_id: figure.provenance.lines for figure in figures if figure.provenance}
    rows = []
    for row in measure.rows:
        first = next((shown for shown in row.figures if shown.provenance), None)
        printed_lines = lines.get(first.provenance, []) if first else []
        change = _change(row, measure, frame)
        rows.append(
            GroupRow(
                row=row,
                is_whole=bool(measure.groups) and is_whole(row.name),
                change=signed(change),
                direction=direction(change, measure.listing.indicator.polarity)
                or _why_no_direction(row, measure, frame),
                other=comparison.theirs.get(row.name) if comparison else None,
                gap=signed(comparison.gap(row.name)) if comparison else "",
                provenance=first.provenance if first else None,
                line=printed_lines[-1] if printed_lines else None,
            )
        )
    return rows


def _change(row: Row, measure: Measure, frame: Frame) -> Decimal | None:
    was, now = value_in(row, measure, frame.was), value_in(row, measure, frame.now)
    if was is None or now is None or was.value is None or now.value is None:
        return None
    return now.value - was.value


def _why_no_direction(row: Row, measure: Measure, frame: Frame) -> str:
    """Several figures of one cell cannot be set against one."""
    columns = [column for column in (frame.was, frame.now) if column]
    several = any(len(row.cells[measure.columns.index(column)]) > 1 for column in columns)
    return "Not comparable" if several and len(columns) > 1 else "Not known" if len(columns) > 1 else ""


def _printed(figures: list[Figure], indicator: Indicator) -> list[PrintedFigure]:
    printed = []
    last: Decimal | None = None  # the result before, where one follows another
    for figure in figures:
        follows = figure.kind != FigureKind.TARGET and not (figure.group_id or figure.area or figure.label)
        by = figure.value - last if follows and last is not None and figure.value is not None else None
        printed.append(_printed_figure(figure, indicator, change=by))
        last = figure.value if follows else last
    return printed


def _printed_figure(figure: Figure, indicator: Indicator, *, change: Decimal | None) -> PrintedFigure:
    provenance = figure.provenance
    own = {column for column in provenance.printed if column not in NAMING} if provenance else set()
    return PrintedFigure(
        figure=figure,
        group=figure.group.name if figure.group else "",
        when=when(figure.kind, figure.period, figure.area, figure.label),
        words=in_words(figure.status, figure.value, indicator.measure_unit),
        change=signed(change),
        direction=direction(change, indicator.polarity),
        changed=provenance is not None
        and any(
            name in provenance.loaded and comparable(getattr(figure, name)) != provenance.loaded[name]
            for name in ("value", "status", "note")
        ),
        repairs=[repair for repair in provenance.repairs if repair.get("column") in own] if provenance else [],
    )

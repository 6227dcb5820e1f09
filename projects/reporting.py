"""Actions put together for pages and exports: the deliverables of a year, a unit's actions, an action's story."""

import calendar as months
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Lower

from plans import calendar
from plans.loading import comparable
from plans.models import FinancialYear, SourceLine, Unit
from projects.models import Consultation, Deliverable, KeyAction, Precision

# The columns of the export are fixed for other programs (DOMAIN.md).
EXPORT_COLUMNS = (
    "year",
    "unit",
    "section",
    "relevant_plan",
    "action",
    "managers",
    "links",
    "deliverable",
    "due",
    "due_precision",
    "due_printed",
    "document",
    "source_lines",
)
LOADED = ("text", "managers", "links", "due_start", "due_end", "due_precision", "due_printed")


# When


def due_of(start: date | None, end: date | None, precision: str) -> str:
    """A date as programs read it: 2010-03, 2010-03-31, 2009-03/2009-09, or empty."""
    if start is None or end is None:
        return ""
    first, last = _edges(start, end)
    return f"{first}/{last}" if precision == Precision.PERIOD or first != last else first


def due_in_words(start: date | None, end: date | None, precision: str) -> str:
    """A date as people read it, no more precise than it was given: "March 2010", "On-going until March 2010"."""
    if precision == Precision.UNKNOWN:
        return "Not read as a date"
    if start is None or end is None:
        return "On-going" if precision == Precision.ON_GOING else "No date"
    first, last = map(_in_words, _edges(start, end))
    if first == last:
        return f"On-going until {last}" if precision == Precision.ON_GOING else last
    return f"On-going, {first} to {last}" if precision == Precision.ON_GOING else f"{first} to {last}"


def _edges(start: date, end: date) -> tuple[str, str]:
    """Both ends as months where they are whole ones, else as days."""
    whole = start.day == 1 and end.day == months.monthrange(end.year, end.month)[1]
    return (f"{start:%Y-%m}", f"{end:%Y-%m}") if whole else (start.isoformat(), end.isoformat())


def _in_words(edge: str) -> str:
    year, month, *day = edge.split("-")
    return " ".join([*(str(int(text)) for text in day), months.month_name[int(month)], year])


# Lists


def deliverables_of_year(year: FinancialYear) -> QuerySet[Deliverable]:
    """Every deliverable of a year: units by name, then the directorate's sections, each in printed order."""
    return Deliverable.objects.for_year(year).order_by(Lower("action__unit__name"), "action__unit", *_PRINTED)


def deliverables_of_unit(unit: Unit, year: FinancialYear) -> QuerySet[Deliverable]:
    """The unit's deliverables in printed order."""
    return Deliverable.objects.for_year(year).for_unit(unit).order_by(*_PRINTED)


_PRINTED = ("action__plan__tier", "action__plan__name", "action__position", "action", "position", "pk")


def list_rows(deliverables: QuerySet[Deliverable]) -> Iterator[dict[str, Any]]:
    """What a list shows of the deliverables."""
    rows = deliverables.values_list(
        "action__pk",
        "action__text",
        "action__section",
        "action__unit__name",
        "action__unit__slug",
        "text",
        "managers",
        "due_start",
        "due_end",
        "due_precision",
        "due_printed",
    )
    for pk, action, section, unit, slug, text, managers, start, end, precision, printed in rows:
        due = due_in_words(start, end, precision)
        yield {
            "pk": pk,
            "action": action,
            "section": section,
            "unit": unit,
            "slug": slug,
            "text": text,
            "managers": managers,
            "due": due,
            "printed": "" if printed == due else printed,
        }


def export_rows(deliverables: QuerySet[Deliverable]) -> Iterator[tuple[Any, ...]]:
    """The deliverables as EXPORT_COLUMNS has them: managers and links as printed, the year as "2009/10"."""
    rows = deliverables.values_list(
        "action__plan__year__start",
        "action__unit__name",
        "action__section",
        "action__relevant_plan",
        "action__text",
        "managers",
        "links",
        "text",
        "due_start",
        "due_end",
        "due_precision",
        "due_printed",
        "provenance__document__name",
        "provenance__lines",
    )
    for year, *columns, start, end, precision, printed, document, lines in rows.iterator(chunk_size=2000):
        due = due_of(start, end, precision)
        yield (calendar.label(year), *columns, due, precision, printed, document, ", ".join(map(str, lines or ())))


# A unit's actions


@dataclass(frozen=True, slots=True)
class Promise:
    """A deliverable with its date in words, and what the document says of it."""

    deliverable: Deliverable
    due: str
    changed: bool = False  # edited since it was loaded
    repairs: tuple[dict[str, Any], ...] = ()

    @property
    def due_printed(self) -> str:
        """The printed words, where they are not those of `due`."""
        return "" if self.deliverable.due_printed == self.due else self.deliverable.due_printed


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action with its deliverables."""

    action: KeyAction
    promises: list[Promise]


def unit_actions(unit: Unit, year: FinancialYear) -> list[ActionRow]:
    """The unit's actions in printed order; two queries."""
    deliverables = Prefetch("deliverables", queryset=Deliverable.objects.order_by("position", "pk"))
    actions = KeyAction.objects.for_year(year).for_unit(unit).prefetch_related(deliverables)
    return [
        ActionRow(action, [_promise(deliverable) for deliverable in action.deliverables.all()])
        for action in actions.order_by("plan__tier", "plan__name", "position", "pk")
    ]


def unit_consultations(unit: Unit, year: FinancialYear) -> QuerySet[Consultation]:
    """The unit's consultation exercises in printed order."""
    return Consultation.objects.for_year(year).for_unit(unit).order_by("plan__tier", "plan__name", "position", "pk")


def _promise(deliverable: Deliverable) -> Promise:
    due = due_in_words(deliverable.due_start, deliverable.due_end, deliverable.due_precision)
    return Promise(deliverable, due)


# One action


@dataclass(frozen=True, slots=True)
class ActionStory:
    """An action with its deliverables, and where they come from."""

    promises: list[Promise]
    source: list[SourceLine]
    repairs: list[dict[str, Any]]


def action_story(action: KeyAction) -> ActionStory:
    """Two queries at most. `action` comes with its provenance."""
    deliverables = action.deliverables.select_related("provenance").order_by("position", "pk")
    provenance = action.provenance
    source = (
        list(SourceLine.objects.filter(document=provenance.document_id, number__in=provenance.lines).order_by("number"))
        if provenance
        else []
    )
    repairs = provenance.repairs if provenance else []
    return ActionStory([_told(deliverable, repairs) for deliverable in deliverables], source, repairs)


def _told(deliverable: Deliverable, of_action: list[dict[str, Any]]) -> Promise:
    """The deliverable with the repairs of its own, beside those `of_action`."""
    provenance = deliverable.provenance
    promise = _promise(deliverable)
    if provenance is None:
        return promise
    changed = any(
        name in provenance.loaded and comparable(getattr(deliverable, name)) != provenance.loaded[name]
        for name in LOADED
    )
    repairs = tuple(repair for repair in provenance.repairs if repair not in of_action)
    return Promise(deliverable, promise.due, changed, repairs)


def name_then(values: Mapping[str, Any]) -> str:
    """Which deliverable of its action it is, by the values of a version of its row."""
    return f"Deliverable “{values['text'] or values['due_printed']}”"

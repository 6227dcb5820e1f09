"""Actions put together for pages and exports: the deliverables of a year, a unit's actions, an action's story."""

import calendar as months
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower

from plans import calendar
from plans.loading import comparable
from plans.models import FinancialYear, SourceLine, Unit
from projects.models import Consultation, Deliverable, DeliverableQuerySet, KeyAction, Precision
from projects.parsing.dates import read_cell

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


# What


LONGEST_TITLE = 90
ENDS = (". ", "; ", ": ", " – ", " - ", ", ", " (")  # where a first clause ends, the clearest sign first


def title_of(text: str) -> str:
    """A short title of an action: its words, or their first clause where they are long."""
    if len(text) <= LONGEST_TITLE:
        return text
    for end in ENDS:
        at = text.find(end, 30, LONGEST_TITLE)
        if at > 0:
            return text[:at] if end == ". " else f"{text[:at]} …"
    return f"{text[:LONGEST_TITLE].rsplit(' ', 1)[0]} …"


# Lists


def deliverables_of_year(year: FinancialYear) -> QuerySet[Deliverable]:
    """Every deliverable of a year: units by name, then the directorate's sections, each in printed order."""
    return Deliverable.objects.for_year(year).order_by(Lower("action__unit__name"), "action__unit", *_PRINTED)


def deliverables_of_unit(unit: Unit, year: FinancialYear) -> DeliverableQuerySet:
    """The unit's deliverables in printed order."""
    return Deliverable.objects.for_year(year).for_unit(unit).order_by(*_PRINTED)


_PRINTED = ("action__plan__tier", "action__plan__name", "action__position", "action", "position", "pk")


def list_rows(deliverables: QuerySet[Deliverable]) -> Iterator[dict[str, Any]]:
    """What a list shows of the deliverables: those of one action that follow each other, together."""
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
    for (pk, action, section, unit, slug), found in groupby(rows, key=lambda row: row[:5]):
        yield {
            "pk": pk,
            "action": action,
            "section": section,
            "unit": unit,
            "slug": slug,
            "deliverables": [_listed(*row[5:]) for row in found],
        }


def _listed(text: str, managers: str, *when: Any) -> dict[str, str]:
    *dates, printed = when
    due = due_in_words(*dates)
    return {"text": text, "managers": managers, "due": due, "printed": "" if printed == due else printed}


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


# A unit's consultations


def unit_consultations(unit: Unit, year: FinancialYear) -> QuerySet[Consultation]:
    """The unit's consultation exercises in printed order."""
    return Consultation.objects.for_year(year).for_unit(unit).order_by("plan__tier", "plan__name", "position", "pk")


# One action


@dataclass(frozen=True, slots=True)
class Promise:
    """A deliverable with its date in words, and what the document says of it."""

    deliverable: Deliverable
    due: str
    is_past: bool  # its last day is before today
    changed: bool = False  # edited since it was loaded
    repairs: tuple[dict[str, Any], ...] = ()

    @property
    def due_printed(self) -> str:
        """The printed words, where they are not those of `due`."""
        return "" if self.deliverable.due_printed == self.due else self.deliverable.due_printed

    @property
    def last_day(self) -> date | None:
        """The day by which it is due, where that is not what its date says."""
        return None if self.deliverable.due_precision == Precision.DAY else self.deliverable.due_end


@dataclass(frozen=True, slots=True)
class ActionStory:
    """An action with its deliverables, and where they come from."""

    promises: list[Promise]
    unpaired: str  # how many deliverables and dates stand together in a printed cell; "" where each has its own
    source: list[SourceLine]
    repairs: list[dict[str, Any]]

    @property
    def past(self) -> int:
        return sum(promise.is_past for promise in self.promises)

    @property
    def last_day(self) -> date | None:
        """The last day on which anything of it is due."""
        return max((end for promise in self.promises if (end := promise.deliverable.due_end)), default=None)


def action_story(action: KeyAction, *, today: date) -> ActionStory:
    """Two queries at most. `action` comes with its plan and provenance."""
    deliverables = list(action.deliverables.select_related("provenance").order_by("position", "pk"))
    provenance = action.provenance
    source = (
        list(SourceLine.objects.filter(document=provenance.document_id, number__in=provenance.lines).order_by("number"))
        if provenance
        else []
    )
    repairs = provenance.repairs if provenance else []
    return ActionStory(
        promises=[_told(deliverable, repairs, today=today) for deliverable in deliverables],
        unpaired=_unpaired(deliverables, action.plan.year.label),
        source=source,
        repairs=repairs,
    )


def _unpaired(deliverables: Sequence[Deliverable], year: str) -> str:
    """ "3 deliverables and 2 dates", where they share a cell and nothing says which belongs to which."""
    unread = [one for one in deliverables if one.due_precision == Precision.UNKNOWN]
    words = {one.due_printed for one in unread}
    dates = len(read_cell(escape(next(iter(words)), quote=False), year).dates) if len(words) == 1 else 0
    if dates < 2:
        return ""
    return f"{len(unread)} deliverable{'' if len(unread) == 1 else 's'} and {dates} dates"


def _told(deliverable: Deliverable, of_action: list[dict[str, Any]], *, today: date) -> Promise:
    """The deliverable with the repairs of its own, beside those `of_action`."""
    provenance = deliverable.provenance
    due = due_in_words(deliverable.due_start, deliverable.due_end, deliverable.due_precision)
    is_past = deliverable.due_end is not None and deliverable.due_end < today
    if provenance is None:
        return Promise(deliverable, due, is_past)
    changed = any(
        name in provenance.loaded and comparable(getattr(deliverable, name)) != provenance.loaded[name]
        for name in LOADED
    )
    repairs = tuple(repair for repair in provenance.repairs if repair not in of_action)
    return Promise(deliverable, due, is_past, changed, repairs)


def name_then(values: Mapping[str, Any]) -> str:
    """Which deliverable of its action it is, by the values of a version of its row."""
    return f"Deliverable “{values['text'] or values['due_printed']}”"

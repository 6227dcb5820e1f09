"""What is loaded for a year, and what of it needs attention: breaks, doubts, corrections, figures still to be given."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet
from django.db.models.functions import JSONObject, Lower, TruncMonth

from indicators.models import Figure, FigureStatus
from kentplan.checks import Found, YearChecks
from kentplan.organisation import PlanRow
from plans.checks import BREAK, NOT_CHECKED
from plans.models import Document, FinancialYear, Plan, Provenance
from projects.models import Deliverable
from projects.months import month_in_words

DECLARED = "declared correction"  # the rule of such a repair
NO_DATE = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """The printed cells of one table that are read as a declared correction says."""

    document: int
    table: int
    number: int


@dataclass(frozen=True, slots=True)
class UnitAwaited:
    """How many figures a unit has still to give; no unit where they are of a directorate's own measures."""

    unit: str
    slug: str
    number: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """The plans of a year, and what of their rows the home page counts."""

    plans: tuple[PlanRow, ...]
    due: Mapping[str, int]  # deliverables by the month that they are due in, "2009-09", and those of no date
    awaited: Mapping[str, tuple[UnitAwaited, ...]]  # by status, the most first
    declared: tuple[Declared, ...]
    doubts: tuple[str, ...]  # what each open doubt says


def loaded_for(year: FinancialYear) -> Loaded:
    """What is loaded for the year; one query, whose rows are its plans."""
    due = Deliverable.objects.filter(action__plan=OuterRef("pk")).annotate(month=TruncMonth("due_end"))
    awaited = Figure.objects.awaited().filter(listing__plan=OuterRef("pk"))
    declared = Provenance.objects.filter(plan=OuterRef("pk"), repairs__contains=[{"rule": DECLARED}])
    documents = Document.objects.filter(plan=OuterRef("pk"))
    plans = Plan.objects.for_year(year).annotate(
        due=_tally(due, month="month"),
        awaited=_tally(awaited, status="status", unit="listing__unit__name", slug="listing__unit__slug"),
        declared=_objects(declared, document=F("document"), table=F("table"), lines=F("lines")),
        doubts=_objects(documents, doubts=F("report__doubts")),
    )
    columns = ("pk", "name", "tier", "state", "directorate__name", "due", "awaited", "declared", "doubts")
    rows = list(plans.order_by("tier", Lower("name"), "pk").values_list(*columns, named=True))
    return Loaded(
        plans=tuple(PlanRow(*row[:5]) for row in rows),
        due=_by_month(item for row in rows for item in row.due),
        awaited=_by_status(item for row in rows for item in row.awaited),
        declared=_by_table(item for row in rows for item in row.declared),
        doubts=tuple(doubt["says"] for row in rows for document in row.doubts for doubt in document["doubts"] or ()),
    )


def _objects(rows: QuerySet[Any], **values: Any) -> ArraySubquery:
    """`rows` as an array of objects with those values."""
    return ArraySubquery(rows.order_by().values(found=JSONObject(**values)))


def _tally(rows: QuerySet[Any], **keys: str) -> ArraySubquery:
    """How many of `rows` there are of each: an array of objects with the keys and the `number`."""
    counted = rows.order_by().values(*keys.values()).annotate(number=Count("pk"))
    return ArraySubquery(counted.values(found=JSONObject(**keys, number="number")))


def _by_month(tallies: Iterable[Mapping[str, Any]]) -> Mapping[str, int]:
    months: Counter[str] = Counter()
    for found in tallies:
        months[(found["month"] or NO_DATE)[:7]] += found["number"]
    return months


def _by_status(tallies: Iterable[Mapping[str, Any]]) -> Mapping[str, tuple[UnitAwaited, ...]]:
    statuses: dict[str, Counter[tuple[str, str]]] = {}
    for found in tallies:
        units = statuses.setdefault(found["status"], Counter())
        units[found["unit"] or "", found["slug"] or ""] += found["number"]
    return {
        status: tuple(UnitAwaited(*unit, number) for unit, number in units.most_common())
        for status, units in statuses.items()
    }


def _by_table(rows: Iterable[Mapping[str, Any]]) -> tuple[Declared, ...]:
    # One printed cell may be read into several rows: a line of the budget, and a control total.
    cells = {(found["document"], found["table"], tuple(found["lines"])) for found in rows}
    tables = Counter((document, table) for document, table, _ in cells)
    return tuple(Declared(document, table, number) for (document, table), number in sorted(tables.items()))


# What needs attention


@dataclass(frozen=True, slots=True)
class Cause:
    """A difference that one or more checks break by."""

    whose: str
    difference: Decimal | None
    in_posts: bool
    checks: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month in which something is due."""

    key: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Attention:
    """What needs attention in a year; each number is that of the list which the page links to."""

    counts: Mapping[str, int]  # of the checks, by outcome
    causes: tuple[Cause, ...]  # of the breaks, but for those of measures
    doubled: tuple[Found, ...]  # measures that are printed with two values: breaks too
    doubts: tuple[str, ...]
    declared: tuple[Declared, ...]
    awaited: tuple[UnitAwaited, ...]
    to_follow: tuple[UnitAwaited, ...]
    early: tuple[Month, ...]  # before the plan's year

    @property
    def is_empty(self) -> bool:
        lines = (self.breaks, self.doubts, self.declared, self.awaited, self.to_follow, self.early)
        return not any(lines)

    @property
    def breaks(self) -> int:
        return self.counts[BREAK]

    @property
    def not_checked(self) -> int:
        return self.counts[NOT_CHECKED]

    @property
    def declared_number(self) -> int:
        return sum(table.number for table in self.declared)

    @property
    def awaited_number(self) -> int:
        return sum(unit.number for unit in self.awaited)

    @property
    def to_follow_number(self) -> int:
        return sum(unit.number for unit in self.to_follow)

    @property
    def early_number(self) -> int:
        return sum(month.number for month in self.early)


def attention_of(year: FinancialYear, loaded: Loaded, checks: YearChecks) -> Attention:
    """No query."""
    starts = f"{year.start}-04"
    causes = [found for found in checks.by_cause if not found[0].of_measure]
    return Attention(
        counts=checks.counts,
        causes=tuple(map(_cause, causes)),
        doubled=tuple(item for item in checks.breaks if item.of_measure),
        doubts=loaded.doubts,
        declared=loaded.declared,
        awaited=loaded.awaited.get(FigureStatus.AWAITED, ()),
        to_follow=loaded.awaited.get(FigureStatus.TO_FOLLOW, ()),
        early=tuple(
            Month(key, month_in_words(key), number)
            for key, number in sorted(loaded.due.items())
            if key != NO_DATE and key < starts
        ),
    )


def _cause(found: tuple[Found, ...]) -> Cause:
    first = next((item for item in found if item.unit_id is not None), found[0])
    return Cause(first.whose, first.difference, first.in_posts, len(found))

"""Search over all years: units, budget lines, measures, actions, officers, corporate targets and consultations.

A row is found where each word of the query stands in its own text, or in the text of one of its parts (an action's
deliverables, a unit's other names). Best first: the whole text, its beginning, the words together, the words apart, a
part. All kinds are found, counted and cut to their best in one query.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Cast, Coalesce, Lower, RowNumber
from django.urls import reverse

from budgets.models import BudgetLine, CoreService
from indicators.models import Listing, ListingKind
from kentplan.answering import Answers, Owner, answers_of
from kentplan.folding import Part, Query, passage
from plans import calendar
from plans.models import Alias, LeadRole, Officer, Target, Unit, UnitYear
from projects.models import Consultation, Deliverable, KeyAction

SHOWN = 10  # of a kind, where all kinds are asked for
PER_PAGE = 50  # of one kind
TITLE, PASSAGE, ANSWER = 180, 240, 170  # characters
NO_TEXT = Value("", output_field=models.TextField())
INTEGER = models.IntegerField()
NO_YEAR = Cast(Value(None), INTEGER)


class Joined(Func):
    """The fields as one text, spelled as in the indexes of migration 0002."""

    template = "(%(expressions)s)::text"
    arg_joiner = " || ' ' || "
    output_field = models.TextField()


class Folded(Joined):
    """The fields as one text as search compares it."""

    template = "kentplan_folded(%(expressions)s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Something that can be found, and how it is told."""

    key: str
    name: str
    one: str
    rows: type[models.Model]
    searched: tuple[str, ...]  # the fields whose text is searched
    title: tuple[str, ...]  # the fields that name it
    parts: tuple[type[models.Model], str, str] | None = None  # further rows: their foreign key and their text
    passage: str = ""  # what stands before a part's text
    parts_are_names: bool = False  # a part that is the whole query is as good as the row's own name
    first: Case | None = None  # which of two that are found alike comes first
    unit: str = "unit"  # empty where it is of no unit
    year: Any = None  # where that is not its plan's


KINDS = (
    Kind(
        key="units",
        name="Units",
        one="unit",
        rows=Unit,
        searched=("name",),
        title=("name",),
        parts=(Alias, "unit", "name"),
        passage="Also called ",
        parts_are_names=True,
        year=Subquery(UnitYear.objects.filter(unit=OuterRef("pk")).order_by("-year__start").values("year__start")[:1]),
        unit="",
    ),
    Kind(
        key="measures",
        name="Measures",
        one="measure",
        rows=Listing,
        searched=("code", "title"),
        title=("code", "title"),
        first=Case(When(kind=ListingKind.TABLE, then=0), When(kind=ListingKind.COMPARISON, then=2), default=1),
    ),
    Kind(
        key="lines",
        name="Budget lines",
        one="budget line",
        rows=BudgetLine,
        searched=("activity",),
        title=("activity",),
        parts=(CoreService, "line", "provides"),
        passage="Provides: ",
    ),
    Kind(
        key="actions",
        name="Actions",
        one="action",
        rows=KeyAction,
        searched=("text",),
        title=("text",),
        parts=(Deliverable, "action", "text"),
        passage="Delivers: ",
    ),
    Kind(
        key="officers",
        name="Officers",
        one="officer",
        rows=Officer,
        searched=("name",),
        title=("name",),
        unit="",
        year=NO_YEAR,
    ),
    Kind(
        key="targets",
        name="Corporate targets",
        one="corporate target",
        rows=Target,
        searched=("scheme", "code", "title"),
        title=("scheme", "code", "title"),
        parts=(LeadRole, "target", "text"),
        unit="",
        year=NO_YEAR,
    ),
    Kind(
        key="consultations",
        name="Consultations",
        one="consultation",
        rows=Consultation,
        searched=("name", "purpose", "target_group"),
        title=("name",),
    ),
)
BY_KEY = {kind.key: kind for kind in KINDS}
COLUMNS = ("of_kind", "place", "total", "pk", "named", "own_text", "part_text", "in_year", "place_name", "unit_slug")


@dataclass(frozen=True, slots=True)
class Lead:
    """What a result leads to besides its own page: an action of an officer, who leads on a target."""

    says: str
    words: tuple[Part, ...]
    url: str  # empty where it has no page


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was found."""

    title: tuple[Part, ...]
    url: str  # empty where it has no page of its own
    place: str  # the unit and year it is of
    passage: tuple[Part, ...]  # what of it was found, where that is not in its title
    answers: tuple[Lead, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The results of one kind, best first."""

    kind: Kind
    total: int
    results: tuple[Result, ...]


def search(query: Query, *, only: str = "", page: int = 1) -> tuple[Found, ...]:
    """What is found, by kind in the order of KINDS, each with its best: SHOWN of every kind, or a page of `only` one."""
    if not query.terms:
        return ()
    start, end = ((page - 1) * PER_PAGE, page * PER_PAGE) if only else (0, SHOWN)
    kinds = [BY_KEY[only]] if only else KINDS
    first, *others = (_rows(kind, query)[start:end] for kind in kinds)
    rows: dict[str, list[Any]] = {kind.key: [] for kind in kinds}
    for row in sorted(first.union(*others, all=True) if others else first, key=lambda row: row.place):
        rows[row.of_kind].append(row)
    answers = answers_of({kind: [row.pk for row in rows[kind]] for kind in ("officers", "targets") if rows.get(kind)})
    return tuple(
        Found(kind, rows[kind.key][0].total, tuple(_result(row, query, answers) for row in rows[kind.key]))
        for kind in kinds
        if rows[kind.key]
    )


def _rows(kind: Kind, query: Query) -> QuerySet[Any, Any]:
    """What is found of a kind as COLUMNS has it, best first."""
    found: QuerySet[Any, Any] = _holding(kind.rows, kind.searched, query).values("pk")
    part: Any = NO_TEXT
    own_text = Joined(*kind.searched)
    wanted = Value(list(query.wanted), output_field=ArrayField(models.TextField()))
    rank: Any = Func(own_text, wanted, Value(query.folded), function="kentplan_rank", output_field=INTEGER)
    if kind.parts:
        model, owner, text = kind.parts
        matching = _holding(model, (text,), query)
        found = found.union(matching.exclude(**{owner: None}).values(owner))
        of_row = matching.filter(**{owner: OuterRef("pk")}).order_by("pk")
        part = Subquery(of_row.values(text)[:1], output_field=models.TextField())
        if kind.parts_are_names:
            rank = Case(When(Exists(of_row.filter(folded=query.folded)), then=0), default=rank)
    ranked = kind.rows._default_manager.filter(pk__in=found).annotate(
        named=Joined(*kind.title),
        own_text=own_text,
        in_year=kind.year or F("plan__year__start"),
        rank=rank,
        first=kind.first or Value(0),
    )
    order = [F("rank").asc(), F("first").asc(), F("in_year").desc(nulls_last=True), Lower("named").asc(), F("pk").asc()]
    rows: QuerySet[Any, Any] = (
        ranked.annotate(
            of_kind=Value(kind.key, output_field=models.TextField()),
            place=Window(RowNumber(), order_by=order),
            total=Window(Count("*")),
            part_text=part,
            place_name=Coalesce(f"{kind.unit}__name", "plan__name") if kind.unit else NO_TEXT,
            unit_slug=F(f"{kind.unit}__slug") if kind.unit else F("slug") if kind.rows is Unit else NO_TEXT,
        )
        .order_by("place")
        .values_list(*COLUMNS, named=True)
    )
    return rows


def _holding(model: type[models.Model], text: Sequence[str], query: Query) -> QuerySet[Any]:
    every_term = reduce(and_, (Q(folded__contains=wanted) for wanted in query.wanted))
    rows: QuerySet[Any] = model._default_manager.order_by().annotate(folded=Folded(*text)).filter(every_term)
    return rows


def _result(row: Any, query: Query, answers: Mapping[Owner, Answers]) -> Result:
    of_row = answers.get((row.of_kind, row.pk), Answers())
    leads = [Lead(answer.says, passage(answer.words, query, length=ANSWER), answer.url) for answer in of_row.shown]
    leads += [Lead("", (Part(answer.words, found=False),), answer.url) for answer in of_row.lists]
    told = " ".join((row.part_text or ("" if row.own_text == row.named else row.own_text)).split())
    if any(told == answer.words for answer in of_row.shown):  # a target's lead role, which stands below it
        told = ""
    year = "" if row.in_year is None else calendar.label(row.in_year)
    return Result(
        title=passage(row.named, query, length=TITLE),
        url=_url(row),
        place=", ".join(filter(None, (row.place_name, year))),
        passage=passage(told, query, length=PASSAGE) if told else (),
        answers=tuple(leads),
    )


def _url(row: Any) -> str:
    match row.of_kind:
        case "units" if row.in_year is not None:
            return reverse("kentplan:unit_detail", kwargs={"year": row.in_year, "unit": row.unit_slug})
        case "consultations":
            unit = reverse("kentplan:unit_detail", kwargs={"year": row.in_year, "unit": row.unit_slug})
            return f"{unit}#consultations"
        case "measures":
            return reverse("indicators:indicator_detail", args=[row.pk])
        case "lines":
            return reverse("budgets:line_detail", args=[row.pk])
        case "actions":
            return reverse("projects:action_detail", args=[row.pk])
    return ""

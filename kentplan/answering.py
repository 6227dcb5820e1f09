"""What an officer answers for, and what counts towards a corporate target: actions, core services, measures, lead roles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.aggregates import StringAgg
from django.db import models
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value, Window
from django.db.models.functions import Cast, Coalesce, RowNumber
from django.urls import reverse

from budgets.models import CoreService
from indicators.models import Listing
from plans.models import LeadKind, LeadRole, Officer
from projects.models import KeyAction

SHOWN = 3  # of each sort
OFFICERS, TARGETS = "officers", "targets"
Owner = tuple[str, int]  # OFFICERS or TARGETS, and the row's key
NO_TEXT = Value("", output_field=models.TextField())
NAMES = Subquery(
    Officer.objects.filter(lead_roles=OuterRef("pk"))
    .order_by()
    .values("lead_roles")
    .annotate(names=StringAgg("name", ", ", order_by="name"))
    .values("names")
)


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of thing that belongs to officers or targets."""

    of: str
    says: str  # empty for lead roles, which say how
    rows: type[models.Model]
    owner: str
    owner_name: str
    words: str
    key: str  # what its address is made of
    detail: Any = NO_TEXT
    names: Any = NO_TEXT


SORTS = (
    Sort(OFFICERS, "Action", KeyAction, "managers", "managers__name", "text", "pk"),
    Sort(
        OFFICERS,
        "Core service",
        CoreService,
        "accountable_manager",
        "accountable_manager__name",
        "activity",
        "line",
        F("unit__slug"),
    ),
    Sort(OFFICERS, "", LeadRole, "officers", "officers__name", "text", "provenance", F("role")),
    Sort(TARGETS, "", LeadRole, "target", "target__scheme", "text", "provenance", F("role"), Coalesce(NAMES, NO_TEXT)),
    Sort(TARGETS, "Action", KeyAction, "targets", "targets__scheme", "text", "pk"),
    Sort(TARGETS, "Measure", Listing, "targets", "targets__scheme", "title", "pk"),
)
COLUMNS = ("sort", "number", "total", "owned_by", "owned_by_name", "told", "names", "start", "address", "detail")


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that an officer answers for, or that counts towards a target."""

    says: str
    words: str
    url: str  # empty where it has no page


@dataclass(frozen=True, slots=True)
class Answers:
    """The first few of each sort, and where there are more the lists of them."""

    shown: tuple[Answer, ...] = ()
    lists: tuple[Answer, ...] = ()


def answers_of(wanted: Mapping[str, Sequence[int]]) -> dict[Owner, Answers]:
    """By owner the first SHOWN of each sort, the latest year first; one query, whatever is wanted of whom."""
    parts = [_rows(place, wanted[sort.of]) for place, sort in enumerate(SORTS) if wanted.get(sort.of)]
    if not parts:
        return {}
    found: dict[Owner, list[Any]] = {}
    for row in sorted(parts[0].union(*parts[1:], all=True), key=lambda row: (row.sort, row.number)):
        found.setdefault((SORTS[row.sort].of, row.owned_by), []).append(row)
    return {owner: Answers(tuple(map(_answer, rows)), tuple(_lists(rows))) for owner, rows in found.items()}


def _rows(place: int, owners: Sequence[int]) -> QuerySet[Any, Any]:
    """The first SHOWN rows of each owner as COLUMNS has them."""
    sort = SORTS[place]
    latest_first = [F("plan__year__start").desc(), F("position").asc(), F("pk").asc()]
    rows: QuerySet[Any, Any] = (
        sort.rows._default_manager.filter(**{f"{sort.owner}__in": owners})
        .order_by()
        .annotate(
            sort=Value(place),
            owned_by=F(sort.owner),
            owned_by_name=Cast(sort.owner_name, models.TextField()),
            told=Cast(sort.words, models.TextField()),
            names=Cast(sort.names, models.TextField()),
            start=F("plan__year__start"),
            address=F(sort.key),
            detail=Cast(sort.detail, models.TextField()),
            number=Window(RowNumber(), partition_by=[F(sort.owner)], order_by=latest_first),
            total=Window(Count("*"), partition_by=[F(sort.owner)]),
        )
        .filter(number__lte=SHOWN)
        .values_list(*COLUMNS, named=True)
    )
    return rows


def _answer(row: Any) -> Answer:
    says = SORTS[row.sort].says or LeadKind(row.detail).label
    return Answer(f"{says}: {row.names}" if row.names else says, " ".join(row.told.split()), _url(row))


def _url(row: Any) -> str:
    match SORTS[row.sort].says:
        case "Action":
            return reverse("projects:action_detail", args=[row.address])
        case "Measure":
            return reverse("indicators:indicator_detail", args=[row.address])
        case "Core service" if row.address:
            return reverse("budgets:line_detail", args=[row.address])
        case "Core service":
            return reverse("kentplan:unit_detail", kwargs={"year": row.start, "unit": row.detail})
    return reverse("kentplan:printed", args=[row.address]) if row.address else ""


def _lists(rows: Sequence[Any]) -> list[Answer]:
    """Where all actions and measures are listed, of which only the first are shown here."""
    lists = []
    for row in rows:
        sort = SORTS[row.sort]
        if row.number > 1 or row.total <= SHOWN or sort.says not in ("Action", "Measure"):
            continue
        view = "projects:action_list" if sort.says == "Action" else "indicators:listing_list"
        named = {"manager" if sort.of == OFFICERS else "scheme": row.owned_by_name}
        url = f"{reverse(view, kwargs={'year': row.start})}?{urlencode(named)}"
        lists.append(Answer(sort.says, f"All {sort.says.lower()}s of {row.owned_by_name}", url))
    return lists

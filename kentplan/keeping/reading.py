"""What the pages of keeping show: units with their names and places, the state of the house in one sentence."""

from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum

from history.changes import change_set
from kentplan.doubts.questions import with_open_doubts
from people.models import User
from plans.models import Alias, Document, FinancialYear, Half, Period, PeriodState, Plan, PlanState, Unit, UnitYear


@dataclass(frozen=True, slots=True)
class House:
    """How the portal stands, in numbers."""

    people: int
    units: int
    doubts: int
    plans: tuple[tuple[str, int], ...]  # by state, in words
    open_periods: int
    closed_periods: int


def house() -> House:
    """Five queries, whatever there is."""
    states = dict(Plan.objects.order_by().values_list("state").annotate(number=Count("pk")))
    periods = Period.objects.aggregate(
        open=Count("pk", filter=Q(state=PeriodState.OPEN)), closed=Count("pk", filter=Q(state=PeriodState.CLOSED))
    )
    return House(
        people=User.objects.filter(is_active=True).count(),
        units=Unit.objects.count(),
        doubts=with_open_doubts(Document.objects.all()).aggregate(number=Sum("open_doubts"))["number"] or 0,
        plans=tuple((state.label.lower(), states[state.value]) for state in PlanState if state.value in states),
        open_periods=periods["open"],
        closed_periods=periods["closed"],
    )


def units_kept() -> QuerySet[Unit]:
    """Every unit by its name, with its other names and its places; three queries."""
    return Unit.objects.by_name().select_related("directorate").prefetch_related("aliases", "unit_years__year")


def places_of(unit: Unit) -> QuerySet[UnitYear]:
    return UnitYear.objects.for_unit(unit).select_related("year", "division", "portfolio").order_by("-year__start")


def names_kept() -> QuerySet[Alias]:
    return Alias.objects.select_related("unit")


@dataclass(frozen=True, slots=True)
class YearPeriods:
    """The periods of one year, and how many it lacks."""

    year: FinancialYear
    periods: tuple[Period, ...]

    @property
    def missing(self) -> int:
        return len(Half.values) - len(self.periods)


def periods_by_year() -> list[YearPeriods]:
    """Every year, the latest first; two queries."""
    found: dict[int, list[Period]] = {}
    for period in Period.objects.select_related("year"):
        found.setdefault(period.year_id, []).append(period)
    years = FinancialYear.objects.order_by("-start")
    return [YearPeriods(year, tuple(found.get(year.pk, ()))) for year in years]


def add_missing_periods(year: FinancialYear, *, by: AbstractBaseUser) -> int:
    """Make the halves that the year lacks, and say how many they were. Asked for twice, even at once, it is one change,
    and where nothing is missing it is none."""
    with transaction.atomic():
        FinancialYear.objects.select_for_update().get(pk=year.pk)
        there = set(Period.objects.for_year(year).values_list("half", flat=True))
        new = [Period(year=year, half=half) for half in Half.values if half not in there]
        if new:
            with change_set(by=by, why="", door="list of periods"):
                Period.objects.bulk_create(new)
    return len(new)

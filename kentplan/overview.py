"""The plan of a year at a glance: what it costs, what needs attention, what is due, and a person's own units."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from kentplan.attention import NO_DATE, Attention, Loaded, attention_of, loaded_for
from kentplan.checks import YearChecks, year_checks
from kentplan.organisation import Branch, Money, PlanRow, UnitRow, branch_of, own_units, units_with_figures
from kentplan.spending import DirectorateCost, Spending, cost_by_portfolio, spending
from plans import calendar
from plans.models import FinancialYear
from projects.models import Deliverable
from projects.months import Promised, YearPicture, month_in_words, promised, year_picture

DUE_SHOWN = 5
UNITS_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Due:
    """What is due from today to the end of the half year, and how many deliverables are due in each month."""

    until: date
    number: int
    first: Sequence[Promised]  # the first few
    months: Sequence[tuple[str, str]]  # in which they are due: "2009-09", "September 2009"
    before: int  # due since the half year began
    picture: YearPicture
    undated: int
    running: bool  # today is in the year
    link: str  # of the list of a month's, to which the month is added


@dataclass(frozen=True, slots=True)
class OwnUnits:
    """The units that a person answers for or, where those are none by name, the ones with a service plan."""

    units: Sequence[UnitRow]
    whole: Branch
    more: int  # than are shown
    are_own: bool

    @property
    def number(self) -> int:
        return len(self.units) + self.more


@dataclass(frozen=True, slots=True)
class Overview:
    """The plan of a year at a glance."""

    year: FinancialYear
    plans: Sequence[PlanRow]
    whole: Money
    directorates: Sequence[DirectorateCost]
    spending: Spending | None
    attention: Attention
    due: Due
    own: OwnUnits
    checks: YearChecks


def overview_of(year: FinancialYear, user: AbstractBaseUser | AnonymousUser) -> Overview:
    """Seven queries, whatever is loaded: units, plans, what is due, and four for the checks."""
    half = half_in_view(year)
    own = own_units(user, year)
    units, loaded, checks = units_with_figures(year, half), loaded_for(year), year_checks(year)
    return Overview(
        year=year,
        plans=loaded.plans,
        whole=Money.of(unit.money for unit in units),
        directorates=cost_by_portfolio(units),
        spending=spending(units),
        attention=attention_of(year, loaded, checks),
        due=due_in(year, half, loaded, own={unit.slug for unit in units if unit.pk in own}),
        own=units_of(own, units, checks),
        checks=checks,
    )


def half_in_view(year: FinancialYear) -> tuple[date, date]:
    """The half year of today; of a year to come the first, of one that is over the second."""
    today = calendar.today()
    now = calendar.year_of(today)
    half = calendar.half_of(today) if year.start == now else 1 if year.start > now else 2
    return calendar.half_year(year.start, half)


def due_in(year: FinancialYear, half: tuple[date, date], loaded: Loaded, *, own: Collection[str]) -> Due:
    """What is due in the half year, that of the person's `own` units (their slugs) first; one query."""
    today = calendar.today()
    due = promised(Deliverable.objects.for_year(year).due_between(*half))
    to_come = [item for item in due if item.end is not None and item.end >= today]
    this_half = {f"{day:%Y-%m}" for day in half}
    return Due(
        until=half[1],
        number=len(to_come),
        first=sorted(to_come, key=lambda item: item.slug not in own)[:DUE_SHOWN],
        months=[(key, month_in_words(key)) for key in sorted({item.month for item in to_come})],
        before=len(due) - len(to_come),
        picture=year_picture(loaded.due, year=year.start, stressed=lambda key: min(this_half) <= key <= max(this_half)),
        undated=loaded.due.get(NO_DATE, 0),
        running=calendar.year_of(today) == year.start,
        link=f"{reverse('projects:action_list', kwargs={'year': year})}?due=",
    )


def units_of(own: Collection[int], units: Sequence[UnitRow], checks: YearChecks) -> OwnUnits:
    """The person's own units; where none of them stands in the year, those that a service plan is loaded for."""
    mine = [unit for unit in units if unit.pk in own]
    found = mine or [unit for unit in units if unit.plan_id]
    shown = found if mine else found[:UNITS_SHOWN]
    return OwnUnits(shown, branch_of(shown, checks), len(found) - len(shown), bool(mine))

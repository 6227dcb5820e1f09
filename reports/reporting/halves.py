"""The half years that there is anything to say of, and which of them a page is about."""

import calendar as months
import re
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from plans import calendar
from plans.models import FinancialYear, Half, Plan

PERIOD = re.compile(r"(?P<year>\d{4}-\d{2})-(?P<half>[12])", re.ASCII)


@dataclass(frozen=True, slots=True)
class HalfYear:
    """A half of a financial year that has plans."""

    year: FinancialYear
    half: int
    plans: tuple[Plan, ...] = ()

    @property
    def key(self) -> str:
        """As in addresses: "2009-10-1"."""
        return f"{self.year.path}-{self.half}"

    @property
    def first(self) -> date:
        return calendar.half_year(self.year.start, self.half)[0]

    @property
    def last(self) -> date:
        return calendar.half_year(self.year.start, self.half)[1]

    @property
    def next(self) -> "HalfYear":
        """The half year after it, which may be of a year that has no plan yet."""
        if self.half == Half.FIRST:
            return HalfYear(self.year, Half.SECOND)
        return HalfYear(FinancialYear(start=self.year.start + 1), Half.FIRST)

    @property
    def label(self) -> str:
        """ "April to September 2009", "October 2009 to March 2010"."""
        first, last = (f"{months.month_name[day.month]} {day.year}" for day in (self.first, self.last))
        return f"{first.removesuffix(f' {self.last.year}')} to {last}"

    @property
    def term(self) -> str:
        return "mid-term" if self.half == Half.FIRST else "end of year"


def half_years() -> list[HalfYear]:
    """Both halves of each year that has a plan, earliest first; one query."""
    plans = Plan.objects.select_related("year").order_by("year__start", "tier", "name")
    of_years = [tuple(of_year) for _, of_year in groupby(plans, key=lambda plan: plan.year_id)]
    return [HalfYear(of_year[0].year, half, of_year) for of_year in of_years for half in Half.values]


def chosen(halves: list[HalfYear], asked: str) -> HalfYear | None:
    """The half year that is `asked` for ("2009-10-1"); None where there is none such."""
    return next((half for half in halves if PERIOD.fullmatch(asked) and half.key == asked), None)


def current(halves: list[HalfYear], today: date) -> HalfYear:
    """The half year of `today`; where it has no plan the latest before it, and the earliest there is failing that."""
    begun = [half for half in halves if half.first <= today]
    return begun[-1] if begun else halves[0]

"""Deliverables by the month that they are due in: in groups for pages, and counted for the picture of a year."""

import calendar as months
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import Count, Subquery
from django.db.models.functions import TruncMonth

from plans.calendar import year_of
from plans.models import FinancialYear
from projects.models import Deliverable, DeliverableQuerySet, KeyAction, Precision
from projects.reporting import due_in_words, title_of

ON_GOING = "on-going"
UNREAD = "unread"
NO_DATE = "none"
UNDATED = {
    ON_GOING: "On-going, without an end",
    UNREAD: "Dates that could not be read or paired",
    NO_DATE: "No date printed",
}
BAR = Decimal(110)  # the height of the picture's longest bar, in its own units


def _undated(precision: str) -> str:
    """Why a deliverable has no month."""
    return {Precision.ON_GOING.value: ON_GOING, Precision.UNKNOWN.value: UNREAD}.get(precision, NO_DATE)


@dataclass(frozen=True, slots=True)
class Promised:
    """A deliverable of a list, with its action and its date in words."""

    action: int
    title: str
    unit: str  # blank where it stands in a section of the directorate's plan
    slug: str
    section: str
    text: str
    managers: str
    links: str
    end: date | None
    precision: str
    due: str  # in the words of print, if it has any

    @property
    def month(self) -> str:
        """Where it stands in the year: "2010-03", or why it has no month."""
        if self.end is not None:
            return f"{self.end:%Y-%m}"
        return _undated(self.precision)

    @property
    def place(self) -> str:
        return self.unit or self.section


def promised(deliverables: DeliverableQuerySet) -> list[Promised]:
    """The deliverables by the day they are due, then by unit, in printed order; those without a day last. One query."""
    rows = deliverables.by_day().values_list(
        "action__pk",
        "action__text",
        "action__unit__name",
        "action__unit__slug",
        "action__section",
        "text",
        "managers",
        "links",
        "due_start",
        "due_end",
        "due_precision",
        "due_printed",
    )
    found = []
    for pk, action, unit, slug, section, text, managers, links, start, end, precision, printed in rows:
        due = printed or due_in_words(start, end, precision)
        title = title_of(action)
        found.append(Promised(pk, title, unit or "", slug or "", section, text, managers, links, end, precision, due))
    return found


# Groups


@dataclass(frozen=True, slots=True)
class Group:
    """The deliverables that are due in one month, or have none for the same reason."""

    key: str
    heading: str
    note: str
    rows: Sequence[Promised]

    @property
    def parts(self) -> list[list[Promised]]:
        """The rows, those together that differ in their words alone."""
        same: Callable[[Promised], Promised] = lambda row: replace(row, text="")  # noqa: E731
        return [list(rows) for _, rows in groupby(self.rows, key=same)]

    @property
    def alone(self) -> list["Group"]:
        """Itself, for a table of its own."""
        return [self]

    @property
    def number(self) -> str:
        return f"{len(self.rows)} deliverable{'' if len(self.rows) == 1 else 's'}"


def by_month(rows: Iterable[Promised], *, year: int, today: date) -> list[Group]:
    """The rows in a group for each month, earliest first, and what has no month after them. `year` is the plan's."""
    order = {key: at for at, key in enumerate(UNDATED)}
    place: Callable[[Promised], tuple[int, str]] = lambda row: (order.get(row.month, -1), row.month)  # noqa: E731
    groups = []
    for (_, key), found in groupby(sorted(rows, key=place), key=place):
        there = list(found)
        if key in UNDATED:
            groups.append(Group(key, UNDATED[key], "", there))
        else:
            there.sort(key=lambda row: row.place.lower())
            groups.append(Group(key, month_in_words(key), _note(key, there, year=year, today=today), there))
    return groups


def month_in_words(key: str) -> str:
    """ "March 2010" for "2010-03"."""
    year, month = key.split("-")
    return f"{months.month_name[int(month)]} {year}"


def _note(key: str, rows: Sequence[Promised], *, year: int, today: date) -> str:
    notes = []
    starts = year_of(date.fromisoformat(f"{key}-01"))
    if starts != year:
        notes.append("before the plan’s year" if starts < year else "after the plan’s year")
    if key == f"{today:%Y-%m}":
        notes.append("this month")
    # A month is over on its last day's evening, whatever day of it was meant.
    elif all(row.end is not None and row.end < today for row in rows) and starts >= year:
        notes.append("due before today")
    return ", ".join(notes)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a unit has promised, in numbers."""

    actions: int
    deliverables: int
    this_month: int
    past: int  # due before today, in months that are over
    unread: int


def summary_of(groups: Sequence[Group], *, today: date) -> Summary:
    rows = [row for group in groups for row in group.rows]
    return Summary(
        actions=len({row.action for row in rows}),
        deliverables=len(rows),
        this_month=sum(row.month == f"{today:%Y-%m}" for row in rows),
        past=sum(row.end is not None and row.end < today for row in rows),
        unread=sum(row.month == UNREAD for row in rows),
    )


# The picture of a year


@dataclass(frozen=True, slots=True)
class Bar:
    """A month of the picture. Across, it stands in per cent of the width; upwards, in the picture's own units."""

    key: str
    short: str
    name: str
    number: int
    left: str
    middle: str
    width: str
    top: str
    height: str
    colour: str


@dataclass(frozen=True, slots=True)
class YearPicture:
    """How many deliverables are due in each month of a year, and how many outside it."""

    bars: tuple[Bar, ...]
    before: int
    after: int

    @property
    def is_empty(self) -> bool:
        return not any(bar.number for bar in self.bars)


STRONG, PALE = "#1f4e8c", "#a9bdd8"


def year_picture(counts: Mapping[str, int], *, year: int, stressed: Callable[[str], bool]) -> YearPicture:
    """`counts` by month ("2010-03") as twelve bars from April; those of the `stressed` months are drawn darker."""
    keys = [f"{year + (month > 12)}-{(month - 1) % 12 + 1:02}" for month in range(4, 16)]
    most = max((counts.get(key, 0) for key in keys), default=0) or 1
    step = Decimal(100) / len(keys)
    bars = []
    for at, key in enumerate(keys):
        number = counts.get(key, 0)
        height = BAR * number / most
        bars.append(
            Bar(
                key=key,
                short=months.month_abbr[int(key[5:])],
                name=month_in_words(key),
                number=number,
                left=f"{step * at + step / 7:.2f}%",
                middle=f"{step * at + step / 2:.2f}%",
                width=f"{step * 5 / 7:.2f}%",
                top=f"{20 + BAR - height:.1f}",
                height=f"{height:.1f}",
                colour=STRONG if stressed(key) else PALE,
            )
        )
    dated = Counter({key: number for key, number in counts.items() if key[:1].isdigit()})
    before = sum(number for key, number in dated.items() if key < keys[0])
    after = sum(number for key, number in dated.items() if key > keys[-1])
    return YearPicture(tuple(bars), before, after)


# A year


@dataclass(frozen=True, slots=True)
class YearSummary:
    """What the year's plans promise, in numbers."""

    actions: int
    deliverables: int
    unread: int
    no_month: int  # on-going without an end, or no date at all; not those unread
    month: str  # that of today, or "" where it is not of the year
    this_month: int
    picture: YearPicture

    @property
    def month_name(self) -> str:
        return month_in_words(self.month) if self.month else ""


def year_summary(year: FinancialYear, *, today: date) -> YearSummary:
    """One query."""
    actions = KeyAction.objects.for_year(year).order_by().values("plan__year").annotate(number=Count("pk"))
    counted = (
        Deliverable.objects.for_year(year)
        .order_by()
        .annotate(actions=Subquery(actions.values("number")), month=TruncMonth("due_end"))
        .values_list("actions", "month", "due_precision")
        .annotate(number=Count("pk"))
    )
    counts: Counter[str] = Counter()
    of_year = 0
    for of_year, month, precision, number in counted:  # noqa: B007 - the same in each row
        counts[f"{month:%Y-%m}" if month else _undated(precision)] += number
    here = f"{today:%Y-%m}" if year_of(today) == year.start else ""
    return YearSummary(
        actions=of_year,
        deliverables=counts.total(),
        unread=counts[UNREAD],
        no_month=counts[ON_GOING] + counts[NO_DATE],
        month=here,
        this_month=counts[here],
        picture=year_picture(counts, year=year.start, stressed=lambda key: key == here),
    )

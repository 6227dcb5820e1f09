"""What a unit's page shows of its money and posts: what changed, what each line provides, pressures, staffing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models.functions import Coalesce

from budgets.models import CoreService, MTPItem, StaffingLevel
from budgets.reporting import UnitBudget
from kentplan.checks import Found, YearChecks
from kentplan.templatetags.kentplan import signed
from kentplan.unit.naming import Name, find_name
from plans.models import FinancialYear, Unit
from plans.names import name_key
from plans.scales import Scale

# A count in a sentence: "4000 referrals", "350+ children", "61.6fte"; not "£90k", "KS4", "2008/09" or "17.5%".
_COUNT = re.compile(r"(?<![\w£/.,–-])\d{1,3}(?:,\d{3})+\+?|(?<![\w£/.,–-])\d+(?:\.\d+)?\+?(?![\d/%,.–-]*\d|%|k\b|m\b)")


# What changed


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar on a chart's scale of 0 to 1000."""

    start: str
    length: str


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line's controllable cost last year and this."""

    pk: int
    activity: str
    prior: Decimal | None
    now: Decimal | None
    note: str  # "ends", "new" or nothing
    bars: tuple[Bar, Bar]

    @property
    def change(self) -> Decimal:
        return (self.now or Decimal(0)) - (self.prior or Decimal(0))

    @property
    def change_words(self) -> str:
        return signed(self.change)


@dataclass(frozen=True, slots=True)
class Change:
    """Each line's change, the largest fall first, and the sum of them."""

    lines: tuple[LineChange, ...]
    prior: Decimal | None
    now: Decimal | None
    nil: str  # where nil stands on the scale

    @property
    def total(self) -> Decimal | None:
        return None if self.prior is None or self.now is None else self.now - self.prior

    @property
    def total_words(self) -> str:
        return signed(self.total)

    @property
    def size(self) -> Decimal:
        return abs(self.total or Decimal(0))

    @property
    def ending(self) -> list[LineChange]:
        return [line for line in self.lines if line.note == "ends"]

    @property
    def new(self) -> list[LineChange]:
        return [line for line in self.lines if line.note == "new"]


def change_of(budget: UnitBudget) -> Change:
    """No query: the lines are those of the budget table."""
    notes = {line.pk: "ends" for line in budget.ending} | {line.pk: "new" for line in budget.beginning}
    figures = [(line, line.prior_controllable, line.controllable) for line in budget.lines]
    scale = Scale.over(figure for _, *both in figures for figure in both if figure is not None)
    lines = [
        LineChange(line.pk, line.activity, prior, now, notes.get(line.pk, ""), (_bar(scale, prior), _bar(scale, now)))
        for line, prior, now in figures
    ]
    return Change(
        lines=tuple(sorted(lines, key=lambda line: line.change)),
        prior=budget.sums["prior_controllable"],
        now=budget.sums["controllable"],
        nil=scale.at(Decimal(0)),
    )


def _bar(scale: Scale, figure: Decimal | None) -> Bar:
    return Bar(scale.at(min(figure or Decimal(0), Decimal(0))), scale.length(figure or Decimal(0)))


# What each line provides


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `is_count` where it is one of the figures that the text forecasts."""

    text: str
    is_count: bool


@dataclass(frozen=True, slots=True)
class Service:
    """A core service: what a budget line provides, who answers for it, its amount in £000 as printed."""

    activity: str
    amount: Decimal | None
    manager: str
    provides: tuple[tuple[Piece, ...], ...]  # by paragraph
    provenance_id: int | None
    printed_lines: str


@dataclass(frozen=True, slots=True)
class Provided:
    """A budget line with its core services; without a line (`pk` is None) a core service that names none."""

    pk: int | None
    activity: str
    controllable: Decimal | None
    services: tuple[Service, ...]

    @property
    def managers(self) -> str:
        return ", ".join(dict.fromkeys(service.manager for service in self.services if service.manager))

    @property
    def says(self) -> str:
        """Who answers for it, or why nobody is named."""
        if self.services:
            return self.managers or "no manager printed"
        return "no core service printed" if self.controllable else "no core service: the line ends"


def provided_by(unit: Unit, year: FinancialYear, budget: UnitBudget) -> tuple[Provided, ...]:
    """Each budget line in printed order with what it provides, then core services without a line; one query.

    Empty where the unit has no core service: then nothing is known of what its lines provide.
    """
    rows = (
        CoreService.objects.for_year(year)
        .for_unit(unit)
        .annotate(manager=Coalesce("accountable_manager__name", "manager_printed"))
        .order_by("plan__tier", "position", "pk")
        .values_list("line", "activity", "amount", "manager", "provides", "provenance", "provenance__lines")
    )
    by_line: dict[int | None, list[Service]] = {}
    for line, activity, amount, manager, provides, provenance, numbers in rows:
        by_line.setdefault(line, []).append(
            Service(
                activity=activity,
                amount=None if amount is None else amount / 1000,
                manager=manager,
                provides=tuple(pieces(part) for part in provides.split("\n") if part.strip()),
                provenance_id=provenance,
                printed_lines=in_words(numbers or ()),
            )
        )
    if not by_line:
        return ()
    beside = [
        Provided(line.pk, line.activity, line.controllable, tuple(by_line.get(line.pk, ()))) for line in budget.lines
    ]
    others = [Provided(None, service.activity, None, (service,)) for service in by_line.get(None, ())]
    return (*beside, *others)


def pieces(text: str) -> tuple[Piece, ...]:
    """A text with the counts in it set apart."""
    found, at = [], 0
    for count in _COUNT.finditer(text):
        if count.start() > at:
            found.append(Piece(text[at : count.start()], is_count=False))
        found.append(Piece(count[0], is_count=True))
        at = count.end()
    if at < len(text):
        found.append(Piece(text[at:], is_count=False))
    return tuple(found)


def in_words(lines: Iterable[int]) -> str:
    """Printed lines as a person says them: "line 144", "lines 649 to 655"."""
    numbers = sorted(lines)
    if not numbers:
        return ""
    return f"line {numbers[0]}" if len(numbers) == 1 else f"lines {numbers[0]} to {numbers[-1]}"


# Pressures and savings


@dataclass(frozen=True, slots=True)
class Pressure:
    """A pressure (or saving) of the plan in £000, and the name of the unit that was found in its words."""

    amount: Decimal | None
    heading: str
    explanation: str
    provenance_id: int | None
    line: int | None
    named: Name | None

    @property
    def amount_words(self) -> str:
        return signed(self.amount)


@dataclass(frozen=True, slots=True)
class Pressures:
    """The pressures and savings of the plan that covers the unit: those that name the unit, and all the others."""

    own: tuple[Pressure, ...]
    others: tuple[Pressure, ...]

    @property
    def number(self) -> int:
        return len(self.own) + len(self.others)

    @property
    def net(self) -> Decimal:
        return sum((item.amount for item in self.own if item.amount is not None), Decimal(0))

    @property
    def net_words(self) -> str:
        return signed(self.net)

    @property
    def others_words(self) -> str:
        return signed(self.net_of_others)

    @property
    def net_of_others(self) -> Decimal:
        return sum((item.amount for item in self.others if item.amount is not None), Decimal(0))


def pressures_on(unit: Unit, year: FinancialYear, names: Sequence[Name]) -> Pressures:
    """The items of the plans that cover the unit, which goes by `names`; one query."""
    items = MTPItem.objects.filter(plan__year=year, plan__units=unit).order_by("plan__tier", "position", "pk")
    rows = items.values_list("amount", "heading", "explanation", "provenance", "provenance__lines")
    found = [
        Pressure(
            amount=amount,
            heading=heading,
            explanation=explanation,
            provenance_id=provenance,
            line=lines[0] if lines else None,
            named=find_name(heading, explanation, names),
        )
        for amount, heading, explanation, provenance, lines in rows
    ]
    return Pressures(
        own=tuple(item for item in found if item.named), others=tuple(item for item in found if not item.named)
    )


# Staffing


@dataclass(frozen=True, slots=True)
class Band:
    """The posts of a grade band, last year and this. `kind` is "total" or "memorandum" below it, else nothing."""

    label: str
    prior: Decimal | None
    now: Decimal | None
    kind: str
    provenance_id: int | None

    @property
    def change(self) -> Decimal | None:
        return None if self.prior is None or self.now is None else self.now - self.prior


@dataclass(frozen=True, slots=True)
class Staffing:
    """The posts of a unit by grade band, what the grades add up to, and the checks on them."""

    bands: tuple[Band, ...] = ()
    added_up: Band | None = None  # where a total is printed
    printed_lines: str = ""
    checks: tuple[Found, ...] = field(default=())


def staffing_of(unit: Unit, year: FinancialYear, checks: YearChecks) -> Staffing:
    """One query."""
    levels = StaffingLevel.objects.for_year(year).for_unit(unit).order_by("plan__tier", "position", "pk")
    rows = list(levels.values_list("band", "prior_fte", "fte", "provenance", "provenance__lines"))
    bands: list[Band] = []
    for label, prior, now, provenance, _ in rows:
        total = name_key(label) == "total"
        below = any(band.kind for band in bands)
        kind = "total" if total else "memorandum" if below else ""
        bands.append(Band("Total" if total else label, prior, now, kind, provenance))
    lines = {number for *_, numbers in rows for number in numbers or ()}
    grades = [band for band in bands if not band.kind]
    added_up = None
    if grades and any(band.kind == "total" for band in bands):
        added_up = Band("Grades added up", _sum(b.prior for b in grades), _sum(b.now for b in grades), "control", None)
    return Staffing(
        bands=tuple(bands),
        added_up=added_up,
        printed_lines=in_words(lines),
        checks=tuple(check for check in checks.found if check.in_posts and _rests_on(check, lines)),
    )


def _rests_on(check: Found, lines: set[int]) -> bool:
    return any(line.number in lines for line in check.lines)


def _sum(figures: Iterable[Any]) -> Decimal | None:
    there = [figure for figure in figures if figure is not None]
    return sum(there, Decimal(0)) if there else None

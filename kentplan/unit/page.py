"""The page of a unit: the line of sight from its money to what it provides, promises and answers to."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from budgets.models import BudgetLine
from budgets.reporting import UnitBudget, unit_budget
from kentplan.checks import YearChecks, unit_checks
from kentplan.unit.measures import UnitMeasures, measures_of
from kentplan.unit.money import (
    Change,
    Pressure,
    Pressures,
    Provided,
    Staffing,
    change_of,
    pressures_on,
    provided_by,
    staffing_of,
)
from kentplan.unit.naming import names_of
from kentplan.unit.promises import (
    Action,
    Asked,
    Role,
    UnitActions,
    UnitTargets,
    actions_of,
    consultations_of,
    persons,
    targets_of,
)
from plans import calendar
from plans.models import Alias, AliasSubject, FinancialYear, Plan, PlanState, Tier, Unit, UnitYear


@dataclass(frozen=True, slots=True)
class Source:
    """A document that the page rests on: a plan's that covers the unit. Without a name, a plan that has none."""

    tier: str
    state: str
    name: str | None

    @property
    def tier_label(self) -> str:
        return str(Tier(self.tier).label)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the page, as its navigation names it. `number` is how many things stand in it."""

    anchor: str
    name: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """A budget line with what it provides, and what is led by who answers for it."""

    provided: Provided
    actions: tuple[Action, ...]
    roles: tuple[Role, ...]
    pressures: tuple[Pressure, ...]


@dataclass(frozen=True, slots=True)
class UnitPage:
    """What the plans say of one unit in one year."""

    unit: Unit
    year: FinancialYear
    place: UnitYear | None
    budget: UnitBudget
    change: Change
    lines: tuple[Sight, ...]
    pressures: Pressures
    staffing: Staffing
    measures: UnitMeasures
    actions: UnitActions
    consultations: tuple[Asked, ...]
    targets: UnitTargets
    checks: YearChecks
    sources: tuple[Source, ...]

    @property
    def has_own_plan(self) -> bool:
        """Whether a service plan of the unit's is loaded: else only its row in the directorate's."""
        return any(source.tier == Tier.SERVICE for source in self.sources)

    @property
    def plan_state(self) -> str:
        """That of the plan which holds the unit's lines."""
        states = [source.state for source in self.sources if source.tier == Tier.SERVICE or not self.has_own_plan]
        return str(PlanState(states[0]).label).lower() if states else ""

    @property
    def is_draft(self) -> bool:
        return self.plan_state == PlanState.DRAFT.label.lower()

    @property
    def cost_change(self) -> str:
        """ "45.4% less than in 2008/09"; nothing where a percentage would say nothing."""
        now, before = self.change.now, self.change.prior
        if now is None or not before or (now < 0) != (before < 0):
            return ""
        share = (abs(now - before) / abs(before) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
        if not share:
            return f"as much as in {self.budget.prior_label}"
        return f"{share:,}% {'more' if abs(now) > abs(before) else 'less'} than in {self.budget.prior_label}"

    @property
    def nets_income(self) -> Decimal | None:
        """By how much its income exceeds its cost, where it does."""
        return -self.change.now if self.change.now is not None and self.change.now < 0 else None

    @property
    def has_change(self) -> bool:
        return len(self.change.lines) > 1

    @property
    def due_next(self) -> str:
        """The month in which something is due next, today's included."""
        today = f"{calendar.today():%Y-%m}"
        return next((group.heading for group in self.actions.dated if group.month and group.month >= today), "")

    @property
    def not_checked(self) -> int:
        return self.checks.counts["not checked"]

    @property
    def fte_change(self) -> Decimal | None:
        now, before = self.budget.sums["fte"], self.budget.sums["prior_fte"]
        return None if now is None or before is None else now - before

    @property
    def sections(self) -> list[Section]:
        """Those that there are, in the order of the page."""
        there = [
            (True, Section("budget", "Budget lines", len(self.budget.lines))),
            (bool(self.lines), Section("provides", "What they provide")),
            (self.has_change, Section("change", "What changed")),
            (self.pressures.number > 0, Section("pressures", "Pressures and savings", len(self.pressures.own))),
            (bool(self.staffing.bands), Section("staffing", "Staffing")),
            (bool(self.measures.rows), Section("measures", "Measures", len(self.measures.rows))),
            (bool(self.actions.actions), Section("actions", "Actions", len(self.actions.actions))),
            (bool(self.consultations), Section("consultations", "Consultations", len(self.consultations))),
            (self.has_targets, Section("targets", "Targets", len(self.targets.roles) + len(self.targets.served))),
            (True, Section("sources", "Sources")),
        ]
        return [section for is_there, section in there if is_there]

    @property
    def printed(self) -> list[tuple[str, int]]:
        """Where each kind of table begins in print: its name, and the provenance of its first row."""
        first = [
            ("budget lines", [line.provenance_id for line in self.budget.lines]),
            ("totals", [total.provenance_id for total in self.budget.totals if total.kind == "total"]),
            (
                "directorate plan’s row",
                [total.provenance_id for total in self.budget.totals if total.kind == "control"],
            ),
            ("core services", [service.provenance_id for line in self.lines for service in line.provided.services]),
            ("pressures and savings", [item.provenance_id for item in (*self.pressures.own, *self.pressures.others)]),
            ("staffing", [band.provenance_id for band in self.staffing.bands]),
            ("measures", [row.provenance_id for row in self.measures.rows]),
            ("actions", [action.provenance_id for action in self.actions.actions]),
            ("consultations", [asked.provenance_id for asked in self.consultations]),
            ("lead roles", [role.provenance_id for role in self.targets.roles]),
        ]
        return [(name, row) for name, rows in first for row in list(filter(None, rows))[:1]]

    @property
    def has_targets(self) -> bool:
        return bool(self.targets.roles or self.targets.served)

    @property
    def missing(self) -> list[str]:
        """What the plans that are loaded do not say of a unit with a service plan."""
        said = (
            ("measures", self.measures.rows),
            ("key actions", self.actions.actions),
            ("core services", self.lines),
            ("consultations", self.consultations),
            ("lead roles", self.targets.roles),
        )
        return [name for name, there in said if not there]


@dataclass(frozen=True, slots=True)
class _Known:
    """A unit with its place in the year, its names, the documents of its plans, and the activities of the other units
    that they cover."""

    unit: Unit
    place: UnitYear | None
    names: list[str]
    of_others: list[str]
    sources: tuple[Source, ...]


def unit_page(year: FinancialYear, slug: str) -> UnitPage:
    """A fixed number of queries, however much the plans say; Unit.DoesNotExist where there is no such unit."""
    known = _known(year, slug)
    unit = known.unit
    budget = unit_budget(unit, year)
    checks = unit_checks(unit, year)
    provided = provided_by(unit, year, budget)
    measures = measures_of(unit, year)
    actions = actions_of(unit, year)
    activities = [line.activity for line in budget.lines]
    names = names_of(unit_names=known.names, activities=activities, of_others=known.of_others)
    pressures = pressures_on(unit, year, names)
    targets = targets_of(
        unit,
        year,
        actions=actions,
        managers=[service.manager for line in provided for service in line.services],
        measures=[(row.code or row.title, row.served) for row in measures.rows],
    )
    return UnitPage(
        unit=unit,
        year=year,
        place=known.place,
        budget=budget,
        change=change_of(budget),
        lines=tuple(_sight(line, actions, targets, pressures) for line in provided),
        pressures=pressures,
        staffing=staffing_of(unit, year, checks),
        measures=measures,
        actions=actions,
        consultations=consultations_of(unit, year),
        targets=targets,
        checks=checks,
        sources=known.sources,
    )


def _known(year: FinancialYear, slug: str) -> _Known:
    """One query."""
    aliases = Alias.objects.about(AliasSubject.UNIT).filter(unit=OuterRef("pk")).order_by("pk")
    others = BudgetLine.objects.for_year(year).filter(plan__units=OuterRef("pk")).exclude(unit=OuterRef("pk"))
    plans = Plan.objects.for_year(year).filter(units=OuterRef("pk")).order_by("-tier", "name", "documents__name")
    units: QuerySet[Any] = Unit.objects.annotate(
        place=FilteredRelation("unit_years", condition=Q(unit_years__year=year)),
        also=ArraySubquery(aliases.values("name")),
        of_others=ArraySubquery(others.order_by("activity").values("activity").distinct()),
        sources=ArraySubquery(plans.values(source=JSONObject(tier="tier", state="state", name="documents__name"))),
    )
    unit = units.select_related("directorate", "place__division", "place__portfolio").get(slug=slug)
    # Where the unit has no place in the year, Django sets none.
    return _Known(
        unit=unit,
        place=getattr(unit, "place", None),
        names=[unit.name, *unit.also],
        of_others=unit.of_others,
        sources=tuple(Source(**source) for source in unit.sources),
    )


def _sight(line: Provided, actions: UnitActions, targets: UnitTargets, pressures: Pressures) -> Sight:
    people = {person for service in line.services for person in persons(service.manager)}
    return Sight(
        provided=line,
        actions=tuple(action for action in actions.actions if people.intersection(action.managers)),
        roles=tuple(role for role in targets.roles if people.intersection(role.own)),
        pressures=tuple(
            item for item in pressures.own if item.named and item.named.is_activity and item.named.name == line.activity
        ),
    )

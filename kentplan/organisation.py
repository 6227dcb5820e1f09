"""The organisation of a year as a tree, directorate, division, unit, with what each costs, measures and promises."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, FilteredRelation, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Lower

from indicators.models import Figure, Listing, ListingKind
from kentplan.checks import OUTCOMES, YearChecks
from people.rights import held_by
from plans.models import Alias, AliasSubject, FinancialYear, Plan, PlanState, Tier, Unit
from projects.models import Deliverable, KeyAction

FIGURES = {
    "gross": "gross",
    "controllable": "controllable",
    "prior": "prior_controllable",
    "fte": "fte",
    "prior_fte": "prior_fte",
}


PLACE = ("place__portfolio", "place__portfolio__name", "place__cabinet_member")


@dataclass(frozen=True, slots=True)
class Money:
    """Figures of budget lines added up, in £000 and in posts; None where no line has one."""

    gross: Decimal | None = None
    controllable: Decimal | None = None
    prior: Decimal | None = None
    fte: Decimal | None = None
    prior_fte: Decimal | None = None

    @classmethod
    def of(cls, parts: Iterable["Money"]) -> Self:
        """The sum of several; a figure that one of them lacks adds nothing."""
        there = list(parts)
        return cls(*(_total(getattr(part, name) for part in there) for name in FIGURES))

    @property
    def change(self) -> Decimal | None:
        """This year's controllable over last year's; None where one is not known."""
        return None if self.controllable is None or self.prior is None else self.controllable - self.prior

    @property
    def rise(self) -> Decimal | None:
        """The change without its sign, for a sentence that says "more" or "less"."""
        return None if self.change is None else abs(self.change)

    @property
    def income(self) -> Decimal | None:
        """What of the gross is met from income."""
        return None if self.gross is None or self.controllable is None else self.gross - self.controllable


def _total(figures: Iterable[Decimal | None]) -> Decimal | None:
    there = [figure for figure in figures if figure is not None]
    return sum(there, Decimal(0)) if there else None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A unit in a year: where it stands, what its budget lines come to, what it measures and promises."""

    pk: int
    name: str
    slug: str
    directorate: str
    division: str  # blank where it stands in none
    portfolio_id: int | None
    portfolio: str
    member: str  # the initials of the Cabinet Member
    money: Money
    measures: int
    awaited: int  # of the measures: those with a figure that is still to be given
    actions: int
    due: int  # of the actions: those with something due in the half year
    plan_id: int | None  # the service plan that is loaded for it


def units_with_figures(year: FinancialYear, half: tuple[date, date]) -> list[UnitRow]:
    """The units that stand in `year` or have budget lines in it, by name; one query. `half`: its first and last day.

    Money is the sum of the lines, never a stored total, so the lines of a service plan stand in for the row that the
    portfolio table has for its unit.
    """
    awaited = Figure.objects.awaited().filter(listing=OuterRef("pk"))
    due = Deliverable.objects.filter(action=OuterRef("pk"), due_end__range=half)
    measures = Listing.objects.for_year(year).filter(kind=ListingKind.TABLE)
    actions = KeyAction.objects.for_year(year)
    plans = Plan.objects.for_year(year).filter(tier=Tier.SERVICE, units=OuterRef("pk")).order_by("pk")
    rows = _units(year).annotate(
        of_measures=_number_of(measures),
        of_awaited=_number_of(measures.filter(Exists(awaited))),
        of_actions=_number_of(actions),
        of_due=_number_of(actions.filter(Exists(due))),
        of_plan=Subquery(plans.values("pk")[:1]),
    )
    columns = (
        "pk",
        "name",
        "slug",
        "directorate__name",
        "known_division",
        *PLACE,
        *(f"sum_{name}" for name in FIGURES),
    )
    return [
        UnitRow(
            pk=row.pk,
            name=row.name,
            slug=row.slug,
            directorate=row.directorate__name,
            division=row.known_division or "",
            portfolio_id=row.place__portfolio,
            portfolio=row.place__portfolio__name or "",
            member=row.place__cabinet_member or "",
            money=Money(*(getattr(row, f"sum_{name}") for name in FIGURES)),
            measures=row.of_measures or 0,
            awaited=row.of_awaited or 0,
            actions=row.of_actions or 0,
            due=row.of_due or 0,
            plan_id=row.of_plan,
        )
        for row in rows.values_list(
            *columns, "of_measures", "of_awaited", "of_actions", "of_due", "of_plan", named=True
        )
    ]


def _units(year: FinancialYear) -> QuerySet[Any]:
    """The units of the year with their `place` in it and the sums of their lines."""
    # A service plan may be loaded whose division's name is declared to stand for another's.
    same = Alias.objects.about(AliasSubject.DIVISION).filter(name__iexact=OuterRef("place__division__name"))
    return (
        Unit.objects.annotate(
            place=FilteredRelation("unit_years", condition=Q(unit_years__year=year)),
            line=FilteredRelation("budget_lines", condition=Q(budget_lines__year=year)),
        )
        .filter(Q(place__isnull=False) | Q(line__isnull=False))
        .annotate(
            known_division=Coalesce(Subquery(same.values("stands_for")[:1]), "place__division__name"),
            **{f"sum_{name}": Sum(f"line__{figure}") for name, figure in FIGURES.items()},
        )
        .order_by(Lower("name"), "pk")
    )


def _number_of(rows: QuerySet[Any]) -> Subquery:
    """How many of `rows` are the unit's."""
    of_unit = rows.filter(unit=OuterRef("pk")).order_by().values("unit")
    return Subquery(of_unit.annotate(number=Count("pk")).values("number"), output_field=IntegerField())


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan that is loaded for a year."""

    pk: int
    name: str
    tier: str
    state: str
    directorate: str

    @property
    def words(self) -> str:
        """ "service plan Commissioning, draft"; a directorate's plan bears the directorate's name."""
        name = f"service plan {self.name}" if self.tier == Tier.SERVICE else "directorate plan"
        return f"{name}, {PlanState(self.state).label.lower()}"


def plans_of(year: FinancialYear) -> list[PlanRow]:
    """The plans that are loaded for the year, directorates' first."""
    plans = Plan.objects.for_year(year).order_by("tier", Lower("name"), "pk")
    return [PlanRow(*row) for row in plans.values_list("pk", "name", "tier", "state", "directorate__name")]


def own_units(user: AbstractBaseUser | AnonymousUser, year: FinancialYear) -> frozenset[int]:
    """The units that the person answers for by name, or by a named portfolio in which they stand that year."""
    return frozenset(unit for held in held_by(user) for unit, of in held.places if of in (None, year.pk))


# The tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A directorate or a division with what its units come to."""

    name: str
    units: Sequence[UnitRow]
    money: Money
    plans: tuple[PlanRow, ...]
    checks: Mapping[str, int]  # by outcome
    open: bool = False

    @property
    def measures(self) -> int:
        return sum(unit.measures for unit in self.units)

    @property
    def awaited(self) -> int:
        return sum(unit.awaited for unit in self.units)

    @property
    def due(self) -> int:
        return sum(unit.due for unit in self.units)

    @property
    def actions(self) -> int:
        return sum(unit.actions for unit in self.units)

    @property
    def members(self) -> str:
        """The Cabinet Members' initials."""
        return ", ".join(sorted({unit.member for unit in self.units if unit.member}))

    @property
    def has_posts(self) -> bool:
        return bool(self.money.fte or self.money.prior_fte)


@dataclass(frozen=True, slots=True)
class DirectorateBranch:
    """A directorate with its divisions; the units that stand in none come last, in one of no name."""

    whole: Branch
    divisions: tuple[Branch, ...]

    @property
    def outside(self) -> Branch | None:
        """The units that stand in no division."""
        return next((division for division in self.divisions if not division.name), None)


def branch_of(
    units: Sequence[UnitRow],
    checks: YearChecks,
    *,
    name: str = "",
    plans: Iterable[PlanRow] = (),
    opened: Collection[int] = (),
) -> Branch:
    """What `units` come to; open where one of the `opened` is among them."""
    return Branch(
        name=name,
        units=units,
        money=Money.of(unit.money for unit in units),
        plans=tuple(plans),
        checks=_added(checks.by_unit[unit.pk] for unit in units if unit.pk in checks.by_unit),
        open=any(unit.pk in opened for unit in units),
    )


def tree_of(
    units: Sequence[UnitRow], plans: Sequence[PlanRow], checks: YearChecks, *, opened: Collection[int]
) -> list[DirectorateBranch]:
    """The units as a tree, by name. A division is open where one of the `opened` units stands in it."""
    trees = []
    for directorate, inside in _grouped(units, "directorate"):
        its_plans = [plan for plan in plans if plan.tier == Tier.DIRECTORATE and plan.directorate == directorate]
        divisions = [
            branch_of(found, checks, name=name, plans=_service_plans(found, plans), opened=opened)
            for name, found in _grouped(inside, "division")
        ]
        whole = branch_of(inside, checks, name=directorate, plans=its_plans)
        trees.append(DirectorateBranch(whole, tuple(divisions)))
    if len(trees) == 1:  # checks that are no unit's, as those of the establishment, are then the directorate's
        [only] = trees
        return [replace(only, whole=replace(only.whole, checks=checks.counts))]
    return trees


def _service_plans(units: Iterable[UnitRow], plans: Iterable[PlanRow]) -> list[PlanRow]:
    wanted = {unit.plan_id for unit in units}
    return [plan for plan in plans if plan.pk in wanted]


def _grouped(units: Iterable[UnitRow], name: str) -> list[tuple[str, list[UnitRow]]]:
    """The units by a name of theirs; those that have none come last."""
    groups: dict[str, list[UnitRow]] = {}
    for unit in units:
        groups.setdefault(getattr(unit, name), []).append(unit)
    return sorted(groups.items(), key=lambda group: (not group[0], group[0].lower()))


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Checks by outcome, added up."""
    there = list(counts)
    return {outcome: sum(count[outcome] for count in there) for outcome in OUTCOMES}

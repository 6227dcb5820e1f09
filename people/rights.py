"""Who may do what: the one table, and the two questions asked of it.

Whoever holds any role reads every unit (DECISIONS 16). Named units and portfolios limit what may be changed.
"""

from dataclasses import dataclass
from types import MappingProxyType

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.http import Http404

from people.models import Grant, Role, User
from plans.models import FinancialYear, Unit
from plans.prepared import Prepared


class Act(models.TextChoices):
    """Something that a person may be allowed to do, in words that follow "may" and "who may"."""

    VIEW = "view", "read plans"
    VIEW_HISTORY = "view_history", "read the history of plans"
    VIEW_LOAD_REPORT = "view_load_report", "read load reports"
    VIEW_PEOPLE = "view_people", "read people and their roles"
    LOAD_PLAN = "load_plan", "load plans"
    ANSWER_DOUBT = "answer_doubt", "answer doubts"
    EXPLAIN_BREAK = "explain_break", "explain breaks"
    EDIT_LINE = "edit_line", "change budget lines"
    DEFINE_MEASURE = "define_measure", "define measures"
    SET_TARGET = "set_target", "set targets of measures"
    RETURN_ACTUAL = "return_actual", "return actual figures of measures"
    EDIT_ACTION = "edit_action", "change actions"
    KEEP_UNITS = "keep_units", "keep units and their names"
    KEEP_PERIODS = "keep_periods", "open and close periods"
    KEEP_PLANS = "keep_plans", "keep plans and their state"
    KEEP_PEOPLE = "keep_people", "keep people and their roles"


EVERYONE = frozenset(Role)
MOST_NAMES = 3  # more to ask is no help
READING = frozenset({Act.VIEW, Act.VIEW_HISTORY, Act.VIEW_LOAD_REPORT, Act.VIEW_PEOPLE})

RIGHTS: MappingProxyType[Act, frozenset[Role]] = MappingProxyType(
    {
        Act.VIEW: EVERYONE,
        Act.VIEW_HISTORY: EVERYONE,
        Act.VIEW_LOAD_REPORT: frozenset({Role.PLAN_ADMINISTRATOR, Role.AUDITOR}),
        Act.VIEW_PEOPLE: frozenset({Role.PLAN_ADMINISTRATOR, Role.AUDITOR}),
        Act.LOAD_PLAN: frozenset({Role.PLAN_ADMINISTRATOR}),
        Act.ANSWER_DOUBT: frozenset({Role.PLAN_ADMINISTRATOR}),
        Act.EXPLAIN_BREAK: frozenset({Role.FINANCE_OFFICER}),
        Act.EDIT_LINE: frozenset({Role.FINANCE_OFFICER}),
        Act.DEFINE_MEASURE: frozenset({Role.PLAN_ADMINISTRATOR}),
        Act.SET_TARGET: frozenset({Role.PLAN_ADMINISTRATOR}),
        Act.RETURN_ACTUAL: frozenset({Role.UNIT_MANAGER}),
        Act.EDIT_ACTION: frozenset({Role.UNIT_MANAGER}),
        Act.KEEP_UNITS: frozenset({Role.PLAN_ADMINISTRATOR}),
        Act.KEEP_PERIODS: frozenset({Role.PLAN_ADMINISTRATOR}),
        Act.KEEP_PLANS: frozenset({Role.PLAN_ADMINISTRATOR}),
        Act.KEEP_PEOPLE: frozenset({Role.PLAN_ADMINISTRATOR}),
    }
)

# What one person enters and another approves, by the approver's role: nobody should hold both sides.
APPROVALS: tuple[tuple[Act, Role], ...] = (
    (Act.EDIT_LINE, Role.APPROVER),
    (Act.SET_TARGET, Role.APPROVER),
    (Act.EDIT_ACTION, Role.APPROVER),
)


@dataclass(frozen=True, slots=True)
class Held:
    """A role held everywhere, or in named places: (unit, year) ids, where no year means every year."""

    role: Role
    everywhere: bool
    places: frozenset[tuple[int, int | None]] = frozenset()

    def reaches(self, unit: Unit | None, year: FinancialYear | None) -> bool:
        if self.everywhere:
            return True
        if unit is None:
            return False
        if (unit.pk, None) in self.places:
            return True
        return year is not None and (unit.pk, year.pk) in self.places


def held_by(user: AbstractBaseUser | AnonymousUser) -> tuple[Held, ...]:
    """The roles that `user` holds. One query, kept on the user, whom each request fetches anew."""
    if not isinstance(user, User) or not user.is_active:
        return ()
    if user.held is None:
        user.held = tuple(_held(user))
    return user.held


def may(
    user: AbstractBaseUser | AnonymousUser,
    act: Act,
    *,
    unit: Unit | None = None,
    year: FinancialYear | None = None,
) -> bool:
    """Whether `user` may do `act` for `unit` in `year`; without a unit, whether for all units.

    A unit stands in one portfolio in a year: a role for named portfolios reaches it only where the year is given.
    """
    roles = RIGHTS[act]
    limited = act not in READING
    if act not in READING and looks_back(user):
        return False
    return any(held.role in roles and (not limited or held.reaches(unit, year)) for held in held_by(user))


def looks_back(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether the page shows the plan as it stood on a day that is over, when nothing can be changed any more."""
    return isinstance(user, User) and user.looks_back


def may_somewhere(user: AbstractBaseUser | AnonymousUser, act: Act) -> bool:
    """Whether there is any unit for which `user` may do `act`: for menus, never for the door itself."""
    return any(held.role in RIGHTS[act] for held in held_by(user)) and (act in READING or not looks_back(user))


def require(
    user: AbstractBaseUser | AnonymousUser,
    act: Act,
    *,
    unit: Unit | None = None,
    year: FinancialYear | None = None,
) -> None:
    """Let `user` through to `act`, or raise: Http404 for a stranger, who is to know nothing; else PermissionDenied."""
    if not may(user, Act.VIEW):
        raise Http404
    if act not in READING and looks_back(user):
        raise PermissionDenied(
            "The page shows the plan as it stood on a day that is over. Leave that day to change it."
        )
    if not may(user, act, unit=unit, year=year):
        raise PermissionDenied(f"{refusal(act, unit=unit)} {whom_to_ask(act, unit=unit, year=year)}".strip())


def whom_to_ask(act: Act, *, unit: Unit | None = None, year: FinancialYear | None = None) -> str:
    """Those who may, for this place, by name: "Ask Frances Finance or Fred Finance."; "" where nobody may. One query."""
    here = Q(unit=None, portfolio=None)
    if unit:
        here |= Q(unit=unit)
        if year:
            here |= Q(portfolio__unit_years__unit=unit, portfolio__unit_years__year=year)
    grants = Grant.objects.in_use().filter(here, role__in=RIGHTS[act])
    # Who holds it for this place is nearer than who holds it everywhere.
    named = grants.order_by(F("unit").asc(nulls_last=True), F("portfolio").asc(nulls_last=True), Lower("user__name"))
    names = list(dict.fromkeys(named.values_list("user__name", flat=True)[: 3 * MOST_NAMES]))[:MOST_NAMES]
    return f"Ask {' or '.join(filter(None, [', '.join(names[:-1]), *names[-1:]]))}." if names else ""


def refusal(act: Act, *, unit: Unit | None = None) -> str:
    """Why not, and which role may: "Only a finance officer for Clusters may change budget lines."."""
    who = " or ".join(f"{_article(role.label)} {role.label.lower()}" for role in Role if role in RIGHTS[act])
    place = f" for {unit.name}" if unit else ""
    return f"Only {who}{place} may {act.label}."


def _article(word: str) -> str:
    # "a unit manager": its u is spoken as a consonant.
    return "an" if word[0] in "AEIO" else "a"


_GRANTS = Prepared(
    lambda user: Grant.objects.filter(user=user).values_list(
        "pk", "role", "unit", "portfolio", "portfolio__unit_years__unit", "portfolio__unit_years__year"
    ),
    int,
)


def _held(user: User) -> list[Held]:
    rows = _GRANTS.rows(user.pk)
    places: dict[int, set[tuple[int, int | None]]] = {}
    grants: dict[int, tuple[Role, bool]] = {}
    for grant, role, unit, portfolio, unit_of_portfolio, year in rows:
        grants[grant] = Role(role), unit is None and portfolio is None
        named = places.setdefault(grant, set())
        if unit is not None:
            named.add((unit, None))
        if unit_of_portfolio is not None:
            named.add((unit_of_portfolio, year))
    return [
        Held(role=role, everywhere=everywhere, places=frozenset(places[grant]))
        for grant, (role, everywhere) in grants.items()
    ]

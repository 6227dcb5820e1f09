"""Who may reverse a change set, and what becomes of the form that does."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, IntegrityError, models, transaction
from django.http import QueryDict

from budgets.models import BudgetLine, CoreService
from history.changes import Repeated, change_set
from history.models import ChangeSet
from history.reversal import Reversal, held, touched, values_of
from indicators.models import Figure, FigureKind, Group, Indicator, Listing
from people.models import Grant, User
from people.rights import Act, may
from people.rights import refusal as refused
from people.sessions import end_sessions
from plans import locks
from plans.editing import ReasonForm
from plans.models import (
    Alias,
    Directorate,
    Division,
    Explanation,
    FinancialYear,
    Officer,
    Period,
    Plan,
    PlanState,
    Portfolio,
    Target,
    Unit,
    UnitYear,
)
from projects.models import Consultation, Deliverable, KeyAction

Model = type[models.Model]
Need = tuple[Act, int | None, int | None]  # what one must be allowed to do, for which unit in which year

# A load writes more than people change: the document, its lines, where each row was printed.
LOADS = frozenset({"load_plan", "doubt answer"})
BY_LOAD = (
    "This change read a document, which also wrote where each of its rows is printed. Those ties cannot be set back "
    "one by one. Correct the document, or answer its doubts anew, and load it again."
)

# Fields of which one says how the other is to be read.
TOGETHER: dict[Model, tuple[tuple[str, ...], ...]] = {
    Figure: (("value", "status"),),
    Deliverable: (("due_printed", "due_start", "due_end", "due_precision"),),
    Explanation: (("note", "difference"),),
}
# Added on the way by whoever first names them, and anybody's from then on.
SHARED: frozenset[Model] = frozenset({Officer, Target, Group})

# What a person signs in with goes with the person.
WAYS_IN: frozenset[Model] = frozenset({EmailAddress, Authenticator, SocialAccount})

# What is kept as a whole, not for a unit in a year.
KEPT: dict[Model, Act] = {
    **dict.fromkeys((Unit, UnitYear, Alias, Directorate, Division, Portfolio), Act.KEEP_UNITS),
    **dict.fromkeys((Period, FinancialYear), Act.KEEP_PERIODS),
    **dict.fromkeys((Plan, Plan.units.through), Act.KEEP_PLANS),
    **dict.fromkeys((User, Grant), Act.KEEP_PEOPLE),
    **dict.fromkeys((Indicator, Group, Listing, Listing.targets.through), Act.DEFINE_MEASURE),
    Explanation: Act.EXPLAIN_BREAK,
}
# What belongs to a unit in a year: the act, and the field that leads there, where the row does not say itself.
OF_A_UNIT: dict[Model, tuple[Act, str]] = {
    BudgetLine: (Act.EDIT_LINE, ""),
    CoreService: (Act.EDIT_LINE, ""),
    KeyAction: (Act.EDIT_ACTION, ""),
    Consultation: (Act.EDIT_ACTION, ""),
    Deliverable: (Act.EDIT_ACTION, "action"),
    KeyAction.managers.through: (Act.EDIT_ACTION, "keyaction"),
    KeyAction.targets.through: (Act.EDIT_ACTION, "keyaction"),
    Figure: (Act.RETURN_ACTUAL, "listing"),
}


def may_reverse(user: AbstractBaseUser | AnonymousUser, change_set: ChangeSet) -> bool:
    """Whether `user` may edit all that `change_set` touched, and it can be reversed as a whole."""
    return not refusal(user, change_set, touched(change_set))


def may_know(user: AbstractBaseUser | AnonymousUser, found: Mapping[Model, list[int]]) -> bool:
    """Whether `user` is to know of a change of these rows: of people only those hear who keep or audit them."""
    return may(user, Act.VIEW_PEOPLE) or not found.keys() & {User, Grant}


def refusal(user: AbstractBaseUser | AnonymousUser, change_set: ChangeSet, found: Mapping[Model, list[int]]) -> str:
    """Why `user` may not reverse it, and who may; blank where they may."""
    if change_set.door in LOADS:
        return BY_LOAD
    needs = sorted(needs_of(found), key=str)
    if not needs:
        return "This change touched nothing that can be set back."
    for act, unit_id, year_id in needs:
        unit = Unit(pk=unit_id) if unit_id else None
        if not may(user, act, unit=unit, year=FinancialYear(pk=year_id) if year_id else None):
            named = Unit.objects.filter(pk=unit_id).first() if unit_id else None
            return f"{refused(act, unit=named)} This change touched what is theirs to change."
    return ""


def needs_of(rows: Mapping[Model, Collection[int]]) -> set[Need]:
    """What one must be allowed to do to write these rows; what nobody writes by hand is for whoever loads plans."""
    by_plan = rows.keys() & OF_A_UNIT.keys() - {BudgetLine}  # the others say their year themselves
    years = dict(Plan.objects.values_list("pk", "year")) if by_plan else {}
    needs: set[Need] = set()
    for model, pks in rows.items():
        if model in OF_A_UNIT:
            needs.update(_needs_of_units(model, pks, years))
        elif model in KEPT:
            needs.add((KEPT[model], None, None))
        elif model not in SHARED or len(rows) == 1:
            needs.add((Act.LOAD_PLAN, None, None))
    return needs


def _needs_of_units(model: Model, pks: Collection[int], years: Mapping[int, int]) -> Iterator[Need]:
    act, way = OF_A_UNIT[model]
    own = values_of(model, pks, [way, *(["kind"] if model is Figure else [])] if way else _place_of(model))
    if not way:
        places = own
    else:
        parent: Any = model._meta.get_field(way).related_model
        places = values_of(parent, {values[f"{way}_id"] for values in own.values()}, _place_of(parent))
    for values in own.values():
        place = places[values[f"{way}_id"]] if way else values
        needed = Act.SET_TARGET if values.get("kind") == FigureKind.TARGET else act
        yield needed, place["unit_id"], place.get("year_id") or years.get(place.get("plan_id") or 0)


def _place_of(model: Model) -> list[str]:
    return ["unit", "year"] if model is BudgetLine else ["unit", "plan"]


def locks_on(reversal: Reversal) -> tuple[str, ...]:
    """Why the plans of the rows that it would alter hold them fast, and who can let them go; one query, seldom two."""
    held_fast = {plan.pk: plan for plan in Plan.objects.exclude(state=PlanState.DRAFT)}
    if not held_fast:
        return ()
    words: dict[str, None] = {}
    for model, pks in _altered(reversal).items():
        way = OF_A_UNIT.get(model, (None, ""))[1]
        rows = model._base_manager.filter(pk__in=pks)
        if way:
            plans = rows.values_list(f"{way}__plan", flat=True)
        elif any(field.name == "plan" for field in model._meta.local_concrete_fields):
            plans = rows.values_list("plan", flat=True)
        else:
            continue
        for pk in set(plans) & held_fast.keys():
            if lock := locks.lock_in(held_fast[pk], model):
                words[f"{lock.words} {lock.remedy}"] = None
    return tuple(words)


def _altered(reversal: Reversal) -> dict[Model, list[int]]:
    """The rows that stand and would be altered, or might if that is confirmed."""
    found: dict[Model, list[int]] = {}
    for row in reversal.rows:
        if row.is_done(row.questions):
            found.setdefault(row.model, []).append(row.pk)
    return found


# --- the form --------------------------------------------------------------------------------------------------------


class Outcome(Enum):
    REVERSED = auto()
    NOTHING = auto()
    REPEATED = auto()
    REFUSED = auto()
    STALE = auto()


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a form that was sent; the change set that reverses, or why it is refused."""

    outcome: Outcome
    reversal: Reversal
    reason: ReasonForm
    confirmed: frozenset[str] = frozenset()
    made: ChangeSet | None = None
    refusal: str = ""


def reversal_of(of: ChangeSet, found: Mapping[Model, list[int]] | None = None) -> Reversal:
    return Reversal.of(of, found=found, together=TOGETHER, shared=SHARED, along=WAYS_IN)


def reverse(of: ChangeSet, data: QueryDict, *, by: AbstractBaseUser) -> Sent:
    """Reverse the change set `of`, if what stands is still what the form showed."""
    reason = ReasonForm(data)
    reason.is_valid()
    token = reason.cleaned_data.get("token")
    with held(of):
        reversal = reversal_of(of)
        confirmed = frozenset(data.getlist("confirm")) & frozenset(reversal.questions)
        if token and ChangeSet.objects.filter(token=token).exists():
            return Sent(Outcome.REPEATED, reversal, reason)
        if data.get("seen") != reversal.seen:
            return Sent(Outcome.STALE, reversal, with_new_token(data), confirmed)
        if reversal.obstacles or not reason.is_valid():
            return Sent(Outcome.REFUSED, reversal, reason, confirmed)
        if not reversal.does(confirmed):
            return Sent(Outcome.NOTHING, reversal, reason, confirmed)
        try:
            with (
                transaction.atomic(),
                change_set(by=by, door=f"reversal of change {of.pk}", **reason.cleaned_data) as made,
            ):
                reversal.carry_out(confirmed)
                for person in User.objects.filter(pk__in=[row.pk for row in reversal.rows if row.model is User]):
                    if not person.is_active:
                        end_sessions(person)
        except Repeated:
            return Sent(Outcome.REPEATED, reversal, reason)
        except DatabaseError as error:
            reason = with_new_token(data)
            if (lock := locks.refusal(error)) and lock.wants_reason:
                reason.add_error("why", lock.words)
                return Sent(Outcome.REFUSED, reversal, reason, confirmed)
            return Sent(Outcome.REFUSED, reversal, reason, confirmed, refusal=words_of(error))
        return Sent(Outcome.REVERSED, reversal, reason, confirmed, made)


def with_new_token(data: QueryDict) -> ReasonForm:
    kept = data.copy()
    kept["token"] = str(uuid.uuid4())
    return ReasonForm(kept)


def words_of(error: DatabaseError) -> str:
    """A refusal by the database in its own words: a constraint's message, or what a lock says. Else it is no refusal."""
    if locked := locks.refusal(error):
        return locked.words
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in [*OF_A_UNIT, *KEPT, *SHARED]:
        for constraint in model._meta.constraints:
            if name and constraint.name == name:
                return str(constraint.get_violation_error_message())
    if isinstance(error, IntegrityError):
        return (
            "Something else came to hang on what would have to go, or stands where something would have to come back."
        )
    raise error

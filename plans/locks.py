"""What the state of a plan or a period locks, in words: for pages before the database refuses, and for its refusals.

The triggers of `plans.locking` are what holds; this tells the same from the plan in memory, without a query where the
row came with its plan.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import DatabaseError, models

from history.reading import Change, changes_of
from plans.locking import LOCKED, NO_SUCH_MOVE, REASON_NEEDED
from plans.models import Plan, PlanState

OURS = frozenset({LOCKED, NO_SUCH_MOVE, REASON_NEEDED})
# What an adopted plan holds fast; the rest changes with a reason until the plan is closed.
FIXED_BY_ADOPTION = frozenset(
    f"budgets.{name}"
    for name in (
        "budgetline",
        "controltotal",
        "coreservice",
        "mtpitem",
        "staffinglevel",
        "establishment",
        "movementreason",
    )
)
PARENTS = ("plan", "listing", "action")
WHO = "A plan administrator can"


@dataclass(frozen=True)
class Lock:
    """Why a row cannot be changed: its plan is adopted or closed."""

    plan: Plan
    what: str  # "budget lines", as in "its budget lines no longer change"

    @property
    def state(self) -> str:
        return self.plan.get_state_display().lower()

    @property
    def words(self) -> str:
        """One sentence, as the database has it."""
        return f"The plan “{self.plan.name}” is {self.state}: its {self.what} no longer change."

    @property
    def remedy(self) -> str:
        """Who can unlock it, and how."""
        if self.plan.state == PlanState.CLOSED:
            return f"{WHO} reopen the plan, with a reason, on the plan’s page under Administration."
        return f"{WHO} make it a draft again, with a reason, on the plan’s page under Administration."

    @cached_property
    def since(self) -> Change | None:
        """The change that locked it; two queries, for pages that tell it."""
        states = (change for change in changes_of(self.plan) if "state" in change.fields)
        return next((change for change in states if change.operation == "update"), None)

    @property
    def at(self) -> datetime | None:
        return self.since.at if self.since else None

    @property
    def by(self) -> str:
        made = self.since.change_set if self.since else None
        return str(made.by) if made and made.by else ""

    @property
    def why(self) -> str:
        made = self.since.change_set if self.since else None
        return made.why if made else ""


def plan_of(row: models.Model) -> Plan | None:
    """The plan that the row belongs to, if to any; no query where it was read with the row."""
    if isinstance(row, Plan):
        return row
    for name in PARENTS:
        parent: Any = getattr(row, name, None)
        if isinstance(parent, models.Model):
            return plan_of(parent)
    return None


def lock_of(row: models.Model) -> Lock | None:
    """What keeps the row as it is: of a plan, which is never locked itself, none."""
    plan = plan_of(row)
    if plan is None or isinstance(row, Plan):
        return None
    return lock_in(plan, type(row))


def lock_in(plan: Plan, model: type[models.Model]) -> Lock | None:
    """What keeps the rows of `model` in the plan as they are."""
    if plan.state == PlanState.CLOSED or (
        plan.state == PlanState.ADOPTED and model._meta.label_lower in FIXED_BY_ADOPTION
    ):
        return Lock(plan, str(model._meta.verbose_name_plural))
    return None


def reason_required(row: models.Model) -> bool:
    """Whether a change of the row needs a reason: where its plan is no draft any more."""
    plan = plan_of(row)
    return plan is not None and plan.state != PlanState.DRAFT


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the database has to say where a lock refused a change."""

    words: str
    wants_reason: bool  # it would be taken with a reason


def refusal(error: DatabaseError) -> Refusal | None:
    """The lock that refused; None for any other error."""
    cause: Any = error.__cause__
    code = getattr(cause, "pgcode", None)
    return Refusal(str(cause.diag.message_primary), code == REASON_NEEDED) if code in OURS else None

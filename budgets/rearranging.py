"""Putting a unit's lines in another order: from the form to the change set, as `plans.editing` does for other edits."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.http import QueryDict

from budgets.forms import OrderForm
from budgets.models import BudgetLine
from budgets.ordering import moved, put_in_order
from history.changes import Repeated, change_set
from history.models import ChangeSet
from plans.editing import Outcome, ReasonForm, first_lock
from plans.locks import Lock, refusal

DOOR = "order of budget lines"
UP, DOWN = "up", "down"


@dataclass(frozen=True, slots=True)
class Orders:
    """What stands against saving: the order when the form was opened, as it is now, and as it was sent."""

    opened: list[str]
    now: list[str]
    mine: list[str]


@dataclass(frozen=True, slots=True)
class Rearrangement:
    """What became of an order that was sent, and the form to show where it was not taken."""

    outcome: Outcome
    form: OrderForm
    reason: ReasonForm
    conflict: Orders | None = None
    lock: Lock | None = None


def move(data: QueryDict, lines: Sequence[BudgetLine]) -> Rearrangement:
    """The form again with one line a place further up or down (`move`: "up-17"), and nothing saved yet."""
    base = _as_seen(data, lines)
    form = OrderForm(data, lines=base)
    reason = reason_form(data)
    if not form.is_valid():
        return Rearrangement(Outcome.INVALID, form, reason)
    order = form.wanted()
    way, _, pk = data.get("move", "").partition("-")
    at = next((at for at, line in enumerate(order) if str(line.pk) == pk), None)
    if at is not None and way in (UP, DOWN):
        order = moved(order, at, -1 if way == UP else 1)
    kept = reason_form()
    kept.initial["why"] = data.get("why", "")
    kept.initial["token"] = data.get("token", "")
    return Rearrangement(Outcome.UNCHANGED, OrderForm(lines=order, opened=form.seen), kept)


@transaction.atomic
def rearrange(data: QueryDict, lines: QuerySet[BudgetLine], *, by: AbstractBaseUser) -> Rearrangement:
    """Put the lines in the order that was typed. They are locked, so that of two orders at once the second is stale."""
    held = lines.select_for_update(of=("self",)).order_by("pk")
    standing = sorted(held, key=lambda line: (line.position, line.pk))
    form = OrderForm(data, lines=_as_seen(data, standing))
    reason = reason_form(data)
    reason.is_valid()
    order = form.wanted() if form.is_valid() else form.lines
    token = reason.cleaned_data.get("token")
    if token and form.is_valid() and order == standing and ChangeSet.objects.filter(token=token).exists():
        return Rearrangement(Outcome.REPEATED, form, reason)
    if lock := first_lock(standing):
        form.add_error(None, lock.words)
        return Rearrangement(Outcome.LOCKED, form, reason, lock=lock)
    if form.seen != [str(line.pk) for line in standing]:
        return _conflict(data, form, standing, order)
    if not form.is_valid():
        return Rearrangement(Outcome.INVALID, form, reason)
    if order == standing:
        return Rearrangement(Outcome.UNCHANGED, form, reason)
    if not reason.is_valid():
        return Rearrangement(Outcome.INVALID, form, reason)
    try:
        with transaction.atomic(), change_set(by=by, door=DOOR, **reason.cleaned_data):
            BudgetLine.objects.bulk_update(put_in_order(order), ["position"])
    except Repeated:
        form.add_error(None, "This form was sent before with another order. Check it and send it again.")
        return Rearrangement(Outcome.INVALID, form, _with_new_token(data))
    except DatabaseError as error:
        refused = refusal(error)
        if refused is None:
            raise
        form.add_error(None, refused.words)
        return Rearrangement(Outcome.LOCKED, form, reason)
    return Rearrangement(Outcome.SAVED, form, reason)


def _as_seen(data: QueryDict, lines: Sequence[BudgetLine]) -> list[BudgetLine]:
    """The lines in the order in which the form showed them first; those that it did not show come last."""
    seen = [pk for pk in data.get("opened", "").split(",") if pk]
    there = {str(line.pk): line for line in lines}
    return [there[pk] for pk in dict.fromkeys(seen) if pk in there] + [
        line for line in lines if str(line.pk) not in seen
    ]


def _conflict(
    data: QueryDict, form: OrderForm, standing: Sequence[BudgetLine], order: Sequence[BudgetLine]
) -> Rearrangement:
    shown = OrderForm(lines=order, opened=[str(line.pk) for line in standing])
    names = {str(line.pk): line.activity for line in standing}
    orders = Orders(
        opened=[names.get(pk, "a line that was removed") for pk in form.seen],
        now=[line.activity for line in standing],
        mine=[line.activity for line in order],
    )
    return Rearrangement(Outcome.CONFLICT, shown, _with_new_token(data), orders)


def _with_new_token(data: QueryDict) -> ReasonForm:
    kept = data.copy()
    kept["token"] = str(uuid.uuid4())
    return reason_form(kept)


def reason_form(data: QueryDict | None = None) -> ReasonForm:
    """Lines are ordered in draft plans alone, where no reason is demanded."""
    return ReasonForm.on((), data)

"""A note that explains a break: given, altered and taken back, by whoever answers for the unit's figures.

A note is about one difference. Its form says which it was opened with, and what note stood there: where either has
changed since nothing is saved.
"""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, IntegrityError, transaction
from django.http import QueryDict

from history.changes import Repeated, change_set
from history.models import ChangeSet
from kentplan.checks import Found, year_checks
from people.models import User
from people.rights import Act, may
from plans.checks import BREAK
from plans.locks import refusal
from plans.models import Explanation, FinancialYear, Unit
from plans.telling import Telling, tell

DOOR = "explanation form"
REMOVE = "remove"


class ExplanationForm(forms.Form):
    """The note, and what the form was opened with: the difference and the note that stood there."""

    note = forms.CharField(
        label="Why do the two figures differ?",
        help_text="It is printed beside the break, and lapses when the difference changes.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why the two figures differ."},
    )
    difference = forms.CharField(widget=forms.HiddenInput, required=False)
    before = forms.CharField(widget=forms.HiddenInput, required=False)
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    @classmethod
    def opened(cls, check: Found, *, data: QueryDict | None = None, note: str | None = None) -> "ExplanationForm":
        """The form as it is opened on `check` now, with what was sent in `data` or is to be kept in `note`."""
        stands = check.note or (check.lapsed.note if check.lapsed else "")
        now: dict[str, Any] = {
            "note": stands if note is None else note,
            "difference": f"{check.difference:f}",
            "before": stands,
            "token": uuid.uuid4(),
        }
        return cls(data, initial=now) if data is not None else cls(initial=now)


class Outcome(Enum):
    SAVED = auto()
    REMOVED = auto()
    UNCHANGED = auto()
    REPEATED = auto()
    INVALID = auto()
    STALE = auto()


@dataclass(frozen=True, slots=True)
class Stale:
    """What stood there when the form was opened, and what stands there now."""

    opened: str
    difference: Decimal | None
    note_before: str
    note: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of a form that was sent, with the check as it is now."""

    outcome: Outcome
    check: Found
    form: ExplanationForm
    stale: Stale | None = None


def unit_of(check: Found) -> Unit | None:
    """The unit whose figure it is, as far as rights ask."""
    return Unit(pk=check.unit_id, name=check.unit_name, slug=check.unit_slug) if check.unit_id else None


def may_explain(user: Any, check: Found, year: FinancialYear) -> bool:
    """Whether `user` may explain this break."""
    return check.outcome == BREAK and may(user, Act.EXPLAIN_BREAK, unit=unit_of(check), year=year)


def history_of(year: FinancialYear, check: Found) -> list[Telling]:
    """Who explained the break as it stands there, when and with which words; no query where nobody did."""
    if not check.note and not check.lapsed:
        return []
    stored = Explanation.objects.for_year(year).filter(check_key=check.key).first()
    return tell(stored) if stored else []


def submit(year: FinancialYear, check: Found, data: QueryDict, *, by: User) -> Submission:
    """Take a form on `check`: give, alter or remove its note, in one change set."""
    try:
        with transaction.atomic():
            return _submit(year, check, data, by=by)
    except Repeated:
        return Submission(Outcome.REPEATED, check, ExplanationForm.opened(check))
    except IntegrityError:  # another explained it in the same moment
        now = year_checks(year).get(check.key) or check
        return _stale(now, data)
    except DatabaseError as error:
        if (refused := refusal(error)) is None:
            raise
        form = ExplanationForm(data)
        form.add_error("note", refused.words)
        return Submission(Outcome.INVALID, check, form)


def _submit(year: FinancialYear, check: Found, data: QueryDict, *, by: User) -> Submission:
    stored = Explanation.objects.for_year(year).filter(check_key=check.key).select_for_update().first()
    form = ExplanationForm(data)
    valid = form.is_valid()
    token = form.cleaned_data.get("token")
    if token and ChangeSet.objects.filter(token=token).exists():
        return Submission(Outcome.REPEATED, check, form)
    stands = stored.note if stored else ""
    same_difference = check.difference is not None and data.get("difference") == f"{check.difference:f}"
    if check.outcome != BREAK or not same_difference or _lines(data.get("before", "")) != _lines(stands):
        return _stale(check, data)
    if REMOVE in data:
        if stored is None:
            return Submission(Outcome.UNCHANGED, check, form)
        with change_set(by=by, why="The explanation is taken back.", door=DOOR, token=token):
            stored.delete()
        return Submission(Outcome.REMOVED, check, form)
    if not valid:
        return Submission(Outcome.INVALID, check, form)
    return _save(year, check, form, stored, by=by)


def _save(
    year: FinancialYear, check: Found, form: ExplanationForm, stored: Explanation | None, *, by: AbstractBaseUser
) -> Submission:
    note, token = form.cleaned_data["note"], form.cleaned_data["token"]
    assert check.difference is not None  # it breaks
    if check.note == note:
        return Submission(Outcome.UNCHANGED, check, form)
    stored = stored or Explanation(year=year, check_key=check.key)
    stored.note, stored.difference = note, check.difference
    with change_set(by=by, why=note, door=DOOR, token=token):
        stored.save()
    return Submission(Outcome.SAVED, check, form)


def _stale(check: Found, data: QueryDict) -> Submission:
    stands = check.note or (check.lapsed.note if check.lapsed else "")
    stale = Stale(data.get("difference", ""), check.difference, data.get("before", ""), stands)
    return Submission(Outcome.STALE, check, ExplanationForm.opened(check, note=data.get("note", "")), stale)


def _lines(text: str) -> list[str]:
    """A browser sends line ends of its own, and a field takes the spaces off."""
    return text.strip().splitlines()

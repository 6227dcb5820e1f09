"""One edit, from the form to the change set: a page edits one row, or several that belong together.

    class LineForm(VersionedForm):
        class Meta:
            model = BudgetLine
            fields = ("activity", …)

    @require_http_methods(["GET", "HEAD", "POST"])
    def line_edit(request, pk):
        line = get_line_for_user(request, pk, to_edit=True)
        return editing.respond(
            request, [Part(LineForm, line)], template="budgets/line_edit.html", door="budget line form",
            saved="The line is saved.", then=line.get_absolute_url(), context={"line": line},
        )

Several rows: one `Part` a row, each with its id as the `prefix`; a row that is not stored yet has another, and is added
where something is typed in its form, which is given `empty_permitted=True`. Every form carries the version of the row
that it was opened with; the page carries a reason and a token. A stale or missing version is refused with 409, as is a
page whose rows are no longer those that there are, and it shows what was typed beside what stands now and what stood
before. A doubled POST is one change; where nothing differs nothing is recorded.

Where the state of the plan locks a row (`plans.locks`), the page tells why in place of its form (403); a form that was
open when the plan was adopted or closed is refused with 409, and keeps what was typed. A reason is required where the
plan is no draft any more; elsewhere the door's own words stand where it is left empty.

The template gets `forms` (`form` is the first), `reason`, `all_forms` (for components/error_summary.html), `failed`,
and `conflict` (for components/conflict.html; None but on a 409), and must render each form's `version` and reason's
`token`.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render

from history.changes import Repeated, change_set
from history.models import ChangeSet
from history.reading import Change, added_in, changes_of
from plans.locks import Lock, lock_of, reason_required, refusal

UNKNOWN = "not known"
NONE = "none"
UNIQUE_VIOLATION = "23505"  # PostgreSQL's code
WHY = "Why do you make this change?"
REMOVE = "remove"  # the field of a form whose ticking removes the row


class VersionedForm(forms.ModelForm):
    """A form on one row, which knows the version of it that it was opened with. Subclasses give Meta and fields."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    some_need_reason = False  # of the changes that the form can make

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    @property
    def opened(self) -> int | None:
        """The version that was sent back, if it is one."""
        sent = str(self["version"].data or "")
        return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else None

    @property
    def stale(self) -> bool:
        return bool(self.opened != self.initial["version"])

    @property
    def altered(self) -> list[str]:
        """The fields of the row in which the form differs from it."""
        return [name for name in self.changed_data if name != "version"]

    @property
    def needs_reason(self) -> bool:
        """Whether a change of the row is not taken without a reason."""
        return reason_required(self.instance)

    def has_changed(self) -> bool:
        """Whether there is anything to save; of a row that may be left blank, whether anything is to be checked."""
        return bool(self.altered)

    def words(self, name: str, value: Any) -> str:
        """A field's value as a person reads it."""
        value = self.fields[name].prepare_value(value)
        choices = dict(getattr(self.fields[name], "choices", ()))
        several = value if isinstance(value, list | tuple) else [value]
        named = {str(key): label for key, label in choices.items()}
        return ", ".join(str(named.get(str(item), item)) for item in several if item not in (None, ""))

    def _get_validation_exclusions(self) -> set[str]:
        # Django checks no constraint that names a field which is not in the form; a row's place is in none.
        constraints = self._meta.model._meta.constraints
        unique = [rule for rule in constraints if isinstance(rule, models.UniqueConstraint)]
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {name for rule in unique for name in rule.fields}


class ReasonForm(forms.Form):
    """Why a change is made, and the page's own number, by which a doubled POST is known."""

    demanded = True
    why = forms.CharField(
        label=WHY,
        help_text="It stands in the history beside your name.",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["token"] = uuid.uuid4()

    @classmethod
    def on(cls, changed: Iterable[VersionedForm], data: QueryDict | None = None) -> "ReasonForm":
        """The form as it stands beside others: asked for, or demanded."""
        form = cls(data)
        forms = list(changed)
        form.demanded = any(each.needs_reason for each in forms)
        if not form.demanded and not any(each.some_need_reason for each in forms):
            form.fields["why"].label = f"{WHY} (optional)"
        return form

    def complain(self) -> None:
        """Where a reason is demanded and none is given, say so."""
        if self.demanded and not self.cleaned_data.get("why") and not self.errors:
            self.add_error("why", "Say why you make this change.")


@dataclass(frozen=True, slots=True)
class Part:
    """One row of a page that edits, with its form. The row has a `version`."""

    form: Callable[..., VersionedForm]
    row: models.Model
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that I, or they, or both changed since the form was opened."""

    row: models.Model
    label: str
    original: str
    theirs: str
    mine: str
    both: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """What stands against saving: others' changes since the form was opened, and the fields concerned."""

    changes: list[Change]
    differences: list[Difference]


class Outcome(Enum):
    SAVED = auto()
    UNCHANGED = auto()
    REPEATED = auto()
    INVALID = auto()
    CONFLICT = auto()
    LOCKED = auto()


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of a form that was sent, and the forms to show where it was not taken."""

    outcome: Outcome
    forms: list[VersionedForm]
    reason: ReasonForm
    conflict: Conflict | None = None
    lock: Lock | None = None


def respond(
    request: HttpRequest,
    parts: Sequence[Part],
    *,
    template: str,
    door: str,
    saved: str,
    then: str,
    context: Mapping[str, Any],
) -> HttpResponse:
    """The page that edits, or the way on to `then` when it is done, with `saved` as the message there."""
    if request.method == "POST":
        assert isinstance(request.user, AbstractBaseUser)
        sent = submit(request.POST, parts, by=request.user, door=door)
        told = {
            Outcome.SAVED: (messages.SUCCESS, saved),
            Outcome.UNCHANGED: (messages.INFO, "Nothing was different, so nothing was saved."),
            Outcome.REPEATED: (messages.INFO, "The form was sent twice. The change is saved, once."),
        }.get(sent.outcome)
        if told:
            messages.add_message(request, *told)
            return HttpResponseRedirect(then)
    elif lock := first_lock(part.row for part in parts):
        return locked(request, lock, back=then, context=context)
    else:
        shown = [part.form(instance=part.row, prefix=part.prefix) for part in parts]
        sent = Submission(Outcome.UNCHANGED, shown, ReasonForm.on(shown))
    page = {
        **context,
        "forms": sent.forms,
        "form": sent.forms[0],
        "reason": sent.reason,
        "all_forms": [*sent.forms, sent.reason],
        "failed": sent.outcome in (Outcome.INVALID, Outcome.CONFLICT, Outcome.LOCKED),
        "conflict": sent.conflict,
        "lock": sent.lock,
    }
    return render(request, template, page, status=409 if sent.conflict or sent.outcome is Outcome.LOCKED else 200)


def first_lock(rows: Iterable[models.Model]) -> Lock | None:
    return next(filter(None, map(lock_of, rows)), None)


def locked(request: HttpRequest, lock: Lock, *, back: str, context: Mapping[str, Any]) -> HttpResponse:
    """In place of a form that nothing can be changed with: why not, since when, and who can help."""
    return render(request, "locked.html", {**context, "lock": lock, "back": back}, status=403)


@transaction.atomic
def submit(data: QueryDict, parts: Sequence[Part], *, by: AbstractBaseUser, door: str) -> Submission:
    """Take the forms of one page, all or none. The rows are locked, so that of two at once the second is stale."""
    _await_twin(data.get("token", ""))
    rows = _locked(parts)
    since = _RowsSince.the_page(data, parts, rows)
    data = since.data
    sent = [part.form(data, instance=row, prefix=part.prefix) for part, row in zip(parts, rows, strict=True)]
    altered = [form for form in sent if form.altered]
    reason = ReasonForm.on(altered or sent, data)
    reason.is_valid()
    token = reason.cleaned_data.get("token")
    made = ChangeSet.objects.filter(token=token).first() if token else None
    if made and since.explains(_not_added_by(made, data, parts, sent)):
        return Submission(Outcome.REPEATED, sent, reason)
    if lock := first_lock(form.instance for form in altered):
        altered[0].add_error(None, lock.words)
        return Submission(Outcome.LOCKED, sent, reason, lock=lock)
    if since or any(form.stale for form in sent):
        return _conflict(data, parts, sent, since)
    valid = [form.is_valid() for form in sent]
    if not all(valid):
        return Submission(Outcome.INVALID, sent, reason)
    if not altered:
        return Submission(Outcome.UNCHANGED, sent, reason)
    reason.complain()
    if not reason.is_valid():
        return Submission(Outcome.INVALID, sent, reason)
    return _save(data, altered, sent, reason, by=by, door=door)


@dataclass(frozen=True, slots=True)
class _RowsSince:
    """The rows that others added or removed since the page was opened, and what was sent with the added ones put in."""

    data: QueryDict
    added: list[VersionedForm]
    gone: list[tuple[VersionedForm, list[Change]]]  # as they were sent, with their history

    @classmethod
    def the_page(cls, data: QueryDict, parts: Sequence[Part], rows: Sequence[models.Model]) -> "_RowsSince":
        """Only pages of several rows can tell: each of their forms has a prefix."""
        data = data.copy()
        added = []
        gone = []
        for part, row in zip(parts, rows, strict=True):
            if part.prefix and row.pk and not any(key.startswith(f"{part.prefix}-") for key in data):
                form = part.form(instance=row, prefix=part.prefix)
                for name in form._meta.fields or ():
                    _put(data, form, name, form.initial.get(name))
                added.append(form)
        known = {part.prefix for part in parts}
        kind = next((part for part in parts if part.prefix), None)
        sent = [key.removesuffix("-version") for key in data if key.endswith("-version")]
        for prefix in [prefix for prefix in sent if prefix not in known and not data.get(f"{prefix}-{REMOVE}")]:
            if kind and prefix.isascii() and prefix.isdecimal() and len(prefix) < 19:
                row = type(kind.row)(pk=int(prefix))
                history = changes_of(row)
                if history and history[0].operation == "delete":
                    gone.append((kind.form(data, instance=row, prefix=prefix), history))
        return cls(data, added, gone)

    def __bool__(self) -> bool:
        return bool(self.added or self.gone)

    def explains(self, altered: Sequence[VersionedForm]) -> bool:
        """Whether all that the forms would alter stands already: rows to be added that are there, in the same words."""
        there = [_in_words(form) for form in self.added]
        return not self.gone and all(form.instance.pk is None and _in_words(form) in there for form in altered)


def _await_twin(token: str) -> None:
    """Where the same form was sent at the same moment, its other sending is done before this one goes on."""
    number = int.from_bytes(hashlib.sha256(token.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _not_added_by(
    made: ChangeSet, data: QueryDict, parts: Sequence[Part], sent: Sequence[VersionedForm]
) -> list[VersionedForm]:
    """The forms that would still alter something, without those whose new row `made` added in the same words."""
    left = []
    for part, form in zip(parts, sent, strict=True):
        if form.altered and form.instance.pk is None:
            there = type(form.instance)._default_manager.filter(pk__in=added_in(made, type(form.instance)))
            twins = (part.form(data, instance=row, prefix=part.prefix) for row in there)
            if any(not set(twin.altered) & set(twin._meta.fields or ()) for twin in twins):
                continue
        if form.altered:
            left.append(form)
    return left


def _in_words(form: VersionedForm) -> list[str]:
    """The fields of the row as the form has them now."""
    return [form.words(name, form[name].value()) for name in form._meta.fields or ()]


def _locked(parts: Sequence[Part]) -> list[models.Model]:
    """The parts' rows as they stand, held until the transaction ends; in one order, so that no two await each other."""
    found: dict[tuple[type[models.Model], Any], models.Model] = {}
    for model in sorted({type(part.row) for part in parts}, key=lambda model: model._meta.label):
        pks = [part.row.pk for part in parts if type(part.row) is model and part.row.pk]
        for row in model._default_manager.select_for_update().filter(pk__in=pks).order_by("pk"):
            found[model, row.pk] = row
    try:
        return [found[type(part.row), part.row.pk] if part.row.pk else part.row for part in parts]
    except KeyError as error:
        raise Http404("The row was removed while the form was open.") from error


def _save(
    data: QueryDict,
    altered: Sequence[VersionedForm],
    sent: list[VersionedForm],
    reason: ReasonForm,
    *,
    by: AbstractBaseUser,
    door: str,
) -> Submission:
    """Write the altered rows in one change set; what a constraint refuses after all is an error in its own words."""
    form = altered[0]
    try:
        with transaction.atomic(), change_set(by=by, door=door, **reason.cleaned_data):
            for form in altered:
                form.save()
    except Repeated:
        form.add_error(None, "This form was sent before with other figures. Check them and send it again.")
        return Submission(Outcome.INVALID, sent, ReasonForm.on(sent, _with(data, token=str(uuid.uuid4()))))
    except IntegrityError as error:
        form.add_error(None, _words_of(error, form))
        return Submission(Outcome.INVALID, sent, reason)
    except DatabaseError as error:
        refused = refusal(error)
        if refused is None:
            raise
        if refused.wants_reason:
            reason.add_error("why", refused.words)
            return Submission(Outcome.INVALID, sent, reason)
        form.add_error(None, refused.words)
        return Submission(Outcome.LOCKED, sent, reason)
    return Submission(Outcome.SAVED, sent, reason)


def _words_of(error: IntegrityError, form: VersionedForm) -> str:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for constraint in form._meta.model._meta.constraints:
        if constraint.name == name:
            return str(constraint.get_violation_error_message())
    if getattr(error.__cause__, "pgcode", None) == UNIQUE_VIOLATION:
        return "Somebody saved the same at this moment. Look at what is there now, and send it again if it is still wanted."
    raise error


def _conflict(data: QueryDict, parts: Sequence[Part], sent: Sequence[VersionedForm], rows: _RowsSince) -> Submission:
    """The refusal of stale forms. What I left alone takes their value; what I typed stays, and where they changed the
    same field the form asks which is right."""
    changes: list[Change] = []
    differences: list[Difference] = []
    questions: list[dict[str, str]] = []
    merged = _with(data, token=str(uuid.uuid4()))
    for form in sent:
        since = _changes_since(form)
        changes += since or []
        asked: dict[str, str] = {}
        for name in form._meta.fields or ():
            found = _difference(form, name, since)
            if found is None:
                continue
            differences.append(found)
            if found.both:
                asked[name] = (
                    f"{found.label}: you have “{found.mine}”, and it is “{found.theirs}” now. Give the right one."
                )
            elif found.mine == found.original:
                _put(merged, form, name, form.initial.get(name))
        questions.append(asked)
        _put(merged, form, "version", form.initial["version"])
    for form in rows.added:
        changes += changes_of(form.instance)
        differences.append(
            _row_difference(form, original=NONE, theirs="; ".join(filter(None, _in_words(form))), mine=NONE)
        )
    for form, history in rows.gone:
        changes.append(history[0])
        before = [form.words(name, history[0].fields.get(name, (None,))[0]) for name in form._meta.fields or ()]
        original, mine = ("; ".join(filter(None, words)) for words in (before, _in_words(form)))
        differences.append(_row_difference(form, original=original, theirs="removed", mine=mine))
    shown = [
        part.form(merged, instance=form.instance, prefix=part.prefix) for part, form in zip(parts, sent, strict=True)
    ]
    for form, asked in zip(shown, questions, strict=True):
        form.is_valid()
        for name, question in asked.items():
            form.add_error(name, question)
    return Submission(Outcome.CONFLICT, shown, ReasonForm.on(shown, merged), Conflict(_each_once(changes), differences))


def _row_difference(form: VersionedForm, *, original: str, theirs: str, mine: str) -> Difference:
    name = str(form._meta.model._meta.verbose_name).capitalize()
    both = mine not in (NONE, original)
    return Difference(row=form.instance, label=name, original=original, theirs=theirs, mine=mine, both=both)


def _each_once(changes: Sequence[Change]) -> list[Change]:
    """Changes of several rows that were made in one go are told as one."""
    return list({change.change_set.pk if change.change_set else change.at: change for change in changes}.values())


def _changes_since(form: VersionedForm) -> list[Change] | None:
    """The changes that the row has seen since the form was opened, newest first; None where that is not known."""
    now = form.initial["version"]
    if form.opened is None or not 0 < form.opened <= now:
        return None
    if form.opened == now:
        return []
    return changes_of(form.instance)[: now - form.opened]


def _difference(form: VersionedForm, name: str, since: list[Change] | None) -> Difference | None:
    theirs_now = form.initial.get(name)
    mine = form.words(name, form[name].data)
    theirs = form.words(name, theirs_now)
    i_differ_from_them = name in form.altered
    if since is None:
        original, i_changed, they_changed = UNKNOWN, i_differ_from_them, i_differ_from_them
    else:
        before = theirs_now
        for change in since:
            before = change.fields.get(name, (before, None))[0]
        original = form.words(name, before)
        i_changed = form.fields[name].has_changed(before, form[name].data)
        they_changed = before != theirs_now
    if not i_changed and not they_changed:
        return None
    return Difference(
        row=form.instance,
        label=str(form[name].label),
        original=original,
        theirs=theirs,
        # As typed, but in the same words as the others where it is the same.
        mine=theirs if not i_differ_from_them else mine if i_changed else original,
        both=i_differ_from_them and i_changed and they_changed,
    )


def _with(data: QueryDict, **values: str) -> QueryDict:
    changed = data.copy()
    for name, value in values.items():
        changed[name] = value
    return changed


def _put(data: QueryDict, form: VersionedForm, name: str, value: Any) -> None:
    value = form.fields[name].prepare_value(value)
    several = value if isinstance(value, list | tuple) else ["" if value is None else value]
    data.setlist(form.add_prefix(name), [str(item) for item in several])

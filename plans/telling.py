"""The history of a row in people's words: each field words its own value (DECISIONS 21)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

from history.reading import Change, changes_of, changes_under

BLANK = "nothing"
THE_SYSTEM = "The system"
# Where a field's own name says too little by itself.
LABELS = {
    "coreservice.line": "budget line",
    "position": "place in the table",
    "due_start": "due from",
    "due_end": "due by",
    "due_precision": "how precise the date is",
    "due_printed": "due, as printed",
    "managers": "accountable managers",
    "links": "links to corporate targets",
    "sha256": "hash of the document",
    "was": "what is printed",
    "slug": "name in addresses",
    "manager_printed": "accountable manager, as printed",
    "officers_printed": "officers, as printed",
    "links_printed": "links, as printed",
    "printed": "cell as printed",
    "by": "declared by",
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a change, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Telling:
    """One change of a row: who, when, why, through which door, and what differs. A new row has no fields to tell."""

    who: str
    at: datetime
    why: str
    door: str
    is_new: bool
    fields: list[FieldChange]


def tell(row: models.Model) -> list[Telling]:
    """What happened to `row`, newest first; two queries."""
    return [_telling(row, change) for change in changes_of(row)]


def tell_with(
    row: models.Model,
    relation: str,
    *,
    name: Callable[[Mapping[str, Any]], str],
    untold: Collection[str] = (),
) -> list[Telling]:
    """What happened to `row` and to the rows that belong to it, newest first, what was done in one go as one; four
    queries. `name` words which row it is from its values then; what follows from its other fields is `untold`.
    """
    model: Any = row._meta.get_field(relation).related_model
    tellings: dict[Any, Telling] = {}
    for change in changes_of(row):
        tellings[_together(change)] = _telling(row, change)
    for pk, changes in changes_under(row, relation).items():
        values: dict[str, Any] = {}
        for change in reversed(changes):
            named = name(values) if values else ""
            values |= {field: after for field, (_, after) in change.fields.items()}
            telling = tellings.setdefault(_together(change), _telling(row, change, of_another=True))
            if change.operation == "insert" and not telling.is_new:
                telling.fields.append(FieldChange(label=name(values), before="none", after="added"))
            elif change.operation == "delete":
                telling.fields.append(FieldChange(label=named, before="there", after="removed"))
            elif change.operation == "update":
                fields = [field for field in change.fields if field not in ("position", *untold)]
                for field in fields:
                    told = _field_change(model(pk=pk), field, *change.fields[field])
                    label = f"{named}: {told.label.lower()}"
                    telling.fields.append(FieldChange(label=label, before=told.before, after=told.after))
    return sorted(tellings.values(), key=lambda telling: telling.at, reverse=True)


def _together(change: Change) -> Any:
    """What tells changes made in one go from others: their change set, or the moment where the owner made them."""
    return change.change_set.pk if change.change_set else change.at


def _telling(row: models.Model, change: Change, *, of_another: bool = False) -> Telling:
    """A change of `row` with its fields, or, where it is `of_another` row, without any yet."""
    made = change.change_set
    is_new = change.operation == "insert" and not of_another
    names = [] if is_new or of_another else [name for name in change.fields if name != "position"]
    return Telling(
        who=str(made.by) if made and made.by else THE_SYSTEM,
        at=change.at,
        why=made.why if made else "",
        door=made.door if made else "",
        is_new=is_new,
        fields=[_field_change(row, name, *change.fields[name]) for name in names],
    )


def _field_change(row: models.Model, name: str, before: Any, after: Any) -> FieldChange:
    field = row._meta.get_field(name)
    return FieldChange(label=label_of(field), before=in_words(field, before), after=in_words(field, after))


def label_of(field: Any) -> str:
    """What people call a field: "Employee costs", "FTE"."""
    label = (
        LABELS.get(f"{field.model._meta.model_name}.{field.name}")
        or LABELS.get(field.name)
        or str(getattr(field, "verbose_name", field.name))
    )
    return label[:1].upper() + label[1:]


def in_words(field: Any, value: Any) -> str:
    """A stored value as its field words it: a figure as printed, a choice by its label, a day as "3 June 2009"; a blank
    is "nothing", and never nought."""
    if value is None or value == "":
        return BLANK
    if hasattr(field, "words"):
        return str(field.words(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return str(dict(getattr(field, "flatchoices", ())).get(value, value))

"""The history of a row in people's words: each field words its own value (DECISIONS 21)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from history.reading import changes_of

BLANK = "blank"
THE_SYSTEM = "The system"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a change, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Telling:
    """One change of a row: who, when, why, through which door, and what of it differs. A new row has no fields to tell."""

    who: str
    at: datetime
    why: str
    door: str
    is_new: bool
    fields: list[FieldChange]


def tell(row: models.Model) -> list[Telling]:
    """What happened to `row`, newest first; two queries."""
    tellings = []
    for change in changes_of(row):
        made = change.change_set
        is_new = change.operation == "insert"
        names = [] if is_new else [name for name in change.fields if name != "position"]
        tellings.append(
            Telling(
                who=str(made.by) if made and made.by else THE_SYSTEM,
                at=change.at,
                why=made.why if made else "",
                door=made.door if made else "",
                is_new=is_new,
                fields=[_field_change(row, name, *change.fields[name]) for name in names],
            )
        )
    return tellings


def _field_change(row: models.Model, name: str, before: Any, after: Any) -> FieldChange:
    field = row._meta.get_field(name)
    label = str(getattr(field, "verbose_name", name))
    return FieldChange(label=label[:1].upper() + label[1:], before=in_words(field, before), after=in_words(field, after))


def in_words(field: Any, value: Any) -> str:
    """A stored value as its field words it: a figure as printed, a choice by its label, a blank as "blank"."""
    if value is None or value == "":
        return BLANK
    if hasattr(field, "words"):
        return str(field.words(value))
    return str(dict(getattr(field, "flatchoices", ())).get(value, value))

"""What kind of thing each tracked table holds, and whose: the filters of the history as conditions on its versions."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models import TextChoices

from history.tracked import Model, history_of, tracked_models
from history.whole import Part, Scope


class Kind(TextChoices):
    BUDGET = "budget", "Budgets"
    MEASURES = "measures", "Measures"
    ACTIONS = "actions", "Actions"
    ORGANISATION = "organisation", "Organisation and plans"
    PEOPLE = "people", "People and their roles"
    LOADS = "loads", "Loads of documents"


KINDS = {
    "budgets": Kind.BUDGET,
    "indicators": Kind.MEASURES,
    "projects": Kind.ACTIONS,
    "plans": Kind.ORGANISATION,
    "people": Kind.PEOPLE,
}
LOADS = ("load_plan", "doubt answer")  # the doors that documents come through

# The row that another belongs to, and is told of with.
BELONGS_TO = {
    "indicators.figure": "listing",
    "projects.deliverable": "action",
    "people.grant": "user",
    "plans.alias": "unit",
    "plans.unityear": "unit",
}


@dataclass(frozen=True, slots=True)
class Named:
    """One row by its model and id: `?object=budgets.budgetline:17`."""

    model: Model
    pk: int

    @classmethod
    def read(cls, text: str) -> "Named | None":
        label, _, number = text.partition(":")
        model = next((model for model in tracked_models() if model._meta.label_lower == label.lower()), None)
        if model is None or not (number.isascii() and number.isdecimal() and len(number) <= 18):
            return None
        return cls(model, int(number))


def key_of(model: Model, pk: int) -> str:
    """How an address names the row: "budgets.budgetline:17"."""
    return f"{model._meta.label_lower}:{pk}"


def kind_of(model: Model) -> Kind:
    return KINDS[model._meta.app_label]


@cache
def parent_of(model: Model) -> Any:
    """The foreign key to the row that a row of `model` belongs to; None for one that stands by itself."""
    owner: Any = model._meta.auto_created  # of a link between two rows: the model that has the field
    if owner:
        return next(field for field in foreign_keys(model) if field.related_model is owner)
    name = BELONGS_TO.get(model._meta.label_lower)
    return model._meta.get_field(name) if name else None


def foreign_keys(model: Model) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if isinstance(field, models.ForeignKey)]


def scope_of(*, see_people: bool, kind: str = "", unit: int | None = None, named: Named | None = None) -> Scope:
    """The tables of a kind, and of each the rows of a unit or of an object with what belongs to it."""
    parts = []
    for model in tracked_models():
        of_kind = kind_of(model)
        if of_kind is Kind.PEOPLE and not see_people:
            continue
        if kind and kind != Kind.LOADS and of_kind != kind:
            continue
        where, parameters = [], []
        if unit is not None:
            of_unit = _of_unit(model)
            if not of_unit:
                continue
            where.append(of_unit)
            parameters.append(unit)
        if named is not None:
            of_object = _of_object(model, named)
            if not of_object:
                continue
            where.append(of_object)
            parameters.append(named.pk)
        parts.append(Part(model, " AND ".join(where), tuple(parameters)))
    return Scope(tuple(parts), is_narrow=unit is not None or named is not None)


def _of_unit(model: Model) -> str:
    """SQL on the versions `h` for those of a unit, directly or through the row that they belong to; blank for none."""
    label = model._meta.label_lower
    if label == "plans.unit":
        return "h.id = %s"
    if label == "indicators.indicator":
        # A measure is no unit's; it concerns each that lists it.
        return f"h.id IN (SELECT l.indicator_id FROM {_history('indicators.listing')} l WHERE l.unit_id = %s)"  # noqa: S608
    direct = next(
        (field for field in foreign_keys(model) if field.related_model._meta.label_lower == "plans.unit"), None
    )
    if direct is not None:
        return f"h.{_quoted(direct)} = %s"
    parent = parent_of(model)
    if parent is None or not any(field.column == "unit_id" for field in foreign_keys(parent.related_model)):
        return ""
    # Which unit the row belonged to is its parent's history to say, which may be gone.
    return f"h.{_quoted(parent)} IN (SELECT p.id FROM {history_of(parent.related_model)} p WHERE p.unit_id = %s)"  # noqa: S608


def _of_object(model: Model, named: Named) -> str:
    if model is named.model:
        return "h.id = %s"
    parent = parent_of(model)
    return f"h.{_quoted(parent)} = %s" if parent is not None and parent.related_model is named.model else ""


def _history(label: str) -> str:
    return history_of(next(model for model in tracked_models() if model._meta.label_lower == label))


def _quoted(field: Any) -> str:
    return connection.ops.quote_name(field.column)

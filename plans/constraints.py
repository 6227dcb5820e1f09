"""Rules that many tables share, as constraints of the database with a message for the user (HOUSE 5)."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import CheckConstraint, Q, TextChoices

# In £000 (plans.fields): the sum of five such figures is still one that numeric(14,2) holds in pounds. To PostgreSQL NaN
# is above every number, so that a range refuses it too.
LARGEST = Decimal("99999999.99999")


def not_blank(model: str, field: str, *, says: str) -> CheckConstraint:
    """`field` holds at least one character that is not a space."""
    return CheckConstraint(
        name=f"{model}_{field}_not_blank", condition=Q(**{f"{field}__regex": r"\S"}), violation_error_message=says
    )


def one_of(model: str, field: str, choices: type[TextChoices], *, blank: bool = False) -> CheckConstraint:
    """`field` holds one of the words of `choices`, or nothing where `blank`."""
    words = [*choices.values, ""] if blank else list(choices.values)
    name = field.replace("_", " ")
    return CheckConstraint(
        name=f"{model}_{field}_known",
        condition=Q(**{f"{field}__in": words}),
        violation_error_message=f"The {name} must be one of: {', '.join(choices.values)}.",
    )


def finite(model: str, fields: Iterable[str], *, largest: Decimal = LARGEST, says: str = "") -> CheckConstraint:
    """Each of `fields` is blank or an ordinary number: no NaN and no infinity, one of which spoils every sum."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__range": (-largest, largest)}) | Q(**{f"{field}__isnull": True})
    return CheckConstraint(
        name=f"{model}_figures_finite",
        condition=condition,
        violation_error_message=says or "A figure must be an ordinary number, with at most 11 digits before the point.",
    )

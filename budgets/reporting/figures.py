"""The figures of a budget table: their order, their names, their sums."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from budgets.models import BudgetLine, TotalSubject
from budgets.parsing.rows import FIGURES as FIGURES  # in their printed order
from plans.changes import with_sign
from plans.fields import MoneyField

LABELS = {field.name: str(field.verbose_name) for field in BudgetLine._meta.local_concrete_fields}
MEMORANDA = (TotalSubject.CENTRAL, TotalSubject.DIRECTORATE, TotalSubject.CAPITAL)
COMPUTED = ("gross", "controllable")
NOTHING = Decimal(0)
# A kind of narrow row; its fields are those of FIGURES and others, where mypy can read literals only.
narrow_row: Callable[[str, Sequence[str]], Any] = namedtuple
WORDS = MoneyField().words  # a figure as printed, blank for none


def total(figures: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of those that are there; None where none is."""
    there = [figure for figure in figures if figure is not None]
    return sum(there, Decimal(0)) if there else None


def change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """From last year to this, where a blank one counts as nothing there; None where both are."""
    return None if now is None and before is None else (now or NOTHING) - (before or NOTHING)


def change_in_words(now: Decimal | None, before: Decimal | None) -> str:
    """The change with its sign; blank where both figures are."""
    difference = change(now, before)
    return "" if difference is None else with_sign(WORDS(abs(difference)), difference)

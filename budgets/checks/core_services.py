"""Core services: what each says it costs is what its budget line has."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from budgets.parsing.rows import BudgetRow, CoreServiceRow
from plans.checks import Check, Term, compare
from plans.names import name_key

_HUNDRED_POUNDS = Decimal("0.1")


def core_services_match(pairs: Iterable[tuple[CoreServiceRow, BudgetRow | None]]) -> list[Check]:
    """The amount of a core service (£) is the controllable of its budget line (£000)."""
    checks = []
    for row, line in pairs:
        amount = row.amount / 1000 if row.amount is not None else None
        terms = [Term(row.activity, "amount", amount, row.source)]
        if line:
            terms.append(Term(line.activity, "controllable", line.controllable, line.source))
        checks.append(
            compare(
                "core service against its budget line",
                row.activity,
                amount,
                [line.controllable] if line else [],
                unit=row.unit,
                lines=(*row.source.lines[:1], *(line.source.lines if line else ())),
                lost="" if line else "no budget line of that name in the unit",
                digit=_HUNDRED_POUNDS,
                terms=terms,
            )
        )
    return checks


def line_of(row: CoreServiceRow, lines: Sequence[BudgetRow], aliases: Mapping[str, str]) -> BudgetRow | None:
    """The budget line a core service is about: by name or declared alias, by how the name begins, or by an amount that
    only one line of the unit has."""
    key = name_key(row.activity)
    named = [line for line in lines if name_key(line.activity) in (key, name_key(aliases.get(key, "")))]
    if not named:
        named = [line for line in lines if begins(key, name_key(line.activity))]
    if len(named) != 1 and row.amount:
        named = [line for line in lines if line.controllable is not None and line.controllable * 1000 == row.amount]
    return named[0] if len(named) == 1 else None


def begins(one: str, other: str) -> bool:
    """Whether one name's words are the first of the other's."""
    return one.startswith(f"{other} ") or other.startswith(f"{one} ")

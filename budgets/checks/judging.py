"""The checks of a year's stored rows with their outcomes: what print rounds is rounding, what an edit makes is a break."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from budgets.checks import checks_between, checks_of
from budgets.checks.stored import StoredPlan, StoredSource
from budgets.checks.tables import ROW_RULES, lines_match_row
from budgets.parsing.rows import BudgetRow
from plans.checks import Check
from plans.names import name_key


@dataclass(frozen=True, slots=True)
class Judged:
    """A check of a year with its outcome, which knows what was loaded; `scope` is the plan it was made in."""

    check: Check
    outcome: str
    scope: str


def checks_of_year(plans: Sequence[StoredPlan], division_of: Mapping[str, str]) -> Iterator[Judged]:
    """Every check of the plans' rows as they stand now. `division_of`: slug of a unit as a name key -> its division."""
    for plan in plans:
        scope = f"{plan.tier} {name_key(plan.name)}"
        now = checks_of(plan.now, division_of=division_of, divisions=plan.divisions)
        if plan.edited:
            loaded = _by_place(checks_of(plan.loaded, division_of=division_of, divisions=plan.divisions))
            yield from (
                _judged(check, loaded.get(place), scope)
                for place, check in _by_place(now).items()
                if not _of_entered_line(check)
            )
            yield from _lines_against_rows(plan, scope)
        else:
            yield from (Judged(check, check.outcome, scope) for check in now)
    now = checks_between([plan.now for plan in plans])
    loaded = _by_place(checks_between([plan.loaded for plan in plans])) if any(plan.edited for plan in plans) else {}
    for place, check in _by_place(now).items():
        yield _judged(check, loaded.get(place, check), "between plans")


def _by_place(checks: Iterable[Check]) -> dict[tuple[str, ...], Check]:
    """Checks by what they are of, numbered where several are of the same."""
    found: dict[tuple[str, ...], Check] = {}
    seen: Counter[tuple[str, ...]] = Counter()
    for check in checks:
        place = (check.rule, check.unit, name_key(check.label))
        seen[place] += 1
        found[(*place, str(seen[place]))] = check
    return found


def _of_entered_line(check: Check) -> bool:
    """A line that was entered here has no printed sums to check."""
    first = check.terms[0].source if check.terms else None
    return check.rule in ROW_RULES and isinstance(first, StoredSource) and first.provenance is None


def _judged(now: Check, loaded: Check | None, scope: str) -> Judged:
    first = now.terms[0].source if now.terms else None
    if isinstance(first, StoredSource) and first.edited and now.rule in ROW_RULES:
        now = replace(now, why="the line was edited, so its printed figure no longer counts")
    elif loaded is not None and now.computed is None and loaded.difference is not None:
        # What was added up there is gone: that is a difference, not nothing to check.
        now = replace(now, computed=Decimal(0), why="")
    return Judged(now, now.outcome_since(loaded), scope)


def _lines_against_rows(plan: StoredPlan, scope: str) -> Iterator[Judged]:
    """Where a unit's only line is its portfolio row, the two are one figure, until somebody edits the line."""
    before, after = _by_unit(plan.loaded_lines), _by_unit(plan.lines)
    for row in plan.now.lines if plan.now.directorate else ():
        if row.unit in plan.edited_units:
            pairs = (lines_match_row(row, lines.get(row.unit, [])) for lines in (after, before))
            for now, loaded in zip(*pairs, strict=True):
                yield _judged(now, loaded, scope)


def _by_unit(lines: Iterable[BudgetRow]) -> dict[str, list[BudgetRow]]:
    found: dict[str, list[BudgetRow]] = {}
    for line in lines:
        found.setdefault(line.unit, []).append(line)
    return found

"""The places of a unit's lines in its budget table."""

from collections.abc import Sequence

from budgets.models import BudgetLine


def ordered(lines: Sequence[BudgetLine], places: Sequence[int]) -> list[BudgetLine]:
    """The lines by the places typed for them, from 1, where they stood in the order of `lines`.

    Of two with the same place the one that moved has it: whoever types 2 at the fifth line pushes the second down, and
    whoever types 5 at the second lets the fifth move up.
    """

    def key(item: tuple[int, BudgetLine, int]) -> tuple[int, int, int]:
        stood, _, place = item
        return place, (place > stood) - (place < stood), stood

    numbered = [(stood, line, place) for stood, (line, place) in enumerate(zip(lines, places, strict=True), start=1)]
    return [line for _, line, _ in sorted(numbered, key=key)]


def moved(lines: Sequence[BudgetLine], at: int, by: int) -> list[BudgetLine]:
    """The lines with the one at index `at` a place further up (`by` -1) or down (1), as far as there is one."""
    order = list(lines)
    to = at + by
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    return order


def put_in_order(lines: Sequence[BudgetLine]) -> list[BudgetLine]:
    """Give `lines` positions that make them stand in this order; those whose position that changes, to be saved.

    They share the positions that they had, so that lines that keep their place are not touched.
    """
    free = sorted(line.position for line in lines)
    changed = []
    last = -1
    for line, position in zip(lines, free, strict=True):
        last = max(position, last + 1)
        if line.position != last:
            line.position = last
            changed.append(line)
    return changed


def place_after(after: BudgetLine | None, lines: Sequence[BudgetLine]) -> tuple[int, list[BudgetLine]]:
    """The position of a new line after another (None: at the end), and the lines that make room for it, to be saved.

    Lines stand by position and then by age. So a new one may share the position of the line before it, and nobody's
    open form on a later line goes stale.
    """
    if not lines:
        return 1, []
    at = next((at for at, line in enumerate(lines) if after and line.pk == after.pk), len(lines) - 1)
    if at == len(lines) - 1:
        return lines[at].position + 1, []
    if lines[at + 1].position > lines[at].position:
        return lines[at].position, []
    changed = []
    position = last = lines[at].position + 1
    for line in lines[at + 1 :]:
        if line.position > last:
            break
        line.position = last = last + 1
        changed.append(line)
    return position, changed

"""The lines under the activities: figures that have slid by one row, told by position and by the total they must make.

Controllable Totals + Central Overheads + Directorate Overheads + Capital Charges = Total Cost of Unit, in last year's
and this year's controllable; the other columns of Total Cost repeat the Controllable Totals.
"""

from decimal import Decimal

from budgets.parsing.figures import is_minus, is_whole
from budgets.parsing.grid import COLUMN_WORDS, Grid, GridLine, subject_of
from plans.documents import Doubt, Repair

_ITEMS = ("central", "directorate", "capital")
_SUMMED = ("prior_controllable", "controllable")
_TOLERANCE = Decimal("0.2")  # rounding of four printed figures: 0.05 x sqrt(3 x 4), to the digit printed


def put_back(grid: Grid) -> None:
    """Move figures that stand one row off back to their line, where the sum proves it; raise a doubt where it does not."""
    block = [line for line in grid.lines if subject_of(line.label) and line.joined_into is None]
    by_subject = {subject_of(line.label): line for line in block}
    if len(by_subject) != len(block):
        return  # a line printed twice: refused elsewhere
    for name in grid.figures:
        _put_back_heading(grid, block, name)
        _put_back_total(grid, by_subject, name)
    for name in _SUMMED:
        if name in grid.figures:
            _check_sum(grid, by_subject, name)
    _question_uneven(grid, by_subject)


def _move(line: GridLine, target: GridLine, name: str) -> None:
    text, numbers = line.texts[name], tuple(sorted((line.number, target.number)))
    target.texts[name] = text
    target.lines.append(line.number)
    target.repairs.append(Repair("figure slid from its row", numbers, f"{text} beside “{line.label}”", text, name))
    line.texts[name] = ""
    line.repairs.append(Repair("figure slid to its row", numbers, text, f"{text} beside “{target.label}”", name))


def _put_back_heading(grid: Grid, block: list[GridLine], name: str) -> None:
    """A heading holds no figure: what stands beside it belongs to the neighbour whose own cell is empty."""
    for at, line in enumerate(block):
        if subject_of(line.label) != "memorandum" or not line.texts.get(name):
            continue
        wanting = []
        for step in (-1, 1):
            if 0 <= at + step < len(block):
                target = block[at + step]
                sums = subject_of(target.label) in ("controllable", "total_cost") or name in _SUMMED
                if not target.texts.get(name) and sums:
                    wanting.append(target)
        if len(wanting) == 1:
            _move(line, wanting[0], name)
        else:
            grid.doubts.append(
                Doubt(
                    (line.number,),
                    f"“{line.texts[name]}” stands beside the heading “{line.label}”, and nothing says which line it belongs to.",
                    name,
                    tuple(target.label for target in wanting),
                )
            )
            line.texts[name] = ""


def _put_back_total(grid: Grid, by_subject: dict[str, GridLine], name: str) -> None:
    """Total Cost's figure one row up or down: its own cell is empty and the neighbour's figure is what it must be."""
    total, controllable = by_subject.get("total_cost"), by_subject.get("controllable")
    if not total or not controllable or total.texts.get(name):
        return
    above = next((by_subject[item] for item in reversed(_ITEMS) if item in by_subject), None)
    if above is None or not above.texts.get(name):
        return
    expected = _sum(by_subject, name, without=above)
    found = above.amount(name)
    if expected is not None and found is not None and abs(found - expected) <= _TOLERANCE:
        _move(above, total, name)
    elif name not in _SUMMED and not above.is_declared(name):
        says = f"{COLUMN_WORDS[name]} beside “{above.label}” is not its own."
        grid.doubts.append(Doubt((above.number, total.number), says, name, (total.label, above.label)))
        above.texts[name] = ""


def _sum(by_subject: dict[str, GridLine], name: str, *, without: GridLine | None = None) -> Decimal | None:
    """What Total Cost must be: None where a figure it is made of cannot be read."""
    lines = [by_subject[subject] for subject in ("controllable", *_ITEMS) if subject in by_subject]
    parts = [line for line in lines if line is not without]
    if (
        any(line.texts.get(name) and not is_whole(line.texts[name]) for line in parts)
        or not parts
        or parts[0].amount(name) is None
    ):
        return None
    return sum((line.amount(name) or Decimal(0) for line in parts), Decimal(0))


def _check_sum(grid: Grid, by_subject: dict[str, GridLine], name: str) -> None:
    """A figure one row off among the memorandum items leaves the sum true; one that has slid out of the block does not."""
    total = by_subject.get("total_cost")
    if not total or total.texts.get(name) or name not in _SUMMED or total.is_declared(name):
        return
    filled = [by_subject[item] for item in _ITEMS if item in by_subject and by_subject[item].texts.get(name)]
    if filled:
        grid.doubts.append(
            Doubt(
                (filled[-1].number, total.number),
                f"{total.label} has no {COLUMN_WORDS[name]}: it may stand in another row.",
                name,
            )
        )


def _question_uneven(grid: Grid, by_subject: dict[str, GridLine]) -> None:
    """Overheads in other rows one year than the next, in the same number: one of them may have slid. Asked, not moved."""
    if not all(name in grid.figures for name in _SUMMED):
        return
    places = [{item for item in _ITEMS if item in by_subject and by_subject[item].texts.get(name)} for name in _SUMMED]
    if places[0] == places[1] or len(places[0]) != len(places[1]):
        return
    odd = [by_subject[item] for item in _ITEMS if (item in places[0]) != (item in places[1])]
    for name, place in zip(_SUMMED, places, strict=True):
        lines = [line for line in odd if subject_of(line.label) in place and not is_minus(line.texts[name])]
        for line in lines:
            if line.is_declared(name):
                continue
            grid.doubts.append(
                Doubt(
                    tuple(sorted(other.number for other in odd)),
                    f"“{line.texts[name]}” beside “{line.label}”: in the other year that line is blank, so it may have slid.",
                    name,
                    tuple(other.label for other in odd),
                )
            )
            line.texts[name] = ""

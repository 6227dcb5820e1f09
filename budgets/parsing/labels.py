"""Labels that print has parted: first words on a line above the figures, last words left behind at a page break.

The figures stand beside the last line of their label, so first words on a line of their own belong to the row below;
words after a row's figures belong to it only where a sign says so (an open bracket, a trailing "and" or dash, a
lower-case start). A row without a label is never given one.
"""

import re

from budgets.parsing.grid import Grid, GridLine
from plans.documents import Context, Doubt, Problem, Repair

_OPEN_END = re.compile(r"(?:\b(?:and|or|of|for|the|with|in|to)|[&/,(–—-])$", re.IGNORECASE)


def correct(grid: Grid, context: Context) -> None:
    """Put declared corrections of labels and figures in place; one whose printed words have changed is refused."""
    for line in grid.lines:
        for name in ("activity", *grid.figures):
            correction = context.corrections.get((line.number, name))
            if correction is None:
                continue
            was = line.label if name == "activity" else line.texts[name]
            if was != correction.was:
                grid.problems.append(
                    Problem(
                        (line.number,),
                        f"A correction expects “{correction.was}” here but the document prints “{was}”.",
                        name,
                    )
                )
                continue
            if name == "activity":
                line.label, line.corrected = correction.value, True
            else:
                line.texts[name] = correction.value
            line.repairs.append(
                Repair(
                    "declared correction",
                    (line.number,),
                    was,
                    f"{correction.value} ({correction.reason}; {correction.by})",
                    name,
                )
            )


def is_unfinished(label: str) -> bool:
    """Whether a label cannot end here: a bracket is open, or it ends in "and", a dash or the like."""
    return label.count("(") > label.count(")") or bool(_OPEN_END.search(label.strip()))


def _continues(words: str) -> bool:
    return words[:1].islower() or words[:1] in ")&,;–—-"


def put_labels_together(grid: Grid) -> None:
    """Join words that stand on lines of their own to the row they belong to."""
    heads: list[GridLine] = []
    above: GridLine | None = None
    for line in grid.lines:
        if line.joined_into is not None and not line.filled:
            continue
        if not line.label:
            if line.filled and heads and line.after_break:
                _join(
                    line, heads, before=True
                )  # the whole label stayed behind, and its row comes first on the next page
                above, heads = line, []
            elif line.filled:
                above, heads = None, []
            continue
        if not line.filled and not grid.special(line.label) and not line.corrected:
            if above and not heads and (is_unfinished(above.label) or _continues(line.label)):
                _join(above, [line], before=False)
            elif above and not heads and line.after_break:
                heads = [line]
                line.torn = True
            else:
                heads.append(line)
            continue
        if heads:
            _give_heads(grid, heads, above, line)
        heads = []
        if grid.special(line.label) != "memorandum":
            above = line
    for line in heads:
        _orphan(grid, line, above)


def _give_heads(grid: Grid, heads: list[GridLine], above: GridLine | None, line: GridLine) -> None:
    torn = heads[0].torn and not is_unfinished(heads[0].label) and not _continues(line.label)
    whole = " ".join([head.label for head in heads] + [line.label])
    if line.corrected:
        for head in heads:
            head.joined_into = line.number
    elif grid.special(line.label) and not grid.special(whole):
        for head in heads:
            _orphan(grid, head, above)
    elif torn and above:
        words = " ".join(head.label for head in heads)
        grid.doubts.append(
            Doubt(
                (above.number, *(head.number for head in heads), line.number),
                f"After the page break “{words}” may end the label above or begin the one below.",
                "activity",
                (f"{above.label} {words}", whole),
            )
        )
        for head in heads:
            head.joined_into = line.number
            head.unread = "in doubt: the end of the label above or the start of the one below"
    elif grid.special(whole) == "memorandum" and not grid.special(line.label):
        heads[0].label, line.label = whole, ""  # "Memorandum" / "Items" over two lines
    else:
        _join(line, heads, before=True)


def _join(line: GridLine, parts: list[GridLine], *, before: bool) -> None:
    words = [part.label for part in ([*parts, line] if before else [line, *parts]) if part.label]
    was = " / ".join(words)
    line.label = " ".join(words)
    numbers = tuple(sorted({line.number, *(part.number for part in parts)}))
    line.lines += [part.number for part in parts]
    broken = line.after_break if before else parts[0].after_break
    rule = "label parted by a page break" if broken else "label over several lines"
    line.repairs.append(Repair(rule, numbers, was, line.label, "activity"))
    for part in parts:
        part.joined_into = line.number


def _orphan(grid: Grid, line: GridLine, above: GridLine | None) -> None:
    """Words with no row of their own and no sign of whose they are."""
    line.joined_into = line.number
    line.unread = "words without figures; nothing says which row they belong to"
    near = (above.number, line.number) if above else (line.number,)
    choices = (above.label, f"{above.label} {line.label}") if above else ()
    grid.doubts.append(Doubt(near, f"“{line.label}” has no figures: does it end the label above?", "activity", choices))

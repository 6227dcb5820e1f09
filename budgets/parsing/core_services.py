"""Core services and forecast activity levels: one block a budget line, with its amount, its manager, what it provides.

Also the headline gross and FTE of the executive summary, which are control totals printed in prose.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from budgets.parsing.figures import ascii_minus, to_amount
from budgets.parsing.rows import BudgetRow, ControlTotalRow, CoreServiceRow
from plans.amounts import parse_amount
from plans.documents import (
    Context,
    Correction,
    Document,
    Doubt,
    Line,
    Outcome,
    Parsed,
    ParsedTable,
    Problem,
    Repair,
    Source,
    Table,
    pieces,
    plain,
)
from plans.names import name_key

# An amount in pounds with nothing of a figure left over on either side: £1,416,000, £-2,954,600, -£5.
_POUNDS = re.compile(
    r"(?P<sign>-\s?)?£\s?(?P<figure>-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)(?![0-9.,]*[0-9])(?![.,]\s*[0-9])(?!,\s*$)"
)
_MANAGER = re.compile(r"^accountable\s+manager\b[\s:–—-]*", re.IGNORECASE)


def header(lines: Sequence[Line], at: int) -> int:
    """A block begins with “Activity as per budget line” or “Activity within/relating to budget line”."""
    cells = lines[at].cells
    key = name_key(plain(cells[0]))
    return int(len(cells) == 2 and key.startswith("activity") and key.endswith("budget line"))


def parse(table: Table, context: Context) -> Parsed:
    first = table.header[0]
    parsed = Parsed(outcomes=[Outcome(first.number, "loaded")])
    title = plain(first.cells[1])
    head_lines = [first.number]
    body = list(table.body)
    # The name of the budget line may go on over the next line, before the amount.
    while body and not plain(body[0].cells[0]) and not _POUNDS.search(ascii_minus(title)) and len(body[0].cells) > 1:
        title = f"{title} {plain(body[0].cells[1])}"
        head_lines.append(body[0].number)
        parsed.outcomes.append(Outcome(body[0].number, "repaired", f"into line {first.number}"))
        body.pop(0)
    manager, provides, lines = _described(table, body, parsed)
    named = _amounts(title)
    said = context.corrections.get((first.number, "amount"))
    if said:
        bare = re.sub(r"\s*£.*$", "", title)
        named = [(activity, said_amount(said, amount)) for activity, amount in named or [(bare, None)]]
    elif not named:
        parsed.doubts.append(Doubt((first.number,), f"No whole amount in “{title}”.", "amount"))
        named = [(re.sub(r"\s*£.*$", "", title), None)]
    elif any(amount is None for _, amount in named):
        parsed.doubts.append(Doubt((first.number,), f"“{title}”: is the dash before the amount a minus?", "amount"))
    rows = []
    for activity, amount in named:
        if not activity:
            parsed.errors.append(
                Problem((first.number,), f"“{title}” has an amount but no budget line's name before it.", "activity")
            )
        repairs: tuple[Repair, ...] = ()
        if said:
            repairs = (Repair("declared correction", (first.number,), said.was, declared(said), "amount"),)
        correction = context.corrections.get((first.number, "activity"))
        if correction and correction.was == activity:
            activity = correction.value
            repairs += (Repair("declared correction", (first.number,), correction.was, correction.value, "activity"),)
        if len(head_lines) > 1:
            repairs += (
                Repair("label over several lines", tuple(head_lines), plain(first.cells[1]), activity, "activity"),
            )
        source = Source(
            tuple(sorted({*head_lines, *lines})), repairs, (("activity", title), ("accountable_manager", manager))
        )
        rows.append(CoreServiceRow(table.unit, activity, amount, manager, provides, source))
    if parsed.errors:
        parsed.outcomes = [Outcome(line.number, "not read", parsed.errors[0].says) for line in (first, *table.body)]
        return parsed
    parsed.tables.append(ParsedTable("core_service", table.unit, (table.first, table.last), tuple(rows)))
    return parsed


def _described(table: Table, body: Sequence[Line], parsed: Parsed) -> tuple[str, str, list[int]]:
    """The accountable manager, what the block provides, and the lines both stand on."""
    manager = ""
    told: list[tuple[int, str]] = []
    lines = []
    for line in body:
        cells = [plain(cell) for cell in line.cells]
        lines.append(line.number)
        parsed.outcomes.append(Outcome(line.number, "loaded"))
        if _MANAGER.match(cells[0]) and not manager:
            manager = " ".join(filter(None, [_MANAGER.sub("", cells[0]), *cells[1:]]))
            continue
        told += [(line.number, piece) for cell in line.cells for piece in pieces(cell)]
    for line in table.following:
        lines.append(line.number)
        told.append((line.number, plain(line.text)))
    return manager, "\n".join(words for _, words in told), lines


def _amounts(title: str) -> list[tuple[str, Decimal | None]]:
    """Each amount with the words before it; words after the last one explain and are no line's name."""
    found: list[tuple[str, Decimal | None]] = []
    start = 0
    text = ascii_minus(title)
    for match in _POUNDS.finditer(text):
        amount = parse_amount(match["figure"])
        assert amount is not None
        found.append((_bare(title[start : match.start()]), _signed(amount, text, match)))
        start = match.end()
    return found


def _signed(amount: Decimal, text: str, match: re.Match[str]) -> Decimal | None:
    """The amount with the dash before its pound sign: “Projects - £5” is a name and an amount, “Income -£5” is less
    than nothing, and of “Income-£5” nobody can say: None."""
    if match["sign"] != "-":
        return amount
    before = text[: match.start()]
    return -amount if not before or before[-1].isspace() else None


def said_amount(said: Correction, amount: Decimal | None = None) -> Decimal | None:
    """The amount that a correction declares, where none could be read."""
    return to_amount(said.value) if amount is None else amount


def declared(said: Correction) -> str:
    """What a correction says, as its repair keeps it."""
    return f"{said.value} ({said.reason}; {said.by})"


def _bare(words: str) -> str:
    return words.strip().rstrip("-–—: ").strip()


def settle(rows: Sequence[CoreServiceRow], lines: Mapping[str, Sequence[BudgetRow]]) -> list[CoreServiceRow]:
    """Name each core service by its budget line where words and amount prove it: the printed words end in the line's
    name (a cell may begin with others), and the amount is the line's controllable. `lines`: by unit."""
    settled = []
    for row in rows:
        key = name_key(row.activity)
        for line in lines.get(row.unit, ()):
            same = row.amount is not None and line.controllable is not None and row.amount == line.controllable * 1000
            if same and key.endswith(" " + name_key(line.activity)):
                repair = Repair(
                    "name of its budget line", row.source.lines[:1], row.activity, line.activity, "activity"
                )
                source = replace(row.source, repairs=(*row.source.repairs, repair))
                row = replace(row, activity=line.activity, source=source)
                break
        settled.append(row)
    return settled


# --- headline figures ------------------------------------------------------------------------------------------------

_GROSS = re.compile(r"gross\b.*expenditure", re.IGNORECASE)
_STAFFED = re.compile(r"\bstaffed by\b", re.IGNORECASE)
_HEADLINE_GROSS = re.compile(r"£\s?([0-9][0-9,]*(?:\.[0-9]+)?)\s?(m|million|k)?\b", re.IGNORECASE)
_HEADLINE_FTE = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s?FTE\b", re.IGNORECASE)
_SCALE = {"m": Decimal(1000), "million": Decimal(1000), "k": Decimal(1), "": Decimal("0.001")}


def headline(document: Document, corrections: Mapping[tuple[int, str], Correction] | None = None) -> Parsed:
    """The gross (into £000) and FTE that the executive summary gives for the whole plan, or that a correction declares
    for the line that announces them."""
    parsed = Parsed()
    declare = corrections or {}
    told = [line for line in document.lines if line.text.strip() and "\t" not in line.text][:60]
    rows = []
    for name, says, figure in (("gross", _GROSS, _HEADLINE_GROSS), ("fte", _STAFFED, _HEADLINE_FTE)):
        for at, line in enumerate(told):
            if not says.search(line.text):
                continue
            if said := next((item for near in told[at : at + 4] if (item := declare.get((near.number, name)))), None):
                repair = Repair("declared correction", (said.line,), said.was, declared(said), name)
                rows.append(_headline(name, said_amount(said), Source((said.line,), (repair,), ((name, said.was),))))
                break
            found = next(
                ((near, match) for near in told[at : at + 4] if (match := figure.search(plain(near.text)))), None
            )
            if found is None:
                parsed.doubts.append(
                    Doubt((line.number,), f"The headline {name} is announced here but no figure follows.", name)
                )
                break
            near, match = found
            amount = parse_amount(match[1])
            assert amount is not None
            if name == "gross" and not match[2] and amount < 100_000:
                parsed.doubts.append(
                    Doubt(
                        (near.number,), f"“{match[0]}”: is the headline gross in pounds, thousands or millions?", name
                    )
                )
                break
            if name == "gross":
                amount = (amount * _SCALE[(match[2] or "").lower()]).normalize() + Decimal(0)
                amount = amount.quantize(Decimal(1)) if amount == amount.to_integral() else amount
            source = Source((near.number,), (), ((name, plain(near.text)),))
            rows.append(_headline(name, amount, source))
            break
    if rows:
        span = (rows[0].source.lines[0], rows[-1].source.lines[0])
        parsed.tables.append(ParsedTable("control_totals", "", span, tuple(rows)))
    return parsed


def _headline(name: str, amount: Decimal | None, source: Source) -> ControlTotalRow:
    label = "Headline gross" if name == "gross" else "Headline FTE"
    row = ControlTotalRow(unit="", activity=label, subject="headline", source=source)
    return replace(row, gross=amount) if name == "gross" else replace(row, fte=amount)

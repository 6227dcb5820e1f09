"""Each rule of the checks in a sentence, and a check's figures and tolerance in words."""

from decimal import Decimal
from typing import TYPE_CHECKING

from plans.checks import BREAK, NOT_CHECKED, ROUNDING, TIES
from plans.fields import MoneyField

if TYPE_CHECKING:
    from kentplan.checks import Found

MINUS = "−"
MONEY = MoneyField()
STATUS = {BREAK: "break", ROUNDING: "rounding", NOT_CHECKED: "none", TIES: "ties"}
OUTCOME_WORDS = {BREAK: "Break", ROUNDING: "Rounding", NOT_CHECKED: "Not checked", TIES: "Ties"}

# How a rule begins, or is called, and what it says.
_SENTENCES = (
    ("row gross", "Gross is employee costs, running costs and contracts & projects together."),
    ("row controllable", "Controllable is gross with the external and the internal income."),
    ("column ", "The Controllable Totals are the sum of the lines above them, column by column."),
    ("total cost ", "The Total Cost of Unit is the Controllable Totals with the memorandum items."),
    ("staffing ", "The grade bands of the staffing table add up to its total."),
    ("budget ", "The FTE of the budget table is the total of the staffing table."),
    ("core service ", "What a core service costs, in pounds, is the controllable of its budget line, in £000."),
    ("headline ", "The figure in the executive summary is the sum of the units’ Controllable Totals."),
    ("establishment difference", "The difference is this year’s establishment less last year’s."),
    ("establishment movement ", "The difference of the whole establishment is the total of its justification."),
    ("justification ", "The reasons for the movement add up to its total."),
    ("portfolio row ", "A unit’s row in the directorate’s plan is what its own budget table comes to."),
    ("the same measure ", "A figure of a measure that is printed in two places has one value."),
)
_ESTABLISHMENT = (
    (", divisions", "The establishment’s divisions add up to its total."),
    (", portfolios", "The establishment’s portfolios add up to its total."),
    (
        " against budget rows",
        "The establishment of a division or portfolio is the FTE of the budget rows that make it up.",
    ),
)


def rule_in_words(rule: str) -> str:
    """What the rule asks: "The grade bands of the staffing table add up to its total."."""
    for end, sentence in _ESTABLISHMENT:
        if rule.startswith("establishment ") and rule.endswith(end):
            return sentence
    return next((sentence for start, sentence in _SENTENCES if rule.startswith(start)), "")


def measure_unit(unit: str) -> str:
    """A measure's unit as it follows a figure: "%", "points"."""
    return "%" if unit == "percent" else "" if unit == "count" else unit


def figure(number: Decimal | None) -> str:
    """A figure as it stands, or that it is blank."""
    return "blank" if number is None else MONEY.words(number)


def signed(figure: Decimal | None) -> str:
    """A difference with its sign: "+1.0", "−0.7", "0.0"."""
    if figure is None:
        return ""
    words = MONEY.words(abs(figure))
    return words if not figure else f"{'+' if figure > 0 else MINUS}{words}"


def tolerance_in_words(check: "Found") -> str:
    """How far honest rounding can take the printed figures, and what this difference makes of it."""
    numbers = len([part for part in check.parts if part.figure is not None])
    of = f"{numbers} figures that are added" if numbers > 1 else "two figures that are compared"
    # The figures show two decimals at most: a tolerance between is worded as what is surely within it.
    limit = MONEY.words(check.tolerance.quantize(Decimal("0.01")) if check.tolerance < 1 else round(check.tolerance, 1))
    can = f"Honest rounding of the {of} can make a difference of {limit}"
    if check.difference is None:
        return f"{can}."
    if check.difference == 0:
        return f"{can}; here there is none."
    if check.outcome == ROUNDING:
        return f"{can}; this one is within it."
    if abs(check.difference) <= check.tolerance:
        return f"{can}, but this difference was made by an edit, not by print: it is a break however small."
    return f"{can}; this one is more."

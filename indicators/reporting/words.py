"""Measures in words: values and why there is none, changes, periods, lists of names, sentences with their figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.models import FigureKind, FigureStatus, MeasureUnit, Polarity
from plans.changes import MINUS

KENT = "Kent"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MOST_NAMED = 4  # names in a sentence; the table under it has them all

# How a sentence goes on after "the 2009/10 target".
_WHY_NOT = {
    FigureStatus.AWAITED: "is awaited",
    FigureStatus.TO_FOLLOW: "is to follow",
    FigureStatus.NOT_AVAILABLE: "is not available",
    FigureStatus.NOT_APPLICABLE: "does not apply",
    FigureStatus.NO_TARGET_SET: "is not set",
    FigureStatus.SUPPRESSED: "is suppressed",
    FigureStatus.REMARK: "is a remark, not a figure",
}
# Percentages, and gaps and scores told in points, differ by points; a count differs by a count.
_IN_POINTS = {MeasureUnit.PERCENT, MeasureUnit.GAP, MeasureUnit.POINTS}


@dataclass(frozen=True, slots=True)
class Bit:
    """A piece of a sentence; its figures are strong."""

    text: str
    strong: bool = False


Sentence = tuple[Bit, ...]


def said(*parts: str) -> Sentence:
    """A sentence of pieces, every second one strong: said("It was ", "6.8%", " in 2007/08.")."""
    return tuple(Bit(text, strong=bool(at % 2)) for at, text in enumerate(parts) if text)


def number_words(value: Decimal) -> str:
    """A value with its sign in print: "1,250", "−0.50", "0.0"."""
    return f"{MINUS if value < 0 else ''}{abs(value):,f}"


def in_words(status: str, value: Decimal | None, measure_unit: str) -> str:
    """ "6.8%", "1,250"; "Awaited" where there is no value."""
    if value is None:
        return str(FigureStatus(status).label)
    return number_words(value) + ("%" if measure_unit == MeasureUnit.PERCENT else "")


def why_not(status: str) -> str:
    """What a sentence says of a figure that has no value: "is awaited"."""
    return _WHY_NOT[FigureStatus(status)]


def difference(change: Decimal, measure_unit: str) -> str:
    """How far apart two values are, without a sign: "2.2 points", "37"."""
    size = f"{abs(change):,f}"
    if measure_unit in _IN_POINTS:
        return f"{size} point{'' if size == '1' else 's'}"
    return f"{size} per 1,000" if measure_unit == MeasureUnit.PER_1000 else size


def signed(change: Decimal | None) -> str:
    """ "+2.2", "−33.3", "0.0"; blank for none."""
    if change is None:
        return ""
    return f"{'+' if change > 0 else ''}{number_words(change)}"


def direction(change: Decimal | None, polarity: str) -> str:
    """Improving or worsening only where it is known which is better; blank where there is nothing to compare."""
    if change is None:
        return ""
    if not change:
        return "Unchanged"
    if polarity in (Polarity.HIGHER, Polarity.LOWER):
        return "Improving" if (change > 0) == (polarity == Polarity.HIGHER) else "Worsening"
    return "Increasing" if change > 0 else "Decreasing"


def count_words(number: int, noun: str = "", plural: str = "") -> str:
    """ "three groups", "one group", "12 groups"; numbers under ten in letters."""
    figure = NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"
    return f"{figure} {noun if number == 1 else plural or f'{noun}s'}" if noun else figure


def names(of: Sequence[str], *, most: int = MOST_NAMED) -> str:
    """ "Irish, Pakistani and Gypsy Roma"; of many the first ones, and how many more there are."""
    shown, more = (of, 0) if len(of) <= most else (of[: most - 1], len(of) - most + 1)
    if more:
        return f"{', '.join(shown)} and {count_words(more)} more"
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else "".join(shown)


def area_words(area: str) -> str:
    """An area in a sentence: "England", "the national comparison"."""
    generic = any(word in area.casefold() for word in ("comparison", "neighbour", "average"))
    return f"the {area.lower()}" if generic else area


def start_of(period: str) -> int | None:
    """The year in which a period starts: 2007 for "2007/08" and for the results of "2007"; None where none is said."""
    return int(period[:4]) if period[:4].isascii() and period[:4].isdecimal() else None


def when(kind: str, period: str, area: str, label: str) -> str:
    """Which figure of its group it is: "2009/10 target", "England, 2007 actual"."""
    return ", ".join(filter(None, (area, f"{period} {FigureKind(kind).label.lower()}".strip(), label)))


def capital(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def joined(sentences: Iterable[Sentence]) -> Sentence:
    """Sentences one after another."""
    bits: list[Bit] = []
    for sentence in sentences:
        bits += [Bit(" "), *sentence] if bits and sentence else sentence
    return tuple(bits)

"""Figures as print leaves them: whole, split over two lines, parted from their minus, or lost."""

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from plans.amounts import MINUSES, AmountError, parse_amount

_MINUS = re.compile(f"[{re.escape(MINUSES)}]")
# A whole figure as a document prints it. Spaces inside it are not allowed: they may be where a digit was lost.
_WHOLE = re.compile(
    r"-?\s?£?-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\(£?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?\)"
)
_FIGURE_LIKE = re.compile(r"[-0-9.,£()\s]+")


def ascii_minus(text: str) -> str:
    """The text with each of print's dashes as a hyphen-minus."""
    return _MINUS.sub("-", text)


def is_whole(text: str) -> bool:
    return bool(_WHOLE.fullmatch(ascii_minus(text)))


def is_minus(text: str) -> bool:
    return ascii_minus(text) == "-"


def is_figure_like(text: str) -> bool:
    """Digits and signs only: a figure, or what is left of one."""
    return bool(_FIGURE_LIKE.fullmatch(ascii_minus(text)))


def to_amount(text: str) -> Decimal | None:
    """The figure, or None where the text is not a whole one (blank included)."""
    if not is_whole(text):
        return None
    try:
        return parse_amount(text)
    except AmountError:
        return None


def decimals_printed(texts: Iterable[str]) -> int:
    """How many decimals this table prints throughout (0: it varies); a figure with fewer is then a piece of one."""
    counts = Counter(len(text.partition(".")[2].rstrip(")")) for text in texts if is_whole(text))
    if counts.total() < 5:
        return 0
    decimals, times = counts.most_common(1)[0]
    return decimals if times >= 0.9 * counts.total() else 0


def joined(upper: str, lower: str) -> str:
    """Two pieces of one figure put together, the upper first; a minus goes in front wherever it stood."""
    upper, lower = ascii_minus(upper), ascii_minus(lower)
    return "-" + upper if lower == "-" else upper + lower


def pieces_of_one(upper: str, lower: str, *, decimals: int) -> int:
    """How surely two texts, one above the other, are one figure: 0 not at all, else how many of them are mere pieces."""

    def is_piece(text: str) -> bool:
        return not is_whole(text) or (decimals > 0 and len(text.partition(".")[2]) != decimals)

    together = joined(upper, lower)
    if is_piece(together) or re.fullmatch(r"-0(\.0+)?", together):
        return 0
    return is_piece(upper) + is_piece(lower)

"""How a figure differs from what it was, in words: the difference with its sign, and in per cent. No Django."""

from decimal import ROUND_HALF_UP, Decimal

MINUS = "−"
TENTH = Decimal("0.1")


def with_sign(words: str, figure: Decimal) -> str:
    """`words` of the figure without its sign, with the sign before them; nil has none."""
    return f"+{words}" if figure > 0 else f"{MINUS}{words}" if figure < 0 else words


def per_cent(now: Decimal | None, before: Decimal | None) -> str:
    """A change in per cent of what was before: "+3.5%"; blank where that says nothing: of nothing, or across nil."""
    if now is None or before is None or not before or (now < 0) != (before < 0):
        return ""
    change = ((now - before) * 100 / abs(before)).quantize(TENTH, ROUND_HALF_UP)
    return with_sign(f"{abs(change):,}%", change)

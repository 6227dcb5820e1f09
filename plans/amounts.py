"""The one amount parser: what a person types or a document prints becomes an exact Decimal, or an error in words.

Imports no Django. Units are the caller's (£000, FTE, percent); nothing is rounded, clipped or guessed.
"""

import re
from decimal import Decimal

MINUSES = "-−–—‐‑‒"  # hyphen-minus, minus sign, dashes: documents use them all for a minus
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
# Thousands either everywhere in threes or nowhere: 1,234.5 and 1234.5, but not 12,34.5.
_NUMBER = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+")

_SHORT = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)(k|m|bn)", re.IGNORECASE)
_TIMES = {"k": 1_000, "m": 1_000_000, "bn": 1_000_000_000}


class AmountError(ValueError):
    """What was typed is not an amount; `says` tells the person what to do."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


def parse_amount(text: str) -> Decimal | None:
    """Return the exact amount, or None for a blank; raise AmountError otherwise.

    Reads `1,234.5`, `£1,234`, `-1`, `−1`, `(1,234.5)` and `1,234.5-`. A minus of its own is no amount: in print it
    stands for figures that were lost. `1e5`, `1_000` and digits other than 0 to 9 are refused;
    `12k` is asked about.
    """
    body = _SPACES.sub("", text)
    if not body:
        return None
    negative = False
    if body.startswith("(") and body.endswith(")"):
        negative, body = True, body[1:-1]
    for _ in range(2):  # the pound sign may stand on either side of the minus
        if body[:1] == "£":
            body = body[1:]
        elif body[:1] and body[0] in MINUSES:
            if negative:
                raise AmountError(f"“{text.strip()}” has two minus signs: type one.")
            negative, body = True, body[1:]
    if body[-1:] and body[-1] in MINUSES and not negative:
        negative, body = True, body[:-1]
    if short := _SHORT.fullmatch(body):
        raise AmountError(_question(text.strip(), short[1], short[2].lower()))
    if not _NUMBER.fullmatch(body):
        raise AmountError(f"“{text.strip()}” is not an amount: use figures 0 to 9, for example 1,234.5 or -1,234.5.")
    amount = Decimal(body.replace(",", ""))
    return -amount if negative else amount


def _question(typed: str, figure: str, letter: str) -> str:
    """What “12k” is to be: nobody but whoever typed it knows whether the box counts in thousands already."""
    plain = figure.replace(",", "")
    full = (Decimal(plain) * _TIMES[letter]).normalize()
    return (
        f"“{typed}”: do you mean {Decimal(plain):,f} or {full:,f}? Type the one that you mean, without the letter; "
        "where figures are in £000, they count thousands already."
    )

"""What an action is to deliver: a cell parted into deliverables, and each given its date where print pairs them."""

import re

from plans.documents import pieces
from projects.parsing.dates import Dates, Due

_MARKED = re.compile(r"(?:\s|<[uo]l\b[^<>]*>)*(?:<p\b|<li\b|[•◆●▪■\uf0b7])", re.IGNORECASE)
_BULLETS = re.compile(r"<li\b|[•◆●▪■\uf0b7]", re.IGNORECASE)


def split(cell: str) -> tuple[list[str], bool]:
    """The deliverables of a cell, and whether it is certain that each is one and all are there."""
    parts = pieces(cell)
    if len(parts) == 2 and parts[0].endswith(":"):
        parts = [" ".join(parts)]  # "Working through the Strategy Group:" and what is done through it
    if len(parts) < 2:
        return parts, False
    mixed = bool(_BULLETS.search(cell)) and bool(re.search(r"<p\b", cell, re.IGNORECASE))
    return parts, bool(_MARKED.match(cell)) and not mixed and not any(part.endswith(":") for part in parts)


def with_dates(cell: str, dates: Dates) -> list[tuple[str, Due]]:
    """Each deliverable with its date: one date is all deliverables'; as many dates as deliverables go in order.

    Else none is given a date and each carries all the printed ones. Equal dates need no pairing.
    """
    deliverables, certain = split(cell)
    deliverables = deliverables or [""]  # an action without any is a row all the same
    if not dates.dates:
        return [(text, Due("", "", "")) for text in deliverables]
    if len(dates.dates) == 1:
        return [(text, dates.dates[0]) for text in deliverables]
    if certain and dates.certain and len(deliverables) == len(dates.dates):
        return list(zip(deliverables, dates.dates, strict=True))
    first = dates.dates[0]
    if dates.certain and dates.is_read and len(dates.dates) >= len(deliverables) and _all_equal(dates):
        return [(text, Due(first.due, first.precision, dates.printed)) for text in deliverables]
    return [(text, dates.unpaired) for text in deliverables]


def _all_equal(dates: Dates) -> bool:
    return len({(one.due, one.precision) for one in dates.dates}) == 1

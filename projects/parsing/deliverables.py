"""What an action is to deliver: a cell parted into deliverables, and each given its date where print pairs them."""

import re

from plans.documents import pieces, plain
from projects.parsing.dates import Dates, Due

_MARKED = re.compile(r"(?:\s|<[uo]l\b[^<>]*>)*(?:<p\b|<li\b|[•◆●▪■\uf0b7])", re.IGNORECASE)
_BULLETS = re.compile(r"<li\b|[•◆●▪■\uf0b7]", re.IGNORECASE)
_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\betc\.)(?<!\bNo\.)(?<!\b[A-Z]\.)\s+(?=[A-Z0-9“\"])"
)
_REFERS_BACK = re.compile(r"(?:This|These|That|Those|It|They|However|In addition)\b")
# A capital or a figure after one of these does not begin a sentence.
_LEADS_ON = frozenset(
    re.findall(
        r"\w+",
        "a all an and any as at between both by each every for from her his in including into its least no of on one "
        "or our over per some such than that the their through to two under up using via with within",
    )
)


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
    if not dates.dates:
        return [(text, Due("", "", "")) for text in deliverables]
    if len(dates.dates) == 1:
        return [(text, dates.dates[0]) for text in deliverables or [""]]
    if len(deliverables) == 1 and dates.certain and len(sentences := whole_sentences(plain(cell))) == len(dates.dates):
        deliverables, certain = sentences, True
    if certain and dates.certain and len(deliverables) == len(dates.dates):
        return list(zip(deliverables, dates.dates, strict=True))
    first = dates.dates[0]
    if dates.certain and dates.is_read and len(dates.dates) >= len(deliverables) and _all_equal(dates):
        return [(text, Due(first.due, first.precision, dates.printed)) for text in deliverables or [""]]
    return [(text, dates.unpaired) for text in deliverables or [""]]


def _all_equal(dates: Dates) -> bool:
    return len({(one.due, one.precision) for one in dates.dates}) == 1


def whole_sentences(text: str) -> list[str]:
    """The sentences of a cell without marks, each surely one; [] where a full stop may be missing between two.

    "Training undertaken Incremental roll out begun." may be two deliverables: a capital after a word that could end
    one says so.
    """
    sentences = _SENTENCE_END.split(text)
    sure = len(sentences) > 1 and not any(map(_may_be_two, sentences)) and not any(map(_REFERS_BACK.match, sentences))
    return sentences if sure else []


def _may_be_two(sentence: str) -> bool:
    words = sentence.split()
    return any(_may_begin(words, at) for at in range(1, len(words)))


def _may_begin(words: list[str], at: int) -> bool:
    word, before = words[at], words[at - 1]
    if not (word[0].isdigit() or re.match(r"[A-Z][a-z]", word)):
        return False
    if " ".join(words[:at]).count("(") > " ".join(words[:at]).count(")"):
        return False
    if before[-1] in ",:;-–—/&(" or before.lower() in _LEADS_ON:
        return False
    if before.isupper() and len(before) > 1:  # "to LCSP Teams." is a name; "to LCSP Increase in" may be two
        return at + 1 < len(words) and words[at + 1][0].islower()
    return not before[0].isupper()

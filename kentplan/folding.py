"""Text as a search compares it, and where in the text its words stand. Imports no Django.

"AEN&R", "aen & r" and "AEN and R" are one text, so are "NI 103" and "ni103", "Children's" and "Children’s". The
database folds with the function kentplan_folded(text) of migration 0002 by the same rules; a test holds the two together.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_QUERY = 200
MOST_TERMS = 10
_APOSTROPHES = "'’‘ʼ`"
# Whatever is neither a letter nor a digit, spelled out, since what the database takes for a letter depends on its locale.
_BETWEEN = re.compile("[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\xbf\u2000-\u206f\ufffd]")


def fold(text: str) -> str:
    """The text in small letters and single spaces, with a space before and after."""
    return _spread(text)[0]


def _spread(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the position in `text` that it comes from."""
    folded, origins = [" "], [0]

    def put(characters: str, origin: int) -> None:
        for character in characters:
            if character != " " or folded[-1] != " ":
                folded.append(character)
                origins.append(origin)

    for at, character in enumerate(text):
        if character in _APOSTROPHES:
            continue
        if character == "&":
            put(" and ", at)
        elif _BETWEEN.match(character):
            put(" ", at)
        else:
            small = character.lower()
            if _parts(folded[-1], small[0]):
                put(" ", at)
            put(small, at)
    put(" ", len(text))
    return "".join(folded), origins


def _parts(before: str, after: str) -> bool:
    """Whether a new word begins between a letter and a digit."""
    return ("a" <= before <= "z" and "0" <= after <= "9") or ("0" <= before <= "9" and "a" <= after <= "z")


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody typed, as it is compared."""

    typed: str
    terms: tuple[str, ...]  # each is to occur: a word, or several that stand together ("AEN&R", "ni103", "A*-C")

    @classmethod
    def of(cls, typed: str) -> "Query":
        shown = " ".join(typed.replace("\x00", " ").split())[:LONGEST_QUERY].strip()
        folded = (fold(term).strip() for term in re.sub(r"\s*&\s*", "&", shown).split())
        return cls(shown, tuple(dict.fromkeys(filter(None, folded)))[:MOST_TERMS])

    @property
    def folded(self) -> str:
        """The whole of it, with a space before and after."""
        return f" {' '.join(self.terms)} "

    @property
    def wanted(self) -> tuple[str, ...]:
        """What a folded text must hold: each term, somewhere; a number or a short word, where a word begins."""
        return tuple(f" {term}" if _begins_a_word(term.split()[0]) else term for term in self.terms)


def _begins_a_word(word: str) -> bool:
    return len(word) < 3 or word.isdigit()


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text, and whether it is what was looked for."""

    text: str
    found: bool


def marked(text: str, query: Query) -> tuple[Part, ...]:
    """The text in pieces, with those that the query's words found told apart."""
    folded, origins = _spread(text)
    hit = [False] * len(text)
    for wanted in query.wanted:
        start = folded.find(wanted)
        while start >= 0:
            first = start + (wanted[0] == " ")
            for origin in origins[first : start + len(wanted)]:
                hit[origin] = True
            start = folded.find(wanted, start + 1)
    # A word is marked across the apostrophe that folding left out of it.
    for at in range(1, len(text) - 1):
        hit[at] = hit[at] or (text[at] in _APOSTROPHES and hit[at - 1] and hit[at + 1])
    return _pieces(text, hit)


def _pieces(text: str, hit: Sequence[bool]) -> tuple[Part, ...]:
    pieces = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or hit[at] != hit[start]:
            pieces.append(Part(text[start:at], hit[start]))
            start = at
    return tuple(pieces)


def passage(text: str, query: Query, *, length: int) -> tuple[Part, ...]:
    """At most about `length` characters of the text, marked, from shortly before the first word that was found."""
    text = " ".join(text.split())
    if len(text) <= length:
        return marked(text, query)
    pieces = marked(text, query)
    before = next((i for i, piece in enumerate(pieces) if piece.found), 0)
    first = sum(len(piece.text) for piece in pieces[:before])
    start = max(0, min(first - length // 4, len(text) - length))
    if start:
        start = text.find(" ", start) + 1
    end = len(text) if start + length >= len(text) else max(text.rfind(" ", start, start + length), start + length // 2)
    cut = f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"
    return marked(cut, query)

"""When two printed names are the same name, and when they only may be. Imports no Django.

Documents print one unit as "Commissioning - General" and "Commissioning General" (the same but for punctuation: the
same name), and another as "AENR" and "Additional Educational Needs & Resources" (may be: a question, never a guess).
"""

import re
from functools import lru_cache

_GENERIC = {"service", "services", "unit", "units", "team", "teams", "the", "and", "of", "for"}
# A line like "B. Factor in the schools context" is an item of a list, not a heading.
_ITEM = re.compile(r"^(?:[-•◆*]|[A-Za-z0-9]{1,2}[.:)]\s|\(|<|https?:)")


@lru_cache(maxsize=20_000)  # a plan prints the same few names on every page
def name_key(name: str) -> str:
    """The name with case, punctuation, "&" and spacing taken out of it: equal keys are the same name."""
    folded = name.casefold().replace("&", " and ")
    return " ".join(re.findall(r"[\w+]+", folded.replace("'", "").replace("’", "")))


def _words(name: str) -> list[str]:
    return [word for word in name_key(name).split() if word not in _GENERIC]


def _stem(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def may_be(one: str, other: str) -> bool:
    """Whether a person would ask "is this the same unit?": equal but for generic words, number, or initials."""
    first, second = _words(one), _words(other)
    if not first or not second or name_key(one) == name_key(other):
        return bool(first) and first == second
    if {_stem(word) for word in first} == {_stem(word) for word in second}:
        return True
    return _initials_of(first, second) or _initials_of(second, first)


def _initials_of(short: list[str], full: list[str]) -> bool:
    return len(short) <= 2 and len(full) >= 3 and "".join(short) == "".join(word[0] for word in full)


def is_heading(text: str) -> bool:
    """Whether a line without tabs looks like a heading: short, starts with a capital, no sentence's end."""
    line = text.strip()
    return (
        0 < len(line) <= 100
        and (line[0].isupper() or line[0].isdigit())
        and line[-1] not in ".,;:"
        and not _ITEM.match(line)
        and not re.fullmatch(r"(?:page\s*)?\d+", line, re.IGNORECASE)
    )

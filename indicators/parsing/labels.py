"""The words that name a measure: its code, its title, its links, and the signs that words go on over a line's end."""

import re
from dataclasses import dataclass

from plans.names import name_key

# National, best value and local schemes. "OC2" is a return of several measures and no measure's code.
_SCHEMES = r"NI|BVPI|BV|LPI|LI|KPI|PI|SPI|NPI|PAF"
# "NI 103 a)", "NI55", "(NI55)", "BVPI 43(a)", "TARGET 10:"; then the title, parted by a space, a dash or a colon.
_CODE = re.compile(
    rf"(?P<open>\()?(?:(?P<scheme>{_SCHEMES}) ?(?P<number>[A-Z]?\d{{1,4}})(?P<part> ?\(?[a-z]\)|[a-h](?![a-z]))?"
    r"|(?P<target>(?i:target)) (?P<nth>\d{1,3}))(?(open)\))(?=$|[\s:.,(]|[–—-](?!\d))(?P<rest>.*)"
)
_LIKE_A_CODE = re.compile(rf"\(?(?:{_SCHEMES}) ?\S{{0,4}}\d")
_CODE_LINK = re.compile(r"\((?P<link>LAA ?\d?|LPSA ?\d?|PSA|CYPP|T2010|V4K|JAR)\)\s+")
_EMBEDDED = re.compile(r"\(NI ?(\d{1,4})\)")

# Words that cannot end a label: more of it must follow.
_OPEN_END = re.compile(
    r"(?:\b(?:and|or|of|the|for|with|within|in|to|a|an|by|at|from|on|into|per|than|between|their|its|who|which|that|is|are|"
    r"was|were|be|been|have|has|not|as|aged|non|inc\.|incl\.|including|excluding)|[&/,(–—-])$"
)
_CUT_OFF = re.compile(r"(?:\b(?:and|or|of|the|for|with|to|a|an|by|from|including|excluding|[Kk]ey [Ss]tage)|[&/(–—-])$")
_WANTS_NUMBER = re.compile(rf"\b(?:(?i:key stages?|ks|stage|phase|tier|LAA target)|{_SCHEMES})$")
_GOES_ON = re.compile(r"[a-z](?!-\w|[A-Z])|[),;:/&.+*(–—-]|\d{1,2} ?:")  # but "e-learning", "eCAF"

# Words that only a measure has, and no group of people.
_MEASURE = re.compile(
    r"%|\b(?:per ?cent\w*|proportion|numbers?|rates?|average|mean|ratio|score|rating|achiev\w*|attain\w*|progress\w*|"
    r"increase|reduce|reduction|improve\w*|completion|percentage|take[- ]up|satisfaction|days|absence|exclusions?|target)\b",
    re.IGNORECASE,
)
# Groups as councils print them: one of these among the rows says that the rows are groups.
_GROUP = re.compile(
    r"(?:all|total|boys|girls|males?|females?|men|women|unclassified|other|any other|no information|information not|refused|"
    r"(?:non[- ])?fsm|sen|eal|lac|carers|disabled|"
    r"under \d+|over \d+|aged \d+(?:[-–]\d+)?|\d+ ?(?:to|-|–) ?\d+|\d+ and over|\d+\+)"
    r"(?: .*)?|"
    r"(?:.*\b)?(?:white|black|asian|mixed|caribbean|african|pakistani|bangladeshi|indian|chinese|irish|gypsy|roma|"
    r"traveller)\b.*",
    re.IGNORECASE,
)
_SHORT = 6  # words of the longest group's name
# Sentences that say something of a measure and are none themselves.
_ASIDE = re.compile(
    r"(?:this|these|that|it|its|they|see|note|data|figures?|targets?|includes?|including|excludes?|excluding|measured|based|"
    r"awaiting|baseline|to be|tbc|joint|subject|provisional|where|from|for)\b",
    re.IGNORECASE,
)
_ABBREVIATIONS = ("e.g.", "i.e.", "inc.", "incl.", "etc.", "no.", "approx.", "st.", "cf.", "vs.")


@dataclass(frozen=True, slots=True)
class Name:
    """A measure's printed words: `says` where they begin like a code that cannot be read."""

    code: str
    title: str
    links: tuple[str, ...] = ()
    says: str = ""


def read_name(label: str) -> Name:
    """Code, title and links of a label: "NI 117 (LAA) 16-18 year olds …" is NI 117, linked to LAA."""
    match = _CODE.fullmatch(label)
    if not match:
        says = f"“{label}” begins like a code, but not one that can be read." if _LIKE_A_CODE.match(label) else ""
        return Name("", label, says=says)
    code = (
        f"{match['target']} {match['nth']}"
        if match["target"]
        else f"{match['scheme']} {match['number']}{match['part'] or ''}"
    )
    title = match["rest"].strip()
    link = _CODE_LINK.match(title)
    if link:
        title = title[link.end() :]
    title = title.lstrip(":.–—- ")
    says = f"“{label}” may begin with two codes." if re.match(rf"(?:and|or|to|&|/|,)(?:\s|{_SCHEMES})", title) else ""
    return Name(code, title, (link["link"],) if link else (), says)


def embedded_codes(title: str) -> list[str]:
    """Codes of other measures that a title names in brackets: "(NI 73)"."""
    return [f"NI {number}" for number in _EMBEDDED.findall(title)]


def measures_in(words: str, *, several: bool) -> tuple[list[str], str]:
    """The measures of one cell, split at its full stops, without them; and a question where the split is not plain.

    `several`: whether the code may have more than one; a national indicator never has.
    """
    parts: list[str] = []
    start = 0
    for stop in re.finditer(r"\.\s+(?=[A-Z%])", words):
        before = words[start : stop.start() + 1]
        if not before.casefold().endswith(_ABBREVIATIONS):
            parts.append(before.rstrip(". "))
            start = stop.end()
    parts.append(words[start:].strip().removesuffix("."))
    if len(parts) == 1:
        return parts, ""
    if several and all(len(part.split()) > 2 and not _ASIDE.match(part) for part in parts):
        return parts, ""
    return [words.strip().removesuffix(".")], f"“{words}” may be {len(parts)} measures, or one and remarks on it."


def has_measure_words(label: str) -> bool:
    return bool(_MEASURE.search(label))


def may_be_group(label: str) -> bool:
    """Whether a label could name a group of people: short, and without a measure's words."""
    return len(label.split()) <= _SHORT and not has_measure_words(label)


def is_group(label: str) -> bool:
    """Whether a label certainly names a group of people."""
    return may_be_group(label) and bool(_GROUP.fullmatch(label))


def is_section(label: str) -> bool:
    """Whether a label on its own heads a section of a table: "Local indicators"."""
    return bool(re.fullmatch(r"(?:\w+ ){0,4}(?:indicators|targets|measures)", label, re.IGNORECASE))


# --- words over a line's end -----------------------------------------------------------------------------------------


def unfinished(words: str) -> bool:
    """Whether the words cannot end here: an open bracket, a trailing "and", a dash or the like."""
    return words.count("(") > words.count(")") or bool(_OPEN_END.search(words))


def goes_on(before: str, words: str) -> bool:
    """Whether words continue those before: an unfinished phrase, a lower-case start, punctuation that nothing begins with."""
    if unfinished(before) or _GOES_ON.match(words):
        return True
    return bool(_WANTS_NUMBER.search(before) and words[:1].isdigit() and not is_group(words))


def cut_off(words: str) -> bool:
    """Whether a whole label ends where none does."""
    return words.count("(") > words.count(")") or bool(_CUT_OFF.search(words))


def join_words(before: str, after: str) -> str:
    """Two parts of one phrase: nothing between them where a word is broken ("non-", "White/")."""
    glued = re.search(r"(?:\w-|\w/)$", before) or re.match(r"[,;:.)/]", after)
    return before + ("" if glued else " ") + after if before and after else before or after


def same_name(one: str, other: str) -> bool:
    return bool(name_key(one)) and name_key(one) == name_key(other)

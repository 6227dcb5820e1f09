"""Links to corporate targets: a cell parted into its references, and what each refers to.

A reference is a scheme of the council with the code of a target in it: "T2010 Target 55", "CYPP Priority 5B (38)",
"NI 103 a)". Only spellings known here are parted or referred; other words stay as printed.
"""

import re

from plans.documents import pieces

_CODE = r"\d{1,2}[A-F]?(?!\w)"
_LIST = r"(?:\s*,\s*|\s*&\s*|\s*,?\s+and\s+)"
_DASH = r"\s*[-–—]\s*"
_REFERENCE = re.compile(
    "|".join(
        (
            # CYPP 5 · CYPP 5, 6 and 7 · CYPP Priority 5B (38) · CYPP 5B - 38 · CYPP 11 Action 52 · CYPP – outcome 5C
            r"(?P<cypp>CYPP)\b(?:(?:\s*[-–—]\s*|\s+)(?P<word>(?i:Priority|Priorities|Outcomes?|Actions?|Targets?)|P)?\s*"
            rf"(?P<codes>{_CODE}(?:{_LIST}{_CODE})*)"
            rf"(?:\s*\(\s*(?P<bracket>\d{{1,2}}(?:{_LIST}\d{{1,2}})*)\s*\)|{_DASH}(?P<dash>\d{{1,2}})(?!\w)"
            r"|,?\s+(?i:Action)\s+(?P<action>\d{1,2})(?!\w))?)?",
            r"(?P<jar>JAR)\b(?:\s+(?i:Action\s+Plan))?(?:\s+(?P<jarcode>[A-Z]{2,4}\s?\d{1,2})(?!\w))?",
            # T2010 · Joint Target T2010 · T2010 Target 55 · T2010 – target 12
            rf"(?:(?i:Joint\s+Targets?)\s+)?(?P<towards>T20\d\d)\b(?:(?:{_DASH}|\s+)(?i:Targets?)\s+"
            rf"(?P<targets>\d{{1,2}}(?!\w)(?:{_LIST}\d{{1,2}}(?!\w))*))?",
            r"(?P<laa>LAA)\b(?:\s+NI\s?(?P<laani>\d{1,3})(?!\w))?",
            r"(?P<ni>NI)\s?(?P<nicode>\d{1,3})(?!\d)(?P<parts>(?:[a-h](?!\w)|\s?[a-h]\))\)?(?:\s*(?:,|&|and)\s*[a-h]\))*)?",
            r"(?P<v4k>V4K|Vision for Kent)\b",
            r"(?P<lpsa>LPSA\s?\d?)(?!\w)",
            r"(?P<plan>KCC\s+Performance\s+Improvement\s+Plan)\b",
            r"(?P<act>(?:Children['’]?s?['’]?|Education|Childcare|Equality)\s+Act\s+20\d\d)(?!\d)",
        )
    )
)
# Enabler A · CYPP Enabler A& C
_ENABLERS = re.compile(rf"(?P<of>CYPP\s*(?:[-–—]\s*)?)?(?i:Enablers?)\s+(?P<letters>[A-F]\b(?:{_LIST}[A-F]\b)*)")
_SEPARATOR = re.compile(r"\s*;\s*|\s*/\s*|\s*,\s*")
_LED_IN = re.compile(r"(?:(?:lead|support)(?:\s+(?:to|for))?\s+)?", re.IGNORECASE)


def split_links(cell: str) -> list[str]:
    """The links of a cell, parted where certain: "CYPP 5, 6" is two, "National Strategy and Lamb Enquiry" one."""
    return [link for piece in pieces(cell) for part in _parted(piece) for link in (_all_known(part) or [part])]


def references(links: str) -> tuple[tuple[str, str], ...]:
    """The targets that the links refer to, as (scheme, code); code "" where a scheme is named as a whole."""
    found: dict[tuple[str, str], None] = {}
    at = 0
    while at < len(links):
        match = _known_at(links, at) if at == 0 or not links[at - 1].isalnum() else None
        if match:
            found.update(dict.fromkeys(_refers(match)))
        at = match.end() if match else at + 1
    return tuple(found)


def are_references(text: str) -> bool:
    """Whether the text is references known here, and nothing else."""
    return bool(text) and all(map(_all_known, _parted(text)))


def _known_at(text: str, at: int) -> re.Match[str] | None:
    return _ENABLERS.match(text, at) or _REFERENCE.match(text, at)


def _parted(text: str) -> list[str]:
    """Parted at strokes, semicolons and commas that stand between references: not at those within words or codes."""
    parts: list[str] = []
    start = 0
    for match in _SEPARATOR.finditer(text):
        led = _LED_IN.match(text, match.end())
        after = _known_at(text, led.end() if led else match.end())
        known = _all_known(text[start : match.start()]) and "," not in match[0] and text[match.end() :].strip()
        if ";" in match[0] or after or known:
            parts.append(text[start : match.start()])
            start = match.end()
    return [part for part in (part.strip(" ,;/") for part in (*parts, text[start:])) if part]


def _all_known(text: str) -> list[str]:
    """The references of a text that holds nothing else; [] where it holds other words."""
    found: list[str] = []
    rest = text
    while rest:
        match = _known_at(rest, 0)
        if match is None:
            return []
        found += _spelled_out(match)
        rest = rest[match.end() :].lstrip(" ,;")
    return found


def _spelled_out(match: re.Match[str]) -> list[str]:
    """One link a code: "CYPP 5, 6 and 7" gives "CYPP 5", "CYPP 6", "CYPP 7"; as printed where there is one code."""
    groups = match.groupdict()
    codes = groups.get("letters") or groups.get("targets") or groups.get("codes") or ""
    several = re.split(_LIST, codes)
    if len(several) == 1 or groups.get("bracket") or groups.get("dash") or groups.get("action"):
        return [match[0].strip()]
    before = match[0][: match[0].index(codes)].rstrip()
    return [f"{before} {code}" for code in several]


_SINGULAR = {"priorities": "Priority", "p": "Priority", "outcomes": "Outcome", "actions": "Action", "targets": "Target"}


def _refers(match: re.Match[str]) -> list[tuple[str, str]]:
    groups = match.groupdict()
    if groups.get("letters"):
        return [("CYPP", f"Enabler {letter}") for letter in re.split(_LIST, groups["letters"])]
    if groups["cypp"]:
        return _refers_to_cypp(groups)
    if groups["jar"]:
        return [("JAR", groups["jarcode"] or "")]
    if groups["towards"]:
        targets = re.split(_LIST, groups["targets"]) if groups["targets"] else []
        return [(groups["towards"], f"Target {number}") for number in targets] or [(groups["towards"], "")]
    if groups["laa"]:
        number = groups["laani"]
        return [("LAA", f"NI {number}"), ("NI", number)] if number else [("LAA", "")]
    if groups["ni"]:
        parts = re.findall(r"[a-h](?=\)|\b)", (groups["parts"] or "").replace("and", " "))
        return [("NI", f"{groups['nicode']} {part}") for part in parts] or [("NI", groups["nicode"])]
    if groups["v4k"]:
        return [("V4K", "")]
    return [(" ".join((groups["lpsa"] or groups["plan"] or groups["act"]).split()), "")]


def _refers_to_cypp(groups: dict[str, str | None]) -> list[tuple[str, str]]:
    """A code with a letter ("5B") is an outcome whatever word stands before it; the number after it is its action."""
    word = (groups["word"] or "").lower()
    name = _SINGULAR.get(word, word.capitalize())
    found: list[tuple[str, str]] = []
    for code in re.split(_LIST, groups["codes"]) if groups["codes"] else []:
        found.append(("CYPP", f"Outcome {code}" if code[-1].isalpha() else f"{name} {code}".strip()))
    for actions in (groups["bracket"], groups["dash"], groups["action"]):
        found += [("CYPP", f"Action {number}") for number in re.findall(r"\d+", actions or "")]
    return found or [("CYPP", "")]

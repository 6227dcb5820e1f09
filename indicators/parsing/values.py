"""What one cell of a table of measures says: a figure, several labelled ones, an honest non-value, a remark.

Where the words do not say it for certain the reading has no value and `says` why: it is asked about, never guessed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from plans.amounts import MINUSES, parse_amount

# Non-values and the words that print them, tried in this order at the start of a cell.
NON_VALUES = (
    ("not applicable", r"n ?/ ?a|not applicable"),
    ("no target set", r"no targets?(?: (?:has been |have been |yet )?set)?|targets? not (?:yet )?set"),
    (
        "not available",
        r"(?:data |figures? )?not (?:yet |currently )?available|(?:data )?unavailable|no data(?: available)?",
    ),
    ("to follow", r"(?:data |figures? |targets? )?to follow"),
    (
        "awaited",
        r"(?:data |figures? |results? )?(?:(?:is|are) )?(?:still )?await(?:ed|ing)|tbc|tba|"
        r"(?:targets? )?to be (?:confirmed|announced|advised|agreed|set|determined)|pending",
    ),
    ("suppressed", r"suppressed|\*"),
)
_NON_VALUES = tuple((status, re.compile(rf"(?:{words})(?![A-Za-z0-9])", re.IGNORECASE)) for status, words in NON_VALUES)

_FIGURE = rf"[{MINUSES}]?£?(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)(?:\.[0-9]+)?"
# "6.8%", "85% (changes made to survey 08/09)": a figure, and words that are plainly apart from it.
_VALUE = re.compile(rf"(?P<figure>{_FIGURE})(?P<percent> ?%)?(?P<rest>(?:[ (*†#].*)?)")
# "Refused 72.1 Information Not Obtained 54.9": labels and figures in turn.
_PAIR = re.compile(rf"(?P<label>[A-Z][A-Za-z /&'’()-]*?) (?P<figure>{_FIGURE})(?P<percent> ?%)?(?= |$) ?")
_NO_LABEL = re.compile(
    r"\b(?:between|from|to|at least|at most|over|under|above|below|about|approx\w*|around|level|key stage|ks|year|phase|"
    r"grade|top|ni|target|by|than|of|increas\w*|reduc\w*|improv\w*|rais\w*|was|now|and|or)\b",
    re.IGNORECASE,
)
# "5% reduction" is no level of 5%.
_CHANGE = re.compile(
    r"(?:points? )?(?:reduc|increas|improv|decreas|fewer|more|less|rise|fall|drop|cut|growth|gain|higher|lower|better|worse|"
    r"above|below|over|under|annual|per (?:year|annum)|each year|[-–+±/])",
    re.IGNORECASE,
)
# Digits in words that are no figures: years, dates, ages, codes, stages, grades.
_NO_FIGURE = re.compile(
    r"(?<![\d.,])(?:(?:19|20)\d\d(?: ?[/-] ?(?:20)?\d{1,2})?|\d\d/\d\d)(?![\d.,]*\d|%)"
    r"|\b\d{1,2}(?:st|nd|rd|th)? (?=(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b)"
    r"|\b(?:level|key stage|ks|years?|aged?|ni|bvpi|target|laa|priority|action|phase|wave|tier|stage|version|part|quarter|q) ?"
    r"\d{1,3}\+?(?: ?(?:to|and|or|-|–|&) ?\d{1,3})?\b"
    r"|\b\d{1,2} ?(?:to|-|–) ?\d{1,2}(?=[ -]year)|\b[1-9]\+? ?a\*? ?[-–] ?[a-g]\b|\b[A-Z]{1,4}\d{1,2}\+?(?!\d)"
    r"|\bper 1,?000\b",
    re.IGNORECASE,
)
# Words in brackets with nothing that could be another figure: "(2 offices only)", but not "(54.9)" nor "(54.9 last year)".
_BRACKETED = re.compile(r"\((?=[^()]*[A-Za-z]{3})(?!\d)[^()%]*?\)|\(\d{1,3} [A-Za-z][^()%\d]*\)")
_NOTE = re.compile(r"[*†#]+|\(.*|.*[A-Za-z]{2}.*")  # no stray letter
_YEAR_ALONE = re.compile(r"(?:19|20)\d\d")
_SENTENCE = 8  # words: prose, not a cell that lost a figure


@dataclass(frozen=True, slots=True)
class CellReading:
    """One thing that a cell says. `unit` only where the cell itself prints it; `says` where it must be asked about."""

    value: Decimal | None = None
    status: str = ""
    note: str = ""
    label: str = ""
    unit: str = ""
    says: str = ""
    choices: tuple[str, ...] = ()


def read_cell(text: str, *, x_is_suppressed: bool = False) -> tuple[CellReading, ...]:
    """What the plain words of a cell say; () for a blank cell. A reading with `says` has no value and no status."""
    if not text:
        return ()
    if text in ("x", "X") and x_is_suppressed:
        return (CellReading(status="suppressed"),)
    return _value(text) or _pairs(text) or _non_value(text) or _remark(text) or (_unsure(text),)


def unsure(says: str, choices: tuple[str, ...] = ()) -> CellReading:
    return CellReading(says=says, choices=choices)


def _value(text: str) -> tuple[CellReading, ...]:
    match = _VALUE.fullmatch(text)
    if not match or re.match(rf"[{MINUSES}£]*0[\d,]", match["figure"]):
        return ()
    unit = "percent" if match["percent"] else ""
    rest = match["rest"].strip()
    if not unit and re.fullmatch(r"(?:percentage )?points?|pts", rest, re.IGNORECASE):
        unit, rest = "points", ""
    elif not unit and re.match(r"per 1,?000\b", rest, re.IGNORECASE):
        unit = "per 1,000"
        rest = re.sub(r"^per 1,?000\s*", "", rest, flags=re.IGNORECASE)
    plainly = not rest or (bool(_NOTE.fullmatch(rest)) and not _CHANGE.match(rest))
    if not plainly or (figures_in(rest) and not _BRACKETED.fullmatch(rest)):
        printed = match["figure"] + (match["percent"] or "")
        return (unsure(f"“{text}”: is the figure {printed}, and are the other words a note?", (printed,)),)
    return (CellReading(parse_amount(match["figure"]), "value", _note(rest), unit=unit),)


def _pairs(text: str) -> tuple[CellReading, ...]:
    found: list[re.Match[str]] = []
    at = 0
    while match := _PAIR.match(text, at):
        found.append(match)
        at = match.end()
    if at < len(text) or len(found) < 2:
        return ()
    labels = {match["label"].casefold() for match in found}
    unlike = len(labels) < len(found) or len({bool(match["percent"]) for match in found}) > 1
    if unlike or any(_NO_LABEL.search(match["label"]) or _YEAR_ALONE.fullmatch(match["figure"]) for match in found):
        return (_unsure(text, tuple(match["figure"] + (match["percent"] or "") for match in found)),)
    return tuple(
        CellReading(
            parse_amount(match["figure"]),
            "value",
            note=match["label"],
            label=match["label"],
            unit="percent" if match["percent"] else "",
        )
        for match in found
    )


def _non_value(text: str) -> tuple[CellReading, ...]:
    for status, words in _NON_VALUES:
        match = words.match(text)
        if not match:
            continue
        rest = text[match.end() :].strip()
        parted = re.match(r"[-–—:;,.(]", rest)
        figures = figures_in(rest)
        if figures and (not parted or any(re.search(r"[.%]", figure) for figure in figures)):
            return (unsure(f"“{text}” holds both “{match[0]}” and a figure.", (match[0], *figures)),)
        # "Awaiting direction from DCSF": half of the sentence would say nothing, so the note is all of it.
        return (CellReading(status=status, note=_note(rest) if parted or not rest else text),)
    if len(text.split()) < _SENTENCE and not figures_in(text):  # "2008/09 data awaited"
        found = [
            status
            for status, words in _NON_VALUES[:-1]
            if re.search(rf"(?<![A-Za-z]){words.pattern}", text, re.IGNORECASE)
        ]
        if len(found) == 1:
            return (CellReading(status=found[0], note=text),)
    return ()


def _remark(text: str) -> tuple[CellReading, ...]:
    figures = figures_in(text)
    prose = len(text.split()) >= _SENTENCE and not any(re.search(r"[.,]\d|%", figure) for figure in figures)
    wordy = re.search(r"[A-Za-z]{3}", text) and not re.search(
        r"[A-Za-z][.,][A-Za-z]\b|\b(?:nil|none|zero|same)\b", text, re.IGNORECASE
    )
    return (CellReading(status="remark"),) if prose or (wordy and not figures and text[0].isalpha()) else ()


def _unsure(text: str, figures: tuple[str, ...] = ()) -> CellReading:
    if not re.search(r"\w", text):
        return unsure(f"Only “{text}” is printed: the figure is lost.")
    if figures or figures_in(text):
        apart = tuple(part for part in re.split(r"[\s()]+", text) if re.fullmatch(rf"{_FIGURE}%?", part))
        return unsure(f"“{text}” holds figures, but not one that can be read for certain.", figures or apart)
    return unsure(f"“{text}” is neither a figure nor words that are known.")


def figures_in(text: str) -> list[str]:
    """The figures among words, years and codes and stages left out."""
    words = _NO_FIGURE.sub(" ", text)
    return [figure.rstrip(".,") for figure in re.findall(rf"[{MINUSES}]?[0-9][0-9.,]*%?", words)]


def ends_in_figure(words: str) -> bool:
    """Whether words end in a figure or a non-value, as a label does that has swallowed the cell behind it."""
    non_values = "|".join(words_of for _, words_of in NON_VALUES[:-1])
    return bool(re.search(rf"(?:[0-9]\.[0-9]+ ?%?|[0-9] ?%|(?<![A-Za-z])(?:{non_values}))$", words, re.IGNORECASE))


def _note(rest: str) -> str:
    """The words beside a figure, without what parts them from it: a dash, or brackets round all of them."""
    note = rest.lstrip("-–—:;,. ") if rest != "*" else rest
    if note.startswith("(") and note.find(")") in (-1, len(note) - 1):
        note = note[1:].removesuffix(")")
    return note.strip()


# --- the unit of a measure -------------------------------------------------------------------------------------------

_UNITS = (
    ("gap", r"\bgap\b"),
    ("percent", r"%|\bper ?cent|\bproportion"),
    ("count", r"\bnumbers? of\b|\bno\. of\b|\bcount of\b"),
    ("score", r"\bpoint scale\b|\bscores?\b"),
    ("points", r"\baverage points?\b|\bpoints? per\b"),
)


def titled_unit(title: str) -> str:
    """The unit that a measure's words say; where they say two, the first ("Reduce the number … by 5%" is a count)."""
    if re.search(r"\bper (?:1,?000|thousand)\b(?!,)", title, re.IGNORECASE):
        return "per 1,000"
    found = [(match.start(), unit) for unit, words in _UNITS if (match := re.search(words, title, re.IGNORECASE))]
    return min(found)[1] if found else ""


def measure_unit(title: str, readings: Iterable[CellReading]) -> tuple[str, str]:
    """One unit for all of a measure's figures, from their own signs or its title; "" where nothing says it.

    Where signs and title are at odds there is no unit, and the second text says why.
    """
    values = [(reading.value, reading.unit) for reading in readings if reading.value is not None]
    titled = titled_unit(title)
    printed = {unit for _, unit in values if unit}
    bare = [value for value, unit in values if not unit]
    if len(printed) > 1 or (titled == "count" and printed):
        return "", "The figures of this measure are printed in different units."
    if printed and bare and titled not in ("gap", *printed):
        return "", f"Some figures of this measure are printed as {printed.pop()}, others bare."
    if titled == "percent" and any(value > 100 for value in bare):
        return "", "A percentage over 100 is printed without its sign: a decimal point may be lost."
    if printed and titled != "gap":
        return printed.pop(), ""
    # Whole numbers may be percentages as well, unless one of them is over 100.
    counts = all(value == value.to_integral_value() for value in bare) and any(value > 100 for value in bare)
    return titled or ("count" if counts else ""), ""

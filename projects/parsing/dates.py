"""Target dates as printed: to a day, a month, a period, on-going, or words that say no more than themselves.

Years are read only near the plan's own; digits that print has damaged ("Sept 20009") are never guessed.
"""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from plans.documents import pieces, plain


@dataclass(frozen=True, slots=True)
class Due:
    """One printed date. `due`: 2010-03, 2010-03-31, 2009-03/2009-09 or "". `precision`: day, month, period, on-going,
    unknown, or "" where nothing is printed.

    An on-going one is due by or until the month printed with it, if any; one that only begins ("from April 2009") has
    no due date. `damaged` says what looks broken in print.
    """

    due: str
    precision: str
    printed: str
    damaged: str = ""

    @property
    def is_read(self) -> bool:
        return self.precision not in ("", "unknown")


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a cell in order; `certain` unless they could be parted in another way."""

    dates: tuple[Due, ...]
    certain: bool
    printed: str

    @property
    def is_read(self) -> bool:
        """Whether there are dates, and all of them say when."""
        return bool(self.dates) and all(one.is_read for one in self.dates)

    @property
    def unpaired(self) -> Due:
        """All the printed dates as they stand, for a deliverable that none of them surely belongs to."""
        damaged = next((one.damaged for one in self.dates if one.damaged), "")
        return Due("", "unknown" if self.dates else "", self.printed, damaged)


_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = (
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_YEAR = r"(?:20\d\d|['’]?\d\d)(?![\d/]|-\d)"
_DAY = r"\b\d{1,2}(?:\s?(?:st|nd|rd|th))?"
_TO = r"\s*(?:-|–|—|\bto\b|\buntil\b|\btill\b)\s*"
_DAY_POINT = (
    rf"(?:{_DAY}\s+(?:of\s+)?{_MONTH}\s*,?\s*{_YEAR}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th|,)+\s*20\d\d\b"
    rf"|\b\d{{1,2}}[/.]\d{{1,2}}[/.]{_YEAR})"
)
_MONTH_POINT = rf"(?:{_MONTH}\s*[-,]?\s*{_YEAR}|(?<![\d/])\d{{1,2}}/20\d\d\b)"
_POINT = rf"(?:{_DAY_POINT}|{_MONTH_POINT})"
_SPAN = rf"(?:{_POINT}{_TO}{_POINT}|{_MONTH}{_TO}{_MONTH}\s*{_YEAR})"
_ON_GOING = r"\b(?:all\s+)?(?:on\s*[-–]?\s*going|continuous|continuing)\b"
_LABEL = r"(?:\b(?:phases?|stages?|parts?)\s+[\divx]+(?:\s*(?:&|and|,|-)\s*[\divx]+)*\s*[:–-]?\s*)?"
_LEAD_IN = r"(?:\b(?:by|in|during|due)\s+)?(?:\b(?:the\s+)?(?:end|early|mid|late)(?:\s+of)?[\s-]+)?"
_REMARK = r"(?:\s*\.)?(?:\s*\([^()]*\))?"
_FINANCIAL = r"20\d\d\s*[/-]\s*(?:20)?\d\d\b"
_IMPRECISE = (
    rf"(?:(?:early|mid|late)[\s-]+)?\b(?:spring|summer|autumn|winter)\b(?:\s+term)?(?:\s*(?:{_FINANCIAL}|{_YEAR}))?"
    rf"|(?:{_DAY}\s+)?{_MONTH}(?!\s*[-–,]?\s*['’]?\d)|{_FINANCIAL}|\b20\d\d\b(?!\s*[-/–]\s*\d)"
    r"|\b(?:tbc|tba|tbd|to be (?:confirmed|agreed)|annual(?:ly)?|termly|quarterly|monthly)\b"
)


def read_cell(cell: str, year: str) -> Dates:
    """The dates of a cell, where paragraphs or the dates' own form part them; one unread date where they do not."""
    parts = pieces(cell)
    printed = plain(cell)
    read = [_read_run(part, year) for part in parts]
    dates = tuple(one for run, _ in read for one in run)
    return Dates(dates, all(certain for _, certain in read), printed)


_ISO = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?")


def read_declared(value: str, year: str) -> Dates:
    """The dates of a declared correction: as a report writes them ("2010-03; 2009-03/2009-09"), or as printed ones."""
    parts = [part.strip() for part in value.split(";") if part.strip()]
    dates: list[Due] = []
    for part in parts:
        points = part.split("/")
        if all(map(_ISO.fullmatch, points)) and len(points) <= 2:
            dates.append(Due(part, "period" if len(points) == 2 else "day" if len(part) == 10 else "month", part))
        else:
            dates += read_cell(part, year).dates
    return Dates(tuple(dates), certain=True, printed=value)


def _read_run(text: str, year: str) -> tuple[tuple[Due, ...], bool]:
    """The dates of a run of words: it must be dates from end to end."""
    start = int(year[:4]) if re.match(r"20\d\d", year) else None
    found: list[Due] = []
    certain = True
    at = 0
    while at < len(text):
        gap = re.compile(r"[\s,;]*(?:(?:and|&)\b\s*)?", re.IGNORECASE).match(text, at if found else 0)
        if gap and found:
            certain = certain and not re.search(r"and|&", gap[0], re.IGNORECASE)
            at = gap.end()
        if at >= len(text):
            break
        match, one = _date_at(text, at, start)
        if match is None or one is None:
            return (Due("", "unknown", text, _damage(text, start)),), True
        # "On-going March 2010" may be two dates, or one that goes on until then
        if found and found[-1].precision == "on-going" and not found[-1].due and one.due:
            certain = False
        found.append(one)
        at = match.end()
        # "9 March 10 July 2010" may be the 9th and July, or the 9th and the 10th
        if re.search(r"[a-z.]\s+['’]?\d\d$", one.printed, re.IGNORECASE) and one.precision == "day":
            certain = certain and not re.match(rf"\s*{_MONTH}", text[at:], re.IGNORECASE)
    return tuple(found), certain


Shape = tuple[re.Pattern[str], Callable[[re.Match[str], int | None], tuple[str, str] | None]]


def _date_at(text: str, at: int, start: int | None) -> tuple[re.Match[str] | None, Due | None]:
    for pattern, read in _SHAPES:
        match = pattern.match(text, at)
        if match and (match.end() == len(text) or not text[match.end() - 1 : match.end() + 1].isalnum()):
            value = read(match, start)
            if value is not None:
                return match, Due(value[0], value[1], match[0].strip())
    return None, None


def _shape(pattern: str, read: Callable[[re.Match[str], int | None], tuple[str, str] | None]) -> Shape:
    return re.compile(_LABEL + _LEAD_IN + pattern + _REMARK, re.IGNORECASE), read


def _point(text: str, start: int | None) -> str | None:
    """ISO day or month of a printed one; None where no calendar has it, or its year is far from the plan's."""
    words = re.findall(r"\d+|[a-z]{3,}", text.lower())
    months = [_MONTHS.index(name) + 1 for word in words if (name := _month_name(word))]
    *days, printed_year = (word for word in words if word.isdigit())
    numbers = [*map(int, days), *months]  # the day first, as it is written here
    day, month = (numbers[0], numbers[1]) if len(numbers) == 2 else (None, numbers[0])
    year = _year(printed_year, start)
    if year is None or not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year}-{month:02}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _month_name(word: str) -> str:
    return next((month for month in _MONTHS if len(word) >= 3 and month.startswith(word)), "")


def _year(text: str, start: int | None) -> int | None:
    """Four figures within a generation of the plan; two only where they can be no day of a month far from it."""
    year = int(text)
    if start is None:
        return year if len(text) == 4 else None
    if len(text) == 4:
        return year if start - 3 <= year <= start + 20 else None
    return 2000 + year if start - 1 <= 2000 + year <= start + 3 else None


def _span(text: str, start: int | None) -> str | None:
    first, last = re.split(_TO, text, maxsplit=1, flags=re.IGNORECASE)
    until = _point(last, start)
    if until is None:
        return None
    if re.search(r"\d", first):
        since = _point(first, start)
    else:  # "Mar-Sept 2009", "Nov-Jan 2010": the year is the last month's, or the one before
        month = _MONTHS.index(_month_name(first.strip(" .").lower())) + 1
        since = f"{int(until[:4]) - (month > int(until[5:7]))}-{month:02}"
    return f"{since}/{until}" if since is not None and len(since) == len(until) and since < until else None


def _as_month_or_day(match: re.Match[str], start: int | None) -> tuple[str, str] | None:
    point = _point(match["point"], start)
    return (point, "day" if len(point) == 10 else "month") if point else None


def _as_period(match: re.Match[str], start: int | None) -> tuple[str, str] | None:
    span = _span(match["span"], start)
    return (span, "period") if span else None


def _as_quarter(match: re.Match[str], start: int | None) -> tuple[str, str] | None:
    year, quarter = int(match["year"]), int(match["quarter"])
    if int(match["next"]) != (year + 1) % 100 or _year(match["year"], start) is None:
        return None
    first = 3 * quarter + 1  # months from April, so that 13 is January
    return f"{_month(year, first)}/{_month(year, first + 2)}", "period"


def _month(year: int, month: int) -> str:
    return f"{year + (month - 1) // 12}-{(month - 1) % 12 + 1:02}"


def _as_financial_year(match: re.Match[str], start: int | None) -> tuple[str, str] | None:
    year = int(match["year"])
    if int(match["next"]) != (year + 1) % 100 or _year(match["year"], start) is None:
        return None
    return f"{year}-04/{year + 1}-03", "period"


def _as_on_going(match: re.Match[str], start: int | None) -> tuple[str, str] | None:
    point, span = match.groupdict().get("point"), match.groupdict().get("span")
    if span:
        due = _span(span, start)
    elif point:
        due = _point(point, start)
    else:
        return "", "on-going"
    return None if due is None else (due, "on-going")


def _as_begun(match: re.Match[str], start: int | None) -> tuple[str, str] | None:
    return ("", "on-going") if _point(match["point"], start) else None


def _as_unknown(match: re.Match[str], start: int | None) -> tuple[str, str] | None:
    years = re.findall(r"\b20\d\d", match[0])
    return ("", "unknown") if all(_year(year, start) for year in years) else None


_YEARS = r"(?P<year>20\d\d)\s*[/-]\s*(?:20)?(?P<next>\d\d)\b"
_AND = r"\s*(?:,\s*)?(?:and|&|then)\s*(?:then\s*)?"
_SHAPES: tuple[Shape, ...] = (
    _shape(rf"{_ON_GOING}(?:\s*:|,?\s+from)\s*(?P<span>{_SPAN})", _as_on_going),
    _shape(rf"{_ON_GOING}\s*(?:-|–|—|\bto\b|\buntil\b|\btill\b|\bby\b)\s*(?P<point>{_POINT})", _as_on_going),
    _shape(rf"(?:{_ON_GOING}\s*)?\bfrom\s+(?P<point>{_POINT})(?:\s+onwards)?", _as_begun),
    _shape(rf"(?P<span>{_SPAN}){_AND}{_ON_GOING}", _as_on_going),
    _shape(rf"(?P<point>{_POINT}){_AND}{_ON_GOING}", _as_on_going),
    _shape(rf"(?P<point>{_POINT})\s+onwards\b", _as_begun),
    _shape(
        r"\bq(?:uarter\s*)?(?P<quarter>[1-4])\s*(?:of\s+)?(?P<year>20\d\d)\s*[/-]\s*(?:20)?(?P<next>\d\d)\b",
        _as_quarter,
    ),
    _shape(r"\bfinancial\s+year\s+(?P<year>20\d\d)\s*[/-]\s*(?:20)?(?P<next>\d\d)\b", _as_financial_year),
    _shape(rf"(?:\bfrom\s+)?(?P<span>{_SPAN})", _as_period),
    _shape(rf"(?P<point>{_POINT})", _as_month_or_day),
    _shape(_ON_GOING, _as_on_going),
    _shape(rf"(?:{_IMPRECISE})", _as_unknown),
)


# --- what print has damaged ------------------------------------------------------------------------------------------


def _damage(text: str, start: int | None) -> str:
    """What looks broken in words that could not be read; "" where they are merely imprecise ("Easter 2010")."""
    words = text.lower()
    if re.search(r"\d", words):
        for word in re.findall(r"\b[a-z]{3,}\b", words):
            near = difflib.get_close_matches(word, _MONTHS, n=1, cutoff=0.8)
            if near and not re.fullmatch(_MONTH, word):
                return f"“{word}” is no month."
    for match in re.finditer(rf"{_MONTH}\s*[-,]?\s*['’]?(?P<figures>[0-9oil]*\d[0-9oil]*)(?![a-z])", words):
        figures = match["figures"]
        whole = figures.isdigit() and ((len(figures) == 2 and figures != "20") or len(figures) == 4)
        if not whole or (len(figures) == 4 and start is not None and _year(figures, start) is None):
            return f"“{figures}” is no year near the plan’s."
    points = [match[0] for match in re.finditer(_POINT, words)]
    if any(_point(point, None) is None and re.search(r"20\d\d", point) for point in points):
        return "No calendar has that day."
    span = re.fullmatch(_SPAN, words)
    if span and all(_point(point, start) for point in points) and _span(words, start) is None:
        return "The period ends before it begins."
    return ""

"""The council's year: 1 April to 31 March, in two halves. No other module says what day it is."""

import re
from datetime import date

from django.conf import settings
from django.utils import timezone

# "2009/10" as printed, "2009-10" in a path.
YEAR = re.compile(r"(?P<start>\d{4})[/-](?P<end>\d{2})", re.ASCII)


def today() -> date:
    """The day the portal takes for today: the demo's (``settings.TODAY``), else that of the clock."""
    return settings.TODAY or timezone.localdate()


def year_of(day: date) -> int:
    """The calendar year in which the financial year of `day` starts: 2009 for 31 March 2010."""
    return day.year if day.month >= 4 else day.year - 1


def half_of(day: date) -> int:
    """1 from April to September, 2 from October to March."""
    return 1 if 4 <= day.month <= 9 else 2


def half_year(start: int, half: int) -> tuple[date, date]:
    """First and last day of a half of the financial year that starts in `start`."""
    if half == 1:
        return date(start, 4, 1), date(start, 9, 30)
    return date(start, 10, 1), date(start + 1, 3, 31)


def label(start: int) -> str:
    """ "2009/10" for 2009."""
    return f"{start}/{(start + 1) % 100:02d}"


def path(start: int) -> str:
    """ "2009-10" for 2009, as it stands in addresses."""
    return label(start).replace("/", "-")


def start_of(text: str) -> int:
    """2009 for "2009/10" or "2009-10". ValueError for anything else, "2009/11" included."""
    found = YEAR.fullmatch(text)
    if not found or (int(found["start"]) + 1) % 100 != int(found["end"]):
        raise ValueError(f"“{text}” is not a financial year such as 2009/10.")
    return int(found["start"])

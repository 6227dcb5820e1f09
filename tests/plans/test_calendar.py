from datetime import date
from typing import Any

import pytest

from plans import calendar


@pytest.mark.parametrize(
    ("day", "year", "half"),
    [
        (date(2009, 3, 31), 2008, 2),
        (date(2009, 4, 1), 2009, 1),
        (date(2009, 9, 30), 2009, 1),
        (date(2009, 10, 1), 2009, 2),
        (date(2010, 1, 1), 2009, 2),
    ],
)
def test_day_falls_in_a_year_and_a_half(day: date, year: int, half: int) -> None:
    assert calendar.year_of(day) == year
    assert calendar.half_of(day) == half
    first, last = calendar.half_year(year, half)
    assert first <= day <= last


@pytest.mark.parametrize("start", [1999, 2008, 2009, 2099])
def test_label_and_path_lead_back_to_the_year(start: int) -> None:
    assert calendar.start_of(calendar.label(start)) == calendar.start_of(calendar.path(start)) == start


def test_today_is_the_demos_day_where_it_sets_one(settings: Any) -> None:
    settings.TODAY = date(2009, 6, 3)

    assert calendar.today() == date(2009, 6, 3)


def test_today_is_the_clocks_where_no_one_sets_it(settings: Any) -> None:
    settings.TODAY = None

    assert abs((calendar.today() - date.today()).days) <= 1

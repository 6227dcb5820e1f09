"""What one cell of a table of measures says."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.parsing.values import NON_VALUES, CellReading, measure_unit, read_cell, titled_unit

NUMBERS = st.decimals(min_value=0, max_value=99_999, places=1) | st.integers(0, 99_999).map(Decimal)
WORDS = st.sampled_from(("provisional", "changes made to survey 08/09", "2008/9 academic year target", "of all pupils"))
SPELLINGS = ("N/A", "n/a", "Not available", "Not Available", "To Follow", "Data awaited", "No Target Set", "TBC")


@given(NUMBERS, st.booleans(), st.booleans(), st.sampled_from(("", "-", "–", "−")))
def test_a_figure_is_read_as_it_was_printed(number: Decimal, thousands: bool, percent: bool, minus: str) -> None:
    printed = f"{minus}{number:,}" if thousands else f"{minus}{number}"
    (reading,) = read_cell(printed + "%" * percent)

    assert reading == CellReading(-number if minus else number, "value", unit="percent" if percent else "")


@given(NUMBERS, WORDS, st.sampled_from(("{} ({})", "{} {}", "{}% ({})", "{}% {}")))
def test_words_beside_a_figure_are_its_note(number: Decimal, words: str, printed: str) -> None:
    (reading,) = read_cell(printed.format(number, words))

    assert (reading.value, reading.status, reading.note) == (number, "value", words)


@given(NUMBERS, NUMBERS, st.sampled_from((("Refused", "Information Not Obtained"), ("Boys", "Girls"))))
def test_labels_tell_two_figures_apart(first: Decimal, second: Decimal, labels: tuple[str, str]) -> None:
    years = {str(year) for year in range(1900, 2100)}
    printed = f"{labels[0]} {first} {labels[1]} {second}"
    readings = read_cell(printed)

    if years & {str(first), str(second)}:
        assert readings[0].says
    else:
        assert [(reading.value, reading.label) for reading in readings] == [(first, labels[0]), (second, labels[1])]


@given(NUMBERS, NUMBERS, st.sampled_from((" ", " / ", " to ", "-", " (", " or ", "; ")))
def test_two_figures_without_labels_are_never_one(first: Decimal, second: Decimal, between: str) -> None:
    (reading,) = read_cell(f"{first}{between}{second}")

    assert reading.value is None or str(second) in reading.note
    assert reading.says or 1900 <= second < 2100


@given(st.text(alphabet="0123456789.,%-OlIS ()", min_size=1, max_size=8).map(lambda text: " ".join(text.split())))
def test_a_value_has_all_the_digits_of_its_cell(text: str) -> None:
    for reading in read_cell(text):
        if reading.value is not None:
            digits = [letter for letter in text if letter.isdigit()]
            assert [letter for letter in str(reading.value) + reading.note if letter.isdigit()] == digits
            assert not set(text.removesuffix("%").strip()) & set("OlIS") or reading.note
        assert bool(reading.says) == (reading.status == "")


@given(st.text(min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool))
def test_a_cell_with_anything_in_it_always_says_something(text: str) -> None:
    readings = read_cell(text)

    assert readings
    for reading in readings:
        assert (reading.value is not None) == (reading.status == "value")
        assert bool(reading.says) == (reading.status == "")


def test_a_blank_cell_says_nothing() -> None:
    assert read_cell("") == ()


@pytest.mark.parametrize(
    ("printed", "status", "note"),
    [
        ("Data awaited", "awaited", ""),
        ("Awaiting direction from DCSF. Data will come.", "awaited", "Awaiting direction from DCSF. Data will come."),
        ("TBC by DCSF", "awaited", "TBC by DCSF"),
        ("2008/09 data awaited", "awaited", "2008/09 data awaited"),
        ("To follow – will be informed by outcomes 2008.", "to follow", "will be informed by outcomes 2008."),
        ("Not available (not required at National Level)", "not available", "not required at National Level"),
        ("Not yet available", "not available", ""),
        ("N/A", "not applicable", ""),
        ("No Target Set", "no target set", ""),
        ("suppressed", "suppressed", ""),
        ("*", "suppressed", ""),
        ("Improve year on year", "remark", ""),
    ],
)
def test_a_non_value_is_data(printed: str, status: str, note: str) -> None:
    assert read_cell(printed) == (CellReading(status=status, note=note),)


@pytest.mark.parametrize("status", [status for status, _ in NON_VALUES if status != "suppressed"])
def test_each_non_value_has_a_spelling_of_its_own(status: str) -> None:
    assert status in {read_cell(spelling)[0].status for spelling in SPELLINGS}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_figure_behind_a_non_value_is_asked_about(spelling: str) -> None:
    assert read_cell(f"{spelling} 77.6")[0].says


@pytest.mark.parametrize(
    "printed",
    [
        *("-", "–", "?", "%", "x", "NA", "nil", "6.8.", "12.", ".5", "1O.5", "l2.5", "IO.S", "7,35%", "12,34", "066.8"),
        *("66 .8", "66. 8", "- 3.4", "(3.4)", "3.4-", "72.1 p", "72.1 54.9", "77.6 (54.9)", "1:20", "£1.5m"),
        *("5% reduction", ">90%", "At least 95%", "Top 25%", "61% to 99%", "Level 4 45.2", "From 45 To 50"),
        *("Reduce to 4.5% by 2011", "98.5% (98.4% in 2007/08)", "Target 2009 Actual 72.1"),
    ],
)
def test_what_cannot_be_read_for_certain_is_never_guessed(printed: str) -> None:
    (reading,) = read_cell(printed)

    assert reading.says
    assert (reading.value, reading.status) == (None, "")


def test_the_answers_offered_are_figures_that_stand_apart() -> None:
    assert read_cell("Between 5 and 6%")[0].choices == ("5", "6%")
    assert read_cell("1O.5")[0].choices == ()


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("% half days missed in Secondary Schools", "percent"),
        ("Key Stage 2: proportion achieving Level 4+", "percent"),
        ("Reduce the number of placements by 5%", "count"),
        ("Percentage of the number of placements", "percent"),
        ("Narrowing the gap between the lowest achieving 20% and the rest", "gap"),
        ("Average School Quality Rating (5 point scale)", "score"),
        ("Number of pupils permanently excluded per 1,000 pupils", "per 1,000"),
        ("Children who have experienced bullying", ""),
    ],
)
def test_a_title_says_what_its_measure_counts_in(title: str, unit: str) -> None:
    assert titled_unit(title) == unit


@pytest.mark.parametrize(
    ("title", "printed", "unit"),
    [
        ("Average Parent Rating", ["92%", "N/A", "87%"], "percent"),
        ("Rate of exclusions per 1,000 pupils", ["1.5%", "1.4%"], "percent"),
        ("Rate of exclusions per 1,000 pupils", ["1.5", "1.4"], "per 1,000"),
        ("Pupils excluded", ["223", "98"], "count"),
        ("Pupils excluded", ["23", "98"], ""),
        ("The attainment gap", ["33.8", "28.7"], "gap"),
    ],
)
def test_a_measure_has_one_unit(title: str, printed: list[str], unit: str) -> None:
    assert measure_unit(title, [reading for cell in printed for reading in read_cell(cell)]) == (unit, "")

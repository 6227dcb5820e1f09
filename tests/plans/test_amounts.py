"""The one amount parser: every spelling a person types, and those that are refused in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.amounts import AmountError, parse_amount

READ = {
    "": None,
    "   ": None,
    "\u00a0": None,
    "0": "0",
    "0.0": "0.0",
    "-0.0": "0.0",
    "5": "5",
    "05": "5",
    ".5": "0.5",
    "1234.5": "1234.5",
    "1,234.5": "1234.5",
    "1,234,567.89": "1234567.89",
    "£1,234": "1234",
    "£ 1,234": "1234",
    "-1": "-1",
    "- 1": "-1",
    "−1": "-1",
    "–1,870.2": "-1870.2",
    "—3": "-3",
    "‑3": "-3",
    "£-2,954,600": "-2954600",
    "-£2,954,600": "-2954600",
    "(1,234.5)": "-1234.5",
    "(£1,234.5)": "-1234.5",
    "1,234.5-": "-1234.5",
    "1 234.5": "1234.5",
    "1\u00a0234.5": "1234.5",
    "1\u202f234.5": "1234.5",
    "  12.50  ": "12.50",
    "999,999,999,999.99": "999999999999.99",
}
REFUSED = [
    "-",
    "–",
    "£",
    "()",
    "12k",
    "1.5K",
    "1e5",
    "1E5",
    "1_000",
    "NaN",
    "nan",
    "inf",
    "-Infinity",
    "१२३",
    "٣",
    "１２",
    "12,34.5",
    "1,23",
    "1,2345",
    "1.234.5",
    "12.",
    "1..5",
    "--1",
    "-(1)",
    "(1",
    "1)",
    "(-1)",
    "+1",
    "1%",
    "$1",
    "€1",
    "0x10",
    "1/2",
    "½",
    "one",
    "1,234.5 FTE",
    "1\x00",
]


@pytest.mark.parametrize(("typed", "amount"), READ.items())
def test_an_amount_is_read_exactly(typed: str, amount: str | None) -> None:
    read = parse_amount(typed)

    assert (str(read) if read is not None else None) == amount


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_amount_is_refused_in_words(typed: str) -> None:
    with pytest.raises(AmountError) as refusal:
        parse_amount(typed)

    assert len(refusal.value.says) > 20


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**11), max_value=10**11))
def test_every_spelling_of_an_amount_is_the_amount(amount: Decimal) -> None:
    spellings = [f"{amount:,}", f"{amount}", f"£{amount:,}", f" {amount:,} "]
    if amount < 0:
        spellings += [f"({-amount:,})", f"−{-amount:,}", f"{-amount:,}-"]

    assert {parse_amount(spelling) for spelling in spellings} == {amount}


@given(st.text(max_size=12))
def test_any_text_is_an_amount_a_blank_or_a_refusal(text: str) -> None:
    try:
        amount = parse_amount(text)
    except AmountError:
        return
    assert amount is None or amount.is_finite()
    assert amount is None or any(digit in text for digit in "0123456789")

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
    "£12k",
    "(12k)",
    "2m",
    "1.2bn",
    "k",
    "1.2.3k",
    "1 e5",
    "1__000",
    "１,２３４",
    "۱۲۳",
    "²",
    "Ⅻ",
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


def test_the_table_holds_every_way_that_people_write_an_amount() -> None:
    assert len(READ) + len(set(REFUSED)) >= 60


@pytest.mark.parametrize(
    ("typed", "asks"),
    [
        ("12k", "“12k”: do you mean 12 or 12,000?"),
        ("-1.5K", "“-1.5K”: do you mean 1.5 or 1,500?"),
        ("£2m", "“£2m”: do you mean 2 or 2,000,000?"),
        ("1,200k", "“1,200k”: do you mean 1,200 or 1,200,000?"),
    ],
)
def test_a_shortened_amount_is_asked_about(typed: str, asks: str) -> None:
    with pytest.raises(AmountError) as refusal:
        parse_amount(typed)

    assert refusal.value.says.startswith(asks)


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

"""What people type as an amount."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from plans.fields import FteField, MoneyField
from plans.form_fields import AmountField


@pytest.fixture
def money() -> AmountField:
    return MoneyField(null=True, blank=True).formfield(form_class=AmountField)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1,870.2", Decimal("1870.2")),
        ("-1,870.2", Decimal("-1870.2")),
        ("(1,870.2)", Decimal("-1870.2")),
        (" £1,870.2 ", Decimal("1870.2")),
        ("0", Decimal(0)),
        ("12.50000", Decimal("12.5")),
        ("999999999.99999", Decimal("999999999.99999")),
        ("", None),
        ("  ", None),
    ],
)
def test_amount_is_read_as_people_write_it(money: AmountField, typed: str, amount: Decimal | None) -> None:
    assert money.clean(typed) == amount


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("twelve", "is not an amount"),
        ("1e5", "is not an amount"),
        ("1_000", "is not an amount"),
        ("١٢٣", "is not an amount"),
        ("NaN", "is not an amount"),
        ("Infinity", "is not an amount"),
        ("12k", "do you mean 12 or 12,000?"),
        ("1.234567", "more than 5 decimal places"),
        ("1000000000", "at most 9 digits before the point"),
        ("9" * 5000, "at most 100 characters"),
        ("1\x002", "Null characters"),
    ],
)
def test_what_is_no_amount_is_refused_in_words(money: AmountField, typed: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        money.clean(typed)


def test_posts_have_two_decimals() -> None:
    with pytest.raises(ValidationError, match="more than 2 decimal places"):
        FteField(null=True, blank=True).formfield(form_class=AmountField).clean("1.234")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (Decimal("1870.20"), "1,870.2"),
        (Decimal("-1870.25"), "-1,870.25"),
        (Decimal("150.00"), "150.0"),
        (Decimal("-0.00"), "0.0"),
        (Decimal("12345.67891"), "12,345.67891"),
        (None, None),
        ("12x", "12x"),
    ],
)
def test_stored_amount_is_shown_as_printed_and_typed_text_as_typed(
    money: AmountField, stored: object, shown: object
) -> None:
    assert money.prepare_value(stored) == shown


@pytest.mark.parametrize(
    ("before", "typed", "changed"),
    [
        (Decimal("1870.20"), "1,870.2", False),
        (Decimal("1870.20"), "1870.21", True),
        (None, "", False),
        (None, "0", True),
        (Decimal(0), "", True),
        (Decimal(5), "5x", True),
    ],
)
def test_amount_has_changed_only_where_its_value_has(
    money: AmountField, before: Decimal | None, typed: str, changed: bool
) -> None:
    assert money.has_changed(before, typed) is changed

"""Form fields for what people type in the council's way."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from plans.amounts import AmountError, parse_amount


class AmountField(forms.CharField):
    """An amount as people type or paste it ("-1,870.2", "(1,870.2)"), or a blank; refused rather than rounded.

    Give it to a decimal model field as its form class. What was typed stays in the box when it is refused.
    """

    def __init__(self, *, max_digits: int, decimal_places: int, **kwargs: Any) -> None:
        self.whole_digits = max_digits - decimal_places
        self.decimal_places = decimal_places
        # A form holds text of any length; no amount needs more than this.
        super().__init__(max_length=100, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A stored amount as the plan prints it: one decimal, more only where it has more."""
        if not isinstance(value, Decimal):
            return value
        exact = value.normalize()
        places = max(-int(exact.as_tuple().exponent), min(1, self.decimal_places))
        return f"{exact or abs(exact):,.{places}f}"

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            amount = parse_amount(text)
        except AmountError as error:
            raise ValidationError(error.says, code="amount") from error
        if amount is not None:
            self._refuse_what_does_not_fit(amount, text)
        return amount

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # The decimal keyboard of a phone; no list of what was typed in other forms.
        return {"inputmode": "decimal", "autocomplete": "off", "spellcheck": "false"}

    def _refuse_what_does_not_fit(self, amount: Decimal, text: str) -> None:
        exact = amount.normalize()
        if -int(exact.as_tuple().exponent) > self.decimal_places:
            raise ValidationError(
                f"“{text}” has more than {self.decimal_places} decimal places: "
                "type the figure as it should be kept, since none is rounded here.",
                code="decimal_places",
            )
        if exact.adjusted() >= self.whole_digits:
            raise ValidationError(
                f"“{text}” is too large: at most {self.whole_digits} digits before the point.", code="whole_digits"
            )


class WordsField(forms.CharField):
    """Words of any length; the ends of lines as the database keeps them, not as browsers send them."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n")

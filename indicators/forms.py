"""The forms on a figure of a measure, and on what the measure is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator

from indicators.models import Figure, FigureStatus, Indicator, Polarity
from plans.editing import VersionedForm
from plans.form_fields import AmountField, WordsField

MOST_PLACES = 6
PER_CENT = re.compile(r"(?<=\S)\s*(?:%|per ?cent)$", re.IGNORECASE)


class MeasureValueField(AmountField):
    """A value of a measure as people type it, kept with its decimals; "6.8%" where the measure counts in per cent."""

    in_percent = False

    def prepare_value(self, value: Any) -> Any:
        return f"{value or abs(value):,f}" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        typed = str(value or "").strip()
        figure = PER_CENT.sub("", typed)
        if figure != typed and not self.in_percent:
            raise ValidationError(
                f"“{typed}”: this measure is not known to count in per cent. Type the figure without the sign.",
                code="percent",
            )
        return super().clean(figure)


STATUSES = [
    (str(status), "Value given" if status == FigureStatus.VALUE else str(label))
    for status, label in FigureStatus.choices
]


@dataclass(frozen=True, slots=True)
class Control:
    """A control of the form: its name, what stands in it, and what is wrong with it."""

    name: str
    id: str
    label: str
    value: str
    errors: Sequence[str]


class FigureForm(VersionedForm):
    """One figure of a measure: its value, or why there is none, and a note. `group` and `when` say which it is.

    templates/rows/figure_fields.html writes its controls: by Django's widgets, those of 53 figures take longer than
    everything else on the page.
    """

    status = forms.ChoiceField(choices=STATUSES)

    class Meta:
        model = Figure
        fields = ("value", "status", "note")
        field_classes = {"value": MeasureValueField, "note": WordsField}
        widgets = {"note": forms.Textarea(attrs={"rows": 1})}

    def __init__(self, *args: Any, group: str, when: str, in_percent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group, self.when = group, when
        self.named = named = ", ".join(filter(None, (group, when)))
        value: Any = self.fields["value"]
        value.in_percent = in_percent
        # In a list of errors or differences a label stands without the figure's heading.
        for name, label in (("value", "value"), ("status", "status"), ("note", "note")):
            self.fields[name].label = f"{named}, {label}"

    @property
    def controls(self) -> dict[str, Control]:
        """What the page shows of each field."""
        return {name: self._control(name) for name in ("version", "value", "status", "note")}

    @property
    def own_errors(self) -> Sequence[str]:
        """The errors of no one field."""
        return [str(error) for error in self.non_field_errors()]

    @property
    def as_printed(self) -> str:
        """What was printed, where it says more than the value itself."""
        figure: Figure = self.instance
        said = {str(figure.value), f"{figure.value}%", figure.get_status_display()}
        return "" if figure.printed.strip().casefold() in {word.casefold() for word in said} else figure.printed

    def _control(self, name: str) -> Control:
        bound = self[name]
        value = bound.value()
        return Control(
            name=bound.html_name,
            id=bound.auto_id,
            label=str(bound.label),
            value="" if value is None else str(value),
            errors=[str(error) for error in bound.errors],
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "value" in cleaned and "status" in cleaned:
            is_given = cleaned["value"] is not None
            if is_given and cleaned["status"] != FigureStatus.VALUE:
                reason = FigureStatus(cleaned["status"]).label
                self.add_error(
                    "status",
                    f"A value is given, so “{reason}” cannot stand by it: choose “Value given”, or clear the value.",
                )
            elif not is_given and cleaned["status"] == FigureStatus.VALUE:
                self.add_error("value", "Give the value, or choose why there is none.")
        return cleaned


class DefinitionForm(VersionedForm):
    """What a measure is, wherever it is printed. Its code and title stay as the plans print them."""

    class Meta:
        model = Indicator
        fields = ("definition", "polarity", "measure_unit", "decimal_places")
        field_classes = {"definition": WordsField}
        widgets = {"definition": forms.Textarea(attrs={"rows": 4})}
        labels = {"polarity": "Which is better", "measure_unit": "Counted in"}
        help_texts = {
            "definition": "What is counted, of whom, and when: so that two people would arrive at the same figure.",
            "polarity": "",
            "decimal_places": "With how many decimals its figures are given, 0 to 6.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        polarity: Any = self.fields["polarity"]
        polarity.choices = [("", "Nobody has said yet"), *Polarity.choices]
        measure_unit: Any = self.fields["measure_unit"]
        measure_unit.choices = [("", "The plan does not say"), *measure_unit.choices[1:]]
        self.fields["decimal_places"].validators.append(MaxValueValidator(MOST_PLACES))

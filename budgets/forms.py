"""The forms on budget lines: change one, add one, remove one, put a unit's lines in another order."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms

from budgets.models import TYPED_FIGURES, BudgetLine
from budgets.ordering import ordered, place_after
from plans.editing import REMOVE, VersionedForm
from plans.form_fields import AmountField

LONGEST_ACTIVITY = 200


class LineForm(VersionedForm):
    """The activity and the typed figures of a line: money in £000, posts in FTE. The rest is computed."""

    activity = forms.CharField(max_length=LONGEST_ACTIVITY, error_messages={"required": "Enter the activity."})

    class Meta:
        model = BudgetLine
        fields = (
            "activity",
            "prior_controllable",
            "prior_fte",
            "fte",
            "employee",
            "running",
            "contracts",
            "external_income",
            "internal_income",
        )
        field_classes = dict.fromkeys(TYPED_FIGURES, AmountField)
        help_texts = {
            "external_income": "Income is negative.",
            "internal_income": "Income is negative.",
        }


class NewLineForm(LineForm):
    """A line that is not there yet, and the line after which it is to stand."""

    after = forms.ChoiceField(label="Where does it stand?", required=False)

    def __init__(self, *args: Any, lines: Sequence[BudgetLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        named = [(str(line.pk), f"After {line.activity}") for line in self.lines[:-1]]
        field = self.fields["after"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "At the end"), *named]
        field.error_messages["invalid_choice"] = "That line is no longer there. Choose again."

    @property
    def stale(self) -> bool:
        return False  # nothing stands yet that another could have changed

    @property
    def altered(self) -> list[str]:
        # A line that stands already in the same words was added by this form, which was sent twice.
        return [] if self._stands else super().altered

    @cached_property
    def _stands(self) -> bool:
        unit, plan = self.instance.unit, self.instance.plan
        activity = str(self["activity"].data or "").strip()
        if not activity or "\x00" in activity:
            return False
        there = BudgetLine.objects.for_plan(plan).for_unit(unit).filter(activity=activity).first()
        return there is not None and not LineForm(self.data, instance=there).altered

    def save(self, commit: bool = True) -> BudgetLine:
        chosen = self.cleaned_data.get("after")
        after = next((line for line in self.lines if str(line.pk) == chosen), None)
        self.instance.position, moved = place_after(after, self.lines)
        if moved:
            BudgetLine.objects.bulk_update(moved, ["position"])
        line: BudgetLine = super().save(commit)
        return line


class RemoveForm(LineForm):
    """A line that is to go, with its figures as they were seen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = forms.HiddenInput()

    @property
    def altered(self) -> list[str]:
        return [*super().altered, REMOVE]

    def save(self, commit: bool = True) -> BudgetLine:
        line: BudgetLine = self.instance
        line.delete()
        return line


class OrderForm(forms.Form):
    """The places of a unit's lines, from 1; and in which order they stood when the form was opened."""

    opened = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100_000)

    def __init__(self, data: Any = None, *, lines: Sequence[BudgetLine], opened: Sequence[str] | None = None) -> None:
        super().__init__(data)
        self.lines = list(lines)
        self.initial["opened"] = ",".join(opened or (str(line.pk) for line in self.lines))
        for place, line in enumerate(self.lines, start=1):
            self.fields[f"place-{line.pk}"] = forms.IntegerField(
                label=f"Place of {line.activity}",
                initial=place,
                min_value=1,
                max_value=9999,
                error_messages={
                    "required": "Enter a place.",
                    "invalid": "A place is a whole number, such as 2.",
                    "min_value": "Places are counted from 1.",
                    "max_value": "There are not so many places.",
                },
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    @property
    def seen(self) -> list[str]:
        """The lines in the order in which they stood when the form was opened, by id."""
        return [pk for pk in str(self["opened"].data or "").split(",") if pk]

    @property
    def rows(self) -> list[tuple[BudgetLine, forms.BoundField]]:
        """Each line with the control of its place."""
        return [(line, self[f"place-{line.pk}"]) for line in self.lines]

    def wanted(self) -> list[BudgetLine]:
        """The lines in the order that was typed; the form is valid."""
        return ordered(self.lines, [self.cleaned_data[f"place-{line.pk}"] for line in self.lines])

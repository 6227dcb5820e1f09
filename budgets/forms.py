"""The form on a budget line."""

from django import forms

from budgets.models import TYPED_FIGURES, BudgetLine
from plans.editing import VersionedForm
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

"""The form on a doubt: one of the choices or a value that is typed, and the reason."""

import uuid
from typing import Any

from django import forms

from indicators.parsing.values import read_cell
from kentplan.doubts.questions import Question
from plans.amounts import AmountError, parse_amount
from plans.changes import MINUS
from plans.editing import ReasonForm
from plans.fields import MoneyField

OTHER = "other"
_ONE_DECIMAL = MoneyField()


class AnswerForm(forms.Form):
    """An answer to one question. Nothing is chosen beforehand; `value` is what it comes to."""

    choice = forms.ChoiceField(
        label="What is right?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is right, or type another value."},
    )
    other = forms.CharField(label="Another value", required=False, max_length=2000)

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        choices = [(str(at), words) for at, (_, words) in enumerate(question.choices)]
        if question.may_type:
            choices.append((OTHER, "Another value" if choices else "This value"))
        self.choice_field.choices = choices
        if question.is_amount:
            self.fields["other"].help_text = "A figure as the table prints it, for example -1,234.5."

    @property
    def choice_field(self) -> forms.ChoiceField:
        field = self.fields["choice"]
        assert isinstance(field, forms.ChoiceField)
        return field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        choice = cleaned.get("choice")
        if choice == OTHER:
            cleaned["value"] = self._typed(cleaned.get("other", ""))
        elif choice:
            cleaned["value"] = self.question.choices[int(choice)][0]
        return cleaned

    def _typed(self, text: str) -> str:
        """What was typed, as the document would print it."""
        text = " ".join(text.split())
        if not text:
            self.add_error("other", "Type the value, or choose one.")
            return ""
        if not self.question.is_amount:
            unsure = [one.says for one in read_cell(text) if one.says] if self._is_figure_cell else []
            if unsure:
                self.add_error("other", unsure[0])
            return text
        try:
            amount = parse_amount(text)
        except AmountError as error:
            self.add_error("other", error.says)
            return ""
        assert amount is not None
        if len(amount.as_tuple().digits) > 14:
            self.add_error("other", "That is more than a figure of a plan can be.")
        one_decimal = self.question.column not in ("amount", "number", "difference")
        return _ONE_DECIMAL.words(amount).replace(MINUS, "-") if one_decimal else f"{amount:,f}"

    @property
    def _is_figure_cell(self) -> bool:
        """Whether the question is of a figure of a measure: "actual 2007/08", "England 2007/08"."""
        return self.question.column[-2:].isdecimal() and "20" in self.question.column


class RequiredReasonForm(ReasonForm):
    """Why, and the page's own number. An answer without a reason is none."""

    why = forms.CharField(
        label="Why?",
        help_text="The reason stands beside the answer, with your name.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say how you know."},
    )

    def renewed(self) -> "RequiredReasonForm":
        """The same with another token, after a refusal that may have used this one up."""
        return RequiredReasonForm({"why": self.data.get("why", ""), "token": str(uuid.uuid4())})

"""The forms on an action and its deliverables."""

from html import escape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from plans.editing import REMOVE, VersionedForm
from plans.form_fields import WordsField
from projects.loading import days
from projects.models import Deliverable, KeyAction
from projects.parsing.dates import read_cell
from projects.reporting import due_in_words

LONGEST_DATE = 200
FOR_EXAMPLE = "for example March 2010, 31 March 2010, March to September 2009 or on-going"


class ActionForm(VersionedForm):
    """The words of an action."""

    class Meta:
        model = KeyAction
        fields = ("text",)
        field_classes = {"text": WordsField}
        labels = {"text": "Action"}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"text": {"required": "Enter the action."}}


class DeliverableForm(VersionedForm):
    """What an action is to deliver and by when, in words; a date is kept as precisely as it is typed.

    `year` is the plan's, near which years are read; the `last` deliverable of an action is not removed.
    """

    remove = forms.BooleanField(required=False, label="Remove this deliverable")

    class Meta:
        model = Deliverable
        fields = ("text", "due_printed")
        field_classes = {"text": WordsField, "due_printed": forms.CharField}
        labels = {"text": "Deliverable", "due_printed": "Due"}
        widgets = {"text": forms.Textarea(attrs={"rows": 3}), "due_printed": forms.TextInput}

    def __init__(self, *args: Any, year: str, number: int, last: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year, self.number, self.last = year, number, last
        if self.instance.pk is None:
            del self.fields[REMOVE]
        # In a list of errors or differences a label stands without the deliverable's heading.
        for name, label in (("text", f"Deliverable {number}"), ("due_printed", f"Deliverable {number}, due")):
            self.fields[name].label = label

    @property
    def read_as(self) -> str:
        """How the date that is stored was read."""
        stored = self.instance
        return due_in_words(stored.due_start, stored.due_end, stored.due_precision)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text and (self.instance.pk is None or self.initial.get("text")) and not self._removes:
            raise ValidationError("Say what is to be delivered.", code="required")
        return text

    def clean_due_printed(self) -> str:
        words: str = self.cleaned_data["due_printed"]
        if len(words) > LONGEST_DATE and "due_printed" in self.changed_data:
            raise ValidationError(f"A date needs at most {LONGEST_DATE} letters.", code="max_length")
        # What was printed stays as it was read, which a declared correction may have decided.
        if "due_printed" in self.changed_data:
            self._read(words)
        return words

    def clean_remove(self) -> bool:
        if self._removes and self.last:
            raise ValidationError(
                "An action keeps at least one deliverable: change the words of this one instead.", code="last"
            )
        return self._removes

    def save(self, commit: bool = True) -> Deliverable:
        deliverable: Deliverable = self.instance
        if self._removes:
            deliverable.delete()
        else:
            super().save(commit)
        return deliverable

    @property
    def _removes(self) -> bool:
        return REMOVE in self.fields and REMOVE in self.changed_data

    def _read(self, words: str) -> None:
        """Give the row the date that `words` say; other words are kept as such, unless they look like a broken date."""
        dates = read_cell(escape(words, quote=False), self.year).dates
        if len(dates) > 1:
            raise ValidationError(
                f"“{words}” gives {len(dates)} dates. Give one, and add a deliverable for each of the others.",
                code="several",
            )
        damaged = next((one.damaged for one in dates), "")
        if damaged:
            raise ValidationError(f"“{words}” is not read: {damaged} Type it {FOR_EXAMPLE}.", code="damaged")
        start, end = days(dates[0].due) if dates else (None, None)
        row = self.instance
        row.due_start, row.due_end = start, end
        row.due_precision = dates[0].precision if dates else ""

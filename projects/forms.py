"""The forms on an action and its deliverables."""

from html import escape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from plans.editing import REMOVE, VersionedForm
from plans.form_fields import WordsField
from plans.parsing import references
from projects.loading import days
from projects.models import Deliverable, KeyAction
from projects.parsing.dates import read_cell
from projects.reporting import due_in_words

LABELS = {"due_printed": "due", "managers": "managers", "links": "serves"}
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

    def save(self, commit: bool = True) -> KeyAction:
        action: KeyAction = super().save(commit)
        action.tie()  # an action may name its own target: "TARGET 12: …"
        return action


class DeliverableForm(VersionedForm):
    """What an action is to deliver and by when, who answers for it and what it serves, in words.

    One that is added has the managers and links of the others where none are given. A date is kept as precisely as it
    is typed. The action is tied to the officers and corporate targets that are named.
    `year` is the plan's, near which years are read; the `last` deliverable of an action is not removed.
    """

    remove = forms.BooleanField(required=False, label="Remove this deliverable")

    class Meta:
        model = Deliverable
        fields = ("text", "due_printed", "managers", "links")
        field_classes = dict.fromkeys(("text", "managers", "links"), WordsField) | {"due_printed": forms.CharField}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})} | dict.fromkeys(LABELS, forms.TextInput)

    def __init__(self, *args: Any, year: str, number: int, last: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year, self.number, self.last = year, number, last
        self._shared: dict[str, str] = {}
        if self.instance.pk is None:
            del self.fields[REMOVE]
            # Left blank, they are what the others have; so a blank form is blank whatever those are by then.
            self._shared = {"managers": self.instance.managers, "links": self.instance.links}
            self.initial.update(managers="", links="")
        # In a list of errors or differences a label stands without the deliverable's heading.
        self.fields["text"].label = f"Deliverable {number}"
        for name, label in LABELS.items():
            self.fields[name].label, self.fields[name].help_text = f"Deliverable {number}, {label}", ""

    @property
    def read_as(self) -> str:
        """How the date that is stored was read."""
        stored = self.instance
        return due_in_words(stored.due_start, stored.due_end, stored.due_precision)

    @property
    def counts_towards(self) -> str:
        """The corporate targets that the stored words are known to name."""
        named = (f"{scheme} {code}".strip() for scheme, code in references(self.instance.links))
        return ", ".join(named) or "no corporate target that is known"

    def words(self, name: str, value: Any) -> str:
        return super().words(name, value) or self._shared.get(name, "")

    def clean_managers(self) -> str:
        return self.cleaned_data["managers"] or self._shared.get("managers", "")

    def clean_links(self) -> str:
        return self.cleaned_data["links"] or self._shared.get("links", "")

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
        comes_or_goes = self._removes or deliverable.pk is None
        if self._removes:
            deliverable.delete()
        else:
            super().save(commit)
        if comes_or_goes or {"managers", "links"} & set(self.changed_data):
            deliverable.action.tie()
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

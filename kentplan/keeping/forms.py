"""The forms on units, their places and other names, on periods and on plans."""

from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from kentplan.loading import free_slug
from plans.editing import REMOVE, VersionedForm
from plans.models import (
    Alias,
    AliasSubject,
    Division,
    FinancialYear,
    Period,
    PeriodState,
    Plan,
    PlanState,
    Portfolio,
    Unit,
    UnitYear,
)
from plans.names import name_key

LONGEST_NAME = 200
# From each state the ones that a plan may be put into, as the database has it.
MOVES = {
    PlanState.DRAFT: (PlanState.DRAFT, PlanState.ADOPTED),
    PlanState.ADOPTED: (PlanState.DRAFT, PlanState.ADOPTED, PlanState.CLOSED),
    PlanState.CLOSED: (PlanState.ADOPTED, PlanState.CLOSED),
}
EFFECTS = {
    PlanState.DRAFT: "Draft: everything in it may change, and its documents are loaded",
    PlanState.ADOPTED: "Adopted: budgets stand; measures and actions change with a reason; nothing is loaded",
    PlanState.CLOSED: "Closed: nothing in it changes any more",
}
PERIOD_EFFECTS = {
    PeriodState.OPEN: "Open: figures are returned for it",
    PeriodState.CLOSED: "Closed: the figures returned for it no longer change",
}


class NewRow(VersionedForm):
    """A form on a row that is not there yet: nothing stands that another could have changed."""

    @property
    def stale(self) -> bool:
        return False

    @property
    def altered(self) -> list[str]:
        # A row that stands already in the same words was added by this form, which was sent twice.
        return [] if self._stands else super().altered

    @cached_property
    def _stands(self) -> bool:
        there = self.there() if self.is_bound else None
        return there is not None and not self.plain(self.data, instance=there).altered

    plain: ClassVar[type[VersionedForm]]

    def there(self) -> models.Model | None:
        """The row that there is already by what makes it the one that it is; `plain` is the form on it."""
        raise NotImplementedError

    def typed(self, name: str) -> str:
        return str(self[name].data or "").replace("\0", "").strip()


class UnitForm(VersionedForm):
    """The name of a unit. Its address stays, since others link to it."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        error_messages={"required": "Enter the name of the unit."},
        help_text="The next load knows the unit by this name and by its other names.",
    )

    class Meta:
        model = Unit
        fields: tuple[str, ...] = ("name",)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        self.refuse_what_is_taken(name)
        return name

    def refuse_what_is_taken(self, name: str) -> None:
        key = name_key(name)
        if not key:
            raise ValidationError("A name needs at least one letter or figure.")
        others = Unit.objects.exclude(pk=self.instance.pk)
        if any(name_key(other) == key for other in others.values_list("name", flat=True)):
            raise ValidationError("There is already a unit of that name.")
        alias = Alias.objects.about(AliasSubject.UNIT).filter(key=key).exclude(unit=self.instance.pk).first()
        if alias is not None and alias.unit is not None:
            raise ValidationError(f"“{name}” is declared to be another name of {alias.unit.name}.")


class NewUnitForm(NewRow, UnitForm):
    plain = UnitForm

    class Meta(UnitForm.Meta):
        fields = ("directorate", "name")

    def there(self) -> Unit | None:
        return Unit.objects.filter(name=self.typed("name")).first()

    def save(self, commit: bool = True) -> Unit:
        self.instance.slug = free_slug(self.instance.name)
        self.instance.reason = "entered here"
        unit: Unit = super().save(commit)
        return unit


class PlaceForm(VersionedForm):
    """Where a unit stands in one year."""

    class Meta:
        model = UnitYear
        fields: tuple[str, ...] = ("division", "portfolio", "cabinet_member")
        labels = {"cabinet_member": "Cabinet Member"}
        help_texts = {"cabinet_member": "Initials, as plans print them."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        directorate = self.instance.unit.directorate_id
        for name, model in (("division", Division), ("portfolio", Portfolio)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = model._default_manager.filter(directorate=directorate)
            field.empty_label = "none"
        self.fields["cabinet_member"].max_length = 20  # type: ignore[attr-defined]


class NewPlaceForm(NewRow, PlaceForm):
    """A unit's place in a year in which it has none yet."""

    plain = PlaceForm

    class Meta(PlaceForm.Meta):
        fields = ("year", *PlaceForm.Meta.fields)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["year"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = FinancialYear.objects.exclude(unit_years__unit=self.instance.unit).order_by("-start")
        field.empty_label = None

    def there(self) -> UnitYear | None:
        year = self.typed("year")
        if not (year.isascii() and year.isdecimal() and len(year) < 10):
            return None
        return UnitYear.objects.for_unit(self.instance.unit).filter(year=int(year)).select_related("unit").first()


class AliasForm(VersionedForm):
    """Another name that plans print, what it stands for, and why the two are one."""

    name = forms.CharField(
        label="The name as printed",
        max_length=LONGEST_NAME,
        error_messages={"required": "Enter the name as printed."},
    )
    stands_for = forms.CharField(
        label="The name it stands for", max_length=LONGEST_NAME, required=False, help_text="Leave blank for a unit."
    )

    class Meta:
        model = Alias
        fields: tuple[str, ...] = ("name", "unit", "stands_for", "reason")
        labels = {"unit": "The unit it stands for", "reason": "Why are the two names one?"}
        help_texts = {"unit": "Leave blank for anything but a unit.", "reason": ""}
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"reason": {"required": "Say why the two names are one."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.empty_label = "Choose a unit"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        name = cleaned.get("name", "")
        self.instance.key = name_key(name)
        if name and not self.instance.key:
            self.add_error("name", "A name needs at least one letter or figure.")
        subject = cleaned.get("subject") or self.instance.subject
        if subject == AliasSubject.UNIT and not cleaned.get("unit"):
            self.add_error("unit", "Choose the unit that it is another name of.")
        elif subject == AliasSubject.UNIT and name:
            self._refuse_a_unit_of_its_own(name)
        elif subject and not cleaned.get("stands_for"):
            self.add_error("stands_for", "Enter the name that it stands for.")
        if subject == AliasSubject.UNIT:
            cleaned["stands_for"] = ""
        else:
            cleaned["unit"] = None
        taken = Alias.objects.filter(subject=subject, key=self.instance.key).exclude(pk=self.instance.pk)
        if self.instance.key and taken.exists():
            self.add_error("name", "That name is already declared to stand for something.")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"key"}  # it follows from the name, which is told of it

    def _refuse_a_unit_of_its_own(self, name: str) -> None:
        own = [unit for unit in Unit.objects.all() if name_key(unit.name) == self.instance.key]
        if own:
            self.add_error("name", f"“{name}” is the name of a unit of its own.")


class NewAliasForm(NewRow, AliasForm):
    plain = AliasForm

    class Meta(AliasForm.Meta):
        fields = ("subject", *AliasForm.Meta.fields)
        labels = AliasForm.Meta.labels | {"subject": "What is it a name of?"}

    def there(self) -> Alias | None:
        return Alias.objects.filter(subject=self.typed("subject"), key=name_key(self.typed("name"))).first()


class AliasRemoveForm(AliasForm):
    """A name that is to go, as it was seen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = forms.HiddenInput()

    @property
    def altered(self) -> list[str]:
        return [*super().altered, REMOVE]

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data  # what goes need not be right

    def _post_clean(self) -> None:
        pass

    def save(self, commit: bool = True) -> Alias:
        alias: Alias = self.instance
        alias.delete()
        return alias


class PeriodForm(VersionedForm):
    """Whether a period is open, and by when units return their figures."""

    some_need_reason = True

    state = forms.ChoiceField(label="State", choices=[(state.value, words) for state, words in PERIOD_EFFECTS.items()])

    class Meta:
        model = Period
        fields = ("state", "return_by")
        labels = {"return_by": "Units return their figures by"}
        help_texts = {"return_by": "Blank where no day is set."}
        widgets = {"return_by": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    @property
    def needs_reason(self) -> bool:
        return self.initial["state"] == PeriodState.CLOSED or "state" in (self.altered if self.is_bound else ())


class PlanForm(VersionedForm):
    """The name of a plan, and its state, from which follows what may change in it."""

    some_need_reason = True

    name = forms.CharField(max_length=LONGEST_NAME, error_messages={"required": "Enter the name of the plan."})
    state = forms.ChoiceField(label="State")

    class Meta:
        model = Plan
        fields = ("name", "state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(state.value, EFFECTS[state]) for state in MOVES[PlanState(self.initial["state"])]]
        field.error_messages["invalid_choice"] = "A plan does not become that at once: it is adopted in between."

    @property
    def needs_reason(self) -> bool:
        return self.initial["state"] != PlanState.DRAFT or "state" in (self.altered if self.is_bound else ())

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.initial["state"] == PlanState.CLOSED and name != self.initial["name"]:
            raise ValidationError("The plan is closed: it keeps its name.")
        return name

"""The forms on people and on the roles they are granted."""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.db import connection
from django.db.models.functions import Lower
from django.utils import timezone

from people.models import Grant, Role, User
from people.sessions import end_sessions
from plans.editing import REMOVE, VersionedForm
from plans.models import Portfolio, Unit

LONGEST_NAME = 200
LAST = "This is the last plan administrator who may sign in. Make another one first."


class _Boxes(forms.CheckboxSelectMultiple):
    def __init__(self) -> None:
        super().__init__(attrs={"class": "govuk-checkboxes__input"})


class PersonForm(VersionedForm):
    """A person's name and address, and whether they may sign in. `by` is who changes it."""

    name = forms.CharField(max_length=LONGEST_NAME, error_messages={"required": "Enter a name."})

    class Meta:
        model = User
        fields = ("name", "email", "is_active")
        help_texts = {
            "email": "The person signs in with it, and links for setting a password go there.",
            "is_active": "Whoever may not is signed out at the next step, and keeps roles and history.",
        }
        error_messages = {
            "email": {"unique": "Somebody else has this address.", "required": "Enter an e-mail address."}
        }

    def __init__(self, *args: Any, by: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    @property
    def needs_reason(self) -> bool:
        return self.is_bound and "is_active" in self.altered

    def clean_email(self) -> str:
        # Two at once with one address: the second waits here, and then finds the first.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('people.email'))")
        return str(self.cleaned_data["email"]).lower()

    def clean_is_active(self) -> bool:
        may_sign_in: bool = self.cleaned_data["is_active"]
        if not may_sign_in and self.initial["is_active"]:
            if self.instance == self.by:
                raise forms.ValidationError("Nobody shuts themselves out: another plan administrator can.")
            if User(pk=self.instance.pk).is_last_administrator:
                raise forms.ValidationError(LAST)
        return may_sign_in

    def save(self, commit: bool = True) -> User:
        person: User = super().save(commit)
        if not person.is_active:
            end_sessions(person)
        return person


class RoleFields(forms.Form):
    """A role, and the places it is held in: several units or portfolios are as many grants."""

    role = forms.ChoiceField(
        label="Role",
        choices=[("", "Choose a role"), *Role.choices],
        error_messages={"required": "Choose a role.", "invalid_choice": "There is no such role."},
    )
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), widget=_Boxes, required=False, label="Units of a unit manager"
    )
    portfolios = forms.ModelMultipleChoiceField(
        Portfolio.objects.none(),
        widget=_Boxes,
        required=False,
        label="Portfolios of a finance officer",
        help_text="None ticked: all units.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, places in (
            ("units", Unit.objects.by_name()),
            ("portfolios", Portfolio.objects.order_by(Lower("name"))),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)
            field.queryset = places
            field.error_messages["invalid_choice"] = field.error_messages["invalid_pk_value"] = (
                "That is no longer there."
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        role = cleaned.get("role")
        if role == Role.UNIT_MANAGER and "units" in cleaned and not cleaned["units"]:
            self.add_error("units", "Tick the units that this person manages.")
        if role and role != Role.UNIT_MANAGER and cleaned.get("units"):
            self.add_error("units", "Only a unit manager is granted named units: untick them.")
        if role != Role.FINANCE_OFFICER and cleaned.get("portfolios"):
            self.add_error("portfolios", "Only a finance officer is granted named portfolios: untick them.")
        return cleaned

    def grants(self, person: User) -> Iterator[Grant]:
        """What the valid form grants."""
        role = self.cleaned_data["role"]
        if role == Role.UNIT_MANAGER:
            yield from (Grant(user=person, role=role, unit=unit) for unit in self.cleaned_data["units"])
        elif role and self.cleaned_data["portfolios"]:
            yield from (Grant(user=person, role=role, portfolio=one) for one in self.cleaned_data["portfolios"])
        elif role:
            yield Grant(user=person, role=role)


class NewPersonForm(RoleFields, VersionedForm):
    """A person who is not there yet, with the first of their roles."""

    name = PersonForm.base_fields["name"]

    class Meta:
        model = User
        fields = ("name", "email")
        help_texts = {"email": "The person signs in with it. A link for setting a password goes there."}
        error_messages = {"email": {"required": "Enter an e-mail address."}}

    field_order = ("name", "email", "role", "units", "portfolios")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known: User | None = None
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.required = False
        role.choices = [("", "No role yet"), *Role.choices]

    @property
    def stale(self) -> bool:
        return False  # nothing stands yet that another could have changed

    @property
    def altered(self) -> list[str]:
        # A person of that name and address was added by this form, which was sent twice.
        typed = {"name": str(self["name"].data or "").strip(), "email": str(self["email"].data or "").strip().lower()}
        if "\x00" not in "".join(typed.values()) and User.objects.filter(**typed).exists():
            return []
        return super().altered or ["name"]

    def clean_email(self) -> str:
        email = PersonForm.clean_email(self)  # type: ignore[arg-type]  # the same field
        self.known = User.objects.filter(email=email).first()
        if self.known:
            raise forms.ValidationError(f"{self.known.name} has this address, and is known already.")
        return email

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        person: User = super().save(commit)
        for grant in self.grants(person):
            grant.save()
        return person


class GrantForm(RoleFields, VersionedForm):
    """A role for a person: `instance` is a grant of theirs that is not there yet."""

    class Meta:
        model = Grant
        fields = ("role",)

    field_order = ("role", "units", "portfolios")

    def _get_validation_exclusions(self) -> set[str]:
        return {field.name for field in Grant._meta.fields}  # several grants are made of it, each checked by itself

    @property
    def stale(self) -> bool:
        return False

    @property
    def altered(self) -> list[str]:
        # What is held already was granted by this form, which was sent twice.
        names = [name for name in ("role", "units", "portfolios") if self[name].errors]
        if not names and self.is_valid_choice and not self._new:
            return []
        return super().altered or ["role"]

    @property
    def is_valid_choice(self) -> bool:
        return hasattr(self, "cleaned_data") and bool(self.cleaned_data.get("role"))

    @property
    def _new(self) -> list[Grant]:
        held = {(grant.role, grant.unit_id, grant.portfolio_id) for grant in self.instance.user.grants.all()}
        wanted = self.grants(self.instance.user)
        return [grant for grant in wanted if (grant.role, grant.unit_id, grant.portfolio_id) not in held]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self._new:
            raise forms.ValidationError("This person already holds that role there.")
        return cleaned

    def save(self, commit: bool = True) -> Grant:
        grant: Grant = self.instance
        for new in self._new:
            new.save()
        return grant


class GrantEndForm(VersionedForm):
    """A grant that is to end. What it was stays in the history."""

    class Meta:
        model = Grant
        fields = ()

    @property
    def altered(self) -> list[str]:
        return [REMOVE]

    def clean(self) -> dict[str, Any]:
        grant: Grant = self.instance
        if grant.role == Role.PLAN_ADMINISTRATOR and grant.user.is_last_administrator:
            raise forms.ValidationError(LAST)
        return super().clean() or self.cleaned_data

    def save(self, commit: bool = True) -> Grant:
        grant: Grant = self.instance
        grant.delete()
        return grant


class FactorResetForm(VersionedForm):
    """The second factors of a person who has lost them: all go, and the history says who took them away, and why."""

    class Meta:
        model = User
        fields = ()

    needs_reason = True

    def __init__(self, *args: Any, by: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean(self) -> dict[str, Any]:
        if self.instance == self.by:
            raise forms.ValidationError(
                "Your own second factor is removed on your account's page, where it is asked for."
            )
        return super().clean() or self.cleaned_data

    @property
    def altered(self) -> list[str]:
        return ["factors_reset_at"] if Authenticator.objects.filter(user=self.instance).exists() else []

    def save(self, commit: bool = True) -> User:
        person: User = self.instance
        Authenticator.objects.filter(user=person).delete()
        person.factors_reset_at = timezone.now()
        person.save(update_fields=["factors_reset_at"])
        end_sessions(person)  # whoever holds one of them used what is no longer there
        return person

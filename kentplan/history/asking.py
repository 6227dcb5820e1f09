"""What the page of the history is asked for: its filters, which an address can hold."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from history.as_of import end_of
from history.models import ChangeSet
from history.whole import Asked, Scope
from kentplan.history.places import LOADS, Kind, Named, kind_of, scope_of
from people.models import User
from people.rights import Act, may
from plans.models import Unit

UNKNOWN = {"invalid_choice": "there is no such choice here."}
NO_DAY = {"invalid": "it is no day; give it as 2009-06-03 or 3/6/2009."}
# As browsers write days, and as people do.
DAYS = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d %B %Y", "%d %b %Y"]


def sees_people(user: AbstractBaseUser | AnonymousUser) -> bool:
    return may(user, Act.VIEW_PEOPLE)


def _in_our_time(day: date) -> None:
    if not 1900 <= day.year <= 2200:
        raise forms.ValidationError(NO_DAY["invalid"])


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label,
        required=False,
        input_formats=DAYS,
        error_messages=NO_DAY,
        widget=widget,
        validators=[_in_our_time],
    )


class HistoryFilter(forms.Form):
    """Which changes are shown: of a unit, by a person, of a kind, from a day to a day, of one object."""

    unit = forms.ChoiceField(label="Unit", required=False, error_messages=UNKNOWN)
    person = forms.ChoiceField(label="Changed by", required=False, error_messages=UNKNOWN)
    kind = forms.ChoiceField(label="Kind", required=False, error_messages=UNKNOWN)
    since = _day("From")
    until = _day("To")
    object = forms.CharField(label="Object", required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, see_people: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.see_people = see_people
        units = Unit.objects.by_name().values_list("pk", "slug", "name")
        self.units = {slug: (pk, name) for pk, slug, name in units}
        people = User.objects.filter(pk__in=ChangeSet.objects.filter(by__isnull=False).values("by"))
        fields: Any = self.fields
        fields["unit"].choices = [("", "All"), *((slug, name) for slug, (_, name) in self.units.items())]
        fields["person"].choices = [
            ("", "Anybody"),
            *((str(pk), name) for pk, name in people.values_list("pk", "name")),
        ]
        fields["kind"].choices = [
            ("", "All"),
            *((kind.value, kind.label) for kind in Kind if see_people or kind is not Kind.PEOPLE),
        ]

    def clean_object(self) -> Named | None:
        text = self.cleaned_data["object"]
        if not text:
            return None
        named = Named.read(text)
        if named is None or (kind_of(named.model) is Kind.PEOPLE and not self.see_people):
            raise forms.ValidationError("there is no such object here.")
        return named

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", "it comes before the first day.")
        return data

    @property
    def named(self) -> Named | None:
        named: Named | None = self.cleaned_data.get("object") if self.is_valid() else None
        return named

    @property
    def unit_name(self) -> str:
        slug = self.cleaned_data.get("unit") if self.is_valid() else ""
        return self.units[slug][1] if slug else ""

    @property
    def scope(self) -> Scope:
        """The tables and rows that are asked for; none where the filter makes no sense."""
        if not self.is_valid():
            return Scope(())
        data = self.cleaned_data
        unit = self.units[data["unit"]][0] if data["unit"] else None
        return scope_of(see_people=self.see_people, kind=data["kind"], unit=unit, named=data["object"])

    @property
    def asked(self) -> Asked:
        data = self.cleaned_data if self.is_valid() else {}
        since, until = data.get("since"), data.get("until")
        return Asked(
            by=int(data["person"]) if data.get("person") else None,
            doors=LOADS if data.get("kind") == Kind.LOADS else (),
            since=timezone.make_aware(datetime.combine(since, time())) if since else None,
            until=end_of(until) if until else None,
        )

    @property
    def refusal(self) -> str:
        return "\n".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in self.errors.items())

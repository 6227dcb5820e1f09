"""How lists of actions are narrowed down."""

import calendar as months
from datetime import date

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth

from plans.filters import SchemeFilter, TextFilter, UnitFilter
from projects.models import Deliverable, KeyAction, Precision

NO_DATE = "none"
UNREAD = "unread"


class DueFilter(django_filters.ChoiceFilter):
    """The month in which something is due, of those in which anything of the year is: `?due=2010-03`; or why none."""

    def __init__(self) -> None:
        super().__init__(label="Due in", empty_label="Any month", method="due_in")

    @property
    def field(self) -> forms.Field:
        if "choices" not in self.extra:
            dated = Deliverable.objects.filter(
                action__plan__year__start=self.parent.request.resolver_match.kwargs["year"], due_end__isnull=False
            )
            due = dated.annotate(month=TruncMonth("due_end")).order_by("month").values_list("month", flat=True)
            choices = [(f"{month:%Y-%m}", f"{months.month_name[month.month]} {month.year}") for month in due.distinct()]
            self.extra["choices"] = [*choices, (NO_DATE, "No month"), (UNREAD, "A date that could not be read")]
        field: forms.Field = super().field
        return field


class DeliverableFilter(django_filters.FilterSet):
    text = TextFilter(label="Action or deliverable", method="search")
    unit = UnitFilter(field_name="action__unit")
    manager = TextFilter(label="Manager", method="answered_for_by")
    scheme = SchemeFilter(method="of_scheme")
    code = TextFilter(label="Target code", method="of_code")
    due = DueFilter()

    class Meta:
        model = Deliverable
        fields = ("text", "unit", "manager", "scheme", "code", "due")

    def search(self, deliverables: QuerySet[Deliverable], name: str, text: str) -> QuerySet[Deliverable]:
        words = Q(text__icontains=text) | Q(action__text__icontains=text)
        return deliverables.filter(words | Q(action__section__icontains=text))

    def answered_for_by(self, deliverables: QuerySet[Deliverable], name: str, text: str) -> QuerySet[Deliverable]:
        """Whom the plan prints for the deliverable, and whom it is known to mean for the action."""
        officers = KeyAction.objects.filter(pk=OuterRef("action"), managers__name__icontains=text)
        return deliverables.filter(Q(managers__icontains=text) | Exists(officers))

    def of_scheme(self, deliverables: QuerySet[Deliverable], name: str, scheme: str) -> QuerySet[Deliverable]:
        # With a code, it is the code of a target of this scheme: the other filter asks for both.
        if self.form.cleaned_data.get("code"):
            return deliverables
        return deliverables.filter(Exists(KeyAction.objects.filter(pk=OuterRef("action"), targets__scheme=scheme)))

    def of_code(self, deliverables: QuerySet[Deliverable], name: str, code: str) -> QuerySet[Deliverable]:
        """Those of a target whose code it is, however it is capitalised; of the scheme that is chosen, if one is."""
        target = {"targets__code__iexact": code}
        if scheme := self.form.cleaned_data.get("scheme"):
            target["targets__scheme"] = scheme
        return deliverables.filter(Exists(KeyAction.objects.filter(pk=OuterRef("action"), **target)))

    def due_in(self, deliverables: QuerySet[Deliverable], name: str, month: str) -> QuerySet[Deliverable]:
        if month == NO_DATE:
            return deliverables.filter(due_end=None)
        if month == UNREAD:
            return deliverables.filter(due_precision=Precision.UNKNOWN)
        first = date.fromisoformat(f"{month}-01")
        return deliverables.filter(due_end__year=first.year, due_end__month=first.month)

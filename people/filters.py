"""How the list of people is narrowed down."""

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from people.models import Grant, Role, User
from plans.filters import TextFilter, UnitFilter

NO_ROLE = "none"
YES, NO = "yes", "no"


class PersonFilter(django_filters.FilterSet):
    text = TextFilter(label="Name or e-mail address", method="search")
    role = django_filters.ChoiceFilter(
        label="Role", choices=[*Role.choices, (NO_ROLE, "No role")], empty_label="All", method="of_role"
    )
    unit = UnitFilter(field_name="grants__unit")
    may_sign_in = django_filters.ChoiceFilter(
        label="May sign in", choices=[(YES, "Yes"), (NO, "No")], empty_label="All", method="who_may_sign_in"
    )

    class Meta:
        model = User
        fields = ("text", "role", "unit", "may_sign_in")

    def search(self, people: QuerySet[User], name: str, text: str) -> QuerySet[User]:
        return people.filter(Q(name__icontains=text) | Q(email__icontains=text))

    def of_role(self, people: QuerySet[User], name: str, role: str) -> QuerySet[User]:
        held = Grant.objects.filter(user=OuterRef("pk"))
        return people.exclude(Exists(held)) if role == NO_ROLE else people.filter(Exists(held.filter(role=role)))

    def who_may_sign_in(self, people: QuerySet[User], name: str, answer: str) -> QuerySet[User]:
        return people.filter(is_active=answer == YES)

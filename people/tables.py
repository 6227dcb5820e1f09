"""The columns of the list of people."""

import django_tables2

from people.models import User
from plans.tables import Column, TextColumn


class PersonTable(django_tables2.Table):
    name = TextColumn(verbose_name="Name")
    email = TextColumn(verbose_name="E-mail address")
    roles = TextColumn(accessor="pk", orderable=False, verbose_name="Roles")
    may_sign_in = Column(accessor="is_active", verbose_name="May sign in")
    second_factor = Column(accessor="has_factor", verbose_name="Second factor")
    last_signed_in = Column(accessor="last_login", verbose_name="Last signed in")

    class Meta:
        model = User
        fields = ("name", "email", "roles", "may_sign_in", "second_factor", "last_signed_in")

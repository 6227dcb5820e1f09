"""The columns of lists of actions."""

import django_tables2

from plans.tables import Column, TextColumn
from projects.models import Deliverable


class DeliverableTable(django_tables2.Table):
    """Every deliverable of a year with its action, in printed order."""

    action = TextColumn(accessor="action__text", verbose_name="Action")
    text = TextColumn(verbose_name="Deliverable")
    managers = TextColumn(verbose_name="Managers")
    due = Column(accessor="due_end", order_by=("due_end", "due_start"), verbose_name="Due")
    place = TextColumn(
        accessor="action__unit__name",
        order_by=("action__unit__name", "action__section"),
        verbose_name="Unit or section",
    )

    class Meta:
        model = Deliverable
        fields = ("action", "text", "managers", "due", "place")

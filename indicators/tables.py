"""The columns of lists of measures."""

import django_tables2

from indicators.models import Figure, Listing
from plans.tables import Column, FigureColumn, TextColumn


class FigureTable(django_tables2.Table):
    """Every figure of a year, in printed order."""

    measure = TextColumn(
        accessor="listing__title", order_by=("listing__code", "listing__title"), verbose_name="Measure"
    )
    unit = TextColumn(accessor="listing__unit__name", verbose_name="Unit")
    group = TextColumn(accessor="group__name", verbose_name="Group")
    period = TextColumn(verbose_name="Period")
    kind = TextColumn(verbose_name="Kind")
    value = FigureColumn(verbose_name="Figure")
    note = TextColumn(verbose_name="Note")

    class Meta:
        model = Figure
        fields = ("measure", "unit", "group", "period", "kind", "value", "note")


class ListingTable(django_tables2.Table):
    """Every measure of a year where it is printed."""

    measure = TextColumn(accessor="title", order_by=("code", "title"), verbose_name="Measure")
    place = TextColumn(accessor="section", order_by=("unit__name", "section"), verbose_name="Unit or section")
    plan = TextColumn(accessor="plan__name", verbose_name="Plan")
    lead_or_support = TextColumn(verbose_name="Lead or support")
    service_plan = TextColumn(verbose_name="Service plan")
    links_printed = TextColumn(verbose_name="Links")
    number = Column(verbose_name="Figures")

    class Meta:
        model = Listing
        fields = ("measure", "place", "plan", "lead_or_support", "service_plan", "links_printed", "number")

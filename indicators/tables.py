"""The columns of lists of measures."""

import django_tables2

from indicators.models import Listing
from plans.tables import Column, FigureColumn, TextColumn


class MeasureTable(django_tables2.Table):
    """Every measure of a year that has figures, each with its last ones."""

    measure = TextColumn(accessor="title", order_by=("code", "title"), verbose_name="Measure")
    unit = TextColumn(accessor="unit__name", verbose_name="Unit")
    actual = FigureColumn(verbose_name="Last actual")
    estimate = FigureColumn(verbose_name="Estimate")
    target = FigureColumn(verbose_name="Target")
    number = FigureColumn(verbose_name="Figures")
    to_come = FigureColumn(verbose_name="Still to come")

    class Meta:
        model = Listing
        fields = ("measure", "unit", "actual", "estimate", "target", "number", "to_come")


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

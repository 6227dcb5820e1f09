"""The columns of the lists that join apps."""

import django_tables2

from plans.models import SourceLine, UnitYear
from plans.tables import Column, FigureColumn, TextColumn


class UnitTable(django_tables2.Table):
    """The units of a year with their money, posts, measures and actions."""

    unit = TextColumn(accessor="unit__name", verbose_name="Unit")
    division = TextColumn(accessor="division__name", verbose_name="Division")
    portfolio = TextColumn(accessor="portfolio__name", verbose_name="Portfolio")
    gross = FigureColumn(verbose_name="Gross")
    prior_controllable = FigureColumn(verbose_name="Last year’s controllable")
    controllable = FigureColumn(verbose_name="Controllable")
    change = FigureColumn(verbose_name="Change")
    fte = FigureColumn(verbose_name="FTE")
    measures = FigureColumn(verbose_name="Measures")
    actions = FigureColumn(verbose_name="Actions")

    class Meta:
        model = UnitYear
        fields = (
            "unit",
            "division",
            "portfolio",
            "gross",
            "prior_controllable",
            "controllable",
            "change",
            "fte",
            "measures",
            "actions",
        )


class SourceLineTable(django_tables2.Table):
    """The lines of a document and what became of each."""

    number = Column(verbose_name="Line")
    outcome = TextColumn(verbose_name="Outcome")
    table = Column(verbose_name="Table")
    why = TextColumn(verbose_name="Why")
    text = TextColumn(verbose_name="As printed")

    class Meta:
        model = SourceLine
        fields = ("number", "outcome", "table", "why", "text")

"""The columns of budget lists."""

import django_tables2

from budgets.models import BudgetLine
from plans.tables import FigureColumn, TextColumn


class LineTable(django_tables2.Table):
    """Every budget line of a year: the activity and its unit first, then the printed order."""

    activity = TextColumn()
    unit = TextColumn(accessor="unit__name", verbose_name="Unit")
    prior_controllable = FigureColumn(verbose_name="Prior year controllable")
    prior_fte = FigureColumn(verbose_name="Prior year FTE")
    fte = FigureColumn(verbose_name="FTE")
    employee = FigureColumn(verbose_name="Employee")
    running = FigureColumn(verbose_name="Running")
    contracts = FigureColumn(verbose_name="Contracts and projects")
    gross = FigureColumn(verbose_name="Gross")
    external_income = FigureColumn(verbose_name="External income")
    internal_income = FigureColumn(verbose_name="Internal income")
    controllable = FigureColumn(verbose_name="Controllable")

    class Meta:
        model = BudgetLine
        fields = (
            "activity",
            "unit",
            "prior_controllable",
            "prior_fte",
            "fte",
            "employee",
            "running",
            "contracts",
            "gross",
            "external_income",
            "internal_income",
            "controllable",
        )

"""How budget lists are narrowed down."""

import django_filters
from django.db.models import Q, QuerySet

from budgets.models import BudgetLine
from plans.filters import PortfolioFilter, TextFilter, UnitFilter
from plans.models import Portfolio


class LineFilter(django_filters.FilterSet):
    text = TextFilter(label="Activity or unit", method="search")
    unit = UnitFilter()
    portfolio = PortfolioFilter(method="in_portfolio")

    class Meta:
        model = BudgetLine
        fields = ("text", "unit", "portfolio")

    def search(self, lines: QuerySet[BudgetLine], name: str, text: str) -> QuerySet[BudgetLine]:
        return lines.filter(Q(activity__icontains=text) | Q(unit__name__icontains=text))

    def in_portfolio(self, lines: QuerySet[BudgetLine], name: str, portfolio: Portfolio) -> QuerySet[BudgetLine]:
        # As the unit stands in the line's own year; both conditions are on the one row of unit and year.
        return lines.filter(
            unit__unit_years__portfolio=portfolio,
            unit__unit_years__year__start=self.request.resolver_match.kwargs["year"],
        )

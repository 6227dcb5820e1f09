"""How the lists that join apps are narrowed down."""

import django_filters
from django.db.models import QuerySet

from plans.filters import PortfolioFilter, TextFilter
from plans.models import LineOutcome, SourceLine, UnitYear

NARRATIVE = "narrative"


class UnitFilter(django_filters.FilterSet):
    text = TextFilter(label="Find a unit", method="search")
    portfolio = PortfolioFilter()

    class Meta:
        model = UnitYear
        fields = ("text", "portfolio")

    def search(self, units: QuerySet[UnitYear], name: str, text: str) -> QuerySet[UnitYear]:
        return units.filter(unit__name__icontains=text)


class SourceLineFilter(django_filters.FilterSet):
    text = TextFilter(label="Words of the line", method="search")
    outcome = django_filters.ChoiceFilter(
        label="Outcome",
        choices=[*LineOutcome.choices, (NARRATIVE, "Narrative (no tab)")],
        empty_label="All",
        method="of_outcome",
    )
    table = django_filters.NumberFilter(label="Table", min_value=0, max_value=99_999)

    class Meta:
        model = SourceLine
        fields = ("text", "outcome", "table")

    def search(self, lines: QuerySet[SourceLine], name: str, text: str) -> QuerySet[SourceLine]:
        return lines.filter(text__icontains=text)

    def of_outcome(self, lines: QuerySet[SourceLine], name: str, outcome: str) -> QuerySet[SourceLine]:
        return lines.filter(outcome="" if outcome == NARRATIVE else outcome)

"""How lists of measures are narrowed down."""

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from indicators.models import Figure, FigureStatus, Listing, ListingQuerySet
from plans.filters import SchemeFilter, TextFilter, UnitFilter


class FigureFilter(django_filters.FilterSet):
    """Narrows down measures by their figures: a measure stays where any figure of it meets all that is asked, and
    keeps which ones do (`met`), so that its page and its export show the same."""

    text = TextFilter(label="Code, measure or group", method="search")
    unit = UnitFilter(field_name="listing__unit")
    scheme = SchemeFilter(method="of_scheme")
    status = django_filters.ChoiceFilter(label="Status of a figure", choices=FigureStatus.choices, empty_label="All")

    class Meta:
        model = Figure
        fields = ("text", "unit", "scheme", "status")

    def filter_queryset(self, measures: ListingQuerySet) -> ListingQuerySet:
        """The filters are of figures; what they narrow down is measures."""
        return measures.with_any_of(super().filter_queryset(Figure.objects.all()))

    def search(self, figures: QuerySet[Figure], name: str, text: str) -> QuerySet[Figure]:
        measure = Q(listing__code__icontains=text) | Q(listing__title__icontains=text)
        return figures.filter(measure | Q(group__name__icontains=text))

    def of_scheme(self, figures: QuerySet[Figure], name: str, scheme: str) -> QuerySet[Figure]:
        return figures.filter(_serves(scheme, measure="listing__indicator", plan="listing__plan", code="listing__code"))


class ListingFilter(django_filters.FilterSet):
    text = TextFilter(label="Code or measure", method="search")
    unit = UnitFilter()
    scheme = SchemeFilter(method="of_scheme")

    class Meta:
        model = Listing
        fields = ("text", "unit", "scheme")

    def search(self, listings: QuerySet[Listing], name: str, text: str) -> QuerySet[Listing]:
        words = Q(code__icontains=text) | Q(title__icontains=text) | Q(section__icontains=text)
        return listings.filter(words | Q(service_plan__icontains=text))

    def of_scheme(self, listings: QuerySet[Listing], name: str, scheme: str) -> QuerySet[Listing]:
        return listings.filter(_serves(scheme, measure="indicator", plan="plan", code="code"))


def _serves(scheme: str, *, measure: str, plan: str, code: str) -> Q | Exists:
    """What is linked to a target of the scheme, there or elsewhere in the year ("NI 117" is linked to LAA in the
    directorate's list only), or has its code in the scheme itself ("NI 87")."""
    linked = Listing.objects.filter(
        indicator=OuterRef(measure), plan__year=OuterRef(f"{plan}__year"), targets__scheme=scheme
    )
    return Q(Exists(linked)) | Q(**{f"{code}__istartswith": f"{scheme} "})

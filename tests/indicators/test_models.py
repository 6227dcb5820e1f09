from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError

from indicators.models import Figure, FigureStatus
from tests.factories import (
    BLANK,
    FigureFactory,
    GroupFactory,
    IndicatorFactory,
    ListingFactory,
    store_raw,
    twice,
)

BREACHES: dict[str, Callable[[], object]] = {
    "indicators_indicator_measure_unit_known": lambda: IndicatorFactory(measure_unit="miles"),
    "indicators_indicator_polarity_known": lambda: IndicatorFactory(polarity="sideways"),
    "indicators_indicator_key_not_blank": lambda: IndicatorFactory(key=BLANK),
    "indicators_indicator_title_not_blank": lambda: IndicatorFactory(title=BLANK),
    "indicators_group_name_not_blank": lambda: GroupFactory(name=BLANK, key="group"),
    "indicators_group_key_not_blank": lambda: GroupFactory(key=BLANK),
    "indicators_listing_once": lambda: twice(
        ListingFactory, "indicator", "plan", "unit", "kind", "section", "code", "title"
    ),
    "indicators_listing_kind_known": lambda: ListingFactory(kind="chart"),
    "indicators_listing_title_not_blank": lambda: ListingFactory(title=BLANK),
    "indicators_figure_once": lambda: twice(FigureFactory, "listing", "group", "area", "period", "kind", "label"),
    "indicators_figure_kind_known": lambda: FigureFactory(kind="guess"),
    "indicators_figure_status_known": lambda: FigureFactory(status="lost", value=None),
    "indicators_figure_value_or_why_not": lambda: FigureFactory(status=FigureStatus.VALUE, value=None),
    "indicators_figure_figures_finite": lambda: store_raw(FigureFactory(), value=Decimal("NaN")),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BREACHES)
def test_constraint_refuses(name: str) -> None:
    with pytest.raises(IntegrityError, match=f'"{name}"'):
        BREACHES[name]()


@pytest.mark.django_db
def test_value_cannot_be_infinite() -> None:
    with pytest.raises(IntegrityError, match='"indicators_figure_figures_finite"'):
        store_raw(FigureFactory(), value=Decimal("-Infinity"))


@pytest.mark.django_db
def test_figure_that_is_awaited_has_no_value() -> None:
    with pytest.raises(IntegrityError, match='"indicators_figure_value_or_why_not"'):
        FigureFactory(awaited=True, value=Decimal(0))


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["85", "65.0", "7.35", "-0.0000001"])
def test_value_keeps_the_decimals_it_was_given(value: str) -> None:
    figure = FigureFactory(value=Decimal(value))

    figure.refresh_from_db()

    assert str(figure.value) == str(Decimal(value))


@pytest.mark.django_db
def test_two_figures_of_one_cell_are_told_apart_by_their_labels() -> None:
    refused = FigureFactory(label="Refused", value=Decimal("72.1"))
    FigureFactory(listing=refused.listing, label="Information Not Obtained", value=Decimal("54.9"))

    assert refused.listing.figures.count() == 2


@pytest.mark.django_db
def test_figure_says_its_value_or_why_there_is_none() -> None:
    assert FigureFactory(value=Decimal("1250.5")).words == "1,250.5"
    assert FigureFactory(awaited=True).words == "Awaited"


@pytest.mark.django_db
def test_querysets_speak_of_year_unit_and_plan_and_of_what_is_awaited() -> None:
    awaited = FigureFactory(awaited=True)
    listing = awaited.listing
    given = FigureFactory(listing=listing, period="2008/09")
    FigureFactory()

    figures = Figure.objects.for_year(listing.plan.year).for_unit(listing.unit).for_plan(listing.plan)

    assert list(figures.awaited()) == [awaited]
    assert list(figures.with_value()) == [given]
    assert list(type(listing).objects.for_plan(listing.plan).for_unit(listing.unit)) == [listing]

"""Defining a measure, setting its target and returning its actual are different rights."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from history.models import ChangeSet
from indicators.models import Figure, Indicator, Listing
from people.models import User
from plans.models import Unit
from tests.factories import FigureFactory, ListingFactory, UnitYearFactory


@pytest.fixture
def listing(unit_manager: User) -> Listing:
    """A measure of the manager's unit with an actual and a target, which another unit prints as well."""
    unit: Unit = unit_manager.grants.get().unit
    UnitYearFactory(unit=unit)
    made: Listing = ListingFactory(unit=unit, indicator__measure_unit="percent", code="NI 87", title="Absence")
    FigureFactory(listing=made, kind="actual", period="2007/08", value=Decimal("6.8"), position=1)
    FigureFactory(listing=made, kind="target", period="2009/10", value=Decimal("5.4"), position=2)
    ListingFactory(indicator=made.indicator, unit__name="Clusters", plan=made.plan, code="NI 87", title="Absence")
    return made


def edit_url(listing: Listing) -> str:
    return reverse("indicators:figures_edit", kwargs={"pk": listing.pk})


def define_url(listing: Listing) -> str:
    return reverse("indicators:indicator_define", kwargs={"pk": listing.pk})


def sent_by(client: Client, url: str) -> dict[str, str]:
    """What the page's form sends when nothing is touched."""
    page = client.get(url)
    sent = {"token": str(page.context["reason"]["token"].value()), "why": "Agreed in June"}
    for form in page.context["forms"]:
        sent |= {field.html_name: "" if field.value() is None else str(field.value()) for field in form}
    return sent


@pytest.mark.parametrize(
    ("persona", "mine", "read"), [("unit_manager", "actual", "5.4%"), ("plan_administrator", "target", "6.8%")]
)
def test_the_form_has_ones_own_figures_and_tells_the_others(
    client: Client, listing: Listing, persona: str, mine: str, read: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(persona))
    own, other = listing.figures.get(kind=mine), listing.figures.exclude(kind=mine).get()

    page = client.get(edit_url(listing)).content.decode()

    assert f'name="{own.pk}-value"' in page
    assert f'name="{other.pk}-' not in page
    assert read in page


@pytest.mark.parametrize(("persona", "mine"), [("unit_manager", "actual"), ("plan_administrator", "target")])
def test_a_figure_that_is_anothers_cannot_be_slipped_in(
    client: Client, listing: Listing, persona: str, mine: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(persona))
    own, other = listing.figures.get(kind=mine), listing.figures.exclude(kind=mine).get()
    sent = sent_by(client, edit_url(listing)) | {
        f"{own.pk}-value": "7.7",
        f"{own.pk}-kind": "target" if mine == "actual" else "actual",
        f"{other.pk}-value": "99",
        f"{other.pk}-status": "value",
        f"{other.pk}-version": "1",
    }

    assert client.post(edit_url(listing), sent).status_code == 302

    assert listing.figures.get(kind=mine).value == Decimal("7.7")
    assert Figure.objects.get(pk=other.pk).value == other.value


@pytest.mark.parametrize("persona", ["finance_officer", "approver", "auditor", "poc_member"])
def test_nobody_else_changes_a_measure(
    client: Client, listing: Listing, persona: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(persona))

    for url in (edit_url(listing), define_url(listing)):
        assert client.get(url).status_code == client.post(url, {}).status_code == 403
        assert url not in client.get(listing.get_absolute_url()).content.decode()


def test_a_manager_does_not_say_what_a_measure_is(client: Client, listing: Listing, unit_manager: User) -> None:
    client.force_login(unit_manager)

    assert client.get(define_url(listing)).status_code == 403
    assert define_url(listing) not in client.get(listing.get_absolute_url()).content.decode()


def test_what_a_measure_is_holds_wherever_it_is_printed(
    client: Client, listing: Listing, plan_administrator: User
) -> None:
    client.force_login(plan_administrator)
    page = client.get(define_url(listing)).content.decode()
    assert "all <b>2</b> places" in page and "Clusters" in page
    said = {"definition": "Of all sessions", "polarity": "lower", "measure_unit": "percent", "decimal_places": "1"}

    answer = client.post(define_url(listing), sent_by(client, define_url(listing)) | said)

    assert answer["Location"] == listing.get_absolute_url()
    measure = listing.indicator
    measure.refresh_from_db()
    assert (measure.definition, measure.polarity, measure.decimal_places) == ("Of all sessions", "lower", 1)
    change = ChangeSet.objects.latest("pk")
    assert (change.by, change.why, change.door) == (plan_administrator, "Agreed in June", "measure definition form")
    for printed in measure.listings.all():
        shown = client.get(printed.get_absolute_url()).content.decode()
        assert "Of all sessions" in shown and "Lower is better" in shown


def test_its_code_and_title_stay_as_printed(client: Client, listing: Listing, plan_administrator: User) -> None:
    client.force_login(plan_administrator)
    before = Indicator.objects.values("code", "key", "title").get(pk=listing.indicator_id)
    extra = {"code": "NI 1", "key": "x", "title": "Other", "definition": "Of all sessions", "id": "99"}

    client.post(define_url(listing), sent_by(client, define_url(listing)) | extra)

    assert Indicator.objects.values("code", "key", "title").get(pk=listing.indicator_id) == before
    assert Indicator.objects.get(pk=listing.indicator_id).definition == "Of all sessions"


@pytest.mark.parametrize(
    ("field", "typed"),
    [("polarity", "up"), ("measure_unit", "furlongs"), ("decimal_places", "7"), ("decimal_places", "-1")],
)
def test_what_is_no_definition_is_refused(
    client: Client, listing: Listing, plan_administrator: User, field: str, typed: str
) -> None:
    client.force_login(plan_administrator)

    answer = client.post(define_url(listing), sent_by(client, define_url(listing)) | {field: typed})

    assert answer.status_code == 200
    assert answer.context["form"].errors[field]


def test_two_definitions_at_once_are_put_side_by_side(
    client: Client, listing: Listing, plan_administrator: User
) -> None:
    client.force_login(plan_administrator)
    mine, theirs = (sent_by(client, define_url(listing)) for _ in range(2))
    client.post(define_url(listing), theirs | {"definition": "Theirs"})

    answer = client.post(define_url(listing), mine | {"definition": "Mine"})

    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode() and "Mine" in answer.content.decode()
    assert Indicator.objects.get(pk=listing.indicator_id).definition == "Theirs"

"""The pages of measures, and the form on their figures."""

import csv
import io
import re
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from history.changes import change_set
from history.models import ChangeSet
from indicators.models import Figure, FigureStatus, Indicator, Listing, ListingKind
from indicators.tables import ListingTable, MeasureTable
from people.models import User
from plans.models import Unit
from tests.factories import (
    CLOSED,
    FigureFactory,
    GrantFactory,
    GroupFactory,
    ListingFactory,
    ProvenanceFactory,
    TargetFactory,
    UnitFactory,
    UnitYearFactory,
    put_into,
)

FIGURES = "/indicators/2009-10/"
LISTINGS = "/indicators/lists/2009-10/"


@pytest.fixture
def unit(unit_manager: User) -> Unit:
    unit: Unit = unit_manager.grants.get(role="unit_manager").unit
    UnitYearFactory(unit=unit)
    return unit


@pytest.fixture
def listing(unit: Unit) -> Listing:
    """A measure in per cent with an actual, and a target that is awaited."""
    made = ListingFactory(unit=unit, indicator__measure_unit="percent", code="NI 87", title="Persistent absence")
    FigureFactory(listing=made, kind="actual", period="2007/08", value=Decimal("6.80"), printed="6.8%", position=1)
    FigureFactory(listing=made, kind="target", period="2009/10", awaited=True, position=2)
    return made


@pytest.fixture
def manager(client: Client, unit_manager: User) -> Client:
    """Who manages the unit, and sets targets too."""
    GrantFactory(user=unit_manager, role="plan_administrator")
    client.force_login(unit_manager)
    return client


@pytest.fixture
def member(client: Client, poc_member: User) -> Client:
    client.force_login(poc_member)
    return client


def rows(client: Client, url: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(url, {**query, "_export": "json"}).json()
    return found


def titles(client: Client, **query: str) -> set[str]:
    return {row["title"] for row in rows(client, FIGURES, **query)}


def text_of(client: Client, url: str) -> str:
    """The words of a page, white space collapsed."""
    return words(client.get(url).content.decode())


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def queries(client: Client, url: str, data: dict[str, str] | None = None) -> int:
    with CaptureQueriesContext(connection) as counted:
        answer = client.get(url) if data is None else client.post(url, data)
    assert answer.status_code in (200, 302)
    return len(counted)


def form_of(client: Client, listing: Listing) -> dict[str, str]:
    """What the edit page sends when nothing is touched."""
    page = client.get(edit_url(listing))
    sent = {"token": str(page.context["reason"]["token"].value()), "why": "The year has closed"}
    for form in page.context["forms"]:
        for field in form:
            value = field.value()
            sent[field.html_name] = "" if value is None else str(value)
    return sent


def edit_url(listing: Listing) -> str:
    return reverse("indicators:figures_edit", kwargs={"pk": listing.pk})


def add_measures(unit: Unit, number: int) -> None:
    for _ in range(number):
        measure = ListingFactory(unit=unit)
        for kind in ("actual", "target"):
            FigureFactory(listing=measure, kind=kind, group=GroupFactory(), provenance=ProvenanceFactory())


# The list of figures


def test_figures_are_exported_with_the_fixed_columns(member: Client, listing: Listing) -> None:
    provenance = ProvenanceFactory(document__name="plan.txt", lines=[342, 343])
    figure = listing.figures.get(kind="actual")
    figure.group = GroupFactory(name="All pupils")
    figure.note, figure.provenance = "provisional", provenance
    with change_set(by=None, why="", door="Test"):
        figure.save()

    answer = member.get(FIGURES, {"_export": "csv"})

    first, second = csv.DictReader(io.StringIO(answer.content.decode()))
    assert list(first) == [
        "year", "unit", "code", "title", "group", "measure_unit", "period", "kind", "value", "status", "note",
        "printed", "document", "source_lines",
    ]  # fmt: skip
    assert first == {
        "year": "2009/10",
        "unit": listing.unit.name,
        "code": "NI 87",
        "title": "Persistent absence",
        "group": "All pupils",
        "measure_unit": "percent",
        "period": "2007/08",
        "kind": "actual",
        "value": "6.80",
        "status": "value",
        "note": "provisional",
        "printed": "6.8%",
        "document": "plan.txt",
        "source_lines": "342, 343",
    }
    assert (second["value"], second["status"], second["document"]) == ("", "awaited", "")


def test_exported_values_are_numbers_in_a_workbook_and_exact_in_json(member: Client, listing: Listing) -> None:
    book = openpyxl.load_workbook(io.BytesIO(member.get(FIGURES, {"_export": "xlsx"}).content))

    assert book.active.cell(2, 9).value == 6.8
    assert [row["value"] for row in rows(member, FIGURES)] == ["6.80", None]


def test_figures_of_comparisons_are_not_in_a_list_that_cannot_say_whose_they_are(
    member: Client, listing: Listing
) -> None:
    FigureFactory(listing__kind=ListingKind.COMPARISON, listing__plan=listing.plan, area="England")

    assert len(rows(member, FIGURES)) == 2


def test_figures_of_another_year_are_not_listed(member: Client, listing: Listing) -> None:
    FigureFactory(listing__plan__year__start=2010)

    assert len(rows(member, FIGURES)) == 2


def test_a_list_shows_a_non_value_in_words(member: Client, listing: Listing) -> None:
    shown = text_of(member, FIGURES)

    assert "1 measure" in shown
    assert re.search(r"NI 87 Persistent absence.*6\.80% 2007/08\s+Awaited 2009/10\s+2\s+1", shown)


def test_list_says_first_how_much_there_is_and_what_is_missing(member: Client, listing: Listing) -> None:
    FigureFactory(listing__plan=listing.plan, period="2008/09", kind="actual")

    shown = text_of(member, FIGURES)

    assert "Two measures have three figures : two give a value, one is awaited or to follow" in shown
    assert "Two measures have no target with a figure." in shown


def test_list_folds_groups_under_their_measure(member: Client, listing: Listing) -> None:
    FigureFactory(listing=listing, group=GroupFactory(name="Gypsy Roma"), period="2009/10", value=Decimal("34.2"))

    page = member.get(FIGURES).content.decode()

    assert page.count('<details class="kp-fold">') == 1
    assert re.search(r"1 group of NI 87 .* Gypsy Roma\s+34\.2%", words(page))


def test_list_opens_the_groups_that_a_filter_meets_and_only_those(member: Client, listing: Listing) -> None:
    roma, irish = GroupFactory(name="Gypsy Roma"), GroupFactory(name="Irish")
    FigureFactory(listing=listing, group=roma, value=Decimal("34.2"))
    FigureFactory(listing=listing, group=irish, status=FigureStatus.SUPPRESSED, value=None)

    suppressed = member.get(FIGURES, {"status": "suppressed"}).content.decode()
    by_title = member.get(FIGURES, {"text": "persistent"}).content.decode()

    assert '<details class="kp-fold" open>' in suppressed
    assert "1 of 2 groups in the filter" in words(suppressed)
    assert "Irish" in suppressed and "Gypsy Roma" not in suppressed
    assert '<details class="kp-fold">' in by_title
    assert [row["group"] for row in rows(member, FIGURES, status="suppressed")] == ["Irish"]
    assert len(rows(member, FIGURES, text="persistent")) == 4


def test_export_of_a_sorted_list_has_the_figures_of_each_measure_together(member: Client, listing: Listing) -> None:
    low = ListingFactory(plan=listing.plan, unit=listing.unit, title="Low", code="A", position=9)
    for position, period in enumerate(("2006/07", "2007/08")):
        FigureFactory(listing=low, kind="actual", period=period, value=Decimal(position), position=position)

    found = [(row["title"], row["period"]) for row in rows(member, FIGURES, sort="actual")]

    assert found == [
        ("Low", "2006/07"), ("Low", "2007/08"), ("Persistent absence", "2007/08"), ("Persistent absence", "2009/10"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "ni 87"}, {"Persistent absence"}),
        ({"text": "bully"}, {"Bullying"}),
        ({"text": "gypsy"}, {"Bullying"}),
        ({"unit": "elsewhere"}, {"Bullying"}),
        ({"status": "to follow"}, {"Bullying"}),
        ({"scheme": "LAA"}, {"Bullying"}),
        ({"scheme": "NI"}, {"Persistent absence"}),
        ({"status": "suppressed"}, set()),
    ],
    ids=str,
)
def test_figure_list_filters(query: dict[str, str], found: set[str], member: Client, listing: Listing) -> None:
    elsewhere = UnitYearFactory(unit__slug="elsewhere").unit
    bullying = ListingFactory(unit=elsewhere, code="X 1", title="Bullying", plan=listing.plan)
    FigureFactory(listing=bullying, group__name="Gypsy Roma", group=GroupFactory(name="Gypsy Roma"), value=None,
                  status=FigureStatus.TO_FOLLOW)  # fmt: skip
    TargetFactory(scheme="NI")
    # It is linked where the directorate lists it, which holds for the measure.
    with change_set(by=None, why="", door="Test"):
        ListingFactory(indicator=bullying.indicator, unit=None, kind=ListingKind.LIST, plan=listing.plan).targets.add(
            TargetFactory(scheme="LAA")
        )

    assert titles(member, **query) == found


@pytest.mark.parametrize("query", [{"unit": "nowhere"}, {"status": "green"}, {"scheme": "\0"}, {"text": "\0"}], ids=str)
def test_a_filter_that_makes_no_sense_shows_nothing_and_exports_nothing(
    query: dict[str, str], member: Client, listing: Listing
) -> None:
    shown = member.get(FIGURES, query)

    assert shown.status_code == 200
    assert "The filter shows nothing" in shown.content.decode()
    assert member.get(FIGURES, {**query, "_export": "csv"}).status_code == 400


@pytest.mark.parametrize("turned", ["", "-"])
@pytest.mark.parametrize("column", MeasureTable._meta.fields)
def test_measures_of_the_year_sort_by_each_column(column: str, turned: str, member: Client, listing: Listing) -> None:
    other = ListingFactory(unit=UnitFactory(name="Zebra"), code="X 1", title="Zeal", plan=listing.plan)
    for kind, value in (("actual", 9), ("estimate", 7), ("target", 5)):
        FigureFactory(listing=other, kind=kind, period="2008/09", value=value)
    FigureFactory(listing__plan=listing.plan, listing__unit=listing.unit, kind="estimate", value=8, period="2008/09")

    shown = member.get(FIGURES, {"sort": f"{turned}{column}"})

    values = [_sortable(measure)[column] for measure in shown.context["page"].object_list]
    there = [value for value in values if value not in (None, "")]
    assert len(values) == 3
    assert there == sorted(there, reverse=bool(turned))
    assert values[: len(there)] == there  # blanks come last either way


def _sortable(measure: Any) -> dict[str, Any]:
    return {
        "measure": f"{measure.code} {measure.title}".lower(),
        "unit": measure.unit.name.lower(),
        "actual": measure.actual,
        "estimate": measure.estimate,
        "target": measure.target,
        "number": measure.number,
        "to_come": measure.to_come,
    }


# The list of measures


def test_measures_without_figures_are_listed(member: Client, listing: Listing) -> None:
    ListingFactory(
        plan=listing.plan, unit=None, kind=ListingKind.LIST, section="2010 Targets", code="NI 50", title="Health",
        links_printed="T2010 Target 55", service_plan="Commissioning", lead_or_support="Lead",
    )  # fmt: skip

    found = {row["title"]: row for row in rows(member, LISTINGS)}

    assert list(found["Health"]) == [
        "year", "plan", "unit", "section", "kind", "code", "title", "links", "service_plan", "lead_or_support",
        "figures", "document", "source_lines",
    ]  # fmt: skip
    assert (found["Health"]["links"], found["Health"]["unit"]) == ("T2010 Target 55", None)
    assert (found["Persistent absence"]["kind"], found["Persistent absence"]["figures"]) == ("table", "2")
    assert "Health" in text_of(member, LISTINGS)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "2010 targets"}, {"Health"}),
        ({"text": "ni 87"}, {"Persistent absence"}),
        ({"scheme": "T2010"}, {"Health"}),
        ({"unit": "mine"}, {"Persistent absence"}),
    ],
    ids=str,
)
def test_measure_list_filters(query: dict[str, str], found: set[str], member: Client, listing: Listing) -> None:
    with change_set(by=None, why="", door="Test"):
        Unit.objects.filter(pk=listing.unit_id).update(slug="mine")
        listed = ListingFactory(
            plan=listing.plan, unit=None, kind=ListingKind.LIST, title="Health", section="2010 Targets"
        )
        listed.targets.add(TargetFactory(scheme="T2010"))

    assert {row["title"] for row in rows(member, LISTINGS, **query)} == found


@pytest.mark.parametrize("column", ListingTable._meta.fields)
def test_measures_sort_by_each_column(column: str, member: Client, listing: Listing) -> None:
    ListingFactory(plan=listing.plan, unit=None, kind=ListingKind.LIST, section="2010 Targets")

    for turned in ("", "-"):
        assert member.get(LISTINGS, {"sort": f"{turned}{column}"}).context["table"].order_by == (f"{turned}{column}",)


# A unit's measures


def test_unit_page_shows_last_figures_with_groups_under_their_measure(member: Client, listing: Listing) -> None:
    FigureFactory(listing=listing, group=GroupFactory(name="Gypsy Roma"), period="2009/10", value=Decimal("34.2"))

    shown = text_of(member, f"/indicators/2009-10/{listing.unit.slug}/")

    assert "One measure , with a figure; one figure awaited or to follow ." in shown
    assert re.search(r"NI 87 Persistent absence\s+6\.80% 2007/08\s+Awaited 2009/10", shown)
    assert re.search(r"1 group .* Gypsy Roma\s+34\.2%", shown)


def test_unit_page_says_increasing_or_decreasing_while_nobody_said_which_is_better(
    member: Client, listing: Listing
) -> None:
    FigureFactory(listing=listing, kind="estimate", period="2008/09", value=Decimal("6.0"))
    url = f"/indicators/2009-10/{listing.unit.slug}/"

    assert "−0.80 Decreasing" in text_of(member, url)
    with change_set(by=None, why="", door="Test"):
        Indicator.objects.update(polarity="lower")
    assert "−0.80 Improving" in text_of(member, url)


def test_unit_page_shows_no_groups_figure_as_the_wholes(member: Client, unit: Unit) -> None:
    measure = ListingFactory(unit=unit)
    FigureFactory(listing=measure, group=GroupFactory(name="Irish"), value=Decimal("33.3"), kind="actual")

    shown = text_of(member, f"/indicators/2009-10/{unit.slug}/")

    assert re.search(rf"{measure.title} by group only\s+1 group", shown)


def test_unit_page_takes_all_pupils_for_the_whole(member: Client, unit: Unit) -> None:
    measure = ListingFactory(unit=unit)
    FigureFactory(listing=measure, group=GroupFactory(name="Irish"), value=Decimal("33.3"), kind="actual", position=1)
    FigureFactory(
        listing=measure, group=GroupFactory(name="All pupils"), value=Decimal("66.8"), kind="actual", position=2
    )

    shown = text_of(member, f"/indicators/2009-10/{unit.slug}/")

    assert re.search(rf"{measure.title} All pupils\s+66\.8", shown)


def test_unit_page_shows_the_words_of_a_remark(member: Client, unit: Unit) -> None:
    FigureFactory(listing__unit=unit, status=FigureStatus.REMARK, value=None, printed="Led by the Trust")

    assert "Led by the Trust" in text_of(member, f"/indicators/2009-10/{unit.slug}/")


def test_unit_page_tells_a_note_without_which_a_value_would_be_misread(member: Client, listing: Listing) -> None:
    FigureFactory(listing=listing, kind="estimate", period="2008/09", value=85, note="changes made to survey 08/09")

    shown = text_of(member, f"/indicators/2009-10/{listing.unit.slug}/")

    assert "2008/09 estimate: changes made to survey 08/09" in shown


def test_unit_page_exports_the_units_own_figures(member: Client, listing: Listing) -> None:
    FigureFactory(listing__plan=listing.plan)

    assert len(rows(member, f"/indicators/2009-10/{listing.unit.slug}/")) == 2


def test_unit_without_measures_says_so(member: Client, unit: Unit) -> None:
    assert "No measure of this unit is loaded for 2009/10." in text_of(member, f"/indicators/2009-10/{unit.slug}/")


# One measure


def test_measure_page_says_what_was_printed_and_how_it_was_read(member: Client) -> None:
    provenance = ProvenanceFactory(
        lines=[387, 390],
        printed={"title": "x", "actual 2007/08": "Not\navailable"},
        loaded={"status": "not available", "value": None, "note": ""},
        repairs=[
            {"rule": "continued after page break", "column": "actual 2007/08", "was": "Not | available", "now": "Not available"},
            {"rule": "its title", "column": "title", "was": "a", "now": "b"},
        ],
    )  # fmt: skip
    figure = FigureFactory(
        provenance=provenance, status=FigureStatus.NOT_AVAILABLE, value=None, printed="Not available", note=""
    )

    page = member.get(figure.get_absolute_url()).content.decode()

    assert f'href="/printed/{provenance.pk}/" aria-label="Line 390, 2009/10 target, as printed"' in page
    assert "Continued after page break. Printed “Not | available”, read as “Not available”." in page
    assert "Its title" not in page
    assert "Changed since it was loaded" not in page


def test_measure_page_leads_to_the_other_places_where_it_is_printed(member: Client, listing: Listing) -> None:
    other = ListingFactory(indicator=listing.indicator, unit=None, kind=ListingKind.LIST, section="DCSF indicators")
    ListingFactory()

    page = member.get(listing.get_absolute_url())

    assert page.context["story"].elsewhere == [other]
    assert f'href="{other.get_absolute_url()}"' in page.content.decode()
    assert "DCSF indicators (list)" in page.content.decode()


def test_measure_without_figures_says_so_and_has_no_form(client: Client, unit_manager: User) -> None:
    listing = ListingFactory(unit=unit_manager.grants.get(role="unit_manager").unit, kind=ListingKind.LIST)
    client.force_login(unit_manager)

    assert "The plan lists this measure without figures." in text_of(client, listing.get_absolute_url())
    assert client.get(edit_url(listing)).status_code == 404


@pytest.mark.parametrize("address", ["99999999999999999999/", "99999999999999999999/edit/", "0/", "0/edit/"])
def test_a_measure_that_is_not_there_is_not_found(address: str, member: Client) -> None:
    assert member.get(f"/indicators/measures/{address}").status_code == 404


@pytest.mark.parametrize("address", ["9999-00/", "2009-10/nowhere/", "lists/9999-00/", "2009-11/", "2008-09/x/"])
def test_an_address_of_no_year_or_unit_is_not_found(address: str, member: Client, listing: Listing) -> None:
    assert member.get(f"/indicators/{address}").status_code == 404


# The form


def test_form_changes_a_figure_with_its_reason_and_leaves_the_others(manager: Client, listing: Listing) -> None:
    actual, target = listing.figures.order_by("position")
    sent = form_of(manager, listing) | {f"{target.pk}-value": "6.0%", f"{target.pk}-status": "value"}

    answer = manager.post(edit_url(listing), sent)

    assert answer.headers["Location"] == listing.get_absolute_url()
    saved = Figure.objects.get(pk=target.pk)
    assert (saved.value, saved.status, saved.version) == (Decimal("6.0"), "value", 2)
    assert str(saved.value) == "6.0"
    assert Figure.objects.get(pk=actual.pk).version == 1
    shown = text_of(manager, listing.get_absolute_url())
    assert "Martha Manager" in shown and "The year has closed" in shown
    assert "2009/10 target: value: nothing → 6.0" in shown
    assert "2009/10 target: status: Awaited → Value" in shown


def test_form_says_which_figure_changed_since_it_was_loaded(manager: Client, listing: Listing) -> None:
    target = listing.figures.get(kind="target")
    with change_set(by=None, why="", door="Test"):
        target.provenance = ProvenanceFactory(loaded={"value": None, "status": "awaited", "note": ""}, lines=[7])
        target.save()
    sent = form_of(manager, listing) | {f"{target.pk}-value": "6", f"{target.pk}-status": "value"}
    manager.post(edit_url(listing), sent)

    assert "Changed since it was loaded" in text_of(manager, listing.get_absolute_url())


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"value": "6.0"}, "A value is given, so “Awaited” cannot stand by it"),
        ({"status": "value"}, "Give the value, or choose why there is none."),
        ({"value": "abc", "status": "value"}, "“abc” is not an amount"),
        ({"value": "%", "status": "value"}, "“%” is not an amount"),
        ({"value": "12k", "status": "value"}, "“12k”: do you mean 12 or 12,000?"),
        ({"value": "1e5", "status": "value"}, "“1e5” is not an amount"),
        ({"value": "0.12345678901", "status": "value"}, "more than 10 decimal places"),
        ({"value": "9" * 16, "status": "value"}, "too large"),
        ({"value": "1", "status": "green"}, "green is not one of the available choices"),
        ({"note": "a\0b"}, "Null characters are not allowed."),
    ],
    ids=str,
)
def test_form_refuses_in_words_and_keeps_what_was_typed(
    typed: dict[str, str], says: str, manager: Client, listing: Listing
) -> None:
    target = listing.figures.get(kind="target")
    why = typed.get("why", "A reason")
    sent = form_of(manager, listing) | {f"{target.pk}-{name}": value for name, value in typed.items()} | {"why": why}

    answer = manager.post(edit_url(listing), sent)

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "There is a problem" in page and "<title>Error: " in page
    assert says in page
    assert Figure.objects.get(pk=target.pk).status == "awaited"
    form = next(form for form in answer.context["forms"] if form.instance == target)
    assert all(form[name].value() == value for name, value in typed.items() if name != "why")


def test_form_takes_a_percent_sign_only_where_the_measure_counts_in_per_cent(manager: Client, listing: Listing) -> None:
    with change_set(by=None, why="", door="Test"):
        Indicator.objects.update(measure_unit="count")
    actual = listing.figures.get(kind="actual")

    answer = manager.post(edit_url(listing), form_of(manager, listing) | {f"{actual.pk}-value": "7.1%"})

    assert "“7.1%”: this measure is not known to count in per cent." in answer.content.decode()


def test_form_of_an_unaltered_page_changes_nothing(manager: Client, listing: Listing) -> None:
    before = ChangeSet.objects.count()

    answer = manager.post(edit_url(listing), form_of(manager, listing), follow=True)

    assert "Nothing was different" in answer.content.decode()
    assert ChangeSet.objects.count() == before


def test_form_keeps_a_value_of_more_decimals_as_it_stands(manager: Client, listing: Listing) -> None:
    page = manager.get(edit_url(listing)).content.decode()

    assert 'value="6.80"' in page


def test_form_sent_twice_is_one_change(manager: Client, listing: Listing) -> None:
    target = listing.figures.get(kind="target")
    sent = form_of(manager, listing) | {f"{target.pk}-value": "6", f"{target.pk}-status": "value"}
    manager.post(edit_url(listing), sent)

    answer = manager.post(edit_url(listing), sent, follow=True)

    assert "sent twice" in answer.content.decode()
    assert Figure.objects.get(pk=target.pk).version == 2


def test_form_refuses_a_stale_figure_and_shows_all_three(manager: Client, listing: Listing) -> None:
    actual = listing.figures.get(kind="actual")
    sent = form_of(manager, listing) | {f"{actual.pk}-value": "7.5"}
    with change_set(by=None, why="The data were corrected", door="Test"):
        actual.value, actual.note = Decimal("7.1"), "final"
        actual.save()

    answer = manager.post(edit_url(listing), sent)

    assert answer.status_code == 409
    shown = words(answer.content.decode())
    assert "Someone changed this while you had it open" in shown
    assert "The data were corrected" in shown
    assert "2007/08 actual, value both changed 6.80 7.1 7.5" in shown
    assert "2007/08 actual, note blank final blank" in shown
    assert Figure.objects.get(pk=actual.pk).value == Decimal("7.1")
    form = next(form for form in answer.context["forms"] if form.instance == actual)
    assert (form["value"].value(), form["note"].value()) == ("7.5", "final")


def test_form_after_a_conflict_saves_what_is_sent_then(manager: Client, listing: Listing) -> None:
    actual = listing.figures.get(kind="actual")
    sent = form_of(manager, listing) | {f"{actual.pk}-value": "7.5"}
    with change_set(by=None, why="", door="Test"):
        actual.value = Decimal("7.1")
        actual.save()
    page = manager.post(edit_url(listing), sent)
    again = sent | {f"{actual.pk}-version": "2", "token": str(page.context["reason"]["token"].value())}

    assert manager.post(edit_url(listing), again).status_code == 302
    assert Figure.objects.get(pk=actual.pk).value == Decimal("7.5")


def test_form_without_versions_is_refused(manager: Client, listing: Listing) -> None:
    sent = {name: value for name, value in form_of(manager, listing).items() if not name.endswith("version")}

    assert manager.post(edit_url(listing), sent).status_code == 409


def test_form_is_for_the_manager_of_that_unit_only(manager: Client) -> None:
    other = FigureFactory(kind="actual").listing

    assert manager.get(edit_url(other)).status_code == 403
    assert manager.post(edit_url(other), {}).status_code == 403
    assert edit_url(other) not in manager.get(other.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("role", "kinds"), [("unit_manager", ["actual"]), ("plan_administrator", ["target"])])
def test_results_are_returned_and_targets_set_by_different_people(
    role: str, kinds: list[str], client: Client, unit_manager: User, plan_administrator: User, listing: Listing
) -> None:
    client.force_login(unit_manager if role == "unit_manager" else plan_administrator)
    theirs = listing.figures.exclude(kind__in=kinds).get()
    sent = form_of(client, listing)
    extra = {f"{theirs.pk}-version": "1", f"{theirs.pk}-value": "99", f"{theirs.pk}-status": "value"}

    shown = client.get(edit_url(listing)).context["forms"]
    client.post(edit_url(listing), sent | extra)

    assert [form.instance.kind for form in shown] == kinds
    assert listing.figures.get(pk=theirs.pk).value == theirs.value


def test_form_without_a_figure_of_ones_own_is_refused(client: Client, plan_administrator: User, unit: Unit) -> None:
    results = FigureFactory(listing__unit=unit, kind="actual").listing
    client.force_login(plan_administrator)

    assert client.get(edit_url(results)).status_code == 403
    assert edit_url(results) not in client.get(results.get_absolute_url()).content.decode()


def test_form_on_a_closed_plan_is_refused(manager: Client, listing: Listing) -> None:
    put_into(listing.plan, *CLOSED)

    assert manager.get(edit_url(listing)).status_code == 403
    assert edit_url(listing) not in manager.get(listing.get_absolute_url()).content.decode()


def test_form_heads_the_figures_of_each_group(manager: Client, listing: Listing) -> None:
    FigureFactory(listing=listing, group=GroupFactory(name="Gypsy Roma"), period="2008/09", position=3)

    shown = text_of(manager, edit_url(listing))

    assert "Group 2007/08 actual 2008/09 target 2009/10 target" in shown
    assert re.search(r"Gypsy Roma\s+2008/09 target\s+Gypsy Roma, 2008/09 target, value", shown)


# However much there is


def test_pages_take_the_same_queries_however_many_rows(manager: Client, listing: Listing, unit: Unit) -> None:
    add_measures(unit, 1)
    listed = ListingFactory(plan=listing.plan, unit=unit, kind=ListingKind.COMPARISON)
    FigureFactory(listing=listed, provenance=ProvenanceFactory())
    pages = {
        "list": FIGURES,
        "sorted and filtered": f"{FIGURES}?sort=-group&status=value&unit={unit.slug}",
        "listings": LISTINGS,
        "unit": f"{FIGURES}{unit.slug}/",
        "measure": listing.get_absolute_url(),
        "comparison": listed.get_absolute_url(),
        "form": edit_url(listing),
    }
    FigureFactory(listing=listing, group=GroupFactory(), provenance=ProvenanceFactory())
    few = {page: queries(manager, url) for page, url in pages.items()}

    add_measures(unit, 50)
    for _ in range(50):
        FigureFactory(listing=listing, group=GroupFactory(), provenance=ProvenanceFactory())
        FigureFactory(listing=listed, group=GroupFactory(), provenance=ProvenanceFactory())
        ListingFactory(indicator=listing.indicator)

    assert max(few.values()) <= 12
    assert {page: queries(manager, url) for page, url in pages.items()} == few


def test_export_takes_the_same_queries_however_many_rows(member: Client, unit: Unit) -> None:
    add_measures(unit, 1)
    few = queries(member, f"{FIGURES}?_export=csv")

    add_measures(unit, 20)

    assert queries(member, f"{FIGURES}?_export=csv") == few


def test_saving_one_figure_takes_the_same_queries_however_many_there_are(manager: Client, listing: Listing) -> None:
    actual = listing.figures.get(kind="actual")
    few = queries(manager, edit_url(listing), form_of(manager, listing) | {f"{actual.pk}-value": "7.5"})

    for _ in range(20):
        FigureFactory(listing=listing, group=GroupFactory())

    assert queries(manager, edit_url(listing), form_of(manager, listing) | {f"{actual.pk}-value": "7.6"}) == few


# The published plans


def test_published_figures_are_listed_as_the_report_gives_them(published: None, member: Client) -> None:
    found = rows(member, FIGURES)

    assert len(found) == Figure.objects.filter(listing__kind=ListingKind.TABLE).count() > 290
    refused, not_obtained = [row for row in found if row["printed"].startswith("Refused") and row["code"] == "NI 73"]
    assert (refused["value"], refused["note"], not_obtained["value"]) == ("72.1", "Refused", "54.9")
    (absence,) = [row for row in found if row["code"] == "NI 87" and row["kind"] == "target"]
    assert (absence["value"], absence["note"]) == ("6.0", "2008/9 academic year target")


def test_published_measures_all_have_a_page(published: None, member: Client) -> None:
    listings = Listing.objects.order_by("pk")
    assert len(rows(member, LISTINGS)) == len(listings) > 130

    for listing in listings[::7]:
        assert member.get(listing.get_absolute_url()).status_code == 200


def test_published_measure_is_edited_by_its_manager(published: None, client: Client) -> None:
    client.force_login(User.objects.get(email="manager@example.org"))
    listing = Listing.objects.get(kind=ListingKind.TABLE, code="NI 87")
    estimate = listing.figures.get(kind="estimate")

    client.post(edit_url(listing), form_of(client, listing) | {f"{estimate.pk}-value": "6.1 %"})

    shown = text_of(client, listing.get_absolute_url())
    assert "6.1%" in shown and "value: 6.0 → 6.1" in shown

"""What a measure's page says of its figures: its sentence, its comparison, what is open, and its charts."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from history.changes import change_set
from indicators.models import Figure, FigureStatus, Group, Indicator, Listing, ListingKind
from indicators.reporting import measure_story
from indicators.reporting.story import MeasureStory
from people.models import User
from tests.factories import FigureFactory, GroupFactory, ListingFactory


def figure(listing: Listing, period: str, kind: str, value: str | None, **more: Any) -> Figure:
    status = FigureStatus.VALUE if value is not None else more.pop("status", FigureStatus.AWAITED)
    group = more.pop("group", "")
    made: Figure = FigureFactory(
        listing=listing,
        period=period,
        kind=kind,
        value=None if value is None else Decimal(value),
        status=status,
        group=(Group.objects.filter(name=group).first() or GroupFactory(name=group)) if group else None,
        position=Figure.objects.count(),
        **more,
    )
    return made


def measure(**more: Any) -> Listing:
    made: Listing = ListingFactory(**{"indicator__measure_unit": "percent", **more})
    return made


def comparison_for(listing: Listing, title: str, kent: str, england: str | None, **more: Any) -> Listing:
    made: Listing = ListingFactory(
        plan=listing.plan, unit=listing.unit, kind=ListingKind.COMPARISON, title=title, code="",
        indicator__measure_unit="percent",
    )  # fmt: skip
    figure(made, "2007", "actual", kent, area="Kent", **more)
    figure(made, "2007", "actual", england, area="England", **more)
    return made


def story_of(listing: Listing) -> MeasureStory:
    return measure_story(
        Listing.objects.select_related("indicator", "plan__year", "unit", "provenance").get(pk=listing.pk)
    )


def sentence_of(listing: Listing) -> str:
    return "".join(bit.text for bit in story_of(listing).sentence)


def questions_of(listing: Listing) -> list[str]:
    return [f"{question.fact}. {question.detail}".strip() for question in story_of(listing).questions]


# The sentence


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("measure_unit", "before", "last", "says"),
    [
        ("percent", "66.8", "69.0", "It was 69.0% in 2008/09, 2.2 points more than in 2007/08."),
        ("percent", "70.0", "69.0", "It was 69.0% in 2008/09, 1.0 points less than in 2007/08."),
        ("points", "2", "3", "It was 3 in 2008/09, 1 point more than in 2007/08."),
        ("count", "223", "260", "It was 260 in 2008/09, 37 more than in 2007/08."),
        ("count", "1223", "260", "It was 260 in 2008/09, 963 less than in 2007/08."),
        ("per 1,000", "1.5", "1.4", "It was 1.4 in 2008/09, 0.1 per 1,000 less than in 2007/08."),
        ("score", "4.4", "4.4", "It was 4.4 in 2008/09, the same as in 2007/08."),
        ("gap", "33.8", "32.0", "It was 32.0 in 2008/09, 1.8 points less than in 2007/08."),
        ("", "5", "4", "It was 4 in 2008/09, 1 lower than in 2007/08."),
        ("count", "0", "-3", "It was −3 in 2008/09, 3 less than in 2007/08."),
    ],
)
def test_sentence_is_grammatical_for_each_unit_of_measure(measure_unit: str, before: str, last: str, says: str) -> None:
    listing = measure(indicator__measure_unit=measure_unit)
    figure(listing, "2007/08", "actual", before)
    figure(listing, "2008/09", "actual", last)

    assert sentence_of(listing) == says


@pytest.mark.usefixtures("db")
def test_sentence_tells_the_estimate_and_the_target() -> None:
    listing = measure()
    figure(listing, "2007/08", "actual", "6.8")
    figure(listing, "2008/09", "estimate", "6.0")
    figure(listing, "2009/10", "target", "6.0")

    assert sentence_of(listing) == "It was 6.8% in 2007/08; 6.0% is estimated for 2008/09. The 2009/10 target is 6.0%."


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("status", "says"),
    [
        (FigureStatus.AWAITED, "is awaited"),
        (FigureStatus.TO_FOLLOW, "is to follow"),
        (FigureStatus.NOT_AVAILABLE, "is not available"),
        (FigureStatus.NOT_APPLICABLE, "does not apply"),
        (FigureStatus.SUPPRESSED, "is suppressed"),
    ],
)
def test_sentence_says_why_no_result_is_known(status: FigureStatus, says: str) -> None:
    listing = measure()
    figure(listing, "2007/08", "actual", None, status=status)
    figure(listing, "2009/10", "target", None, status=FigureStatus.NO_TARGET_SET)

    assert sentence_of(listing) == f"No result is known yet: the 2007/08 actual {says}. The 2009/10 target is not set."


@pytest.mark.usefixtures("db")
def test_sentence_of_a_measure_without_a_figure_is_its_remark() -> None:
    listing = measure()
    figure(listing, "2007/08", "actual", None, status=FigureStatus.REMARK, printed="Led by the Trust.")

    assert sentence_of(listing) == "The plan gives no figure of it here. It says: “Led by the Trust.”"
    assert story_of(listing).facts == []


@pytest.mark.usefixtures("db")
def test_sentence_of_a_measure_that_is_only_listed_names_its_service_plan() -> None:
    listing = measure(kind=ListingKind.LIST, unit=None, service_plan="Standards")

    assert (
        sentence_of(listing)
        == "The plan lists this measure without figures. It belongs to the service plan of Standards."
    )


@pytest.mark.usefixtures("db")
def test_sentence_says_better_or_worse_only_where_it_is_known_which_is() -> None:
    listing = measure()
    for group, before, last in (("Irish", "10", "20"), ("Pakistani", "20", "10"), ("Roma", "10", "30")):
        figure(listing, "2007/08", "actual", before, group=group)
        figure(listing, "2008/09", "actual", last, group=group)

    assert "Of three groups with both results, two increased and one decreased." in sentence_of(listing)
    with change_set(by=None, why="", door="Test"):
        Indicator.objects.update(polarity="lower")
    assert "Of three groups with both results, one improved and two worsened." in sentence_of(listing)


# The comparison with another area


@pytest.mark.usefixtures("db")
def test_comparison_belongs_to_the_measure_whose_figures_it_repeats() -> None:
    listing = measure(title="Half days missed in Primary Schools")
    figure(listing, "2007/08", "actual", "5.3")
    other = measure(title="Primary exclusions", plan=listing.plan, unit=listing.unit)
    figure(other, "2007/08", "actual", "1.5")
    comparison = comparison_for(listing, "Primary Absence", "5.3", "5.35")

    compared = story_of(listing).comparison

    assert compared is not None and compared.pk == comparison.pk
    assert compared.gap("") == Decimal("-0.05")
    assert story_of(other).comparison is None
    assert "In 2007 it stood 0.05 points below England (5.3% against 5.35%)." in sentence_of(listing)
    assert story_of(comparison).belongs_to == listing.pk


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("title", "kent"), [("Primary Absence", "5.4"), ("Secondary truancy", "5.3")], ids=["other figure", "other words"]
)
def test_comparison_that_may_be_of_another_measure_is_not_shown(title: str, kent: str) -> None:
    listing = measure(title="Half days missed in Primary Schools")
    figure(listing, "2007/08", "actual", "5.3")
    comparison = comparison_for(listing, title, kent, "5.35")

    assert story_of(listing).comparison is None
    assert story_of(comparison).belongs_to is None


@pytest.mark.usefixtures("db")
def test_comparison_that_fits_two_measures_alike_is_neithers() -> None:
    one = measure(title="Primary absence of boys")
    two = measure(title="Primary absence of girls", plan=one.plan, unit=one.unit)
    for listing in (one, two):
        figure(listing, "2007/08", "actual", "5.3")
    comparison_for(one, "Primary Absence", "5.3", "5.35")

    assert story_of(one).comparison is None and story_of(two).comparison is None


@pytest.mark.usefixtures("db")
def test_figure_of_the_other_area_that_is_not_there_is_told_in_words() -> None:
    listing = measure(title="Persistent absence")
    figure(listing, "2007/08", "actual", "6.8")
    comparison_for(listing, "Persistent Absence", "6.8", None)

    assert "The figure for England is awaited." in sentence_of(listing)


# What is open


@pytest.mark.usefixtures("db")
def test_targets_on_both_sides_of_the_result_are_asked_about() -> None:
    listing = measure()
    for group, last, target in (("Irish", "10", "20"), ("Roma", "30", "25"), ("Pakistani", "50", "40")):
        figure(listing, "2008/09", "actual", last, group=group)
        figure(listing, "2009/10", "target", target, group=group)

    assert questions_of(listing) == [
        "Two 2009/10 targets are printed lower than the 2008/09 result, the others higher. Roma and Pakistani."
    ]


@pytest.mark.usefixtures("db")
def test_targets_that_are_all_lower_are_not_asked_about() -> None:
    listing = measure()
    for group, last, target in (("Irish", "30", "20"), ("Roma", "30", "25")):
        figure(listing, "2008/09", "actual", last, group=group)
        figure(listing, "2009/10", "target", target, group=group)

    assert questions_of(listing) == []


@pytest.mark.usefixtures("db")
def test_two_figures_of_one_cell_are_asked_about_and_joined_to_nothing() -> None:
    listing = measure()
    figure(listing, "2007/08", "actual", "59.7", group="Unclassified")
    figure(listing, "2008/09", "actual", "72.1", group="Unclassified", label="Refused", note="Refused")
    figure(listing, "2008/09", "actual", "54.9", group="Unclassified", label="Not Obtained", note="Not Obtained")
    figure(listing, "2007/08", "actual", "10", group="Irish")
    figure(listing, "2008/09", "actual", "20", group="Irish")

    story = story_of(listing)

    assert questions_of(listing) == [
        "Unclassified has two figures for the 2008/09 actual. “Refused 72.1%” and “Not Obtained 54.9%”, printed in one "
        "cell and not joined here."
    ]
    (row,) = [row for row in story.rows if row.name == "Unclassified"]
    assert (row.change, row.direction) == ("", "Not comparable")
    assert story.dots is not None
    (dots,) = [dots for section in story.dots.sections for dots in section.dots if dots.name == "Unclassified"]
    assert dots.move is None
    assert sorted((mark.shape, mark.label) for mark in dots.marks) == [
        ("apart", "54.9 Not Obtained"), ("apart", "72.1 Refused"), ("was", ""),
    ]  # fmt: skip


# Charts


@pytest.mark.usefixtures("db")
def test_chart_puts_no_figure_that_is_not_there_on_its_scale() -> None:
    listing = measure()
    figure(listing, "2007/08", "actual", "6.8")
    figure(listing, "2008/09", "estimate", None, status=FigureStatus.SUPPRESSED)
    figure(listing, "2009/10", "target", "6.0")

    chart = story_of(listing).years

    assert chart is not None
    assert [(point.shape, point.label) for point in chart.points] == [("now", "6.8%"), ("target", "6.0%")]
    assert [year.without for year in chart.years] == ["", "estimate suppressed", ""]
    assert chart.lines == ()


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("values", "cut"), [(("6.8", "6.0"), True), (("6.8", "1.0"), False), (("0.0", "0.0"), False)])
def test_chart_says_where_its_axis_is_cut(values: tuple[str, str], cut: bool) -> None:
    listing = measure()
    figure(listing, "2007/08", "actual", values[0])
    figure(listing, "2008/09", "actual", values[1])

    chart = story_of(listing).years

    assert chart is not None
    assert bool(re.fullmatch(r"The axis is cut: it starts at .*, not at nil\.", chart.cut)) == cut


@pytest.mark.usefixtures("db")
def test_one_figure_makes_no_chart() -> None:
    listing = measure()
    figure(listing, "2007/08", "actual", "6.8")
    figure(listing, "2009/10", "target", None)

    story = story_of(listing)

    assert story.years is None and story.dots is None


# The published plans


def page_of(client: Client, code: str) -> str:
    listing = Listing.objects.get(kind=ListingKind.TABLE, code=code, unit__name__startswith="Minority")
    page = client.get(listing.get_absolute_url()).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub("</?b>", "", page)))


@pytest.fixture
def reader(published: None, client: Client) -> Client:
    client.force_login(User.objects.get(email="member@example.org"))
    return client


def test_published_measure_by_group_says_how_it_goes(reader: Client) -> None:
    shown = page_of(reader, "NI 73")

    assert (
        "For all pupils it was 69.0% in 2008/09, 2.2 points more than in 2007/08. In 2007 it stood 4.3 points below "
        "England (66.8% against 71.1%). Of 10 groups with both results, six increased and four decreased. The targets "
        "for 2009/10 and 2010/11 are to follow."
    ) in shown
    assert re.search(r"Traveller of Irish Heritage 0\.0 \+45\.5 points to 45\.5%", shown)
    assert (
        "Three 2009/10 targets are printed lower than the 2008/09 result, the others higher. Black African, Black Other "
        "and Bangladeshi."
    ) in shown
    assert "Every 2010/11 target is printed lower than that of 2009/10. For all nine groups that have both." in shown
    assert re.search(r"Kent’s figures are the same in both for all of 1\d groups\.", shown)


def test_published_measure_with_two_values_for_one_year_says_which(reader: Client) -> None:
    shown = page_of(reader, "NI 75")

    assert "have another value in the comparison with England. All pupils 48.2% here, 49.1% there;" in shown


def test_published_measures_have_a_sentence_and_a_page_each(reader: Client) -> None:
    for listing in Listing.objects.exclude(kind=ListingKind.LIST):
        page = reader.get(listing.get_absolute_url())

        assert page.status_code == 200
        sentence = "".join(bit.text for bit in page.context["story"].sentence)
        assert sentence.endswith((".", "”")) and "  " not in sentence and " ." not in sentence, sentence

"""Which pressures and savings name a unit."""

import pytest

from kentplan.unit.money import pieces
from kentplan.unit.naming import find_name, names_of

UNITS = ["Joint Commissioning Unit", "Specialist Teaching Service", "STS", "AEN&R", "Asylum", "ABS"]
ACTIVITIES = ["Health needs education service", "Multi Agency", "Portage", "Management and Support", "Connexions (ABG)"]


def found(heading: str, explanation: str = "") -> str | None:
    names = names_of(unit_names=UNITS, activities=ACTIVITIES, of_others=["management & support"])
    named = find_name(heading, explanation, names)
    return named.name if named else None


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Joint commissioning officers", "Joint Commissioning Unit"),  # a unit's name may go without "Unit"
        ("Savings of the specialist teaching service", "Specialist Teaching Service"),
        ("STS Mandatory qualifications", "STS"),
        ("Cost of AEN&R appeals", "AEN&R"),
        ("Health Needs Education Service", "Health needs education service"),
        ("Multi-agency", "Multi Agency"),
        ("Portage", "Portage"),  # a name of one word is the whole heading
        ("Connexions (ABG): more", "Connexions (ABG)"),
    ],
)
def test_heading_names_a_unit_or_its_activity(heading: str, name: str) -> None:
    assert found(heading) == name


@pytest.mark.parametrize(
    "heading",
    [
        "Portage equipment",  # one word says too little
        "Increase in unaccompanied asylum seeking children",
        "Asylum seeking children",
        "Tests of sts and absence",  # no acronym
        "Joint officers for commissioning",  # not consecutive
        "Management and support",  # several units have it
        "Commissioning officers",
        "",
    ],
)
def test_heading_that_only_resembles_a_name_names_nobody(heading: str) -> None:
    assert found(heading) is None


def test_explanation_names_by_capitals_only() -> None:
    assert found("Posts", "Staff savings in MCAS and Specialist Teaching Service made in 2008/09") == (
        "Specialist Teaching Service"
    )
    assert found("Posts", "Two posts of STS end.") == "STS"
    assert found("Posts", "Work of the Multi Agency teams") == "Multi Agency"
    assert found("Posts", "on-going multi-agency training, with multi-agency users") is None
    assert found("Posts", "Portage is cut") is None
    assert found("Posts", "of joint commissioning") is None
    assert found("Posts", "of Joint Commissioning") is None  # without "Unit" it names a unit in headings only


def test_unit_is_found_before_its_activities() -> None:
    named = find_name("STS: Multi Agency work", "", names_of(unit_names=UNITS, activities=ACTIVITIES, of_others=[]))

    assert named
    assert (named.name, named.is_activity) == ("STS", False)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("(4000 referrals), 226 accepted and 1,500 known", ["4000", "226", "1,500"]),
        ("approx 600 KS4 pupils in 2008/09", ["600"]),
        ("350+ children; 61.6fte; (2800).", ["350+", "61.6", "2800"]),
        ("£128.5k, £1,200, 17.5% and the 14-19 cohort", []),
        ("", []),
    ],
)
def test_counts_of_a_text_are_set_apart_and_nothing_is_lost(text: str, counts: list[str]) -> None:
    found = pieces(text)

    assert [piece.text for piece in found if piece.is_count] == counts
    assert "".join(piece.text for piece in found) == text

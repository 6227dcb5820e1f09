"""Search: what is found, in which order, how it is told, and that nothing typed breaks it."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budgets.models import BudgetLine
from history.changes import change_set
from indicators.models import ListingKind
from kentplan.folding import Query
from kentplan.search import KINDS, PER_PAGE, SHOWN, Found, search
from people.models import User
from plans.models import Unit
from tests.factories import (
    AliasFactory,
    BudgetLineFactory,
    ConsultationFactory,
    CoreServiceFactory,
    DeliverableFactory,
    FinancialYearFactory,
    IndicatorFactory,
    KeyActionFactory,
    LeadRoleFactory,
    ListingFactory,
    OfficerFactory,
    PlanFactory,
    TargetFactory,
    UnitFactory,
    UnitYearFactory,
)


@pytest.fixture
def reader(client: Client, poc_member: User) -> Client:
    client.force_login(poc_member)
    return client


def found(typed: str, **how: Any) -> dict[str, Found]:
    return {part.kind.key: part for part in search(Query.of(typed), **how)}


def titles(typed: str, kind: str) -> list[str]:
    parts = found(typed)
    return ["".join(part.text for part in result.title) for result in parts[kind].results] if kind in parts else []


def words_of(answer: Any) -> str:
    """What the page's main part says, without its markup."""
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub("<[^>]*>", "", main)).split())


# What the published plans hold


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("typed", ["NI 103", "ni103", "NI-103"])
def test_measure_is_found_by_its_code_however_it_is_spaced(typed: str) -> None:
    first = titles(typed, "measures")[0]

    assert first.startswith("NI 103 a) Special Educational Needs")
    assert all(title.startswith("NI 103") for title in titles(typed, "measures"))


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("typed", ["AEN&R", "aen and r", "AEN & R"])
def test_unit_is_found_by_another_name_and_says_which(reader: Client, typed: str) -> None:
    assert titles(typed, "units")[0] == "Additional Educational Needs and Resources"
    assert "Also called AEN&R" in words_of(reader.get("/search/", {"q": typed}))


@pytest.mark.usefixtures("published")
def test_officer_is_found_with_what_she_answers_for(reader: Client) -> None:
    answer = reader.get("/search/", {"q": "lindy whitfield"})

    officers = found("lindy whitfield")["officers"]
    assert titles("lindy whitfield", "officers")[0] == "Lindy Whitfield"
    says = [lead.says for lead in officers.results[0].answers]
    assert says == ["Action", "Action", "Action", "Lead", ""]
    assert "District Teams" in words_of(answer)  # the core service of "Lindy Whitfield/ Eleanor Morgan"
    assert 'href="/projects/2009-10/?manager=Lindy+Whitfield"' in answer.content.decode()


@pytest.mark.usefixtures("published")
def test_words_are_found_in_measures_actions_and_lead_roles() -> None:
    parts = found("persistent absence")

    assert {key: part.total for key, part in parts.items()} == {"measures": 3, "actions": 4, "targets": 1}
    assert titles("persistent absence", "measures")[0] == "Persistent Absence"
    assert titles("persistent absence", "targets") == ["CYPP Action 60"]


@pytest.mark.usefixtures("published")
def test_every_link_of_the_results_leads_to_a_page(reader: Client) -> None:
    links = set()
    for typed in ("a", "attendance", "Lindy Whitfield", "CYPP", "NI 103", "parents"):
        shown = reader.get("/search/", {"q": typed}).content.decode().partition("<main")[2].partition("</main>")[0]
        links |= {unescape(link) for link in re.findall(r'href="([^#][^"]*)"', shown)}

    statuses = {link: reader.get(f"/search/{link}" if link[0] == "?" else link).status_code for link in links}
    assert len(statuses) > 60
    assert set(statuses.values()) == {200}, [link for link, status in statuses.items() if status != 200]


# How it is found


@pytest.fixture
def clusters(db: None) -> Unit:
    return UnitYearFactory(unit=UnitFactory(name="Clusters")).unit


def test_best_comes_first(db: None) -> None:
    for name in ("Other school transport", "Preschool costs", "Schools", "School", "School budgets", "Scholarly"):
        UnitYearFactory(unit=UnitFactory(name=name))

    assert titles("school", "units") == [
        "School",
        "School budgets",
        "Schools",
        "Other school transport",
        "Preschool costs",
    ]


def test_all_words_must_occur_wherever_they_stand(db: None) -> None:
    for text in ("Reduce absence of pupils", "Reduce exclusions", "Absence: to reduce it"):
        KeyActionFactory(text=text)

    assert titles("absence reduce", "actions") == ["Absence: to reduce it", "Reduce absence of pupils"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Children’s Trust", "children's trust"),
        ("Children's Trust", "CHILDRENS TRUST"),
        ("Health & Safety", "health and safety"),
        ("Health and Safety", "Health&Safety"),
        ("Multi-Agency Teams", "multi agency"),
        ("Multi – Agency Teams", "multi-agency"),
        ("School Organisation", "organis"),
    ],
)
def test_marks_and_capitals_make_no_difference(db: None, name: str, typed: str) -> None:
    UnitYearFactory(unit=UnitFactory(name=name))

    assert titles(typed, "units") == [name]


@pytest.mark.parametrize("typed", ["%", "_", "100%", "a_b", "\\", "'", '"', "<b>", "${x}", "\x00", "☃", " ", "&", "-"])
def test_signs_are_no_wildcards(reader: Client, clusters: Unit, typed: str) -> None:
    answer = reader.get("/search/", {"q": typed})

    assert answer.status_code == 200
    assert "Clusters" not in words_of(answer)


def test_line_is_found_by_what_it_provides_and_shows_where(reader: Client, clusters: Unit) -> None:
    line = BudgetLineFactory(unit=clusters, activity="Base budget")
    CoreServiceFactory(unit=clusters, plan=line.plan, line=line, provides="A place for 600 pupils")

    answer = reader.get("/search/", {"q": "600 pupils"})

    assert "Base budget Clusters, 2009/10 Provides: A place for 600 pupils" in words_of(answer)
    assert "<mark>600</mark> <mark>pupils</mark>" in answer.content.decode()


def test_action_is_found_once_by_its_deliverables(clusters: Unit) -> None:
    action = KeyActionFactory(unit=clusters, text="Improve attendance")
    DeliverableFactory(action=action, text="Fewer exclusions in primary schools")
    DeliverableFactory(action=action, text="Fewer exclusions in secondary schools")

    assert found("exclusions")["actions"].total == 1
    assert titles("exclusions", "actions") == ["Improve attendance"]


def test_target_is_told_with_who_leads_and_what_counts_towards_it(reader: Client, clusters: Unit) -> None:
    target = TargetFactory(scheme="CYPP", code="Action 60", title="")
    role = LeadRoleFactory(target=target, text="Lead for Action 60: attendance")
    actions = [KeyActionFactory(plan=role.plan, text=f"Promise {number}") for number in range(5)]
    listing = ListingFactory(plan=role.plan, indicator=IndicatorFactory(title="Absence"))
    officers = OfficerFactory(name="Lindy Whitfield"), OfficerFactory(name="Anne Parnell")
    with change_set(by=None, why="As printed", door="Test"):
        role.officers.add(*officers)
        for thing in (*actions, listing):
            thing.targets.add(target)

    shown = words_of(reader.get("/search/", {"q": "cypp action 60"}))

    assert "Lead: Anne Parnell, Lindy Whitfield Lead for Action 60: attendance" in shown
    assert "Action Promise 0Action Promise 1Action Promise 2Measure AbsenceAll actions of CYPP" in shown
    assert "Promise 3" not in shown


def test_measure_with_figures_comes_before_one_that_is_only_listed(clusters: Unit) -> None:
    indicator = IndicatorFactory(code="NI 87", title="Absence")
    ListingFactory(indicator=indicator, unit=None, kind=ListingKind.LIST, title="Absence, as listed")
    ListingFactory(indicator=indicator, unit=clusters, title="Absence, with figures")

    assert titles("NI 87", "measures") == ["NI 87 Absence, with figures", "NI 87 Absence, as listed"]


def test_consultation_leads_to_its_place_on_the_units_page(clusters: Unit) -> None:
    plan = PlanFactory(year=FinancialYearFactory(start=2009))
    ConsultationFactory(unit=clusters, plan=plan, name="Survey", purpose="What parents think")

    (result,) = found("parents think")["consultations"].results
    assert result.url == "/units/2009-10/clusters/#consultations"


def test_latest_year_comes_first_and_is_shown(reader: Client, clusters: Unit) -> None:
    for start in (2008, 2009):
        BudgetLineFactory(unit=clusters, activity="Base budget", plan__year=FinancialYearFactory(start=start))

    shown = words_of(reader.get("/search/", {"q": "base budget"}))

    assert shown.index("Clusters, 2009/10") < shown.index("Clusters, 2008/09")


# The page


def test_empty_search_says_what_can_be_found(reader: Client) -> None:
    for query in ({}, {"q": ""}, {"q": "  "}):
        shown = words_of(reader.get("/search/", query))
        assert "What can be found" in shown
        assert "Nothing was found" not in shown


def test_no_result_says_so_and_what_to_try(reader: Client, clusters: Unit) -> None:
    shown = words_of(reader.get("/search/", {"q": "<i>zzz"}))

    assert "Nothing was found for “<i>zzz”." in shown
    assert "Every word must occur" in shown


def test_query_of_more_than_200_characters_is_cut_and_says_so(reader: Client, clusters: Unit) -> None:
    shown = words_of(reader.get("/search/", {"q": "clusters " + "x" * 5000}))

    assert "Only the first 200 characters were looked for." in shown


def test_ten_of_a_kind_are_shown_with_a_way_to_all(reader: Client, clusters: Unit) -> None:
    plan = PlanFactory()
    for number in range(PER_PAGE + 5):
        BudgetLineFactory(unit=clusters, plan=plan, activity=f"Grant {number:02}")

    every, first, second, beyond = (
        words_of(reader.get("/search/", {"q": "grant", **more}))
        for more in ({}, {"kind": "lines"}, {"kind": "lines", "page": "2"}, {"kind": "lines", "page": "99"})
    )

    total = PER_PAGE + 5
    assert (every.count("Grant"), f"All {total} budget lines" in every) == (SHOWN, True)
    assert (first.count("Grant"), f"{total} budget lines for “grant”" in first) == (PER_PAGE, True)
    assert "Page 1 of 2 Next" in first
    assert [number for number in range(total) if f"Grant {number:02}" in second] == list(range(PER_PAGE, total))
    assert "Previous Page 2 of 2" in second
    assert beyond == first


@pytest.mark.parametrize(
    "query", [{"kind": "x"}, {"page": "0"}, {"page": "-1"}, {"page": "²"}, {"page": "9" * 99}, {"kind": "\x00"}]
)
def test_part_that_makes_no_sense_is_ignored(reader: Client, clusters: Unit, query: dict[str, str]) -> None:
    answer = reader.get("/search/", {"q": "clusters", **query})

    assert answer.status_code == 200
    assert "1 result for “clusters”" in words_of(answer)


def test_search_makes_as_many_queries_for_fifty_times_the_data(reader: Client, clusters: Unit) -> None:
    plan = PlanFactory(year=FinancialYearFactory(start=2009))
    made = []
    for times in (1, 49):
        for _ in range(times):
            fill(plan)
        with CaptureQueriesContext(connection) as queries:
            shown = words_of(reader.get("/search/", {"q": "needle"}))
        made.append(len(queries))
        assert all(kind.name in shown for kind in KINDS)

    assert made[0] == made[1] == 7  # session, user, roles, results, what they lead to, the header's year, years


def fill(plan: Any) -> None:
    """One of each thing that can be found by "needle"."""
    number = BudgetLine.objects.count()
    unit = UnitYearFactory(unit=UnitFactory(name=f"Needle {number}"), year=plan.year).unit
    AliasFactory(unit=unit, name=f"Needles {number}")
    officer, target = OfficerFactory(name=f"N. Needle {number}"), TargetFactory(title="Needles")
    line = BudgetLineFactory(unit=unit, plan=plan, activity="Needles")
    CoreServiceFactory(unit=unit, plan=plan, line=line, provides="Needles", accountable_manager=officer)
    action = DeliverableFactory(action__unit=unit, action__plan=plan, text="Needles").action
    listing = ListingFactory(unit=unit, plan=plan, title="Needles")
    role = LeadRoleFactory(plan=plan, target=target, text=f"Needle {number}")
    ConsultationFactory(unit=unit, plan=plan, name=f"Needle {number}")
    with change_set(by=None, why="As printed", door="Test"):
        action.managers.add(officer)
        action.targets.add(target)
        listing.targets.add(target)
        role.officers.add(officer)

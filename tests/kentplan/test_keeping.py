"""What a plan administrator keeps: units with their names and places, periods, plans and their states."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from history.models import ChangeSet
from kentplan.loading import FIXTURES, Options, load
from people.models import User
from plans.models import Alias, Period, Plan, Unit, UnitYear
from tests.factories import (
    ADOPTED,
    AliasFactory,
    DivisionFactory,
    DocumentFactory,
    FinancialYearFactory,
    PeriodFactory,
    PlanFactory,
    PortfolioFactory,
    UnitFactory,
    UnitYearFactory,
    put_into,
)

INDEX = "/administration/"
PAGES = ("", "units/", "names/", "periods/", "plans/")
Controls = Callable[[Any], dict[str, str]]


@pytest.fixture
def administrator(client: Client, plan_administrator: User) -> Client:
    client.force_login(plan_administrator)
    return client


@pytest.fixture
def controls() -> Controls:
    """The form of a page as a browser would send it back."""

    def read(answer: Any) -> dict[str, str]:
        found = {}
        for form in answer.context["all_forms"]:
            for field in form:
                value = field.field.prepare_value(field.value())
                found[field.html_name] = "" if value is None else str(value)
        return found

    return read


@pytest.fixture
def send(administrator: Client, controls: Controls) -> Callable[..., Any]:
    """Open a form, type into it, send it."""

    def sent(url: str, **typed: str) -> Any:
        return administrator.post(url, controls(administrator.get(url)) | typed)

    return sent


def test_index_says_how_the_house_stands_and_leads_everywhere(administrator: Client) -> None:
    put_into(PlanFactory(), *ADOPTED)
    PlanFactory()
    DocumentFactory(report={"doubts": [{}, {}]})
    PeriodFactory()

    page = administrator.get(INDEX).content.decode()

    assert "<b>2</b> doubts are open." in page
    assert "are draft" in page and "<b>1</b> adopted" in page
    assert "<b>1</b> period is open, <b>0</b> closed." in page
    links = [
        "/people/",
        "/people/rights/",
        "/documents/",
        "/doubts/",
        "/history/",
        *(INDEX + name for name in PAGES[1:]),
    ]
    assert [link for link in links if f'href="{link}"' not in page] == []


def test_index_stands_in_the_header_in_place_of_the_documents(administrator: Client) -> None:
    page = administrator.get("/units/").content.decode()

    assert f'<a href="{INDEX}">Administration</a>' in page
    assert ">Documents</a>" not in page


def test_auditor_reads_and_is_offered_no_change(client: Client, auditor: User) -> None:
    unit = AliasFactory().unit
    PeriodFactory()
    plan = PlanFactory()
    client.force_login(auditor)

    for name in (*PAGES, f"units/{unit.pk}/", f"plans/{plan.pk}/"):
        answer = client.get(INDEX + name)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert not any(word in page for word in ("/edit/", "/add/", "/remove/"))


# Units


def test_unit_is_renamed_and_keeps_its_address(send: Callable[..., Any]) -> None:
    unit = UnitFactory(name="Clusters", slug="clusters")

    send(f"{INDEX}units/{unit.pk}/edit/", name="Local Clusters", why="Renamed in June")

    unit.refresh_from_db()
    assert (unit.name, unit.slug, unit.version) == ("Local Clusters", "clusters", 2)
    assert ChangeSet.objects.latest("pk").why == "Renamed in June"


def test_unit_does_not_take_the_name_of_another(send: Callable[..., Any]) -> None:
    unit, other = UnitFactory(), UnitFactory(name="Clusters")
    AliasFactory(unit=other, name="The Clusters", key="the clusters")

    for taken, says in [("clusters", "There is already a unit of that name."), ("The Clusters", "another name of")]:
        answer = send(f"{INDEX}units/{unit.pk}/edit/", name=taken)
        assert answer.status_code == 200
        assert says in answer.content.decode()


def test_unit_is_added_once_however_often_it_is_sent(administrator: Client, controls: Controls) -> None:
    UnitFactory(slug="youth-service")
    sent = controls(administrator.get(f"{INDEX}units/add/")) | {"name": "Youth Service"}

    answers = [administrator.post(f"{INDEX}units/add/", sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Unit.objects.get(name="Youth Service").slug == "youth-service-2"


def test_unit_gets_a_place_in_a_year_and_another_one_there(send: Callable[..., Any]) -> None:
    year = FinancialYearFactory()
    unit = UnitFactory()
    division, portfolio = (make(directorate=unit.directorate) for make in (DivisionFactory, PortfolioFactory))

    send(f"{INDEX}units/{unit.pk}/places/add/", year=str(year.pk), division=str(division.pk))
    place = UnitYear.objects.get(unit=unit)
    send(f"{INDEX}places/{place.pk}/edit/", portfolio=str(portfolio.pk), cabinet_member="PC")

    place.refresh_from_db()
    assert (place.year, place.division, place.portfolio, place.cabinet_member) == (year, division, portfolio, "PC")


def test_stale_form_is_refused_and_shows_both(administrator: Client, controls: Controls) -> None:
    unit = UnitFactory(name="Clusters")
    url = f"{INDEX}units/{unit.pk}/edit/"
    mine = controls(administrator.get(url)) | {"name": "Mine"}
    administrator.post(url, controls(administrator.get(url)) | {"name": "Theirs"})

    answer = administrator.post(url, mine)

    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode() and "Mine" in answer.content.decode()


# Other names


def test_other_name_is_added_changed_and_removed(send: Callable[..., Any]) -> None:
    unit = UnitFactory(slug="clusters")

    send(f"{INDEX}names/add/?unit=clusters", name="The Clusters", reason="So printed in the directorate's plan")
    alias = Alias.objects.get()
    assert (alias.unit, alias.subject, alias.key) == (unit, "unit", "the clusters")
    send(f"{INDEX}names/{alias.pk}/edit/", name="Clusters (all)")
    alias.refresh_from_db()
    assert (alias.name, alias.key) == ("Clusters (all)", "clusters all")
    send(f"{INDEX}names/{alias.pk}/remove/")
    assert not Alias.objects.exists()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"subject": "unit", "unit": ""}, "Choose the unit that it is another name of."),
        ({"subject": "group", "unit": ""}, "Enter the name that it stands for."),
        ({"name": "--"}, "A name needs at least one letter or figure."),
        ({"name": "Youth"}, "is the name of a unit of its own."),
        ({"name": "Declared"}, "already declared to stand for something."),
        ({"reason": " "}, "Say why the two names are one."),
        ({"subject": "cat"}, "is not one of the available choices"),
        ({"name": "a\0"}, "Null characters"),
    ],
)
def test_other_name_that_stands_for_nothing_clear_is_refused(
    send: Callable[..., Any], typed: dict[str, str], says: str
) -> None:
    unit = UnitFactory(slug="clusters")
    UnitFactory(name="Youth")
    AliasFactory(unit=unit, name="Declared", key="declared")
    right = {"name": "The Clusters", "reason": "So printed"}

    answer = send(f"{INDEX}names/add/?unit=clusters", **right | typed)

    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert Alias.objects.count() == 1


@pytest.mark.usefixtures("published")
def test_next_load_reads_a_name_as_the_unit_that_it_is_declared_for(send: Callable[..., Any]) -> None:
    unit = Unit.objects.get(name="Attendance and Behaviour Service")
    text = (FIXTURES / "plans" / "commissioning-2009-10.txt").read_text()
    renamed = text.replace("Attendance and Behaviour Service", "Peripatetic Harbour Team")
    send(f"{INDEX}names/add/?unit={unit.slug}", name="Peripatetic Harbour Team", reason="Renamed")

    from plans.documents import Document

    load([Document(renamed, "renamed.txt")], Options())

    assert not Unit.objects.filter(name="Peripatetic Harbour Team").exists()


# Periods


def test_missing_periods_of_a_year_are_added_once(administrator: Client) -> None:
    year = FinancialYearFactory(start=2009)
    PeriodFactory(year=year, half=1)
    before = ChangeSet.objects.count()

    for _ in range(2):
        administrator.post(f"{INDEX}periods/2009-10/add/")

    assert list(Period.objects.values_list("half", flat=True)) == [1, 2]
    assert ChangeSet.objects.count() == before + 1


def test_period_is_closed_with_a_reason_and_its_day_set_without(send: Callable[..., Any]) -> None:
    period = PeriodFactory()
    url = f"{INDEX}periods/{period.pk}/edit/"

    send(url, return_by="2009-10-16")
    without = send(url, state="closed", why=" ")
    period.refresh_from_db()
    assert (period.state, str(period.return_by)) == ("open", "2009-10-16")
    assert "Say why you make this change." in without.content.decode()
    send(url, state="closed", why="All returned")

    period.refresh_from_db()
    assert period.state == "closed"


# Plans


def test_plan_is_adopted_closed_and_opened_again_with_reasons(send: Callable[..., Any]) -> None:
    plan = PlanFactory()
    url = f"{INDEX}plans/{plan.pk}/edit/"

    assert "Say why you make this change." in send(url, state="adopted", why="").content.decode()
    for state in ("adopted", "closed", "adopted", "draft"):
        send(url, state=state, why=f"The Council made it {state}")
        plan.refresh_from_db()
        assert plan.state == state


@pytest.mark.parametrize(("steps", "state"), [((), "closed"), (("adopted", "closed"), "draft"), ((), "burnt")])
def test_plan_does_not_skip_a_state(send: Callable[..., Any], steps: tuple[str, ...], state: str) -> None:
    plan = PlanFactory()
    put_into(plan, *steps)

    answer = send(f"{INDEX}plans/{plan.pk}/edit/", state=state, why="In a hurry")

    assert answer.status_code == 200
    assert "it is adopted in between" in answer.content.decode()
    assert Plan.objects.get(pk=plan.pk).state == plan.state


def test_no_other_field_can_be_slipped_in(send: Callable[..., Any]) -> None:
    plan, unit, period = PlanFactory(), UnitFactory(slug="clusters"), PeriodFactory(half=1)

    send(f"{INDEX}plans/{plan.pk}/edit/", name="New", tier="directorate", version="1", year="9")
    send(f"{INDEX}units/{unit.pk}/edit/", name="New", slug="other", reason="x", directorate="9")
    send(f"{INDEX}periods/{period.pk}/edit/", return_by="2009-10-16", half="2")

    assert Plan.objects.values_list("name", "tier").get(pk=plan.pk) == ("New", plan.tier)
    assert Unit.objects.values_list("name", "slug", "reason").get(pk=unit.pk) == ("New", "clusters", unit.reason)
    assert Period.objects.get().half == 1


@pytest.mark.parametrize("name", PAGES)
def test_pages_take_the_same_queries_however_much_there_is(name: str, administrator: Client) -> None:
    def fill(start: int) -> None:
        place = UnitYearFactory(year__start=start)
        AliasFactory(unit=place.unit, name=f"Name {start}", key=f"name {start}")
        PeriodFactory(year=place.year)
        DocumentFactory(plan=PlanFactory(year=place.year))

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as taken:
            assert administrator.get(INDEX + name).status_code == 200
        return len(taken)

    fill(2009)
    queries()
    few = queries()
    for start in range(2010, 2060):
        fill(start)

    assert queries() == few <= 12

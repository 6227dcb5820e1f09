"""Every page of the published plans, as it stood on a day."""

import re
from datetime import timedelta

import pytest
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from budgets.models import BudgetLine
from history.changes import change_set
from indicators.models import Figure, FigureStatus, Listing
from people.models import User
from plans.models import Unit
from projects.models import KeyAction

DAY = "2009-06-03"


@pytest.fixture
def member(client: Client, published: None) -> Client:
    client.force_login(User.objects.get(email="member@example.org"))
    return client


@pytest.fixture
def addresses(published: None) -> list[str]:
    """A page of each kind."""
    line = BudgetLine.objects.filter(unit__slug="educational-psychology").first() or BudgetLine.objects.all()[0]
    compared = Listing.objects.filter(kind="comparison")[0]
    counted = Figure.objects.filter(listing__kind="table", listing__unit__isnull=False)[0].listing
    action = KeyAction.objects.filter(unit__isnull=False)[0]
    unit = line.unit.slug
    return [
        "/",
        "/units/",
        "/units/?sort=unit",
        f"/units/2009-10/{unit}/",
        f"/units/2009-10/{counted.unit.slug if counted.unit else ''}/",
        "/budgets/2009-10/",
        "/budgets/2009-10/?sort=-gross",
        f"/budgets/2009-10/{unit}/",
        line.get_absolute_url(),
        "/indicators/2009-10/",
        "/indicators/lists/2009-10/",
        f"/indicators/2009-10/{counted.unit.slug if counted.unit else ''}/",
        counted.get_absolute_url(),
        compared.get_absolute_url(),
        "/projects/2009-10/",
        f"/projects/2009-10/{action.unit.slug if action.unit else ''}/",
        action.get_absolute_url(),
        "/reports/",
        "/checks/2009-10/",
    ]


def look(client: Client, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def as_of(address: str, day: str = DAY) -> str:
    return f"{address}{'&' if '?' in address else '?'}as_of={day}"


def tables(page: str) -> list[str]:
    """The tables and charts of a page, without what differs by the day that it is asked for."""
    found = re.findall(r"<table.*?</table>|<dl.*?</dl>|<svg.*?</svg>", page, re.DOTALL)
    found = [re.sub(r"as_of=[-0-9]+(?:&amp;)?", "", table) for table in found]
    return [re.sub(r'(?:\?|&amp;)(?=["#])', "", table) for table in found]


def change_everything() -> None:
    """Figures and names, as years of work would."""
    pk = Cast("pk", CharField())
    with change_set(by=None, why="Years of work", door="Test"):
        BudgetLine.objects.update(employee=777_777, activity=Concat(Value("Changed "), pk))
        Unit.objects.update(name=Concat(Value("Changed "), pk))
        Figure.objects.filter(status=FigureStatus.VALUE).update(value=777)
        Listing.objects.update(section=Concat(Value("Changed "), pk))
        KeyAction.objects.update(text=Concat(Value("Changed "), pk))


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, published: None) -> None:
    """3 June 2009 is over when the plans are loaded, and before anything was changed."""
    moment = timezone.now()
    monkeypatch.setattr("kentplan.looking_back.end_of", lambda day: moment)


def test_each_page_shows_what_stood_then_whatever_was_changed_since(
    member: Client, addresses: list[str], loaded: None
) -> None:
    before = {address: tables(look(member, address)) for address in addresses}
    change_everything()
    assert any("Changed" in look(member, address) for address in addresses)

    for address in addresses:
        then = look(member, as_of(address))
        assert tables(then) == before[address], address
        assert "Changed" not in then, address
        assert "as it stood at the end of 3 June 2009" in then, address


def test_each_link_of_such_a_page_keeps_the_day_and_leads_somewhere(
    member: Client, addresses: list[str], loaded: None
) -> None:
    followed = set()
    for address in addresses:
        page = look(member, as_of(address))
        for link in re.findall(r'(?<!data-today )href="(/[^"#]*)', page):
            link = link.replace("&amp;", "&")
            path = link.partition("?")[0]
            section = path.split("/")[1]
            if section in ("", "units", "budgets", "indicators", "projects", "reports", "checks"):
                assert f"as_of={DAY}" in link, (address, link)
                kind = section, path.count("/")
                if kind not in followed:
                    followed.add(kind)
                    look(member, link)


@pytest.mark.parametrize("persona", ["finance", "manager", "admin"])
def test_no_page_of_another_day_offers_a_change(
    client: Client, addresses: list[str], loaded: None, persona: str
) -> None:
    client.force_login(User.objects.get(email=f"{persona}@example.org"))

    for address in addresses:
        page = look(client, as_of(address)).partition("<main")[2].partition("</main>")[0]
        assert not re.findall(r'href="[^"]*/(?:edit|add|remove|order|define)/', page), address
        assert 'method="post"' not in page, address


def test_before_anything_was_loaded_every_page_says_so(member: Client, addresses: list[str]) -> None:
    for address in addresses:
        page = look(member, as_of(address))
        assert "as it stood at the end of 3 June 2009" in page
        assert not re.search(r"<td[^>]*>[0-9,]+\.[0-9]", page), address
    assert "Not there yet" in look(member, as_of("/budgets/2009-10/"))
    assert member.get(as_of("/budgets/2009-10/?_export=csv")).status_code == 404


def test_what_is_not_there_today_either_is_not_found(member: Client) -> None:
    assert member.get(as_of("/budgets/1999-00/")).status_code == 404
    assert member.get(as_of("/budgets/lines/999999/")).status_code == 404


def test_an_export_is_of_the_day_and_says_so(member: Client, loaded: None) -> None:
    addresses = ["/budgets/2009-10/", "/indicators/2009-10/", "/projects/2009-10/", "/checks/2009-10/"]
    exports = {address: member.get(f"{address}?_export=csv") for address in addresses}
    change_everything()

    for address, before in exports.items():
        then = member.get(as_of(f"{address}?_export=csv"))
        assert then.content == before.content != member.get(f"{address}?_export=csv").content, address
        assert then["Content-Disposition"].endswith('-as-of-2009-06-03.csv"')
        assert "as-of" not in before["Content-Disposition"]


def test_a_day_can_be_picked_without_a_script_and_the_filters_stay(member: Client, addresses: list[str]) -> None:
    for address in addresses:
        page = look(member, address)
        if address != "/":
            assert '<input class="govuk-input govuk-input--width-10" type="date" id="as-of" name="as_of"' in page, (
                address
            )
    filtered = look(member, "/budgets/2009-10/?sort=-gross&page=1")

    [form] = re.findall(r'<form class="kp-day-form".*?</form>', filtered, re.DOTALL)
    assert '<input type="hidden" name="sort" value="-gross">' in form
    assert 'name="page"' not in form


def test_the_way_back_keeps_the_filters(member: Client, loaded: None) -> None:
    page = look(member, as_of("/units/?sort=unit"))

    assert 'data-today href="/units/?sort=unit"' in page


def test_rights_are_todays(client: Client, published: None, loaded: None) -> None:
    finance = User.objects.get(email="finance@example.org")
    client.force_login(finance)
    with change_set(by=None, why="She left", door="Test"):
        finance.grants.all().delete()

    assert client.get(as_of("/budgets/2009-10/")).status_code == 404


def test_nothing_is_posted_to_another_day(client: Client, published: None, loaded: None) -> None:
    client.force_login(User.objects.get(email="finance@example.org"))
    line = BudgetLine.objects.all()[0]

    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for address in (
            line.get_absolute_url(),
            f"{line.get_absolute_url()}edit/",
            reverse("kentplan:check_list", kwargs={"year": line.year}),
        ):
            assert client.generic(method, as_of(address)).status_code == 403
    assert {line.version for line in BudgetLine.objects.all()} == {1}


def test_today_is_a_day_like_any_other_and_tomorrow_is_not(member: Client) -> None:
    today = timezone.localdate()

    assert tables(look(member, as_of("/units/", today.isoformat()))) == tables(look(member, "/units/"))
    assert member.get(as_of("/units/", (today + timedelta(days=1)).isoformat())).status_code == 400

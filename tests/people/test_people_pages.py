"""The pages of people and their roles."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from history.changes import change_set
from history.models import ChangeSet
from people.models import Grant, User
from tests.factories import GrantFactory, PortfolioFactory, UnitFactory, UserFactory

LIST = "/people/"
ADD = "/people/add/"


@pytest.fixture
def admin(client: Client, plan_administrator: User) -> Client:
    client.force_login(plan_administrator)
    return client


@pytest.fixture
def fred() -> User:
    fred: User = UserFactory(name="Fred Fielding", email="fred@example.org", finance_officer=True)
    return fred


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def form_of(client: Client, url: str, **changed: Any) -> dict[str, Any]:
    """What the page sends when nothing is touched but what is `changed`."""
    page = client.get(url)
    sent: dict[str, Any] = {"token": str(page.context["reason"]["token"].value()), "why": "She asked for it"}
    for field in page.context["form"]:
        value = field.value()
        if value not in (None, "", False):
            sent[field.html_name] = value
    sent |= changed
    return {name: value for name, value in sent.items() if value is not None}


def edit_of(person: User) -> str:
    return reverse("people:person_edit", args=[person.pk])


def roles(person: User) -> set[str]:
    return {str(grant) for grant in person.grants.all()}


# The list


def test_list_tells_roles_with_their_places(admin: Client, fred: User) -> None:
    GrantFactory(user=fred, role="unit_manager", unit=UnitFactory(name="Clusters"))
    GrantFactory(user=fred, role="unit_manager", unit=UnitFactory(name="Awards"))

    found = {row["name"]: row for row in admin.get(LIST, {"_export": "json"}).json()}

    assert found["Fred Fielding"] == {
        "name": "Fred Fielding",
        "email": "fred@example.org",
        "roles": "Finance officer; Unit manager: Awards, Clusters",
        "may_sign_in": "yes",
        "second_factor": "no",
        "last_signed_in": None,
    }
    assert "Unit manager: Awards, Clusters" in words(admin.get(LIST).content.decode())


def test_list_tells_who_has_a_second_factor(admin: Client, fred: User) -> None:
    Authenticator.objects.create(user=fred, type="recovery_codes", data={})
    assert admin.get(LIST, {"text": "fred", "_export": "json"}).json()[0]["second_factor"] == "no"

    Authenticator.objects.create(user=fred, type="totp", data={})
    assert admin.get(LIST, {"text": "fred", "_export": "json"}).json()[0]["second_factor"] == "yes"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "FIELD"}, {"Fred Fielding"}),
        ({"text": "fred@"}, {"Fred Fielding"}),
        ({"role": "finance_officer"}, {"Fred Fielding"}),
        ({"role": "none"}, {"Nora None"}),
        ({"unit": "clusters"}, {"Mo Manager"}),
        ({"may_sign_in": "no"}, {"Gone Gill"}),
    ],
    ids=str,
)
def test_list_filters(query: dict[str, str], found: set[str], admin: Client, fred: User) -> None:
    UserFactory(name="Nora None")
    UserFactory(name="Mo Manager", unit_manager=True, grant__unit=UnitFactory(name="Clusters", slug="clusters"))
    UserFactory(name="Gone Gill", is_active=False, poc_member=True)

    assert {row["name"] for row in admin.get(LIST, {**query, "_export": "json"}).json()} == found


def test_pages_take_the_same_queries_however_many_people(admin: Client, fred: User) -> None:
    urls = [LIST, reverse("people:rights"), fred.get_absolute_url(), edit_of(fred)]

    def queries() -> list[int]:
        counts = []
        for url in urls:
            with CaptureQueriesContext(connection) as counted:
                assert admin.get(url).status_code == 200
            counts.append(len(counted))
        return counts

    few = queries()
    for _ in range(20):
        UserFactory(unit_manager=True)
        GrantFactory(user=fred, role="unit_manager", unit=UnitFactory())

    assert queries() == few
    assert max(few) <= 16


# One person


def test_page_says_what_the_person_may_do_and_where(admin: Client) -> None:
    person = UserFactory(unit_manager=True, grant__unit=UnitFactory(name="Clusters"))

    shown = words(admin.get(person.get_absolute_url()).content.decode())

    assert re.search(r"return actual figures of measures\s+Clusters", shown)
    assert re.search(r"read plans\s+everywhere", shown)
    assert "change budget lines" not in shown


def test_page_tells_the_history_of_person_and_roles(admin: Client, fred: User) -> None:
    unit = UnitFactory(name="Clusters")
    url = reverse("people:grant_add", args=[fred.pk])
    admin.post(url, form_of(admin, url, role="unit_manager", units=[unit.pk]))
    end = reverse("people:grant_end", args=[fred.grants.get(role="finance_officer").pk])
    admin.post(end, form_of(admin, end, why="Moved to Clusters"))

    shown = words(admin.get(fred.get_absolute_url()).content.decode())

    assert re.search(r"Ada Administrator.{0,60}end of a role Moved to Clusters Finance officer: there → removed", shown)
    assert "Unit manager, Clusters: none → added" in shown


def test_auditor_reads_people_and_changes_none(client: Client, auditor: User, fred: User) -> None:
    client.force_login(auditor)

    shown = client.get(fred.get_absolute_url()).content.decode()

    assert edit_of(fred) not in shown
    assert ADD not in client.get(LIST).content.decode()
    assert client.post(edit_of(fred), {"name": "X"}).status_code == 403


# Adding


def test_person_is_added_with_a_role_and_gets_a_link_that_works(admin: Client) -> None:
    unit = UnitFactory()
    sent = form_of(admin, ADD, name="Nora New", email="Nora@Example.org", role="unit_manager", units=[unit.pk])

    answer = admin.post(ADD, sent, follow=True)

    person = User.objects.get(email="nora@example.org")
    assert answer.redirect_chain[-1][0] == person.get_absolute_url()
    assert "A link for setting a password was mailed to nora@example.org." in answer.content.decode()
    assert not person.has_usable_password()
    assert [grant.unit for grant in person.grants.all()] == [unit]
    assert ChangeSet.objects.filter(door="new person form").count() == 1
    (message,) = mail.outbox
    link = re.search(r"http://testserver(\S+)", str(message.body))
    assert link
    hers = Client()
    page = hers.get(link[1], follow=True)
    hers.post(page.redirect_chain[-1][0], {"password1": "a long sentence 7", "password2": "a long sentence 7"})
    person.refresh_from_db()
    assert person.check_password("a long sentence 7")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": ""}, "Enter a name."),
        ({"email": "nora"}, "Enter a valid email address."),
        ({"email": "FRED@example.org"}, "Fred Fielding has this address, and is known already."),
        ({"role": "unit_manager"}, "Tick the units that this person manages."),
        ({"role": "king"}, "There is no such role."),
        ({"role": "auditor", "units": "first"}, "Only a unit manager is granted named units"),
        ({"role": "approver", "portfolios": "first"}, "Only a finance officer is granted named portfolios"),
        ({"role": "unit_manager", "units": "999999"}, "That is no longer there."),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
    ],
    ids=str,
)
def test_new_person_form_refuses_in_words(typed: dict[str, str], says: str, admin: Client, fred: User) -> None:
    first = {"units": UnitFactory().pk, "portfolios": PortfolioFactory().pk}
    typed = {name: str(first[name]) if value == "first" else value for name, value in typed.items()}

    answer = admin.post(ADD, form_of(admin, ADD, name="Nora New", email="nora@example.org") | typed)

    assert answer.status_code == 200
    assert says in answer.content.decode().replace("&#x27;", "'")
    assert not User.objects.filter(email="nora@example.org").exists()
    assert not mail.outbox


def test_person_who_is_known_is_led_to(admin: Client, fred: User) -> None:
    answer = admin.post(ADD, form_of(admin, ADD, name="Freddy", email="fred@example.org"))

    assert f'href="{fred.get_absolute_url()}">Go to Fred Fielding' in answer.content.decode()


def test_new_person_form_sent_twice_is_one_person_and_one_mail(admin: Client) -> None:
    sent = form_of(admin, ADD, name="Nora New", email="nora@example.org", role="auditor")

    admin.post(ADD, sent)
    answer = admin.post(ADD, sent, follow=True)

    assert "The change is saved, once." in answer.content.decode()
    assert User.objects.filter(name="Nora New").count() == len(mail.outbox) == 1


def test_mail_that_cannot_be_handed_over_is_said_so(admin: Client, monkeypatch: pytest.MonkeyPatch, fred: User) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fails)

    answer = admin.post(reverse("people:password_link", args=[fred.pk]), follow=True)

    assert "The mail could not be handed over." in answer.content.decode()


# Changing


def test_name_and_address_are_changed_with_a_reason_and_the_old_address_serves_no_more(
    admin: Client, fred: User
) -> None:
    EmailAddress.objects.create(user=fred, email="fred@example.org", primary=True, verified=True)

    admin.post(edit_of(fred), form_of(admin, edit_of(fred), name="Fred Field", email="Field@Example.org"))
    Client().post("/accounts/password/reset/", {"email": "fred@example.org"})

    fred.refresh_from_db()
    assert (fred.name, fred.email) == ("Fred Field", "field@example.org")
    assert ChangeSet.objects.latest("pk").why == "She asked for it"
    assert not mail.outbox


@pytest.mark.parametrize("typed", ["ada@example.org", "ADA@example.org "])
def test_address_of_somebody_else_is_refused(typed: str, admin: Client, fred: User) -> None:
    UserFactory(email="ada@example.org")

    answer = admin.post(edit_of(fred), form_of(admin, edit_of(fred), email=typed))

    assert "Somebody else has this address." in answer.content.decode()


def test_stale_form_on_a_person_is_refused(admin: Client, fred: User) -> None:
    sent = form_of(admin, edit_of(fred), name="Mine")
    with change_set(by=None, why="", door="Test"):
        User.objects.filter(pk=fred.pk).update(name="Theirs")

    answer = admin.post(edit_of(fred), sent)

    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    assert "Mine" in answer.content.decode()


def test_who_may_not_sign_in_any_more_is_out_at_the_next_request(admin: Client, fred: User) -> None:
    theirs = Client()
    theirs.force_login(fred)
    assert theirs.get("/units/").status_code == 200

    refused = admin.post(edit_of(fred), form_of(admin, edit_of(fred), is_active=None, why=""))
    admin.post(edit_of(fred), form_of(admin, edit_of(fred), is_active=None))

    assert "Say why you make this change." in refused.content.decode()
    assert theirs.get("/units/").status_code == 302


def test_nobody_shuts_themselves_out(admin: Client, plan_administrator: User) -> None:
    UserFactory(plan_administrator=True)
    url = edit_of(plan_administrator)

    answer = admin.post(url, form_of(admin, url, is_active=None))

    assert "Nobody shuts themselves out" in answer.content.decode()
    plan_administrator.refresh_from_db()
    assert plan_administrator.is_active


# Roles


def test_several_units_are_granted_at_once_and_only_those_that_lack(admin: Client, fred: User) -> None:
    units = [UnitFactory() for _ in range(3)]
    GrantFactory(user=fred, role="unit_manager", unit=units[0])
    url = reverse("people:grant_add", args=[fred.pk])

    answer = admin.post(url, form_of(admin, url, role="unit_manager", units=[unit.pk for unit in units]), follow=True)

    assert "The role is granted to Fred Fielding." in answer.content.decode()
    assert set(fred.grants.filter(role="unit_manager").values_list("unit", flat=True)) == {unit.pk for unit in units}
    assert ChangeSet.objects.filter(door="new role form").count() == 1


def test_role_that_is_held_is_said_so_and_a_doubled_form_is_one_grant(admin: Client, fred: User) -> None:
    url = reverse("people:grant_add", args=[fred.pk])
    sent = form_of(admin, url, role="approver")

    admin.post(url, sent)
    doubled = admin.post(url, sent, follow=True)
    again = admin.post(url, form_of(admin, url, role="approver"))

    assert "The change is saved, once." in doubled.content.decode()
    assert "This person already holds that role there." in again.content.decode()
    assert roles(fred) == {"Finance officer", "Approver"}


def test_named_portfolio_is_granted_to_a_finance_officer(admin: Client, fred: User) -> None:
    portfolio = PortfolioFactory(name="Health")
    url = reverse("people:grant_add", args=[fred.pk])

    admin.post(url, form_of(admin, url, role="finance_officer", portfolios=[portfolio.pk]))

    assert roles(fred) == {"Finance officer", f"Finance officer, {portfolio}"}


def test_role_taken_away_works_on_the_next_request(admin: Client, fred: User) -> None:
    theirs = Client()
    theirs.force_login(fred)
    url = reverse("people:grant_end", args=[fred.grants.get().pk])
    sent = form_of(admin, url)
    assert theirs.get("/units/").status_code == 200

    admin.post(url, sent)
    doubled = admin.post(url, sent, follow=True)

    assert theirs.get("/units/").status_code == 404
    assert not Grant.objects.filter(user=fred).exists()
    assert "The change is saved, once." in doubled.content.decode()
    assert admin.post(url, {}).status_code == 404


# Second factor


def test_second_factor_is_reset_with_a_reason_that_stays_in_the_history(admin: Client, fred: User) -> None:
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=fred, type=kind, data={})
    url = reverse("people:factors_reset", args=[fred.pk])

    refused = admin.post(url, form_of(admin, url, why=""))
    admin.post(url, form_of(admin, url, why="Lost the telephone"))

    assert "Say why you make this change." in refused.content.decode()
    assert not Authenticator.objects.filter(user=fred).exists()
    assert re.search(
        r"Lost the telephone Second factor reset: \w+ →", words(admin.get(fred.get_absolute_url()).content.decode())
    )


# Refusals


def test_refusal_names_who_to_ask(client: Client, poc_member: User, fred: User, plan_administrator: User) -> None:
    UserFactory(name="Gone Gill", is_active=False, plan_administrator=True)
    client.force_login(poc_member)

    shown = words(client.get(LIST).content.decode())

    assert "Only a plan administrator or an auditor may read people and their roles. Ask Ada Administrator." in shown
    assert "Gone Gill" not in shown


def test_search_finds_no_people_of_the_portal(client: Client, poc_member: User, fred: User) -> None:
    client.force_login(poc_member)

    assert fred.get_absolute_url() not in client.get("/search/", {"q": "fielding"}).content.decode()
    assert "fred@example.org" not in client.get("/search/", {"q": "fielding"}).content.decode()

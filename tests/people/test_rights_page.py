"""The page that says who can do what."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from people.models import User
from people.reporting import rights
from people.rights import RIGHTS, Act
from tests.factories import GrantFactory, PortfolioFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def page_of(client: Client, user: User) -> str:
    client.force_login(user)
    return client.get(reverse("people:rights")).content.decode()


def test_table_is_the_one_in_the_code(client: Client, auditor: User) -> None:
    page = page_of(client, auditor).partition('id="sides"')[0]

    rows = dict(re.findall(r'<tr><th class="first" scope="row">([^<]+)</th>((?:<td>.*?</td>)+)</tr>', page))
    for act in Act:
        assert rows[act.label].count(">May<") == len(RIGHTS[act]), act


def test_people_stand_behind_each_right_with_their_places(client: Client, auditor: User) -> None:
    UserFactory(name="Mo", unit_manager=True, grant__unit=UnitFactory(name="Clusters"))
    officer = UserFactory(name="Fay", finance_officer=True, grant__portfolio=PortfolioFactory(name="Health"))
    UserFactory(name="Gone Gill", finance_officer=True, is_active=False)

    shown = words(page_of(client, auditor))

    assert re.search(r"Return actual figures of measures\s+Mo \(Clusters\)", shown)
    assert re.search(r"Change budget lines\s+Fay \(units of the portfolio Health\)", shown)
    assert re.search(r"Define measures\s+nobody", shown)
    assert "Gone Gill" not in shown
    assert officer.get_absolute_url() in page_of(client, auditor)


def test_who_holds_both_sides_of_an_approval_is_named(client: Client, auditor: User) -> None:
    assert "Nobody holds both sides of an approval." in words(page_of(client, auditor))
    both = UserFactory(name="Bo Both", finance_officer=True)
    GrantFactory(user=both, role="approver")
    UserFactory(name="Only Enters", finance_officer=True)

    shown = words(page_of(client, auditor))

    assert re.search(r"1 of them holds both sides of an approval: Bo Both\s*\.", shown)
    assert [[holder.name for holder in pair.holders] for pair in rights().approvals] == [["Bo Both"], [], []]

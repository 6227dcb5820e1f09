"""What lets a person in goes when it should, whatever door the person is changed through."""

from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client

from history.changes import change_set
from history.models import ChangeSet
from people.models import User
from plans import editing
from plans.editing import VersionedForm
from plans.models import Unit
from tests.factories import UnitFactory, UserFactory
from tests.posting import as_opened


@pytest.fixture
def admin(client: Client, plan_administrator: User) -> Client:
    client.force_login(plan_administrator)
    return client


@pytest.fixture
def fred(db: None) -> User:
    fred: User = UserFactory(name="Fred Fielding", email="fred@example.org", finance_officer=True)
    return fred


def opened(client: Client, url: str, **typed: Any) -> dict[str, Any]:
    """What the form of a page sends, with what is `typed` in it; None for a box that is not ticked."""
    return {name: value for name, value in (as_opened(client.get(url)) | typed).items() if value is not None}


def reverse_it(admin: Client) -> None:
    url = f"/history/{ChangeSet.objects.latest('pk').pk}/reverse/"
    assert admin.post(url, opened(admin, url)).status_code == 302


def test_an_address_that_was_wrong_lets_nobody_in_once_the_change_is_reversed(admin: Client, fred: User) -> None:
    url = f"/people/{fred.pk}/edit/"
    admin.post(url, opened(admin, url, email="wrong@example.com"))
    EmailAddress.objects.create(user=fred, email="wrong@example.com", primary=True)  # as a link sent there makes it

    reverse_it(admin)

    fred.refresh_from_db()
    assert fred.email == "fred@example.org"
    assert not EmailAddress.objects.filter(user=fred).exists()


def test_a_person_added_by_mistake_can_be_taken_back_with_all_ways_in(admin: Client) -> None:
    url = "/people/add/"
    admin.post(url, opened(admin, url, name="Gill Gone", email="gill@example.org"))
    gill = User.objects.get(email="gill@example.org")
    EmailAddress.objects.update_or_create(user=gill, email=gill.email)
    Authenticator.objects.create(user=gill, type="totp", data={})

    reverse_it(admin)

    assert not User.objects.filter(email="gill@example.org").exists()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    assert client.get("/units/").status_code == 200
    return client


def test_an_account_closed_and_opened_again_brings_no_session_back(admin: Client, fred: User) -> None:
    theirs = signed_in(fred)
    url = f"/people/{fred.pk}/edit/"

    for may_sign_in in (None, "on"):
        sent = opened(admin, url, why="A mistake", is_active=may_sign_in)
        assert admin.post(url, sent).status_code == 302

    fred.refresh_from_db()
    assert fred.is_active
    assert theirs.get("/units/").status_code == 302


def test_a_reversal_that_closes_an_account_ends_its_sessions(admin: Client, fred: User) -> None:
    with change_set(by=None, why="She left", door="Test"):
        User.objects.filter(pk=fred.pk).update(is_active=False)
    with change_set(by=None, why="She is back", door="Test"):
        User.objects.filter(pk=fred.pk).update(is_active=True)
    theirs = signed_in(fred)

    reverse_it(admin)
    with change_set(by=None, why="Back after all", door="Test"):
        User.objects.filter(pk=fred.pk).update(is_active=True)

    assert theirs.get("/units/").status_code == 302


def test_a_reset_second_factor_ends_the_sessions_that_it_opened(admin: Client, fred: User) -> None:
    Authenticator.objects.create(user=fred, type="totp", data={})
    theirs = signed_in(fred)
    url = f"/people/{fred.pk}/second-factor/"

    assert admin.post(url, opened(admin, url, why="Lost")).status_code == 302

    assert theirs.get("/units/").status_code == 302


def test_nobody_resets_their_own_second_factor(admin: Client, plan_administrator: User) -> None:
    Authenticator.objects.create(user=plan_administrator, type="totp", data={})
    url = f"/people/{plan_administrator.pk}/second-factor/"

    answer = admin.post(url, opened(admin, url, why="In the way"))

    assert "Your own second factor" in answer.content.decode()
    assert Authenticator.objects.filter(user=plan_administrator).exists()


def test_the_same_saved_at_the_same_moment_is_refused_in_words(db: None) -> None:
    class Form(VersionedForm):
        class Meta:
            model = Unit
            fields = ("name",)

    one, other = UnitFactory(), UnitFactory()
    with (
        pytest.raises(IntegrityError) as refused,
        transaction.atomic(),
        change_set(by=None, why="", door="Test", token=uuid4()),
    ):
        Unit.objects.filter(pk=one.pk).update(slug=other.slug)

    words: Any = editing._words_of(refused.value, Form(instance=one))
    assert "at this moment" in words

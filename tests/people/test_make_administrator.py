"""manage.py make_administrator: the first one."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from history.models import ChangeSet
from people.models import Role, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("make_administrator", *arguments, stdout=out)
    return out.getvalue()


def test_new_person_becomes_administrator_with_a_link_that_serves_once() -> None:
    said = run("Ada@Example.org", "--name", "Ada Administrator", "--url", "http://testserver/")

    ada = User.objects.get(email="ada@example.org")
    assert [grant.role for grant in ada.grants.all()] == [Role.PLAN_ADMINISTRATOR]
    assert (ada.name, ada.has_usable_password()) == ("Ada Administrator", False)
    made = ChangeSet.objects.latest("pk")
    assert (made.by, made.door) == (None, "make_administrator command")
    link = re.search(r"http://testserver(/\S+)", said)
    assert link
    client = Client()
    form = client.get(link[1], follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "a long sentence 7", "password2": "a long sentence 7"})
    ada.refresh_from_db()
    assert ada.check_password("a long sentence 7")
    assert not Client().get(link[1], follow=True).redirect_chain


def test_person_who_is_known_keeps_name_and_password(poc_member: User) -> None:
    poc_member.set_password("a long sentence 7")
    poc_member.save()

    said = run(poc_member.email, "--name", "Somebody Else")

    assert said == "Done: grant Mary Member the role of plan administrator.\n"
    assert {grant.role for grant in poc_member.grants.all()} == {Role.POC_MEMBER, Role.PLAN_ADMINISTRATOR}


def test_who_may_not_sign_in_may_again() -> None:
    ada = UserFactory(name="Ada", plan_administrator=True, is_active=False)

    assert "let Ada sign in" in run(ada.email)
    ada.refresh_from_db()
    assert ada.is_active


def test_who_is_administrator_already_is_said_so_and_nothing_is_written(plan_administrator: User) -> None:
    before = ChangeSet.objects.count()

    assert run(plan_administrator.email) == "Ada Administrator is plan administrator already.\n"
    assert ChangeSet.objects.count() == before


def test_dry_run_writes_nothing() -> None:
    assert run("ada@example.org", "--dry-run") == "Would do: add the person, grant the role of plan administrator.\n"
    assert not User.objects.exists()


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(CommandError, match="“ada” is no e-mail address"):
        run("ada")

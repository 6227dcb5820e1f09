"""Somebody who may sign in always keeps people and roles, whatever door a change comes through."""

from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from history.changes import change_set
from people.models import Grant, User
from tests.factories import UserFactory

LAST = "This is the last plan administrator who may sign in"


def shut_out(person: User) -> None:
    with transaction.atomic(), change_set(by=None, why="", door="Test"):
        User.objects.filter(pk=person.pk).update(is_active=False)


def end(person: User) -> None:
    with transaction.atomic(), change_set(by=None, why="", door="Test"):
        Grant.objects.filter(user=person, role="plan_administrator").delete()


def make_another_of_it(person: User) -> None:
    with transaction.atomic(), change_set(by=None, why="", door="Test"):
        Grant.objects.filter(user=person, role="plan_administrator").update(role="auditor")


@pytest.mark.django_db
@pytest.mark.parametrize("deed", [shut_out, end, make_another_of_it])
def test_database_keeps_the_last_administrator(deed: object, plan_administrator: User) -> None:
    UserFactory(plan_administrator=True, is_active=False)  # who may not sign in counts for nothing

    with pytest.raises(DatabaseError, match=LAST):
        deed(plan_administrator)  # type: ignore[operator]

    UserFactory(plan_administrator=True)
    deed(plan_administrator)  # type: ignore[operator]


@pytest.mark.django_db
def test_others_are_shut_out_and_end_roles_where_there_is_no_administrator(finance_officer: User) -> None:
    shut_out(finance_officer)
    with change_set(by=None, why="", door="Test"):
        finance_officer.grants.all().delete()


@pytest.mark.django_db
def test_forms_say_it_first(client: Client, plan_administrator: User) -> None:
    client.force_login(plan_administrator)
    url = reverse("people:grant_end", args=[plan_administrator.grants.get().pk])
    page = client.get(url)

    answer = client.post(url, {"version": page.context["form"]["version"].value(), "why": "Enough"})

    assert answer.status_code == 200
    assert LAST in answer.content.decode()
    assert plan_administrator.grants.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_shut_each_other_out_at_once_leave_one() -> None:
    people = [UserFactory(plan_administrator=True) for _ in range(2)]
    together = Barrier(2)
    refused = []

    def shut_out_at_once(person: User) -> None:
        try:
            together.wait()
            shut_out(person)
        except DatabaseError as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [Thread(target=shut_out_at_once, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert User.objects.filter(is_active=True).count() == 1
    assert len(refused) == 1 and LAST in refused[0]

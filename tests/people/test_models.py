from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client

from history.changes import change_set
from people.models import Role, User
from tests.factories import BLANK, GrantFactory, PortfolioFactory, UnitFactory, UserFactory, store_raw, twice

BREACHES: dict[str, Callable[[], object]] = {
    "people_user_email_in_small_letters": lambda: store_raw(UserFactory(), email="Ann@Example.org"),
    "people_user_email_not_blank": lambda: UserFactory(email=BLANK),
    "people_user_name_not_blank": lambda: UserFactory(name=BLANK),
    "people_grant_once": lambda: twice(GrantFactory, "user", "role"),
    "people_grant_role_known": lambda: GrantFactory(role="mayor"),
    "people_grant_unit_of_unit_manager": lambda: GrantFactory(role=Role.UNIT_MANAGER),
    "people_grant_portfolio_of_finance_officer": lambda: GrantFactory(role=Role.APPROVER, portfolio=PortfolioFactory()),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BREACHES)
def test_constraint_refuses(name: str) -> None:
    with pytest.raises(IntegrityError, match=f'"{name}"'):
        BREACHES[name]()


@pytest.mark.django_db
def test_no_other_role_is_granted_for_a_unit() -> None:
    with pytest.raises(IntegrityError, match='"people_grant_unit_of_unit_manager"'):
        GrantFactory(role=Role.FINANCE_OFFICER, unit=UnitFactory())


@pytest.mark.django_db
def test_one_address_is_one_person_however_it_is_typed() -> None:
    UserFactory(email="Ann@Example.org")

    with pytest.raises(IntegrityError, match='"people_user_email_key"'):
        UserFactory(email="ANN@example.ORG")


@pytest.mark.django_db
def test_person_is_found_by_the_address_however_it_is_typed() -> None:
    ann = UserFactory(email="Ann@Example.org")

    assert User.objects.get_by_natural_key("ANN@example.org") == User.objects.get(email="aNN@Example.org") == ann


@pytest.mark.django_db
def test_form_refuses_an_address_that_is_taken_in_other_letters() -> None:
    UserFactory(email="ann@example.org")

    with pytest.raises(ValidationError, match="already exists"):
        User(email="Ann@Example.org", name="Ann").full_clean(exclude=["password"])


@pytest.mark.django_db
def test_person_signs_in_with_the_address_however_it_is_typed(client: Client) -> None:
    with change_set(by=None, why="", door="Test"):
        User.objects.create_user(email="Ann@Example.org", name="Ann", password="correct horse battery")

    assert client.login(email="ANN@EXAMPLE.ORG", password="correct horse battery")
    assert not client.login(email="ann@example.org", password="wrong horse battery")


@pytest.mark.django_db
def test_person_who_may_not_sign_in_cannot(client: Client) -> None:
    with change_set(by=None, why="", door="Test"):
        user = User.objects.create_user(email="ann@example.org", name="Ann", password="correct horse battery")
        user.is_active = False
        user.save()

    assert not client.login(email="ann@example.org", password="correct horse battery")


@pytest.mark.django_db
def test_person_without_a_password_cannot_sign_in_with_one(client: Client) -> None:
    with change_set(by=None, why="", door="Test"):
        User.objects.create_user(email="ann@example.org", name="Ann")

    assert not client.login(email="ann@example.org", password="")

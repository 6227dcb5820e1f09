"""The people that run.py makes to try the portal as."""

import json
import stat
from pathlib import Path

import pytest

from kentplan.demo import MANAGED_UNIT, PERSONAS, people, show
from people.models import Grant, Role, User


def test_each_persona_is_granted_the_role_of_its_job(published: None) -> None:
    assert {(grant.user.email, grant.role) for grant in Grant.objects.select_related("user")} == {
        (persona.email, persona.role) for persona in PERSONAS
    }


def test_the_unit_manager_manages_one_unit_by_name(published: None) -> None:
    assert Grant.objects.get(role=Role.UNIT_MANAGER).unit.name == MANAGED_UNIT


def test_each_has_a_password_of_its_own(passwords: dict[str, str]) -> None:
    assert len(set(passwords.values())) == len(PERSONAS)
    for email, password in passwords.items():
        assert User.objects.get(email=email).check_password(password)


def test_a_later_start_keeps_the_passwords_and_keeps_them_private(published: None, tmp_path: Path) -> None:
    file = tmp_path / "passwords.json"
    first = people(file)

    assert people(file) == first
    assert json.loads(file.read_text()) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_password_that_was_lost_is_replaced(passwords: dict[str, str], tmp_path: Path) -> None:
    anew = people(tmp_path / "passwords.json")

    assert anew.keys() == passwords.keys()
    assert User.objects.get(email="admin@example.org").check_password(anew["admin@example.org"])
    assert User.objects.count() == Grant.objects.count() == len(PERSONAS)


def test_who_may_sign_in_is_printed_with_the_password(capsys: pytest.CaptureFixture[str]) -> None:
    show({persona.email: f"secret {persona.email}" for persona in PERSONAS})

    printed = capsys.readouterr().out
    for persona in PERSONAS:
        assert f"secret {persona.email}" in printed
        assert persona.role.label in printed

"""Every form on a row, by the table of permissions: without its version nothing is saved, and sent twice it is one change.

A new form is held to it at once: it fails here until it is said what is typed in it.
"""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from history.models import ChangeSet
from people.models import User
from tests.factories import UserFactory
from tests.posting import as_opened
from tests.test_permissions import ANYONE, EMPTY_FORM, STALE, TABLE, World

# What is typed, by the end of the control's name.
TYPED: dict[str, dict[str, str]] = {
    "budgets:line_edit": {"employee": "9"},
    "budgets:line_remove": {},
    "budgets:line_add": {"activity": "Another line", "employee": "9"},
    "indicators:figures_edit": {"-value": "7"},
    "indicators:indicator_define": {"definition": "What it counts"},
    "projects:action_edit": {"text": "Other words"},
    "kentplan:change_set_reverse": {},
    "kentplan:unit_kept_add": {"name": "Another Unit"},
    "kentplan:unit_kept_edit": {"name": "Renamed Unit"},
    "kentplan:place_edit": {"cabinet_member": "XYZ"},
    "kentplan:alias_edit": {"name": "Another Name"},
    "kentplan:alias_remove": {},
    "kentplan:period_edit": {"return_by": "2009-12-01"},
    "kentplan:plan_edit": {"name": "Another Plan"},
    "people:person_add": {"name": "New Person", "email": "new.person@example.org"},
    "people:person_edit": {"name": "Another Name"},
    "people:grant_add": {"role": "approver"},
    "people:grant_end": {},
}
# Forms of which another test says the same: what they need is not in this world.
ELSEWHERE = {
    "budgets:lines_order": "tests/budgets/test_lines_order.py",
    "kentplan:place_add": "tests/kentplan/test_keeping.py",
    "kentplan:alias_add": "tests/kentplan/test_keeping.py",
    "kentplan:doubt_detail": "tests/kentplan/test_doubts.py",
    "kentplan:doubt_withdraw": "tests/kentplan/test_doubts.py",
    # The person of this world has neither a second factor to reset nor a password to forget.
    "people:factors_reset": "tests/people/test_people_pages.py",
    "people:password_link": "tests/people/test_people_pages.py",
    # It adds the periods that are missing, and none twice: there is no row yet that could have a version.
    "kentplan:periods_add": "tests/kentplan/test_keeping.py",
}
FORMS = {
    name: next(persona for persona in ANYONE if rule.post[persona] in (STALE, EMPTY_FORM, 302))
    for name, rule in TABLE.items()
    if ":" in name and any(rule.post[persona] in (STALE, EMPTY_FORM, 302) for persona in ANYONE)
}
VERSIONED = [name for name in TYPED if name in FORMS and TABLE[name].post[FORMS[name]] == STALE]


@pytest.fixture
def world(db: None) -> World:
    return World.make()


@pytest.fixture
def unit_manager(world: World) -> User:
    return UserFactory(unit_manager=True, grant__unit=world.unit)


def opened(name: str, world: World, client: Client, request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """The address of a form, and what a browser sends with something typed in it."""
    client.force_login(request.getfixturevalue(FORMS[name]))
    url = reverse(name, kwargs=TABLE[name].names(world))
    form = as_opened(client.get(url))
    for end, text in TYPED[name].items():
        controls = [control for control in form if control.endswith(end)] or [end]
        form[controls[0]] = text
    return url, {**form, "why": "A reason", "token": str(uuid4())}


def test_every_form_is_here_or_said_to_be_elsewhere() -> None:
    assert set(FORMS) == set(TYPED) | set(ELSEWHERE)


@pytest.mark.parametrize("name", VERSIONED)
def test_form_without_its_version_is_refused_and_keeps_what_was_typed(
    name: str, world: World, client: Client, request: pytest.FixtureRequest
) -> None:
    url, form = opened(name, world, client, request)
    before = ChangeSet.objects.count()
    stripped = {key: value for key, value in form.items() if not key.endswith(("version", "seen"))}

    answer = client.post(url, stripped)

    assert answer.status_code == STALE
    assert ChangeSet.objects.count() == before
    kept = as_opened(answer)
    assert kept["why"] == "A reason"
    assert kept["token"] != form["token"]
    for end, text in TYPED[name].items():
        assert text in [value for control, value in kept.items() if control.endswith(end)]


@pytest.mark.parametrize("name", TYPED)
def test_form_that_is_sent_twice_is_one_change(
    name: str, world: World, client: Client, request: pytest.FixtureRequest
) -> None:
    url, form = opened(name, world, client, request)
    before = ChangeSet.objects.count()

    answers = [client.post(url, form).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert ChangeSet.objects.count() == before + 1

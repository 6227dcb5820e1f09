"""What a form does not show it does not change: every field of every model, posted beside it, makes no difference.

The pages are those of the table of permissions that take a form from somebody, so that a new one is held to it at once.
Each is sent as a browser would send it, with one text altered; then, from the same state, with the other keys as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from people.models import User
from tests.factories import UnitFactory, UserFactory
from tests.test_conventions import APPS
from tests.test_permissions import ANYONE, NO_METHOD, REFUSED, TABLE, UNKNOWN, World

FORMS = {
    name: next(persona for persona in ANYONE if rule.post[persona] not in (NO_METHOD, REFUSED, UNKNOWN))
    for name, rule in TABLE.items()
    if ":" in name and any(rule.post[persona] not in (NO_METHOD, REFUSED, UNKNOWN) for persona in ANYONE)
}
TYPED = ("text", "search", "email", "hidden", "number", "date", "radio", "checkbox")
LEFT_ALONE = {"id", "version"}  # the form's own, and the row's name


@dataclass
class Controls(HTMLParser):
    """The controls of the page's form, and what a browser would send of them untouched."""

    sent: dict[str, list[str]] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)  # controls whose text may be any

    def __post_init__(self) -> None:
        super().__init__()
        self.inside = False
        self.text = ""
        self.select = ""
        self.options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.inside = given.get("method", "").lower() == "post" and not given.get("action")
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "textarea":
            self.text = name
            self.shown.add(name)
            self.sent[name] = [""]
        elif tag == "select":
            self.select, self.options = name, []
            self.shown.add(name)
        elif tag == "option" and self.select:
            self.options.append((given.get("value", ""), "selected" in given))

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        assert kind in TYPED, f"{name} is of a kind that is not known here: {kind}"
        self.shown.add(name)
        if kind not in ("radio", "checkbox") or "checked" in given:
            self.sent.setdefault(name, []).append(given.get("value", "on" if kind in ("radio", "checkbox") else ""))
        if kind == "text" and not given.get("inputmode"):
            self.texts.append(name)
        if kind == "email" and not given.get("value"):
            self.sent[name] = ["altered@example.org"]

    def handle_data(self, data: str) -> None:
        if self.text:
            self.sent[self.text][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.text:
            self.sent[self.text][0] = self.sent[self.text][0].removeprefix("\n")
            if self.text.rpartition("-")[2] != "why":
                self.texts.append(self.text)
            self.text = ""
        elif tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected] or [value for value, _ in self.options[:1]]
            self.sent[self.select] = chosen[:1]
            self.select = ""


def our_models() -> list[type[models.Model]]:
    return [model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)]


def extra_keys(shown: set[str]) -> dict[str, str]:
    """Every field of every model, under each prefix that the form has, with a value that is not the row's."""
    prefixes = {""} | {name.rpartition("-")[0] + "-" for name in shown if "-" in name}
    found: dict[str, str] = {}
    for model in our_models():
        for one in model._meta.local_concrete_fields:
            for name in {one.name, one.attname} - LEFT_ALONE:
                for prefix in prefixes:
                    if prefix + name not in shown:
                        found.setdefault(prefix + name, other_value(one))
    return found


def other_value(one: Any) -> str:
    if one.is_relation:
        other = one.related_model.objects.order_by("-pk").values_list("pk", flat=True).first()
        return str(other or 1)
    if one.choices:
        return str(one.choices[-1][0])
    kinds: dict[type[Any], str] = {
        models.BooleanField: "on",
        models.IntegerField: "7",
        models.DecimalField: "77",
        models.DateTimeField: "2001-01-01 10:00",
        models.DateField: "2001-01-01",
    }
    return next((value for kind, value in kinds.items() if isinstance(one, kind)), "another")


def stored() -> Iterator[tuple[Any, ...]]:
    """All that is stored, but for numbers and times that no two runs share."""
    for model in our_models():
        if model._meta.label == "history.ChangeSet":
            continue
        fields = [one for one in model._meta.local_concrete_fields if not one.primary_key and one.name != "password"]
        rows = model._default_manager.values_list(*(one.attname for one in fields))
        yield model._meta.label, sorted(map(repr, (tuple(map(steady, fields, row)) for row in rows)))


def steady(one: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        return "a time"
    if one.is_relation and value is not None:
        known = KNOWN.setdefault(one.related_model, set(one.related_model.objects.values_list("pk", flat=True)))
        return value if value in known else "a new row"
    return value.normalize() if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else value


KNOWN: dict[type[models.Model], set[Any]] = {}


@pytest.fixture
def world(db: None) -> World:
    UnitFactory()
    return World.make()


@pytest.fixture
def unit_manager(world: World) -> User:
    manager: User = UserFactory(unit_manager=True, grant__unit=world.unit)
    return manager


@pytest.mark.parametrize("name", FORMS)
def test_form_changes_nothing_that_it_does_not_show(
    name: str, world: World, client: Client, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(FORMS[name]))
    url = reverse(name, kwargs=TABLE[name].names(world))
    page = client.get(url)
    controls = Controls()
    controls.feed(page.content.decode())
    KNOWN.clear()
    for model in our_models():
        KNOWN[model] = set(model._default_manager.values_list("pk", flat=True))

    def after(altered: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with transaction.atomic():
            answer = client.post(url, {**controls.sent, **altered})
            found = answer.status_code, dict(stored())
            transaction.set_rollback(True)
        return found

    assert controls.sent or page.status_code == NO_METHOD, f"{url} has no form"
    altered: dict[str, Any] = {key: "A reason" for key in controls.sent if key == "why"}
    assert after(altered)[0] in (200, 302)
    altered |= {text: f"{controls.sent[text][0]} altered".strip() for text in controls.texts[:1]}
    plain, crowded = after(altered), after({**extra_keys(controls.shown), **altered})
    assert crowded[0] == plain[0]
    for label in plain[1]:
        assert crowded[1][label] == plain[1][label], f"{label} is changed by a key that {name} does not show"


def test_forms_of_every_kind_are_found() -> None:
    assert {"budgets:line_edit", "people:person_edit", "indicators:figures_edit", "projects:action_edit"} < set(FORMS)

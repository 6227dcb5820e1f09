"""What tests of budget pages share: forms as a browser has them."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from budgets.models import BudgetLine
from history.changes import change_set
from people.models import User
from tests.factories import UserFactory

Controls = Callable[[HttpResponse], dict[str, str]]


@pytest.fixture
def line(db: None) -> BudgetLine:
    from tests.factories import BudgetLineFactory

    line = BudgetLineFactory(activity="Prizes")
    line.refresh_from_db()
    return line


@pytest.fixture
def editor(client: Client, finance_officer: User) -> Client:
    client.force_login(finance_officer)
    return client


@pytest.fixture
def controls() -> Controls:
    """Every control of the page's form with what is in it."""
    return controls_of


@pytest.fixture
def edited_by_another() -> Callable[..., None]:
    def edit(line: BudgetLine, **figures: Any) -> None:
        with change_set(by=UserFactory(name="Otto Other"), why="Pay award", door="Test"):
            BudgetLine.objects.filter(pk=line.pk).update(**figures)

    return edit


def controls_of(answer: HttpResponse) -> dict[str, str]:
    shown = answer.content.decode()
    form = shown[shown.index('<form class="kp-form') :]
    fields = dict.fromkeys(re.findall(r'<(?:input|textarea|select)[^>]* name="([\w-]+)"', form), "")
    for control in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([\w-]+)"', control), re.search(r'value="([^"]*)"', control)
        if name and value:
            fields[name[1]] = html.unescape(value[1])
    fields.pop("csrfmiddlewaretoken", None)
    return fields

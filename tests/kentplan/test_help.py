"""Help, the symbols and the accessibility statement."""

import re

import pytest
from django.conf import settings
from django.test import Client, override_settings

from people.models import Role, User
from people.rights import RIGHTS, Act


@pytest.fixture
def reader(client: Client, poc_member: User) -> Client:
    client.force_login(poc_member)
    return client


def test_help_says_who_may_do_what_as_the_table_of_rights_has_it(reader: Client) -> None:
    shown = reader.get("/help/").content.decode()

    rows = dict(re.findall(r'<th class="first" scope="row">([^<]*)</th><td>([^<]*)</td></tr>', shown))
    for act, roles in RIGHTS.items():
        if act is not Act.VIEW:
            told = rows[act.label[0].upper() + act.label[1:]].split(" or ")
            assert told == [role.label.lower() for role in Role if role in roles]


def test_budget_table_that_is_explained_adds_up(reader: Client) -> None:
    shown = reader.get("/help/").content.decode()
    rows = [
        [float(cell.replace("−", "-") or 0) for cell in re.findall(r'<td class="num">([^<]*)</td>', row)]
        for row in re.findall(r"<tr.*?</tr>", shown.partition("does not exist")[2])
    ]
    lines, total, overheads, cost = rows[1:3], rows[3], rows[4], rows[5]

    for _, employee, running, contracts, gross, external, internal, controllable in [*lines, total]:
        assert round(employee + running + contracts, 1) == gross
        assert round(gross + external + internal, 1) == controllable
    assert [round(sum(column), 1) for column in zip(*lines, strict=True)] == total
    assert total[-1] + overheads[-1] == cost[-1]


def test_symbols_show_the_classes_that_the_theme_has(reader: Client) -> None:
    shown = reader.get("/help/symbols/").content.decode()
    theme = (settings.BASE_DIR / "static" / "kentplan.css").read_text()

    signs = set(re.findall(r"kp-(?:status--\w+|mark|term|changed)", shown))
    assert {"kp-status--ties", "kp-status--rounding", "kp-status--break", "kp-status--none", "kp-mark"} <= signs
    assert all(f".{sign}" in theme for sign in signs)


def test_accessibility_statement_needs_no_sign_in_and_names_the_contact_that_is_set(client: Client, db: None) -> None:
    without = client.get("/accessibility/").content.decode()
    with override_settings(CONTACT_EMAIL="access@example.org"):
        named = client.get("/accessibility/").content.decode()

    assert "a plan administrator of your council" in without
    assert 'href="mailto:access@example.org"' in named


@pytest.mark.parametrize("path", ["/help/", "/help/symbols/", "/search/"])
def test_help_and_search_need_a_role(client: Client, stranger: User, path: str) -> None:
    assert client.get(path).status_code == 302
    client.force_login(stranger)
    assert client.get(path).status_code == 404

"""The plan's words, explained: on the help page, and by the "?" beside them."""

import re

import pytest
from django.template import Context, Template
from django.test import Client

from kentplan.terms import SUBJECTS, TERMS
from people.models import User

ASKED_FOR = [
    "controllable",
    "gross",
    "memorandum",
    "control-total",
    "fte",
    "laa",
    "abg",
    "lead-role",
    "portfolio",
    "pressure",
    "virement",
    "rounding",
    "break",
    "estimate",
    "awaited",
    "core-service",
]


def test_terms_that_pages_ask_for_are_explained() -> None:
    assert set(ASKED_FOR) <= set(TERMS)


def test_each_term_has_one_key_and_one_sentence() -> None:
    terms = [term for subject in SUBJECTS for term in subject.terms]

    assert len(terms) == len(TERMS)
    assert all(re.fullmatch("[a-z0-9-]+", term.key) for term in terms)
    assert all(term.sentence[0].isupper() and re.search(r"\.$", term.sentence) for term in terms)


@pytest.mark.parametrize(
    ("key", "question"),
    [
        ("controllable", "What is controllable?"),
        ("memorandum", "What are memorandum items?"),
        ("lead-role", "What is a lead role?"),
    ],
)
def test_term_is_a_link_to_its_place_on_the_help_page_that_says_what_it_asks(key: str, question: str) -> None:
    shown = Template('{% load terms %}{% term "' + key + '" %}').render(Context())

    assert f'href="/help/#{key}"' in shown
    assert f'aria-label="{question}"' in shown
    assert f'data-term="{TERMS[key].sentence}"' in shown


def test_term_used_twice_gives_no_id_twice() -> None:
    shown = Template('{% load terms %}{% term "gross" %}{% term "gross" %}').render(Context())

    assert " id=" not in shown


def test_term_leaves_no_space_after_the_word() -> None:
    shown = Template('{% load terms %}Gross{% term "gross" %},').render(Context())

    assert shown.startswith("Gross<a ")
    assert shown.endswith("</a>,")


def test_help_explains_each_term_at_its_anchor(client: Client, poc_member: User) -> None:
    client.force_login(poc_member)

    shown = client.get("/help/").content.decode()

    for term in TERMS.values():
        assert f'id="{term.key}"' in shown
        assert term.sentence in shown

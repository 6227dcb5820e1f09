"""{% load terms %} … {% term "controllable" %}: a word of the plan explained where it stands."""

from django import template

from kentplan.terms import TERMS, Term

register = template.Library()


@register.inclusion_tag("components/term.html")
def term(key: str) -> dict[str, Term]:
    """A small "?" after a word: it says the term's sentence, and without JavaScript leads to it on the help page."""
    return {"term": TERMS[key]}

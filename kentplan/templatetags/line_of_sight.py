"""The line of sight in templates of one app: what another holds for the same corporate target."""

from django import template

from kentplan import line_of_sight
from kentplan.line_of_sight import MeasureBeside
from projects.models import KeyAction

register = template.Library()


@register.simple_tag
def measures_beside(action: KeyAction) -> list[MeasureBeside]:
    """The measures that serve a target of the action; one query."""
    return line_of_sight.measures_beside(action)

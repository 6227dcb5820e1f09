"""What a plan says of targets and officers, read from its tables. No Django."""

from collections.abc import Sequence

from plans.documents import Context, Kind, Line, Parsed, Table
from plans.parsing import lead_roles
from plans.parsing.lead_roles import LEAD_ROLES, LeadRole
from plans.parsing.people import is_person, split_people
from plans.parsing.references import are_references, references, split_links
from plans.sheets import Sheet

__all__ = [
    "KINDS",
    "SHEETS",
    "LeadRole",
    "are_references",
    "is_person",
    "parse",
    "places",
    "references",
    "split_links",
    "split_people",
]

KINDS: tuple[Kind, ...] = (LEAD_ROLES,)
SHEETS = (Sheet("lead_role", "lead_role", LeadRole),)


def parse(table: Table, context: Context) -> Parsed:
    """The rows of a table of one of the KINDS."""
    return lead_roles.parse(table, context)


def places(kind: str, header: Sequence[Line]) -> dict[str, int]:
    """Where each column of a table of lead roles stands, by its printed header; {} of another kind."""
    return lead_roles.places(header) if kind == "lead_role" else {}

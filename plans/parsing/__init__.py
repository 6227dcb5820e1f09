"""What a plan says of targets and officers, read from its tables. No Django."""

from plans.documents import Context, Kind, Parsed, Table
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
    "references",
    "split_links",
    "split_people",
]

KINDS: tuple[Kind, ...] = (LEAD_ROLES,)
SHEETS = (Sheet("lead_role", "lead_role", LeadRole),)


def parse(table: Table, context: Context) -> Parsed:
    """The rows of a table of one of the KINDS."""
    return lead_roles.parse(table, context)

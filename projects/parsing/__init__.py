"""What a plan promises, read from its tables: key actions with their deliverables, and consultations. No Django."""

from collections.abc import Sequence

from plans.documents import Context, Kind, Line, Parsed, Table
from plans.sheets import Sheet
from projects.parsing import actions, consultations
from projects.parsing.actions import ACTIONS_OF_A_DIRECTORATE, ACTIONS_OF_A_UNIT, Action
from projects.parsing.consultations import CONSULTATIONS, Consultation

__all__ = ["KINDS", "SHEETS", "Action", "Consultation", "parse", "places"]

KINDS: tuple[Kind, ...] = (ACTIONS_OF_A_UNIT, ACTIONS_OF_A_DIRECTORATE, CONSULTATIONS)
SHEETS = (
    Sheet("action", "action", Action, under_unit=True, left_out=("action_line",), finish=actions.rows_of_one_action),
    Sheet("consultation", "consultation", Consultation),
)


def parse(table: Table, context: Context) -> Parsed:
    """The rows of a table of one of the KINDS."""
    return actions.parse(table, context) if table.kind == "action" else consultations.parse(table, context)


def places(kind: str, header: Sequence[Line]) -> dict[str, int]:
    """Where each column of a table of these kinds stands, by its printed header; {} of another kind."""
    if kind == "action":
        return actions.places(header)
    return consultations.places(header) if kind == "consultation" else {}

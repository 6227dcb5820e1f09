"""Budget lines and all that stands with them in a plan: its kinds of table, and the parser of each."""

from collections.abc import Callable, Sequence

from budgets.parsing import budget, core_services, grid, rows, staffing
from plans.documents import Context, Kind, Line, Parsed, Table
from plans.sheets import Sheet

_PARSERS: tuple[tuple[Kind, Callable[[Table, Context], Parsed]], ...] = (
    (Kind("budget", grid.header, unit="heading"), budget.parse),
    (Kind("core_service", core_services.header, unit="heading", absorbs=True), core_services.parse),
    (Kind("staffing", staffing.staffing_header, unit="heading"), staffing.parse_staffing),
    (Kind("establishment", staffing.establishment_header), staffing.parse_establishment),
    (Kind("movement", staffing.movement_header), staffing.parse_movement),
    (Kind("mtp", staffing.mtp_header), staffing.parse_mtp),
)
KINDS = tuple(kind for kind, _ in _PARSERS)


def parse(table: Table, context: Context) -> Parsed:
    """Parse a table of one of KINDS."""
    return next(parser for kind, parser in _PARSERS if kind.name == table.kind)(table, context)


def places(kind: str, header: Sequence[Line]) -> dict[str, int]:
    """Where each column of a table of these kinds stands, by its printed header; {} of another kind."""
    names: Sequence[str] = ()
    if kind in ("budget", "control_totals"):
        names = grid.columns(header[-1])
    elif kind == "establishment" and len(header[-1].cells) == len(staffing.MOVEMENT):
        names = staffing.MOVEMENT
    else:
        names = {"staffing": staffing.STAFFING, "establishment": staffing.ESTABLISHMENT, "mtp": staffing.MTP}.get(
            kind, ()
        )
    return {name: at for at, name in enumerate(names) if name}


SHEETS = (
    Sheet("budget", "budget", rows.BudgetRow),
    Sheet("control_totals", "control_totals", rows.ControlTotalRow),
    Sheet("core_service", "core_service", rows.CoreServiceRow),
    Sheet("mtp", "mtp", rows.MTPRow),
    Sheet("staffing", "staffing", rows.StaffingRow),
    Sheet("establishment", "establishment", rows.EstablishmentRow),
    Sheet("movement", "establishment", rows.MovementRow),
)

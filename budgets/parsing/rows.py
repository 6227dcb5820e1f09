"""The row types of the budget tables: one frozen dataclass a table kind, its fields named as the report's columns.

Money is in £000 (a core service's amount in pounds), FTE in full-time equivalents; None is a blank or a figure that
could not be read, never nil.
"""

from dataclasses import dataclass
from decimal import Decimal

from plans.documents import Source

MONEY = (
    "prior_controllable",
    "employee",
    "running",
    "contracts",
    "gross",
    "external_income",
    "internal_income",
    "controllable",
)
FIGURES = (
    "prior_controllable",
    "prior_fte",
    "fte",
    "employee",
    "running",
    "contracts",
    "gross",
    "external_income",
    "internal_income",
    "controllable",
)


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A unit's line for one activity; in a portfolio table, the row of one unit (whose name is the activity)."""

    unit: str
    activity: str
    prior_controllable: Decimal | None
    prior_fte: Decimal | None
    fte: Decimal | None
    employee: Decimal | None
    running: Decimal | None
    contracts: Decimal | None
    gross: Decimal | None
    external_income: Decimal | None
    internal_income: Decimal | None
    controllable: Decimal | None
    cabinet_member: str
    portfolio: str
    source: Source


@dataclass(frozen=True, slots=True)
class ControlTotalRow:
    """A total as printed: Controllable Totals, a memorandum item, Total Cost of Unit, or a headline figure."""

    unit: str
    activity: str
    subject: str
    source: Source
    portfolio: str = ""
    prior_controllable: Decimal | None = None
    prior_fte: Decimal | None = None
    fte: Decimal | None = None
    employee: Decimal | None = None
    running: Decimal | None = None
    contracts: Decimal | None = None
    gross: Decimal | None = None
    external_income: Decimal | None = None
    internal_income: Decimal | None = None
    controllable: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StaffingRow:
    """A unit's FTE in one grade band, last year and this."""

    unit: str
    band: str
    prior_fte: Decimal | None
    fte: Decimal | None
    source: Source


@dataclass(frozen=True, slots=True)
class EstablishmentRow:
    """A division's FTE in the staffing establishment, and the difference as printed."""

    division: str
    prior_fte: Decimal | None
    fte: Decimal | None
    difference: Decimal | None
    source: Source


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One reason for the movement of the staffing establishment, in FTE."""

    reason: str
    number: Decimal | None
    source: Source


@dataclass(frozen=True, slots=True)
class MTPRow:
    """A medium term plan pressure (positive) or saving (negative), in £000."""

    amount: Decimal | None
    heading: str
    explanation: str
    source: Source


@dataclass(frozen=True, slots=True)
class CoreServiceRow:
    """What a budget line provides and who answers for it; `amount` in pounds as printed."""

    unit: str
    activity: str
    amount: Decimal | None
    accountable_manager: str
    provides: str
    source: Source

"""The rows that tables of measures give, one type a kind of table, named as the report's columns."""

from dataclasses import dataclass
from decimal import Decimal

from plans.documents import Source


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of a measure, or its honest non-value, in a unit's table.

    `status` is "" where the cell is in doubt: it holds something, and waits for an answer. A measure printed without
    any figure gives one row whose `period` and `kind` are "" too.
    """

    code: str
    title: str
    group: str
    measure_unit: str
    period: str
    kind: str
    value: Decimal | None
    status: str
    note: str
    printed: str
    label: str
    section: str
    links: str
    source: Source


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One measure of a list without figures; a cell of several measures gives one row each.

    `links` are as printed; what the code ("TARGET 10") and the title ("(NI 73)") name besides is the loader's to link.
    """

    code: str
    title: str
    links: str
    service_plan: str
    lead_or_support: str
    section: str
    subsection: str
    source: Source


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One figure of a measure for an area, as printed ("Kent", "England"), to be held against another's."""

    measure: str
    group: str
    area: str
    period: str
    value: Decimal | None
    measure_unit: str
    status: str
    note: str
    printed: str
    label: str
    source: Source

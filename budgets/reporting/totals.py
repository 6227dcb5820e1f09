"""The rows under the lines of a budget table: totals as printed, with what they come to where that differs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from budgets.models import ControlTotal, TotalSubject
from budgets.reporting.figures import (
    FIGURES,
    LABELS,
    MEMORANDA,
    NOTHING,
    WORDS,
    change,
    change_in_words,
    narrow_row,
    total,
)
from plans.changes import per_cent, with_sign
from plans.provenance import repaired_fields

Sums = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a total as printed, and what it comes to where that differs (else None)."""

    name: str
    printed: Decimal | None
    computed: Decimal | None
    mark: str = ""  # "repaired" or "lost", where it was not read as it stands in print

    @property
    def label(self) -> str:
        return LABELS[self.name]

    @property
    def difference(self) -> Decimal | None:
        """Printed less computed, of figures that differ; a blank counts as nothing there."""
        return None if self.computed is None else (self.printed or NOTHING) - self.computed

    @property
    def off(self) -> str:
        return "" if self.difference is None else with_sign(WORDS(abs(self.difference)), self.difference)


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A row under a budget table's lines. `kind` is "total", "memorandum" or "control"."""

    label: str
    kind: str
    cells: tuple[Cell, ...]
    provenance_id: int | None = None

    @property
    def differs(self) -> bool:
        return any(cell.computed is not None for cell in self.cells)

    @property
    def words(self) -> list[str] | None:
        """The row's figures and change as they are shown; None where a figure carries more: a mark, or what it adds
        to."""
        if any(cell.mark or cell.computed is not None for cell in self.cells):
            return None
        return [*(WORDS(cell.printed) for cell in self.cells), self.change, self.per_cent]

    @property
    def differences(self) -> list[Cell]:
        """The figures that are not what they come to; one that print has lost cannot be compared."""
        return [cell for cell in self.cells if cell.computed is not None and cell.mark != "lost"]

    @property
    def now(self) -> Decimal | None:
        return self._figure("controllable")

    @property
    def before(self) -> Decimal | None:
        return self._figure("prior_controllable")

    @property
    def change_figure(self) -> Decimal | None:
        return change(self.now, self.before)

    @property
    def size_of_change(self) -> Decimal:
        return abs(self.change_figure or NOTHING)

    @property
    def share(self) -> str:
        """The size of the change in per cent of what was before; blank where that says nothing."""
        return self.per_cent.lstrip("+−")

    @property
    def change(self) -> str:
        return change_in_words(self.now, self.before)

    @property
    def per_cent(self) -> str:
        return per_cent(self.now, self.before)

    def _figure(self, name: str) -> Decimal | None:
        return self.cells[FIGURES.index(name)].printed


_OF_TOTAL = (
    "subject",
    "label",
    *FIGURES,
    "portfolio_id",
    "provenance_id",
    "provenance__repairs",
    "provenance__printed",
)
TotalLine = narrow_row("TotalLine", [name.replace("__", "_") for name in _OF_TOTAL])


def in_printed_order(totals: QuerySet[ControlTotal]) -> QuerySet[ControlTotal, Any]:
    """The totals as narrow rows, each the fields of a TotalLine."""
    return totals.order_by("plan__tier", "position", "pk").values_list(*_OF_TOTAL)


def as_row(printed: Any, kind: str, computed: Sums | None, *, label: str = "") -> TotalRow:
    """A printed total beside what it comes to (None: nothing is added up to it)."""
    repaired = repaired_fields(printed.provenance_repairs or ())
    texts = printed.provenance_printed or {}
    cells = []
    for name in FIGURES:
        figure, comes_to = getattr(printed, name), computed[name] if computed else None
        mark = "repaired" if name in repaired else "lost" if figure is None and texts.get(name) else ""
        differs = computed is not None and (figure or 0) != (comes_to or 0)
        # A column without a figure in it adds to nothing, not to a sum of 0.
        beside = (comes_to if comes_to is not None else NOTHING) if differs else None
        cells.append(Cell(name, figure, beside, mark))
    name = label or printed.label or TotalSubject(printed.subject).label
    return TotalRow(name, kind, tuple(cells), printed.provenance_id)


def sum_row(label: str, sums: Sums) -> TotalRow:
    """A sum that no document prints."""
    return TotalRow(label, "total", tuple(Cell(name, sums[name], None) for name in FIGURES))


def below(printed: Iterable[Any], sums: Sums, *, cost_label: str = "") -> list[TotalRow]:
    """The memorandum items, and the total cost as printed beside the sum of the lines and of those."""
    memoranda = [row for row in printed if row.subject in MEMORANDA]
    cost = {name: total([sums[name], *(getattr(row, name) for row in memoranda)]) for name in FIGURES}
    rows = [as_row(row, "memorandum", None) for row in memoranda]
    rows += [as_row(row, "total", cost, label=cost_label) for row in printed if row.subject == TotalSubject.TOTAL_COST]
    return rows

"""One budget line with where each of its figures comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budgets.models import BudgetLine
from budgets.reporting.figures import COMPUTED, FIGURES, LABELS, NOTHING, change, change_in_words
from history.reading import changes_of
from plans import calendar
from plans.amounts import AmountError, parse_amount
from plans.changes import per_cent
from plans.models import FinancialYear, SourceLine, Unit


@dataclass(frozen=True, slots=True)
class LineFigure:
    """One figure of a line: what it is now, the text that was printed for it, and the repair that its reading took."""

    name: str
    label: str
    value: Decimal | None
    printed: str | None  # None where nothing was printed for it, or the line comes from no document
    repair: str
    is_computed: bool
    changed: bool  # edited since it was loaded
    difference: Decimal | None  # of what the parts come to from what was printed; None where that is not checked

    @property
    def ties(self) -> bool | None:
        return None if self.difference is None else self.difference == 0


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """A figure that the plan gives for last year too."""

    label: str
    before: Decimal | None
    now: Decimal | None

    @property
    def figure(self) -> Decimal | None:
        return change(self.now, self.before)

    @property
    def size(self) -> Decimal:
        return abs(self.figure or NOTHING)

    @property
    def words(self) -> str:
        return change_in_words(self.now, self.before)

    @property
    def per_cent(self) -> str:
        return per_cent(self.now, self.before)

    @property
    def share(self) -> str:
        return self.per_cent.lstrip("+−")


@dataclass(frozen=True, slots=True)
class LineStory:
    """A budget line with where each of its figures comes from."""

    prior_label: str
    changes: list[YearOnYear]  # controllable, FTE
    figures: list[LineFigure]
    edited: bool
    repairs: list[dict[str, Any]]
    source: list[SourceLine]

    @property
    def change(self) -> YearOnYear:
        return self.changes[0]

    @property
    def nets(self) -> Decimal:
        """By how much income exceeds spending, where it does."""
        return -(self.change.now or NOTHING)


def line_story(line: BudgetLine) -> LineStory:
    """One query, for the printed lines. `line` comes with its provenance."""
    provenance = line.provenance
    printed: dict[str, str] = provenance.printed if provenance else {}
    loaded: dict[str, Any] = provenance.loaded if provenance else {}
    repairs: list[dict[str, Any]] = provenance.repairs if provenance else []
    # An edited line's printed gross and controllable are no longer checked (DOMAIN.md).
    edited = any(_differs(getattr(line, name), loaded[name]) for name in FIGURES if name in loaded)
    figures = [
        LineFigure(
            name=name,
            label=LABELS[name],
            value=getattr(line, name),
            printed=printed.get(name) or None,
            repair=next((repair["rule"] for repair in repairs if repair.get("column") == name), ""),
            is_computed=name in COMPUTED,
            changed=name in loaded and _differs(getattr(line, name), loaded[name]),
            difference=None if edited or name not in COMPUTED else _off(getattr(line, name), printed.get(name)),
        )
        for name in FIGURES
    ]
    source = (
        list(SourceLine.objects.filter(document=provenance.document, number__in=provenance.lines).order_by("number"))
        if provenance
        else []
    )
    return LineStory(
        prior_label=calendar.label(line.year.start - 1),
        changes=[
            YearOnYear("Controllable", line.prior_controllable, line.controllable),
            YearOnYear("Posts (FTE)", line.prior_fte, line.fte),
        ],
        figures=figures,
        edited=edited,
        repairs=repairs,
        source=source,
    )


def removed_line(pk: int, *, token: str) -> BudgetLine | None:
    """The line that the form with this token removed, with its unit and year; None where that form removed no such
    line."""
    history = changes_of(BudgetLine(pk=pk))
    removal = history[0] if history and history[0].operation == "delete" else None
    if not token or removal is None or removal.change_set is None or str(removal.change_set.token) != token:
        return None
    was = {name: before for name, (before, _) in removal.fields.items()}
    unit, year = Unit.objects.get(pk=was["unit"]), FinancialYear.objects.get(pk=was["year"])
    return BudgetLine(pk=pk, activity=was["activity"], unit=unit, year=year)


def _differs(figure: Decimal | None, loaded: str | None) -> bool:
    return figure != (None if loaded is None else Decimal(loaded))


def _off(computed: Decimal | None, printed: str | None) -> Decimal | None:
    """By how much the computed figure is off the printed one; None where one of them is missing."""
    try:
        read = parse_amount(printed or "")
    except AmountError:
        return None
    return None if read is None or computed is None else computed - read


def effect_of_removing(line: BudgetLine, sums: Mapping[str, Decimal | None]) -> list[tuple[str, Any, Any, Any]]:
    """Of each figure: its name, the line's, the sum of the unit's lines (`sums`), and that without the line."""
    rows = []
    for name in FIGURES:
        figure, now = getattr(line, name), sums[name]
        rows.append((LABELS[name], figure, now, now if now is None else now - (figure or NOTHING)))
    return rows

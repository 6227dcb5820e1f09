"""What the page of a year's checks shows of them: its filters, its sections and its export."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator

from kentplan.check_words import rule_in_words
from kentplan.checks import Found, YearChecks
from plans.checks import BREAK, NOT_CHECKED, ROUNDING, TIES

COLUMNS = (
    "year",
    "rule",
    "unit",
    "portfolio",
    "label",
    "outcome",
    "printed",
    "computed",
    "difference",
    "measure_unit",
    "tolerance",
    "why",
    "explanation",
    "document",
    "source_lines",
)
AT_ONCE = 100  # of one outcome on the page of all
PER_PAGE = 200
HUNDREDTH = Decimal("0.01")


class CheckFilter(forms.Form):
    """Which checks are shown: of an outcome, of a unit."""

    outcome = forms.ChoiceField(
        choices=[("", "All"), (BREAK, "Breaks"), (ROUNDING, "Rounding"), (NOT_CHECKED, "Not checked"), (TIES, "Ties")],
        required=False,
    )
    unit = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, checks: YearChecks, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checks = checks
        field: Any = self.fields["unit"]
        field.choices = [("", "All"), *checks.units.items()]

    @property
    def of_unit(self) -> YearChecks:
        """The checks of the unit that is asked for, of whatever outcome; none where the filter makes no sense."""
        if not self.is_valid():
            return YearChecks(self.checks.year, ())
        slug = self.cleaned_data["unit"]
        if not slug:
            return self.checks
        return YearChecks(self.checks.year, tuple(item for item in self.checks.found if item.unit_slug == slug))

    @property
    def refusal(self) -> str:
        return "\n".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in self.errors.items())


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The sections of the page: of every outcome, or one outcome in full, page by page."""

    checks: YearChecks  # of the unit that is asked for, or of the year
    unit: str  # its name
    outcome: str  # the one that is asked for
    page: Page[Found] | None  # of that outcome

    @classmethod
    def of(cls, filters: CheckFilter, *, number: str) -> "CheckPage":
        chosen = filters.of_unit
        data = filters.cleaned_data if filters.is_valid() else {}
        outcome = data.get("outcome", "")
        page = Paginator(chosen.of(outcome), PER_PAGE).get_page(number) if outcome and outcome != BREAK else None
        return cls(chosen, filters.checks.units.get(data.get("unit", ""), ""), outcome, page)

    @property
    def causes(self) -> tuple[tuple[Found, ...], ...]:
        return self.checks.by_cause

    @property
    def ties_by_rule(self) -> list[tuple[str, int]]:
        """Each rule in words with how many checks of it tie, most first."""
        return Counter(rule_in_words(item.rule) for item in self.checks.of(TIES)).most_common()

    @property
    def rounding(self) -> tuple[Found, ...]:
        return self.checks.of(ROUNDING)[:AT_ONCE]

    @property
    def not_checked(self) -> tuple[Found, ...]:
        return self.checks.of(NOT_CHECKED)[:AT_ONCE]

    @property
    def numbers(self) -> dict[str, int]:
        """How many checks have each outcome, by names that a template can ask for."""
        return {outcome.replace(" ", "_"): number for outcome, number in self.checks.counts.items()}


def export_rows(shown: CheckPage) -> Iterator[tuple[Any, ...]]:
    """The checks that the page is about, as COLUMNS has them."""
    checks = shown.checks
    for item in checks.of(shown.outcome) if shown.outcome else checks.found:
        yield (
            checks.year.label,
            item.rule,
            item.unit_name or None,
            item.portfolio or None,
            item.label,
            item.outcome,
            item.printed,
            item.computed,
            item.difference,
            item.measured_in or None,
            item.tolerance.quantize(HUNDREDTH) if item.tolerance % HUNDREDTH else item.tolerance,
            item.why or None,
            item.note or None,
            ", ".join(dict.fromkeys(line.document for line in item.lines)) or None,
            ", ".join(str(line.number) for line in item.lines) or None,
        )

"""The checks of a year: what must tie in its plans, as printed and as it stands now, with what people say of breaks.

Four queries: the rows of all tables that are compared, the units with their divisions, the figures that are printed
twice, the explanations. The work grows with the number of rows.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import FilteredRelation, Q
from django.urls import reverse

import budgets.checks.judging
import budgets.checks.stored
import indicators.checks
from kentplan import check_words
from plans.checks import BREAK, NOT_CHECKED, ROUNDING, TIES, Check, Term
from plans.models import Explanation, FinancialYear, Unit
from plans.names import name_key

OUTCOMES = (BREAK, ROUNDING, NOT_CHECKED, TIES)
POSTS = frozenset({"prior_fte", "fte", "difference", "number"})
_PRIOR = frozenset({"prior_fte", "prior_controllable"})


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line that a check rests on, with the address of the page that shows it as printed."""

    number: int
    document: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """One of the figures that were added, with its lines."""

    label: str
    figure: Decimal | None
    lines: tuple[Line, ...]
    edited: bool  # a budget line that is not as it was loaded

    @property
    def words(self) -> str:
        return check_words.figure(self.figure)


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A note that explained another difference than there is now."""

    difference: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class Found:
    """One check with its outcome; figures in £000, in posts (`in_posts`) or in a measure's own unit."""

    key: str
    rule: str
    label: str
    unit_id: int | None
    unit_name: str
    unit_slug: str
    portfolio: str  # of whose table it is, where it is of no unit
    outcome: str
    printed: Decimal | None
    computed: Decimal | None
    difference: Decimal | None  # printed - computed
    tolerance: Decimal
    why: str
    in_posts: bool
    cause: str  # the same for checks that break by one difference
    terms: tuple[Term, ...]  # the printed figure, then those that were added
    note: str
    lapsed: Lapsed | None
    path: str  # of the page of one check

    @property
    def url(self) -> str:
        return f"{self.path}?{urlencode({'key': self.key})}"

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the printed figure and, where it is held against one other, of that."""
        return tuple(line for term in self.terms[: 2 if len(self.terms) == 2 else 1] for line in _lines(term))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The figures that were added."""
        return tuple(map(_part, self.terms[1:]))

    @property
    def first(self) -> tuple[Part, ...]:
        """The printed figure that they must come to."""
        return tuple(map(_part, self.terms[:1]))

    @property
    def of_measure(self) -> bool:
        return self.rule == indicators.checks.RULE

    @property
    def whose(self) -> str:
        """The unit, portfolio or, of the establishment and the headline figures, nobody in particular."""
        return self.unit_name or self.portfolio or "Whole plan"

    @property
    def title(self) -> str:
        """What is checked: "Staffing last year's FTE: TOTAL"; of a measure, which figure."""
        words = self.label if self.of_measure else f"{self.rule[0].upper()}{self.rule[1:]}: {self.label}"
        return words.replace("'", "’")

    @property
    def sentence(self) -> str:
        return check_words.rule_in_words(self.rule)

    @property
    def status(self) -> str:
        """The class of its status."""
        return check_words.STATUS[self.outcome]

    @property
    def outcome_words(self) -> str:
        return check_words.OUTCOME_WORDS[self.outcome]

    @property
    def difference_words(self) -> str:
        return check_words.signed(self.difference)

    @property
    def tolerance_words(self) -> str:
        return check_words.tolerance_in_words(self)

    @property
    def measured_in(self) -> str:
        """ "FTE", "£000" or a measure's unit as it follows its figure."""
        if self.of_measure:
            return check_words.measure_unit(getattr(self.terms[0].source, "measure_unit", ""))
        return "FTE" if self.in_posts else "£000"


@dataclass(frozen=True)
class YearChecks:
    """The checks of a year, or of one unit in it."""

    year: FinancialYear
    found: tuple[Found, ...]

    @cached_property
    def counts(self) -> dict[str, int]:
        return _counted(self.found)

    @cached_property
    def breaks(self) -> tuple[Found, ...]:
        return tuple(item for item in self.found if item.outcome == BREAK)

    @cached_property
    def by_unit(self) -> dict[int, dict[str, int]]:
        units: dict[int, list[Found]] = {}
        for item in self.found:
            if item.unit_id is not None:
                units.setdefault(item.unit_id, []).append(item)
        return {unit: _counted(found) for unit, found in units.items()}

    @cached_property
    def by_cause(self) -> tuple[tuple[Found, ...], ...]:
        """The breaks, those of one difference together, the largest difference first."""
        causes: dict[str, list[Found]] = {}
        for item in self.breaks:
            causes.setdefault(item.cause, []).append(item)
        return tuple(map(tuple, causes.values()))

    def of(self, outcome: str) -> tuple[Found, ...]:
        return tuple(item for item in self.found if item.outcome == outcome)

    @cached_property
    def units(self) -> dict[str, str]:
        """Slug and name of each unit that owns a check, by name."""
        named = {item.unit_slug: item.unit_name for item in self.found if item.unit_slug}
        return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))

    def get(self, key: str) -> Found | None:
        return next((item for item in self.found if item.key == key), None)


def _counted(found: Iterable[Found]) -> dict[str, int]:
    counts = dict.fromkeys(OUTCOMES, 0)
    for item in found:
        counts[item.outcome] += 1
    return counts


def year_checks(year: FinancialYear) -> YearChecks:
    """All checks of a year."""
    return _checks(year, None)


def unit_checks(unit: Unit, year: FinancialYear) -> YearChecks:
    """The checks that the unit owns, which read no more than its own rows."""
    return _checks(year, unit)


def _checks(year: FinancialYear, unit: Unit | None) -> YearChecks:
    places = Unit.objects.annotate(place=FilteredRelation("unit_years", condition=Q(unit_years__year=year)))
    rows: list[tuple[int, str, str, int | None]] = list(places.values_list("pk", "name", "slug", "place__division"))
    units = {pk: (name, slug) for pk, name, slug, _ in rows}
    division_of = {
        name_key(slug): name_key(budgets.checks.stored.division_name(division))
        for _, _, slug, division in rows
        if division is not None
    }
    notes = {item.check_key: item for item in Explanation.objects.for_year(year)}
    found = list(_found(year, unit, units, division_of, notes))
    found.sort(key=lambda item: (OUTCOMES.index(item.outcome), -abs(item.difference or Decimal(0))))
    return YearChecks(year, tuple(found))


def _found(
    year: FinancialYear,
    unit: Unit | None,
    units: dict[int, tuple[str, str]],
    division_of: dict[str, str],
    notes: dict[str, Explanation],
) -> Iterator[Found]:
    by_slug = {slug: (pk, name) for pk, (name, slug) in units.items()}
    slugs = {pk: slug for pk, (_, slug) in units.items()}
    path = reverse("kentplan:check_detail", kwargs={"year": year})
    plans = budgets.checks.stored.plans_of(year, units, unit=unit)
    judged: list[tuple[str, str, str, Check]] = [
        (item.scope, "", item.outcome, item.check) for item in budgets.checks.judging.checks_of_year(plans, division_of)
    ]
    judged += [
        ("measures", f"measure {item.indicator}", item.outcome, item.check)
        for item in indicators.checks.checks_of_year(year, slugs, unit=unit)
    ]
    seen: Counter[str] = Counter()
    for scope, cause, outcome, check in judged:
        if unit is not None and check.unit != unit.slug:
            continue
        owner = name_key(check.unit) if check.portfolio else check.unit
        key = " / ".join((check.rule, scope, owner, name_key(check.label)))
        seen[key] += 1
        if seen[key] > 1:
            key = f"{key} #{seen[key]}"
        pk, name = by_slug.get(check.unit, (None, "")) if not check.portfolio else (None, "")
        column = check.terms[0].column if check.terms else ""
        note = notes.get(key)
        holds = note is not None and outcome == BREAK and note.difference == check.difference
        yield Found(
            key=key,
            rule=check.rule,
            label=check.label,
            unit_id=pk,
            unit_name=name,
            unit_slug=check.unit if pk else "",
            portfolio=check.unit if check.portfolio else "",
            outcome=outcome,
            printed=check.printed,
            computed=check.computed,
            difference=check.difference,
            tolerance=check.tolerance,
            why=check.why,
            in_posts=column in POSTS,
            cause=cause or _cause(check, column),
            terms=check.terms,
            note=note.note if note and holds else "",
            lapsed=Lapsed(note.difference, note.note) if note and not holds else None,
            path=path,
        )


def _cause(check: Check, column: str) -> str:
    """One difference of a unit, or of the tables above units, shows in several checks."""
    when = "last year" if column in _PRIOR else "this year"
    unit = "" if check.portfolio else check.unit
    return f"{unit} {when} {column in POSTS} {abs(check.difference or Decimal(0)).normalize()}"


def _part(term: Term) -> Part:
    return Part(term.label, term.figure, _lines(term), bool(getattr(term.source, "edited", False)))


def _lines(term: Term) -> tuple[Line, ...]:
    source: Any = term.source
    provenance = getattr(source, "provenance", None)
    if provenance is None:
        return ()
    query = f"?{urlencode({'figure': term.column})}" if term.column else ""
    return tuple(Line(number, source.document, f"/printed/{provenance}/{query}") for number in source.lines)

"""The rows of a year that checks are about, read from the database: as they were loaded, and as they stand now.

One query, of narrow rows of six tables. A figure has the decimals that were printed, since they say how far it may be
rounded. What is computed of an unedited line is taken as it was printed; of an edited line as it comes to now.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast

from budgets.checks import PlanRows
from budgets.checks.staffing import bare_division
from budgets.models import (
    TYPED_FIGURES,
    BudgetLine,
    ControlTotal,
    CoreService,
    Establishment,
    MovementReason,
    StaffingLevel,
    TotalSubject,
)
from budgets.parsing.figures import to_amount
from budgets.parsing.rows import (
    FIGURES,
    BudgetRow,
    ControlTotalRow,
    CoreServiceRow,
    EstablishmentRow,
    MovementRow,
    StaffingRow,
)
from plans.documents import Repair, Source
from plans.fields import FteField, MoneyField
from plans.models import FinancialYear, Provenance, Tier, Unit

COMPUTED = ("gross", "controllable")
_FTE = ("prior_fte", "fte")
_PLACES = {places: Decimal(1).scaleb(-places) for places in range(6)}


@dataclass(frozen=True, slots=True)
class StoredSource(Source):
    """Where a stored row was printed. `provenance` is None for a row that was entered here; `edited` says of a budget
    line that its printed gross and controllable no longer count."""

    provenance: int | None = None
    document: str = ""
    edited: bool = False


@dataclass
class StoredPlan:
    """A plan's rows as they were loaded and as they stand now, and whether the two differ anywhere."""

    name: str
    tier: str
    loaded: PlanRows
    now: PlanRows
    edited: bool = False
    # In a directorate's plan the lines of units without a plan of their own, as loaded and now.
    loaded_lines: list[BudgetRow] = field(default_factory=list)
    lines: list[BudgetRow] = field(default_factory=list)
    edited_units: set[str] = field(default_factory=set)
    divisions: dict[str, str] = field(default_factory=dict)  # key of a division as printed -> the division


class Stored(NamedTuple):
    """One row of any of the tables."""

    kind: str
    pk: int
    plan: int
    plan_name: str
    tier: str
    unit: int | None
    label: str
    portfolio: str
    subject: str
    position: int
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
    amount: Decimal | None  # a difference or number of posts; a core service's pounds
    other: int | None  # a core service's line, an establishment's division
    provenance: int | None
    document: str | None
    key: str | None
    lines: list[int] | None
    printed: dict[str, str] | None
    loaded: dict[str, Any] | None
    repairs: list[dict[str, Any]] | None


def plans_of(
    year: FinancialYear, units: Mapping[int, tuple[str, str]], *, unit: Unit | None = None
) -> list[StoredPlan]:
    """The plans of a year with their rows, or with those of one unit. `units`: pk -> name and slug; rows have the slug."""
    by_name = dict(units.values())
    plans: dict[int, StoredPlan] = {}
    lines: dict[int, tuple[BudgetRow | None, BudgetRow]] = {}  # pk of a line -> as loaded, as it stands now
    rows = sorted(_rows(year, unit), key=lambda row: (row.plan, row.kind == "service", row.position, row.pk))
    for row in rows:
        plan = plans.get(row.plan)
        if plan is None:
            directorate = row.tier == Tier.DIRECTORATE
            plan = StoredPlan(row.plan_name, row.tier, PlanRows(directorate), PlanRows(directorate))
            plans[row.plan] = plan
        slug = units[row.unit][1] if row.unit else ""
        if row.kind == "line":
            lines[row.pk] = _add_line(plan, row, slug)
        elif row.kind == "removed":
            name, _, activity = (row.key or "").rpartition(" / ")
            if name in by_name and (unit is None or by_name[name] == unit.slug):
                _add_removed(plan, row, by_name[name], activity)
        elif row.kind == "service":
            _add_service(plan, row, slug, lines.get(row.other or 0))
        else:
            _ADD[row.kind](plan, row, slug)
    return list(plans.values())


# --- one query -------------------------------------------------------------------------------------------------------


def _rows(year: FinancialYear, unit: Unit | None) -> Iterator[Stored]:
    in_year: dict[str, Any] = {"plan__year": year} | ({"unit": unit} if unit else {})
    branches = [
        _branch(BudgetLine, "line", "activity", figures=FIGURES, subject="origin"),
        _branch(ControlTotal, "total", "label", figures=FIGURES, subject="subject", portfolio="portfolio__name"),
        _branch(StaffingLevel, "staffing", "band", figures=_FTE),
        _branch(CoreService, "service", "activity", amount="amount", other="line_id"),
    ]
    if unit is None:  # a unit owns none of these
        branches += [
            _branch(Establishment, "establishment", "label", figures=_FTE, amount="difference", other="division_id"),
            _branch(MovementReason, "movement", "reason", amount="number"),
        ]
    querysets = [branch.filter(**in_year) for branch in branches]
    querysets.append(_removed().filter(plan__year=year))
    first, *others = (queryset.order_by().values_list(*_ALIASES) for queryset in querysets)
    return (Stored(*row) for row in first.union(*others, all=True))


_ALIASES = tuple(f"check_{name}" for name in Stored._fields)
_PROVENANCE = {
    "provenance": "provenance_id",
    "document": "provenance__document__name",
    "key": "provenance__key",
    "lines": "provenance__lines",
    "printed": "provenance__printed",
    "loaded": "provenance__loaded",
    "repairs": "provenance__repairs",
}


@cache
def _branch(
    model: type[models.Model],
    kind: str,
    label: str,
    *,
    figures: tuple[str, ...] = (),
    subject: str = "",
    portfolio: str = "",
    amount: str = "",
    other: str = "",
) -> "models.QuerySet[Any]":
    has_unit = any(item.name == "unit" for item in model._meta.fields)
    fields = {name: name for name in figures} | _PROVENANCE
    fields |= {"plan": "plan_id", "label": label, "position": "position", "pk": "pk"}
    fields |= {"plan_name": "plan__name", "tier": "plan__tier"} | ({"unit": "unit_id"} if has_unit else {})
    named = {"subject": subject, "portfolio": portfolio, "amount": amount, "other": other}
    fields |= {name: path for name, path in named.items() if path}
    return _columns(model._default_manager.all(), kind, fields)


@cache
def _removed() -> "models.QuerySet[Any]":
    own = {name: path.removeprefix("provenance__") for name, path in _PROVENANCE.items()} | {"provenance": "pk"}
    fields = own | {"plan": "plan_id", "plan_name": "plan__name", "tier": "plan__tier", "label": "key", "pk": "pk"}
    return _columns(Provenance.objects.filter(kind="budget", budget_lines=None), "removed", fields)


def _columns(rows: "models.QuerySet[Any]", kind: str, fields: Mapping[str, str]) -> "models.QuerySet[Any]":
    """The columns of Stored in its order, each of one type in all branches of the union."""
    columns: dict[str, Any] = {"check_kind": Cast(Value(kind), models.CharField())}
    for name in Stored._fields[1:]:
        empty = _EMPTY.get(name, Value(None, _figure(name)))
        found: Any = F(fields[name]) if name in fields else Cast(empty, empty.output_field)
        columns[f"check_{name}"] = Cast(found, _NUMBER) if name == "amount" else found
    shown: models.QuerySet[Any] = rows.annotate(**columns)
    return shown


_NUMBER: "models.DecimalField[Any, Any]" = models.DecimalField(max_digits=14, decimal_places=2, null=True)
_EMPTY = {
    "amount": Value(None, _NUMBER),
    "subject": Value("", models.CharField()),
    "portfolio": Value("", models.CharField()),
    "position": Value(0, models.PositiveIntegerField()),
    "unit": Value(None, models.BigIntegerField()),
    "other": Value(None, models.BigIntegerField()),
}


def _figure(name: str) -> "models.DecimalField[Any, Any]":
    return FteField(null=True) if name in _FTE else MoneyField(null=True)


# --- from a stored row to the rows that the rules know ---------------------------------------------------------------


def _add_line(plan: StoredPlan, row: Stored, slug: str) -> tuple[BudgetRow | None, BudgetRow]:
    loaded = row.loaded or {}
    entered = row.provenance is None
    edited = entered or any(_differs(getattr(row, name), loaded.get(name)) for name in TYPED_FIGURES)
    source, source_now = _source(row), _source_now(row, edited=edited)
    printed = {name: _read(name, source) for name in COMPUTED}
    if not edited:
        now = _budget_row(row.label, slug, source, _figures(row, TYPED_FIGURES, source) | printed)
        _keep_line(plan, slug, now, now)
        return now, now
    now = _budget_row(row.label, slug, source_now, _figures(row, FIGURES, source))
    before = None if entered else _budget_row(row.label, slug, source, _loaded_figures(loaded, source) | printed)
    _keep_line(plan, slug, before, now)
    return before, now


def _add_removed(plan: StoredPlan, row: Stored, slug: str, key: str) -> None:
    loaded = row.loaded or {}
    source = _source(row)
    printed = {name: _read(name, source) for name in COMPUTED}
    label = str(loaded.get("activity") or key)
    _keep_line(plan, slug, _budget_row(label, slug, source, _loaded_figures(loaded, source) | printed), None)


def _keep_line(plan: StoredPlan, slug: str, before: BudgetRow | None, now: BudgetRow | None) -> None:
    directorate = plan.now.directorate
    if before is not now:
        plan.edited = True
        plan.edited_units.add(slug)
    if before is not None:
        (plan.loaded_lines if directorate else plan.loaded.lines).append(before)
    if now is not None:
        (plan.lines if directorate else plan.now.lines).append(now)


def _add_total(plan: StoredPlan, row: Stored, slug: str) -> None:
    source = _source(row)
    if row.subject == TotalSubject.PORTFOLIO_ROW:
        loaded, now = (
            _budget_row(row.label, slug, source, figures, portfolio=row.portfolio or "")
            for figures in _both(plan, row, FIGURES, source)
        )
        plan.loaded.lines.append(loaded)
        plan.now.lines.append(now)
    else:
        before, after = (
            ControlTotalRow(slug, row.label, row.subject, source, row.portfolio or "", **figures)
            for figures in _both(plan, row, FIGURES, source)
        )
        plan.loaded.totals.append(before)
        plan.now.totals.append(after)


def _add_staffing(plan: StoredPlan, row: Stored, slug: str) -> None:
    source = _source(row)
    loaded, now = (StaffingRow(slug, row.label, source=source, **both) for both in _both(plan, row, _FTE, source))
    plan.loaded.staffing.append(loaded)
    plan.now.staffing.append(now)


def _add_establishment(plan: StoredPlan, row: Stored, _: str) -> None:
    source = _source(row)
    row = row._replace(loaded=(row.loaded or {}) | {"amount": (row.loaded or {}).get("difference")})
    loaded, now = (
        EstablishmentRow(row.label, both["prior_fte"], both["fte"], both["amount"], source)
        for both in _both(plan, row, (*_FTE, "amount"), source, printed={"amount": "difference"})
    )
    plan.loaded.establishment.append(loaded)
    plan.now.establishment.append(now)
    if row.other is not None:
        plan.divisions[bare_division(row.label)] = division_name(row.other)


def _add_movement(plan: StoredPlan, row: Stored, _: str) -> None:
    source = _source(row)
    row = row._replace(loaded=(row.loaded or {}) | {"amount": (row.loaded or {}).get("number")})
    loaded, now = (
        MovementRow(row.label, both["amount"], source)
        for both in _both(plan, row, ("amount",), source, printed={"amount": "number"})
    )
    plan.loaded.movements.append(loaded)
    plan.now.movements.append(now)


_ADD: dict[str, Callable[[StoredPlan, Stored, str], None]] = {
    "total": _add_total,
    "staffing": _add_staffing,
    "establishment": _add_establishment,
    "movement": _add_movement,
}


def _add_service(plan: StoredPlan, row: Stored, slug: str, line: tuple[BudgetRow | None, BudgetRow] | None) -> None:
    source = _source(row)
    before, after = line or (None, None)
    loaded, now = (
        CoreServiceRow(slug, row.label, both["amount"], "", "", source)
        for both in _both(plan, row, ("amount",), source)
    )
    plan.loaded.services.append((loaded, before))
    plan.now.services.append((now, after))


def division_name(pk: int) -> str:
    """What the rules know a stored division by."""
    return f"division {pk}"


# --- figures ---------------------------------------------------------------------------------------------------------


def _both(
    plan: StoredPlan,
    row: Stored,
    names: Sequence[str],
    source: StoredSource,
    *,
    printed: Mapping[str, str] = MappingProxyType({}),
) -> tuple[dict[str, Decimal | None], dict[str, Decimal | None]]:
    """A row's figures as they were loaded and as they stand; `printed` names columns of other names in print."""
    now = {name: _as_printed(getattr(row, name), printed.get(name, name), source) for name in names}
    if row.provenance is None:
        return now, now
    loaded = row.loaded or {}
    if not any(_differs(now[name], loaded.get(name)) for name in names):
        return now, now
    plan.edited = True
    return {name: _as_printed(_amount(loaded.get(name)), printed.get(name, name), source) for name in names}, now


def _figures(row: Stored, names: Sequence[str], source: StoredSource) -> dict[str, Decimal | None]:
    return {name: _as_printed(getattr(row, name), name, source) for name in names}


def _loaded_figures(loaded: Mapping[str, Any], source: StoredSource) -> dict[str, Decimal | None]:
    return {name: _as_printed(_amount(loaded.get(name)), name, source) for name in TYPED_FIGURES}


def _budget_row(
    label: str, slug: str, source: StoredSource, figures: Mapping[str, Decimal | None], *, portfolio: str = ""
) -> BudgetRow:
    return BudgetRow(unit=slug, activity=label, cabinet_member="", portfolio=portfolio, source=source, **figures)


def _source(row: Stored) -> StoredSource:
    return StoredSource(
        lines=tuple(row.lines or ()),
        repairs=tuple(
            Repair(item["rule"], tuple(item["lines"]), item["was"], item["now"], item["column"])
            for item in row.repairs or ()
        ),
        printed=tuple((row.printed or {}).items()),
        provenance=row.provenance,
        document=row.document or "",
    )


def _source_now(row: Stored, *, edited: bool) -> StoredSource:
    """Where the row as it stands was printed: of a figure that people took out nothing is, so that it is not lost."""
    loaded = row.loaded or {}
    taken_out = {name for name, value in loaded.items() if value is not None and getattr(row, name, "") is None}
    source = _source(row)
    printed = tuple((name, text) for name, text in source.printed if name not in taken_out)
    return replace(source, printed=printed, edited=edited)


def _text(name: str, source: StoredSource) -> str:
    """The text that a figure was read from: the repaired one where it was repaired."""
    repaired = [repair.now for repair in source.repairs if repair.column == name]
    return repaired[-1] if repaired else next((text for column, text in source.printed if column == name), "")


def _read(name: str, source: StoredSource) -> Decimal | None:
    """The figure that print has in a column which the database computes."""
    return to_amount(_text(name, source))


def _as_printed(figure: Decimal | None, name: str, source: StoredSource) -> Decimal | None:
    """The figure with the decimals that it was printed with; with one, or as many as it has, where they are not known."""
    if figure is None:
        return None
    decimals = _text(name, source).partition(".")[2]
    unit = _PLACES.get(len(decimals), _PLACES[1]) if not decimals or decimals.isdigit() else _PLACES[1]
    for places in (unit, _PLACES[1], _PLACES[2]):
        rounded = figure.quantize(places)
        if rounded == figure:
            return rounded
    return figure


def _amount(loaded: Any) -> Decimal | None:
    return None if loaded is None else Decimal(loaded)


def _differs(figure: Decimal | None, loaded: Any) -> bool:
    return figure != _amount(loaded)

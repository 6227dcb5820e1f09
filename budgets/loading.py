"""Write a plan's budget, control totals, core services, MTP items and staffing.

A portfolio row is always a control total; where the unit has no table of its own in a service plan it is the unit's one
budget line too, and is retired when the service plan loads (DECISIONS 1).
"""

from collections.abc import Mapping, Sequence

from budgets.checks import bare_division, line_of
from budgets.models import (
    BudgetLine,
    ControlTotal,
    CoreService,
    Establishment,
    MovementReason,
    MTPItem,
    Origin,
    StaffingLevel,
    TotalSubject,
)
from budgets.parsing.rows import (
    FIGURES,
    BudgetRow,
    ControlTotalRow,
    CoreServiceRow,
    EstablishmentRow,
    MovementRow,
    MTPRow,
    StaffingRow,
)
from plans.documents import Doubt, ParsedTable
from plans.loading import KEEP, Book, Entry, comparable, numbered
from plans.models import Alias, AliasSubject, Division, Portfolio, UnitYear
from plans.models.documents import Tier
from plans.names import name_key

# The question whether a unit's own lines replace its edited portfolio line, and the answer that they do.
REPLACED, REPLACE = "replaced:portfolio line", "replace it"

_TYPED = (
    "prior_controllable",
    "prior_fte",
    "fte",
    "employee",
    "running",
    "contracts",
    "external_income",
    "internal_income",
)


def load(
    book: Book, tables: Sequence[ParsedTable], *, division_of: Mapping[str, str], aliases: Mapping[str, str]
) -> None:
    """Write the budget tables of one document. `division_of`: unit key -> division name as declared; `aliases`: activity
    key -> the name it stands for."""
    lines = book.rows(tables, "budget", BudgetRow)
    totals = book.rows(tables, "control_totals", ControlTotalRow)
    portfolios = _place_units(book, [row for _, row in lines], division_of)
    service = book.plan.tier == Tier.SERVICE
    if service:
        lines = _retire_portfolio_lines(book, lines)
    stored = _load_lines(book, lines)
    _load_totals(book, [] if service else lines, totals, portfolios)
    _load_core_services(book, book.rows(tables, "core_service", CoreServiceRow), stored, aliases)
    _load_staffing(book, tables)


def _place_units(book: Book, rows: Sequence[BudgetRow], division_of: Mapping[str, str]) -> dict[str, Portfolio]:
    """Say in which division and portfolio each unit stands this year, and who its Cabinet Member is."""
    directorate = book.plan.directorate
    assert directorate is not None
    portfolios = {name_key(item.name): item for item in Portfolio.objects.filter(directorate=directorate)}
    divisions = {name_key(item.name): item for item in Division.objects.filter(directorate=directorate)}
    for row in rows:
        if row.portfolio and name_key(row.portfolio) not in portfolios:
            portfolios[name_key(row.portfolio)] = Portfolio.objects.create(directorate=directorate, name=row.portfolio)
    known = {item.unit_id: item for item in UnitYear.objects.filter(year=book.plan.year, unit__directorate=directorate)}
    new, changed = [], []
    for row in {row.unit: row for row in rows}.values():
        unit = book.units[row.unit]
        place = known.get(unit.pk) or UnitYear(unit=unit, year=book.plan.year)
        before = (place.division_id, place.portfolio_id, place.cabinet_member)
        division = book.plan.division or divisions.get(name_key(division_of.get(name_key(unit.name), "")))
        place.division = place.division or division
        place.portfolio = place.portfolio or portfolios.get(name_key(row.portfolio))
        place.cabinet_member = place.cabinet_member or row.cabinet_member
        if unit.pk not in known:
            new.append(place)
        elif before != (place.division_id, place.portfolio_id, place.cabinet_member):
            changed.append(place)
    UnitYear.objects.bulk_create(new)
    if changed:
        UnitYear.objects.bulk_update(changed, ["division", "portfolio", "cabinet_member"])
    return portfolios


def _retire_portfolio_lines(book: Book, lines: list[tuple[int, BudgetRow]]) -> list[tuple[int, BudgetRow]]:
    """Remove the portfolio rows' lines of the units that this plan brings itself. Where one was edited, ask first: the
    unit's own lines wait, so that its money is not counted twice."""
    units = {book.units[row.unit].pk: row.unit for _, row in lines}
    retired = BudgetLine.objects.filter(year=book.plan.year, unit__in=units, origin=Origin.PORTFOLIO).select_related(
        "provenance"
    )
    waiting: set[str] = set()
    removed = []
    for line in retired:
        loaded = line.provenance.loaded if line.provenance else {}
        if any(comparable(getattr(line, name)) != loaded.get(name) for name in _TYPED):
            name = units[line.unit_id]
            at, first = next((at, row) for at, row in lines if row.unit == name)
            answer = book.answers.get((first.source.lines[0], REPLACED))
            if answer and answer.value == REPLACE:
                removed.append(line)
                continue
            waiting.add(name)
            if answer is None:
                says = f"The line that the portfolio table gave {name} was edited here: replace it with the unit's own lines?"
                doubt = Doubt(first.source.lines, says, "activity", (REPLACE, KEEP), REPLACED)
                book.report.doubts.append((doubt, at))
        else:
            removed.append(line)
    BudgetLine.objects.filter(pk__in=[line.pk for line in removed]).delete()
    for line in removed:
        if line.provenance:
            line.provenance.delete()
    book.held |= waiting
    return [(at, row) for at, row in lines if row.unit not in waiting]


def _load_lines(book: Book, lines: Sequence[tuple[int, BudgetRow]]) -> dict[str, list[tuple[BudgetRow, BudgetLine]]]:
    """Store the budget lines; return them by unit name."""
    service = book.plan.tier == Tier.SERVICE
    # Its place in the whole table, whichever rows of it are the budget, so that the order of loading makes no difference.
    placed = [(position, at, row) for position, (at, row) in enumerate(lines, start=1)]
    if not service:
        own = set(
            BudgetLine.objects.filter(year=book.plan.year, origin=Origin.SERVICE).values_list("unit_id", flat=True)
        )
        placed = [(position, at, row) for position, at, row in placed if book.units[row.unit].pk not in own]
    entries = [
        Entry(
            key=f"{row.unit} / {name_key(row.activity)}",
            values={"activity": row.activity, **{name: getattr(row, name) for name in _TYPED}},
            fixed={
                "plan": book.plan,
                "year": book.plan.year,
                "unit": book.units[row.unit],
                "origin": Origin.SERVICE if service else Origin.PORTFOLIO,
            },
            source=row.source,
            table=at,
            position=position,
        )
        for position, at, row in placed
    ]
    stored: dict[str, list[tuple[BudgetRow, BudgetLine]]] = {}
    upserted = book.upsert("budget", entries, BudgetLine.objects.for_plan(book.plan))
    for (_, _, row), line in zip(placed, upserted, strict=True):
        if line is not None:
            stored.setdefault(row.unit, []).append((row, line))
    return stored


def _load_totals(
    book: Book,
    portfolio_rows: Sequence[tuple[int, BudgetRow]],
    totals: Sequence[tuple[int, ControlTotalRow]],
    portfolios: Mapping[str, Portfolio],
) -> None:
    entries = []
    subject: str
    rows: list[tuple[int, BudgetRow | ControlTotalRow]] = [*portfolio_rows, *totals]
    for at, row in rows:
        subject = row.subject if isinstance(row, ControlTotalRow) else TotalSubject.PORTFOLIO_ROW
        whose = row.unit or row.portfolio
        of_portfolio = not row.unit or isinstance(row, BudgetRow)
        entries.append(
            Entry(
                key=f"{subject} / {whose} / {name_key(row.activity)}",
                values={"label": row.activity, **{name: getattr(row, name) for name in FIGURES}},
                fixed={
                    "plan": book.plan,
                    "subject": subject,
                    "unit": book.units[row.unit] if row.unit else None,
                    "portfolio": portfolios.get(name_key(row.portfolio)) if of_portfolio else None,
                },
                source=row.source,
                table=at,
            )
        )
    book.upsert("control_totals", entries, ControlTotal.objects.filter(plan=book.plan))


def _load_core_services(
    book: Book,
    rows: Sequence[tuple[int, CoreServiceRow]],
    stored: Mapping[str, list[tuple[BudgetRow, BudgetLine]]],
    aliases: Mapping[str, str],
) -> None:
    keys = numbered(f"{row.unit} / {name_key(row.activity)}" for _, row in rows)
    entries = [
        Entry(
            key=key,
            values={
                "activity": row.activity,
                "amount": row.amount,
                "manager_printed": row.accountable_manager,
                "provides": row.provides,
            },
            fixed={"plan": book.plan, "unit": book.units[row.unit]},
            source=row.source,
            table=at,
        )
        for key, (at, row) in zip(keys, rows, strict=True)
    ]
    services = book.upsert("core_service", entries, CoreService.objects.filter(plan=book.plan))
    officers = book.officers(row.accountable_manager for _, row in rows)
    changed = []
    for (_, row), service in zip(rows, services, strict=True):
        if service is None:
            continue
        pairs = stored.get(row.unit, [])
        about = line_of(row, [line_row for line_row, _ in pairs], aliases)
        line = next((line for line_row, line in pairs if line_row is about), None)
        manager = officers.get(name_key(row.accountable_manager))
        if (service.line_id, service.accountable_manager_id) != (line and line.pk, manager and manager.pk):
            service.line, service.accountable_manager = line, manager
            changed.append(service)
    if changed:
        CoreService.objects.bulk_update(changed, ["line", "accountable_manager"])


def _load_staffing(book: Book, tables: Sequence[ParsedTable]) -> None:
    plan = {"plan": book.plan}
    staffing = book.rows(tables, "staffing", StaffingRow)
    book.upsert(
        "staffing",
        [
            Entry(
                f"{row.unit} / {name_key(row.band)}",
                {"band": row.band, "prior_fte": row.prior_fte, "fte": row.fte},
                plan | {"unit": book.units[row.unit]},
                row.source,
                at,
            )
            for at, row in staffing
        ],
        StaffingLevel.objects.filter(plan=book.plan),
    )
    establishment = book.rows(tables, "establishment", EstablishmentRow)
    divisions = {name_key(item.name): item for item in Division.objects.filter(directorate=book.plan.directorate)}
    for alias in Alias.objects.about(AliasSubject.DIVISION):
        if name_key(alias.stands_for) in divisions:
            divisions.setdefault(alias.key, divisions[name_key(alias.stands_for)])
    book.upsert(
        "establishment",
        [
            Entry(
                name_key(row.division),
                {"label": row.division, "prior_fte": row.prior_fte, "fte": row.fte, "difference": row.difference},
                plan | {"division": divisions.get(bare_division(row.division))},
                row.source,
                at,
            )
            for at, row in establishment
        ],
        Establishment.objects.filter(plan=book.plan),
    )
    movements = book.rows(tables, "establishment", MovementRow)
    book.upsert(
        "movement",
        [
            Entry(name_key(row.reason), {"reason": row.reason, "number": row.number}, plan, row.source, at)
            for at, row in movements
        ],
        MovementReason.objects.filter(plan=book.plan),
    )
    items = book.rows(tables, "mtp", MTPRow)
    keys = numbered(name_key(row.heading or row.explanation) for _, row in items)
    book.upsert(
        "mtp",
        [
            Entry(
                key,
                {"amount": row.amount, "heading": row.heading, "explanation": row.explanation},
                plan,
                row.source,
                at,
            )
            for key, (at, row) in zip(keys, items, strict=True)
        ],
        MTPItem.objects.filter(plan=book.plan),
    )

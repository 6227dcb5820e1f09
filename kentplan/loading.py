"""Load plans: interpret the documents, and where nothing is wrong write all of them in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.text import slugify

import budgets.loading
import indicators.loading
import plans.loading
import projects.loading
from budgets.models import ControlTotal, TotalSubject
from history.changes import change_set
from kentplan.interpreting import Corrections, Interpreted, Known, fingerprint, interpret, interpret_sheets
from people.events import Event, record
from people.models import User
from plans.documents import Correction, Document, Problem
from plans.loading import Book, LoadReport
from plans.locks import refusal
from plans.models import (
    Alias,
    Directorate,
    Division,
    FinancialYear,
    Plan,
    SourceLine,
    Unit,
)
from plans.models import Correction as DeclaredCorrection
from plans.models import Document as StoredDocument
from plans.models.documents import DocumentFormat, PlanState, Tier
from plans.models.organisation import AliasSubject
from plans.names import name_key
from plans.organisation import Organisation, UnitNames, read_corrections, read_organisation
from plans.sheets import SheetPlan

FIXTURES: Path = settings.BASE_DIR / "fixtures"


@dataclass(frozen=True)
class Options:
    """How to load: `corrections` are files besides those in fixtures/corrections; `allow_partial` leaves out refused tables."""

    dry_run: bool = False
    allow_partial: bool = False
    corrections: tuple[Path, ...] = ()
    by: User | None = None
    door: str = "load_plan"

    @cached_property
    def correction_files(self) -> list[Path]:
        return [*sorted((FIXTURES / "corrections").glob("*.toml")), *self.corrections]


class _RollBack(Exception):
    """Leaves the transaction without a trace: a dry run, or an error found while writing."""


Progress = Callable[[str, int, int], None]  # document, tables read, tables in all


def load(
    documents: Sequence[Document | SheetPlan], options: Options, progress: Progress = lambda *_: None
) -> list[LoadReport]:
    """Load the documents, all or none; each report says what was, or would be, done. An error anywhere writes nothing."""
    organisation = read_organisation(FIXTURES / "organisation")
    known = _known(organisation)
    interpreted = [_interpret(item, known, options, progress) for item in documents]
    reports = [item.report for item in interpreted]
    if any(report.errors for report in reports) and not options.allow_partial:
        return reports
    try:
        with transaction.atomic():
            why = "Loaded " + ", ".join(report.document for report in reports)
            with change_set(by=options.by, why=why, door=options.door):
                for item in interpreted:
                    if item.report.year and item.report.plan:
                        _write(item, organisation)
            if options.dry_run or _refused_while_writing(reports, options):
                raise _RollBack
    except _RollBack:
        return reports
    facts = {"user": options.by.pk if options.by else None, "door": options.door, "documents": len(reports)}
    transaction.on_commit(lambda: record(None, Event.LOAD, **facts))
    return reports


def try_out(document: Document, options: Options, more: Mapping[tuple[int, str], Correction]) -> LoadReport:
    """What reading the document again would give with `more` corrections. Writes nothing."""
    corrections, _ = _parted(_corrections(document, options) | dict(more))
    known = _known(read_organisation(FIXTURES / "organisation"))
    return interpret(document, known, corrections, lambda *_: None).report


def _interpret(item: Document | SheetPlan, known: Known, options: Options, progress: Progress) -> Interpreted:
    document = item if isinstance(item, Document) else item.document
    corrections, answers = _parted(_corrections(document, options))
    if isinstance(item, Document):
        interpreted = interpret(item, known, corrections, progress)
    else:
        interpreted = interpret_sheets(item, known, corrections)
    interpreted.answers = answers
    return interpreted


def _parted(found: Corrections) -> tuple[dict[tuple[int, str], Correction], dict[tuple[int, str], Correction]]:
    """Corrections of what is printed, and answers to the load's own questions (plans.loading), which no parser knows."""
    answers = {key: item for key, item in found.items() if ":" in key[1]}
    return {key: item for key, item in found.items() if key not in answers}, answers


def _refused_while_writing(reports: Sequence[LoadReport], options: Options) -> bool:
    return any(report.errors for report in reports) and not options.allow_partial


def _known(organisation: Organisation) -> Known:
    names = dict(organisation.units)
    for unit in Unit.objects.all():
        names[name_key(unit.name)] = unit.name
    for alias in Alias.objects.filter(subject=AliasSubject.UNIT).select_related("unit"):
        assert alias.unit is not None
        names[alias.key] = alias.unit.name
    known = Known(organisation, UnitNames(names))
    for total in ControlTotal.objects.filter(unit__isnull=False).select_related("unit"):
        figures = fingerprint(total)
        if figures and total.unit and total.subject == TotalSubject.CONTROLLABLE:
            known.unit_totals[figures] = total.unit.name
        elif figures and total.unit and total.subject == TotalSubject.PORTFOLIO_ROW:
            known.portfolio_rows[figures] = total.unit.name
    return known


def _corrections(document: Document, options: Options) -> dict[tuple[int, str], Correction]:
    found = read_corrections(options.correction_files, document.sha256)
    for item in DeclaredCorrection.objects.filter(sha256=document.sha256):
        found[item.line, item.field] = Correction(item.line, item.field, item.was, item.value, item.reason, item.by)
    return found


# --- write -----------------------------------------------------------------------------------------------------------


def _write(item: Interpreted, organisation: Organisation) -> None:
    """Write one document's rows. What a constraint refuses becomes an error in its own words (DECISIONS 22)."""
    report = item.report
    try:
        with transaction.atomic():
            plan = _plan(item, organisation)
            units = _units(item, plan, organisation)
            document, _ = StoredDocument.objects.update_or_create(
                sha256=report.sha256,
                defaults={"plan": plan, "name": report.document, "format": _format(report.document)},
            )
            book = Book(plan=plan, document=document, report=report, units=units)
            book.held |= item.held
            book.whole = item.whole
            book.answers = item.answers
            budgets.loading.load(
                book,
                report.tables,
                division_of=organisation.division_of,
                aliases=_stands_for(organisation, AliasSubject.ACTIVITY),
            )
            indicators.loading.load(
                book,
                report.tables,
                groups=_stands_for(organisation, AliasSubject.GROUP),
                measures=organisation.measures,
            )
            projects.loading.load(book, report.tables)
            plans.loading.load(book, report.tables)
            _store_lines(item, document)
            document.report = report.as_json()
            document.save(update_fields=["report"])
    except (ValidationError, DatabaseError) as error:
        report.errors.append((Problem((), _words_of(error)), None))


def _words_of(error: ValidationError | DatabaseError) -> str:
    """What a field or a constraint has to say, in its own words."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if refused := refusal(error):
        return refused.words
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    constraints = (constraint for model in apps.get_models() for constraint in model._meta.constraints)
    says = next((str(constraint.violation_error_message) for constraint in constraints if constraint.name == name), "")
    detail = getattr(diagnosis, "message_detail", None) or str(error).splitlines()[0]
    return f"{says} ({detail})" if says else f"The database refuses the plan: {detail}"


def _format(name: str) -> str:
    suffix = Path(name).suffix.lower().lstrip(".")
    return suffix if suffix in ("xlsx", "csv") else DocumentFormat.TEXT


def _plan(item: Interpreted, organisation: Organisation) -> Plan:
    report = item.report
    year, _ = FinancialYear.objects.get_or_create(start=int(report.year[:4]))
    service = report.tier == Tier.SERVICE
    directorate = _directorate(
        (item.directorate.title() if item.directorate.isupper() else item.directorate) if service else report.plan,
        organisation,
    )
    for name in dict.fromkeys(organisation.divisions.values()):
        if organisation.directorates.get(name_key(directorate.name)) == directorate.name:
            Division.objects.get_or_create(directorate=directorate, name=name)
    division = None
    if service:
        name = organisation.divisions.get(name_key(report.plan), report.plan)
        division, _ = Division.objects.get_or_create(directorate=directorate, name=name)
    plan, _ = Plan.objects.get_or_create(
        year=year, tier=report.tier, name=report.plan, defaults={"directorate": directorate, "division": division}
    )
    if plan.state != PlanState.DRAFT:
        raise ValidationError(f"The plan “{plan}” is {plan.get_state_display().lower()}: it can no longer be loaded.")
    return plan


def _directorate(printed: str, organisation: Organisation) -> Directorate:
    name = organisation.directorates.get(name_key(printed)) or printed or "The council"
    known = {name_key(item.name): item for item in Directorate.objects.all()}
    return known.get(name_key(name)) or Directorate.objects.create(name=name)


def _units(item: Interpreted, plan: Plan, organisation: Organisation) -> dict[str, Unit]:
    """The units the document speaks of, made where they are new, with their declared names."""
    report = item.report
    names = {table.unit for table in report.tables} | {
        getattr(row, "unit", "") for table in report.tables for row in table.rows
    }
    wanted = sorted(names - {""} - item.held)
    directorate = plan.directorate
    assert directorate is not None
    units = {unit.name: unit for unit in Unit.objects.filter(name__in=wanted)}
    for name in wanted:
        if name not in units:
            declared = organisation.reasons.get(name)
            reason = f"declared: {declared}" if declared else f"first met in {report.document}"
            units[name] = Unit.objects.create(directorate=directorate, name=name, slug=free_slug(name), reason=reason)
    there = set(Alias.objects.values_list("subject", "key"))
    divisions = {item.name: item for item in Division.objects.filter(directorate=plan.directorate)}
    aliases = []
    for declared_name in organisation.names:
        subject, key = declared_name.subject, name_key(declared_name.name)
        if (subject, key) in there or (subject == "unit" and declared_name.stands_for not in units):
            continue
        if subject == "division" and declared_name.stands_for not in divisions:
            continue
        there.add((subject, key))
        unit = units[declared_name.stands_for] if subject == "unit" else None
        stands_for = "" if unit else declared_name.stands_for
        aliases.append(
            Alias(
                subject=subject,
                key=key,
                name=declared_name.name,
                unit=unit,
                stands_for=stands_for,
                reason=declared_name.reason,
            )
        )
    Alias.objects.bulk_create(aliases)
    plan.units.add(*units.values())
    return units


def free_slug(name: str) -> str:
    """The unit's name as it stands in addresses, numbered where another unit has it."""
    slug = slugify(name)[:190] or "unit"
    taken = set(Unit.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return (
        slug
        if slug not in taken
        else next(f"{slug}-{n}" for n in range(2, len(taken) + 3) if f"{slug}-{n}" not in taken)
    )


def _stands_for(organisation: Organisation, subject: AliasSubject) -> dict[str, str]:
    """Other names of one subject: those declared in the portal's files, and those kept here."""
    return organisation.stands_for(subject) | dict(Alias.objects.about(subject).values_list("key", "stands_for"))


def _store_lines(item: Interpreted, document: StoredDocument) -> None:
    outcomes = {outcome.line: (outcome, at) for outcome, at in item.report.lines}
    there = {number: rest for number, *rest in document.lines.values_list("number", "outcome", "table", "why")}
    if there and all(there.get(line) == [outcome.outcome, at, outcome.why] for line, (outcome, at) in outcomes.items()):
        return
    document.lines.all().delete()
    lines = []
    for line in item.document.lines:
        if not line.text.strip() and line.number not in outcomes:
            continue
        outcome, at = outcomes.get(line.number, (None, None))
        lines.append(
            SourceLine(
                document=document,
                number=line.number,
                text=line.text,
                outcome=outcome.outcome if outcome else "",
                table=at,
                why=outcome.why if outcome else "",
            )
        )
    SourceLine.objects.bulk_create(lines, batch_size=2000)

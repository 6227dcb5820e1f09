"""Write what a document gave into the database: one plan, matched on natural keys, never on position.

A load compares the document with what was last loaded from it (Provenance.loaded), not with today's figure: what people
edited since stays, and what both changed is a doubt (DECISIONS 6). Nothing is written here outside the caller's
transaction.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Manager, Model, QuerySet

from plans.checks import Check
from plans.documents import Correction, Doubt, Outcome, ParsedTable, Problem, Source
from plans.models import Document, LeadRole, Officer, Plan, Provenance, Target, Unit
from plans.names import name_key
from plans.parsing import LeadRole as LeadRoleRow

Instance = TypeVar("Instance", bound=Model)
RowType = TypeVar("RowType")

# --- the report ------------------------------------------------------------------------------------------------------


@dataclass
class LoadReport:
    """All that is to be said of one document (DOMAIN.md gives the JSON form). `tables` holds refused ones too, empty."""

    document: str
    sha256: str
    year: str
    tier: str = ""
    plan: str = ""
    tables: list[ParsedTable] = field(default_factory=list)
    doubts: list[tuple[Doubt, int | None]] = field(default_factory=list)
    errors: list[tuple[Problem, int | None]] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    lines: list[tuple[Outcome, int | None]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    changes: list[dict[str, Any]] = field(default_factory=list)
    new_units: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "document": self.document,
            "sha256": self.sha256,
            "year": self.year,
            "tier": self.tier,
            "plan": self.plan,
            "tables": [
                {
                    "kind": table.kind,
                    "unit": table.unit,
                    "lines": list(table.lines),
                    "rows": [row_as_json(row, year=self.year, document=self.document) for row in table.rows],
                }
                for table in self.tables
            ],
            "doubts": [
                {
                    "lines": list(doubt.lines),
                    "table": at,
                    "column": doubt.column,
                    "says": doubt.says,
                    "choices": list(doubt.choices),
                    **({"about": doubt.about} if doubt.about else {}),
                }
                for doubt, at in self.doubts
            ],
            "errors": [
                {"lines": list(problem.lines), "table": at, "column": problem.column, "says": problem.says}
                for problem, at in self.errors
            ],
            "checks": [
                {
                    "rule": check.rule,
                    "lines": list(check.lines),
                    "unit": check.unit,
                    "label": check.label,
                    "printed": text_of(check.printed),
                    "computed": text_of(check.computed),
                    "difference": text_of(check.difference),
                    "outcome": check.outcome,
                    "why": check.why,
                }
                for check in self.checks
            ],
            "lines": [
                {"line": outcome.line, "outcome": outcome.outcome, "table": at, "why": outcome.why}
                for outcome, at in sorted(self.lines, key=lambda pair: pair[0].line)
            ],
            **{name: self.counts[name] for name in ("created", "updated", "unchanged", "removed")},
            "changes": self.changes,
            "new_units": self.new_units,
        }


def text_of(value: object) -> str | None:
    """A value as the report writes it: figures exact and without an exponent, a blank as null."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return None if value is None else str(value)


def row_as_json(row: Any, *, year: str, document: str) -> dict[str, Any]:
    """A row's columns with its lines and repairs."""
    source: Source = row.source
    values = {item.name: getattr(row, item.name) for item in fields(row) if item.name != "source"}
    return {
        "year": year,
        **{name: value if isinstance(value, str | int) else text_of(value) for name, value in values.items()},
        "document": document,
        "source_lines": list(source.lines),
        "repairs": _repairs(source),
    }


# --- writing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """A row to be stored: its natural key within the plan, the fields the document gives it, and where it came from.

    `fixed` fields are set when the row is made and belong to its key (the unit, the plan).
    """

    key: str
    values: Mapping[str, Any]
    fixed: Mapping[str, Any]
    source: Source
    table: int
    position: int = 0  # where it stands among its like; 0: where it stands among the entries


def numbered(keys: Iterable[str]) -> list[str]:
    """Keys made unique in their order: the second "SEN transport" becomes "SEN transport #2"."""
    seen: Counter[str] = Counter()
    result = []
    for key in keys:
        seen[key] += 1
        result.append(key if seen[key] == 1 else f"{key} #{seen[key]}")
    return result


def comparable(value: Any) -> Any:
    """A value as JSON keeps it, the same for 5, 5.0 and 5.00, so that what was loaded and what is stored compare."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Model):
        return value.pk
    return value.isoformat() if hasattr(value, "isoformat") else value


# Answers to the load's own questions.
BRING_BACK, LEAVE_OUT, REMOVE, KEEP = "bring it back", "leave it out", "remove it", "keep it"

_LOCATED = ("document_id", "table", "lines", "repairs", "printed", "loaded")


class Book:
    """One document being written into one plan: resolves names to rows, and upserts each app's rows."""

    def __init__(self, *, plan: Plan, document: Document, report: LoadReport, units: Mapping[str, Unit]) -> None:
        self.plan = plan
        self.document = document
        self.report = report
        self.units = units  # by the name the report uses
        self.whole = True  # off where the document is a part of the plan: what it leaves out stays
        self.held: set[str] = set()  # units whose name is in doubt: their rows wait in the report
        self.answers: Mapping[tuple[int, str], Correction] = {}  # to the load's own questions: by line, and what about
        self._officers: dict[str, Officer] = {}
        self._targets: dict[tuple[str, str], Target] = {}

    def officers(self, names: Iterable[str]) -> dict[str, Officer]:
        """The officers of those printed names, by name key; made where they are new."""
        wanted = {name_key(name): name for name in names if name_key(name)}
        missing = [key for key in wanted if key not in self._officers]
        if missing:
            self._officers |= {officer.key: officer for officer in Officer.objects.filter(key__in=missing)}
            new = [Officer(name=wanted[key], key=key) for key in missing if key not in self._officers]
            self._officers |= {officer.key: officer for officer in Officer.objects.bulk_create(new)}
        return {key: self._officers[key] for key in wanted}

    def targets(self, references: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Target]:
        """The corporate targets of those (scheme, code) pairs; made where they are new."""
        wanted = list(dict.fromkeys(references))
        missing = [pair for pair in wanted if pair not in self._targets]
        if missing:
            schemes = {scheme for scheme, _ in missing}
            known = Target.objects.filter(scheme__in=schemes)
            self._targets |= {(target.scheme, target.code): target for target in known}
            new = [Target(scheme=scheme, code=code) for scheme, code in missing if (scheme, code) not in self._targets]
            self._targets |= {(target.scheme, target.code): target for target in Target.objects.bulk_create(new)}
        return {pair: self._targets[pair] for pair in wanted}

    def rows(self, tables: Sequence[ParsedTable], kind: str, row_type: type[RowType]) -> list[tuple[int, RowType]]:
        """The rows of one type with their tables' indexes, without those of units in doubt."""
        return [
            (at, row)
            for at, table in enumerate(tables)
            if table.kind == kind
            for row in table.rows
            if isinstance(row, row_type) and (getattr(row, "unit", "") or table.unit) not in self.held
        ]

    def upsert(self, kind: str, entries: Sequence[Entry], existing: QuerySet[Instance]) -> list[Instance | None]:
        """Bring the plan's rows of one kind to what the document says; return them in the order of `entries`.

        Rows are matched on their provenance's key. Counts and changes go into the report; a row that people changed and
        the document now gives otherwise is a doubt and keeps its figure. One that people removed stays removed: None.
        """
        model = existing.model
        provenances = {item.key: item for item in Provenance.objects.filter(plan=self.plan, kind=kind)}
        rows = {row.provenance_id: row for row in existing}  # type: ignore[attr-defined]
        found: list[Instance | None] = []
        made: list[tuple[Entry, Instance]] = []
        returned: list[Instance] = []
        kept = 0
        relocated: list[Provenance] = []
        changed: list[Instance] = []
        moved: list[Instance] = []
        for place, entry in enumerate(entries, start=1):
            position = entry.position or place
            provenance = provenances.pop(entry.key, None)
            row = rows.pop(provenance.pk, None) if provenance else None
            if provenance is None:
                row = model(**entry.fixed, **entry.values, position=position)
                made.append((entry, row))
            else:
                open_fields: set[str] = set()
                if row is None:
                    if self._is_brought_back(entry, provenance):
                        row = model(**entry.fixed, **entry.values, position=position, provenance=provenance)
                        returned.append(row)
                    elif self._is_asked_about(entry, provenance):
                        open_fields = set(entry.values)
                else:
                    if self._bring_up_to_date(row, entry, provenance, open_fields):
                        changed.append(row)
                    if position != provenance.loaded.get("position") == row.position:  # type: ignore[attr-defined]
                        row.position = position  # type: ignore[attr-defined]
                        moved.append(row)
                kept += 1
                if self._locate(provenance, entry, position, still_open=open_fields):
                    relocated.append(provenance)
            found.append(row)
        if self.whole:
            self._remove(kind, list(provenances.values()), rows, existing)
        self._create(kind, made, model)
        if returned:
            model._default_manager.bulk_create(returned)
        if changed:
            names = list(dict.fromkeys(name for entry in entries for name in entry.values))
            model._default_manager.bulk_update(changed, names)
        if moved:
            model._default_manager.bulk_update(moved, ["position"])
        if relocated:
            Provenance.objects.bulk_update(relocated, [name.removesuffix("_id") for name in _LOCATED], batch_size=500)
        self.report.counts["created"] += len(made) + len(returned)
        self.report.counts["updated"] += len(changed)
        self.report.counts["unchanged"] += kept - len(changed) - len(returned)
        return found

    def _answer(self, lines: Sequence[int], about: str) -> str | None:
        """What was answered to a question of the load; None where it is open."""
        correction = self.answers.get((lines[0], about)) if lines else None
        return correction.value if correction else None

    def _bring_up_to_date(self, row: Model, entry: Entry, provenance: Provenance, open_fields: set[str]) -> bool:
        """Put what is new in the document into the row. What was edited too is asked about, and stays in `open_fields`
        until it is answered."""
        changed = False
        for name, value in entry.values.items():
            new, last, current = comparable(value), provenance.loaded.get(name), comparable(getattr(row, name))
            if new in (current, last):
                continue  # nothing new, or the document says what it said before and people have edited since
            change = {"kind": provenance.kind, "row": entry.key, "column": name, "was": current, "now": new}
            if current != last:
                about = f"edited:{provenance.kind}:{entry.key}:{name}"
                answer = self._answer(entry.source.lines, about)
                if answer is None:
                    column = name.replace("_", " ")
                    says = f"The document changed {column} from “{last}” to “{new}”, and it was edited here to “{current}”."
                    doubt = Doubt(entry.source.lines, says, name, (str(current), str(new)), about)
                    self.report.doubts.append((doubt, entry.table))
                    open_fields.add(name)
                if answer != str(new):
                    continue
            self.report.changes.append(change | {"lines": list(entry.source.lines)})
            setattr(row, name, value)
            changed = True
        return changed

    def _is_brought_back(self, entry: Entry, provenance: Provenance) -> bool:
        """Whether a removed row is to be there again: people removed it, the document says something new about it, and it
        was answered so. Where that is open it is asked."""
        if all(comparable(value) == provenance.loaded.get(name) for name, value in entry.values.items()):
            return False
        about = f"removed:{provenance.kind}:{entry.key}"
        answer = self._answer(entry.source.lines, about)
        if answer is None:
            says = f"“{entry.key}” was removed here, and the document now prints it with other figures: bring it back?"
            doubt = Doubt(entry.source.lines, says, choices=(BRING_BACK, LEAVE_OUT), about=about)
            self.report.doubts.append((doubt, entry.table))
        return answer == BRING_BACK

    def _is_asked_about(self, entry: Entry, provenance: Provenance) -> bool:
        about = f"removed:{provenance.kind}:{entry.key}"
        return any(doubt.about == about for doubt, _ in self.report.doubts[-1:])

    def _locate(self, provenance: Provenance, entry: Entry, position: int, *, still_open: Collection[str] = ()) -> bool:
        """Say where the row stands and what it was loaded as; whether that is anything new. What is `still_open` is as
        good as not loaded yet, so that the next load asks again."""
        before = [getattr(provenance, name) for name in _LOCATED]
        provenance.document_id = self.document.pk
        provenance.table = entry.table
        provenance.lines = list(entry.source.lines)
        provenance.repairs = _repairs(entry.source)
        provenance.printed = dict(entry.source.printed)
        loaded = {name: comparable(value) for name, value in entry.values.items()} | {"position": position}
        provenance.loaded = loaded | {name: provenance.loaded.get(name) for name in still_open}
        return before != [getattr(provenance, name) for name in _LOCATED]

    def _create(self, kind: str, made: Sequence[tuple[Entry, Instance]], model: type[Instance]) -> None:
        provenances = []
        for entry, row in made:
            provenance = Provenance(plan=self.plan, kind=kind, key=entry.key)
            self._locate(provenance, entry, row.position)  # type: ignore[attr-defined]
            provenances.append(provenance)
        Provenance.objects.bulk_create(provenances)
        for provenance, (_, row) in zip(provenances, made, strict=True):
            row.provenance = provenance  # type: ignore[attr-defined]
        manager: Manager[Instance] = model._default_manager
        manager.bulk_create([row for _, row in made])

    def _remove(
        self, kind: str, gone: Sequence[Provenance], rows: Mapping[Any, Instance], existing: QuerySet[Instance]
    ) -> None:
        """Remove rows that the document no longer prints; one that people have edited stays, and is asked about."""
        removable = []
        for provenance in gone:
            row = rows.get(provenance.pk)
            if row is None:
                removable.append(provenance)
            elif not self._is_edited(row, provenance) or self._may_go(kind, provenance):
                removable.append(provenance)
                self.report.counts["removed"] += 1
                self.report.changes.append(
                    {"kind": kind, "row": provenance.key, "column": "", "was": "printed", "now": "removed"}
                )
        if removable:
            keys = [provenance.pk for provenance in removable]
            existing.filter(provenance__in=keys).delete()
            Provenance.objects.filter(pk__in=keys).delete()

    @staticmethod
    def _is_edited(row: Model, provenance: Provenance) -> bool:
        loaded = provenance.loaded.items()
        return any(comparable(getattr(row, name)) != value for name, value in loaded if name != "position")

    def _may_go(self, kind: str, provenance: Provenance) -> bool:
        """Whether it was answered that an edited row goes which the document no longer prints; asked where it is open."""
        about = f"gone:{kind}:{provenance.key}"
        answer = self._answer(provenance.lines, about)
        if answer is None:
            says = f"“{provenance.key}” is no longer printed, but it was edited here: remove it or keep it?"
            doubt = Doubt(tuple(provenance.lines), says, choices=(REMOVE, KEEP), about=about)
            self.report.doubts.append((doubt, None))
        return answer == REMOVE

    def link(self, rows: Sequence[Model], name: str, linked: Sequence[Sequence[Model]]) -> None:
        """Set a many-to-many of many rows in few statements, writing only what differs."""
        if not rows:
            return
        relation = rows[0]._meta.get_field(name)
        through = relation.remote_field.through  # type: ignore[union-attr]
        own, other = relation.m2m_field_name() + "_id", relation.m2m_reverse_field_name() + "_id"  # type: ignore[union-attr]
        wanted = {(row.pk, item.pk) for row, items in zip(rows, linked, strict=True) for item in items}
        there = {
            (getattr(pair, own), getattr(pair, other)): pair.pk
            for pair in through.objects.filter(**{f"{own}__in": [row.pk for row in rows]})
        }
        surplus = [pk for pair, pk in there.items() if pair not in wanted]
        if surplus:
            through.objects.filter(pk__in=surplus).delete()
        new = [through(**{own: one, other: two}) for one, two in sorted(wanted - there.keys())]
        if new:
            through.objects.bulk_create(new)


def _repairs(source: Source) -> list[dict[str, Any]]:
    return [
        {"rule": item.rule, "lines": list(item.lines), "column": item.column, "was": item.was, "now": item.now}
        for item in source.repairs
    ]


# --- lead roles ------------------------------------------------------------------------------------------------------


def load(book: Book, tables: Sequence[ParsedTable]) -> None:
    """Write the lead roles of one document."""
    rows = book.rows(tables, "lead_role", LeadRoleRow)
    keys = numbered(f"{row.scheme} / {name_key(row.target)}" for _, row in rows)
    entries = [
        Entry(
            key=key,
            values={"role": row.role, "officers_printed": row.officers},
            fixed={"plan": book.plan, "scheme": row.scheme, "text": row.target},
            source=row.source,
            table=at,
        )
        for key, (at, row) in zip(keys, rows, strict=True)
    ]
    stored = book.upsert("lead_role", entries, LeadRole.objects.for_plan(book.plan))
    officers = book.officers(name for _, row in rows for name in row.officers.split("; "))
    targets = book.targets(row.reference for _, row in rows if row.reference[1])
    there = [(role, row) for role, (_, row) in zip(stored, rows, strict=True) if role is not None]
    changed = []
    for role, row in there:
        target = targets.get(row.reference)
        if role.target_id != (target and target.pk):
            role.target = target
            changed.append(role)
    if changed:
        LeadRole.objects.bulk_update(changed, ["target"])
    named = [[officers[name_key(name)] for name in row.officers.split("; ") if name_key(name)] for _, row in there]
    book.link([role for role, _ in there], "officers", named)

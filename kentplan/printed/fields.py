"""What the stored rows of each kind are called, and which field keeps what was read from which printed column."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, Q
from django.urls import reverse

from budgets.models import (
    BudgetLine,
    ControlTotal,
    CoreService,
    Establishment,
    MovementReason,
    MTPItem,
    StaffingLevel,
    TotalSubject,
)
from budgets.parsing.rows import FIGURES, MONEY
from indicators.models import Figure, Listing
from indicators.reporting import in_words as figure_words
from plans.calendar import label as year_label
from plans.loading import comparable
from plans.models import FinancialYear, LeadRole, Provenance, Unit
from plans.provenance import in_words as in_words_of
from plans.provenance import label_of
from plans.telling import BLANK, in_words
from projects.models import Consultation, Deliverable, KeyAction, Precision
from projects.reporting import due_in_words

MINUS = "−"
SAME_TOTAL = (TotalSubject.CONTROLLABLE, TotalSubject.PORTFOLIO_ROW)
AMOUNTS = frozenset({*FIGURES, "difference", "number", "amount"})  # columns of figures
_BUDGET = {"activity": "activity", **{name: name for name in FIGURES}}
_POSTS = {"activity": "band", "prior_fte": "prior_fte", "fte": "fte"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of stored row. `columns`: printed column -> path to the field that keeps what was read of it.

    `name` is the path to what the row is called, `related` what is fetched with it.
    """

    model: type[Model]
    noun: str
    name: str
    columns: Mapping[str, str]
    related: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)  # other names of columns


KINDS: Mapping[str, Kind] = {
    "budget": Kind(BudgetLine, "budget line", "activity", _BUDGET, ("unit", "year")),
    "control_totals": Kind(
        ControlTotal, "control total", "label", {**_BUDGET, "activity": "label"}, ("unit", "portfolio")
    ),
    "core_service": Kind(
        CoreService,
        "core service",
        "activity",
        {
            "activity": "activity",
            "amount": "amount",
            "accountable_manager": "manager_printed",
            "provides": "provides",
        },
        ("unit", "line"),
    ),
    "staffing": Kind(StaffingLevel, "staffing by grade", "band", _POSTS, ("unit",)),
    "establishment": Kind(
        Establishment, "staffing establishment", "label", {**_POSTS, "activity": "label", "difference": "difference"}
    ),
    "movement": Kind(MovementReason, "justification of movement", "reason", {"activity": "reason", "number": "number"}),
    "mtp": Kind(
        MTPItem,
        "pressure or saving",
        "heading",
        {"amount": "amount", "heading": "heading", "explanation": "explanation"},
    ),
    "listing": Kind(
        Listing,
        "measure",
        "title",
        {
            "code": "code",
            "title": "title",
            "measure": "title",
            "service_plan": "service_plan",
            "lead_or_support": "lead_or_support",
            "links": "links_printed",
        },
        ("unit", "indicator"),
    ),
    "figure": Kind(
        Figure,
        "figure of a measure",
        "listing.title",
        {"title": "listing.title", "measure": "listing.title", "group": "group.name"},
        ("listing__unit", "listing__indicator", "group"),
    ),
    "action": Kind(KeyAction, "action", "text", {"action": "text", "relevant_plan": "relevant_plan"}, ("unit",)),
    "deliverable": Kind(
        Deliverable,
        "deliverable of an action",
        "action.text",
        {
            "action": "action.text",
            "relevant_plan": "action.relevant_plan",
            "managers": "managers",
            "links": "links",
            "deliverable": "text",
            "due": "due_printed",
        },
        ("action__unit",),
        {"due_start": "due", "due_end": "due", "due_precision": "due"},
    ),
    "consultation": Kind(
        Consultation,
        "consultation exercise",
        "name",
        {
            name: name
            for name in (
                "name",
                "dates",
                "feedback",
                "target_group",
                "area",
                "contractor",
                "purpose",
                "statutory",
                "contact",
            )
        },
        ("unit",),
    ),
    "lead_role": Kind(
        LeadRole,
        "lead role",
        "text",
        {"scheme": "scheme", "target": "text", "role": "role", "officers": "officers_printed"},
    ),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one column: its words now, and as they were loaded where people changed them since."""

    column: str
    label: str
    words: str
    loaded: str  # "" where nothing was changed
    is_blank: bool


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A stored row with its provenance; `row` is None where people removed it since it was loaded."""

    provenance: Provenance
    kind: Kind
    row: Any
    elsewhere: ControlTotal | None = None  # the same total of the unit in the other plan

    @classmethod
    def of(cls, provenance: Provenance) -> "StoredRow":
        """One query."""
        kind = KINDS[provenance.kind]
        rows = kind.model._default_manager.select_related(*kind.related)
        if provenance.kind == "control_totals":
            return cls._of_total(provenance, kind)
        return cls(provenance, kind, rows.filter(provenance=provenance).first())

    @classmethod
    def _of_total(cls, provenance: Provenance, kind: Kind) -> "StoredRow":
        """A total with the one that says the same of the unit in the other plan: its own Controllable Totals, or its row
        in the directorate plan."""
        same = {"subject__in": SAME_TOTAL, "plan__year": provenance.plan.year_id}
        units = ControlTotal.objects.filter(provenance=provenance, subject__in=SAME_TOTAL).values("unit")
        wanted = Q(provenance=provenance) | (Q(unit__in=units, **same) & ~Q(plan=provenance.plan_id))
        found = list(ControlTotal.objects.filter(wanted).select_related("plan", "provenance", *kind.related))
        own = next((total for total in found if total.provenance_id == provenance.pk), None)
        return cls(provenance, kind, own, next((total for total in found if total is not own), None))

    @property
    def year(self) -> FinancialYear:
        return self.provenance.plan.year

    @property
    def unit(self) -> Unit | None:
        for path in ("unit", "listing.unit", "action.unit"):
            found = _follow(self.row, path)
            if isinstance(found, Unit):
                return found
        return None

    @property
    def name(self) -> str:
        """What the row is called; a removed row by its key."""
        named = _follow(self.row, self.kind.name)
        return str(named or (self.row if self.row is not None else self.provenance.key))

    @property
    def figure_column(self) -> str:
        """Of a figure of a measure: the column that it stands in."""
        own = [name for name in self.provenance.printed if name not in self.kind.columns]
        return own[-1] if self.provenance.kind == "figure" and own else ""

    def column_of(self, asked: str) -> str:
        """The printed column of a field that a page asks for, by its own name or by the field's; "" for none."""
        repaired = (repair["column"] for repair in self.provenance.repairs if repair.get("column"))
        known = {name: name for name in (*self.kind.columns, *self.provenance.printed, *repaired)}
        fields = {path.rpartition(".")[2]: name for name, path in self.kind.columns.items() if "." not in path}
        of_figure: dict[str, str] = {}
        if self.figure_column:
            of_figure = dict.fromkeys(("value", "status", "note", "printed"), self.figure_column)
        names: dict[str, str] = {**of_figure, **self.kind.also, **fields, **known}
        return names.get(asked, "")

    def label(self, column: str) -> str:
        """ "Internal income"; the page says of which year."""
        return label_of(column.removeprefix("prior_") if column in MONEY or column.endswith("fte") else column)

    def year_label(self, column: str) -> str:
        """The year that a column of a budget or staffing table is for; "" of another."""
        if column not in FIGURES:
            return ""
        return year_label(self.year.start - column.startswith("prior_"))

    def read(self, column: str) -> Reading:
        """What was read of a column."""
        label = label_of(column)
        if column and column == self.figure_column:
            return self._figure(column)
        path = self.kind.columns.get(column, "")
        now, loaded = self._words(path) if path else self._as_printed(column), ""
        name = path.rpartition(".")[2]
        if "." not in path and name in self.provenance.loaded and self.row is not None:
            last = self.provenance.loaded[name]
            if comparable(getattr(self.row, name)) != last:
                loaded = _signed(_loaded_words(self.kind.model, name, last)) or BLANK
        return Reading(column, label, _signed(now), loaded, not now)

    def _as_printed(self, column: str) -> str:
        """What is read of a column that another row keeps: the printed words, put right where they were repaired."""
        repaired = (in_words_of(repair).now for repair in self.provenance.repairs if repair.get("column") == column)
        printed = " ".join(str(self.provenance.printed.get(column, "")).split())
        return next(repaired, printed)

    def _words(self, path: str) -> str:
        holder, _, name = path.rpartition(".")
        row = _follow(self.row, holder) if holder else self.row
        if row is None or not name:
            return ""
        value = getattr(row, name)
        return "" if value in (None, "") else in_words(row._meta.get_field(name), value)

    def _figure(self, column: str) -> Reading:
        label = label_of(column)
        if self.row is None:
            return Reading(column, label, "", "", is_blank=True)
        row, loaded = self.row, self.provenance.loaded
        unit = row.listing.indicator.measure_unit
        now = figure_words(row.status, row.value, unit)
        last = ""
        if any(comparable(getattr(row, name)) != loaded.get(name) for name in ("status", "value") if name in loaded):
            value = Figure._meta.get_field("value").to_python(loaded.get("value"))
            last = _signed(figure_words(loaded.get("status", row.status), value, unit))
        return Reading(column, label, _signed(now), last, is_blank=False)

    def is_lost(self, column: str) -> bool:
        """Whether something is printed for a figure, and no figure could be read of it."""
        if column not in AMOUNTS:
            return False
        printed = self.provenance.printed.get(column)
        name = self.kind.columns.get(column, "")
        loaded: Any = self.provenance.loaded
        return bool(printed) and name in loaded and loaded[name] is None and self.read(column).is_blank

    def remark(self, column: str) -> str:
        """What is to be said of a date: what it was taken to be, or why it was taken to be none."""
        row = self.row
        if column != "due" or not isinstance(row, Deliverable) or not row.due_printed:
            return ""
        if row.due_precision == Precision.UNKNOWN:
            several = (
                "Print does not say which of the dates is this deliverable’s, so it keeps all of them and has none."
            )
            return several if len(row.due_printed) > 20 else "No date can be told from it, so the printed words stand."
        due = due_in_words(row.due_start, row.due_end, row.due_precision)
        return f"It was taken to be due: {due}." if due and due != row.due_printed else ""

    @property
    def edited(self) -> list[Reading]:
        """What people changed since it was loaded."""
        columns = [*self.kind.columns, *filter(None, [self.figure_column])]
        return [reading for reading in map(self.read, columns) if reading.loaded]

    @property
    def unit_of_measure(self) -> str:
        """What the figures are in: "£000" or "FTE"; "" where each says it itself."""
        return "£000" if self.provenance.kind in ("budget", "control_totals", "mtp") else ""

    def in_unit(self, column: str) -> str:
        if column in MONEY or (column == "amount" and self.provenance.kind == "mtp"):
            return "£000"
        if column in ("fte", "prior_fte", "difference", "number"):
            return "FTE"
        return "£" if column == "amount" else ""

    @property
    def used_as(self) -> tuple[str, str]:
        """What the row is in the portal, and the address of its page ("" where it has none of its own)."""
        row, unit = self.row, self.unit
        if row is None:
            return f"{self.kind.noun[:1].upper()}{self.kind.noun[1:]}: removed here", ""
        unit_page = reverse("kentplan:unit_detail", kwargs={"year": self.year, "unit": unit.slug}) if unit else ""
        if isinstance(row, ControlTotal):
            of = unit or row.portfolio or "the whole plan"
            subject = {TotalSubject.PORTFOLIO_ROW: "Control total"}.get(TotalSubject(row.subject), str(row))
            return f"{subject} of {of}", unit_page
        noun = f"{self.kind.noun[:1].upper()}{self.kind.noun[1:]}"
        own = row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""
        return f"{noun}: {self.name}" + (f", {unit.name}" if unit else ""), own or unit_page


def _follow(row: Any, path: str) -> Any:
    for name in path.split("."):
        try:
            row = getattr(row, name, None)
        except ObjectDoesNotExist:
            return None
    return row


def _loaded_words(model: type[Model], name: str, value: Any) -> str:
    field_: Any = model._meta.get_field(name)
    return "" if value is None else in_words(field_, field_.to_python(value))


def _signed(words: str) -> str:
    """A figure with a real minus sign; other words as they are."""
    return MINUS + words[1:] if words[:1] == "-" and words[1:2].isdigit() else words

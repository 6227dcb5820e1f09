"""The plan, the document it was printed in, and what ties each row to its printed lines."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from plans.constraints import finite, not_blank, one_of
from plans.fields import ExactDecimalField
from plans.models.organisation import Directorate, Division, FinancialYear, Unit


class Tier(models.TextChoices):
    DIRECTORATE = "directorate", "Directorate level"
    SERVICE = "service", "Service level"


class PlanState(models.TextChoices):
    DRAFT = "draft", "Draft"
    ADOPTED = "adopted", "Adopted"
    CLOSED = "closed", "Closed"


class PlanQuerySet(models.QuerySet["Plan"]):
    def for_year(self, year: FinancialYear) -> Self:
        return self.filter(year=year)

    def for_unit(self, unit: Unit) -> Self:
        return self.filter(units=unit)


class Plan(models.Model):
    """A business plan for one year: a directorate's, or that of a service with its units."""

    year = models.ForeignKey(FinancialYear, models.PROTECT, related_name="plans")
    tier = models.CharField(choices=Tier.choices)
    name = models.CharField()
    directorate = models.ForeignKey(Directorate, models.PROTECT, null=True, blank=True, related_name="plans")
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="plans")
    state = models.CharField(choices=PlanState.choices, default=PlanState.DRAFT)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    units = models.ManyToManyField(Unit, blank=True, related_name="plans")

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["year__start", "tier", "name"]
        constraints = [
            models.UniqueConstraint(
                name="plans_plan_name_once_a_year",
                fields=["year", "tier", "name"],
                violation_error_message="There is already a plan of that name and tier for the year.",
            ),
            one_of("plans_plan", "tier", Tier),
            one_of("plans_plan", "state", PlanState),
            not_blank("plans_plan", "name", says="A plan needs a name."),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.year.label}"


class DocumentFormat(models.TextChoices):
    TEXT = "text", "Text"
    XLSX = "xlsx", "Workbook"
    CSV = "csv", "CSV"


class Document(models.Model):
    """A file that a plan was read from, with the report of its last load."""

    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="documents")
    name = models.CharField()
    sha256 = models.CharField(unique=True)
    format = models.CharField(choices=DocumentFormat.choices)
    loaded_at = models.DateTimeField(db_default=Now())
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ["-loaded_at", "-pk"]
        constraints = [
            one_of("plans_document", "format", DocumentFormat),
            not_blank("plans_document", "name", says="A document needs a name."),
            models.CheckConstraint(
                name="plans_document_sha256_is_one",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="A document's hash has 64 hexadecimal figures.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LineOutcome(models.TextChoices):
    LOADED = "loaded", "Loaded"
    HEADER = "header", "Header"
    HEADING = "heading", "Heading"
    REPAIRED = "repaired", "Repaired"
    BLANK = "blank", "Blank"
    RULE = "rule", "Rule"
    CONTENTS = "contents", "Contents"
    NIL_RETURN = "nil return", "Nil return"
    NOT_READ = "not read", "Not read"


class SourceLine(models.Model):
    """One line of a document as printed, and what became of it."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    outcome = models.CharField(
        choices=LineOutcome.choices, blank=True, help_text="Blank for a line without a tab: it is narrative."
    )
    table = models.PositiveIntegerField(null=True, blank=True)
    why = models.TextField(blank=True)

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(
                name="plans_sourceline_number_once",
                fields=["document", "number"],
                violation_error_message="This document already has a line of that number.",
            ),
            one_of("plans_sourceline", "outcome", LineOutcome, blank=True),
            models.CheckConstraint(
                name="plans_sourceline_not_read_says_why",
                condition=~Q(outcome="not read") | Q(why__regex=r"\S"),
                violation_error_message="A line that is not read needs the reason.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document.name}, line {self.number}"


class ProvenanceQuerySet(models.QuerySet["Provenance"]):
    def for_plan(self, plan: Plan) -> Self:
        return self.filter(plan=plan)


class Provenance(models.Model):
    """Where a row of the plan came from: document, table and lines, what was repaired, what was printed and loaded."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="provenances")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="provenances")
    kind = models.CharField(help_text="The kind of table: budget, indicator, action, …")
    key = models.TextField(help_text="The row's natural key within the plan, which the next load matches on.")
    table = models.PositiveIntegerField()
    lines = ArrayField(models.PositiveIntegerField())
    repairs = models.JSONField(default=list, blank=True)
    printed = models.JSONField(default=dict, blank=True, help_text="The text of each cell as printed.")
    loaded = models.JSONField(default=dict, blank=True, help_text="The values that the document last gave the row.")

    objects = ProvenanceQuerySet.as_manager()

    class Meta:
        ordering = ["document", "table", "lines"]
        constraints = [
            models.UniqueConstraint(
                name="plans_provenance_key_once",
                fields=["plan", "kind", "key"],
                violation_error_message="The plan already has a row of that key.",
            ),
            not_blank("plans_provenance", "kind", says="A row comes from a kind of table."),
        ]

    def __str__(self) -> str:
        lines = f"line {self.lines[0]}" if len(self.lines) == 1 else f"lines {', '.join(map(str, self.lines))}"
        return f"{self.document.name}, {lines}"


class Correction(models.Model):
    """A declared correction of one field of one printed line: what stands there, what should, and why."""

    sha256 = models.CharField(help_text="The hash of the document that it corrects.")
    line = models.PositiveIntegerField()
    field = models.CharField()
    was = models.TextField(blank=True)
    value = models.TextField(blank=True)
    reason = models.TextField()
    by = models.CharField(help_text="Who declared it, as named there.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        ordering = ["sha256", "line", "field"]
        constraints = [
            models.UniqueConstraint(
                name="plans_correction_once",
                fields=["sha256", "line", "field"],
                violation_error_message="That field of that line is already corrected.",
            ),
            models.CheckConstraint(
                name="plans_correction_sha256_is_one",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="A document's hash has 64 hexadecimal figures.",
            ),
            not_blank("plans_correction", "field", says="Say which field is corrected."),
            not_blank("plans_correction", "reason", says="Say why the printed text is wrong."),
            not_blank("plans_correction", "by", says="Say who declares the correction."),
        ]

    def __str__(self) -> str:
        return f"Line {self.line}, {self.field}: “{self.was}” → “{self.value}”"


class ExplanationQuerySet(models.QuerySet["Explanation"]):
    def for_year(self, year: FinancialYear) -> Self:
        return self.filter(year=year)


class Explanation(models.Model):
    """A note that explains a break in the published figures; it lapses when the difference changes."""

    year = models.ForeignKey(FinancialYear, models.PROTECT, related_name="explanations")
    check_key = models.TextField()
    difference = ExactDecimalField(max_digits=16, decimal_places=4)
    note = models.TextField()
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = ExplanationQuerySet.as_manager()

    class Meta:
        ordering = ["year__start", "check_key"]
        constraints = [
            models.UniqueConstraint(
                name="plans_explanation_once",
                fields=["year", "check_key"],
                violation_error_message="That check is already explained.",
            ),
            finite("plans_explanation", ["difference"]),
            not_blank("plans_explanation", "check_key", says="Say which check is explained."),
            not_blank("plans_explanation", "note", says="An explanation needs its words."),
        ]

    def __str__(self) -> str:
        return f"{self.check_key}: {self.note}"

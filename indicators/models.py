"""The measures of a plan: what is measured, where it is printed, and each figure with its honest non-values."""

from decimal import Decimal
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from plans.constraints import finite, not_blank, one_of
from plans.fields import ValueField
from plans.models import FinancialYear, Plan, Provenance, Target, Unit


class MeasureUnit(models.TextChoices):
    PERCENT = "percent", "Per cent"
    COUNT = "count", "Count"
    PER_1000 = "per 1,000", "Per 1,000"
    POINTS = "points", "Points"
    SCORE = "score", "Score"
    GAP = "gap", "Gap"


class Polarity(models.TextChoices):
    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"
    NONE = "none", "Neither is better"


class Indicator(models.Model):
    """A measure of performance, whoever prints it: "NI 103 a)", or a measure without a code."""

    code = models.CharField(blank=True)
    key = models.TextField(unique=True, help_text="The code where there is one, else the title as it is compared.")
    title = models.TextField()
    measure_unit = models.CharField(choices=MeasureUnit.choices, blank=True)
    decimal_places = models.PositiveSmallIntegerField(null=True, blank=True)
    polarity = models.CharField(choices=Polarity.choices, blank=True, help_text="Blank where nobody has said yet.")
    definition = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        verbose_name = "measure"
        ordering = ["code", "title"]
        constraints = [
            one_of("indicators_indicator", "measure_unit", MeasureUnit, blank=True),
            one_of("indicators_indicator", "polarity", Polarity, blank=True),
            not_blank("indicators_indicator", "key", says="A measure needs a code or a title."),
            not_blank("indicators_indicator", "title", says="A measure needs a title."),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()


class Group(models.Model):
    """A group of people that figures are given for: "All Pupils", "Gypsy Roma"."""

    name = models.CharField()
    key = models.CharField(
        unique=True, help_text="The name as it is compared: case, punctuation and spacing taken out."
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            not_blank("indicators_group", "name", says="A group needs a name."),
            not_blank("indicators_group", "key", says="A group's name needs at least one letter or figure."),
        ]

    def __str__(self) -> str:
        return self.name


class ListingKind(models.TextChoices):
    LIST = "list", "List"
    TABLE = "table", "Table of figures"
    COMPARISON = "comparison", "Comparison"


class ListingQuerySet(models.QuerySet["Listing"]):
    def for_year(self, year: FinancialYear) -> Self:
        return self.filter(plan__year=year)

    def for_unit(self, unit: Unit) -> Self:
        return self.filter(unit=unit)

    def for_plan(self, plan: Plan) -> Self:
        return self.filter(plan=plan)

    def tables(self) -> Self:
        """Units' own tables of figures, without lists and comparisons."""
        return self.filter(kind=ListingKind.TABLE)

    def with_any_of(self, figures: "FigureQuerySet") -> Self:
        """Those that have any of `figures`, each with the ids of the ones that it has (`met`), in printed order."""
        own = figures.filter(listing=OuterRef("pk")).order_by("position", "pk")
        return self.filter(Exists(own)).annotate(met=ArraySubquery(own.values("pk")))


class Listing(models.Model):
    """A measure where a plan prints it: in a list, in a unit's table of figures, or in a comparison."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="listings")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="listings")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="listings")
    kind = models.CharField(choices=ListingKind.choices)
    code = models.CharField(blank=True, help_text="The code as printed.")
    title = models.TextField(help_text="The title as printed.")
    section = models.CharField(blank=True)
    position = models.PositiveIntegerField(default=0)
    lead_or_support = models.CharField(blank=True)
    service_plan = models.TextField(blank=True, help_text="The service level plan it is printed to belong to.")
    links_printed = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    targets = models.ManyToManyField(Target, blank=True, related_name="listings")
    provenance = models.ForeignKey(
        Provenance, models.SET_NULL, null=True, blank=True, editable=False, related_name="listings"
    )

    objects = ListingQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="indicators_listing_once",
                fields=["plan", "unit", "kind", "section", "code", "title"],
                nulls_distinct=False,
                violation_error_message="The plan already lists that measure there.",
            ),
            one_of("indicators_listing", "kind", ListingKind),
            not_blank("indicators_listing", "title", says="A measure needs its title."),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("indicators:indicator_detail", kwargs={"pk": self.pk})


class FigureKind(models.TextChoices):
    ACTUAL = "actual", "Actual"
    ESTIMATE = "estimate", "Estimate"
    TARGET = "target", "Target"


class FigureStatus(models.TextChoices):
    VALUE = "value", "Value"
    AWAITED = "awaited", "Awaited"
    TO_FOLLOW = "to follow", "To follow"
    NOT_AVAILABLE = "not available", "Not available"
    NOT_APPLICABLE = "not applicable", "Not applicable"
    NO_TARGET_SET = "no target set", "No target set"
    SUPPRESSED = "suppressed", "Suppressed"
    REMARK = "remark", "Remark"


class FigureQuerySet(models.QuerySet["Figure"]):
    def for_year(self, year: FinancialYear) -> Self:
        return self.filter(listing__plan__year=year)

    def for_unit(self, unit: Unit) -> Self:
        return self.filter(listing__unit=unit)

    def for_plan(self, plan: Plan) -> Self:
        return self.filter(listing__plan=plan)

    def of_tables(self) -> Self:
        """Those of units' own tables, without those of comparisons."""
        return self.filter(listing__kind=ListingKind.TABLE)

    def with_value(self) -> Self:
        return self.filter(status=FigureStatus.VALUE)

    def awaited(self) -> Self:
        """Figures that someone has still to give."""
        return self.filter(status__in=[FigureStatus.AWAITED, FigureStatus.TO_FOLLOW])


class Figure(models.Model):
    """An actual, estimate or target of a measure for a group, an area and a period: a value, or why there is none."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="figures")
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="figures")
    area = models.CharField(blank=True, help_text="Blank for Kent.")
    period = models.CharField(blank=True)
    kind = models.CharField(choices=FigureKind.choices)
    status = models.CharField(choices=FigureStatus.choices)
    value = ValueField(null=True, blank=True)
    label = models.CharField(blank=True, help_text="Which of several figures of one cell: “Refused”.")
    note = models.TextField(blank=True)
    printed = models.TextField(blank=True, help_text="The cell as printed.")
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    provenance = models.ForeignKey(
        Provenance, models.SET_NULL, null=True, blank=True, editable=False, related_name="figures"
    )

    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ["listing_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="indicators_figure_once",
                fields=["listing", "group", "area", "period", "kind", "label"],
                nulls_distinct=False,
                violation_error_message="The measure already has that figure.",
            ),
            one_of("indicators_figure", "kind", FigureKind),
            one_of("indicators_figure", "status", FigureStatus),
            models.CheckConstraint(
                name="indicators_figure_value_or_why_not",
                condition=Q(status="value", value__isnull=False) | ~Q(status="value") & Q(value__isnull=True),
                violation_error_message="A figure is a value, or says why there is none: not both, not neither.",
            ),
            finite(
                "indicators_figure", ["value"], largest=Decimal(10) ** 15, says="A value must be an ordinary number."
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period}: {self.words}"

    def get_absolute_url(self) -> str:
        return self.listing.get_absolute_url()

    @property
    def words(self) -> str:
        """The value as it stands, or why there is none."""
        if self.value is None:
            return self.get_status_display()
        return f"{self.value:,f}"

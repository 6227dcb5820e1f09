"""The money and the posts of a plan. Money is in £000 (a core service's amount in pounds), posts in FTE.

A blank is null, never 0. Gross and controllable are the database's to compute, from what is there.
"""

from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, F, FilteredRelation, Q, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse

from plans.constraints import finite, not_blank, one_of
from plans.fields import ExactDecimalField, FteField, MoneyField
from plans.models import (
    Division,
    FinancialYear,
    Officer,
    Plan,
    Portfolio,
    Provenance,
    Unit,
)

GROSS_PARTS = ("employee", "running", "contracts")
CONTROLLABLE_PARTS = (*GROSS_PARTS, "external_income", "internal_income")
TYPED_FIGURES = ("prior_controllable", "prior_fte", "fte", *CONTROLLABLE_PARTS)


def sum_of(parts: tuple[str, ...]) -> Case:
    """The sum of those of `parts` that are there; null only where none is."""
    first, *others = (Coalesce(F(part), Value(0), output_field=MoneyField()) for part in parts)
    total: Combinable = first
    for other in others:
        total = total + other
    nothing_there = Q(**{f"{part}__isnull": True for part in parts})
    return Case(When(nothing_there, then=Value(None)), default=total, output_field=MoneyField())


class Origin(models.TextChoices):
    SERVICE = "service", "Service plan"
    PORTFOLIO = "portfolio", "Row of a portfolio table"
    ENTERED = "entered", "Entered here"


class BudgetLineQuerySet(models.QuerySet["BudgetLine"]):
    def for_year(self, year: FinancialYear) -> Self:
        return self.filter(year=year)

    def for_unit(self, unit: Unit) -> Self:
        return self.filter(unit=unit)

    def for_plan(self, plan: Plan) -> Self:
        return self.filter(plan=plan)

    def for_portfolio(self, portfolio: Portfolio, *, year: FinancialYear) -> Self:
        """Lines of the units that stand in `portfolio` in `year`."""
        return self.filter(year=year, unit__unit_years__year=year, unit__unit_years__portfolio=portfolio)

    def summed_by_unit(self) -> models.QuerySet[Any, Any]:
        """A row for each unit and year by the unit's name: where it stands in that year, the sum of each figure as
        `sum_<figure>`, its number of lines, and how many are its own and not its row of a portfolio table."""
        places = FilteredRelation("unit__unit_years", condition=Q(unit__unit_years__year=F("year")))
        rows = self.annotate(
            place=places,
            portfolio=F("place__portfolio"),
            portfolio_name=F("place__portfolio__name"),
            member=F("place__cabinet_member"),
        ).values("unit__name", "unit__slug", "portfolio", "portfolio_name", "member")
        sums = {f"sum_{figure}": Sum(figure) for figure in (*TYPED_FIGURES, "gross", "controllable")}
        own = Count("pk", filter=~Q(origin=Origin.PORTFOLIO))
        return rows.annotate(lines=Count("pk"), own_lines=own, **sums).order_by(Lower("unit__name"), "unit")


class BudgetLine(models.Model):
    """A unit's budget for one activity in one year, as a line of its plan's budget table."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="budget_lines")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="budget_lines", db_index=False)
    year = models.ForeignKey(FinancialYear, models.PROTECT, related_name="budget_lines")
    activity = models.CharField()
    position = models.PositiveIntegerField(default=0)
    origin = models.CharField(choices=Origin.choices, default=Origin.SERVICE)
    prior_controllable = MoneyField("prior year controllable", null=True, blank=True)
    prior_fte = FteField("prior year FTE", null=True, blank=True)
    fte = FteField("FTE", null=True, blank=True)
    employee = MoneyField("employee costs", null=True, blank=True)
    running = MoneyField("running costs", null=True, blank=True)
    contracts = MoneyField("contracts and projects", null=True, blank=True)
    external_income = MoneyField("external income", null=True, blank=True)
    internal_income = MoneyField("internal income", null=True, blank=True)
    gross = models.GeneratedField(
        verbose_name="gross expenditure",
        expression=sum_of(GROSS_PARTS),
        output_field=MoneyField(null=True),
        db_persist=True,
    )
    controllable = models.GeneratedField(
        verbose_name="controllable expenditure",
        expression=sum_of(CONTROLLABLE_PARTS),
        output_field=MoneyField(null=True),
        db_persist=True,
    )
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    provenance = models.ForeignKey(
        Provenance, models.SET_NULL, null=True, blank=True, editable=False, related_name="budget_lines"
    )

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        ordering = ["unit_id", "year_id", "position", "pk"]
        # Unit pages read by this order, however many years and units there are. It serves the unit's foreign key too.
        indexes = [models.Index(name="budgets_budgetline_by_unit", fields=["unit", "year", "position"])]
        constraints = [
            models.UniqueConstraint(
                name="budgets_budgetline_activity_once",
                fields=["plan", "unit", "activity"],
                violation_error_message="This unit already has a line for that activity in the plan.",
            ),
            one_of("budgets_budgetline", "origin", Origin),
            finite("budgets_budgetline", TYPED_FIGURES),
            not_blank("budgets_budgetline", "activity", says="A budget line needs its activity."),
        ]

    def __str__(self) -> str:
        return self.activity

    def get_absolute_url(self) -> str:
        return reverse("budgets:line_detail", kwargs={"pk": self.pk})


class TotalSubject(models.TextChoices):
    PORTFOLIO_ROW = "portfolio_row", "Row of a portfolio table"
    CONTROLLABLE = "controllable", "Controllable Totals"
    CENTRAL = "central", "Central Overheads"
    DIRECTORATE = "directorate", "Directorate Overheads"
    CAPITAL = "capital", "Capital Charges"
    TOTAL_COST = "total_cost", "Total Cost of Unit"
    HEADLINE = "headline", "Headline figure"


class ControlTotalQuerySet(models.QuerySet["ControlTotal"]):
    def for_year(self, year: FinancialYear) -> Self:
        return self.filter(plan__year=year)

    def for_unit(self, unit: Unit) -> Self:
        return self.filter(unit=unit)

    def for_plan(self, plan: Plan) -> Self:
        return self.filter(plan=plan)

    def of_portfolios(self) -> Self:
        """Those of a whole portfolio, not of a unit in it."""
        return self.filter(unit=None, portfolio__isnull=False)

    def about(self, subject: TotalSubject) -> Self:
        return self.filter(subject=subject)


class ControlTotal(models.Model):
    """A total or memorandum item as printed, which the lines must tie to: never computed, never added to them."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="control_totals")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="control_totals")
    portfolio = models.ForeignKey(Portfolio, models.PROTECT, null=True, blank=True, related_name="control_totals")
    subject = models.CharField(choices=TotalSubject.choices)
    label = models.CharField(blank=True, help_text="The label as printed.")
    prior_controllable = MoneyField("prior year controllable", null=True, blank=True)
    prior_fte = FteField("prior year FTE", null=True, blank=True)
    fte = FteField("FTE", null=True, blank=True)
    employee = MoneyField("employee costs", null=True, blank=True)
    running = MoneyField("running costs", null=True, blank=True)
    contracts = MoneyField("contracts and projects", null=True, blank=True)
    gross = MoneyField("gross expenditure", null=True, blank=True)
    external_income = MoneyField("external income", null=True, blank=True)
    internal_income = MoneyField("internal income", null=True, blank=True)
    controllable = MoneyField("controllable expenditure", null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    provenance = models.ForeignKey(
        Provenance, models.SET_NULL, null=True, blank=True, editable=False, related_name="control_totals"
    )

    objects = ControlTotalQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="budgets_controltotal_once",
                fields=["plan", "unit", "portfolio", "subject", "label"],
                nulls_distinct=False,
                violation_error_message="The plan already has that total.",
            ),
            one_of("budgets_controltotal", "subject", TotalSubject),
            finite("budgets_controltotal", [*TYPED_FIGURES, "gross", "controllable"]),
        ]

    def __str__(self) -> str:
        return self.label or self.get_subject_display()


class CoreServiceQuerySet(models.QuerySet["CoreService"]):
    def for_year(self, year: FinancialYear) -> Self:
        return self.filter(plan__year=year)

    def for_unit(self, unit: Unit) -> Self:
        return self.filter(unit=unit)

    def for_plan(self, plan: Plan) -> Self:
        return self.filter(plan=plan)


class CoreService(models.Model):
    """A core service of a unit, told of a budget line: its amount in pounds, who answers for it, what it provides."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="core_services")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="core_services")
    activity = models.CharField()
    line = models.ForeignKey(BudgetLine, models.SET_NULL, null=True, blank=True, related_name="core_services")
    amount = ExactDecimalField("amount in pounds", max_digits=14, decimal_places=2, null=True, blank=True)
    accountable_manager = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="core_services"
    )
    manager_printed = models.CharField(blank=True)
    provides = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)
    provenance = models.ForeignKey(
        Provenance, models.SET_NULL, null=True, blank=True, editable=False, related_name="core_services"
    )

    objects = CoreServiceQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="budgets_coreservice_activity_once",
                fields=["plan", "unit", "activity"],
                violation_error_message="This unit already has a core service for that activity in the plan.",
            ),
            finite("budgets_coreservice", ["amount"], largest=Decimal("99999999999.99")),
            not_blank("budgets_coreservice", "activity", says="A core service needs its activity."),
        ]

    def __str__(self) -> str:
        return self.activity


class MTPItemQuerySet(models.QuerySet["MTPItem"]):
    def for_plan(self, plan: Plan) -> Self:
        return self.filter(plan=plan)


class MTPItem(models.Model):
    """A pressure or (negative) saving of the medium term plan, in £000."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="mtp_items")
    amount = MoneyField(null=True, blank=True)
    heading = models.CharField()
    explanation = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)
    provenance = models.ForeignKey(
        Provenance, models.SET_NULL, null=True, blank=True, editable=False, related_name="mtp_items"
    )

    objects = MTPItemQuerySet.as_manager()

    class Meta:
        verbose_name = "medium term plan item"
        ordering = ["plan_id", "position", "pk"]
        constraints = [
            finite("budgets_mtpitem", ["amount"]),
            not_blank("budgets_mtpitem", "heading", says="A pressure or saving needs its heading."),
        ]

    def __str__(self) -> str:
        return self.heading


class StaffingLevelQuerySet(models.QuerySet["StaffingLevel"]):
    def for_year(self, year: FinancialYear) -> Self:
        return self.filter(plan__year=year)

    def for_unit(self, unit: Unit) -> Self:
        return self.filter(unit=unit)

    def for_plan(self, plan: Plan) -> Self:
        return self.filter(plan=plan)


class StaffingLevel(models.Model):
    """A unit's posts in one grade band, last year and this: "Pt13 and above", the total, the externally funded."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="staffing_levels")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="staffing_levels")
    band = models.CharField()
    prior_fte = FteField("prior year FTE", null=True, blank=True)
    fte = FteField("FTE", null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    provenance = models.ForeignKey(
        Provenance, models.SET_NULL, null=True, blank=True, editable=False, related_name="staffing_levels"
    )

    objects = StaffingLevelQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="budgets_staffinglevel_band_once",
                fields=["plan", "unit", "band"],
                violation_error_message="This unit already has its posts in that band.",
            ),
            finite("budgets_staffinglevel", ["prior_fte", "fte"]),
            not_blank("budgets_staffinglevel", "band", says="Posts belong to a grade band."),
        ]

    def __str__(self) -> str:
        return self.band


class EstablishmentQuerySet(models.QuerySet["Establishment"]):
    def for_plan(self, plan: Plan) -> Self:
        return self.filter(plan=plan)


class Establishment(models.Model):
    """A division's (or a total's) posts in the directorate's staffing establishment, and the difference as printed."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="establishment")
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="establishment")
    label = models.CharField(help_text="The division or total as printed.")
    prior_fte = FteField("prior year FTE", null=True, blank=True)
    fte = FteField("FTE", null=True, blank=True)
    difference = FteField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    provenance = models.ForeignKey(
        Provenance, models.SET_NULL, null=True, blank=True, editable=False, related_name="establishment"
    )

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "establishment"
        ordering = ["plan_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="budgets_establishment_label_once",
                fields=["plan", "label"],
                violation_error_message="The establishment already has that division or total.",
            ),
            finite("budgets_establishment", ["prior_fte", "fte", "difference"]),
            not_blank("budgets_establishment", "label", says="Give the division or total as printed."),
        ]

    def __str__(self) -> str:
        return self.label


class MovementReasonQuerySet(models.QuerySet["MovementReason"]):
    def for_plan(self, plan: Plan) -> Self:
        return self.filter(plan=plan)


class MovementReason(models.Model):
    """A reason given for the movement of the staffing establishment, and the posts that it accounts for."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="movement_reasons")
    reason = models.CharField()
    number = FteField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    provenance = models.ForeignKey(
        Provenance, models.SET_NULL, null=True, blank=True, editable=False, related_name="movement_reasons"
    )

    objects = MovementReasonQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="budgets_movementreason_once",
                fields=["plan", "reason"],
                violation_error_message="The plan already gives that reason.",
            ),
            finite("budgets_movementreason", ["number"]),
            not_blank("budgets_movementreason", "reason", says="A movement needs its reason."),
        ]

    def __str__(self) -> str:
        return self.reason

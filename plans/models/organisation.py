"""The council as its plans know it: years, directorates, divisions, portfolios, units, and the names they go by."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from plans import calendar
from plans.constraints import not_blank, one_of


class YearState(models.TextChoices):
    PLANNING = "planning", "Planning"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class FinancialYearQuerySet(models.QuerySet["FinancialYear"]):
    def containing(self, day: date) -> Self:
        return self.filter(start=calendar.year_of(day))


class FinancialYear(models.Model):
    """A financial year of the council, 1 April to 31 March: "2009/10"."""

    start = models.PositiveSmallIntegerField(
        "starts in", unique=True, help_text="The calendar year in which it starts: 2009 for 2009/10."
    )
    state = models.CharField(choices=YearState.choices, default=YearState.PLANNING)

    objects = FinancialYearQuerySet.as_manager()

    class Meta:
        ordering = ["start"]
        constraints = [
            models.CheckConstraint(
                name="plans_financialyear_start_plausible",
                condition=Q(start__range=(1900, 2200)),
                violation_error_message="A financial year starts between 1900 and 2200.",
            ),
            one_of("plans_financialyear", "state", YearState),
        ]

    def __str__(self) -> str:
        return self.label

    @classmethod
    def from_label(cls, label: str) -> "FinancialYear":
        """The year printed as "2009/10". DoesNotExist where there is none, or where `label` is no year."""
        try:
            return cls.objects.get(start=calendar.start_of(label))
        except ValueError as error:
            raise cls.DoesNotExist(str(error)) from error

    @classmethod
    def from_path(cls, path: str) -> "FinancialYear":
        """The year that stands in an address as "2009-10". DoesNotExist as for `from_label`."""
        return cls.from_label(path.replace("-", "/"))

    @property
    def label(self) -> str:
        return calendar.label(self.start)

    @property
    def path(self) -> str:
        return calendar.path(self.start)


class Half(models.IntegerChoices):
    FIRST = 1, "April to September (mid-term)"
    SECOND = 2, "October to March (end of year)"


class PeriodState(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class PeriodQuerySet(models.QuerySet["Period"]):
    def for_year(self, year: FinancialYear) -> Self:
        return self.filter(year=year)

    def open(self) -> Self:
        return self.filter(state=PeriodState.OPEN)


class Period(models.Model):
    """A half of a financial year, which units report on: April to September (mid-term), October to March (the end)."""

    year = models.ForeignKey(FinancialYear, models.PROTECT, related_name="periods")
    half = models.PositiveSmallIntegerField(choices=Half.choices)
    state = models.CharField(choices=PeriodState.choices, default=PeriodState.OPEN)
    return_by = models.DateField(null=True, blank=True, help_text="The day by which units return their figures.")
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["year__start", "half"]
        constraints = [
            models.UniqueConstraint(
                name="plans_period_once_a_year",
                fields=["year", "half"],
                violation_error_message="This year already has that reporting period.",
            ),
            models.CheckConstraint(
                name="plans_period_half_known",
                condition=Q(half__in=Half.values),
                violation_error_message="A reporting period is the first or the second half of the year.",
            ),
            one_of("plans_period", "state", PeriodState),
        ]

    def __str__(self) -> str:
        return f"{self.year.label}, {self.get_half_display()}"

    @property
    def starts(self) -> date:
        return calendar.half_year(self.year.start, self.half)[0]

    @property
    def ends(self) -> date:
        return calendar.half_year(self.year.start, self.half)[1]


class Directorate(models.Model):
    """A directorate of the council: "Children, Families & Education"."""

    name = models.CharField(unique=True)

    class Meta:
        ordering = ["name"]
        constraints = [not_blank("plans_directorate", "name", says="A directorate needs a name.")]

    def __str__(self) -> str:
        return self.name


class Division(models.Model):
    """A division of a directorate: "Commissioning"."""

    directorate = models.ForeignKey(Directorate, models.PROTECT, related_name="divisions")
    name = models.CharField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="plans_division_name_once",
                fields=["directorate", "name"],
                violation_error_message="This directorate already has a division of that name.",
            ),
            not_blank("plans_division", "name", says="A division needs a name."),
        ]

    def __str__(self) -> str:
        return self.name


class Portfolio(models.Model):
    """A Cabinet Member's portfolio, which cuts across divisions: "Operations, Resources and Skills"."""

    directorate = models.ForeignKey(Directorate, models.PROTECT, related_name="portfolios")
    name = models.CharField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="plans_portfolio_name_once",
                fields=["directorate", "name"],
                violation_error_message="This directorate already has a portfolio of that name.",
            ),
            not_blank("plans_portfolio", "name", says="A portfolio needs a name."),
        ]

    def __str__(self) -> str:
        return self.name


class UnitQuerySet(models.QuerySet["Unit"]):
    def for_year(self, year: FinancialYear) -> Self:
        """Units that stand in the organisation of `year`."""
        return self.filter(unit_years__year=year)

    def for_plan(self, plan: models.Model) -> Self:
        return self.filter(plans=plan)

    def by_name(self) -> Self:
        # The database collates in C, which puts every capital before every small letter.
        return self.order_by(Lower("name"))


class Unit(models.Model):
    """A unit of a directorate, which has a budget and makes returns: "Attendance and Behaviour Service"."""

    directorate = models.ForeignKey(Directorate, models.PROTECT, related_name="units")
    name = models.CharField()
    slug = models.SlugField(unique=True, max_length=200)
    reason = models.TextField(
        blank=True, help_text="How the portal came to know it: “declared: …” with the reason, or “first met in …”."
    )
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name")]
        constraints = [
            models.UniqueConstraint(
                name="plans_unit_name_once",
                fields=["directorate", "name"],
                violation_error_message="This directorate already has a unit of that name.",
            ),
            not_blank("plans_unit", "name", says="A unit needs a name."),
            not_blank("plans_unit", "slug", says="A unit needs a name in addresses."),
        ]

    def __str__(self) -> str:
        return self.name

    def url_in(self, year: FinancialYear) -> str:
        """The address of its page in a year: a unit alone has none, since its plan changes from year to year."""
        return reverse("kentplan:unit_detail", kwargs={"year": year.path, "unit": self.slug})


class UnitYearQuerySet(models.QuerySet["UnitYear"]):
    def for_year(self, year: FinancialYear) -> Self:
        return self.filter(year=year)

    def for_unit(self, unit: Unit) -> Self:
        return self.filter(unit=unit)

    def for_portfolio(self, portfolio: Portfolio) -> Self:
        return self.filter(portfolio=portfolio)


class UnitYear(models.Model):
    """Where a unit stands in one year: its division, its portfolio, the initials of its Cabinet Member."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="unit_years")
    year = models.ForeignKey(FinancialYear, models.PROTECT, related_name="unit_years")
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="unit_years")
    portfolio = models.ForeignKey(Portfolio, models.PROTECT, null=True, blank=True, related_name="unit_years")
    cabinet_member = models.CharField(blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = UnitYearQuerySet.as_manager()

    class Meta:
        ordering = ["year__start", Lower("unit__name")]
        constraints = [
            models.UniqueConstraint(
                name="plans_unityear_once_a_year",
                fields=["unit", "year"],
                violation_error_message="This unit already has its place in that year.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit.name}, {self.year.label}"

    def get_absolute_url(self) -> str:
        return self.unit.url_in(self.year)


class AliasSubject(models.TextChoices):
    UNIT = "unit", "Unit"
    DIVISION = "division", "Division"
    GROUP = "group", "Group"
    ACTIVITY = "activity", "Activity"
    OFFICER = "officer", "Officer"


class AliasQuerySet(models.QuerySet["Alias"]):
    def for_unit(self, unit: Unit) -> Self:
        return self.filter(unit=unit)

    def about(self, subject: AliasSubject) -> Self:
        return self.filter(subject=subject)


class Alias(models.Model):
    """Another name that plans use for a unit, division, group, activity or officer, declared with its reason."""

    subject = models.CharField(choices=AliasSubject.choices)
    key = models.CharField(help_text="The name as it is compared: case, punctuation and spacing taken out.")
    name = models.CharField(help_text="The name as printed.")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="aliases")
    stands_for = models.CharField(blank=True, help_text="The name it stands for, where that is not a unit's.")
    reason = models.TextField(help_text="Why the two names are one.")
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = AliasQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "aliases"
        ordering = ["subject", Lower("name")]
        constraints = [
            models.UniqueConstraint(
                name="plans_alias_key_once",
                fields=["subject", "key"],
                violation_error_message="That name is already declared to stand for something.",
            ),
            one_of("plans_alias", "subject", AliasSubject),
            models.CheckConstraint(
                name="plans_alias_stands_for_one_thing",
                condition=Q(subject="unit", unit__isnull=False, stands_for="")
                | ~Q(subject="unit") & Q(unit__isnull=True, stands_for__regex=r"\S"),
                violation_error_message="A unit's other name needs the unit; any other needs the name it stands for.",
            ),
            not_blank("plans_alias", "key", says="A name needs at least one letter or figure."),
            not_blank("plans_alias", "name", says="Give the name as printed."),
            not_blank("plans_alias", "reason", says="Say why the two names are one."),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.unit.name if self.unit else self.stands_for}"

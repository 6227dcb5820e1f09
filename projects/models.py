"""The promises of a plan: key actions with their deliverables, and consultation exercises."""

from collections.abc import Iterable
from datetime import date
from html import escape
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject, Lower
from django.urls import reverse

from plans.constraints import not_blank, one_of
from plans.models import FinancialYear, Officer, Plan, Provenance, Target, Unit
from plans.names import name_key
from plans.parsing import references, split_people
from projects.parsing.actions import named_target


class KeyActionQuerySet(models.QuerySet["KeyAction"]):
    def for_year(self, year: FinancialYear) -> Self:
        return self.filter(plan__year=year)

    def for_unit(self, unit: Unit) -> Self:
        return self.filter(unit=unit)

    def for_plan(self, plan: Plan) -> Self:
        return self.filter(plan=plan)

    def with_ties(self) -> Self:
        """Each with the names of its officers (`officers`) and its corporate targets (`serves`), in the same query."""
        officers = Officer.objects.filter(key_actions=OuterRef("pk")).by_name()
        targets = Target.objects.filter(key_actions=OuterRef("pk")).order_by("scheme", "code")
        return self.annotate(
            officers=ArraySubquery(officers.values("name")),
            serves=ArraySubquery(targets.values(target=JSONObject(scheme="scheme", code="code", title="title"))),
        )


class KeyAction(models.Model):
    """A key action, project or development that a unit, or a section of a directorate's plan, has promised."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="key_actions")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="key_actions")
    section = models.CharField(blank=True)
    relevant_plan = models.TextField(blank=True)
    text = models.TextField("action")
    position = models.PositiveIntegerField(default=0)
    managers = models.ManyToManyField(Officer, blank=True, related_name="key_actions")
    targets = models.ManyToManyField(Target, blank=True, related_name="key_actions")
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    provenance = models.ForeignKey(
        Provenance, models.SET_NULL, null=True, blank=True, editable=False, related_name="key_actions"
    )

    objects = KeyActionQuerySet.as_manager()

    class Meta:
        verbose_name = "action"
        ordering = ["plan_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="projects_keyaction_once",
                fields=["plan", "unit", "section", "text"],
                nulls_distinct=False,
                violation_error_message="The plan already has that action there.",
            ),
            not_blank("projects_keyaction", "text", says="An action needs its words."),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("projects:action_detail", kwargs={"pk": self.pk})

    def references(self, links: Iterable[str]) -> list[tuple[str, str]]:
        """The targets, as scheme and code, that `links` name, one text a deliverable, and those that it names itself."""
        found: list[tuple[str, str]] = []
        for text in dict.fromkeys(links) or [""]:
            own = named_target(self.text, links=text, section=self.section)
            found += references(f"{text}; {own}".strip("; "))
        return found

    def tie(self) -> None:
        """Tie it to the officers and the corporate targets that its deliverables name, read as a load reads them."""
        rows = list(self.deliverables.order_by("position", "pk").values_list("managers", "links"))
        names = {name_key(name): name for managers, _ in rows for name in split_people(escape(managers, quote=False))}
        names.pop("", None)
        known = {officer.key: officer for officer in Officer.objects.filter(key__in=names)}
        new = [Officer(name=name, key=key) for key, name in names.items() if key not in known]
        self.managers.set([*known.values(), *Officer.objects.bulk_create(new)])
        wanted = dict.fromkeys(self.references(links for _, links in rows))
        there = Target.objects.filter(scheme__in={scheme for scheme, _ in wanted})
        targets = {(target.scheme, target.code): target for target in there}
        made = [Target(scheme=scheme, code=code) for scheme, code in wanted if (scheme, code) not in targets]
        of_action = [targets[pair] for pair in wanted if pair in targets]
        self.targets.set([*of_action, *Target.objects.bulk_create(made)])


class Precision(models.TextChoices):
    DAY = "day", "Day"
    MONTH = "month", "Month"
    PERIOD = "period", "Period"
    ON_GOING = "on-going", "On-going"
    UNKNOWN = "unknown", "Unknown"


class DeliverableQuerySet(models.QuerySet["Deliverable"]):
    def for_year(self, year: FinancialYear) -> Self:
        return self.filter(action__plan__year=year)

    def for_unit(self, unit: Unit) -> Self:
        return self.filter(action__unit=unit)

    def for_plan(self, plan: Plan) -> Self:
        return self.filter(action__plan=plan)

    def due_between(self, first: date, last: date) -> Self:
        """Those whose last day is from `first` to `last`, both included: "March 2010" is due by the 31st."""
        return self.filter(due_end__range=(first, last))

    def by_day(self) -> Self:
        """By the day they are due, those without one last; of one day by unit, in printed order."""
        return self.order_by(
            F("due_end").asc(nulls_last=True),
            Lower("action__unit__name"),
            "action__plan__tier",
            "action__plan__name",
            "action__position",
            "action",
            "position",
            "pk",
        )


class Deliverable(models.Model):
    """What an action is to deliver, who answers for it, and by when: as precisely as was printed, no more."""

    action = models.ForeignKey(KeyAction, models.CASCADE, related_name="deliverables")
    text = models.TextField("deliverable", blank=True)
    managers = models.TextField(blank=True, help_text="The accountable managers as printed.")
    links = models.TextField(blank=True, help_text="The links to corporate targets as printed.")
    due_start = models.DateField(null=True, blank=True)
    due_end = models.DateField(null=True, blank=True)
    due_precision = models.CharField(choices=Precision.choices, blank=True)
    due_printed = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    provenance = models.ForeignKey(
        Provenance, models.SET_NULL, null=True, blank=True, editable=False, related_name="deliverables"
    )

    objects = DeliverableQuerySet.as_manager()

    class Meta:
        ordering = ["action_id", "position", "pk"]
        constraints = [
            one_of("projects_deliverable", "due_precision", Precision, blank=True),
            models.CheckConstraint(
                name="projects_deliverable_dates_ordered",
                condition=Q(due_start__isnull=True) | Q(due_end__isnull=True) | Q(due_start__lte=F("due_end")),
                violation_error_message="A period cannot end before it starts.",
            ),
            models.CheckConstraint(
                name="projects_deliverable_date_has_precision",
                condition=Q(due_start__isnull=True, due_end__isnull=True) | ~Q(due_precision__in=["", "unknown"]),
                violation_error_message="A date needs its precision: a day, a month, a period or on-going.",
            ),
            models.CheckConstraint(
                name="projects_deliverable_precision_has_date",
                condition=~Q(due_precision__in=["day", "month", "period"])
                | Q(due_start__isnull=False, due_end__isnull=False),
                violation_error_message="A day, a month or a period needs its first and last day.",
            ),
        ]

    def __str__(self) -> str:
        return self.text or self.due_printed

    def get_absolute_url(self) -> str:
        return self.action.get_absolute_url()


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def for_year(self, year: FinancialYear) -> Self:
        return self.filter(plan__year=year)

    def for_unit(self, unit: Unit) -> Self:
        return self.filter(unit=unit)

    def for_plan(self, plan: Plan) -> Self:
        return self.filter(plan=plan)


class Consultation(models.Model):
    """A consultation exercise, satisfaction survey or review that a unit plans, in the plan's own words."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="consultations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="consultations")
    name = models.CharField()
    dates = models.CharField("start and end date", blank=True)
    feedback = models.CharField("feedback date", blank=True)
    target_group = models.TextField("target group and sample size", blank=True)
    area = models.TextField("target area", blank=True)
    contractor = models.TextField("external contractor", blank=True)
    purpose = models.TextField("what we want to find out and how we will use it", blank=True)
    statutory = models.CharField(blank=True)
    contact = models.TextField("contact name and details", blank=True)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    provenance = models.ForeignKey(
        Provenance, models.SET_NULL, null=True, blank=True, editable=False, related_name="consultations"
    )

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="projects_consultation_name_once",
                fields=["plan", "unit", "name"],
                violation_error_message="This unit already has a consultation of that name in the plan.",
            ),
            not_blank("projects_consultation", "name", says="A consultation needs a name."),
        ]

    def __str__(self) -> str:
        return self.name

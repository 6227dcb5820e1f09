"""What the council has promised at large, and who answers for it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from plans.constraints import not_blank, one_of
from plans.models.documents import Plan, Provenance


class TargetQuerySet(models.QuerySet["Target"]):
    def of_scheme(self, scheme: str) -> Self:
        return self.filter(scheme=scheme)


class Target(models.Model):
    """A corporate target: a scheme (T2010, CYPP priority, NI, LAA, …), a code, and its title where one is printed."""

    scheme = models.CharField()
    code = models.CharField(blank=True, help_text="Blank for the scheme as a whole.")
    title = models.TextField(blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["scheme", "code"]
        constraints = [
            models.UniqueConstraint(
                name="plans_target_code_once",
                fields=["scheme", "code"],
                violation_error_message="That scheme already has a target of that code.",
            ),
            not_blank("plans_target", "scheme", says="A target belongs to a scheme."),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}".strip()


class OfficerQuerySet(models.QuerySet["Officer"]):
    def by_name(self) -> Self:
        return self.order_by(Lower("name"))


class Officer(models.Model):
    """An accountable manager as printed, who may later be tied to a user's account."""

    name = models.CharField()
    key = models.CharField(unique=True, help_text="The name as it is compared: case and spacing taken out.")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="officer")

    objects = OfficerQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name")]
        constraints = [
            not_blank("plans_officer", "name", says="An officer needs a name."),
            not_blank("plans_officer", "key", says="An officer's name needs at least one letter."),
        ]

    def __str__(self) -> str:
        return self.name


class LeadKind(models.TextChoices):
    LEAD = "lead", "Lead"
    JOINT = "joint", "Joint lead"
    SUPPORT = "support", "Support"


class LeadRoleQuerySet(models.QuerySet["LeadRole"]):
    def for_plan(self, plan: Plan) -> Self:
        return self.filter(plan=plan)


class LeadRole(models.Model):
    """A corporate target that a service leads, leads jointly or supports, and the officers who answer for it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="lead_roles")
    target = models.ForeignKey(Target, models.PROTECT, null=True, blank=True, related_name="lead_roles")
    scheme = models.CharField()
    text = models.TextField(help_text="The target as printed, in full.")
    role = models.CharField(choices=LeadKind.choices)
    officers = models.ManyToManyField(Officer, blank=True, related_name="lead_roles")
    officers_printed = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)
    provenance = models.ForeignKey(
        Provenance, models.SET_NULL, null=True, blank=True, editable=False, related_name="lead_roles"
    )

    objects = LeadRoleQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="plans_leadrole_once",
                fields=["plan", "scheme", "text"],
                violation_error_message="The plan already has its role in that target.",
            ),
            one_of("plans_leadrole", "role", LeadKind),
            not_blank("plans_leadrole", "text", says="A lead role needs the target in words."),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.text}"

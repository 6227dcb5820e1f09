"""The people who sign in, and the roles that they are granted."""

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from people.fields import LowerCaseEmailField
from plans.constraints import not_blank, one_of
from plans.models import Portfolio, Unit


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, email: str, name: str, password: str | None = None) -> "User":
        """A user who can sign in; without a password, only by setting one or through the identity provider."""
        user = self.model(email=email.strip().lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who may sign in, by e-mail address. What they may do is in their grants."""

    email = LowerCaseEmailField("e-mail address", unique=True)
    name = models.CharField()
    is_active = models.BooleanField("may sign in", default=True)
    # The factors themselves are nobody's to read; that they were taken away, by whom and why, stands in the history.
    factors_reset_at = models.DateTimeField("second factor reset", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    # The roles held, as people.rights read them for this request.
    held: tuple[Any, ...] | None = None
    # Whether this request reads the plan as it stood on another day.
    looks_back = False

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = [Lower("name"), "pk"]
        constraints = [
            models.CheckConstraint(
                name="people_user_email_in_small_letters",
                condition=Q(email=Lower("email")),
                violation_error_message="An e-mail address is kept in small letters.",
            ),
            not_blank("people_user", "email", says="Give an e-mail address."),
            not_blank("people_user", "name", says="Give a name."),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:person_detail", kwargs={"pk": self.pk})

    @property
    def is_last_administrator(self) -> bool:
        """Whether without this person nobody could keep people and roles any more."""
        holders = Grant.objects.in_use().of_administrators().values_list("user_id", flat=True)
        return set(holders) == {self.pk}

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Role(models.TextChoices):
    PLAN_ADMINISTRATOR = "plan_administrator", "Plan administrator"
    FINANCE_OFFICER = "finance_officer", "Finance officer"
    APPROVER = "approver", "Approver"
    UNIT_MANAGER = "unit_manager", "Unit manager"
    POC_MEMBER = "poc_member", "POC member"
    AUDITOR = "auditor", "Auditor"


class GrantQuerySet(models.QuerySet["Grant"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user=user)

    def in_use(self) -> Self:
        """Those of people who may sign in."""
        return self.filter(user__is_active=True)

    def of_administrators(self) -> Self:
        return self.filter(role=Role.PLAN_ADMINISTRATOR)

    def with_places(self) -> Self:
        return self.select_related("user", "unit", "portfolio")


class Grant(models.Model):
    """A role that a person holds: everywhere, or for one named unit or portfolio."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="grants")
    portfolio = models.ForeignKey(Portfolio, models.PROTECT, null=True, blank=True, related_name="grants")
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["user_id", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="people_grant_once",
                fields=["user", "role", "unit", "portfolio"],
                nulls_distinct=False,
                violation_error_message="This person already holds that role there.",
            ),
            one_of("people_grant", "role", Role),
            models.CheckConstraint(
                name="people_grant_unit_of_unit_manager",
                condition=Q(role="unit_manager", unit__isnull=False) | ~Q(role="unit_manager") & Q(unit__isnull=True),
                violation_error_message="A unit manager is granted a named unit, and no other role is.",
            ),
            models.CheckConstraint(
                name="people_grant_portfolio_of_finance_officer",
                condition=Q(role="finance_officer") | Q(portfolio__isnull=True),
                violation_error_message="Only a finance officer is granted a named portfolio.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.place}" if self.place else self.get_role_display()

    @property
    def place(self) -> Unit | Portfolio | None:
        """Where the role is held; None is everywhere."""
        return self.unit or self.portfolio

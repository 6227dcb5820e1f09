"""Rows for tests, written as the portal writes them: inside a change set, which an outer one takes in."""

from decimal import Decimal
from typing import Any

import factory
from django.db import connection, models
from django.utils.text import slugify
from factory.django import DjangoModelFactory

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
from history.changes import change_set
from history.models import ChangeSet
from indicators.models import Figure, FigureKind, FigureStatus, Group, Indicator, Listing, ListingKind
from people.models import Grant, Role, User
from plans.models import (
    Alias,
    AliasSubject,
    Correction,
    Directorate,
    Division,
    Document,
    DocumentFormat,
    Explanation,
    FinancialYear,
    LeadKind,
    LeadRole,
    Officer,
    Period,
    Plan,
    Portfolio,
    Provenance,
    SourceLine,
    Target,
    Tier,
    Unit,
    UnitYear,
)
from projects.models import Consultation, Deliverable, KeyAction, Precision

DOOR = "Test"
BLANK = " \t"


def store_raw(row: models.Model, **columns: Any) -> None:
    """Put values into a row behind the models' back, as raw SQL would."""
    assignments = ", ".join(f'"{column}" = %s' for column in columns)
    with change_set(by=None, why="", door=DOOR), connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{row._meta.db_table}" SET {assignments} WHERE id = %s', [*columns.values(), row.pk])


def put_into(plan: Plan, *states: str) -> None:
    """Take a plan to another state, by the steps that there are, each with a reason."""
    for state in states:
        with change_set(by=None, why=f"Decided: {state}", door=DOOR):
            Plan.objects.filter(pk=plan.pk).update(state=state)
        plan.state = state


ADOPTED = ("adopted",)
CLOSED = ("adopted", "closed")
STEPS = {"draft": (), "adopted": ADOPTED, "closed": CLOSED}


def twice(make: "type[RowFactory]", *same: str) -> None:
    """Make a row, and another that is the same in the fields of its natural key."""
    first = make()
    make(**{name: getattr(first, name) for name in same})


class RowFactory(DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True

    @classmethod
    def _create(cls, model_class: type[models.Model], *args: Any, **kwargs: Any) -> models.Model:
        with change_set(by=None, why="", door=DOOR):
            return super()._create(model_class, *args, **kwargs)


# History


class ChangeSetFactory(DjangoModelFactory):
    why = "Agreed at the meeting"
    door = DOOR

    class Meta:
        model = ChangeSet


# Plans


class FinancialYearFactory(RowFactory):
    start = 2009

    class Meta:
        model = FinancialYear
        django_get_or_create = ("start",)


class PeriodFactory(RowFactory):
    year = factory.SubFactory(FinancialYearFactory)
    half = 1

    class Meta:
        model = Period


class DirectorateFactory(RowFactory):
    name = "Children, Families & Education"

    class Meta:
        model = Directorate
        django_get_or_create = ("name",)


class DivisionFactory(RowFactory):
    directorate = factory.SubFactory(DirectorateFactory)
    name = factory.Sequence("Division {}".format)

    class Meta:
        model = Division


class PortfolioFactory(RowFactory):
    directorate = factory.SubFactory(DirectorateFactory)
    name = factory.Sequence("Portfolio {}".format)

    class Meta:
        model = Portfolio


class UnitFactory(RowFactory):
    directorate = factory.SubFactory(DirectorateFactory)
    name = factory.Sequence("Unit {}".format)
    slug = factory.LazyAttribute(lambda unit: slugify(unit.name))
    reason = "declared: for a test"

    class Meta:
        model = Unit


class UnitYearFactory(RowFactory):
    unit = factory.SubFactory(UnitFactory)
    year = factory.SubFactory(FinancialYearFactory)

    class Meta:
        model = UnitYear


class AliasFactory(RowFactory):
    subject = AliasSubject.UNIT
    name = factory.Sequence("Other name {}".format)
    key = factory.LazyAttribute(lambda alias: alias.name.lower())
    unit = factory.SubFactory(UnitFactory)
    reason = "The same unit in another table"

    class Params:
        of_activity = factory.Trait(subject=AliasSubject.ACTIVITY, unit=None, stands_for="Vulnerable children")

    class Meta:
        model = Alias


class PlanFactory(RowFactory):
    year = factory.SubFactory(FinancialYearFactory)
    tier = Tier.SERVICE
    name = factory.Sequence("Plan {}".format)

    class Params:
        directorate_level = factory.Trait(tier=Tier.DIRECTORATE, directorate=factory.SubFactory(DirectorateFactory))

    class Meta:
        model = Plan

    @classmethod
    def _create(cls, model_class: type[models.Model], *args: Any, **kwargs: Any) -> models.Model:
        steps = STEPS.get(kwargs.get("state", "draft"), ())
        plan = super()._create(model_class, *args, **kwargs | ({"state": "draft"} if steps else {}))
        put_into(plan, *steps)
        return plan

    @factory.post_generation
    def units(self, create: bool, units: list[Unit] | None, **kwargs: Any) -> None:
        if create and units:
            with change_set(by=None, why="", door=DOOR):
                self.units.set(units)


class DocumentFactory(RowFactory):
    plan = factory.SubFactory(PlanFactory)
    name = factory.Sequence("plan_{}.txt".format)
    sha256 = factory.Sequence("{:064x}".format)
    format = DocumentFormat.TEXT

    class Meta:
        model = Document


class SourceLineFactory(RowFactory):
    document = factory.SubFactory(DocumentFactory)
    number = factory.Sequence(lambda n: n + 1)
    text = "113.4\t2.0\tProject Management\t1.5"

    class Meta:
        model = SourceLine


class ProvenanceFactory(RowFactory):
    document = factory.SubFactory(DocumentFactory)
    plan = factory.SelfAttribute("document.plan")
    kind = "budget"
    key = factory.Sequence("row {}".format)
    table = 0
    lines = [248]

    class Meta:
        model = Provenance


class CorrectionFactory(RowFactory):
    sha256 = "0" * 64
    line = factory.Sequence(lambda n: n + 1)
    field = "activity"
    was = ""
    value = "Governor Services"
    reason = "Its label is merged into the row above"
    by = "The finance team"

    class Meta:
        model = Correction


class ExplanationFactory(RowFactory):
    year = factory.SubFactory(FinancialYearFactory)
    check_key = factory.Sequence("row gross {}".format)
    difference = Decimal("0.1")
    note = "Rounded in print"

    class Meta:
        model = Explanation


class TargetFactory(RowFactory):
    scheme = "T2010"
    code = factory.Sequence(str)
    title = "Reduce bullying"

    class Meta:
        model = Target


class OfficerFactory(RowFactory):
    name = factory.Sequence("Officer {}".format)
    key = factory.LazyAttribute(lambda officer: officer.name.lower())

    class Meta:
        model = Officer


class LeadRoleFactory(RowFactory):
    plan = factory.SubFactory(PlanFactory)
    scheme = "CYPP"
    text = factory.Sequence("Lead for Action {}".format)
    role = LeadKind.LEAD

    class Meta:
        model = LeadRole


# Budgets


class BudgetLineFactory(RowFactory):
    plan = factory.SubFactory(PlanFactory)
    unit = factory.SubFactory(UnitFactory)
    year = factory.SelfAttribute("plan.year")
    activity = factory.Sequence("Activity {}".format)
    position = factory.Sequence(int)
    prior_controllable = Decimal("975.1")
    prior_fte = Decimal("19.4")
    fte = Decimal("40.3")
    employee = Decimal("1152.7")
    running = Decimal("111.7")
    contracts = None
    external_income = Decimal(0)
    internal_income = Decimal(0)

    class Meta:
        model = BudgetLine


class ControlTotalFactory(RowFactory):
    plan = factory.SubFactory(PlanFactory)
    unit = factory.SubFactory(UnitFactory)
    subject = TotalSubject.CONTROLLABLE
    label = "Controllable Totals"
    gross = Decimal("1264.4")
    controllable = Decimal("1264.4")

    class Meta:
        model = ControlTotal


class CoreServiceFactory(RowFactory):
    plan = factory.SubFactory(PlanFactory)
    unit = factory.SubFactory(UnitFactory)
    activity = factory.Sequence("Core service {}".format)
    amount = Decimal(1264400)

    class Meta:
        model = CoreService


class MTPItemFactory(RowFactory):
    plan = factory.SubFactory(PlanFactory)
    amount = Decimal(-15)
    heading = "Publicity saving"

    class Meta:
        model = MTPItem


class StaffingLevelFactory(RowFactory):
    plan = factory.SubFactory(PlanFactory)
    unit = factory.SubFactory(UnitFactory)
    band = factory.Sequence("Pt{} and above".format)
    fte = Decimal("165.1")

    class Meta:
        model = StaffingLevel


class EstablishmentFactory(RowFactory):
    plan = factory.SubFactory(PlanFactory, directorate_level=True)
    label = factory.Sequence("Total Division {}".format)
    fte = Decimal("133.2")

    class Meta:
        model = Establishment


class MovementReasonFactory(RowFactory):
    plan = factory.SubFactory(PlanFactory, directorate_level=True)
    reason = factory.Sequence("Reason {}".format)
    number = Decimal(302)

    class Meta:
        model = MovementReason


# Measures


class IndicatorFactory(RowFactory):
    code = factory.Sequence("NI {}".format)
    key = factory.LazyAttribute(lambda indicator: indicator.code.lower() or indicator.title.lower())
    title = "Secondary School Persistent Absence Rate"

    class Meta:
        model = Indicator


class GroupFactory(RowFactory):
    name = factory.Sequence("Group {}".format)
    key = factory.LazyAttribute(lambda group: group.name.lower())

    class Meta:
        model = Group


class ListingFactory(RowFactory):
    indicator = factory.SubFactory(IndicatorFactory)
    plan = factory.SubFactory(PlanFactory)
    unit = factory.SubFactory(UnitFactory)
    kind = ListingKind.TABLE
    code = factory.SelfAttribute("indicator.code")
    title = factory.SelfAttribute("indicator.title")

    class Meta:
        model = Listing


class FigureFactory(RowFactory):
    listing = factory.SubFactory(ListingFactory)
    period = "2009/10"
    kind = FigureKind.TARGET
    status = FigureStatus.VALUE
    value = Decimal("6.0")
    printed = "6.0%"

    class Params:
        awaited = factory.Trait(status=FigureStatus.AWAITED, value=None, printed="Data awaited")

    class Meta:
        model = Figure


# Actions


class KeyActionFactory(RowFactory):
    plan = factory.SubFactory(PlanFactory)
    unit = factory.SubFactory(UnitFactory)
    text = factory.Sequence("Implement transition protocol {}".format)

    class Meta:
        model = KeyAction


class DeliverableFactory(RowFactory):
    action = factory.SubFactory(KeyActionFactory)
    text = "More young people are satisfied with the transition"

    class Params:
        march_2010 = factory.Trait(
            due_start="2010-03-01", due_end="2010-03-31", due_precision=Precision.MONTH, due_printed="March 2010"
        )

    class Meta:
        model = Deliverable


class ConsultationFactory(RowFactory):
    plan = factory.SubFactory(PlanFactory)
    unit = factory.SubFactory(UnitFactory)
    name = factory.Sequence("Survey {}".format)

    class Meta:
        model = Consultation


# People


def granted(role: Role, **place: Any) -> factory.Trait:
    return factory.Trait(
        grant=factory.RelatedFactory("tests.factories.GrantFactory", factory_related_name="user", role=role, **place)
    )


class UserFactory(RowFactory):
    """A stranger, who holds no role; each trait grants one: `UserFactory(unit_manager=True, grant__unit=unit)`."""

    email = factory.Sequence("person{}@example.org".format)
    name = factory.Sequence("Person {}".format)
    password = factory.django.Password(None)

    class Params:
        plan_administrator = granted(Role.PLAN_ADMINISTRATOR)
        finance_officer = granted(Role.FINANCE_OFFICER)
        approver = granted(Role.APPROVER)
        unit_manager = granted(Role.UNIT_MANAGER, unit=factory.SubFactory(UnitFactory))
        poc_member = granted(Role.POC_MEMBER)
        auditor = granted(Role.AUDITOR)

    class Meta:
        model = User


class GrantFactory(RowFactory):
    user = factory.SubFactory(UserFactory)
    role = Role.POC_MEMBER

    class Meta:
        model = Grant

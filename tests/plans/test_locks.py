"""The state of a plan and of a period holds its rows fast through every door, also for the application's own role."""

from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from threading import Thread
from time import sleep
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction
from psycopg2.extensions import connection as Connection

from budgets.models import BudgetLine
from history.changes import change_set
from kentplan.files import open_file
from kentplan.loading import FIXTURES, Options, load
from plans.locks import lock_of, reason_required, refusal
from plans.models import Period, Plan
from tests.factories import (
    ADOPTED,
    CLOSED,
    BudgetLineFactory,
    ConsultationFactory,
    ControlTotalFactory,
    CoreServiceFactory,
    DeliverableFactory,
    EstablishmentFactory,
    ExplanationFactory,
    FigureFactory,
    KeyActionFactory,
    LeadRoleFactory,
    ListingFactory,
    MovementReasonFactory,
    MTPItemFactory,
    OfficerFactory,
    PeriodFactory,
    PlanFactory,
    StaffingLevelFactory,
    TargetFactory,
    UnitFactory,
    put_into,
)
from tests.history import doors

SERVICE = FIXTURES / "plans" / "commissioning-2009-10.txt"
BUDGETS = [
    BudgetLineFactory,
    ControlTotalFactory,
    CoreServiceFactory,
    MTPItemFactory,
    StaffingLevelFactory,
    EstablishmentFactory,
    MovementReasonFactory,
]
REST = [ListingFactory, KeyActionFactory, ConsultationFactory, LeadRoleFactory]
UNDER = [(FigureFactory, "listing"), (DeliverableFactory, "action")]


def of_plan(factory: Any, plan: Plan) -> Any:
    parents = dict(UNDER)
    return factory(**{f"{parents[factory]}__plan": plan}) if factory in parents else factory(plan=plan)


def told(write: Callable[[], object], *, why: str = "Decided by the board") -> str:
    """What the database says to a write in a change set of the application's; nothing where it lets it through."""
    try:
        with transaction.atomic(), change_set(by=None, why=why, door="Test"):
            write()
    except DatabaseError as error:
        if refused := refusal(error):
            return refused.words
        raise
    return ""


def nudge(row: models.Model) -> None:
    """A change of the row that means nothing, by raw SQL."""
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{row._meta.db_table}" SET position = position + 1 WHERE id = %s', [row.pk])


@pytest.fixture
def line(db: None) -> BudgetLine:
    return BudgetLineFactory(employee=Decimal("10"))


@pytest.mark.parametrize("steps", [ADOPTED, CLOSED])
@pytest.mark.parametrize("door", doors.EVERY, ids=lambda door: door.__name__)
def test_no_door_is_open_to_the_lines_of_an_adopted_plan(
    door: doors.Door, steps: tuple[str, ...], line: BudgetLine
) -> None:
    put_into(line.plan, *steps)
    before = list(BudgetLine.objects.values())
    nil = door in (doors.insert_by_sql, doors.insert_by_copy)  # lines without figures

    says = told(lambda: door(line))

    if nil and steps == ADOPTED:
        assert says == ""
    else:
        assert says == f"The plan “{line.plan.name}” is {steps[-1]}: its budget lines no longer change."
        assert list(BudgetLine.objects.values()) == before


@pytest.mark.parametrize("door", doors.EVERY, ids=lambda door: door.__name__)
def test_every_door_is_open_in_a_draft_without_a_reason(door: doors.Door, line: BudgetLine) -> None:
    assert told(lambda: door(line), why="") == ""


def test_line_with_figures_is_not_copied_into_an_adopted_plan(line: BudgetLine) -> None:
    put_into(line.plan, *ADOPTED)
    row = StringIO(f"{line.plan_id}\t{line.unit_id}\t{line.year_id}\tNew\t1\tentered\t5\n")

    def copy() -> None:
        with connection.wrap_database_errors, connection.cursor() as cursor:
            cursor.copy_expert(
                "COPY budgets_budgetline (plan_id, unit_id, year_id, activity, position, origin, employee) FROM STDIN",
                row,
            )

    assert "its budget lines no longer change" in told(copy)


@pytest.mark.parametrize("factory", [*BUDGETS, *REST, *(factory for factory, _ in UNDER)])
def test_nothing_of_a_closed_plan_changes(db: None, factory: Any) -> None:
    plan = PlanFactory()
    row = of_plan(factory, plan)
    put_into(plan, *CLOSED)

    assert "is closed" in told(lambda: nudge(row))
    assert "is closed" in told(lambda: type(row).objects.all().delete())
    assert "is closed" in told(lambda: of_plan(factory, plan))


@pytest.mark.parametrize("factory", [*BUDGETS, *REST, *(factory for factory, _ in UNDER)])
def test_adoption_holds_budgets_fast_and_asks_a_reason_of_the_rest(db: None, factory: Any) -> None:
    plan = PlanFactory()
    row = of_plan(factory, plan)
    put_into(plan, *ADOPTED)

    assert ("no longer change" in told(lambda: nudge(row))) == (factory in BUDGETS)
    without = told(lambda: nudge(row), why="")
    assert ("no longer change" if factory in BUDGETS else "is adopted: say why you change its ") in without


def test_ties_of_a_closed_plan_stay(db: None) -> None:
    action, listing, role = KeyActionFactory(), ListingFactory(), LeadRoleFactory()
    officer, target = OfficerFactory(), TargetFactory()
    for plan in (action.plan, listing.plan, role.plan):
        put_into(plan, *CLOSED)

    assert "is closed" in told(lambda: action.managers.add(officer))
    assert "is closed" in told(lambda: action.targets.add(target))
    assert "is closed" in told(lambda: listing.targets.add(target))
    assert "is closed" in told(lambda: role.officers.add(officer))
    assert "is closed" in told(lambda: action.plan.units.add(UnitFactory()))


def test_row_is_moved_neither_out_of_an_adopted_plan_nor_into_it(line: BudgetLine) -> None:
    draft = BudgetLineFactory()
    put_into(line.plan, *ADOPTED)

    assert "no longer change" in told(lambda: BudgetLine.objects.filter(pk=line.pk).update(plan=draft.plan))
    assert "no longer change" in told(lambda: BudgetLine.objects.filter(pk=draft.pk).update(plan=line.plan))


def test_writing_a_locked_row_as_it_is_changes_nothing_and_is_let_through(line: BudgetLine) -> None:
    put_into(line.plan, *CLOSED)

    assert told(lambda: BudgetLine.objects.update(employee=Decimal("10"))) == ""


# The states themselves


@pytest.mark.parametrize(
    ("steps", "to", "allowed"),
    [
        ((), "adopted", True),
        ((), "closed", False),
        (ADOPTED, "draft", True),
        (ADOPTED, "closed", True),
        (CLOSED, "adopted", True),
        (CLOSED, "draft", False),
    ],
)
def test_plan_goes_from_state_to_state_one_step_at_a_time_with_a_reason(
    db: None, steps: tuple[str, ...], to: str, allowed: bool
) -> None:
    plan = PlanFactory()
    put_into(plan, *steps)

    def move() -> object:
        return Plan.objects.filter(pk=plan.pk).update(state=to)

    assert told(move, why="") != ""
    assert ("it is adopted in between" in told(move)) == (not allowed)
    assert (Plan.objects.get(pk=plan.pk).state == to) == allowed


def test_plan_begins_as_a_draft_and_stays_once_adopted(db: None) -> None:
    plan = PlanFactory()

    fresh = Plan(year=plan.year, tier=plan.tier, name="Another", state="adopted")
    assert told(fresh.save) == "A plan begins as a draft."
    put_into(plan, *ADOPTED)
    assert told(plan.delete) == f"The plan “{plan.name}” is adopted and stays."
    other = PlanFactory(year__start=2031).year
    assert "keeps its year" in told(lambda: Plan.objects.filter(pk=plan.pk).update(year=other))
    assert "say why you change its name" in told(lambda: Plan.objects.filter(pk=plan.pk).update(name="B"), why="")
    put_into(plan, "closed")
    assert "keeps its name" in told(lambda: Plan.objects.filter(pk=plan.pk).update(name="B"))


def close(period: Period) -> None:
    with change_set(by=None, why="All returned", door="Test"):
        Period.objects.filter(pk=period.pk).update(state="closed")


def test_period_closes_and_reopens_with_a_reason(db: None) -> None:
    period = PeriodFactory()

    assert "Say why" in told(lambda: Period.objects.update(state="closed"), why="")
    close(period)
    assert "Say why" in told(lambda: Period.objects.update(state="open"), why="")
    assert "is closed and stays" in told(lambda: Period.objects.all().delete())
    assert told(lambda: Period.objects.update(state="open")) == ""
    fresh = Period(year=period.year, half=2, state="closed")
    assert told(fresh.save) == "A period begins open."


@pytest.mark.parametrize(
    ("half", "kind", "words", "locked"),
    [
        (2, "actual", "2009/10", True),
        (2, "actual", "2009-2010", True),
        (1, "actual", "2009/10", False),
        (1, "actual", "Sept 2009", True),
        (1, "actual", "30 September 2009", True),
        (2, "actual", "Mar 2010", True),
        (2, "actual", "March 2009", False),
        (2, "actual", "2008/09", False),
        (2, "actual", "2009", False),
        (2, "actual", "", False),
        (2, "target", "2009/10", False),
        (2, "estimate", "2009/10", False),
    ],
)
def test_actual_of_a_closed_period_stays(db: None, half: int, kind: str, words: str, locked: bool) -> None:
    figure = FigureFactory(kind=kind, period=words, listing__plan__year__start=2009)
    close(PeriodFactory(year__start=2009, half=half))

    assert ("is closed: the actual figures of it no longer change" in told(lambda: nudge(figure))) == locked
    assert bool(told(lambda: type(figure).objects.all().delete())) == locked


def test_actual_is_not_returned_for_a_closed_period_but_printed_by_a_later_plan(db: None) -> None:
    now, later = ListingFactory(plan__year__start=2009), ListingFactory(plan__year__start=2010)
    close(PeriodFactory(year=now.plan.year, half=2))

    assert "October 2009 to March 2010 is closed" in told(
        lambda: FigureFactory(listing=now, kind="actual", period="2009/10")
    )
    assert told(lambda: FigureFactory(listing=later, kind="actual", period="2009/10")) == ""


def test_break_is_explained_until_the_last_plan_of_its_year_is_closed(db: None) -> None:
    explained = ExplanationFactory()
    first, second = PlanFactory(year=explained.year), PlanFactory(year=explained.year)
    put_into(first, *CLOSED)
    put_into(second, *ADOPTED)

    assert told(lambda: type(explained).objects.update(note="Rounded")) == ""
    put_into(second, "closed")
    assert "explanations of their breaks no longer change" in told(lambda: type(explained).objects.update(note="No"))
    assert "explanations of their breaks no longer change" in told(lambda: type(explained).objects.all().delete())


# What it says


def test_lock_tells_since_when_why_and_who_can_help(line: BudgetLine) -> None:
    figure, action = FigureFactory(listing__plan=line.plan), DeliverableFactory(action__plan=line.plan)
    assert lock_of(line) is None and not reason_required(line)
    put_into(line.plan, *ADOPTED)

    lock = lock_of(line)

    assert lock is not None and reason_required(line)
    assert lock.words == f"The plan “{line.plan.name}” is adopted: its budget lines no longer change."
    assert lock.why == "Decided: adopted" and lock.at is not None
    assert "plan administrator" in lock.remedy
    assert lock_of(figure) is None and lock_of(action) is None and reason_required(figure)


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("steps", [ADOPTED, CLOSED])
def test_nothing_is_loaded_into_a_plan_that_is_no_draft(published: None, steps: tuple[str, ...], dry_run: bool) -> None:
    plan = Plan.objects.get(tier="service")
    put_into(plan, *steps)
    before = list(BudgetLine.objects.order_by("pk").values())

    report = load([open_file(SERVICE)], Options(dry_run=dry_run))[0]
    with pytest.raises((CommandError, SystemExit)) as left:
        call_command("load_plan", str(SERVICE), **({"dry_run": True} if dry_run else {}))

    assert f"is {steps[-1]}: it can no longer be loaded" in report.errors[0][0].says
    assert getattr(left.value, "code", 1) != 0
    assert list(BudgetLine.objects.order_by("pk").values()) == before


# Two at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["adoption", "edit"])
def test_adoption_and_an_edit_cannot_pass_each_other(first: str, as_owner: Connection) -> None:
    """Whoever comes second waits, and then is refused or sees what the first one did."""
    line = BudgetLineFactory(employee=Decimal("10"))
    found: list[str] = []

    def edit() -> None:
        found.append(told(lambda: BudgetLine.objects.filter(pk=line.pk).update(employee=Decimal("11"))))
        connection.close()

    def adopt() -> None:
        found.append(told(lambda: Plan.objects.filter(pk=line.plan_id).update(state="adopted")))
        connection.close()

    with as_owner.cursor() as cursor:
        cursor.execute("BEGIN")
        if first == "adoption":
            cursor.execute("UPDATE plans_plan SET state = 'adopted' WHERE id = %s", [line.plan_id])
        else:
            cursor.execute("UPDATE budgets_budgetline SET employee = 12000 WHERE id = %s", [line.pk])
        second = Thread(target=edit if first == "adoption" else adopt)
        second.start()
        sleep(0.5)
        assert second.is_alive() and not found
        cursor.execute("COMMIT")
        second.join(10)

    line.refresh_from_db()
    if first == "adoption":
        assert "is adopted: its budget lines no longer change" in found[0]
        assert line.employee == Decimal("10")
    else:
        assert found == [""]
        assert line.employee == Decimal("12")

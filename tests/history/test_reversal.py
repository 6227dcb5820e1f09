"""Setting a change set back: the rows exactly as they were, what was changed again since left alone."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets.models import BudgetLine
from history.changes import change_set
from history.models import ChangeSet
from history.reversal import Deed, Reversal, held, ranks, touched
from history.tracked import tracked_models
from indicators.models import Figure, FigureStatus
from people.models import User
from plans.models import Officer
from projects.models import Deliverable, KeyAction
from tests.factories import (
    BudgetLineFactory,
    CoreServiceFactory,
    DeliverableFactory,
    FigureFactory,
    GrantFactory,
    KeyActionFactory,
    OfficerFactory,
    TargetFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TOGETHER = {Figure: (("value", "status"),)}


def changed(what: Callable[[], Any]) -> ChangeSet:
    with change_set(by=None, why="", door="Test") as made:
        what()
    return made


def reversed_again(of: ChangeSet, *confirmed: str, **options: Any) -> ChangeSet:
    with held(of), change_set(by=None, why="", door="Test") as made:
        Reversal.of(of, **options).carry_out(confirmed)
    return made


def rows(*kinds: type[models.Model]) -> dict[str, list[dict[str, Any]]]:
    """What stands, but for the count of its changes."""
    found = {}
    for model in kinds:
        names = [field.attname for field in model._meta.local_concrete_fields if field.name != "version"]
        found[model._meta.label] = list(model._base_manager.order_by("pk").values(*names))
    return found


# Each deed


def test_only_the_fields_that_were_changed_are_set_back() -> None:
    line = BudgetLineFactory(employee=Decimal(5), running=Decimal(7))
    made = changed(lambda: BudgetLine.objects.update(employee=Decimal(6)))
    changed(lambda: BudgetLine.objects.update(running=Decimal(8)))

    reversed_again(made)

    line.refresh_from_db()
    assert (line.employee, line.running) == (Decimal(5), Decimal(8))


def test_removed_row_comes_back_under_its_own_id_with_what_hung_on_it() -> None:
    deliverable = DeliverableFactory(march_2010=True)
    action = deliverable.action
    action.managers.add(*changed_officers(action))
    kinds = (KeyAction, Deliverable, KeyAction.managers.through)
    before = rows(*kinds)
    made = changed(KeyAction.objects.all().delete)
    assert rows(*kinds) == {label: [] for label in before}

    reversed_again(made)

    assert rows(*kinds) == before


def changed_officers(action: KeyAction) -> list[Officer]:
    officers = [OfficerFactory(), OfficerFactory()]
    changed(lambda: action.managers.add(*officers))
    return officers


def test_added_row_goes_again() -> None:
    line = BudgetLineFactory()
    made = changed(lambda: BudgetLineFactory(plan=line.plan, unit=line.unit))

    reversed_again(made)

    assert list(BudgetLine.objects.all()) == [line]


def test_row_that_was_added_and_removed_in_one_go_is_nothing_to_reverse() -> None:
    line = BudgetLineFactory()
    made = changed(lambda: BudgetLineFactory(plan=line.plan, unit=line.unit).delete())

    assert Reversal.of(made).does() == []


def test_names_that_were_passed_on_go_back_the_way_that_they_came() -> None:
    first = BudgetLineFactory(activity="A")
    second = BudgetLineFactory(plan=first.plan, unit=first.unit, activity="B")

    def pass_on() -> None:
        for pk, activity in ((first.pk, "C"), (second.pk, "A")):
            BudgetLine.objects.filter(pk=pk).update(activity=activity)

    reversed_again(changed(pass_on))

    assert list(BudgetLine.objects.order_by("pk").values_list("activity", flat=True)) == ["A", "B"]


def test_core_service_is_tied_again_to_the_line_that_comes_back() -> None:
    service = CoreServiceFactory()
    line = BudgetLineFactory(plan=service.plan, unit=service.unit)
    changed(lambda: type(service).objects.update(line=line))
    made = changed(BudgetLine.objects.all().delete)
    service.refresh_from_db()
    assert service.line is None

    reversed_again(made)

    service.refresh_from_db()
    assert service.line == line


def test_person_who_comes_back_has_no_password() -> None:
    user = UserFactory()
    made = changed(user.delete)

    reversed_again(made)

    assert not User.objects.get(email=user.email).has_usable_password()


# Versions


def test_form_that_was_opened_before_a_row_was_removed_is_stale_when_it_is_back() -> None:
    line = BudgetLineFactory(employee=Decimal(5))
    changed(lambda: BudgetLine.objects.update(employee=Decimal(6)))
    opened = BudgetLine.objects.get().version

    reversed_again(changed(line.delete))

    assert BudgetLine.objects.get().version == opened + 2


# What was changed again since


def test_field_that_was_changed_again_is_left_alone_until_it_is_confirmed() -> None:
    line = BudgetLineFactory(employee=Decimal(5), running=Decimal(5))
    made = changed(lambda: BudgetLine.objects.update(employee=Decimal(6), running=Decimal(6)))
    later = changed(lambda: BudgetLine.objects.update(running=Decimal(7)))
    (row,) = Reversal.of(made).rows
    key = f"budgets.budgetline-{line.pk}-running"
    assert row.questions == [key]
    assert [cell.since for cell in row.cells if cell.altered_since] == [later.pk]

    reversed_again(made)
    line.refresh_from_db()
    assert (line.employee, line.running) == (Decimal(5), Decimal(7))

    reversed_again(made, key)
    line.refresh_from_db()
    assert line.running == Decimal(5)


def test_added_row_that_was_altered_since_stays_until_it_is_confirmed() -> None:
    first = BudgetLineFactory()
    made = changed(lambda: BudgetLineFactory(plan=first.plan, unit=first.unit, employee=Decimal(1)))
    added = BudgetLine.objects.exclude(pk=first.pk).get()
    changed(lambda: BudgetLine.objects.filter(pk=added.pk).update(employee=Decimal(2)))

    assert Reversal.of(made).does() == []

    reversed_again(made, f"budgets.budgetline-{added.pk}")
    assert not BudgetLine.objects.filter(pk=added.pk).exists()


def test_row_that_was_removed_since_is_left_alone() -> None:
    line = BudgetLineFactory(employee=Decimal(5))
    made = changed(lambda: BudgetLine.objects.update(employee=Decimal(6)))
    changed(line.delete)

    reversal = Reversal.of(made)

    assert (reversal.does(), reversal.questions) == ([], [])


def test_value_is_set_back_with_what_says_why_there_is_none() -> None:
    figure = FigureFactory(value=Decimal("6.0"))
    made = changed(lambda: Figure.objects.update(value=None, status=FigureStatus.AWAITED))
    changed(lambda: Figure.objects.update(status=FigureStatus.SUPPRESSED))

    (row,) = Reversal.of(made, together=TOGETHER).rows
    assert row.questions == [f"indicators.figure-{figure.pk}-value"]

    reversed_again(made, *row.questions, together=TOGETHER)
    figure.refresh_from_db()
    assert (figure.value, figure.status) == (Decimal("6.0"), FigureStatus.VALUE)


def test_link_that_was_made_again_since_is_nothing_to_do() -> None:
    action, officer = KeyActionFactory(), OfficerFactory()
    changed(lambda: action.managers.add(officer))
    made = changed(lambda: action.managers.clear())
    changed(lambda: action.managers.add(officer))

    assert Reversal.of(made).does() == []


def test_link_that_was_unmade_and_made_again_in_one_go_is_there_afterwards() -> None:
    action, officer = KeyActionFactory(), OfficerFactory()
    changed(lambda: action.managers.add(officer))
    made = changed(lambda: (action.managers.clear(), action.managers.add(officer)))

    reversed_again(made)

    assert list(action.managers.all()) == [officer]


# What stands in the way


def test_added_row_on_which_anothers_hangs_is_an_obstacle() -> None:
    made = changed(KeyActionFactory)
    action = KeyAction.objects.get()
    later = DeliverableFactory(action=action)

    reversal = Reversal.of(made)

    assert [(row.pk, other) for row, other in reversal.obstacles if row.model is KeyAction] == [(action.pk, later)]


def test_name_that_others_use_by_now_stays() -> None:
    action, other = KeyActionFactory(), KeyActionFactory()
    made = changed(lambda: action.managers.add(OfficerFactory()))
    changed(lambda: other.managers.add(Officer.objects.get()))

    reversed_again(made, shared=[Officer])

    assert (action.managers.count(), other.managers.count()) == (0, 1)


def test_row_without_its_parent_does_not_come_back() -> None:
    deliverable = DeliverableFactory()
    made = changed(deliverable.delete)
    changed(KeyAction.objects.all().delete)

    (row,) = Reversal.of(made).rows

    assert row.hangs == "its action was removed since"
    assert not row.is_done(())


def test_constraint_that_refuses_leaves_nothing_done() -> None:
    line = BudgetLineFactory(activity="A", employee=Decimal(5))
    made = changed(lambda: BudgetLine.objects.update(activity="B", employee=Decimal(6)))
    BudgetLineFactory(plan=line.plan, unit=line.unit, activity="A")

    with pytest.raises(IntegrityError, match="budgets_budgetline_activity_once"), transaction.atomic():
        reversed_again(made)

    line.refresh_from_db()
    assert (line.activity, line.employee) == ("B", Decimal(6))


# Again


def test_reversal_is_reversed_in_its_turn() -> None:
    line = BudgetLineFactory(employee=Decimal(5))
    gone = BudgetLineFactory(plan=line.plan, unit=line.unit)

    def change() -> None:
        BudgetLine.objects.filter(pk=line.pk).update(employee=Decimal(6))
        gone.delete()

    made = changed(change)
    after = rows(BudgetLine)

    reversed_again(reversed_again(made))

    assert rows(BudgetLine) == after


def test_what_is_reversed_already_is_nothing_to_reverse() -> None:
    BudgetLineFactory(employee=Decimal(5))
    made = changed(lambda: BudgetLine.objects.update(employee=Decimal(6)))
    reversed_again(made)

    assert Reversal.of(made).does() == []


def test_what_stands_is_told_from_what_stood() -> None:
    BudgetLineFactory(employee=Decimal(5))
    made = changed(lambda: BudgetLine.objects.update(employee=Decimal(6)))
    seen = Reversal.of(made).seen
    assert Reversal.of(made).seen == seen

    changed(lambda: BudgetLine.objects.update(running=Decimal(6)))

    assert Reversal.of(made).seen != seen


def test_touched_rows_are_found_with_one_query(django_assert_num_queries: Any) -> None:
    line = BudgetLineFactory()
    made = changed(lambda: BudgetLine.objects.update(employee=Decimal(6)))
    touched(made)

    with django_assert_num_queries(1):
        assert touched(made) == {BudgetLine: [line.pk]}


def test_parents_come_before_what_hangs_on_them() -> None:
    order = ranks()
    assert set(order) == set(tracked_models())
    assert order[KeyAction] < order[Deliverable] < len(order)
    assert order[KeyAction] < order[KeyAction.managers.through]
    assert order[User] < order[GrantFactory._meta.model]


# Whatever was done


KINDS = (BudgetLine, Figure, KeyAction, Deliverable, KeyAction.managers.through, KeyAction.targets.through)
FIGURES = st.none() | st.decimals(-9, 9, places=2)
Step = st.tuples(
    st.sampled_from(["line", "figure", "action", "managers", "targets", "deliverable"]),
    st.sampled_from(["insert", "update", "delete"]),
    st.integers(0, 2),
    FIGURES,
)


def take(step: tuple[str, str, int, Decimal | None], world: "World") -> None:
    """One step of a change set, over rows of every kind; of what is not there nothing comes."""
    kind, deed, number, value = step
    match kind:
        case "line":
            found = BudgetLine.objects.order_by("pk")[number : number + 1]
            if deed == "insert":
                world.insert_line(value)
            elif deed == "update":
                BudgetLine.objects.filter(pk__in=found.values("pk")).update(employee=value)
            else:
                for line in found:
                    line.delete()
        case "figure":
            figures = Figure.objects.order_by("pk")[number : number + 1]
            if deed == "delete":
                Figure.objects.filter(pk__in=list(figures.values_list("pk", flat=True))).delete()
            elif deed == "update":
                status = FigureStatus.AWAITED if value is None else FigureStatus.VALUE
                Figure.objects.filter(pk__in=figures.values("pk")).update(value=value, status=status)
        case "action":
            actions = KeyAction.objects.order_by("pk")[number : number + 1]
            for action in actions:
                if deed == "update":
                    KeyAction.objects.filter(pk=action.pk).update(text=f"Text {action.pk} {value}")
                elif deed == "delete":
                    action.delete()
        case "deliverable":
            for action in KeyAction.objects.order_by("pk")[number : number + 1]:
                if deed == "insert":
                    Deliverable.objects.create(action=action, text=f"Text {value}")
                elif deed == "update":
                    action.deliverables.update(text=f"Text {value}")
                else:
                    action.deliverables.all().delete()
        case _:
            for action in KeyAction.objects.order_by("pk")[:1]:
                links: Any = action.managers if kind == "managers" else action.targets
                others = world.officers if kind == "managers" else world.targets
                if deed == "delete":
                    links.remove(others[number])
                else:
                    links.add(others[number])


class World:
    """Some rows of each kind."""

    def __init__(self) -> None:
        self.line = BudgetLineFactory(employee=Decimal(1))
        for _ in range(2):
            BudgetLineFactory(plan=self.line.plan, unit=self.line.unit, employee=Decimal(2))
        listing = FigureFactory().listing
        for period in ("2007/08", "2008/09"):
            FigureFactory(listing=listing, period=period)
        self.officers = [OfficerFactory() for _ in range(3)]
        self.targets = [TargetFactory() for _ in range(3)]
        for officer, target in zip(self.officers, self.targets, strict=True):
            action = DeliverableFactory().action
            changed(lambda: (action.managers.add(officer), action.targets.add(target)))  # noqa: B023 # called at once
        self.added = 0

    def insert_line(self, value: Decimal | None) -> None:
        self.added += 1
        BudgetLine.objects.create(
            plan=self.line.plan,
            unit=self.line.unit,
            year=self.line.year,
            activity=f"Added {self.added}",
            employee=value,
        )


@given(steps=st.lists(Step, min_size=1, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_done_reversed_gives_what_was_there(steps: list[tuple[str, str, int, Decimal | None]]) -> None:
    with transaction.atomic():
        world = World()
        before = rows(*KINDS)
        made = changed(lambda: [take(step, world) for step in steps])

        reversed_again(made, together=TOGETHER)
        assert rows(*KINDS) == before
        assert Reversal.of(made, together=TOGETHER).does() == []
        transaction.set_rollback(True)


@given(
    steps=st.lists(Step, min_size=1, max_size=8),
    later=st.dictionaries(st.integers(0, 2), st.tuples(st.sampled_from(["employee", "running"]), FIGURES), min_size=1),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_edited_since_is_left_alone(
    steps: list[tuple[str, str, int, Decimal | None]], later: dict[int, tuple[str, Decimal | None]]
) -> None:
    with transaction.atomic():
        world = World()
        first = {line.pk: line for line in BudgetLine.objects.all()}
        made = changed(lambda: [take(step, world) for step in steps])
        after = {line.pk: line for line in BudgetLine.objects.all()}
        edited: dict[int, dict[str, Decimal | None]] = {}
        for number, (name, value) in later.items():
            for line in BudgetLine.objects.order_by("pk")[number : number + 1]:
                if getattr(line, name) != value:
                    edited.setdefault(line.pk, {})[name] = value
                    changed(lambda: BudgetLine.objects.filter(pk=line.pk).update(**{name: value}))  # noqa: B023

        reversal = Reversal.of(made, together=TOGETHER)
        with held(made), change_set(by=None, why="", door="Test"):
            reversal.carry_out()

        now = {line.pk: line for line in BudgetLine.objects.all()}
        for pk, fields in edited.items():
            for name, value in fields.items():
                assert getattr(now[pk], name) == value
        for pk, line in first.items():
            for name in ("employee", "running"):
                if name not in edited.get(pk, {}):
                    assert getattr(now[pk], name) == getattr(line, name)
        assert set(now) == set(first) | {pk for pk in after if pk not in first and pk in edited}
        assert all(row.deed is not Deed.RESTORE for row in Reversal.of(made).does())
        transaction.set_rollback(True)

"""What a unit's page shows of its promises: actions by due date, consultations, the targets it answers to."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject, Lower

from kentplan.unit.money import in_words
from plans import calendar
from plans.models import FinancialYear, LeadKind, LeadRole, Officer, Target, Unit
from projects.models import Consultation, KeyAction
from projects.months import ON_GOING, UNDATED, Group, Promised, by_month
from projects.reporting import due_in_words

_SEVERAL = re.compile(r"\s*(?:/|;|,|\band\b)\s*")


@dataclass(frozen=True, slots=True)
class Action:
    """A key action. `number` counts the unit's actions in printed order."""

    pk: int
    number: int
    text: str
    section: str
    managers: tuple[str, ...]
    served: tuple[tuple[int, str], ...]  # targets: id and name
    provenance_id: int | None
    deliverables: tuple[tuple[Any, ...], ...]  # text, managers, links, start, end, precision, printed date


@dataclass(frozen=True, slots=True)
class DueRow:
    """Deliverables of one action that are due together, of the same people, for the same targets."""

    action: Action
    deliverables: tuple[str, ...]
    managers: str
    serves: str
    due: str


@dataclass(frozen=True, slots=True)
class DueGroup:
    """What is due in one month, or has no month."""

    month: str  # "2010-03"; nothing where it has none
    heading: str
    note: str
    number: str  # "7 deliverables"
    rows: tuple[DueRow, ...]


@dataclass(frozen=True, slots=True)
class UnitActions:
    """The actions of a unit by due date; those without an end apart."""

    actions: tuple[Action, ...]
    dated: tuple[DueGroup, ...]
    on_going: tuple[DueGroup, ...]  # one, or none

    @property
    def deliverables(self) -> int:
        return sum(len(action.deliverables) for action in self.actions)

    @property
    def officers(self) -> set[str]:
        return {name for action in self.actions for name in action.managers}


def actions_of(unit: Unit, year: FinancialYear) -> UnitActions:
    """One query."""
    actions = {action.pk: action for action in _actions(unit, year)}
    promised = [one for action in actions.values() for one in _promised(action)]
    groups = by_month(promised, year=year.start, today=calendar.today())
    return UnitActions(
        actions=tuple(actions.values()),
        dated=tuple(_group(group, actions) for group in groups if group.key != ON_GOING),
        on_going=tuple(_group(group, actions) for group in groups if group.key == ON_GOING),
    )


_NOTHING = ("", "", "", None, None, "", "")


def _promised(action: Action) -> Iterator[Promised]:
    """The deliverables of an action; an action without any is a promise still."""
    for text, managers, links, start, end, precision, printed in action.deliverables or (_NOTHING,):
        yield Promised(
            action=action.pk,
            title=action.text,
            unit="",
            slug="",
            section=action.section,
            text=text,
            # A row that goes on without its managers or links is one of the action's.
            managers=managers.replace(";", ",") or ", ".join(action.managers),
            links=links or ", ".join(name for _, name in action.served),
            end=end,
            precision=precision,
            due=printed or due_in_words(start, end, precision),
        )


def _group(group: Group, actions: Mapping[int, Action]) -> DueGroup:
    rows = tuple(
        DueRow(actions[part[0].action], tuple(one.text for one in part), part[0].managers, part[0].links, part[0].due)
        for part in group.parts
    )
    return DueGroup("" if group.key in UNDATED else group.key, group.heading, group.note, group.number, rows)


def _actions(unit: Unit, year: FinancialYear) -> Iterator[Action]:
    officers = Officer.objects.filter(key_actions=OuterRef("pk")).order_by(Lower("name"))
    targets = Target.objects.filter(key_actions=OuterRef("pk")).order_by("scheme", "code")
    rows = (
        KeyAction.objects.for_year(year)
        .for_unit(unit)
        .annotate(
            officers=ArraySubquery(officers.values("name")),
            served=ArraySubquery(targets.values(target=JSONObject(pk="pk", scheme="scheme", code="code"))),
        )
        .order_by("plan__tier", "plan__name", "position", "pk", "deliverables__position", "deliverables__pk")
        .values_list(
            "pk",
            "text",
            "section",
            "officers",
            "served",
            "provenance",
            "deliverables",
            "deliverables__text",
            "deliverables__managers",
            "deliverables__links",
            "deliverables__due_start",
            "deliverables__due_end",
            "deliverables__due_precision",
            "deliverables__due_printed",
        )
    )
    found: dict[int, tuple[Any, ...]] = {}
    deliverables: dict[int, list[tuple[Any, ...]]] = {}
    for pk, text, section, names, served, provenance, deliverable, *figures in rows:
        found.setdefault(pk, (text, section, names, served, provenance))
        if deliverable is not None:
            deliverables.setdefault(pk, []).append(tuple(figures))
    for number, (pk, (text, section, names, served, provenance)) in enumerate(found.items(), start=1):
        yield Action(
            pk=pk,
            number=number,
            text=text,
            section=section,
            managers=tuple(names),
            served=tuple((target["pk"], f"{target['scheme']} {target['code']}".strip()) for target in served),
            provenance_id=provenance,
            deliverables=tuple(deliverables.get(pk, ())),
        )


# Consultations


@dataclass(frozen=True, slots=True)
class Asked:
    """A consultation exercise of the unit, fact by fact in the plan's words."""

    name: str
    facts: tuple[tuple[str, str], ...]
    provenance_id: int | None
    printed_lines: str


def consultations_of(unit: Unit, year: FinancialYear) -> tuple[Asked, ...]:
    """One query."""
    rows = (
        Consultation.objects.for_year(year)
        .for_unit(unit)
        .order_by("plan__tier", "plan__name", "position", "pk")
        .values_list(
            "name",
            "purpose",
            "target_group",
            "area",
            "dates",
            "feedback",
            "statutory",
            "contractor",
            "contact",
            "provenance",
            "provenance__lines",
        )
    )
    labels = ("Asks", "Who", "Where", "When", "Feedback", "Statutory", "External contractor", "Contact")
    return tuple(
        Asked(
            name=name,
            facts=tuple((label, fact) for label, fact in zip(labels, facts, strict=True) if fact),
            provenance_id=provenance,
            printed_lines=in_words(lines or ()),
        )
        for name, *facts, provenance, lines in rows
    )


# Targets


@dataclass(frozen=True, slots=True)
class Role:
    """A corporate target that the plan leads or supports, and why it is this unit's."""

    role: str
    target_id: int | None
    target: str
    text: str
    officers: str
    own: tuple[str, ...]  # those of the officers who are the unit's
    actions: tuple[int, ...]  # the unit's actions that serve the target, by number
    provenance_id: int | None
    printed_lines: str


@dataclass(frozen=True, slots=True)
class Served:
    """A target that actions or measures of the unit are linked to, where the plan prints no role in it."""

    target_id: int
    target: str
    by: str


@dataclass(frozen=True, slots=True)
class UnitTargets:
    roles: tuple[Role, ...]
    served: tuple[Served, ...]


def targets_of(
    unit: Unit,
    year: FinancialYear,
    *,
    actions: UnitActions,
    managers: Iterable[str],
    measures: Iterable[tuple[str, tuple[tuple[int, str], ...]]],
) -> UnitTargets:
    """The lead roles in the unit's plan that its officers hold or its actions serve, and other targets that its actions
    and its measures (name, targets) are linked to; one query. Derived from officers and targets, stored nowhere."""
    people = {person for name in {*actions.officers, *managers} for person in persons(name)}
    serving: dict[int, list[int]] = {}
    for action in actions.actions:
        for target, _ in action.served:
            serving.setdefault(target, []).append(action.number)
    rows = (
        LeadRole.objects.filter(plan__year=year, plan__units=unit)
        .order_by("plan__tier", "plan__name", "position", "pk")
        .values_list(
            "role",
            "target",
            "target__scheme",
            "target__code",
            "scheme",
            "text",
            "officers_printed",
            "provenance",
            "provenance__lines",
        )
    )
    roles = []
    for role, target, scheme, code, printed_scheme, text, officers, provenance, lines in rows:
        own = tuple(sorted(person for person in people if is_named(person, officers)))
        if own or target in serving:
            roles.append(
                Role(
                    role=str(LeadKind(role).label),
                    target_id=target,
                    target=f"{scheme} {code}".strip() if target else printed_scheme,
                    text=_said(text),
                    officers=officers,
                    own=own,
                    actions=tuple(serving.get(target, ())),
                    provenance_id=provenance,
                    printed_lines=in_words(lines or ()),
                )
            )
    order = list(LeadKind.labels)
    roles.sort(key=lambda role: order.index(role.role))
    in_roles = {role.target_id for role in roles}
    return UnitTargets(tuple(roles), tuple(_served(actions, measures, without=in_roles)))


def persons(name: str) -> list[str]:
    """The people whom a printed name means: "Lindy Whitfield/ Eleanor Morgan" are two. Only full names say who it is."""
    return [person for person in _SEVERAL.split(name) if " " in person.strip()]


def is_named(person: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(person)}(?!\w)", text) is not None


def _said(text: str) -> str:
    """What the target says, without the role that is printed before it."""
    head, colon, rest = text.partition(":")
    is_role = head.split(" ", 1)[0].casefold() in ("lead", "joint", "support")
    return rest.strip() if colon and is_role and rest.strip() else text


def _served(
    actions: UnitActions, measures: Iterable[tuple[str, tuple[tuple[int, str], ...]]], *, without: set[int | None]
) -> Iterator[Served]:
    names: dict[int, str] = {}
    by_action: dict[int, list[int]] = {}
    by_measure: dict[int, list[str]] = {}
    for action in actions.actions:
        for target, name in action.served:
            names[target] = name
            by_action.setdefault(target, []).append(action.number)
    for measure, targets in measures:
        for target, name in targets:
            names[target] = name
            by_measure.setdefault(target, []).append(measure)
    for target in sorted(names, key=lambda pk: names[pk]):
        if target not in without:
            numbers = by_action.get(target, [])
            by = [f"action{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"] if numbers else []
            yield Served(target, names[target], "; ".join([*by, *by_measure.get(target, [])]))

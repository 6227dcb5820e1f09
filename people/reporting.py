"""People and their roles put together for pages and exports."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.timezone import localtime

from history.reading import changes_of
from people.models import Grant, Role, User
from people.rights import APPROVALS, EVERYONE, READING, RIGHTS, Act
from plans.models import Portfolio, Unit
from plans.telling import Telling, tell_with

EXPORT_COLUMNS = ("name", "email", "roles", "may_sign_in", "second_factor", "last_signed_in")
EVERYWHERE = "everywhere"
NEVER = "never"


def people_listed() -> QuerySet[User]:
    """Everybody, with their roles, and whether a second factor stands beside their password; two queries."""
    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    grants = Grant.objects.select_related("unit", "portfolio").order_by("role", "unit__name", "portfolio__name", "pk")
    return User.objects.annotate(has_factor=Exists(factors)).prefetch_related(Prefetch("grants", grants))


def list_rows(people: QuerySet[User]) -> Iterator[dict[str, Any]]:
    for person in people:
        yield {
            "pk": person.pk,
            "name": person.name,
            "email": person.email,
            "roles": roles_in_words(person.grants.all()),
            "may_sign_in": person.is_active,
            "has_factor": _has_factor(person),
            "last_login": f"{localtime(person.last_login):%-d %B %Y}" if person.last_login else NEVER,
        }


def export_rows(people: QuerySet[User]) -> Iterator[tuple[Any, ...]]:
    for person in people:
        yield (
            person.name,
            person.email,
            "; ".join(roles_in_words(person.grants.all())),
            _yes(person.is_active),
            _yes(_has_factor(person)),
            localtime(person.last_login).isoformat(timespec="seconds") if person.last_login else None,
        )


def _has_factor(person: Any) -> bool:
    return bool(person.has_factor)


def _yes(it_is: bool) -> str:
    return "yes" if it_is else "no"


def roles_in_words(grants: Iterable[Grant]) -> list[str]:
    """Each role once, with its places: "Unit manager: Clusters, Governor Services"."""
    return [
        role if places == [EVERYWHERE] else f"{role}: {', '.join(places)}" for role, places in _by_role(grants).items()
    ]


def _by_role(grants: Iterable[Grant]) -> dict[str, list[str]]:
    """The places of each role; a role held everywhere is held in no one place."""
    found: dict[Role, list[str]] = {}
    for grant in grants:
        found.setdefault(Role(grant.role), []).append(place_in_words(grant))
    return {role.label: [EVERYWHERE] if EVERYWHERE in found[role] else found[role] for role in Role if role in found}


def place_in_words(grant: Grant) -> str:
    if grant.portfolio:
        return f"units of the portfolio {grant.portfolio}"
    return str(grant.unit) if grant.unit else EVERYWHERE


@dataclass(frozen=True, slots=True)
class Totals:
    """How many people there are."""

    people: int
    active: int
    without_role: int
    without_factor: int  # of those who may sign in and hold a role


def totals() -> Totals:
    """One query."""
    counted = people_listed().annotate(has_role=Exists(Grant.objects.filter(user=OuterRef("pk"))))
    active = Q(is_active=True)
    return Totals(
        **counted.aggregate(
            people=Count("pk"),
            active=Count("pk", filter=active),
            without_role=Count("pk", filter=active & Q(has_role=False)),
            without_factor=Count("pk", filter=active & Q(has_role=True, has_factor=False)),
        )
    )


def history_of(person: User) -> list[Telling]:
    """What happened to the person and to their roles, newest first; six queries."""
    places = {
        "unit": dict(Unit.objects.values_list("pk", "name")),
        "portfolio": dict(Portfolio.objects.values_list("pk", "name")),
    }

    def named(values: Mapping[str, Any]) -> str:
        place = next((names[values[kind]] for kind, names in places.items() if values.get(kind) in names), "")
        return ", ".join(filter(None, (Role(values["role"]).label, place)))

    return tell_with(person, "grants", name=named)


def held_before(pk: int, *, token: str) -> User | None:
    """The person whose grant the form with this token ended; None where that form ended no such grant."""
    history = changes_of(Grant(pk=pk))
    end = history[0] if history and history[0].operation == "delete" else None
    if not token or end is None or end.change_set is None or str(end.change_set.token) != token:
        return None
    return User.objects.filter(pk=end.fields["user"][0]).first()


# Who may do what


@dataclass(frozen=True, slots=True)
class ActOf:
    """Something that a person may do, and where."""

    act: str
    places: str


def acts_of(grants: Sequence[Grant]) -> list[ActOf]:
    """All that the roles let their holder do, with the places in words."""
    found = []
    for act in Act:
        held = [grant for grant in grants if grant.role in RIGHTS[act]]
        if held:
            places = list(dict.fromkeys(map(place_in_words, held)))
            everywhere = act in READING or EVERYWHERE in places
            found.append(ActOf(act.label, EVERYWHERE if everywhere else ", ".join(places)))
    return found


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who may do something, and where; the places are not said where it is everywhere."""

    pk: int
    name: str
    places: str


@dataclass(frozen=True, slots=True)
class ActRow:
    """A line of the table of rights: which roles may, and who holds them. Reading is everybody's, who are not named."""

    act: str
    may: tuple[bool, ...]
    is_everyones: bool
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class BothSides:
    """What one person is to enter and another to approve, and who could do both."""

    act: str
    enters: str
    approves: str
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class Rights:
    """Who can do what."""

    roles: tuple[str, ...]
    rows: tuple[ActRow, ...]
    approvals: tuple[BothSides, ...]
    people: int  # how many hold a role

    @property
    def in_conflict(self) -> tuple[Holder, ...]:
        """Who holds both sides of any approval."""
        found = {holder.pk: Holder(holder.pk, holder.name, "") for pair in self.approvals for holder in pair.holders}
        return tuple(found.values())


def rights() -> Rights:
    """The table of rights with the people who may sign in; one query."""
    grants = list(Grant.objects.in_use().with_places().order_by("user__name", "user", "role", "unit__name", "pk"))
    return Rights(
        roles=tuple(role.label for role in Role),
        rows=tuple(_row(act, grants) for act in Act),
        approvals=tuple(_both(act, approver, grants) for act, approver in APPROVALS),
        people=len({grant.user_id for grant in grants}),
    )


def _row(act: Act, grants: Sequence[Grant]) -> ActRow:
    is_everyones = RIGHTS[act] == EVERYONE
    holders = () if is_everyones else _holders([grant for grant in grants if grant.role in RIGHTS[act]], act)
    return ActRow(act.label, tuple(role in RIGHTS[act] for role in Role), is_everyones, holders)


def _both(act: Act, approver: Role, grants: Sequence[Grant]) -> BothSides:
    approving = {grant.user_id for grant in grants if grant.role == approver}
    entering = [grant for grant in grants if grant.role in RIGHTS[act] and grant.user_id in approving]
    enters = " or ".join(role.label.lower() for role in Role if role in RIGHTS[act])
    return BothSides(act.label, enters, approver.label.lower(), _holders(entering, act))


def _holders(grants: Iterable[Grant], act: Act) -> tuple[Holder, ...]:
    by_person: dict[int, list[Grant]] = {}
    for grant in grants:
        by_person.setdefault(grant.user_id, []).append(grant)
    return tuple(Holder(pk, held[0].user.name, _places(held, act)) for pk, held in by_person.items())


def _places(grants: Sequence[Grant], act: Act) -> str:
    places = list(dict.fromkeys(map(place_in_words, grants)))
    return "" if act in READING or EVERYWHERE in places else ", ".join(places)

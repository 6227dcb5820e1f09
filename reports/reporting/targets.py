"""Corporate targets: who leads on each in the plans, which actions and measures are linked to it."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from indicators.models import Listing
from plans.models import FinancialYear, LeadKind, LeadRole
from projects.models import KeyAction

SCHEMES = {
    "CYPP": "Children and Young People’s Plan",
    "JAR": "Joint Area Review",
    "LAA": "Local Area Agreement",
    "LPSA2": "Local Public Service Agreement 2",
    "NI": "National Indicators",
    "T2010": "Towards 2010",
    "V4K": "Vision for Kent",
}
WHOLE = "The scheme as a whole"


@dataclass(slots=True)
class _Found:
    """What is linked to a target, while it is gathered."""

    title: str = ""
    actions: set[int] = field(default_factory=set)
    measures: set[int] = field(default_factory=set)
    roles: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A corporate target, or a scheme of them, with how much is linked to it."""

    scheme: str
    code: str  # blank for the scheme as a whole
    name: str
    title: str
    actions: int
    due: int  # actions with a deliverable due in the half year
    following: int
    measures: int
    lead_roles: int
    roles: Sequence[str]  # who answers for it in them, each once: "Lead: Peter Heckel"


@dataclass(frozen=True, slots=True)
class SchemeRow:
    """A scheme with its targets. An action counts once, however many of the scheme's targets it serves."""

    total: TargetRow
    targets: Sequence[TargetRow]
    width: str  # of its bar, in per cent of the longest


def schemes_of(year: FinancialYear, *, due: Collection[int], following: Collection[int]) -> list[SchemeRow]:
    """The schemes with most actions first; three queries. `due` and `following` are the actions due then."""
    found: dict[str, dict[str, _Found]] = defaultdict(lambda: defaultdict(_Found))
    actions = KeyAction.targets.through.objects.filter(keyaction__plan__year=year)
    for action, scheme, code, title in actions.values_list(
        "keyaction", "target__scheme", "target__code", "target__title"
    ):
        one = found[scheme][code]
        one.title = title
        one.actions.add(action)
    listings = Listing.targets.through.objects.filter(listing__plan__year=year)
    for listing, scheme, code, title in listings.values_list(
        "listing", "target__scheme", "target__code", "target__title"
    ):
        one = found[scheme][code]
        one.title = title
        one.measures.add(listing)
    for scheme, code, role, officers in _roles(year):
        words = str(LeadKind(role).label)
        found[scheme][code].roles.append(f"{words}: {officers}" if officers else words)
    rows = [_scheme(scheme, targets, due=set(due), following=set(following)) for scheme, targets in found.items()]
    most = max((total.actions for total, _ in rows), default=0) or 1
    rows.sort(key=lambda row: (-row[0].actions, row[0].name.lower()))
    return [SchemeRow(total, targets, f"{100 * total.actions / most:.1f}%") for total, targets in rows]


def natural(code: str) -> list[tuple[int, str]]:
    """By which codes sort as people count: "Target 6" before "Target 12"."""
    parts = re.findall(r"[0-9]+|[^0-9]+", code)
    return [(int(part[:9]), "") if part.isdecimal() else (-1, part.lower()) for part in parts]


def _roles(year: FinancialYear) -> Iterator[tuple[str, str, str, str]]:
    roles = LeadRole.objects.filter(plan__year=year).order_by("role", "position", "pk")
    for of_target, code, scheme, role, officers in roles.values_list(
        "target__scheme", "target__code", "scheme", "role", "officers_printed"
    ):
        yield of_target or scheme, code or "", role, officers


def _scheme(
    scheme: str, targets: dict[str, _Found], *, due: set[int], following: set[int]
) -> tuple[TargetRow, list[TargetRow]]:
    def row(code: str, name: str, title: str, ones: Collection[_Found]) -> TargetRow:
        actions = set[int]().union(*(one.actions for one in ones))
        return TargetRow(
            scheme=scheme,
            code=code,
            name=name,
            title=title,
            actions=len(actions),
            due=len(actions & due),
            following=len(actions & following),
            measures=len(set[int]().union(*(one.measures for one in ones))),
            lead_roles=sum(len(one.roles) for one in ones),
            roles=list(dict.fromkeys(role for one in ones for role in one.roles)),
        )

    total = row("", scheme, SCHEMES.get(scheme, ""), targets.values())
    if list(targets) == [""]:
        return total, []
    return total, [
        row(code, code or WHOLE, targets[code].title, [targets[code]]) for code in sorted(targets, key=natural)
    ]

"""What serves the same corporate target (DECISIONS 5): derived from the targets' codes, never stored."""

from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Lower

from indicators.models import Listing
from plans.names import name_key
from projects.models import KeyAction


@dataclass(frozen=True, slots=True)
class MeasureBeside:
    """A measure of the year that serves a target of an action, or is the national indicator that it names."""

    pk: int
    name: str
    unit: str
    because: str  # the target that they share


def measures_beside(action: KeyAction) -> list[MeasureBeside]:
    """Measures that serve a target of the action by its code; a scheme as a whole ties nothing. One query.

    `action` comes from `KeyAction.objects.with_ties()`, with its plan.
    """
    serves: list[dict[str, str]] = action.serves  # type: ignore[attr-defined]
    own = [target for target in serves if target["code"]]
    named = {f"{target['scheme']} {target['code']}" for target in own}
    codes = {_code(name) for name in named} - {""}
    shared = Q(pk__in=[])
    for target in own:
        shared |= Q(targets__scheme=target["scheme"], targets__code=target["code"])
    if codes:
        shared |= Q(code__istartswith="NI")
    found: dict[int, MeasureBeside] = {}
    rows = Listing.objects.filter(shared, plan__year=action.plan.year_id).order_by(
        Lower("unit__name").asc(nulls_last=True), "plan__tier", "position", "pk"
    )
    for pk, code, title, unit, scheme, of_target in rows.values_list(
        "pk", "code", "title", "unit__name", "targets__scheme", "targets__code"
    ):
        its_own = f"{scheme} {of_target}"
        because = its_own if its_own in named else code if _code(code) in codes else ""
        if because and pk not in found:
            found[pk] = MeasureBeside(pk, f"{code} {title}".strip(), unit or "", because)
    return list(found.values())


def _code(text: str) -> str:
    """ "ni 103 a" for "NI 103 a)" and for "LAA NI 103 a"."""
    words = name_key(text).split()
    return " ".join(words[words.index("ni") :]) if "ni" in words else ""

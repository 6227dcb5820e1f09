"""What a row is called, which unit it is of, and where it is shown; by its history, so that what is gone has a name too."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse

from budgets.models import TotalSubject
from history.tracked import Model, tracked_models
from history.whole import RowChange, latest
from indicators.reporting.words import when
from kentplan.history.places import Named, foreign_keys, parent_of
from people.models import Role
from plans import calendar
from plans.models import AliasSubject, Half, LeadKind

# Of rows that are looked up for their name, the rows that their own name or place hangs on.
FOLLOWED = ("unit", "plan", "year", "listing", "action", "group", "user", "portfolio")
ROUNDS = 3  # a figure's listing, the listing's plan, the plan's year
LONGEST_NAME = 90

# What a row of a model is, in people's words: "budget line".
WORDS = {
    "budgets.budgetline": "budget line",
    "budgets.controltotal": "printed total",
    "budgets.coreservice": "core service",
    "budgets.mtpitem": "medium term plan item",
    "budgets.staffinglevel": "posts in a grade band",
    "budgets.establishment": "line of the staffing establishment",
    "budgets.movementreason": "reason for a movement of posts",
    "indicators.indicator": "definition of a measure",
    "indicators.group": "group of people",
    "indicators.listing": "measure",
    "indicators.figure": "figure of a measure",
    "projects.keyaction": "action",
    "projects.deliverable": "deliverable",
    "projects.consultation": "consultation",
    "plans.financialyear": "financial year",
    "plans.period": "reporting period",
    "plans.unityear": "place of a unit in a year",
    "plans.alias": "other name",
    "plans.correction": "correction of a printed line",
    "plans.explanation": "explanation of a break",
    "plans.target": "corporate target",
    "plans.leadrole": "role in a corporate target",
    "people.user": "person",
    "people.grant": "role of a person",
}
MANY = {
    "posts in a grade band": "entries of posts in a grade band",
    "line of the staffing establishment": "lines of the staffing establishment",
    "reason for a movement of posts": "reasons for a movement of posts",
    "definition of a measure": "definitions of measures",
    "group of people": "groups of people",
    "figure of a measure": "figures of measures",
    "place of a unit in a year": "places of units in a year",
    "correction of a printed line": "corrections of printed lines",
    "explanation of a break": "explanations of breaks",
    "role in a corporate target": "roles in corporate targets",
    "person": "people",
    "role of a person": "roles of people",
}


def words_of(model: Model) -> str:
    """What a row of `model` is: "budget line"."""
    if model._meta.auto_created:
        owner, other = _ends(model)
        return f"link of {words_of(owner)} to {words_of(other)}"
    return WORDS.get(model._meta.label_lower) or str(model._meta.verbose_name)


def words_of_many(model: Model, number: int) -> str:
    """ "5 budget lines", "43 links of measures to corporate targets"."""
    return f"1 {words_of(model)}" if number == 1 else f"{number:,} {_plural(model)}"


def _plural(model: Model) -> str:
    if model._meta.auto_created:
        owner, other = _ends(model)
        return f"links of {_plural(owner)} to {_plural(other)}"
    one = words_of(model)
    return MANY.get(one) or f"{one}s"


def _ends(model: Model) -> tuple[Model, Model]:
    """The model that a link belongs to, and the one that it leads to."""
    parent = parent_of(model)
    other = next(field for field in foreign_keys(model) if field.name != parent.name)
    return parent.related_model, other.related_model


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row belongs: the unit by name and address, as far as there is one."""

    unit: str = ""
    url: str = ""


class Names:
    """The names of the rows that changes speak of, and of those that these hang on. A fixed number of queries."""

    def __init__(self, changes: Iterable[RowChange], named: Named | None = None) -> None:
        self.models: dict[str, Model] = {model._meta.label_lower: model for model in tracked_models()}
        self.rows: dict[tuple[Model, int], tuple[dict[str, Any], bool]] = {}
        self._look_up(changes, named)

    def _look_up(self, changes: Iterable[RowChange], named: Named | None) -> None:
        wanted: dict[Model, set[int]] = {named.model: {named.pk}} if named else {}
        for change in changes:
            wanted.setdefault(change.model, set()).add(change.pk)
            for values in filter(None, (change.before, change.after)):
                for model, pk in self._points_to(change.model, values, followed=None):
                    wanted.setdefault(model, set()).add(pk)
        for _ in range(ROUNDS):
            found = latest(wanted)
            self.rows |= found
            wanted = {}
            for (model, _pk), (values, _stands) in found.items():
                for other, pk in self._points_to(model, values, followed=FOLLOWED):
                    if (other, pk) not in self.rows:
                        wanted.setdefault(other, set()).add(pk)
            if not wanted:
                return

    def _points_to(
        self, model: Model, values: Mapping[str, Any], *, followed: tuple[str, ...] | None
    ) -> Iterable[tuple[Model, int]]:
        for field in foreign_keys(model):
            pk = values.get(field.column)
            other = self.models.get(field.related_model._meta.label_lower)
            if pk is not None and other is not None and (followed is None or field.name in followed):
                yield other, pk

    def stands(self, model: Model, pk: int) -> bool:
        return self.rows.get((model, pk), ({}, False))[1]

    def name(self, model: Model, pk: int | None) -> str:
        """The name of a row by its last version; blank for none."""
        values, _ = self.rows.get((model, pk or 0), ({}, False))
        return self.name_by(model, values) if values else ""

    def name_by(self, model: Model, values: Mapping[str, Any]) -> str:
        """The name of a row by the values of a version of it."""
        namer = NAMERS.get(model._meta.label_lower)
        return shortened(namer(self, values) if namer else str(values.get("name") or values.get("id") or ""))

    def of(self, values: Mapping[str, Any], column: str, label: str) -> str:
        pk = values.get(column)
        return self.name(self.models[label], pk) if pk is not None else ""

    def other(self, values: Mapping[str, Any], column: str, label: str) -> Mapping[str, Any]:
        """The values of the row that a foreign key points to."""
        return self.rows.get((self.models[label], values.get(column) or 0), ({}, False))[0]

    def place(self, model: Model, values: Mapping[str, Any]) -> Place:
        """The unit that a row belongs to, with the unit's page in the year where that is known."""
        values, label = self._whole(model, values)
        unit = values if label == "plans.unit" else self.other(values, "unit_id", "plans.unit")
        if not unit:
            return Place()
        plan = self.other(values, "plan_id", "plans.plan")
        year = self.other(values, "year_id", "plans.financialyear") or self.other(
            plan, "year_id", "plans.financialyear"
        )
        start, slug = year.get("start"), unit.get("slug")
        url = _url("kentplan:unit_detail", year=calendar.path(start), unit=slug) if start and slug else ""
        return Place(unit.get("name", ""), url)

    def url(self, model: Model, pk: int, values: Mapping[str, Any]) -> str:
        """The page that shows the row, if it still stands and has one."""
        if not self.stands(model, pk):
            return ""
        parent = parent_of(model)
        label = model._meta.label_lower
        if label not in PAGES and parent is not None:
            above = self.models.get(parent.related_model._meta.label_lower)
            number = values.get(parent.column)
            return self.url(above, number, self.rows.get((above, number), ({}, False))[0]) if above and number else ""
        if label in PAGES:
            return _url(PAGES[label], pk=pk)
        return ""

    def url_of(self, model: Model, pk: int) -> str:
        return self.url(model, pk, self.rows.get((model, pk), ({}, False))[0])

    def _whole(self, model: Model, values: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
        """The row that one belongs to, or itself, where the former says whose it is."""
        label = model._meta.label_lower
        parent = parent_of(model)
        if parent is None or "unit_id" in values:
            return values, label
        above = parent.related_model._meta.label_lower
        return self.other(values, parent.column, above), above


def shortened(text: str, at_most: int = LONGEST_NAME) -> str:
    text = " ".join(text.split())
    return text if len(text) <= at_most else f"{text[: at_most - 1].rsplit(' ', 1)[0]}…"


@lru_cache(maxsize=5000)
def _url(name: str, **named: Any) -> str:
    try:
        return reverse(name, kwargs=named)
    except NoReverseMatch:  # no page of it, or not in that year
        return ""


PAGES = {
    "budgets.budgetline": "budgets:line_detail",
    "indicators.listing": "indicators:indicator_detail",
    "projects.keyaction": "projects:action_detail",
    "people.user": "people:person_detail",
}

Namer = Callable[[Names, Mapping[str, Any]], str]


def _joined(*words: str) -> str:
    return ", ".join(filter(None, words))


def _choice(choices: Any, value: Any) -> str:
    return str(dict(choices.choices).get(value, value))


def _figure(names: Names, values: Mapping[str, Any]) -> str:
    which = when(values["kind"], values["period"], values["area"], values["label"])
    figure = _joined(which, names.of(values, "group_id", "indicators.group"))
    return f"{figure}: {names.of(values, 'listing_id', 'indicators.listing')}"


def _grant(names: Names, values: Mapping[str, Any]) -> str:
    place = names.of(values, "unit_id", "plans.unit") or names.of(values, "portfolio_id", "plans.portfolio")
    who = names.of(values, "user_id", "people.user")
    return f"{who}: {_joined(_choice(Role, values['role']), place)}"


def _alias(names: Names, values: Mapping[str, Any]) -> str:
    stands_for = values["stands_for"] or names.of(values, "unit_id", "plans.unit")
    return f"{values['name']} = {stands_for} ({_choice(AliasSubject, values['subject']).lower()})"


NAMERS: dict[str, Namer] = {
    "budgets.budgetline": lambda names, row: row["activity"],
    "budgets.controltotal": lambda names, row: row["label"] or _choice(TotalSubject, row["subject"]),
    "budgets.coreservice": lambda names, row: row["activity"],
    "budgets.mtpitem": lambda names, row: row["heading"],
    "budgets.staffinglevel": lambda names, row: row["band"],
    "budgets.establishment": lambda names, row: row["label"],
    "budgets.movementreason": lambda names, row: row["reason"],
    "indicators.indicator": lambda names, row: f"{row['code']} {row['title']}",
    "indicators.listing": lambda names, row: f"{row['code']} {row['title']}",
    "indicators.figure": _figure,
    "projects.keyaction": lambda names, row: row["text"],
    "projects.deliverable": lambda names, row: row["text"] or row["due_printed"] or "without words",
    "plans.financialyear": lambda names, row: calendar.label(row["start"]),
    "plans.period": lambda names, row: _joined(
        names.of(row, "year_id", "plans.financialyear"), Half(row["half"]).label
    ),
    "plans.unityear": lambda names, row: _joined(
        names.of(row, "unit_id", "plans.unit"), names.of(row, "year_id", "plans.financialyear")
    ),
    "plans.alias": _alias,
    "plans.plan": lambda names, row: _joined(row["name"], names.of(row, "year_id", "plans.financialyear")),
    "plans.correction": lambda names, row: f"Line {row['line']}, {row['field']}",
    "plans.explanation": lambda names, row: row["note"],
    "plans.target": lambda names, row: f"{row['scheme']} {row['code']}",
    "plans.leadrole": lambda names, row: f"{_choice(LeadKind, row['role'])}: {row['text']}",
    "people.grant": _grant,
}

"""The organisation as declared: which names are one unit, and which units make up a division. Imports no Django.

Read from fixtures/organisation/*.toml; each declaration has its reason. Nothing here is inferred from likeness.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plans.documents import Correction
from plans.names import may_be, name_key


@dataclass(frozen=True)
class Declared:
    """One declared name: what it is a name of, the name it stands for, and why."""

    subject: str
    name: str
    stands_for: str
    reason: str


@dataclass
class Organisation:
    """All declarations. Keys are name keys (plans.names), values the names that the portal uses."""

    directorates: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    divisions: dict[str, str] = field(default_factory=dict)
    division_of: dict[str, str] = field(default_factory=dict)  # unit key -> division name
    reasons: dict[str, str] = field(default_factory=dict)  # unit name -> why it is declared
    names: list[Declared] = field(default_factory=list)
    measures: dict[str, str] = field(default_factory=dict)  # key of a measure's words -> the national code it is of

    def stands_for(self, subject: str) -> dict[str, str]:
        """Declared names of one subject: key -> the name it stands for."""
        return {name_key(item.name): item.stands_for for item in self.names if item.subject == subject}

    def division_keys(self) -> dict[str, str]:
        """Unit key -> the key of each name its division goes by in an establishment table: printed and declared."""
        return {unit: name_key(division) for unit, division in self.division_of.items()}


def read_organisation(folder: Path) -> Organisation:
    """Read every declaration in the folder, in the order of the files' names."""
    organisation = Organisation()
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(path.read_text())
        for name in (data["directorate"], *data.get("directorate_aliases", ())):
            organisation.directorates[name_key(name)] = data["directorate"]
        for unit in data.get("units", ()):
            _declare(organisation, "unit", organisation.units, unit)
            organisation.reasons[unit["name"]] = unit["reason"]
        for division in data.get("divisions", ()):
            _declare(organisation, "division", organisation.divisions, division)
            for unit_name in division["units"]:
                key = name_key(organisation.units.get(name_key(unit_name), unit_name))
                organisation.division_of[key] = division["name"]
        for measure in data.get("measures", ()):
            organisation.measures[name_key(measure["name"])] = measure["code"]
        organisation.names += [Declared(**item) for item in data.get("names", ())]
    return organisation


def _declare(organisation: Organisation, subject: str, names: dict[str, str], data: Mapping[str, object]) -> None:
    canonical = str(data["name"])
    names[name_key(canonical)] = canonical
    aliases = data.get("aliases", ())
    assert isinstance(aliases, list | tuple)
    for alias in map(str, aliases):
        if name_key(alias) != name_key(canonical):
            organisation.names.append(Declared(subject, alias, canonical, str(data["reason"])))
        names[name_key(alias)] = canonical


class UnitNames:
    """Whose name a printed name is: a known unit's, nobody's yet, or a question."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = dict(known)  # key of a name or alias -> the unit's name

    def __contains__(self, name: str) -> bool:
        return name_key(name) in self._known

    def resolve(self, name: str) -> str | None:
        return self._known.get(name_key(name))

    def candidates(self, name: str) -> list[str]:
        """The known units this may be, none of whose names it is."""
        units = dict.fromkeys(self._known.values())
        return [unit for unit in units if may_be(name, unit)]

    def add(self, name: str) -> None:
        self._known.setdefault(name_key(name), name)


# --- declared corrections --------------------------------------------------------------------------------------------


def read_corrections(paths: Iterable[Path], sha256: str) -> dict[tuple[int, str], Correction]:
    """The corrections declared for the document of that hash; one file may name several hashes."""
    found: dict[tuple[int, str], Correction] = {}
    for path in paths:
        data = tomllib.loads(path.read_text())
        if sha256 not in data["documents"]:
            continue
        for item in data["corrections"]:
            correction = Correction(
                line=item["line"],
                field=item["field"],
                was=item.get("was", ""),
                value=item["value"],
                reason=item.get("reason") or data["reason"],
                by=item.get("by") or data["by"],
            )
            found[correction.line, correction.field] = correction
    return found

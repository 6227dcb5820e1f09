"""What a written plan holds, cell by cell: what a reader of it is held against."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

MustBe = Literal["right", "right_or_marked", "refused_or_marked"]
How = Literal["equal", "within", "words", "code"]  # within: as one run; words: each of them, in any order

RIGHT: MustBe = "right"  # position or arithmetic proves it
EITHER: MustBe = "right_or_marked"  # a careful person may resolve it or call it doubtful
REFUSED: MustBe = "refused_or_marked"  # nobody can know: a value given in silence is a guess

Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one table: its kind, its unit, its own line, and what tells it from others of that line."""

    kind: str
    unit: str | None
    line: int
    key: Key = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row: what it holds, how it was damaged, and what a reader must make of it."""

    row: Row
    column: str
    value: str | None
    must_be: MustBe
    damage: str
    lines: tuple[int, ...]  # every line that the cell was printed on
    how: How = "equal"
    also: tuple[str | None, ...] = ()  # other values as good, such as the computed gross beside the rounded one

    @property
    def kind(self) -> str:
        return self.row.kind

    @property
    def unit(self) -> str | None:
        return self.row.unit

    def __str__(self) -> str:
        where = f"{self.kind} {self.unit or ''} {dict(self.row.key) or ''} line {self.row.line}"
        return f"{where}: {self.column} = {self.value!r} ({self.damage or 'undamaged'}, {self.must_be}, {self.lines})"


@dataclass(slots=True)
class Truth:
    """Everything a written plan holds."""

    year: str
    tier: Literal["directorate", "service"]
    cells: list[Cell] = field(default_factory=list)
    optional: set[int] = field(default_factory=set)  # lines without a figure, of which a reader may make a row or none
    struck: set[str] = field(default_factory=set)  # damages of whole pages, which no one cell shows

    @property
    def rows(self) -> Sequence[Row]:
        return tuple(dict.fromkeys(cell.row for cell in self.cells))

    @property
    def damages(self) -> frozenset[str]:
        return frozenset(cell.damage for cell in self.cells if cell.damage) | self.struck


@dataclass(frozen=True, slots=True)
class Plan:
    """A written plan: its text as it would be published, and what it holds."""

    text: str
    truth: Truth

"""A line of a table of measures as a row of its own: which cells are what, and its declared corrections."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from indicators.parsing.labels import read_name
from indicators.parsing.values import ends_in_figure
from plans.documents import Context, Line, Outcome, Problem, Repair, Source, plain
from plans.names import name_key


@dataclass(slots=True)
class Entry:
    """A row while it is put together: `cells` by column, `main` the line that the others are joined to."""

    lines: list[int]
    main: int
    label: str
    cells: list[str]
    printed: list[list[str]]  # by column, label first: its words on each line
    code: str = ""  # in tables whose codes have a column of their own
    coded: bool = False
    parted: bool = False  # it has more or fewer cells than a whole line
    after_break: bool = False
    settled: bool = False  # a declared correction says what the label is
    doubted: bool = False  # a doubt about the label is recorded
    answers: dict[str, str] = field(default_factory=dict)  # declared corrections by field
    unsure: dict[int, str] = field(default_factory=dict)  # columns whose figures cannot be told to be this row's
    repairs: list[Repair] = field(default_factory=list)

    @property
    def filled(self) -> bool:
        return any(self.cells)

    def words(self, at: int) -> str:
        """What is printed in a column (0: the label), a line for each line of the document."""
        return "\n".join(words for words in self.printed[at] if words)

    def source(self, printed: Iterable[tuple[str, str]], above: "Entry | None" = None) -> Source:
        """Where the row stands; `above` is the row that its measure's name is read from."""
        entries = [above, self] if above else [self]
        return Source(
            tuple(sorted({line for entry in entries for line in entry.lines})),
            tuple(repair for entry in entries for repair in entry.repairs),
            tuple(printed),
        )

    def outcomes(self, outcome: str, why: str = "") -> list[Outcome]:
        return [
            Outcome(line, outcome, why) if line == self.main else Outcome(line, "repaired", f"into line {self.main}")
            for line in sorted(self.lines)
        ]


@dataclass(frozen=True, slots=True)
class Layout:
    """Which cells of a line are what: `columns` names of the cells that are read, and where they stand."""

    label: int
    columns: tuple[str, ...]
    at: tuple[int, ...]
    field: str  # the label's name in doubts and corrections
    width: int  # cells of a whole line
    tabs_cut: bool  # blank cells at the ends of lines are cut off
    code: int | None = None
    figures: bool = True  # the cells are figures, which may slide to the line above or below their label

    def entry(self, line: Line, *, after_break: bool, context: Context) -> Entry | Problem:
        """A line as a row of its own, with its declared corrections; an error where it has more cells than columns."""
        raw = [plain(cell) for cell in line.cells]
        known = {self.label, *self.at} | ({self.code} if self.code is not None else set())
        if extra := [cell for at, cell in enumerate(raw) if cell and at not in known]:
            return Problem(
                (line.number,), f"“{extra[0]}” stands in a column that the header does not name.", self.field
            )
        parted = self._is_parted(raw)
        raw += [""] * (max(known) + 1 - len(raw))
        code = raw[self.code] if self.code is not None else ""
        cells = [raw[at] for at in self.at]
        entry = Entry(
            [line.number],
            line.number,
            raw[self.label],
            cells,
            [[raw[self.label]], *([cell] for cell in cells)],
            code,
            parted=parted,
            after_break=after_break,
        )
        if parted:
            says = f"The line has {len(line.cells)} cells where {self.width} are usual: its columns are not certain."
            entry.unsure = dict.fromkeys((at for at, cell in enumerate(cells) if cell), says)
        if problem := self._correct(entry, context):
            return problem
        entry.coded = bool(entry.code) or is_coded(entry.label) or is_coded(raw[self.label])
        return entry

    def _is_parted(self, cells: Sequence[str]) -> bool:
        """Whether a tab was lost or has crept in; a label then holds the figure that stood behind it."""
        if len(cells) >= self.width or not self.tabs_cut:
            return len(cells) != self.width
        return self.figures and len(cells) > self.label and ends_in_figure(cells[self.label])

    def _correct(self, entry: Entry, context: Context) -> Problem | None:
        filled = [at for at, cell in enumerate(entry.cells) if cell]
        for (line, name), correction in context.corrections.items():
            if line != entry.main:
                continue
            if name in self.columns or (name == "value" and len(filled) == 1):
                at = self.columns.index(name) if name in self.columns else filled[0]
                was, entry.cells[at] = entry.cells[at], correction.value
                entry.unsure.pop(at, None)
            elif name in (self.field, "title", "group"):
                was, entry.settled = entry.printed[0][0], True
                entry.label = correction.value if name != "group" or correction.value else entry.label
            elif name in ("code", "measure_unit"):
                was = ""  # printed inside the label, or in its own cell; the unit beside the figures, or nowhere
            elif name == "unit":
                continue
            else:
                return Problem((line,), f"A correction names the column “{name}”, which this line does not have.", name)
            if was and correction.was and not _ends_with(was, correction.was):
                says = f"A correction expects “{correction.was}” here but the document prints “{was}”."
                return Problem((line,), says, name)
            entry.answers[name] = correction.value
            now = f"{correction.value} ({correction.reason}; {correction.by})"
            entry.repairs.append(Repair("declared correction", (line,), correction.was or was, now, name))
        return None


def is_coded(label: str) -> bool:
    """Whether a label begins with a measure's code."""
    return bool(read_name(label).code)


def tabs_cut(header: Line, body: Sequence[Line]) -> bool:
    """Whether the tabs at the ends of a table's lines were cut off, so that a short line only ends in blank cells.

    Where some lines still end in blank cells, one with fewer cells than the header has lost a tab further left.
    """
    short = any(len(line.cells) < len(header.cells) and not line.text.endswith("\t") for line in body)
    return short and not any(line.text.endswith("\t") and "\t" in line.text.rstrip("\t") for line in body)


def _ends_with(printed: str, expected: str) -> bool:
    """A correction may expect the label with its code or without."""
    return name_key(printed).endswith(name_key(expected))

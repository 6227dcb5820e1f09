"""A document's lines as they stand in print: cells in their columns, blank lines where the page breaks, marks on pieces."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from plans.amounts import MINUSES
from plans.documents import Line, plain

_FIGURE = re.compile(rf"[\d.,£%()\s{re.escape(MINUSES)}]*")
_LONG = 44  # characters that a cell shows on one line
_MINUS = re.compile(f"[{re.escape(MINUSES)}]")


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line as it is stored: its text, what became of it, in which table of the report."""

    number: int
    text: str
    outcome: str
    table: int | None
    why: str

    @property
    def cells(self) -> list[str]:
        return [plain(cell) for cell in self.text.split("\t")]

    @property
    def is_narrative(self) -> bool:
        return "\t" not in self.text

    @property
    def is_header(self) -> bool:
        return self.outcome == "header"

    @property
    def became(self) -> str:
        """What became of the line: "loaded", "repaired into line 242", "blank"."""
        if self.outcome == "repaired" and self.why.startswith("into line"):
            return f"repaired {self.why}"
        return self.outcome or "heading or prose"

    def as_line(self) -> Line:
        return Line(self.number, self.text)


STORED = ("number", "text", "outcome", "table", "why")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is shown: `mark` numbers the piece of a figure, `look` is how it stands out."""

    text: str
    mark: int = 0
    look: str = ""  # "hit", "lost"


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the facsimile: a printed one, a gap of blank lines, or what was read of the lines above it."""

    kind: str  # line, header, narrative, blank, read
    number: int = 0
    cells: tuple[Cell, ...] = ()
    says: str = ""  # of a gap or a narrative line
    on: bool = False  # it is one of the row's own
    became: str = ""
    why: str = ""
    figure_of: int = 0  # the provenance whose page shows how it was read
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the facsimile: its header's words, and whether figures stand in it, or words."""

    words: str
    look: str  # "num", "words", "long"


def columns_of(lines: Sequence[StoredLine], header: Sequence[StoredLine]) -> tuple[Column, ...]:
    """The columns of the lines, as many as the widest has; their headers' words from the header's last line up."""
    body = [line.cells for line in lines if not line.is_header and not line.is_narrative]
    heads = [line.cells for line in reversed(header)]
    width = max((len(cells) for cells in (*body, *heads)), default=1)
    while width > 1 and not any(len(cells) >= width and cells[width - 1] for cells in (*body, *heads)):
        width -= 1
    found = []
    for at in range(width):
        texts = [cells[at] for cells in body if at < len(cells) and cells[at]]
        words = " ".join(cells[at] for cells in heads if at < len(cells) and cells[at])
        figures = sum(bool(_FIGURE.fullmatch(text)) for text in texts)
        # A column of figures holds short words too: "N/A", "lost".
        short = all(len(text) < 12 for text in texts)
        look = "num" if texts and (figures == len(texts) or (short and figures * 2 >= len(texts))) else "words"
        if look == "words" and any(len(text) > _LONG for text in texts):
            look = "long"
        if not texts and at:
            look = "num"
        found.append(Column(words, look))
    return tuple(found)


def shown(line: StoredLine, width: int, *, on: bool = False, looks: Mapping[int, Cell] | None = None) -> Shown:
    """A printed line in its cells; `looks` are the cells that stand out, by column."""
    if line.is_narrative:
        return Shown("narrative", line.number, says=plain(line.text), on=on, became=line.became, why=line.why)
    texts = [*line.cells, *[""] * width][:width]
    cells = tuple((looks or {}).get(at) or Cell(text) for at, text in enumerate(texts))
    kind = "header" if line.is_header else "line"
    return Shown(kind, line.number, cells, on=on, became=line.became, why=_why(line))


def _why(line: StoredLine) -> str:
    return "" if line.why.startswith("into line") else line.why


def gap(before: int, after: int, *, on: bool = False) -> Shown:
    """The blank lines between two stored ones: they are not stored, having nothing in them."""
    first, last = before + 1, after - 1
    says = "Blank line: the page breaks here." if first == last else f"Blank lines to {last}: the page breaks here."
    return Shown("blank", first, says=says, on=on, became="blank")


def with_gaps(lines: Iterable[Shown]) -> list[Shown]:
    """The lines with what is blank between them."""
    found: list[Shown] = []
    last = 0
    for line in lines:
        if last and line.number > last + 1:
            found.append(gap(last, line.number, on=line.on and found[-1].on))
        found.append(line)
        last = line.number
    return found


def header_above(lines: Sequence[StoredLine], number: int) -> list[StoredLine]:
    """The header that a line stands under: the last header lines above it, as they follow one another."""
    above = [line for line in lines if line.is_header and line.number <= number]
    block: list[StoredLine] = []
    for line in reversed(above):
        if block and block[0].number != line.number + 1:
            break
        block.insert(0, line)
    return block


def same(cell: str, piece: str) -> bool:
    """Whether a cell holds a piece: a figure all of it, whatever dash prints its minus; words a part of it."""
    cell, piece = _MINUS.sub("-", cell), _MINUS.sub("-", piece)
    if not cell or not piece:
        return False
    if cell == piece:
        return True
    worded = not _FIGURE.fullmatch(cell) and not _FIGURE.fullmatch(piece)
    return worded and (cell in piece or piece in cell)

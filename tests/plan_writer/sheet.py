"""The page a plan is written on: numbered lines, page breaks, and the truth kept beside them."""

import random
from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from tests.plan_writer.truth import RIGHT, Cell, How, MustBe, Plan, Row, Truth

NBSP = "\u00a0"

DAMAGES: tuple[str, ...] = (
    # labels (DOMAIN.md, damages 1 and the paragraph after 6)
    "label_above",  # the first words stand on a line of their own above the figures
    "label_left_behind",  # the same, with a page break between
    "label_all_left_behind",  # the whole label stayed behind: the figures have none
    "label_tail_signed",  # the label goes on after its row, at a page break, and a sign says so
    "label_tail_unsigned",  # the same without a sign
    # figures (2)
    "split_before",  # "12,260." above, "4" in the row
    "split_after",  # "12,260." in the row, "4" below
    "split_at_comma",  # "12," above, "260.4" in the row
    "minus_before",
    "minus_after",
    "digits_after_minus",  # "-" in the row, the digits on the line after it
    # rows (3, 4)
    "figures_slid",  # in the memorandum block
    "figure_lost",
    "labels_merged",
    # pages (5)
    "page_break",
    "row_continued",
    "rule_rows",
    "tabs_stripped",
    "no_final_newline",
    "markup",
    "nbsp",
    "en_dash_minus",
    # several things in a cell (6)
    "two_figures",
    "dates_flattened",
    "remark_spans",
)


class Sheet:
    """A plan while it is written."""

    def __init__(
        self,
        rng: random.Random,
        *,
        start: int,
        tier: Literal["directorate", "service"],
        damages: Collection[str],
        rate: float,
        rounding: bool,
    ) -> None:
        self.rng = rng
        self.start = start  # the plan's year begins on 1 April of it
        self.damages = frozenset(damages)
        self.rate = rate
        self.rounding = rounding
        self.lines: list[str] = []
        self.truth = Truth(year=year(start), tier=tier)
        self.strips_tabs = self.hit("tabs_stripped")

    def hit(self, damage: str, rate: float | None = None) -> bool:
        """Whether this damage strikes here."""
        return damage in self.damages and self.rng.random() < (self.rate if rate is None else rate)

    def pick(self, *damages: str, rate: float | None = None) -> str:
        """One of the damages that are on, or none ("")."""
        possible = [damage for damage in damages if damage in self.damages]
        return self.rng.choice(possible) if possible and self.rng.random() < (rate or self.rate) else ""

    def say(self, *texts: str, gap: bool = True) -> int:
        """Lines without a table, each followed by a blank one; the number of the last."""
        number = 0
        for text in texts:
            self.lines.append(text)
            number = len(self.lines)
            if gap:
                self.lines.append("")
        return number

    def row(self, cells: Sequence[str]) -> int:
        """A line of a table; its number."""
        text = "\t".join(cells)
        if self.strips_tabs and "\t" in text.rstrip("\t"):
            self.truth.struck.add("tabs_stripped")
            text = text.rstrip("\t")
        self.lines.append(text)
        return len(self.lines)

    def rows(self, header: Iterable[Sequence[str]]) -> None:
        for cells in header:
            self.row(cells)

    def gap(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def turn_page(self, header: Iterable[Sequence[str]] = ()) -> None:
        """A page break inside a table: a blank line, and the header again where tables of this kind repeat it."""
        self.truth.struck.add("page_break")
        self.gap()
        self.rows(header)

    def rule(self, cells: int) -> None:
        """A line of dashes under the line above, as some converters leave it."""
        self.truth.struck.add("rule_rows")
        self.row(["-" * self.rng.randint(2, 30) for _ in range(cells)])
        self.gap()

    def holds(
        self,
        row: Row,
        column: str,
        value: str | None,
        *,
        lines: Sequence[int] = (),
        damage: str = "",
        must_be: MustBe = RIGHT,
        how: How = "equal",
        also: tuple[str | None, ...] = (),
    ) -> None:
        """Notes one cell. `lines` are those beside the row's own on which it was printed."""
        everywhere = tuple(dict.fromkeys((row.line, *lines)))
        self.truth.cells.append(Cell(row, column, value, must_be, damage, everywhere, how, also))

    def dress(self, text: str) -> str:
        """The same words as other converters leave them: non-breaking spaces, a paragraph, italics."""
        if " " in text and self.hit("nbsp", 0.1):
            at = self.rng.choice([index for index, letter in enumerate(text) if letter == " "])
            text = text[:at] + NBSP + text[at + 1 :]
            self.truth.struck.add("nbsp")
        if text and self.hit("markup", 0.05):
            text = self.rng.choice(("<p>{}</p>", "<i>{}</i>", "<p><i>{}</i></p>")).format(text)
            self.truth.struck.add("markup")
        return text

    def finish(self) -> Plan:
        while self.lines and not self.lines[-1]:
            self.lines.pop()
        if self.hit("no_final_newline", 0.5):
            self.truth.struck.add("no_final_newline")
            return Plan("\n".join(self.lines), self.truth)
        return Plan("\n".join(self.lines) + "\n", self.truth)


def year(start: int) -> str:
    """2009/10"""
    return f"{start}/{(start + 1) % 100:02d}"


def spread(rng: random.Random, count: int, *, apart: int, rate: float) -> set[int]:
    """Places in a list of `count`, each at least `apart` from the next, so that no damage explains another."""
    places: set[int] = set()
    last = -apart
    for place in range(count):
        if place - last >= apart and rng.random() < rate:
            places.add(place)
            last = place
    return places

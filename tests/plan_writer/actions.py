"""Key actions: a service plan's with managers and dates, a directorate plan's with the plan that answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.plan_writer.sheet import Sheet, spread
from tests.plan_writer.truth import EITHER, RIGHT, MustBe, Row
from tests.plan_writer.words import Names, bullets, paragraphs

MONTHS: tuple[tuple[str, ...], ...] = (
    ("Jan", "January"),
    ("Feb", "February"),
    ("Mar", "March"),
    ("Apr", "April"),
    ("May",),
    ("Jun", "June"),
    ("Jul", "July"),
    ("Aug", "August"),
    ("Sep", "Sept", "September"),
    ("Oct", "October"),
    ("Nov", "November"),
    ("Dec", "December"),
)


@dataclass(frozen=True, slots=True)
class Date:
    printed: str
    due: str | None
    precision: str
    must_be: MustBe = RIGHT


@dataclass(frozen=True, slots=True)
class Deliverable:
    text: str
    due: str | None
    precision: str
    printed: str
    must_be: MustBe
    damage: str


def draw_date(sheet: Sheet) -> Date:
    rng = sheet.rng
    at = rng.randint(0, 11)
    begins = sheet.start + (at < 3)  # January to March are the plan's second calendar year
    month = rng.choice(MONTHS[at])
    shown = rng.choice((str(begins), f"{begins % 100:02d}"))
    chance = rng.random()
    if chance < 0.72:
        return Date(f"{month} {shown}", f"{begins}-{at + 1:02d}", "month")
    if chance < 0.8:
        day = rng.randint(1, 28)
        return Date(f"{day} {MONTHS[at][-1]} {begins}", f"{begins}-{at + 1:02d}-{day:02d}", "day")
    if chance < 0.85 and at < 10:
        until = rng.choice(MONTHS[at + 2 if at != 1 else at + 1])
        end = MONTHS.index(next(names for names in MONTHS if until in names))
        if (at < 3) == (end < 3):
            return Date(
                f"{month}-{until} {begins}", f"{begins}-{at + 1:02d}/{begins}-{end + 1:02d}", "period", must_be=EITHER
            )
    return Date(rng.choice(("On-going", "All on-going", "On- going", "Ongoing", "On going")), None, "on-going")


class ActionTable:
    """The key actions of one unit, in five columns."""

    def __init__(self, sheet: Sheet, names: Names, unit: str) -> None:
        self.sheet, self.names, self.unit = sheet, names, unit
        planned = sheet.start - sheet.rng.randint(0, 1)  # last year's heading, left standing
        self.header = [
            [
                "Key actions/ Project/Development",
                "a/c manager",
                "Links to Corporate / Directorate Target",
                f"Deliverables or outcomes planned for {planned}/{(planned + 1) % 100:02d}",
                "Target dates",
            ]
        ]

    def write(self, actions: int) -> None:
        sheet, rng = self.sheet, self.sheet.rng
        sheet.rows(self.header)
        places = spread(rng, actions, apart=2, rate=sheet.rate)
        for place in range(actions):
            if place and not places & {place - 1, place} and sheet.hit("page_break", 0.2):
                sheet.turn_page(self.header)
            if place in places and sheet.hit("row_continued", 1):
                self.write_over_a_page()
            elif rng.random() < 0.2:
                self.write_several_rows()
            else:
                self.write_one_row()

    def write_one_row(self) -> None:
        sheet, names = self.sheet, self.names
        action, managers, links = names.sentence(), names.people(), names.links()
        cell, dates, deliverables = self.deliverables()
        number = sheet.row([sheet.dress(action), sheet.dress(managers), links, cell, dates])
        for deliverable in deliverables:
            self.note(number, action, managers, links, deliverable, key=len(deliverables) > 1)

    def note(
        self,
        number: int,
        action: str,
        managers: str,
        links: str,
        deliverable: Deliverable,
        *,
        key: bool,
        lines: Sequence[int] = (),
        unsure: MustBe = RIGHT,
        damage: str = "",
    ) -> None:
        """`lines` and `unsure`: of the texts that went over a page."""
        holds = self.sheet.holds
        row = Row("action", self.unit, number, (("deliverable", deliverable.text),) if key else ())
        damage = damage or ("row_continued" if lines else "")
        holds(row, "unit", self.unit)
        holds(row, "action", action, how="within", lines=lines, must_be=unsure, damage=damage)
        holds(row, "managers", managers, how="words", lines=lines, must_be=unsure, damage=damage)
        holds(row, "links", links, how="words", lines=lines, must_be=unsure, damage=damage)
        holds(row, "deliverable", deliverable.text, how="within", lines=lines, must_be=unsure, damage=damage)
        must_be = EITHER if EITHER in (deliverable.must_be, unsure) else RIGHT
        holds(row, "due", deliverable.due, lines=lines, must_be=must_be, damage=deliverable.damage or damage)
        precision = deliverable.precision
        holds(row, "due_precision", precision, lines=lines, must_be=must_be, damage=deliverable.damage or damage)
        holds(row, "due_printed", deliverable.printed, how="within", lines=lines, must_be=unsure, damage=damage)

    def deliverables(self) -> tuple[str, str, list[Deliverable]]:
        """The deliverables' cell, the dates' cell, and what they hold."""
        rng = self.sheet.rng
        texts = [self.names.sentence() for _ in range(rng.randint(2, 4))]
        dates = [draw_date(self.sheet) for _ in texts]
        shape = rng.choice(("one", "one", "one date", "bullets", "pairs", "flat"))
        flat = shape == "flat" and "dates_flattened" in self.sheet.damages
        if shape == "one" or (shape == "flat" and not flat):
            return texts[0], dates[0].printed, [self.pair(texts[0], dates[0])]
        if shape == "pairs":
            cells = paragraphs(texts), paragraphs([date.printed for date in dates])
            return *cells, [self.pair(text, date) for text, date in zip(texts, dates, strict=True)]
        if not flat:
            mark = rng.choice(("•", "◆"))
            cell = paragraphs(texts) if shape == "one date" else bullets(texts, mark)
            return cell, dates[0].printed, [self.pair(text, dates[0]) for text in texts]
        return self.flattened(texts, dates)

    def pair(self, text: str, date: Date) -> Deliverable:
        return Deliverable(text, date.due, date.precision, date.printed, date.must_be, "")

    def flattened(self, texts: list[str], dates: list[Date]) -> tuple[str, str, list[Deliverable]]:
        """Several dates in a run that cannot be paired: all texts in a run, or fewer dates than separate texts."""
        run = self.sheet.rng.random() < 0.5
        dates = dates if run else dates[:-1]
        while len({date.due for date in dates}) < 2:
            dates = [draw_date(self.sheet) for _ in range(max(2, len(dates)))]
        if not run and len(dates) == len(texts):
            texts = [*texts, self.names.sentence()]
        printed = " ".join(date.printed for date in dates)
        kept = [" ".join(texts)] if run else texts
        cell = kept[0] if run else bullets(texts)
        return cell, printed, [Deliverable(text, None, "unknown", printed, RIGHT, "dates_flattened") for text in kept]

    def write_several_rows(self) -> None:
        """Rows below the first without an action of their own: more deliverables of the same one."""
        sheet, names = self.sheet, self.names
        action = names.sentence()
        for place in range(sheet.rng.randint(2, 4)):
            managers, links = names.people(), names.links()
            if place == 2 and sheet.hit("page_break", 0.5):
                sheet.turn_page(self.header)
            deliverable = self.pair(names.sentence(), draw_date(sheet))
            number = sheet.row([action if not place else "", managers, links, deliverable.text, deliverable.printed])
            self.note(number, action, managers, links, deliverable, key=False)

    def write_over_a_page(self) -> None:
        """A row that goes on below the repeated header: lower-case words say so, capitals leave a doubt."""
        sheet, names, rng = self.sheet, self.names, self.sheet.rng
        signed = rng.random() < 0.6
        more = "and agree it with the other districts" if signed else "Phase Two of it"
        action, text, links = names.sentence(), names.sentence(), names.links()
        deliverable = self.pair(f"{text} {more}", draw_date(sheet))
        managers = names.people()
        both = rng.random() < 0.5
        number = sheet.row([action, managers, links, text, deliverable.printed])
        sheet.turn_page(self.header)
        rest = "and its annex" if signed else "The annex too"
        lines = [sheet.row([rest if both else "", "", "", more, ""])]
        self.note(
            number,
            f"{action} {rest}" if both else action,
            managers,
            links,
            deliverable,
            key=False,
            lines=lines,
            unsure=RIGHT if signed else EITHER,
        )


def write_directorate_actions(sheet: Sheet, names: Names, *, sections: int, plans: Sequence[str]) -> None:
    """One table, its sections headed by a row; no dates."""
    rng = sheet.rng
    sheet.row(
        [
            "Project/ development/ key action",
            "Relevant Plan",
            f"Deliverables or Outcomes for {sheet.start - 1}/{sheet.start % 100:02d}",
            "Link to strategic priority",
        ]
    )
    for section in rng.sample(("T2010", "Joint Targets", "Community Plan", "Specific Projects"), sections):
        sheet.row([section, "", "", ""])
        for _ in range(rng.randint(3, 7)):
            action, plan, links = names.sentence(), rng.choice(plans), names.links()
            if rng.random() < 0.3:
                action = f"TARGET {rng.randint(1, 60)}: {action}"
            texts = [names.sentence() for _ in range(rng.randint(1, 4))]
            continued = sheet.hit("row_continued")
            more = "and publish the result" if continued else ""
            whole = [*texts[:-1], f"{texts[-1]} {more}".strip()]
            cell = texts[0] if len(texts) == 1 else bullets(texts)
            number = sheet.row([sheet.dress(action), plan, cell, links])
            lines: list[int] = []
            if continued:
                sheet.turn_page()
                lines = [sheet.row(["", "", more, ""])]
            elif sheet.hit("page_break", 0.1):
                sheet.turn_page()
            for text in whole:
                row = Row("action", None, number, (("deliverable", text),) if len(whole) > 1 else ())
                last = text == whole[-1]
                damage, beside = ("row_continued", lines) if last and continued else ("", [])
                sheet.holds(row, "section", section, how="within")
                sheet.holds(row, "action", action, how="within")
                sheet.holds(row, "relevant_plan", plan)
                sheet.holds(row, "links", links, how="words")
                sheet.holds(row, "deliverable", text, how="within", damage=damage, lines=beside)
                sheet.holds(row, "due", None)

"""Tables of measures: figures of a unit, groups under a measure, lists without figures, comparisons with elsewhere."""

from collections.abc import Sequence
from decimal import Decimal

from tests.plan_writer.sheet import Sheet, spread, year
from tests.plan_writer.truth import EITHER, RIGHT, MustBe, Row
from tests.plan_writer.words import GROUPS, Names

NON_VALUES = (
    ("N/A", "not applicable"),
    ("Not available", "not available"),
    ("Not Available", "not available"),
    ("To Follow", "to follow"),
    ("To follow – will be informed by the base line figure", "to follow"),
    ("<i>Data awaited</i>", "awaited"),
    ("Awaiting confirmation following verification of the data.", "awaited"),
    ("No Target Set", "no target set"),
    ("Not available (not required to report at National Level)", "not available"),
)
NOTES = ("changes made to survey 08/09", "2 offices only", "provisional")
ITALICS = ("provisional figure", "changes made to survey 08/09")
NAME = "Indicator <i>local/national indicators as appropriate e.g. LAA2, 2010, NIs</i>"


def code_of(sheet: Sheet) -> tuple[str, str]:
    """A measure's code, and what stands between it and the title."""
    number = sheet.rng.randint(1, 198)
    return sheet.rng.choice(
        (
            (f"NI {number}", " – "),
            (f"NI {number}", " "),
            (f"NI {number} a)", " "),
            (f"BVPI {number}(a)", " "),
            ("", ""),
            ("", ""),
        )
    )


class FigureTable:
    """The key performance indicators of one unit."""

    def __init__(self, sheet: Sheet, names: Names, unit: str, *, targets: int = 1) -> None:
        self.sheet, self.names, self.unit = sheet, names, unit
        start = sheet.start
        last = f"{start - 2}/{start - 1}"  # 2007/2008: both years whole, as printed
        self.header = [
            [
                NAME,
                f"Actual performance {last}",
                f"Estimated /actual performance {year(start - 1)}",
                *[f"Target {year(start + later)}" for later in range(targets)],
            ]
        ]
        self.columns = [(year(start - 2), "actual"), (year(start - 1), "")]
        self.columns += [(year(start + later), "target") for later in range(targets)]
        self.codes: set[str] = set()
        self.all_coded = False

    def write(self, measures: int, *, groups: bool) -> None:
        sheet = self.sheet
        self.all_coded = groups  # a code alone tells a measure from one more group
        sheet.rows(self.header)
        places = spread(sheet.rng, measures, apart=3, rate=sheet.rate)
        for place in range(measures):
            if place and not places & {place - 1, place} and sheet.hit("page_break", 0.1):
                sheet.turn_page(self.header)
            damage = sheet.pick("label_tail_signed", "label_tail_unsigned", rate=1) if place in places else ""
            if groups and place % 3 == 1:
                self.write_groups()
            elif not damage and sheet.hit("remark_spans", 0.1):
                self.write_remark()
            else:
                self.write_measure(damage, last=place == measures - 1)

    def name(self) -> tuple[str, str, str]:
        """Code, title and the two together as printed; no code twice in a table."""
        code, between = code_of(self.sheet)
        while code in self.codes or (self.all_coded and not code):
            code, between = code_of(self.sheet)
        if code:
            self.codes.add(code)
        title = self.names.measure()
        return code, title, f"{code}{between}{title}"

    def write_measure(self, damage: str, *, last: bool) -> None:
        sheet = self.sheet
        code, title, label = self.name()
        percent = sheet.rng.random() < 0.4
        cells = self.draw_row(percent)
        must_be: MustBe = RIGHT
        tail = ""
        if damage and not last:
            if damage == "label_tail_signed":
                ending = "and the part of it that is met in full"
                tail, title = ending, f"{title} {ending}"
            else:
                tail, title = "Ward by Ward", f"{title} Ward by Ward"
                must_be = EITHER
        else:
            damage = ""
        number = sheet.row([sheet.dress(label), *[cell[0] for cell in cells]])
        lines: tuple[int, ...] = ()
        if tail:
            sheet.turn_page(self.header)
            lines = (sheet.row([tail, *[""] * len(cells)]),)
        for (period, kind), (printed, value, status, note) in zip(self.columns, cells, strict=True):
            if not printed:
                continue
            row = Row("indicator", self.unit, number, (("period", period),))
            self.note(row, kind, value, status, note)
            sheet.holds(row, "code", code, how="code")
            sheet.holds(row, "title", title, how="within", damage=damage, must_be=must_be, lines=lines)
            if "%" in printed and value is not None and "per 1,000" not in title:
                sheet.holds(row, "measure_unit", "percent")

    def note(
        self,
        row: Row,
        kind: str,
        value: str | None,
        status: str,
        note: str,
        *,
        must_be: MustBe = RIGHT,
        damage: str = "",
    ) -> None:
        holds = self.sheet.holds
        holds(row, "unit", self.unit)
        holds(row, "kind", kind or "estimate", also=() if kind else ("actual",))
        holds(row, "value", value, must_be=must_be, damage=damage)
        holds(row, "status", status, must_be=must_be, damage=damage)
        if note:
            holds(row, "note", note, how="within", must_be=must_be, damage=damage)

    def draw_row(self, percent: bool) -> list[tuple[str, str | None, str, str]]:
        """A cell for each column; a row without any figure would be a heading."""
        while True:
            cells = [self.draw(percent) for _ in self.columns]
            if any(printed for printed, *_ in cells):
                return cells

    def draw(self, percent: bool) -> tuple[str, str | None, str, str]:
        """A cell as printed, its value, status and note."""
        rng = self.sheet.rng
        chance = rng.random()
        if chance < 0.08:
            return "", None, "", ""
        if chance < 0.25:
            printed, status = rng.choice(NON_VALUES)
            return printed, None, status, ""
        value = Decimal(rng.randint(0, 1000)) / 10 if percent or rng.random() < 0.5 else Decimal(rng.randint(0, 9999))
        printed = f"{value}%" if percent else f"{value:,}"
        note = ""
        if chance < 0.35:
            inside, aside = rng.choice(NOTES), rng.choice(ITALICS)
            note, printed = rng.choice(((inside, f"{printed} ({inside})"), (aside, f"{printed} <i>{aside}</i>")))
        return printed, str(value), "value", note

    def write_remark(self) -> None:
        """One remark for the whole row, in its first cell."""
        code, title, label = self.name()
        remark = f"The {self.unit} contributes to the overall target by working with partners."
        number = self.sheet.row([label, remark, *[""] * (len(self.columns) - 1)])
        row = Row("indicator", self.unit, number)
        self.sheet.holds(row, "value", None, damage="remark_spans")
        self.sheet.holds(row, "status", "remark", damage="remark_spans")
        self.sheet.holds(row, "code", code, how="code")
        self.sheet.holds(row, "title", title, how="within")

    def write_groups(self) -> None:
        sheet = self.sheet
        rng = sheet.rng
        code, title, label = self.name()
        sheet.row([label, *[""] * len(self.columns)])
        groups = rng.sample(GROUPS, rng.randint(4, len(GROUPS)))
        for place, group in enumerate(groups):
            if place and sheet.hit("page_break", 0.1):
                sheet.turn_page(self.header)
            printed: list[str] = []
            drawn: list[list[tuple[str | None, str, str, MustBe, str]]] = []
            for cell, value, status, note in self.draw_row(percent=False):
                if sheet.hit("two_figures", 0.05):
                    both_cell, both = self.two_figures()
                    printed.append(both_cell)
                    drawn.append(both)
                else:
                    printed.append(cell)
                    drawn.append([(value, status, note, RIGHT, "")] if cell else [])
            number = sheet.row([sheet.dress(group), *printed])
            for (period, kind), figures in zip(self.columns, drawn, strict=True):
                for value, status, note, must_be, damage in figures:
                    key = (("period", period), *((("note", note),) if damage else ()))
                    row = Row("indicator", self.unit, number, key)
                    self.note(row, kind, value, status, note, must_be=must_be, damage=damage)
                    sheet.holds(row, "group", group)
                    sheet.holds(row, "code", code, how="code")
                    sheet.holds(row, "title", title, how="within")

    def two_figures(self) -> tuple[str, list[tuple[str | None, str, str, MustBe, str]]]:
        """Two figures with labels in one cell: never one of them alone, nor both as one."""
        rng = self.sheet.rng
        labels = rng.choice((("Refused", "Information Not Obtained"), ("Boys", "Girls"), ("North", "South")))
        values = [str(Decimal(rng.randint(1, 999)) / 10) for _ in labels]
        known: MustBe = RIGHT if labels[0] == "Refused" else EITHER
        cell = " ".join(f"{label} {value}" for label, value in zip(labels, values, strict=True))
        pairs = zip(labels, values, strict=True)
        return cell, [(value, "value", label, known, "two_figures") for label, value in pairs]


def write_list(
    sheet: Sheet, names: Names, *, section: str, rows: int, targets: bool, lead: bool, plans: Sequence[str]
) -> None:
    """Measures without figures: a code, a title, the service plan that answers, a link or who leads."""
    rng = sheet.rng
    first = "Target" if targets else "Performance Measure or Activity"
    title_head = "Performance Indicator" if targets else ""
    last = "Lead or Support" if lead else "Link to strategic priority"
    sheet.rows([[first, title_head, "Relevant Service level plan", last], [section, "", "", ""]])
    places = spread(rng, rows, apart=3, rate=sheet.rate)
    numbers = rng.sample(range(1, 199), rows)
    for place in range(rows):
        if place and not places & {place - 1, place} and sheet.hit("page_break", 0.1):
            sheet.turn_page()
        elif lead and rng.random() < 0.2 and place - 1 not in places:
            sheet.row(["", rng.choice(("Early Years", "Older Residents", "Health")), "", ""])
        code = f"TARGET {numbers[place]}" if targets else f"NI {numbers[place]}"
        printed = f"{code}:" if targets else rng.choice((code, f"(NI{numbers[place]})"))
        titles = [names.measure() for _ in range(rng.randint(1, 3) if targets else 1)]
        plan = rng.choice(plans)
        note = rng.choice(("Lead", "Support") if lead else ("LAA", "2010", ""))
        whole = ". ".join(titles) + ("." if targets else "")
        tail, damage = "", ""
        must_be: MustBe = RIGHT
        if place in places and place < rows - 1 and not targets:
            damage = sheet.pick("label_tail_signed", "label_tail_unsigned", rate=1)
        if damage:
            tail = "and the rest" if damage == "label_tail_signed" else "Ward by Ward"
            must_be = RIGHT if damage == "label_tail_signed" else EITHER
            titles = [f"{titles[0]} {tail}"]
        number = sheet.row(
            [printed, sheet.dress(whole), plan, f"<i>{note}</i>" if note and rng.random() < 0.3 else note]
        )
        lines: tuple[int, ...] = ()
        if tail:
            sheet.turn_page()
            lines = (sheet.row(["", tail, "", ""]),)
        for title in titles:
            key = (("title", title),) if len(titles) > 1 else ()
            row = Row("indicator", None, number, key)
            sheet.holds(row, "code", code, how="code")
            sheet.holds(row, "title", title, how="within", damage=damage, must_be=must_be, lines=lines)
            sheet.holds(row, "service_plan", plan)
            sheet.holds(row, "lead_or_support" if lead else "links", note)


def write_comparison(sheet: Sheet, names: Names, unit: str, *, groups: bool) -> None:
    """The same measures, or the groups of one, here and in England."""
    rng = sheet.rng
    at = sheet.start - 2
    if groups:
        sheet.say(f"% {names.measure()} in {at}")
        sheet.row(["Ethnic Group", f"Kent {at}", f"England {at}"])
    else:
        sheet.row(["", f"Kent {year(at)}", f"National Comparison {year(at)}"])
    labels = rng.sample(GROUPS, rng.randint(3, len(GROUPS))) if groups else [names.measure() for _ in range(4)]
    for label in labels:
        values = [str(Decimal(rng.randint(1, 999)) / 10) for _ in range(2)]
        number = sheet.row([sheet.dress(label), *[value if groups else f"{value}%" for value in values]])
        areas = ("Kent", "England") if groups else ("Kent", "")
        for area, value in zip(areas, values, strict=True):
            key = (("area", area),) if area else ()
            row = Row("comparison", unit, number, key)
            sheet.holds(row, "unit", unit)
            sheet.holds(row, "value", value)
            sheet.holds(row, "group" if groups else "measure", label)

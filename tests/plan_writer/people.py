"""Staffing, establishment, medium term plan, core services, lead roles, consultations; the headline figures."""

from collections.abc import Sequence
from decimal import Decimal

from tests.plan_writer.money import exact, text
from tests.plan_writer.sheet import Sheet, year
from tests.plan_writer.truth import EITHER, RIGHT, MustBe, Row
from tests.plan_writer.words import Names, paragraphs

LEAD_ROLES = (
    ("lead", "Lead for Action {}:"),
    ("joint", "Joint lead (with ASK) for Action {}:"),
    ("support", "Support for Action {}:"),
)


def write_staffing(sheet: Sheet, unit: str, prior: Decimal, this: Decimal) -> None:
    """FTE by band; the totals are those of the unit's budget."""
    rng = sheet.rng
    sheet.row(["", year(sheet.start - 1), year(sheet.start)])
    if sheet.hit("rule_rows"):
        sheet.rule(3)
    senior = [Decimal(rng.randint(0, int(fte * 10))) / 10 for fte in (prior, this)]
    external = [Decimal(rng.randint(0, int(fte * 100))) / 100 for fte in (prior, this)] if rng.random() < 0.5 else []
    bands: list[tuple[str, str, Sequence[Decimal]]] = [
        ("Pt13 and above or equivalent (FTEs)", "Pt13", senior),
        ("Pt12 and below (FTEs)", "Pt12", [prior - senior[0], this - senior[1]]),
        ("TOTAL", "TOTAL", [prior, this]),
        ("Of the above total, the estimated FTE which are externally funded", "externally funded", external),
    ]
    for printed, band, figures in bands:
        number = sheet.row([printed, *([f"{figure:f}" for figure in figures] or ["", ""])])
        row = Row("staffing", unit, number)
        sheet.holds(row, "unit", unit)
        sheet.holds(row, "band", band, how="within")
        sheet.holds(row, "prior_fte", exact(figures[0]) if figures else None)
        sheet.holds(row, "fte", exact(figures[1]) if figures else None)


def write_establishment(sheet: Sheet, divisions: Sequence[str], name: str) -> None:
    """FTE by division in both years, the whole, and what moved."""
    rng = sheet.rng
    short = f"{sheet.start - 1}-{sheet.start % 100}"  # 2008-9
    sheet.row(["", f"{short} FTE", f"{sheet.start}-{(sheet.start + 1) % 100:02d} FTE", "Difference"])
    drawn = [[Decimal(rng.randint(100, 90000)) / 10 for _ in range(2)] for _ in divisions]
    sums = [sum((pair[at] for pair in drawn), Decimal(0)) for at in range(2)]
    labels = [(f"Total {division}", division) for division in divisions]
    for (printed, division), (prior, this) in zip(
        [*labels, (f"TOTAL {name.upper()}", name)], [*drawn, sums], strict=True
    ):
        number = sheet.row([printed, f"{prior:f}", f"{this:f}", f"{this - prior:f}"])
        row = Row("establishment", None, number)
        sheet.holds(row, "division", division, how="within")
        sheet.holds(row, "prior_fte", exact(prior))
        sheet.holds(row, "fte", exact(this))
        sheet.holds(row, "difference", exact(this - prior))
    sheet.gap()
    moved = sums[1] - sums[0]
    part = Decimal(rng.randint(1, 999)) / 10
    sheet.row(["Justification of Movement", "Number"])
    for reason, figure in (("Schools", part), ("MTP", moved - part), ("Total", moved)):
        row = Row("establishment", None, sheet.row([reason, f"{figure:f}"]))
        sheet.holds(row, "reason", reason)
        sheet.holds(row, "number", exact(figure))
    sheet.gap()


def write_mtp(sheet: Sheet, names: Names, items: int) -> None:
    """Pressures and savings, £000; an explanation may go on over the page."""
    rng = sheet.rng
    sheet.row(["Amount £'000", "Explanation of Pressure/Savings", "Justification"])
    for place in range(items):
        amount = rng.choice((-1, 1)) * Decimal(rng.randint(1, 9999))
        if rng.random() < 0.2:
            amount += Decimal("0.6")
        heading = f"{names.place()} saving" if amount < 0 else f"{names.place()} pressure"
        explanation = f"{names.sentence()}. This is the full year effect of {year(sheet.start - 1)}."
        more, damage = "", ""
        must_be: MustBe = RIGHT
        if place < items - 1 and sheet.hit("row_continued"):
            signed = rng.random() < 0.6
            more = "which costs 25-50% more" if signed else "Reduction of 2 FTEs"
            must_be, damage = RIGHT if signed else EITHER, "row_continued"
        elif rng.random() < 0.1:
            explanation = ""
        cells = [f"{amount:,}", sheet.dress(heading), explanation if more else sheet.dress(explanation)]
        number = sheet.row(cells)
        lines: tuple[int, ...] = ()
        if more:
            sheet.turn_page()
            lines = (sheet.row(["", "", more]),)
        elif place < items - 1 and sheet.hit("page_break", 0.1):
            sheet.turn_page()
        row = Row("mtp", None, number)
        sheet.holds(row, "amount", str(amount))
        sheet.holds(row, "heading", heading)
        whole = f"{explanation} {more}".strip()
        sheet.holds(row, "explanation", whole, damage=damage, must_be=must_be, lines=lines, how="within")


def write_core_services(sheet: Sheet, names: Names, unit: str, activities: Sequence[tuple[str, Decimal]]) -> None:
    """A block a budget line: its amount in £, its manager, what it provides. The last may stand outside the table."""
    rng = sheet.rng
    for activity, controllable in activities:
        amount = int(controllable * 1000)
        manager, provides = names.people(), f"{names.sentence()}. {names.sentence()}."
        money = f"£{amount:,}" if rng.random() < 0.7 else f"- £{amount:,}"
        number = sheet.row(["Activity as per budget line", f"{activity} {money if amount >= 0 else f'£{amount:,}'}"])
        ruled = sheet.hit("rule_rows", 0.3)
        if ruled:
            sheet.rule(2)
        lines = [sheet.row(["Accountable manager", manager])]
        if ruled:
            sheet.rule(2)
        if ruled or rng.random() < 0.2:
            sheet.gap()
            sheet.say(provides)
        else:
            printed = paragraphs([provides, names.sentence()]) if rng.random() < 0.3 else provides
            lines.append(sheet.row([printed, ""]))
            sheet.gap()
        row = Row("core_service", unit, number)
        sheet.holds(row, "unit", unit)
        sheet.holds(row, "activity", activity, how="within")
        sheet.holds(row, "amount", str(amount))
        sheet.holds(row, "accountable_manager", manager, how="words", lines=lines)
        sheet.holds(row, "provides", provides, how="within", lines=lines)


def write_lead_roles(sheet: Sheet, names: Names, roles: int) -> None:
    rng = sheet.rng
    header = [["Key Corporate/Directorate Targets", "", ""], ["Plan", "Name of Target in Full", "Lead Officer"]]
    sheet.rows(header)
    for place in range(roles):
        role, opening = rng.choice(LEAD_ROLES)
        target = names.sentence()
        officers = names.people()
        continued = place < roles - 1 and sheet.hit("row_continued")
        number = sheet.row(["CYPP", f"{opening.format(rng.randint(1, 80))} {target}", officers])
        lines: list[int] = []
        if continued:
            target += " and those who care for them"
            sheet.turn_page(header)
            lines.append(sheet.row(["", "and those who care for them", ""]))
        elif place < roles - 1 and sheet.hit("page_break", 0.1):
            sheet.turn_page(header)
        row = Row("lead_role", None, number)
        sheet.holds(row, "scheme", "CYPP", how="within")
        sheet.holds(row, "role", role)
        sheet.holds(row, "target", target, how="within", lines=lines, damage="row_continued" if continued else "")
        sheet.holds(row, "officers", officers, how="words")
    sheet.gap()


def write_consultations(sheet: Sheet, names: Names, units: Sequence[str]) -> None:
    """A heading row for each unit, with its exercises or a nil return."""
    rng = sheet.rng
    header = [
        [
            "Name",
            "Start & End Date",
            "Feedback Date",
            "Target Group/ Sample Size",
            "Target area (Kent, Town, district, ward etc)",
            "External contract or being used",
            "What we want to find out and how we will use the information",
            "Stat Yes/ No",
            "Contact name and details.",
        ]
    ]
    sheet.rows(header)
    for unit in units:
        nil = rng.random() < 0.3
        sheet.row([f"{unit} – nil return" if nil else unit, *[""] * 8])
        for _ in range(0 if nil else rng.randint(1, 3)):
            columns = {
                "name": f"{names.place()} survey",
                "dates": f"April {sheet.start}",
                "feedback": f"March {sheet.start + 1}",
                "target_group": "50% of those who were offered",
                "area": rng.choice(("Kent", "County-wide", "12 districts")),
                "contractor": rng.choice(("No", "Yes", "To be determined")),
                "purpose": names.sentence(),
                "statutory": rng.choice(("Yes", "No")),
                "contact": names.person(),
            }
            number = sheet.row(list(columns.values()))
            lines: list[int] = []
            if sheet.hit("row_continued"):
                sheet.turn_page(header)
                lines.append(sheet.row(["", "", "", "a place in it", "", "", "", "", ""]))
                columns["target_group"] += " a place in it"
            row = Row("consultation", unit, number)
            sheet.holds(row, "unit", unit)
            for column, value in columns.items():
                went_on = bool(lines) and column == "target_group"
                sheet.holds(
                    row, column, value, lines=lines if went_on else (), damage="row_continued" if went_on else ""
                )
    sheet.gap()


def write_headline(sheet: Sheet, gross: Decimal, fte: Decimal, units: Sequence[str]) -> None:
    """The two figures of the executive summary, in lines of their own."""
    sheet.say("The gross controllable expenditure for the service(s) included in this business plan is:")
    millions = (gross / 1000).quantize(Decimal("0.001"))
    row = Row("control_totals", None, sheet.say(f"£{millions:,}m"))
    sheet.holds(row, "gross", exact(millions * 1000))
    sheet.say("(See page 24-38)", "Which will fund the following (see page 3-5):")
    sheet.say(*[f"- {unit}" for unit in units], gap=False)
    sheet.gap()
    sheet.say("And will be staffed by", "(see page 69-71):")
    row = Row("control_totals", None, sheet.say(f"{text(fte)} FTE"))
    sheet.holds(row, "fte", exact(fte))

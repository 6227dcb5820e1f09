"""Whole plans of both tiers, by seed or by hypothesis."""

import random
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Literal

from hypothesis import strategies as st

from tests.plan_writer.actions import ActionTable, write_directorate_actions
from tests.plan_writer.measures import FigureTable, write_comparison, write_list
from tests.plan_writer.money import Budget, draw_budget, write_budget
from tests.plan_writer.people import (
    write_consultations,
    write_core_services,
    write_establishment,
    write_headline,
    write_lead_roles,
    write_mtp,
    write_staffing,
)
from tests.plan_writer.sheet import DAMAGES, Sheet, year
from tests.plan_writer.truth import Plan
from tests.plan_writer.words import Names, initials

Tier = Literal["directorate", "service"]


def write_plan(
    rng: random.Random,
    *,
    tier: Tier | None = None,
    damages: Collection[str] = DAMAGES,
    rate: float = 0.3,
    rounding: bool = True,
    size: int = 1,
) -> Plan:
    """One plan. `rate`: how often a place is damaged. `rounding`: figures are rounded from pence, so that sums are
    off by 0.1 here and there. `size` multiplies units, rows and measures."""
    tiers: tuple[Tier, ...] = ("directorate", "service")
    chosen: Tier = tier if tier else rng.choice(tiers)
    sheet = Sheet(rng, start=rng.randint(2004, 2024), tier=chosen, damages=damages, rate=rate, rounding=rounding)
    if chosen == "directorate":
        write_directorate(sheet, Names(rng), size)
    else:
        write_service(sheet, Names(rng), size)
    return sheet.finish()


@st.composite
def plans(draw: st.DrawFn, tier: Tier | None = None, damages: Collection[str] = DAMAGES, size: int = 1) -> Plan:
    """Plans with any choice of damages; hypothesis shrinks towards a plan with none."""
    some = draw(st.sets(st.sampled_from(sorted(damages)), max_size=len(damages))) if damages else set()
    seed = draw(st.integers(0, 2**32 - 1))
    rounding = draw(st.booleans())
    return write_plan(random.Random(seed), tier=tier, damages=some, rounding=rounding, size=size)


def write_directorate(sheet: Sheet, names: Names, size: int) -> None:
    rng = sheet.rng
    name = f"{names.place()} and {names.place()} Services"
    divisions = [f"{names.place()} Division" for _ in range(rng.randint(2, 5))]
    sheet.say(f"{name} DIRECTORATE LEVEL BUSINESS PLAN {year(sheet.start)}")
    sheet.say("1. INTRODUCTION TO THE DIRECTORATE", "We work with 12 districts and 1,200 partners.", "2. BUDGET")
    for _ in range(2):
        labels = [names.label() for _ in range(rng.randint(6, 14) * size)]
        sheet.say(f"{name.upper()} {year(sheet.start)} BUDGET", f"{names.place()} and {names.place()} Portfolio")
        budget = draw_budget(sheet, unit=None, labels=labels, initials=initials(names))
        write_budget(sheet, budget, repeats_header=rng.random() < 0.3)
    sheet.say("Staffing Establishment")
    write_establishment(sheet, divisions, name)
    sheet.say("3. KEY PERFORMANCE INDICATORS & ACTIVITY DATA FOR BUSINESS PLAN MONITORING")
    for section, targets, lead in (
        ("Kent Agreement-LAA", False, False),
        ("2010 Targets", True, False),
        ("Other National Indicators that we lead on or support", False, True),
    ):
        rows = rng.randint(4, 9) * size
        write_list(sheet, names, section=section, rows=rows, targets=targets, lead=lead, plans=divisions)
        sheet.gap()
    sheet.say("High Risk, High Profile, High Impact New Projects & Activities")
    write_directorate_actions(sheet, names, sections=rng.randint(2, 4), plans=divisions)
    sheet.gap()
    sheet.say("Benchmarking information", "Our rate of visits is 6.5 per 10,000 residents.")


def write_service(sheet: Sheet, names: Names, size: int) -> None:
    rng = sheet.rng
    units = [f"{names.place()} {rng.choice(('Service', 'Unit', 'Team'))}" for _ in range(rng.randint(2, 4) * size)]
    budgets = [
        draw_budget(
            sheet, unit=unit, labels=[names.label() for _ in range(rng.randint(1, 9))], initials=initials(names)
        )
        for unit in units
    ]
    write_opening(sheet, names, budgets)
    sheet.say("SECTION 1: CORE PURPOSE AND KEY RESPONSIBILITIES OF THE SERVICE")
    sheet.say("Impact of MTP - Significant change to meet needs/demand")
    write_mtp(sheet, names, rng.randint(5, 10) * size)
    sheet.gap()
    write_performance(sheet, names, units)
    sheet.say("SECTION 2: CORE BUSINESS AND PRIORITIES", "Lead Roles")
    write_lead_roles(sheet, names, rng.randint(4, 9) * size)
    sheet.say("Core Services and Forecast Activity Levels")
    for unit, budget in zip(units, budgets, strict=True):
        sheet.say(unit)
        amounts = [(line.label.text, line.amounts["controllable"] or Decimal(0)) for line in budget.lines]
        write_core_services(sheet, names, unit, amounts)
    portfolio = f"{names.place()} and {names.place()} Portfolio"
    for unit, budget in zip(units, budgets, strict=True):
        sheet.say(f"COUNCIL {year(sheet.start)} BUDGET", portfolio, unit)
        write_budget(sheet, budget, repeats_header=rng.random() < 0.3)
    sheet.say("Core Business – Key Actions, Projects and Developments")
    for unit in units:
        sheet.say(unit)
        ActionTable(sheet, names, unit).write(rng.randint(3, 8))
        sheet.gap()
    sheet.say("Consultation Exercises, Satisfaction Surveys, Reviews")
    write_consultations(sheet, names, units)
    sheet.say("Staffing")
    for unit, budget in zip(units, budgets, strict=True):
        sheet.say(unit)
        write_staffing(sheet, unit, budget.sum_of("prior_fte"), budget.sum_of("fte"))
        sheet.gap()


def write_opening(sheet: Sheet, names: Names, budgets: Sequence[Budget]) -> None:
    sheet.say(f"SERVICE LEVEL BUSINESS PLAN {year(sheet.start)} FOR", f"{names.place()} Division", "EXECUTIVE SUMMARY")
    write_headline(
        sheet,
        sum((budget.sum_of("gross") for budget in budgets), Decimal(0)),
        sum((budget.sum_of("fte") for budget in budgets), Decimal(0)),
        [budget.unit or "" for budget in budgets],
    )
    sheet.say("CONTENTS")
    for title, page in (("Introduction to the Service", "Page 3"), ("Lead Roles", "22"), ("Staffing", "70")):
        sheet.row([title, page])
    sheet.gap()


def write_performance(sheet: Sheet, names: Names, units: Sequence[str]) -> None:
    rng = sheet.rng
    sheet.say(f"Performance and Achievements {sheet.start - 1}-{sheet.start % 100} Key Performance Indicators")
    for place, unit in enumerate(units):
        sheet.say(unit)
        grouped = place == 0 or rng.random() < 0.2
        FigureTable(sheet, names, unit, targets=2 if grouped else 1).write(rng.randint(2, 8), groups=grouped)
        sheet.gap()
    sheet.say("Service Comparisons – if appropriate")
    for unit in rng.sample(units, min(2, len(units))):
        sheet.say(unit)
        write_comparison(sheet, names, unit, groups=rng.random() < 0.6)
        sheet.gap()

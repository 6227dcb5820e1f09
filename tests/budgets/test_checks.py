"""What must tie in a plan's budget, staffing and core services; what is really there in the published ones."""

import random
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from time import process_time

import pytest

from budgets.checks import PlanRows, checks_of
from budgets.parsing.rows import FIGURES, BudgetRow, ControlTotalRow, CoreServiceRow, StaffingRow
from kentplan.interpreting import Known, interpret
from kentplan.loading import FIXTURES
from plans.checks import Check
from plans.documents import Document, Source
from plans.loading import LoadReport
from plans.organisation import Organisation, UnitNames, read_corrections, read_organisation

DIRECTORATE, SERVICE = sorted((FIXTURES / "plans").glob("*.txt"))
CORRECTIONS = sorted((FIXTURES / "corrections").glob("*.toml"))


def organisation() -> Organisation:
    return read_organisation(FIXTURES / "organisation")


def checks(path: Path, text: str = "") -> list[Check]:
    return report(path, text).checks


def report(path: Path, text: str = "") -> LoadReport:
    printed = path.read_text()
    corrections = read_corrections(CORRECTIONS, Document(printed, path.name).sha256)
    declared = organisation()
    known = Known(declared, UnitNames(dict(declared.units)))
    return interpret(Document(text or printed, path.name), known, corrections, lambda *_: None).report


def breaks(found: list[Check]) -> dict[tuple[str, str, str], Decimal | None]:
    return {(check.unit, check.label, check.rule): check.difference for check in found if check.outcome == "break"}


def test_the_directorate_plan_has_these_breaks_and_no_others() -> None:
    found = checks(DIRECTORATE)

    assert breaks(found) == {
        (
            "",
            "TOTAL CHILDREN, FAMILIES & EDUCATIONAL ACHIEVEMENT PORTFOLIO",
            "establishment last year's FTE against budget rows",
        ): Decimal("-0.7"),
        ("", "Total Children's Social Services", "establishment last year's FTE against budget rows"): Decimal("-0.7"),
    }
    assert Counter(check.outcome for check in found)["not checked"] == 1


def test_the_service_plan_has_these_breaks_and_no_others() -> None:
    found = checks(SERVICE)

    assert {(check.unit, check.rule): check.difference for check in found if check.outcome == "break"} == {
        ("Additional Educational Needs and Resources", "staffing last year's FTE"): Decimal("1.0"),
        ("Attendance and Behaviour Service", "staffing last year's FTE"): Decimal("0.9"),
    }
    assert {check.difference for check in found if check.outcome == "rounding"} == {
        Decimal(size) for size in ("0.1", "-0.1", "0.04", "-0.04", "0.03", "-0.3")
    }


@pytest.mark.parametrize("path", [DIRECTORATE, SERVICE], ids=["directorate", "service"])
def test_an_error_of_ten_in_any_cell_of_a_budget_or_staffing_table_is_a_break(path: Path, full: bool) -> None:
    lines = path.read_text().split("\n")
    known = breaks(checks(path))
    cells = [(number, column) for number, line in enumerate(lines) for column in figures_of(line)]
    for number, column in random.Random(10).sample(cells, 200 if full else 12):
        loaded = report(path, with_an_error(lines, number, column))
        found = {place for place, size in breaks(loaded.checks).items() if known.get(place) != size}

        # A figure whose minus stands on another line, which only its sums could prove, is in doubt when they no longer do.
        asked = any(number + 1 in doubt.lines for doubt, _ in loaded.doubts)
        assert found or (asked and lines[number - 1].strip() == "-"), (
            f"line {number + 1}, cell {column}: {lines[number]}"
        )


def with_an_error(lines: list[str], number: int, column: int) -> str:
    cells = lines[number].split("\t")
    cells[column] = f"{Decimal(cells[column].replace(',', '')) + 10:,}"
    return "\n".join([*lines[:number], "\t".join(cells), *lines[number + 1 :]])


def figures_of(line: str) -> list[int]:
    """The cells of a line of a budget, staffing or establishment table that hold a figure, whole.

    A piece of a figure that print has split is none: ten in the piece is no ten in the figure. Nor are the posts that
    are funded externally, which no sum has: they are a part of the total above them.
    """
    cells = line.split("\t")
    budget = len(cells) == 12
    posts = len(cells) == 4 and cells[0].upper().startswith("TOTAL ")
    posts |= len(cells) == 3 and (cells[0] == "TOTAL" or cells[0].startswith("Pt1"))
    posts |= len(cells) == 2 and "." in cells[1]  # the movement; a contents page has whole numbers
    if not budget and not posts:
        return []
    pattern = r"-?[\d,]+\.\d" if budget else r"-?[\d,]+(\.\d+)?"
    return [column for column, cell in enumerate(cells) if column and re.fullmatch(pattern, cell)] + (
        [0] if budget and re.fullmatch(pattern, cells[0]) else []
    )


def test_checks_cost_in_proportion_to_the_lines() -> None:
    def rows_compared(units: int) -> int:
        found = checks_of(a_plan(units), division_of={}, divisions={})
        return sum(len(check.terms) for check in found)

    def seconds(units: int) -> float:
        plan = a_plan(units)
        start = process_time()
        for _ in checks_of(plan, division_of={}, divisions={}):
            pass
        return process_time() - start

    assert rows_compared(1000) == 50 * rows_compared(20)
    assert min(seconds(1000) for _ in range(3)) < 50 * 4 * min(seconds(20) for _ in range(5))


def a_plan(units: int) -> PlanRows:
    """A service plan of units with five lines, their totals, staffing and a core service each."""
    plan = PlanRows(directorate=False)
    source = Source((1,))
    ones = dict.fromkeys(FIGURES, Decimal("1.0"))
    for unit in (f"Unit {number}" for number in range(units)):
        lines = [
            BudgetRow(unit, f"Line {at}", cabinet_member="", portfolio="", source=source, **ones) for at in range(5)
        ]
        plan.lines += lines
        plan.totals += [
            ControlTotalRow(unit, subject, subject, source, **ones) for subject in ("controllable", "total_cost")
        ]
        plan.staffing += [StaffingRow(unit, band, Decimal(1), Decimal(1), source) for band in ("Pt13", "TOTAL")]
        plan.services.append((CoreServiceRow(unit, "Line 0", Decimal(1000), "", "", source), lines[0]))
    return plan

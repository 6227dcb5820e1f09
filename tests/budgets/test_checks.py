"""What must tie in a plan's budget, staffing and core services; what is really there in the published ones."""

import random
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from kentplan.interpreting import Known, interpret
from kentplan.loading import FIXTURES
from plans.checks import Check
from plans.documents import Document
from plans.organisation import Organisation, UnitNames, read_corrections, read_organisation

DIRECTORATE, SERVICE = sorted((FIXTURES / "plans").glob("*.txt"))
CORRECTIONS = sorted((FIXTURES / "corrections").glob("*.toml"))


def organisation() -> Organisation:
    return read_organisation(FIXTURES / "organisation")


def checks(path: Path, text: str = "") -> list[Check]:
    printed = path.read_text()
    corrections = read_corrections(CORRECTIONS, Document(printed, path.name).sha256)
    declared = organisation()
    known = Known(declared, UnitNames(dict(declared.units)))
    return interpret(Document(text or printed, path.name), known, corrections, lambda *_: None).report.checks


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
    chance = random.Random(10)
    lines = path.read_text().split("\n")
    known = breaks(checks(path))
    cells = [
        (number, column)
        for number, line in enumerate(lines)
        if _is_summed(line)
        for column, cell in enumerate(line.split("\t"))
        if _is_figure(cell) and cell != "0.0"
    ]
    for number, column in chance.sample(cells, 100 if full else 12):
        changed = lines[number].split("\t")
        changed[column] = f"{Decimal(changed[column].replace(',', '')) + 10:,}"
        text = "\n".join([*lines[:number], "\t".join(changed), *lines[number + 1 :]])

        assert set(breaks(checks(path, text))) - set(known), f"line {number + 1}, cell {column}: {lines[number]}"


def _is_summed(line: str) -> bool:
    cells = line.split("\t")
    if len(cells) == 4:  # the establishment
        return cells[0].upper().startswith("TOTAL ")
    return (len(cells) == 12 and sum(map(_is_figure, cells)) > 8) or cells[0] == "TOTAL" or cells[0].startswith("Pt1")


def _is_figure(cell: str) -> bool:
    try:
        return Decimal(cell.replace(",", "")).is_finite()
    except ArithmeticError:
        return False

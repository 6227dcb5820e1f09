"""The writer and the scorer themselves: what they demand stands in the text, and no wrong reading passes."""

import random
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.plan_writer import DAMAGES, REFUSED, Plan, Row, plans, score, write_plan

SEEDS = range(5)
TIERS = ("directorate", "service")


def perfect_report(plan: Plan) -> dict[str, Any]:
    """What a reader that makes no mistake would report: every row as the truth has it, and each lost cell doubted."""
    tables: dict[tuple[str, str | None], list[dict[str, Any]]] = {}
    doubts = []
    rows: dict[Row, dict[str, Any]] = {}
    for cell in plan.truth.cells:
        row = cell.row
        if row not in rows:
            rows[row] = {"unit": row.unit, **dict(row.key), "source_lines": [row.line]}
            tables.setdefault((row.kind, row.unit), []).append(rows[row])
        rows[row][cell.column] = cell.value
        if cell.must_be == REFUSED:
            doubts.append({"lines": list(cell.lines), "table": None, "column": cell.column, "says": "lost"})
    return {
        "tables": [
            {"kind": kind, "unit": unit, "lines": [1, 1], "rows": rows} for (kind, unit), rows in tables.items()
        ],
        "doubts": doubts,
        "errors": [],
        "lines": [],
    }


@pytest.fixture(scope="module", params=[(tier, seed) for tier in TIERS for seed in SEEDS])
def plan(request: pytest.FixtureRequest) -> Plan:
    tier, seed = request.param
    return write_plan(random.Random(seed), tier=tier)


def test_a_seed_gives_the_same_plan(plan: Plan) -> None:
    again = write_plan(random.Random(3), tier="service")
    assert again.text == write_plan(random.Random(3), tier="service").text


def test_every_cell_names_a_line_of_the_text(plan: Plan) -> None:
    last = len(plan.text.split("\n"))
    assert all(1 <= line <= last for cell in plan.truth.cells for line in cell.lines)


def test_a_figure_is_printed_on_its_lines(plan: Plan) -> None:
    """Digits of every figure stand on the lines its cell names, whatever was done to them."""
    lines = plan.text.split("\n")
    for cell in plan.truth.cells:
        if cell.value is None or not re.fullmatch(r"-?\d+(\.\d+)?", cell.value) or cell.kind in ("action", "mtp"):
            continue
        if cell.row.line in headline_lines(plan) or cell.kind == "core_service":
            continue
        text = "".join(re.sub(r"<[^>]*>|[^\d\t]", "", lines[line - 1]) for line in cell.lines)
        wanted = re.sub(r"\D", "", cell.value)
        pieces = {wanted, wanted[:-1]}  # split at the point: the last digit stands on another line
        if "comma" not in cell.damage:
            assert any(piece in text for piece in pieces), str(cell)


def headline_lines(plan: Plan) -> set[int]:
    return {row.line for row in plan.truth.rows if row.kind == "control_totals" and not row.key}


def test_a_perfect_report_is_right_throughout(plan: Plan) -> None:
    result = score(perfect_report(plan), plan.truth)
    assert not result.silent
    assert result.right + result.marked == len(plan.truth.cells)
    assert result.share_right == 1 or result.doubted  # a doubt on a lost figure also covers its neighbours
    assert result.right == len(plan.truth.cells)


def test_one_wrong_figure_is_seen(plan: Plan) -> None:
    report = perfect_report(plan)
    table = next(table for table in report["tables"] if table["kind"] == "budget")
    row = next(row for row in table["rows"] if row["employee"] is not None)
    report["doubts"] = []
    row["employee"] = str(float(row["employee"]) + 0.1)
    assert any("employee" in wrong for wrong in score(report, plan.truth).wrong_silently)


def test_one_lost_row_is_seen(plan: Plan) -> None:
    report = perfect_report(plan)
    report["doubts"] = []
    report["tables"][0]["rows"].pop(0)
    assert score(report, plan.truth).missing


def test_one_invented_row_is_seen(plan: Plan) -> None:
    report = perfect_report(plan)
    row = report["tables"][0]["rows"][0]
    report["tables"][0]["rows"].append(dict(row))
    report["doubts"] = []
    assert score(report, plan.truth).extra


def test_an_error_covers_its_table(plan: Plan) -> None:
    report = perfect_report(plan)
    table = report["tables"][0]
    lines = [line for row in table["rows"] for line in row["source_lines"]]
    report["lines"] = [{"line": line, "outcome": "not read", "table": 0, "why": "no labels"} for line in lines]
    report["errors"] = [{"lines": [lines[0]], "table": 0, "column": "", "says": "no labels"}]
    table["rows"] = []
    result = score(report, plan.truth)
    assert result.marked > 0
    assert not [missing for missing in result.missing if missing.startswith(f"{table['kind']} {table['unit'] or ''} ")]


def test_a_lost_figure_read_in_silence_is_wrong() -> None:
    for seed in range(400):
        plan = write_plan(random.Random(seed), tier="service", damages={"figure_lost"}, rate=0.6)
        lost = [cell for cell in plan.truth.cells if cell.must_be == REFUSED]
        if lost:
            report = perfect_report(plan)
            report["doubts"] = []
            assert len(score(report, plan.truth).wrong_silently) == len(lost)
            return
    raise AssertionError("no figure was ever lost")


@pytest.mark.parametrize("damage", DAMAGES)
def test_each_damage_happens_when_it_alone_is_asked_for(damage: str) -> None:
    written = (
        write_plan(random.Random(seed), tier=tier, damages={damage}, rate=0.6).truth.damages
        for seed in range(100)
        for tier in ("service", "directorate")
    )
    assert any(damage in damages for damages in written)


def test_a_plan_asked_for_without_damage_has_none() -> None:
    for tier in ("service", "directorate"):
        assert not write_plan(random.Random(1), tier=tier, damages=()).truth.damages


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans())
def test_hypothesis_writes_plans_that_score(plan: Plan) -> None:
    assert not score(perfect_report(plan), plan.truth).silent

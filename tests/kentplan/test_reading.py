"""Written plans, whose every figure and damage is known, read by all the parsers together: nothing is guessed or lost."""

import random
from collections.abc import Collection
from typing import Literal

import pytest
from hypothesis import given

from kentplan.interpreting import Known, interpret
from plans.documents import Document
from plans.organisation import Organisation, UnitNames
from tests.plan_writer import DAMAGES, Plan, Score, plans, score, write_plan

# A table with merged labels waits for a declared correction, with all of its cells.
UNMERGED = tuple(damage for damage in DAMAGES if damage != "labels_merged")


def read_and_scored(plan: Plan) -> Score:
    document = Document(plan.text, "plan.txt")
    report = interpret(document, Known(Organisation(), UnitNames({})), {}, lambda *_: None).report.as_json()
    # Whatever happens, each line with a tab has exactly one outcome.
    tabbed = [line.number for line in document.lines if "\t" in line.text]
    assert sorted(line["line"] for line in report["lines"]) == tabbed
    return score(report, plan.truth)


@pytest.mark.parametrize("tier", ["directorate", "service"])
@pytest.mark.parametrize(
    ("damages", "floor"),
    [
        pytest.param((), 0.995, id="undamaged"),
        pytest.param(UNMERGED, 0.999, id="damaged"),
        pytest.param(DAMAGES, 0.98, id="damaged, with labels merged"),
    ],
)
def test_plans_are_read_right_and_never_wrong_in_silence(
    full: bool, tier: Literal["directorate", "service"], damages: Collection[str], floor: float
) -> None:
    total = Score()
    for seed in range(300 if full else 30):
        scored = read_and_scored(write_plan(random.Random(seed), tier=tier, damages=damages))
        assert scored.silent == [], f"seed {seed}"
        total += scored

    assert total.share_right >= floor, total.doubted[:10]


@given(plans())
def test_no_choice_of_damages_is_misread_in_silence(plan: Plan) -> None:
    assert read_and_scored(plan).silent == []

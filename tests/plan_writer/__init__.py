"""Writes whole business plans with known figures and known damage, and scores what a reader made of them.

`write_plan(random.Random(seed), tier="service")` gives the same plan each time; `plans()` is the same for hypothesis.
Every damage is one that a careful person reading the text could resolve, or would call doubtful; the truth says which.
"""

from tests.plan_writer.plans import plans, write_plan
from tests.plan_writer.score import Score, score
from tests.plan_writer.sheet import DAMAGES
from tests.plan_writer.truth import EITHER, REFUSED, RIGHT, Cell, Plan, Row, Truth

__all__ = [
    "DAMAGES",
    "EITHER",
    "REFUSED",
    "RIGHT",
    "Cell",
    "Plan",
    "Row",
    "Score",
    "Truth",
    "plans",
    "score",
    "write_plan",
]

"""What pages cost beside what they are measured by (STACK.md): a bare view of the same lines, Django admin's list.

The contenders take turns, many times, in one process and against one database, each request through the whole of the
middleware. Of each the fastest turn counts: whatever else the machine does only ever adds to a turn. A ratio that does
not hold is measured again, twice at most, before it fails.
"""

import gc
import random
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.handlers.base import BaseHandler
from django.db.models import Sum
from django.test import Client, RequestFactory

from budgets.models import TYPED_FIGURES, BudgetLine, TotalSubject
from budgets.reporting import FIGURES
from history.changes import change_set
from people.models import User
from plans.models import Plan, Provenance, Unit
from tests.factories import (
    ControlTotalFactory,
    DocumentFactory,
    PlanFactory,
    PortfolioFactory,
    UnitYearFactory,
)

TURNS = 30
ATTEMPTS = 3
SEED = 2009
# In tenths: of £000, or of posts.
RANGES = dict.fromkeys(TYPED_FIGURES, (-9_999, 99_999)) | dict.fromkeys(("prior_fte", "fte"), (0, 999))

Get = Callable[[str], bytes]


@pytest.fixture
def plan(db: None) -> Plan:
    return PlanFactory()


@pytest.fixture
def get(settings: Any, poc_member: User) -> Iterator[Get]:
    """The page at an address, for someone who has signed in, without the test client's own work."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.admin"]
    settings.ROOT_URLCONF = "tests.benchmarks.urls"
    client = Client()
    client.force_login(poc_member)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    handler = BaseHandler()
    handler.load_middleware()
    requests = RequestFactory(headers={"Cookie": cookie})

    def get(path: str) -> bytes:
        answer = handler.get_response(requests.get(path))
        assert answer.status_code == 200, path
        return answer.content

    # What hundreds of tests before it left in memory is not the page's to look through.
    gc.collect()
    gc.freeze()
    yield get
    gc.unfreeze()


def make_unit(plan: Plan, lines: int) -> Unit:
    """A unit with its place, its totals, and lines as a load leaves them, one in twenty with a repaired figure."""
    place = UnitYearFactory(year=plan.year, portfolio=PortfolioFactory(), cabinet_member="LR")
    drawn = random.Random(SEED)
    document = DocumentFactory(plan=plan)
    repair = {"rule": "figure over two lines", "lines": [1], "column": "running", "was": "1 / 2", "now": "1.2"}
    with change_set(by=None, why="", door="Test"):
        printed = Provenance.objects.bulk_create(
            Provenance(
                plan=plan,
                document=document,
                kind="budget",
                table=0,
                key=f"{place.unit_id} / {number}",
                lines=[number],
                repairs=[repair] if number % 20 == 7 else [],
            )
            for number in range(lines)
        )
        BudgetLine.objects.bulk_create(
            BudgetLine(
                plan=plan,
                unit=place.unit,
                year=plan.year,
                activity=f"Activity {number} of the unit",
                position=number,
                provenance=provenance,
                **{name: Decimal(drawn.randint(*RANGES[name])) / 10 for name in TYPED_FIGURES},
            )
            for number, provenance in enumerate(printed)
        )
    print_totals(plan, place.unit)
    return place.unit


def print_totals(plan: Plan, unit: Unit) -> None:
    """The totals under the unit's lines, which tie as nearly all of those published do."""
    sums = BudgetLine.objects.for_unit(unit).aggregate(**{f"of_{name}": Sum(name) for name in FIGURES})
    figures = {name: sums[f"of_{name}"] for name in FIGURES}
    blank = dict.fromkeys(FIGURES)
    overhead = blank | {"prior_controllable": Decimal("167.5"), "controllable": Decimal("33.9")}
    cost = figures | {name: figures[name] + 2 * overhead[name] for name in ("prior_controllable", "controllable")}
    for subject, row in (
        (TotalSubject.CONTROLLABLE, figures),
        (TotalSubject.PORTFOLIO_ROW, figures),
        (TotalSubject.CENTRAL, overhead),
        (TotalSubject.DIRECTORATE, overhead),
        (TotalSubject.CAPITAL, blank),
        (TotalSubject.TOTAL_COST, cost),
    ):
        ControlTotalFactory(plan=plan, unit=unit, subject=subject, label=subject.label, **row)


def fastest(get: Get, *paths: str) -> list[float]:
    """The seconds of the fastest turn of each address; they take turns."""
    turns: list[list[float]] = [[] for _ in paths]
    for path in paths:
        get(path)  # warm
    for _ in range(TURNS):
        for path, seconds in zip(paths, turns, strict=True):
            start = time.perf_counter()
            get(path)
            seconds.append(time.perf_counter() - start)
    return [min(seconds) for seconds in turns]


def ratio(get: Get, path: str, measure: str, *, holds: Callable[[float], bool]) -> float:
    """How many times as long as `measure` the page at `path` takes, of the attempts made the first that `holds`."""
    for _ in range(ATTEMPTS):
        page, floor = fastest(get, path, measure)
        found = page / floor
        print(f"{path}: {page * 1000:.1f} ms, {measure}: {floor * 1000:.1f} ms, {found:.2f} times")
        if holds(found):
            break
    return found


@pytest.mark.parametrize(("lines", "at_most"), [(20, 3), (1000, 3.5)])
def test_units_budget_table_costs_little_more_than_its_query_and_a_string(
    get: Get, plan: Plan, lines: int, at_most: float
) -> None:
    unit = make_unit(plan, lines)
    page, floor = f"/budgets/2009-10/{unit.slug}/", f"/floor/?unit={unit.pk}"
    assert get(page).count(b"of the unit</a>") == get(floor).count(b"of the unit</td>") == lines

    assert ratio(get, page, floor, holds=lambda found: found <= at_most) <= at_most


def test_list_of_25_is_twice_as_fast_as_admins(get: Get, plan: Plan) -> None:
    make_unit(plan, 100)  # about as many as the published plans have
    page, admin = "/list/?page=1", "/admin/budgets/budgetline/"
    assert get(page).count(b'<th class="first" scope="row">') == get(admin).count(b'<th class="field-activity">') == 25

    assert ratio(get, page, admin, holds=lambda found: found <= 1 / 2) <= 1 / 2

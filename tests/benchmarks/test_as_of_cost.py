"""What looking back costs beside the page of today: at most three times, also where every row has twenty versions.

The two take turns in one process, against one database; of each the fastest turn counts. A ratio that does not hold is
measured again, twice at most, before it fails.
"""

import time
from collections.abc import Callable

import pytest
from django.core.handlers.base import BaseHandler
from django.test import Client, RequestFactory
from django.utils import timezone
from psycopg2.extensions import connection as Connection

from budgets.models import BudgetLine
from indicators.models import Listing, ListingKind
from people.models import User
from projects.models import KeyAction

AT_MOST = 3
ATTEMPTS = 3
TURNS = 5
VERSIONS = 20
Get = Callable[[str], float]


@pytest.fixture
def get(transactional_db: None, published: None) -> Get:
    """Gets the page at an address, for someone who has signed in, and gives the seconds that it takes."""
    client = Client()
    client.force_login(User.objects.get(email="member@example.org"))
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    handler = BaseHandler()
    handler.load_middleware()
    requests = RequestFactory(headers={"Cookie": cookie})

    def get(path: str) -> float:
        start = time.perf_counter()
        answer = handler.get_response(requests.get(path))
        assert answer.status_code == 200, path
        return time.perf_counter() - start

    return get


def give_every_row_a_past(owner: Connection) -> None:
    """Versions from before the load, as many as years of work leave, with what stands now as the last."""
    with owner.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.views WHERE table_schema = 'asof'")
        for (name,) in cursor.fetchall():
            table = f'history."{name}"'
            cursor.execute(
                "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = %s::regclass"
                " AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('valid_from', 'valid_to')",
                [table],
            )
            columns = cursor.fetchone()[0]
            cursor.execute(
                f"INSERT INTO {table} ({columns}, valid_from, valid_to)"
                f" SELECT {columns}, valid_from - ({VERSIONS} - past.turn) * interval '1 hour',"
                f" valid_from - ({VERSIONS} - past.turn - 1) * interval '1 hour'"
                f" FROM {table}, generate_series(1, {VERSIONS - 1}) AS past(turn) WHERE operation <> 'delete'"
            )
            cursor.execute(f"ANALYZE {table}")


def pages() -> list[str]:
    line = BudgetLine.objects.filter(activity="Multi Agency")[0]
    measure = Listing.objects.filter(kind=ListingKind.TABLE, unit__isnull=False)[0]
    action = KeyAction.objects.filter(unit__isnull=False)[0]
    assert measure.unit
    return [
        "/",
        "/units/",
        f"/units/2009-10/{line.unit.slug}/",
        "/budgets/2009-10/",
        f"/budgets/2009-10/{line.unit.slug}/",
        line.get_absolute_url(),
        "/indicators/2009-10/",
        "/indicators/lists/2009-10/",
        f"/indicators/2009-10/{measure.unit.slug}/",
        measure.get_absolute_url(),
        "/projects/2009-10/",
        action.get_absolute_url(),
        "/reports/",
        "/checks/2009-10/",
    ]


def ratio(get: Get, path: str) -> float:
    """How many times as long as today's page that of a day takes; of the attempts made the first that is low enough."""
    then = f"{path}?as_of={timezone.localdate().isoformat()}"
    found = 0.0
    for _ in range(ATTEMPTS):
        get(path), get(then)
        turns = [(get(path), get(then)) for _ in range(TURNS)]
        today, past = (min(seconds) for seconds in zip(*turns, strict=True))
        found = past / today
        print(f"{path}: {today * 1000:.1f} ms, as it stood {past * 1000:.1f} ms, {found:.2f} times")
        if found <= AT_MOST:
            break
    return found


@pytest.mark.parametrize("versions", [1, VERSIONS])
def test_looking_back_costs_at_most_three_times_the_page_of_today(
    get: Get, as_owner: Connection, versions: int
) -> None:
    as_owner.autocommit = True
    if versions > 1:
        give_every_row_a_past(as_owner)

    ratios = {path: ratio(get, path) for path in pages()}

    assert {path: cost for path, cost in ratios.items() if cost > AT_MOST} == {}

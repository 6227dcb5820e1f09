"""`?as_of=`: the pages of a plan as they stood when a day was over."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from budgets.models import BudgetLine
from history.as_of import end_of, looking_back
from history.changes import change_set
from people.models import User
from tests.factories import BudgetLineFactory, UnitYearFactory


@pytest.fixture
def line(db: None) -> BudgetLine:
    place = UnitYearFactory(unit__name="Clusters")
    made: BudgetLine = BudgetLineFactory(
        unit=place.unit, plan__year=place.year, activity="Heads", employee=Decimal("15.5")
    )
    return made


def change(line: BudgetLine, **fields: Any) -> None:
    with change_set(by=None, why="Pay award", door="Test"):
        BudgetLine.objects.filter(pk=line.pk).update(**fields)


def test_a_table_is_read_as_it_stood(line: BudgetLine) -> None:
    before = timezone.now()
    change(line, employee=Decimal("99.9"), activity="Tails")
    added = BudgetLineFactory(unit=line.unit, plan=line.plan)

    with looking_back(before):
        [then] = BudgetLine.objects.select_related("unit", "plan__year")
        assert (then.activity, then.employee, then.unit.name) == ("Heads", Decimal("15.5"), "Clusters")

    assert {one.activity for one in BudgetLine.objects.all()} == {"Tails", added.activity}


def test_a_removed_row_stands_until_it_was_removed(line: BudgetLine) -> None:
    before = timezone.now()
    with change_set(by=None, why="It ends", door="Test"):
        line.delete()

    with looking_back(before):
        assert BudgetLine.objects.get().activity == "Heads"
    with looking_back(timezone.now()):
        assert not BudgetLine.objects.exists()


def test_nothing_stood_before_the_first_load(line: BudgetLine) -> None:
    with looking_back(timezone.now() - timedelta(days=2)):
        assert not BudgetLine.objects.exists()


def test_nothing_is_written_while_looking_back(line: BudgetLine) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), looking_back(timezone.now()):
        change(line, employee=Decimal(1))

    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert "asof" not in cursor.fetchone()[0]
    assert BudgetLine.objects.get().employee == Decimal("15.5")


def test_every_view_has_the_columns_of_its_table(db: None) -> None:
    columns = (
        "SELECT table_name, array_agg(column_name::text ORDER BY column_name) FROM information_schema.columns"
        " WHERE table_schema = %s AND table_name IN"
        " (SELECT table_name FROM information_schema.views WHERE table_schema = 'asof') GROUP BY table_name"
    )
    with connection.cursor() as cursor:
        cursor.execute(columns, ["asof"])
        then = dict(cursor.fetchall())
        cursor.execute(columns, ["public"])
        now = dict(cursor.fetchall())

    assert then == now
    assert "budgets_budgetline" in then


def test_the_day_is_over_at_midnight_where_the_council_is() -> None:
    moment = end_of(timezone.datetime(2009, 6, 3).date())

    assert moment.isoformat() == "2009-06-04T00:00:00+01:00"


def test_pages_show_the_plan_as_it_stood_and_offer_no_change(
    client: Client, line: BudgetLine, finance_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(finance_officer)
    before = timezone.now()
    monkeypatch.setattr("kentplan.looking_back.end_of", lambda day: before)
    change(line, employee=Decimal("77.7"))

    for path in (
        f"/budgets/2009-10/{line.unit.slug}/",
        f"/units/2009-10/{line.unit.slug}/",
        line.get_absolute_url(),
        "/budgets/2009-10/",
    ):
        now, then = client.get(path).content.decode(), client.get(path, {"as_of": "2009-06-03"}).content.decode()
        assert "77.7" in now and "15.5" in then and "77.7" not in then, path
        assert "as it stood at the end of 3 June 2009" in then
        assert "as it stood at the end of" not in now
        assert "edit/" not in then
    assert client.get(f"{line.get_absolute_url()}edit/", {"as_of": "2009-06-03"}).status_code == 403


NO_DAYS = [
    "tomorrow",
    "2009-13-01",
    "2009-02-29",
    "2999-01-01",
    "20090603",
    "2009-W23-3",
    "0001-01-01",
    "9999-12-31",
    "9999-99-99",
    "２００９-06-03",
    "2009-06-03\x00",
    "2009-06-03T10:00",
]


@pytest.mark.parametrize("asked", [*NO_DAYS, ["2009-06-03", "2009-06-04"], ["2009-06-03", ""]], ids=repr)
@pytest.mark.parametrize("address", ["/budgets/2009-10/", "/budgets/2009-10/?_export=csv&sort=gross"])
def test_a_day_that_is_none_is_refused_in_words(
    client: Client, line: BudgetLine, finance_officer: User, asked: str | list[str], address: str
) -> None:
    client.force_login(finance_officer)

    answer = client.get(f"{address}{'&' if '?' in address else '?'}{urlencode({'as_of': asked}, doseq=True)}")

    assert answer.status_code == 400
    page = answer.content.decode()
    assert "is no day to look back to" in page
    assert "The page as it is now" in page and "\0" not in page


@pytest.mark.parametrize("asked", ["", " "])
def test_no_day_is_today(client: Client, line: BudgetLine, finance_officer: User, asked: str) -> None:
    client.force_login(finance_officer)

    assert "as it stood at the end of" not in client.get("/budgets/2009-10/", {"as_of": asked}).content.decode()


def test_whoever_has_not_signed_in_is_told_nothing_of_days(client: Client, line: BudgetLine, stranger: User) -> None:
    for asked in ("2009-06-03", "tomorrow"):
        address = f"/budgets/2009-10/?as_of={asked}"
        assert client.get(address)["Location"] == f"/accounts/login/?next={quote(address)}"
    client.force_login(stranger)
    assert client.get("/budgets/2009-10/", {"as_of": "tomorrow"}).status_code == 404


def test_a_stranger_learns_nothing_of_another_day(client: Client, line: BudgetLine, stranger: User) -> None:
    client.force_login(stranger)

    assert client.get("/budgets/2009-10/", {"as_of": "2009-06-03"}).status_code == 404

"""The pages of a year's checks, and the notes that explain breaks."""

import csv
import json
import re
from decimal import Decimal
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import models
from django.test import Client

from budgets.models import (
    StaffingLevel,
)
from history.changes import change_set
from kentplan.checks import Found, year_checks
from people.models import Role, User
from plans.checks import ROUNDING, TIES
from plans.models import Explanation, FinancialYear, Portfolio, Provenance, Unit
from tests.factories import (
    FinancialYearFactory,
    GrantFactory,
    UserFactory,
)

D = Decimal
AENR = "Additional Educational Needs and Resources"
SKILLS = "Operations, Resources and Skills (CFE)"
STS = "Specialist Teaching Service"
EXPECTED_TIES = 526


@pytest.fixture
def year(db: None) -> FinancialYear:
    found: FinancialYear = FinancialYearFactory(start=2009)
    return found


def update(row: models.Model, **figures: Any) -> None:
    with change_set(by=None, why="", door="Test"):
        type(row)._default_manager.filter(pk=row.pk).update(**figures)


# The page


@pytest.fixture
def reader(client: Client, poc_member: User, published: None) -> Client:
    client.force_login(poc_member)
    return client


def page(client: Client, path: str = "/checks/2009-10/", **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_page_answers_in_one_sentence_and_leads_to_the_printed_lines(reader: Client, year: FinancialYear) -> None:
    shown = page(reader)

    lede = re.sub(r"<[^>]+>", "", re.search(r'<p class="kp-lede">(.*?)</p>', shown)[1])  # type: ignore[index]
    assert lede == "12 checks break, from 4 differences; 22 are rounding, 526 tie; 7 could not be checked."
    staffing = Provenance.objects.get(kind="staffing", lines=[1159])
    assert f'href="/printed/{staffing.pk}/?figure=prior_fte">1159</a>' in shown
    assert "The figure on line 289 is lost in print" in shown
    assert shown.index(">Breaks<") < shown.index(">Rounding</h2>") < shown.index(">Not checked</h2>")


def test_page_filters_by_outcome_and_unit(reader: Client, year: FinancialYear) -> None:
    ties = page(reader, outcome="ties", unit="specialist-teaching-service")
    breaks = page(reader, outcome="break", unit="attendance-and-behaviour-service")

    of_unit = year_checks(year).by_unit[Unit.objects.get(name=STS).pk]
    assert ties.count('<th class="first wide" scope="row">') == of_unit[TIES] > 0
    assert breaks.count('<th class="first wide" scope="row">') == 1
    assert "Attendance and Behaviour Service: <b>1</b> check breaks" in breaks


def test_page_by_page_of_what_ties(reader: Client) -> None:
    first, last = page(reader, outcome="ties"), page(reader, outcome="ties", page="3")

    assert "Page 1 of 3" in first
    assert last.count('<th class="first wide" scope="row">') == EXPECTED_TIES - 400


@pytest.mark.parametrize("query", [{"outcome": "x"}, {"unit": "nobody"}, {"unit": "\x00"}])
def test_filter_that_makes_no_sense_says_so(reader: Client, query: dict[str, str]) -> None:
    assert "The filter shows nothing" in page(reader, **query)
    assert reader.get("/checks/2009-10/", {**query, "_export": "csv"}).status_code == 400


def test_export_has_every_check_exact(reader: Client) -> None:
    rows = list(csv.DictReader(StringIO(page(reader, _export="csv"))))
    breaks = json.loads(page(reader, _export="json", outcome="break", unit="attendance-and-behaviour-service"))

    assert len(rows) == 12 + 22 + 7 + EXPECTED_TIES
    assert breaks == [
        {
            "year": "2009/10",
            "rule": "staffing last year's FTE",
            "unit": "Attendance and Behaviour Service",
            "portfolio": None,
            "label": "TOTAL",
            "outcome": "break",
            "printed": "281.9",
            "computed": "281",
            "difference": "0.9",
            "measure_unit": "FTE",
            "tolerance": "0.12",
            "why": None,
            "explanation": None,
            "document": "commissioning-2009-10.txt",
            "source_lines": "1159",
        }
    ]
    assert reader.get("/checks/2009-10/", {"_export": "pdf"}).status_code == 400


def test_year_without_a_plan_has_nothing_to_check(client: Client, poc_member: User) -> None:
    FinancialYearFactory(start=2011)
    client.force_login(poc_member)

    assert "No plan with figures to check is loaded" in page(client, "/checks/2011-12/")
    assert client.get("/checks/2012-13/").status_code == 404


@pytest.mark.parametrize("key", ["", "nothing", "\x00", "column FTE"])
def test_check_that_there_is_not_is_no_page(reader: Client, key: str) -> None:
    assert reader.get("/checks/2009-10/check/", {"key": key}).status_code == 404


def test_every_check_has_its_page(reader: Client, year: FinancialYear) -> None:
    seen: set[tuple[str, str]] = set()
    for check in year_checks(year).found:
        if (check.rule, check.outcome) not in seen:
            seen.add((check.rule, check.outcome))
            shown = page(reader, check.url)
            assert check.sentence, check.rule
            assert check.outcome_words in shown
    assert len(seen) > 40


def test_check_shows_the_figures_that_were_added_with_their_lines(reader: Client, year: FinancialYear) -> None:
    shown = page(reader, find(year, 1159).url)

    assert "<b>281.9</b> FTE is printed, and it comes to <b>281.0</b>: a difference of <b>+0.9</b>" in shown
    assert "The grade bands of the staffing table add up to its total." in shown
    assert "Honest rounding of the 2 figures that are added can make a difference of 0.12; this one is more." in shown
    assert re.findall(r">line (\d+)</a>", shown) == ["1157", "1158", "1159"]
    assert "Nobody has explained this break yet" in shown
    assert "<textarea" not in shown


# Explaining


def find(year: FinancialYear, line: int) -> Found:
    return next(item for item in year_checks(year).breaks if line in [found.number for found in item.lines])


@pytest.fixture
def finance(client: Client, finance_officer: User, published: None) -> Client:
    client.force_login(finance_officer)
    return client


def sent(check: Found, note: str, **more: str) -> dict[str, str]:
    stands = check.note or (check.lapsed.note if check.lapsed else "")
    return {"note": note, "difference": f"{check.difference:f}", "before": stands, "token": str(uuid4()), **more}


def test_break_is_explained_changed_and_the_note_taken_back(finance: Client, year: FinancialYear) -> None:
    check = find(year, 1159)

    answer = finance.post(check.url, sent(check, "Half a post\r\ncounted twice."))
    explained = find(year, 1159)
    finance.post(check.url, sent(explained, "Counted twice."))
    changed = find(year, 1159)
    shown = page(finance, check.url)
    finance.post(check.url, sent(changed, "", remove="yes"))

    assert answer.headers["Location"] == check.url
    assert explained.note == "Half a post\r\ncounted twice." or explained.note == "Half a post\ncounted twice."
    assert changed.note == "Counted twice."
    assert "Frances Finance" in shown
    assert "Counted twice." in shown
    assert find(year, 1159).note == ""
    assert not Explanation.objects.exists()


def test_note_stands_beside_the_break_on_the_page_and_in_the_export(finance: Client, year: FinancialYear) -> None:
    check = find(year, 1159)
    finance.post(check.url, sent(check, "<b>Counted</b> twice."))

    assert "&lt;b&gt;Counted&lt;/b&gt; twice." in page(finance)
    (row,) = [row for row in csv.DictReader(StringIO(page(finance, _export="csv"))) if row["explanation"]]
    assert row["source_lines"] == "1159"


def test_explanation_lapses_when_the_difference_changes(finance: Client, year: FinancialYear) -> None:
    check = find(year, 1159)
    finance.post(check.url, sent(check, "Counted twice."))
    band = StaffingLevel.objects.get(unit__name="Attendance and Behaviour Service", band__startswith="Pt12")

    update(band, prior_fte=D("275"))
    lapsed = find(year, 1159)
    shown = page(finance, check.url)
    finance.post(check.url, sent(lapsed, "Still counted twice."))

    assert (lapsed.note, lapsed.difference) == ("", D("1.9"))
    assert "This was explained when the difference was +0.9, and the explanation lapsed" in shown
    assert find(year, 1159).note == "Still counted twice."
    update(band, prior_fte=D("276.9"))
    healed = page(finance, check.url)
    assert "Still counted twice." in healed
    assert "<textarea" not in healed  # only a break can be explained


def test_form_is_refused_where_the_difference_changed_since(finance: Client, year: FinancialYear) -> None:
    check = find(year, 1159)
    update(
        StaffingLevel.objects.get(unit__name="Attendance and Behaviour Service", band__startswith="Pt12"),
        prior_fte=D("275"),
    )

    answer = finance.post(check.url, sent(check, "Counted twice."))

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "<td>0.9</td><td>+1.9, break</td>" in shown
    assert ">\nCounted twice.</textarea>" in shown
    assert not Explanation.objects.exists()
    again = {name: field.value() for name, field in ((field.name, field) for field in answer.context["form"])}
    assert finance.post(check.url, again).status_code == 302
    assert find(year, 1159).note == "Counted twice."


def test_form_is_refused_where_another_explained_it_since(finance: Client, year: FinancialYear) -> None:
    check = find(year, 1159)
    finance.post(check.url, sent(check, "Theirs."))

    answer = finance.post(check.url, sent(check, "Mine."))

    assert answer.status_code == 409
    assert "<td>none</td><td>Theirs.</td>" in answer.content.decode()
    assert find(year, 1159).note == "Theirs."


def test_form_sent_twice_is_one_change(finance: Client, year: FinancialYear) -> None:
    check = find(year, 1159)
    data = sent(check, "Counted twice.")

    finance.post(check.url, data)
    answer = finance.post(check.url, data, follow=True)

    assert "The form was sent twice" in answer.content.decode()
    assert len(answer.context["history"]) == 1


@pytest.mark.parametrize("note", ["", "  ", "x" * 1001])
def test_note_must_say_something_and_not_too_much(finance: Client, year: FinancialYear, note: str) -> None:
    check = find(year, 1159)

    answer = finance.post(check.url, sent(check, note))

    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert not Explanation.objects.exists()


@pytest.mark.parametrize(
    "data", [{}, {"note": "x"}, {"note": "x", "difference": "abc"}, {"token": "zz", "note": "\x00"}]
)
def test_form_without_what_it_was_opened_with_is_refused(
    finance: Client, year: FinancialYear, data: dict[str, str]
) -> None:
    assert finance.post(find(year, 1159).url, data).status_code == 409


def test_only_a_break_can_be_explained(finance: Client, year: FinancialYear) -> None:
    rounding = year_checks(year).of(ROUNDING)[0]

    assert finance.post(rounding.url, sent(rounding, "Rounded.")).status_code == 409
    assert not Explanation.objects.exists()


def test_break_is_explained_by_whoever_answers_for_the_unit(
    client: Client, year: FinancialYear, published: None
) -> None:
    officer = UserFactory()
    GrantFactory(user=officer, role=Role.FINANCE_OFFICER, portfolio=Portfolio.objects.get(name=SKILLS))
    client.force_login(officer)

    def status(line: int) -> tuple[bool, int]:
        check = find(year, line)
        return "<textarea" in page(client, check.url), client.post(check.url, sent(check, "Known.")).status_code

    assert status(1151) == (True, 302)
    assert status(1159) == (False, 403)  # of a unit in another portfolio
    assert status(338) == (False, 403)  # of the whole plan


@pytest.mark.parametrize("persona", ["unit_manager", "poc_member", "plan_administrator", "approver", "auditor"])
def test_others_read_and_explain_nothing(
    client: Client, persona: str, year: FinancialYear, published: None, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(persona))
    check = find(year, 1159)

    assert "<textarea" not in page(client, check.url)
    assert ">Explain</a>" not in page(client)
    assert client.post(check.url, sent(check, "x")).status_code == 403


def test_stranger_is_told_of_no_check(client: Client, stranger: User, year: FinancialYear, published: None) -> None:
    client.force_login(stranger)
    check = find(year, 1159)

    assert client.get(check.url).status_code == 404
    assert client.post(check.url, sent(check, "x")).status_code == 404

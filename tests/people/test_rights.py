import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from history.changes import change_set
from people.models import Role
from people.rights import RIGHTS, Act, may, may_somewhere, refusal, require, whom_to_ask
from tests.factories import (
    FinancialYearFactory,
    GrantFactory,
    PortfolioFactory,
    UnitFactory,
    UnitYearFactory,
    UserFactory,
)

# The table once more, by role, so that a right is not given by a slip of the pen in one place.
ACTS_OF = {
    "plan_administrator": {
        Act.VIEW,
        Act.VIEW_HISTORY,
        Act.VIEW_LOAD_REPORT,
        Act.VIEW_PEOPLE,
        Act.LOAD_PLAN,
        Act.ANSWER_DOUBT,
        Act.DEFINE_MEASURE,
        Act.SET_TARGET,
        Act.KEEP_UNITS,
        Act.KEEP_PERIODS,
        Act.KEEP_PLANS,
        Act.KEEP_PEOPLE,
    },
    "finance_officer": {Act.VIEW, Act.VIEW_HISTORY, Act.EXPLAIN_BREAK, Act.EDIT_LINE},
    "approver": {Act.VIEW, Act.VIEW_HISTORY},
    "unit_manager": {Act.VIEW, Act.VIEW_HISTORY, Act.RETURN_ACTUAL, Act.EDIT_ACTION},
    "poc_member": {Act.VIEW, Act.VIEW_HISTORY},
    "auditor": {Act.VIEW, Act.VIEW_HISTORY, Act.VIEW_LOAD_REPORT, Act.VIEW_PEOPLE},
}


def test_every_act_and_every_role_is_in_the_table() -> None:
    assert set(RIGHTS) == set(Act)
    assert set(ACTS_OF) == set(Role)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", Act)
def test_role_may_do_its_own_acts_and_no_others(role: Role, act: Act) -> None:
    unit = UnitFactory()
    place = {"grant__unit": unit} if role is Role.UNIT_MANAGER else {}
    user = UserFactory(**{role: True}, **place)

    assert may(user, act, unit=unit) == may_somewhere(user, act) == (act in ACTS_OF[role])


@pytest.mark.django_db
@pytest.mark.parametrize("act", Act)
def test_stranger_may_do_nothing_and_is_told_nothing(act: Act) -> None:
    for stranger in (UserFactory(), AnonymousUser(), UserFactory(auditor=True, is_active=False)):
        assert not may(stranger, act, unit=UnitFactory())
        assert not may_somewhere(stranger, act)
        with pytest.raises(Http404):
            require(stranger, act)


@pytest.mark.django_db
def test_unit_manager_changes_named_units_and_reads_all() -> None:
    own, other = UnitFactory(), UnitFactory()
    manager = UserFactory(unit_manager=True, grant__unit=own)

    assert may(manager, Act.RETURN_ACTUAL, unit=own)
    assert not may(manager, Act.RETURN_ACTUAL, unit=other)
    assert not may(manager, Act.RETURN_ACTUAL)
    assert may(manager, Act.VIEW, unit=other)
    assert may(manager, Act.VIEW)


@pytest.mark.django_db
def test_finance_officer_of_a_portfolio_changes_its_units_of_that_year() -> None:
    portfolio = PortfolioFactory()
    place = UnitYearFactory(portfolio=portfolio)
    next_year = FinancialYearFactory(start=2010)
    UnitYearFactory(unit=place.unit, year=next_year, portfolio=PortfolioFactory())
    officer = UserFactory(finance_officer=True, grant__portfolio=portfolio)

    assert may(officer, Act.EDIT_LINE, unit=place.unit, year=place.year)
    assert not may(officer, Act.EDIT_LINE, unit=place.unit, year=next_year)
    assert not may(officer, Act.EDIT_LINE, unit=place.unit)
    assert not may(officer, Act.EDIT_LINE, unit=UnitFactory(), year=place.year)
    assert may_somewhere(officer, Act.EDIT_LINE)


@pytest.mark.django_db
def test_portfolio_without_units_gives_nothing_to_change() -> None:
    officer = UserFactory(finance_officer=True, grant__portfolio=PortfolioFactory())

    assert not may(officer, Act.EDIT_LINE, unit=UnitFactory(), year=FinancialYearFactory())
    assert may(officer, Act.VIEW)


@pytest.mark.django_db
def test_person_of_two_roles_may_do_what_either_may() -> None:
    user = UserFactory(finance_officer=True)
    GrantFactory(user=user, role=Role.PLAN_ADMINISTRATOR)

    assert may(user, Act.EDIT_LINE, unit=UnitFactory())
    assert may(user, Act.LOAD_PLAN)


@pytest.mark.django_db
def test_who_may_read_but_not_change_is_told_who_may() -> None:
    unit = UnitFactory(name="Clusters")
    member = UserFactory(poc_member=True)

    require(member, Act.VIEW, unit=unit)
    with pytest.raises(PermissionDenied, match="Only a finance officer for Clusters may change budget lines"):
        require(member, Act.EDIT_LINE, unit=unit)


def test_refusal_names_every_role_that_may() -> None:
    assert refusal(Act.VIEW_LOAD_REPORT) == "Only a plan administrator or an auditor may read load reports."
    assert refusal(Act.RETURN_ACTUAL) == "Only a unit manager may return actual figures of measures."


@pytest.mark.django_db
def test_who_to_ask_is_named_the_nearest_first_and_few(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    portfolio = PortfolioFactory()
    place = UnitYearFactory(portfolio=portfolio)
    assert whom_to_ask(Act.EDIT_LINE, unit=place.unit, year=place.year) == ""
    UserFactory(name="Every Where", finance_officer=True)
    UserFactory(name="Zoe Portfolio", finance_officer=True, grant__portfolio=portfolio)
    UserFactory(name="Another Portfolio", finance_officer=True, grant__portfolio=PortfolioFactory())
    UserFactory(name="Gone Gill", finance_officer=True, is_active=False)

    with django_assert_num_queries(1):
        assert whom_to_ask(Act.EDIT_LINE, unit=place.unit, year=place.year) == "Ask Zoe Portfolio or Every Where."
    for number in range(5):
        UserFactory(name=f"Officer {number}", finance_officer=True)
    assert whom_to_ask(Act.EDIT_LINE) == "Ask Every Where, Officer 0 or Officer 1."


@pytest.mark.django_db
def test_rights_of_a_request_take_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    portfolio = PortfolioFactory()
    units = [UnitYearFactory(portfolio=portfolio).unit for _ in range(3)]
    officer = UserFactory(finance_officer=True, grant__portfolio=portfolio)
    year = FinancialYearFactory()

    with django_assert_num_queries(1):
        assert all(may(officer, Act.EDIT_LINE, unit=unit, year=year) for unit in units)


@pytest.mark.django_db
def test_right_taken_away_is_gone_for_the_next_request() -> None:
    user = UserFactory(auditor=True)
    assert may(user, Act.VIEW)

    with change_set(by=None, why="", door="Test"):
        user.grants.all().delete()

    assert not may(type(user).objects.get(pk=user.pk), Act.VIEW)

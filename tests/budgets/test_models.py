from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError

from budgets.models import TYPED_FIGURES, BudgetLine, ControlTotal
from history.changes import change_set
from tests.factories import (
    BLANK,
    BudgetLineFactory,
    ControlTotalFactory,
    CoreServiceFactory,
    EstablishmentFactory,
    FinancialYearFactory,
    MovementReasonFactory,
    MTPItemFactory,
    PlanFactory,
    PortfolioFactory,
    ProvenanceFactory,
    StaffingLevelFactory,
    UnitYearFactory,
    store_raw,
    twice,
)

NAN = Decimal("NaN")


BREACHES: dict[str, Callable[[], object]] = {
    "budgets_budgetline_activity_once": lambda: twice(BudgetLineFactory, "plan", "unit", "activity"),
    "budgets_budgetline_year_of_plan": lambda: BudgetLineFactory(year=FinancialYearFactory(start=2010)),
    "budgets_budgetline_origin_known": lambda: BudgetLineFactory(origin="guess"),
    "budgets_budgetline_figures_finite": lambda: store_raw(BudgetLineFactory(), employee=NAN),
    "budgets_budgetline_activity_not_blank": lambda: BudgetLineFactory(activity=BLANK),
    "budgets_controltotal_once": lambda: twice(ControlTotalFactory, "plan", "unit", "subject", "label"),
    "budgets_controltotal_subject_known": lambda: ControlTotalFactory(subject="sum"),
    "budgets_controltotal_figures_finite": lambda: store_raw(ControlTotalFactory(), gross=NAN),
    "budgets_coreservice_activity_once": lambda: twice(CoreServiceFactory, "plan", "unit", "activity"),
    "budgets_coreservice_figures_finite": lambda: store_raw(CoreServiceFactory(), amount=NAN),
    "budgets_coreservice_activity_not_blank": lambda: CoreServiceFactory(activity=BLANK),
    "budgets_mtpitem_figures_finite": lambda: store_raw(MTPItemFactory(), amount=NAN),
    "budgets_mtpitem_heading_not_blank": lambda: MTPItemFactory(heading=BLANK),
    "budgets_staffinglevel_band_once": lambda: twice(StaffingLevelFactory, "plan", "unit", "band"),
    "budgets_staffinglevel_figures_finite": lambda: store_raw(StaffingLevelFactory(), fte=NAN),
    "budgets_staffinglevel_band_not_blank": lambda: StaffingLevelFactory(band=BLANK),
    "budgets_establishment_label_once": lambda: twice(EstablishmentFactory, "plan", "label"),
    "budgets_establishment_figures_finite": lambda: store_raw(EstablishmentFactory(), difference=NAN),
    "budgets_establishment_label_not_blank": lambda: EstablishmentFactory(label=BLANK),
    "budgets_movementreason_once": lambda: twice(MovementReasonFactory, "plan", "reason"),
    "budgets_movementreason_figures_finite": lambda: store_raw(MovementReasonFactory(), number=NAN),
    "budgets_movementreason_reason_not_blank": lambda: MovementReasonFactory(reason=BLANK),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BREACHES)
def test_constraint_refuses(name: str) -> None:
    with pytest.raises(IntegrityError, match=f'"{name}"'):
        BREACHES[name]()


@pytest.mark.django_db
@pytest.mark.parametrize("figure", TYPED_FIGURES)
def test_no_figure_of_a_line_can_be_nan(figure: str) -> None:
    with pytest.raises(IntegrityError, match='"budgets_budgetline_figures_finite"'):
        store_raw(BudgetLineFactory(), **{figure: NAN})


@pytest.mark.django_db
def test_total_of_the_whole_plan_stands_once_though_it_has_no_unit() -> None:
    total = ControlTotalFactory(unit=None)

    with pytest.raises(IntegrityError, match='"budgets_controltotal_once"'):
        ControlTotalFactory(plan=total.plan, unit=None)


@pytest.mark.django_db
def test_gross_and_controllable_are_the_databases_sums() -> None:
    line = BudgetLineFactory(
        employee=Decimal("926.8"),
        running=Decimal("1423.3"),
        contracts=Decimal("0.25"),
        external_income=Decimal("-20.0"),
        internal_income=Decimal("-1025.7"),
    )

    assert line.gross == Decimal("2350.35")
    assert line.controllable == Decimal("1304.65")


@pytest.mark.django_db
def test_sum_is_of_what_is_there() -> None:
    line = BudgetLineFactory(employee=None, running=Decimal(5), contracts=None, external_income=Decimal(-2))

    assert (line.gross, line.controllable) == (Decimal(5), Decimal(3))


@pytest.mark.django_db
def test_sum_of_blanks_is_blank_not_nil() -> None:
    blanks = dict.fromkeys(("employee", "running", "contracts", "external_income", "internal_income"))
    nothing = BudgetLineFactory(**blanks)
    income_only = BudgetLineFactory(**{**blanks, "internal_income": Decimal(-7)})

    assert (nothing.gross, nothing.controllable) == (None, None)
    assert (income_only.gross, income_only.controllable) == (None, Decimal(-7))


@pytest.mark.django_db
def test_querysets_speak_of_year_unit_plan_and_portfolio() -> None:
    place = UnitYearFactory(portfolio=PortfolioFactory())
    line = BudgetLineFactory(unit=place.unit, plan=PlanFactory(year=place.year))
    BudgetLineFactory(unit=place.unit, plan=PlanFactory(year=FinancialYearFactory(start=2010)))
    BudgetLineFactory()

    lines = BudgetLine.objects.for_year(line.year).for_unit(line.unit)

    assert list(lines) == list(BudgetLine.objects.for_plan(line.plan)) == [line]
    assert list(BudgetLine.objects.for_portfolio(place.portfolio, year=place.year)) == [line]


@pytest.mark.django_db
def test_plan_with_lines_cannot_be_deleted() -> None:
    line = BudgetLineFactory()

    with pytest.raises(ProtectedError), change_set(by=None, why="", door="Test"):
        line.plan.delete()


@pytest.mark.django_db
def test_row_outlives_the_record_of_where_it_came_from() -> None:
    provenance = ProvenanceFactory()
    line = BudgetLineFactory(plan=provenance.plan, provenance=provenance)

    with change_set(by=None, why="", door="Test"):
        provenance.delete()

    line.refresh_from_db()
    assert line.provenance is None


def test_total_without_a_label_goes_by_its_subject() -> None:
    assert str(ControlTotal(subject="capital")) == "Capital Charges"

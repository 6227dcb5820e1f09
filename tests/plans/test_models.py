from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from history.changes import change_set
from plans.models import FinancialYear, Period, Unit, UnitYear
from tests.factories import (
    BLANK,
    AliasFactory,
    CorrectionFactory,
    DirectorateFactory,
    DivisionFactory,
    DocumentFactory,
    ExplanationFactory,
    FinancialYearFactory,
    LeadRoleFactory,
    OfficerFactory,
    PeriodFactory,
    PlanFactory,
    PortfolioFactory,
    ProvenanceFactory,
    SourceLineFactory,
    TargetFactory,
    UnitFactory,
    UnitYearFactory,
    store_raw,
    twice,
)

BREACHES: dict[str, Callable[[], object]] = {
    "plans_financialyear_start_plausible": lambda: FinancialYearFactory(start=209),
    "plans_financialyear_state_known": lambda: FinancialYearFactory(state="shut"),
    "plans_period_once_a_year": lambda: twice(PeriodFactory, "year", "half"),
    "plans_period_half_known": lambda: PeriodFactory(half=3),
    "plans_period_state_known": lambda: PeriodFactory(state="shut"),
    "plans_directorate_name_not_blank": lambda: DirectorateFactory(name=BLANK),
    "plans_division_name_once": lambda: twice(DivisionFactory, "directorate", "name"),
    "plans_division_name_not_blank": lambda: DivisionFactory(name=BLANK),
    "plans_portfolio_name_once": lambda: twice(PortfolioFactory, "directorate", "name"),
    "plans_portfolio_name_not_blank": lambda: PortfolioFactory(name=BLANK),
    "plans_unit_name_once": lambda: [UnitFactory(name="Awards", slug=slug) for slug in ("awards", "awards-2")],
    "plans_unit_name_not_blank": lambda: UnitFactory(name=BLANK, slug="unit"),
    "plans_unit_slug_not_blank": lambda: UnitFactory(slug=""),
    "plans_unityear_once_a_year": lambda: twice(UnitYearFactory, "unit", "year"),
    "plans_alias_key_once": lambda: twice(AliasFactory, "subject", "key"),
    "plans_alias_subject_known": lambda: AliasFactory(of_activity=True, subject="place"),
    "plans_alias_stands_for_one_thing": lambda: AliasFactory(stands_for="Something else too"),
    "plans_alias_key_not_blank": lambda: AliasFactory(key=BLANK),
    "plans_alias_name_not_blank": lambda: AliasFactory(name=BLANK, key="other"),
    "plans_alias_reason_not_blank": lambda: AliasFactory(reason=BLANK),
    "plans_plan_name_once_a_year": lambda: twice(PlanFactory, "year", "tier", "name"),
    "plans_plan_tier_known": lambda: PlanFactory(tier="county"),
    "plans_plan_state_known": lambda: PlanFactory(state="shut"),
    "plans_plan_name_not_blank": lambda: PlanFactory(name=BLANK),
    "plans_document_format_known": lambda: DocumentFactory(format="pdf"),
    "plans_document_name_not_blank": lambda: DocumentFactory(name=BLANK),
    "plans_document_sha256_is_one": lambda: DocumentFactory(sha256="F" * 64),
    "plans_sourceline_number_once": lambda: twice(SourceLineFactory, "document", "number"),
    "plans_sourceline_outcome_known": lambda: SourceLineFactory(outcome="lost"),
    "plans_sourceline_not_read_says_why": lambda: SourceLineFactory(outcome="not read", why=BLANK),
    "plans_provenance_key_once": lambda: twice(ProvenanceFactory, "document", "plan", "kind", "key"),
    "plans_provenance_kind_not_blank": lambda: ProvenanceFactory(kind=BLANK),
    "plans_correction_once": lambda: twice(CorrectionFactory, "sha256", "line", "field"),
    "plans_correction_sha256_is_one": lambda: CorrectionFactory(sha256="f" * 63),
    "plans_correction_field_not_blank": lambda: CorrectionFactory(field=BLANK),
    "plans_correction_reason_not_blank": lambda: CorrectionFactory(reason=BLANK),
    "plans_correction_by_not_blank": lambda: CorrectionFactory(by=BLANK),
    "plans_explanation_once": lambda: twice(ExplanationFactory, "year", "check_key"),
    "plans_explanation_figures_finite": lambda: store_raw(ExplanationFactory(), difference=Decimal("NaN")),
    "plans_explanation_check_key_not_blank": lambda: ExplanationFactory(check_key=BLANK),
    "plans_explanation_note_not_blank": lambda: ExplanationFactory(note=BLANK),
    "plans_target_code_once": lambda: twice(TargetFactory, "scheme", "code"),
    "plans_target_scheme_not_blank": lambda: TargetFactory(scheme=BLANK),
    "plans_officer_name_not_blank": lambda: OfficerFactory(name=BLANK, key="officer"),
    "plans_officer_key_not_blank": lambda: OfficerFactory(key=BLANK),
    "plans_leadrole_once": lambda: twice(LeadRoleFactory, "plan", "scheme", "text"),
    "plans_leadrole_role_known": lambda: LeadRoleFactory(role="follow"),
    "plans_leadrole_text_not_blank": lambda: LeadRoleFactory(text=BLANK),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BREACHES)
def test_constraint_refuses(name: str) -> None:
    with pytest.raises(IntegrityError, match=f'"{name}"'):
        BREACHES[name]()


def test_year_is_named_as_printed_and_as_in_paths() -> None:
    assert (FinancialYear(start=2009).label, FinancialYear(start=2009).path) == ("2009/10", "2009-10")
    assert FinancialYear(start=1999).label == "1999/00"


@pytest.mark.django_db
def test_year_is_found_by_its_label_and_its_path() -> None:
    year = FinancialYearFactory(start=2009)

    assert FinancialYear.from_label("2009/10") == FinancialYear.from_path("2009-10") == year


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["2009-11", "2010-11", "2009", "٢٠٠٩-١٠", ""])
def test_year_is_not_found_by_what_is_no_year(path: str) -> None:
    FinancialYearFactory(start=2009)

    with pytest.raises(FinancialYear.DoesNotExist):
        FinancialYear.from_path(path)


def test_period_is_half_of_the_councils_year() -> None:
    first, second = (Period(year=FinancialYear(start=2009), half=half) for half in (1, 2))

    assert (first.starts, first.ends) == (date(2009, 4, 1), date(2009, 9, 30))
    assert (second.starts, second.ends) == (date(2009, 10, 1), date(2010, 3, 31))
    assert str(first) == "2009/10, April to September (mid-term)"


@pytest.mark.django_db
def test_units_are_in_order_of_their_names_whatever_their_case() -> None:
    for name in ("awards", "Clusters", "ICT", "Zoo"):
        UnitFactory(name=name)

    assert [unit.name for unit in Unit.objects.all()] == ["awards", "Clusters", "ICT", "Zoo"]


@pytest.mark.django_db
def test_querysets_speak_of_year_unit_plan_and_portfolio() -> None:
    here = UnitYearFactory(portfolio=PortfolioFactory())
    plan = PlanFactory(units=[here.unit])
    elsewhere = UnitYearFactory(year=FinancialYearFactory(start=2010))

    assert list(Unit.objects.for_year(here.year)) == [here.unit]
    assert list(Unit.objects.for_plan(plan)) == [here.unit]
    assert list(UnitYear.objects.for_portfolio(here.portfolio).for_year(here.year).for_unit(here.unit)) == [here]
    assert list(UnitYear.objects.for_year(elsewhere.year)) == [elsewhere]


@pytest.mark.django_db
def test_alias_says_what_it_stands_for() -> None:
    assert str(AliasFactory(name="AENR", unit__name="Additional Needs")) == "AENR = Additional Needs"
    assert str(AliasFactory(name="VCG", of_activity=True)) == "VCG = Vulnerable children"


@pytest.mark.django_db
def test_rule_broken_in_a_form_is_told_in_the_users_words() -> None:
    period = PeriodFactory()

    with pytest.raises(ValidationError, match="This year already has that reporting period"):
        Period(year=period.year, half=period.half).full_clean()


@pytest.mark.django_db
def test_unit_with_a_plan_cannot_be_deleted() -> None:
    unit = UnitYearFactory().unit

    with pytest.raises(IntegrityError), change_set(by=None, why="", door="Test"):
        unit.delete()


@pytest.mark.django_db
def test_provenance_names_the_printed_lines() -> None:
    document = DocumentFactory(name="000.txt")

    assert str(ProvenanceFactory(document=document, lines=[248])) == "000.txt, line 248"
    assert str(ProvenanceFactory(document=document, lines=[246, 247])) == "000.txt, lines 246, 247"

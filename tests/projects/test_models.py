from collections.abc import Callable

import pytest
from django.db import IntegrityError

from projects.models import Consultation, Deliverable, KeyAction
from tests.factories import BLANK, ConsultationFactory, DeliverableFactory, KeyActionFactory, twice

BREACHES: dict[str, Callable[[], object]] = {
    "projects_keyaction_once": lambda: twice(KeyActionFactory, "plan", "unit", "section", "text"),
    "projects_keyaction_text_not_blank": lambda: KeyActionFactory(text=BLANK),
    "projects_deliverable_due_precision_known": lambda: DeliverableFactory(due_precision="week"),
    "projects_deliverable_dates_ordered": lambda: DeliverableFactory(march_2010=True, due_start="2010-04-01"),
    "projects_deliverable_date_has_precision": lambda: DeliverableFactory(march_2010=True, due_precision="unknown"),
    "projects_deliverable_precision_has_date": lambda: DeliverableFactory(march_2010=True, due_end=None),
    "projects_consultation_name_once": lambda: twice(ConsultationFactory, "plan", "unit", "name"),
    "projects_consultation_name_not_blank": lambda: ConsultationFactory(name=BLANK),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BREACHES)
def test_constraint_refuses(name: str) -> None:
    with pytest.raises(IntegrityError, match=f'"{name}"'):
        BREACHES[name]()


@pytest.mark.django_db
def test_action_of_a_directorate_stands_once_though_it_has_no_unit() -> None:
    action = KeyActionFactory(unit=None)

    with pytest.raises(IntegrityError, match='"projects_keyaction_once"'):
        KeyActionFactory(plan=action.plan, unit=None, text=action.text)


@pytest.mark.django_db
def test_date_that_cannot_be_read_keeps_its_printed_words() -> None:
    deliverable = DeliverableFactory(text="", due_precision="unknown", due_printed="Phase 2&3 Mar-Sept 2009")

    assert str(deliverable) == "Phase 2&3 Mar-Sept 2009"


@pytest.mark.django_db
def test_querysets_speak_of_year_unit_and_plan() -> None:
    deliverable = DeliverableFactory()
    action = deliverable.action
    consultation = ConsultationFactory(plan=action.plan, unit=action.unit)
    DeliverableFactory()
    ConsultationFactory()

    for model, row in ((KeyAction, action), (Deliverable, deliverable), (Consultation, consultation)):
        rows = model.objects.for_year(action.plan.year).for_unit(action.unit)
        assert list(rows) == list(model.objects.for_plan(action.plan)) == [row]

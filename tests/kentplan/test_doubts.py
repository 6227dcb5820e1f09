"""Doubts: an answer becomes a declared correction, and the document is read again with it."""

import html
import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budgets.models import BudgetLine, ControlTotal, CoreService, MTPItem, TotalSubject
from history.changes import change_set
from history.models import ChangeSet
from indicators.models import Indicator
from kentplan.__main__ import PLANS
from kentplan.doubts.answering import settling
from kentplan.doubts.questions import document_with_doubts, key_of, questions_of
from kentplan.files import open_file
from kentplan.loading import Options, load
from people.models import User
from plans.documents import Document as TextDocument
from plans.loading import BRING_BACK, REMOVE
from plans.models import Correction, Document, Plan
from tests.factories import DocumentFactory

REASON = "The row repeats the Controllable Totals."


@pytest.fixture
def administrator(client: Client, plan_administrator: User) -> Client:
    client.force_login(plan_administrator)
    return client


def the_doubt() -> tuple[Document, str]:
    """The one question that the published plans leave open."""
    document = Document.objects.get(name__startswith="children")
    (doubt,) = document.report["doubts"]
    return document, f"/doubts/{document.pk}/{key_of(doubt)}/"


def sent(**fields: str) -> dict[str, str]:
    return {"choice": "other", "other": "-5,518.0", "why": REASON, "token": str(uuid.uuid4()), **fields}


def lost() -> ControlTotal:
    return ControlTotal.objects.get(
        subject=TotalSubject.TOTAL_COST, portfolio__name="Children, Families and Educational Achievement"
    )


def words_of(answer: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode().split("<main")[1])).split())


# The published plans' own doubt, end to end


@pytest.mark.usefixtures("published")
def test_an_answer_is_stored_as_a_correction_and_the_figure_stands(
    administrator: Client, plan_administrator: User
) -> None:
    document, url = the_doubt()

    answer = administrator.post(url, sent(), follow=True)

    assert "The answer is stored, and the document was read again with it." in words_of(answer)
    assert lost().internal_income == Decimal("-5518.0")
    correction = Correction.objects.get()
    assert (correction.sha256, correction.line, correction.field) == (document.sha256, 289, "internal_income")
    assert (correction.was, correction.value, correction.reason) == ("-", "-5,518.0", REASON)
    assert correction.user == plan_administrator
    document.refresh_from_db()
    assert document.report["doubts"] == []
    ties = [check["outcome"] for check in document.report["checks"] if check["rule"] == "total cost internal income"]
    assert set(ties) == {"ties"}
    made = ChangeSet.objects.latest("pk")
    assert (made.by, made.why) == (plan_administrator, REASON)
    listed = words_of(administrator.get("/doubts/"))
    assert "No question is open." in listed
    assert "Ada Administrator" in listed
    assert REASON in listed


@pytest.mark.usefixtures("published")
def test_loading_the_same_file_again_changes_nothing_after_an_answer(administrator: Client) -> None:
    _, url = the_doubt()
    administrator.post(url, sent())

    (report,) = load([open_file(next(PLANS.glob("children*.txt")))], Options())

    assert not report.errors
    assert not report.doubts
    assert (report.counts["created"], report.counts["updated"], report.counts["removed"]) == (0, 0, 0)
    assert lost().internal_income == Decimal("-5518.0")


@pytest.mark.usefixtures("published")
def test_a_withdrawn_answer_opens_the_question_again(administrator: Client) -> None:
    _, url = the_doubt()
    administrator.post(url, sent())
    answer = f"/doubts/answers/{Correction.objects.get().pk}/"

    asked = administrator.post(answer, {"why": ""})
    administrator.post(answer, {"why": "It was another's figure", "token": str(uuid.uuid4())})

    assert "Say how you know." in words_of(asked)
    assert lost().internal_income is None
    assert not Correction.objects.exists()
    assert administrator.get(url).status_code == 200
    assert administrator.get(answer).status_code == 404


@pytest.mark.usefixtures("published")
def test_a_form_that_is_sent_twice_is_one_answer(administrator: Client) -> None:
    _, url = the_doubt()
    form = sent()

    administrator.post(url, form)
    second = administrator.post(url, form, follow=True)

    assert "The form was sent twice. The answer is stored, once." in words_of(second)
    assert ChangeSet.objects.filter(token=form["token"]).count() == 1


@pytest.mark.usefixtures("published")
def test_a_question_that_another_answered_meanwhile_keeps_what_was_typed(administrator: Client) -> None:
    _, url = the_doubt()
    administrator.post(url, sent())

    late = administrator.post(url, sent(other="-5,519.0", why="My own sum"))

    assert late.status_code == 409
    words = words_of(late)
    assert "The question is no longer open" in words
    assert "-5,519.0" in words
    assert "My own sum" in words
    assert "Ada Administrator" in words
    assert lost().internal_income == Decimal("-5518.0")


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"why": " "}, "Say how you know."),
        ({"choice": ""}, "Choose what is right, or type another value."),
        ({"choice": "99"}, "Select a valid choice."),
        ({"other": ""}, "Type the value, or choose one."),
        ({"other": "-"}, "is not an amount"),
        ({"other": "5.5k"}, "do you mean 5.5 or 5,500?"),
        ({"other": "9" * 300}, "That is more than a figure of a plan can be."),
        ({"token": "no token"}, ""),
    ],
)
def test_what_is_no_answer_is_refused_and_kept(fields: dict[str, str], says: str, administrator: Client) -> None:
    _, url = the_doubt()

    answer = administrator.post(url, sent(**fields))

    assert answer.status_code == 200
    assert says in words_of(answer)
    if "other" not in fields:
        assert 'value="-5,518.0"' in answer.content.decode()
    assert not Correction.objects.exists()
    assert lost().internal_income is None


@pytest.mark.usefixtures("published")
def test_nothing_is_chosen_beforehand_and_what_is_inferred_is_said(administrator: Client) -> None:
    _, url = the_doubt()

    page = administrator.get(url)

    assert " checked" not in page.content.decode()
    assert "−5,518.0 is what it must be by the other figures" in words_of(page)


@pytest.mark.usefixtures("published")
def test_what_the_other_figures_give_may_be_chosen(administrator: Client) -> None:
    _, url = the_doubt()

    administrator.post(url, sent(choice="0", other=""))

    assert lost().internal_income == Decimal("-5518.0")


@pytest.mark.usefixtures("published")
def test_an_adopted_plan_refuses_in_words(administrator: Client) -> None:
    document, url = the_doubt()
    with change_set(by=None, why="Adopted", door="Test"):
        Plan.objects.filter(pk=document.plan_id).update(state="adopted")

    page = administrator.get(url)
    answer = administrator.post(url, sent())

    assert "The plan is adopted: its document is no longer read" in words_of(page)
    assert answer.status_code == 200
    assert not Correction.objects.exists()


@pytest.mark.usefixtures("published")
def test_an_auditor_reads_and_does_not_answer(client: Client, auditor: User) -> None:
    client.force_login(auditor)
    _, url = the_doubt()

    assert "A plan administrator may answer it." in words_of(client.get(url))
    assert client.post(url, sent()).status_code == 403
    assert not Correction.objects.exists()


@pytest.mark.usefixtures("published")
def test_documents_page_says_how_many_doubts_are_open(administrator: Client) -> None:
    assert 'href="/doubts/">1</a>' in administrator.get("/documents/").content.decode()


# Each kind of question that reading leaves open can be answered

SERVICE = "SERVICE LEVEL BUSINESS PLAN 2009/10\n{name}\n\n{text}"
COLUMNS = (
    "Controllable Expenditure £000's\tFTE\tActivity\tFTE\tEmployee Costs £000's\tRunning Costs £000's\t"
    "Contracts & Projects £000's\tGross Expenditure £000's\tExternal Income £000's\tInternal Income £000's\t"
    "Controllable Expenditure £000's"
)
BUDGET = f"{{unit}}\n2008-09\t\t2009-10\n{COLUMNS}\n{{rows}}"


def row(activity: str, *, employee: str = "10.0", prior: str = "10.0", gross: str = "10.0") -> str:
    return f"{prior}\t1.0\t{activity}\t1.0\t{employee}\t0.0\t0.0\t{gross}\t0.0\t0.0\t{gross}"


def loaded(text: str, name: str = "Widgets") -> Any:
    document = TextDocument(SERVICE.format(name=name, text=text), "widgets.txt")
    (report,) = load([document], Options())
    assert not report.errors, report.errors
    return document_with_doubts(sha256=document.sha256).get()


def answer_first(client: Client, document: Any, choose: str | int, **fields: str) -> Any:
    question = questions_of(document_with_doubts(pk=document.pk).get())[0]
    picked = {"choice": str(choose)} if isinstance(choose, int) else {"choice": "other", "other": choose}
    url = f"/doubts/{document.pk}/{question.key}/"
    return client.post(url, {"other": "", **sent(**picked), **fields, **picked}, follow=True)


def open_questions(document: Any) -> list[str]:
    return [question.says for question in questions_of(document_with_doubts(pk=document.pk).get())]


def test_words_without_figures_are_given_to_the_label_above(administrator: Client) -> None:
    text = BUDGET.format(
        unit="Widget Service", rows=f"{row('Prizes')}\n{row('Cups')}\n\t\tSilver plate\t\t\t\t\t\t\t\t"
    )
    document = loaded(text)
    assert len(open_questions(document)) == 1

    answer = answer_first(administrator, document, 1)

    assert "was read again" in words_of(answer)
    assert open_questions(document) == []
    assert set(BudgetLine.objects.values_list("activity", flat=True)) == {"Prizes", "Cups Silver plate"}


def test_words_without_figures_may_be_nobodys(administrator: Client) -> None:
    text = BUDGET.format(
        unit="Widget Service", rows=f"{row('Prizes')}\n{row('Cups')}\n\t\tSilver plate\t\t\t\t\t\t\t\t"
    )
    document = loaded(text)

    answer_first(administrator, document, 0)

    assert open_questions(document) == []
    assert set(BudgetLine.objects.values_list("activity", flat=True)) == {"Prizes", "Cups"}


def test_a_figure_that_is_not_whole_is_typed(administrator: Client) -> None:
    document = loaded(BUDGET.format(unit="Widget Service", rows=f"{row('Prizes', employee='1,0.')}\n{row('Cups')}"))

    answer_first(administrator, document, "10")

    assert open_questions(document) == []
    assert BudgetLine.objects.get(activity="Prizes").employee == Decimal("10.0")


def test_a_core_services_amount_is_typed(administrator: Client) -> None:
    text = BUDGET.format(unit="Widget Service", rows=row("Prizes"))
    text = f"{text}\n\nWidget Service\nActivity as per budget line\tPrizes-£10,000\nAccountable Manager\tJo Berry\n"
    document = loaded(text)
    assert any("dash" in says for says in open_questions(document))

    answer_first(administrator, document, "10,000")

    assert open_questions(document) == []
    assert CoreService.objects.get().amount == Decimal(10000)


def test_a_pressure_without_an_amount_may_stay_without(administrator: Client) -> None:
    text = BUDGET.format(unit="Widget Service", rows=row("Prizes"))
    document = loaded(
        f"{text}\n\nMTP\nAmount £000\tPressure or saving\tExplanation\n-53\tTeam\tFull year\n\tPublicity\tLess\n"
    )
    assert open_questions(document)

    answer_first(administrator, document, 0)

    assert open_questions(document) == []
    assert MTPItem.objects.get(heading="Publicity").amount is None


def test_the_unit_of_a_measure_is_chosen(administrator: Client) -> None:
    text = BUDGET.format(unit="Widget Service", rows=row("Prizes"))
    header = "Indicator\tActual performance 2007/08\tTarget 2009/10"
    document = loaded(f"{text}\n\nWidget Service\n{header}\nNI 72 Widgets that pass\t45%\t50\n")
    (question,) = questions_of(document)
    assert question.column == "measure_unit"

    answer_first(administrator, document, [value for value, _ in question.choices].index("percent"))

    assert open_questions(document) == []
    assert Indicator.objects.get().measure_unit == "percent"


def test_a_name_that_may_be_a_units_is_answered_once_for_all_its_tables(administrator: Client) -> None:
    loaded(BUDGET.format(unit="Widget and Gadget Service", rows=row("Prizes")), name="Gadgets")
    document = loaded(BUDGET.format(unit="Widget & Gadget Unit", rows=row("Cups")))
    questions = questions_of(document)
    assert [question.column for question in questions] == ["unit"]

    answer_first(administrator, document, 0)

    assert open_questions(document) == []
    assert BudgetLine.objects.get(activity="Cups").unit.name == "Widget and Gadget Service"


# Questions of the load itself


def edited_plan() -> tuple[Any, Any]:
    """A plan whose line was edited here, and a second document of it that prints another figure."""
    loaded(BUDGET.format(unit="Widget Service", rows=f"{row('Prizes')}\n{row('Cups')}"))
    with change_set(by=None, why="A transfer", door="Test"):
        BudgetLine.objects.filter(activity="Prizes").update(employee=Decimal("12.0"))
    rows = f"{row('Prizes', employee='15.0', gross='15.0')}\n{row('Cups')}"
    return BudgetLine.objects.get(activity="Prizes"), loaded(BUDGET.format(unit="Widget Service", rows=rows))


@pytest.mark.parametrize(("choose", "stands"), [(0, "12.0"), (1, "15.0")])
def test_a_figure_that_both_changed_is_kept_or_taken(choose: int, stands: str, administrator: Client) -> None:
    line, document = edited_plan()

    answer_first(administrator, document, choose)

    line.refresh_from_db()
    assert line.employee == Decimal(stands)
    assert open_questions(document) == []


def test_an_open_question_of_the_load_is_asked_again_by_the_next(administrator: Client) -> None:
    _, document = edited_plan()
    asked = open_questions(document)

    text = "\n".join(line.text for line in document.lines.order_by("number"))
    assert text
    rows = f"{row('Prizes', employee='15.0', gross='15.0')}\n{row('Cups')}"
    loaded(BUDGET.format(unit="Widget Service", rows=rows))

    assert asked
    assert open_questions(document) == asked


def test_a_removed_row_is_brought_back(administrator: Client) -> None:
    loaded(BUDGET.format(unit="Widget Service", rows=f"{row('Prizes')}\n{row('Cups')}"))
    with change_set(by=None, why="Gone", door="Test"):
        BudgetLine.objects.filter(activity="Prizes").delete()
    rows = f"{row('Prizes', employee='15.0', gross='15.0')}\n{row('Cups')}"
    document = loaded(BUDGET.format(unit="Widget Service", rows=rows))
    (question,) = questions_of(document)

    answer_first(administrator, document, [value for value, _ in question.choices].index(BRING_BACK))

    assert BudgetLine.objects.get(activity="Prizes").employee == Decimal("15.0")
    assert open_questions(document) == []


def test_an_edited_row_that_is_no_longer_printed_is_removed(administrator: Client) -> None:
    loaded(BUDGET.format(unit="Widget Service", rows=f"{row('Prizes')}\n{row('Cups')}"))
    with change_set(by=None, why="A transfer", door="Test"):
        BudgetLine.objects.filter(activity="Prizes").update(employee=Decimal("12.0"))
    document = loaded(BUDGET.format(unit="Widget Service", rows=row("Cups")))
    (question,) = questions_of(document)

    answer_first(administrator, document, [value for value, _ in question.choices].index(REMOVE))

    assert not BudgetLine.objects.filter(activity="Prizes").exists()
    assert open_questions(document) == []


@pytest.mark.usefixtures("published")
def test_an_answer_is_tried_before_it_is_taken() -> None:
    document, _ = the_doubt()
    (question,) = questions_of(document_with_doubts(pk=document.pk).get())

    (correction,) = settling(question, "-5,518.0", reason=REASON, by="Ada")

    assert (correction.line, correction.field, correction.was) == (289, "internal_income", "-")
    assert not Correction.objects.exists()


@pytest.mark.parametrize("many", [1, 50])
def test_the_list_takes_a_fixed_number_of_queries(many: int, administrator: Client) -> None:
    for number in range(many):
        doubt = {"lines": [3, 4], "table": 0, "column": "fte", "says": f"Question {number}", "choices": ["1", "2"]}
        DocumentFactory(report={"doubts": [doubt] * 2, "tables": []})
    administrator.get("/doubts/")

    with CaptureQueriesContext(connection) as made:
        answer = administrator.get("/doubts/")

    assert answer.status_code == 200
    assert len(made) <= 10

"""The main job: the two published plans, read, checked and stored, whole or not at all."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models, transaction

from budgets.models import BudgetLine, ControlTotal, CoreService, Origin, StaffingLevel, TotalSubject
from history.changes import change_set
from indicators.models import Figure, Indicator, Listing
from kentplan.files import FileError, open_file
from kentplan.loading import FIXTURES, Options, load
from plans.documents import Document
from plans.loading import LoadReport
from plans.models import Alias, Plan, Provenance, SourceLine, Unit, UnitYear
from projects.models import Consultation, Deliverable, KeyAction
from tests.oracle import failures, read_oracle

PLANS = sorted((FIXTURES / "plans").glob("*.txt"))
DIRECTORATE, SERVICE = PLANS
WHOLE = sorted((Path(__file__).parents[3] / "shared" / "plans").glob("*.txt"))


def opened(paths: Iterable[Path]) -> list[Document]:
    return [open_file(path) for path in paths]


def changed(path: Path, line: int, was: str, now: str) -> Document:
    """The document with one cell changed, under the same name: a later printing of it."""
    lines = path.read_text().split("\n")
    assert was in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(was, now)
    return Document("\n".join(lines), path.name)


def counts(report: LoadReport) -> dict[str, int]:
    return {name: report.counts[name] for name in ("created", "updated", "unchanged", "removed") if report.counts[name]}


class _Undo(Exception):
    pass


def everything() -> dict[str, Counter[str]]:
    """All that a load stores, by what it says rather than by its ids."""
    found = {}
    for app in ("plans", "budgets", "indicators", "projects"):
        for model in apps.get_app_config(app).get_models():
            if model in (Provenance, SourceLine) or model.__name__ in ("Document",):
                continue
            relations = [field.name for field in model._meta.fields if field.is_relation]
            rows = model._default_manager.select_related(*relations)
            found[model._meta.label] = Counter(_told(row) for row in rows)
            for relation in model._meta.many_to_many:
                told = [f"{_told(row)} {sorted(map(str, getattr(row, relation.name).all()))}" for row in rows]
                found[f"{model._meta.label}.{relation.name}"] = Counter(told)
    return found


def _told(row: models.Model) -> str:
    told: dict[str, Any] = {}
    for field in row._meta.fields:
        if field.name == "provenance":
            provenance = row.provenance  # type: ignore[attr-defined]
            told["provenance"] = provenance and (provenance.kind, provenance.key, provenance.lines, provenance.repairs)
        elif not field.primary_key and not field.auto_created and field.name not in ("version", "created_at"):
            told[field.name] = str(getattr(row, field.name))
    return json.dumps(told, sort_keys=True, default=str)


# --- what stands in the database -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "tier"), [(DIRECTORATE, "directorate"), (SERVICE, "service")])
def test_every_cell_that_a_person_read_is_in_the_report(published: None, path: Path, tier: str) -> None:
    report = load([open_file(path)], Options(dry_run=True))[0]

    assert list(failures(report.as_json(), read_oracle(tier))) == []


def test_the_two_plans_stand_in_the_database(published: None) -> None:
    assert BudgetLine.objects.count() == 82
    assert BudgetLine.objects.filter(origin=Origin.SERVICE).count() == 36
    assert ControlTotal.objects.filter(subject=TotalSubject.PORTFOLIO_ROW).count() == 53
    assert CoreService.objects.count() == 33
    assert StaffingLevel.objects.count() == 28
    assert Consultation.objects.count() == 6
    assert Counter(KeyAction.objects.exclude(unit=None).values_list("unit__name", flat=True)) == {
        "Additional Educational Needs and Resources": 18,
        "Attendance and Behaviour Service": 18,
        "Educational Psychology Service": 13,
        "Joint Commissioning Unit": 12,
        "Minority Communities Achievement Service": 23,
        "Specialist Teaching Service": 15,
    }
    assert sorted(Counter(KeyAction.objects.filter(unit=None).values_list("section", flat=True)).values()) == [
        9,
        9,
        13,
        13,
    ]
    assert Deliverable.objects.exists() and Listing.objects.exists() and Figure.objects.exists()


def test_every_core_service_knows_its_budget_line_but_none_is_guessed(published: None) -> None:
    for service in CoreService.objects.select_related("line"):
        assert service.line is not None, service.activity
        assert service.line.controllable * 1000 == service.amount
        assert service.line.unit_id == service.unit_id


def test_units_stand_in_their_declared_divisions_and_printed_portfolios(published: None) -> None:
    places = {place.unit.name: place for place in UnitYear.objects.select_related("unit", "division", "portfolio")}

    assert len(places) == 53
    attendance = places["Attendance and Behaviour Service"]
    assert (str(attendance.division), attendance.cabinet_member) == ("Commissioning", "LR")
    assert str(places["Clusters"].portfolio) == "Operations, Resources and Skills (CFE)"
    assert places["Kent Music School"].division is None
    assert Alias.objects.get(name="AENR").unit == Unit.objects.get(name="Additional Educational Needs and Resources")
    assert Unit.objects.get(name="Joint Commissioning Unit").reason.startswith("declared: ")


def test_every_stored_row_leads_back_to_its_lines(published: None) -> None:
    line = BudgetLine.objects.get(activity="Special Recoupment Income")
    assert line.provenance is not None
    printed = SourceLine.objects.get(document=line.provenance.document, number=line.provenance.lines[0])

    assert printed.text.split("\t")[2] == "Special Recoupment Income"
    assert not BudgetLine.objects.filter(provenance=None).exists()


def test_every_line_with_a_tab_is_accounted_for_once(published: None) -> None:
    for path in PLANS:
        report = load([open_file(path)], Options(dry_run=True))[0].as_json()
        tabbed = [number for number, text in enumerate(path.read_text().split("\n"), 1) if "\t" in text]

        assert [line["line"] for line in report["lines"]] == tabbed
        assert {line["outcome"] for line in report["lines"]}.isdisjoint({"not read"})


@pytest.mark.skipif(not WHOLE, reason="the whole documents are not beside this checkout")
def test_the_whole_documents_load_the_same_as_their_tables(db: None) -> None:
    for tables, whole in zip(opened(PLANS), opened(WHOLE), strict=True):
        short, full = (load([item], Options(dry_run=True))[0].as_json() for item in (tables, whole))
        for report in (short, full):
            report.pop("sha256")
            report.pop("document")
            for table in report["tables"]:
                for row in table["rows"]:
                    row.pop("document")

        assert short == full


# --- all or nothing, again and in any order --------------------------------------------------------------------------


def test_loading_again_changes_nothing(published: None) -> None:
    before = everything()

    reports = load(opened(PLANS), Options())

    assert [set(counts(report)) for report in reports] == [{"unchanged"}, {"unchanged"}]
    assert everything() == before


def test_the_order_of_loading_makes_no_difference(db: None) -> None:
    stored = []
    for paths in ([DIRECTORATE, SERVICE], [SERVICE, DIRECTORATE]):
        try:
            with transaction.atomic():
                for path in paths:
                    assert not load([open_file(path)], Options())[0].errors
                stored.append(everything())
                raise _Undo
        except _Undo:
            pass

    first, second = stored
    for label in first:
        assert first[label] == second[label], label


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(db: None) -> None:
    reports = load(opened(PLANS), Options(dry_run=True))

    assert all(report.counts["created"] for report in reports)
    assert not Plan.objects.exists()
    assert not Unit.objects.exists()


@pytest.mark.parametrize(
    ("path", "line", "was", "now", "change"),
    [
        (SERVICE, 797, "56.7", "57.7", ("budget", "employee", "56.7", "57.7")),
        (DIRECTORATE, 332, "20726.6", "20726.7", ("establishment", "fte", "20726.6", "20726.7")),
        (SERVICE, 1159, "281.9", "282.9", ("staffing", "prior_fte", "281.9", "282.9")),
        (SERVICE, 116, "-53", "-54", ("mtp", "amount", "-53", "-54")),
    ],
)
def test_one_figure_changed_is_exactly_that_change(
    published: None, path: Path, line: int, was: str, now: str, change: tuple[str, ...]
) -> None:
    corrections = _corrections_for(changed(path, line, was, now))

    report = load([changed(path, line, was, now)], Options(corrections=corrections))[0]

    assert not report.errors
    assert counts(report).get("updated") == 1
    assert set(counts(report)) == {"updated", "unchanged"}
    assert [(item["kind"], item["column"], item["was"], item["now"]) for item in report.changes] == [change]


def _corrections_for(document: Document) -> tuple[Path, ...]:
    """The declared corrections, for a later printing of the document."""
    declared = next((FIXTURES / "corrections").glob("operations*.toml")).read_text()
    target = Path(tempfile.mkdtemp()) / "corrections.toml"
    target.write_text(declared.replace("documents = [", f'documents = ["{document.sha256}",'))
    return (target,)


def test_an_error_anywhere_writes_nothing(db: None) -> None:
    broken = changed(DIRECTORATE, 301, "Contingency ORS", "Contingency")

    reports = load([open_file(SERVICE), broken], Options())

    assert not reports[0].errors
    assert reports[1].errors
    assert not Plan.objects.exists()


def test_without_its_corrections_the_merged_table_is_refused_and_only_it(db: None) -> None:
    uncorrected = changed(DIRECTORATE, 803, "", " ")  # other bytes, so another document

    refused = load([uncorrected], Options())[0]
    assert [problem.lines for problem, _ in refused.errors] == [(311, 312, 313)]
    assert not Plan.objects.exists()

    load([uncorrected], Options(allow_partial=True))
    assert BudgetLine.objects.count() == 31


def test_the_corrected_labels_are_confirmed_by_the_staffing_establishment(published: None) -> None:
    report = load([open_file(DIRECTORATE)], Options(dry_run=True))[0]
    outcomes = {
        (check.label, check.rule): check.outcome
        for check in report.checks
        if check.rule.endswith("against budget rows")
    }

    for division in ("Finance and Corporate Services", "Resources", "Operations"):
        for year in ("last year's FTE", "FTE"):
            assert outcomes[f"Total {division}", f"establishment {year} against budget rows"] == "ties"


# --- what people edited ----------------------------------------------------------------------------------------------


def edit(line: BudgetLine, **figures: Any) -> None:
    with change_set(by=None, why="a pay award", door="test"):
        BudgetLine.objects.filter(pk=line.pk).update(**figures)


def test_what_people_edited_stays_when_the_document_says_what_it_said(published: None) -> None:
    line = BudgetLine.objects.get(activity="Multi Agency")
    edit(line, employee="60.0")

    report = load([open_file(SERVICE)], Options())[0]

    line.refresh_from_db()
    assert str(line.employee) == "60.00"
    assert set(counts(report)) == {"unchanged"}
    assert not report.doubts


def test_officers_and_targets_that_people_gave_an_action_stay(published: None) -> None:
    deliverable = Deliverable.objects.filter(action__unit__name="Attendance and Behaviour Service").exclude(links="")[0]
    with change_set(by=None, why="Handed over", door="Test"):
        deliverable.managers, deliverable.links = "Ada Lovelace", "NI 86"
        deliverable.save()
        deliverable.action.tie()
    edited = tied(deliverable.action)
    assert any("Ada Lovelace" in name for name in edited[0])

    load([open_file(SERVICE)], Options())

    assert tied(deliverable.action) == edited


def test_what_people_said_a_measure_is_stays(published: None) -> None:
    said = {"definition": "Of all pupils", "polarity": "lower", "measure_unit": "points", "decimal_places": 3}
    measures = Indicator.objects.filter(listings__plan__tier="service")
    with change_set(by=None, why="Defined", door="Test"):
        Indicator.objects.filter(pk__in=measures.values("pk")).update(**said)

    load([open_file(SERVICE)], Options())

    assert {tuple(row) for row in measures.values_list(*said)} == {tuple(said.values())}


def tied(action: KeyAction) -> tuple[set[str], set[str]]:
    return {str(officer) for officer in action.managers.all()}, {str(target) for target in action.targets.all()}


def test_what_both_changed_is_a_doubt_and_keeps_the_edit(published: None) -> None:
    line = BudgetLine.objects.get(activity="Multi Agency")
    edit(line, employee="60.0")

    report = load([changed(SERVICE, 797, "56.7", "57.7")], Options())[0]

    line.refresh_from_db()
    assert str(line.employee) == "60.00"
    assert [(doubt.column, doubt.choices) for doubt, _ in report.doubts] == [("employee", ("60", "57.7"))]


def test_a_line_that_people_removed_stays_removed(published: None) -> None:
    with change_set(by=None, why="merged into another", door="test"):
        BudgetLine.objects.filter(activity="Multi Agency").delete()

    load([open_file(SERVICE)], Options())

    assert not BudgetLine.objects.filter(activity="Multi Agency").exists()


def test_a_portfolio_line_that_was_edited_is_asked_about_before_it_is_replaced(db: None) -> None:
    load([open_file(DIRECTORATE)], Options())
    line = BudgetLine.objects.get(unit__name="Attendance and Behaviour Service")
    edit(line, running="2500.0")

    report = load([open_file(SERVICE)], Options())[0]

    assert [line.activity for line in BudgetLine.objects.filter(unit__name="Attendance and Behaviour Service")] == [
        "Attendance and Behaviour"
    ]
    assert any("was edited here" in doubt.says for doubt, _ in report.doubts)


def test_an_adopted_plan_is_not_loaded(published: None) -> None:
    with change_set(by=None, why="adopted by the Council", door="test"):
        Plan.objects.update(state="adopted")

    report = load([open_file(SERVICE)], Options())[0]

    assert "adopted" in report.errors[0][0].says


def test_a_unit_whose_figures_are_anothers_totals_is_asked_about_and_held(published: None) -> None:
    text = SERVICE.read_text().replace("Specialist Teaching Service", "Peripatetic Harbour Team")

    report = load([Document(text, "renamed.txt")], Options())[0]

    assert any("Peripatetic Harbour Team" in doubt.says for doubt, _ in report.doubts)
    assert not Unit.objects.filter(name="Peripatetic Harbour Team").exists()


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_writes_its_report_and_exits_with_one_when_refused(db: None, tmp_path: Path) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_text("A letter\n\nwith\ta tab\n")
    out = tmp_path / "out.json"

    with pytest.raises(SystemExit) as end:
        call_command("load_plan", str(plan), report=out)

    assert end.value.code == 1
    report = json.loads(out.read_text())
    assert [error["lines"] for error in report["errors"]] == [[1], [3, 3]]
    assert report["lines"] == [{"line": 3, "outcome": "not read", "table": 0, "why": "a table of no known kind"}]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"plan\x00", b"caf\xe9"])
def test_a_file_that_is_no_text_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes(content)

    with pytest.raises(FileError, match=r"plan\.txt"):
        open_file(path)

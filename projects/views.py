"""Pages of actions: the deliverables of a year, a unit's actions and consultations, one action, its form."""

from collections.abc import Sequence
from functools import partial

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from people.rights import Act, may, require
from plans import calendar, editing
from plans.converters import year_or_404
from plans.editing import REMOVE, Part
from plans.listing import ListPage, export
from plans.locks import lock_of
from plans.models import Unit
from plans.telling import tell_with
from projects import months, reporting
from projects.filters import DeliverableFilter
from projects.forms import ActionForm, DeliverableForm
from projects.models import Deliverable, KeyAction
from projects.tables import DeliverableTable

DELIVERABLES = ListPage(
    template="projects/action_list.html",
    rows="rows/deliverables.html",
    table=DeliverableTable,
    filterset=DeliverableFilter,
    columns=reporting.EXPORT_COLUMNS,
    exported=reporting.export_rows,
    shown=reporting.list_rows,
    noun="deliverable",
)
# What follows from the words of a date is no change of its own.
UNTOLD = ("due_start", "due_end")


def get_action_for_user(request: HttpRequest, pk: int, *, to_edit: bool = False) -> KeyAction:
    """The action with its plan, unit and provenance, if this person may see it (else 404) or edit it (else 403)."""
    require(request.user, Act.VIEW)
    actions = KeyAction.objects.with_ties().select_related("plan__year", "unit", "provenance__document")
    action = get_object_or_404(actions.defer("provenance__document__report"), pk=pk)
    if to_edit:
        require(request.user, Act.EDIT_ACTION, unit=action.unit, year=action.plan.year)
    return action


@require_safe
def action_list(request: HttpRequest, year: int) -> HttpResponse:
    require(request.user, Act.VIEW)
    in_year = year_or_404(year)
    deliverables = reporting.deliverables_of_year(in_year)
    context = {"year": in_year, "summary": months.year_summary(in_year, today=calendar.today())}
    return DELIVERABLES.respond(request, deliverables, name=f"actions-{in_year.path}", context=context)


@require_safe
def unit_actions(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    require(request.user, Act.VIEW)
    in_year = year_or_404(year)
    of_unit = get_object_or_404(Unit.objects.select_related("directorate"), slug=unit)
    deliverables = reporting.deliverables_of_unit(of_unit, in_year)
    name = f"actions-{in_year.path}-{of_unit.slug}"
    file = export(request, reporting.EXPORT_COLUMNS, lambda: reporting.export_rows(deliverables), name=name)
    if file is not None:
        return file
    groups = months.by_month(months.promised(deliverables), year=in_year.start, today=calendar.today())
    context = {
        "year": in_year,
        "unit": of_unit,
        "groups": groups,
        "summary": months.summary_of(groups, today=calendar.today()),
        "consultations": reporting.unit_consultations(of_unit, in_year),
    }
    return render(request, "projects/unit_actions.html", context)


@require_safe
def action_detail(request: HttpRequest, pk: int) -> HttpResponse:
    action = get_action_for_user(request, pk)
    context = {
        "action": action,
        "title": reporting.title_of(action.text),
        "year": action.plan.year,
        "unit": action.unit,
        "story": reporting.action_story(action, today=calendar.today()),
        "history": tell_with(action, "deliverables", name=reporting.name_then, untold=UNTOLD),
        "may_edit": may(request.user, Act.EDIT_ACTION, unit=action.unit, year=action.plan.year),
        "lock": lock_of(action),
        "may_see_report": may(request.user, Act.VIEW_LOAD_REPORT),
    }
    return render(request, "projects/action_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def action_edit(request: HttpRequest, pk: int) -> HttpResponse:
    action = get_action_for_user(request, pk, to_edit=True)
    deliverables = list(action.deliverables.order_by("position", "pk"))
    return editing.respond(
        request,
        [Part(ActionForm, action), *_parts(action, deliverables, request.POST)],
        template="projects/action_edit.html",
        door="action form",
        saved="The action is saved.",
        then=action.get_absolute_url(),
        context={"action": action, "year": action.plan.year, "unit": action.unit},
    )


def _parts(action: KeyAction, deliverables: Sequence[Deliverable], sent: QueryDict) -> list[Part]:
    """Each deliverable with its form, and a blank one; where all would be removed, the first is the last to stay."""
    new = _blank(action, deliverables)
    all_go = not sent.get("new-text", "").strip() and all(sent.get(f"{item.pk}-{REMOVE}") for item in deliverables)
    parts = []
    for number, row in enumerate([*deliverables, new], start=1):
        form = partial(
            DeliverableForm,
            year=action.plan.year.label,
            number=number,
            last=all_go and number == 1,
            empty_permitted=True,
            use_required_attribute=False,
        )
        parts.append(Part(form, row, prefix=str(row.pk or "new")))
    return parts


def _blank(action: KeyAction, deliverables: Sequence[Deliverable]) -> Deliverable:
    """A deliverable to be added, after the others; who answers for it and what it serves is theirs where they agree."""
    shared = {(item.managers, item.links) for item in deliverables}
    managers, links = shared.pop() if len(shared) == 1 else ("", "")
    position = max((item.position for item in deliverables), default=0) + 1
    return Deliverable(action=action, managers=managers, links=links, position=position)

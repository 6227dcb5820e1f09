"""People and their roles: who there is, what each may do, and the forms by which a plan administrator keeps them."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from people import reporting
from people.events import Event, record
from people.filters import PersonFilter
from people.forms import FactorResetForm, GrantEndForm, GrantForm, NewPersonForm, PersonForm
from people.models import Grant, Role, User
from people.passwords import mail_link
from people.rights import Act, may, require
from people.tables import PersonTable
from plans import editing
from plans.editing import Part
from plans.listing import ListPage

PEOPLE = ListPage(
    template="people/person_list.html",
    rows="rows/people.html",
    table=PersonTable,
    filterset=PersonFilter,
    columns=reporting.EXPORT_COLUMNS,
    exported=reporting.export_rows,
    shown=reporting.list_rows,
    noun="person",
    plural="people",
)
SENT_TWICE = "The form was sent twice. The change is saved, once."


def get_person_for_user(request: HttpRequest, pk: int, *, act: Act = Act.VIEW_PEOPLE) -> User:
    """The person, for those who may read people, or do `act` to them."""
    require(request.user, act)
    return get_object_or_404(reporting.people_listed(), pk=pk)


@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW_PEOPLE)
    people = reporting.people_listed()
    context = {"may_keep": may(request.user, Act.KEEP_PEOPLE), "totals": reporting.totals}
    return PEOPLE.respond(request, people, name="people", context=context)


@require_safe
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person_for_user(request, pk)
    grants = list(person.grants.all())
    context = {
        "person": person,
        "grants": [(grant, Role(grant.role).label, reporting.place_in_words(grant)) for grant in grants],
        "acts": reporting.acts_of(grants),
        "history": reporting.history_of(person),
        "may_keep": may(request.user, Act.KEEP_PEOPLE),
    }
    return render(request, "people/person_detail.html", context)


@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.VIEW_PEOPLE)
    return render(request, "people/rights.html", {"rights": reporting.rights()})


@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request: HttpRequest) -> HttpResponse:
    require(request.user, Act.KEEP_PEOPLE)
    person = User()
    response = editing.respond(
        request,
        [Part(NewPersonForm, person)],
        template="people/person_add.html",
        door="new person form",
        saved="The person is added.",
        then=reverse("people:person_list"),
        context={},
    )
    if person._state.adding:
        return response
    record(request, Event.PERSON_ADDED, person=person.pk)
    _send_link(request, person)
    return redirect(person)


@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person_for_user(request, pk, act=Act.KEEP_PEOPLE)
    response = editing.respond(
        request,
        [Part(partial(PersonForm, by=request.user), person)],
        template="people/person_edit.html",
        door="person form",
        saved=f"{person.name} is saved.",
        then=person.get_absolute_url(),
        context={"person": person},
    )
    is_active = User.objects.values_list("is_active", flat=True).get(pk=pk)
    if request.method == "POST" and is_active != person.is_active:
        record(request, Event.PERSON_ENABLED if is_active else Event.PERSON_DISABLED, person=pk)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def grant_add(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person_for_user(request, pk, act=Act.KEEP_PEOPLE)
    held = len(person.grants.all())
    response = editing.respond(
        request,
        [Part(GrantForm, Grant(user=person))],
        template="people/grant_add.html",
        door="new role form",
        saved=f"The role is granted to {person.name}.",
        then=person.get_absolute_url(),
        context={"person": person, "held": reporting.roles_in_words(person.grants.all())},
    )
    if response.status_code == 302 and Grant.objects.for_user(person).count() > held:
        record(request, Event.ROLE_GRANTED, person=person.pk)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Act.KEEP_PEOPLE)
    grant = Grant.objects.with_places().filter(pk=pk).first()
    if grant is None:
        return _ended_already(request, pk)
    response = editing.respond(
        request,
        [Part(GrantEndForm, grant)],
        template="people/grant_end.html",
        door="end of a role",
        saved=f"{grant.user.name} is {grant.get_role_display().lower()} no more: {reporting.place_in_words(grant)}.",
        then=grant.user.get_absolute_url(),
        context={"grant": grant, "person": grant.user, "place": reporting.place_in_words(grant)},
    )
    if response.status_code == 302:
        record(request, Event.ROLE_ENDED, person=grant.user.pk, role=grant.role)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def factors_reset(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person_for_user(request, pk, act=Act.KEEP_PEOPLE)
    response = editing.respond(
        request,
        [Part(partial(FactorResetForm, by=request.user), person)],
        template="people/factors_reset.html",
        door="second factor reset",
        saved=f"{person.name} has no second factor any more, and makes a new one after signing in.",
        then=person.get_absolute_url(),
        context={"person": person},
    )
    if response.status_code == 302:
        record(request, Event.SECOND_FACTOR_REMOVED, person=person.pk)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def password_link(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_person_for_user(request, pk, act=Act.KEEP_PEOPLE)
    if request.method != "POST":
        return render(request, "people/password_link.html", {"person": person})
    if person.is_active:
        _send_link(request, person)
    else:
        messages.info(request, f"{person.name} may not sign in, so no link was sent.")
    return redirect(person)


def _ended_already(request: HttpRequest, pk: int) -> HttpResponse:
    """A role that is not held any more: the form was sent twice, or there was none."""
    person = reporting.held_before(pk, token=request.POST.get("token", ""))
    if person is None:
        raise Http404("There is no such role.")
    messages.info(request, SENT_TWICE)
    return redirect(person)


def _send_link(request: HttpRequest, person: User) -> None:
    if mail_link(request, person):
        record(request, Event.PASSWORD_LINK_SENT, person=person.pk)
        messages.success(request, f"A link for setting a password was mailed to {person.email}.")
    else:
        messages.warning(request, "The mail could not be handed over. Send the link once more from this page.")

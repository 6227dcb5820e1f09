"""Reversing a change set: what it would do, and doing it."""

from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from history.models import ChangeSet
from history.reversal import touched
from history.tracked import Model
from kentplan import reversing
from kentplan.reversal_page import preview
from kentplan.reversing import Outcome, Sent
from people.events import Event, record
from people.rights import Act, require
from plans.editing import ReasonForm

TOLD = {
    Outcome.REVERSED: (messages.SUCCESS, "The change is reversed."),
    Outcome.REPEATED: (messages.INFO, "The form was sent twice. The change is reversed, once."),
    Outcome.NOTHING: (messages.INFO, "Nothing is left to reverse, so nothing was saved."),
}


def get_change_set_for_user(request: HttpRequest, pk: int) -> tuple[ChangeSet, dict[Model, list[int]]]:
    """The change set and what it touched, if this person may know of it (else 404) and reverse it (else 403)."""
    require(request.user, Act.VIEW_HISTORY)
    found = get_object_or_404(ChangeSet.objects.select_related("by"), pk=pk)
    rows = touched(found)
    if not reversing.may_know(request.user, rows):
        raise Http404
    if refusal := reversing.refusal(request.user, found, rows):
        raise PermissionDenied(refusal)
    return found, rows


@require_http_methods(["GET", "HEAD", "POST"])
def change_set_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    of, rows = get_change_set_for_user(request, pk)
    if request.method == "POST":
        assert isinstance(request.user, AbstractBaseUser)
        sent = reversing.reverse(of, request.POST, by=request.user)
        if sent.outcome in TOLD:
            return _told(request, of, sent)
    else:
        sent = Sent(Outcome.NOTHING, reversing.reversal_of(of, rows), ReasonForm())
    context = {
        "preview": preview(of, sent.reversal, confirmed=sent.confirmed, locks=reversing.locks_on(sent.reversal)),
        "reason": sent.reason,
        "stale": sent.outcome is Outcome.STALE,
        "refusal": sent.refusal,
        "all_forms": [sent.reason],
    }
    return render(request, "kentplan/change_set_reverse.html", context, status=409 if context["stale"] else 200)


def _told(request: HttpRequest, of: ChangeSet, sent: Sent) -> HttpResponse:
    messages.add_message(request, *TOLD[sent.outcome])
    if sent.made:
        record(request, Event.REVERSAL, change_set=of.pk, by_change_set=sent.made.pk)
    return redirect("kentplan:change_set", pk=(sent.made or of).pk)

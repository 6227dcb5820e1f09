"""How long a session lasts yet, staying, and ending one's other sessions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from people.sessions import SessionStore, end_sessions


@require_safe
@login_not_required
@cache_control(no_store=True)
def session_left(request: HttpRequest) -> HttpResponse:
    """Asked by the page itself before it warns: the one address that does not put off the end."""
    return _answer(request)


@require_POST
@login_not_required
@cache_control(no_store=True)
def session_stay(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated and isinstance(request.session, SessionStore):
        request.session.prolong(at_once=True)
    return _answer(request)


@require_POST
def session_others_end(request: HttpRequest) -> HttpResponse:
    assert request.user.is_authenticated
    number = end_sessions(request.user, but=request.session.session_key)
    said = {0: "You were signed in nowhere else.", 1: "You are signed out of the other browser."}
    messages.success(request, said.get(number, f"You are signed out of {number} other browsers."))
    return redirect("account_home")


def _answer(request: HttpRequest) -> JsonResponse:
    session = request.session
    if not request.user.is_authenticated or not isinstance(session, SessionStore):
        return JsonResponse({"left": 0, "person": None, "longest": False})
    return JsonResponse({"left": session.left, "person": str(request.user.pk), "longest": session.is_longest})

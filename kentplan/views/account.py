"""One's own account, and the pages round the sign-in library's."""

from datetime import timedelta
from typing import cast

from allauth.account.forms import LoginForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as passkeys
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kentplan.account import account_of, roles_that_need_one
from people.events import Event, record
from people.models import User
from people.second_factor import SecondFactorAdapter, may_remove, needs_one
from people.sessions import sessions_of
from people.throttle import seconds_left


@require_safe
def account_home(request: HttpRequest) -> HttpResponse:
    """Whoever has signed in has an account, also without a role."""
    user = cast(User, request.user)
    context = {"account": account_of(request, user), "sessions": sessions_of(request)}
    return render(request, "account/home.html", context)


@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Where the library goes when a factor has changed, and where whoever needs one and has none is led."""
    user = cast(User, request.user)
    account = account_of(request, user)
    if account.has_factor:
        return redirect("account_home")
    roles = roles_that_need_one(user) if needs_one(request, user) else ""
    return render(request, "mfa/choose.html", {"roles": roles})


@require_safe
def passkey_list(request: HttpRequest) -> HttpResponse:
    """Where the library goes when a passkey has changed: they are listed with the account."""
    return redirect("account_home")


def passkey_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The library's page, but not for the last factor of somebody who needs one."""
    user = cast(User, request.user)
    passkey = get_object_or_404(Authenticator, pk=pk, user=user, type=Authenticator.Type.WEBAUTHN)
    if not may_remove(user, passkey):
        messages.warning(request, SecondFactorAdapter.error_messages["cannot_delete_authenticator"])
        return redirect("account_home")
    answer: HttpResponseBase = passkeys.remove_webauthn(request, pk=pk)
    return answer


def throttled(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Too many attempts: when to come again. The address that was typed stays."""
    stage = getattr(request, "_login_stage", None)
    user = stage.login.user if stage else request.user
    seconds = seconds_left(request, user if isinstance(user, User) else None)
    minutes = -(-seconds // 60)
    page = request.resolver_match.url_name if request.resolver_match else None
    record(request, Event.THROTTLED, page=page, seconds=seconds)
    form = LoginForm(request=request, initial={"login": request.POST.get("login", "")[:254]})
    context = {
        "minutes": minutes,
        "at": timezone.localtime() + timedelta(minutes=minutes),
        "form": form if page == "account_login" else None,
        "next": request.POST.get("next", ""),
    }
    response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response

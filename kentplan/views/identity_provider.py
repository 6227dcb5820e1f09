"""To the council's identity provider and back. Without one these addresses do not exist."""

import secrets
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.core.ratelimit import consume_or_429
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from people.identity_provider import PROVIDER, IdentityProvider, failed, provider_name


@require_POST
@login_not_required
def provider_leave(request: HttpRequest) -> HttpResponse:
    """By POST, so that no other site can begin a sign-in.

    The answer is a page that leads on at once, not a redirect: a browser lets a form be sent to the portal alone, also
    by way of redirects, of which the provider may have several of its own.
    """
    provider = _provider(request)
    too_many: HttpResponse | None = consume_or_429(request, action="login")
    if too_many:
        return too_many
    nonce = secrets.token_urlsafe(24)
    parameters = {**provider.get_auth_params(), "nonce": nonce}
    back = get_next_redirect_url(request)
    try:
        away = provider.redirect(request, process=AuthProcess.LOGIN, next_url=back, auth_params=parameters, nonce=nonce)
    except OAuth2Error as error:
        return failed(request, error)
    if not isinstance(away, HttpResponseRedirect):
        return failed(request, OAuth2Error())
    return render(request, "account/provider_leave.html", {"url": away.url, "provider": provider_name()})


@require_safe
@login_not_required
def provider_back(request: HttpRequest) -> HttpResponseBase:
    _provider(request)
    try:
        answer: HttpResponseBase = ProviderBack.adapter_view(IdentityProvider(request, PROVIDER))(request)
    except OAuth2Error as error:  # already in finding out where to ask
        return failed(request, error)
    return answer


class ProviderBack(OAuth2CallbackView):
    """The library's view, which keeps the state; the state keeps the nonce."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce")
        return state, response


def _provider(request: HttpRequest) -> Any:
    if not provider_name():
        raise Http404
    provider = get_adapter().get_provider(request, PROVIDER)
    provider.oauth2_adapter_class = IdentityProvider
    return provider

"""Signing in through the council's own identity provider, by OpenID Connect, where the settings name one.

The provider proves who somebody is; an administrator says who may come in. The first time a person is found by the
e-mail address that the provider vouches for, from then on by the provider's own number for them: an address that passes
to somebody else takes nobody's account with it. Nothing that the provider tells is stored but a digest of that number.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jwt
from allauth.account.signals import user_logged_in
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from requests import RequestException

from people.events import Event, record
from people.models import User
from people.second_factor import VOUCHED

PROVIDER = "council"  # there is one
# With a key pair of the provider's own; a key that both sides know would sign for whoever reads it here
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
WRONG = (
    RequestException,
    jwt.PyJWTError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ImproperlyConfigured,  # a person's number that is longer than any should be
)


def provider_name() -> str:
    """What the council calls its provider; empty where there is none."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", ())
    return next((str(app["name"]) for app in apps), "")


@contextmanager
def its_answers() -> Iterator[None]:
    """A provider that is out of reach, or answers what no provider should, is no fault of the portal's."""
    try:
        yield
    except WRONG as error:
        raise OAuth2Error(f"The identity provider's answer was of no use: {type(error).__name__}") from error


class IdentityProvider(OpenIDConnectOAuth2Adapter):
    """What is asked of the provider, and what is believed of its answers."""

    nonce: str | None = None  # of the sign-in that is under way

    @property
    def openid_config(self) -> dict[str, Any]:
        with its_answers():
            config: dict[str, Any] = super().openid_config
            return config

    @property
    def authorize_url(self) -> str:
        with its_answers():
            return str(super().authorize_url)

    @property
    def access_token_url(self) -> str:
        with its_answers():
            return str(super().access_token_url)

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return str(build_absolute_uri(request, reverse("account_provider_back"), self.redirect_uri_protocol))

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> Any:
        with its_answers():
            return super().get_access_token_data(*args, **kwargs)

    def parse_token(self, data: Any) -> Any:
        with its_answers():
            return super().parse_token(data)

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        with its_answers():
            login = super().complete_login(request, app, token, **kwargs)
            told = login.account.extra_data
            proof, person = told["id_token"], told["userinfo"]
            if not self.nonce or proof["nonce"] != self.nonce:
                raise OAuth2Error("The proof belongs to another sign-in.")
            if proof["sub"] != person["sub"]:
                raise OAuth2Error("The proof and the person are two.")
            login.proof, login.person = proof, person
            login.account.uid = hashlib.sha256(f"{proof['iss']}\n{proof['sub']}".encode()).hexdigest()
            login.account.extra_data = {}
            return login

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        # The library trusts a token that came straight from the provider; its signature is looked at all the same.
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        named = jwt.get_unverified_header(id_token).get("kid")
        keys = [key for key in jwt.PyJWKSet.from_dict(answer.json()).keys if named in (None, key.key_id)]
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key=keys[0],
            algorithms=ALGORITHMS,
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            leeway=60,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
        return claims


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Who of those whom the provider knows comes in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """The provider has answered: lets the person through, or raises the page that says why not."""
        if not sociallogin.is_existing:
            self._link(request, sociallogin)
        if not sociallogin.user.is_active:
            record(request, Event.REFUSED, why="account closed", user=sociallogin.user.pk)
            raise ImmediateHttpResponse(redirect("account_inactive"))
        sociallogin.state["vouched"] = vouches(sociallogin.proof)

    def _link(self, request: HttpRequest, sociallogin: Any) -> None:
        email = str(sociallogin.person.get("email") or "").strip().lower()
        if not email or sociallogin.person.get("email_verified") is not True:
            raise refused(request, "unverified", email)
        user = User.objects.filter(email=email).first()
        if user is None:
            raise refused(request, "unknown", email)
        if SocialAccount.objects.filter(user=user, provider=sociallogin.account.provider).exists():
            raise refused(request, "somebody else's", email)
        if user.is_active:
            sociallogin.account.user = user
            sociallogin.account.save()
        sociallogin.user = user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        if error == AuthError.CANCELLED:
            messages.info(request, f"You did not sign in through {provider_name()}.")
            raise ImmediateHttpResponse(redirect("account_login"))
        raise ImmediateHttpResponse(failed(request, exception))


def vouches(proof: dict[str, Any]) -> bool:
    """Whether the provider says, in a way that the settings trust, that it asked for a second factor."""
    for trusted in settings.OIDC_SECOND_FACTOR_CLAIMS:
        claim, _, value = trusted.partition(":")
        said = proof.get(claim)
        if value in (said if isinstance(said, list) else [said]):
            return True
    return False


def refused(request: HttpRequest, why: str, email: str) -> ImmediateHttpResponse:
    record(request, Event.REFUSED, why=f"identity provider: {why}")
    context = {"why": why, "email": email, "provider": provider_name()}
    return ImmediateHttpResponse(render(request, "account/provider_refused.html", context, status=403))


def failed(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    """The provider did not answer as one does; or the browser came back from a sign-in that did not begin here."""
    record(request, Event.LOG_IN_FAILED, why=f"identity provider: {type(exception).__name__}")
    status = 502 if exception else 400
    return render(request, "account/provider_failed.html", {"provider": provider_name()}, status=status)


def remember_vouching(request: HttpRequest, user: User, sociallogin: Any = None, **kwargs: Any) -> None:
    """Each sign-in says anew whether somebody vouches for its second factor."""
    request.session.pop(VOUCHED, None)
    if sociallogin and sociallogin.state.get("vouched"):
        request.session[VOUCHED] = True


def connect() -> None:
    user_logged_in.connect(remember_vouching)

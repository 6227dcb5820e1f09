"""A second factor beside the password: an authenticator app or a passkey, with recovery codes for when it is lost.

Everybody may have one. Whoever moves money, approves it or keeps people must (SECOND_FACTOR_REQUIRED), unless the
council's identity provider vouched for the session.
"""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import qrcode
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.template.loader import render_to_string
from django.utils.encoding import force_bytes
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from people.events import Event, record
from people.models import Role, User
from people.rights import held_by
from people.sessions import end_sessions

REQUIRED_OF = frozenset({Role.FINANCE_OFFICER, Role.APPROVER, Role.PLAN_ADMINISTRATOR})
VOUCHED = "second_factor_vouched"  # in the session, set when the identity provider asked for a second factor itself

Respond = Callable[[HttpRequest], HttpResponse]


class SecondFactor:
    """Middleware: whoever needs a second factor gets no further than their account without one.

    Nothing is asked of the database for a session in which one was used or made; the roles held are read once a
    request, and every page reads them anyway.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.account = resolve_url("account_home")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or request.path.startswith(self.account):
            return None
        user = request.user
        if not isinstance(user, User) or used_here(request, user) or not needs_one(request, user):
            return None
        kinds = set(factors_of(user).values_list("type", flat=True))
        if not kinds:
            return _lead(request, resolve_url("mfa_index"))
        page = "mfa_reauthenticate" if Authenticator.Type.TOTP in kinds else "mfa_reauthenticate_webauthn"
        # What was posted is not done, and is not done later either: the way back is to the page.
        back = request.get_full_path() if request.method == "GET" else "/"
        return _lead(request, f"{resolve_url(page)}?{urlencode({'next': back})}")


def _lead(request: HttpRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.headers.get("HX-Request") else redirect(url)


def needs_one(request: HttpRequest, user: User) -> bool:
    """Whether `user` may go on only with a second factor."""
    if not settings.SECOND_FACTOR_REQUIRED or request.session.get(VOUCHED):
        return False
    return any(held.role in REQUIRED_OF for held in held_by(user))


def used_here(request: HttpRequest, user: User) -> bool:
    """Whether a second factor was used or made in this session."""
    return any(used["method"] == "mfa" for used in get_authentication_records(request, user))


def factors_of(user: AbstractBaseUser) -> QuerySet[Any]:
    """The second factors that `user` has; recovery codes only stand in for one."""
    factors: QuerySet[Any] = Authenticator.objects.filter(user_id=user.pk).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    return factors


def may_remove(user: User, authenticator: Any) -> bool:
    """The last second factor stays where the roles held need one: make another, then remove this."""
    if not settings.SECOND_FACTOR_REQUIRED or not any(held.role in REQUIRED_OF for held in held_by(user)):
        return True
    return factors_of(user).exclude(pk=authenticator.pk).exists()


def reset(user: User) -> int:
    """For whoever lost theirs: takes the factors and recovery codes away, and ends the sessions that they opened."""
    number: int = Authenticator.objects.filter(user_id=user.pk).delete()[0]
    end_sessions(user)
    record(None, Event.SECOND_FACTOR_REMOVED, person=user.pk, kind="all")
    return number


class SecondFactorAdapter(DefaultMFAAdapter):
    """The sign-in library's second factors, as this portal has them."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code is not right. Codes change every half minute and can be used once.",
        "cannot_delete_authenticator": "Your roles need a second factor. Add another one before you remove this one.",
    }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "kentplan"}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:  # noqa: A002  # the library's name
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {number + 1}" if number else "Passkey"

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return may_remove(authenticator.user, authenticator)

    def build_totp_svg(self, url: str) -> str:
        """The address as a picture to point a camera at: one path, which needs neither style nor another request."""
        code = qrcode.QRCode(border=4)
        code.add_data(url)
        cells = code.get_matrix()
        dark = [f"M{x},{y}h1v1h-1z" for y, line in enumerate(cells) for x, on in enumerate(line) if on]
        return render_to_string("components/qr_code.svg", {"size": len(cells), "path": "".join(dark)})

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:  # SECRET_KEY was changed, and the old one is not among its fallbacks
            raise self.validation_error("incorrect_code") from error


def _cipher() -> MultiFernet:
    """A copy of the database alone gives nobody a second factor: its secrets are kept under the portal's own key."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(b"people.second_factor:" + force_bytes(key)).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


# The library's signals, connected in people/apps.py


def factor_added(request: HttpRequest, user: User, authenticator: Any, **facts: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
    record(request, Event.SECOND_FACTOR_ADDED, kind=authenticator.type)


def factor_removed(request: HttpRequest, user: User, authenticator: Any, **facts: Any) -> None:
    record(request, Event.SECOND_FACTOR_REMOVED, kind=authenticator.type)


def factor_refused(request: HttpRequest, user: User, authenticator: Any, **facts: Any) -> None:
    record(request, Event.SECOND_FACTOR_FAILED, user=user.pk, kind=authenticator.type)


def password_changed(request: HttpRequest, user: User, **facts: Any) -> None:
    record(request, Event.PASSWORD_CHANGED, user=user.pk)

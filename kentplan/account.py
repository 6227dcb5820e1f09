"""What somebody's own account page says: who they are, what they may do, and how they sign in."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from people.models import Grant, Role, User
from people.rights import held_by
from people.second_factor import REQUIRED_OF, needs_one


@dataclass(frozen=True, slots=True)
class Account:
    """One person's account; `places` by role, each everywhere or a list of names."""

    roles: tuple[tuple[str, str], ...]
    app: Any  # the authenticator app, or None
    passkeys: tuple[Any, ...]
    codes_left: int | None  # recovery codes; None where none were made
    required: bool  # a second factor is

    @property
    def has_factor(self) -> bool:
        return bool(self.app or self.passkeys)


def account_of(request: HttpRequest, user: User) -> Account:
    """Two queries, besides those of the roles."""
    factors = list(Authenticator.objects.filter(user=user).order_by("pk"))
    codes = next((factor for factor in factors if factor.type == Authenticator.Type.RECOVERY_CODES), None)
    return Account(
        roles=tuple(_roles(user)),
        app=next((factor for factor in factors if factor.type == Authenticator.Type.TOTP), None),
        passkeys=tuple(factor for factor in factors if factor.type == Authenticator.Type.WEBAUTHN),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
        required=needs_one(request, user),
    )


def roles_that_need_one(user: User) -> str:
    """In words: "finance officer and approver"."""
    held = {role.role for role in held_by(user)} & REQUIRED_OF
    return " and ".join(role.label.lower() for role in Role if role in held)


def _roles(user: User) -> list[tuple[str, str]]:
    places: dict[str, list[str]] = {}
    for grant in Grant.objects.for_user(user).select_related("unit", "portfolio"):
        place = grant.unit or grant.portfolio
        places.setdefault(grant.get_role_display(), []).append(str(place) if place else "all units")
    return [(role, ", ".join(sorted(names))) for role, names in places.items()]

"""Guessing is slowed down: by address, and by account for browsers that never signed in to it.

The sign-in library counts, in Django's cache. A browser that signed in to an account carries a signed cookie which says
so; its failures are counted apart, so that strangers who use up an account's tries do not lock its owner out.
"""

import time
from collections.abc import Iterable
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.core.internal.ratelimit import get_cache_key, get_rates
from allauth.mfa import app_settings as mfa_settings
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from people.models import User

SALT = "people.throttle.browser"
YEAR = 365 * 24 * 3600
ACCOUNTS_AT_MOST = 10  # of a machine that several share


def account_key(request: HttpRequest, email: str) -> str:
    """What failures at an account are counted under: the account's address, and the browser where it is known there.

    Not the host by which the portal was called, as the library has it: whoever calls it chooses its port.
    """
    account = email.strip().lower()
    browser, accounts = read_cookie(request)
    if accounts and User.objects.filter(email=account, pk__in=accounts).exists():
        return f"{account}:{browser}"
    return account


def remember_browser(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Lets the browser know, for a year, that `user` signed in with it."""
    browser, accounts = read_cookie(request)
    value = {
        "browser": browser or get_random_string(20),
        "accounts": [user.pk, *(pk for pk in accounts if pk != user.pk)][:ACCOUNTS_AT_MOST],
    }
    response.set_cookie(
        settings.BROWSER_COOKIE_NAME,
        signing.dumps(value, salt=SALT),
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def read_cookie(request: HttpRequest) -> tuple[str, list[int]]:
    """The browser's own mark, and the accounts that signed in with it; nothing where the cookie is not ours."""
    try:
        value: dict[str, Any] = signing.loads(
            request.COOKIES.get(settings.BROWSER_COOKIE_NAME, ""), salt=SALT, max_age=YEAR
        )
    except signing.BadSignature:
        return "", []
    return value["browser"], value["accounts"]


def seconds_left(request: HttpRequest, user: User | None) -> int:
    """How long the counters that refuse this request go on doing so, at least 1."""
    typed = request.POST.get("login", ""), request.POST.get("email", "")
    keys = {address.strip().lower() for address in typed} | {account_key(request, typed[0])}
    if user:
        keys |= {f"mfa-auth-user-{user.pk}", account_key(request, user.email)}
    now = time.time()
    waits = [
        history[rate.amount - 1] + rate.duration - now
        for app, limits in (
            ("allauth.account", account_settings.RATE_LIMITS),
            ("allauth.mfa", mfa_settings.RATE_LIMITS),
        )
        for action in limits
        for rate in get_rates(app=app, action=action)
        for key in _keys(rate.per, keys, user)
        if len(history := cache.get(get_cache_key(request, app=app, action=action, rate=rate, key=key, user=user), ()))
        >= rate.amount
    ]
    return max(1, round(max(waits, default=1)))


def _keys(per: str, keys: Iterable[str], user: User | None) -> Iterable[str | None]:
    if per == "key":
        return keys
    return () if per == "user" and user is None else (None,)

"""What the tests of sign-in share: a person with a password, the way in, and the code of an app."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client

from history.changes import change_set
from people.models import User

PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def with_password(user: User) -> User:
    with change_set(by=None, why="", door="Test"):
        user.set_password(PASSWORD)
        user.save()
    return user


def log_in(client: Client, user: User | str, password: str = PASSWORD, **extra: Any) -> HttpResponse:
    email = user if isinstance(user, str) else user.email
    return client.post("/accounts/login/", {"login": email, "password": password}, **extra)


def with_app(user: User) -> User:
    TOTP.activate(user, SECRET)
    return user


def code_of(secret: str = SECRET, *, later: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))

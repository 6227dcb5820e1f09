"""What happens to the portal's safety, a structured line each on the logger "kentplan.events".

    record(request, Event.EXPORT, format="csv")

A line says when, what, who (by number), at which address and in which request. It never holds an e-mail address, a
name, a password, a token, words that were searched for or anything else that was typed: whatever is written down here
is read by more people than the portal itself. kentplan/logs.py writes the line.
"""

import logging
import re
import uuid
from enum import StrEnum
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest
from django.utils.functional import LazyObject

LOGGER = logging.getLogger("kentplan.events")
SECRET_PARTS = re.compile(r"(/reset/key/)[^/?\s]+")  # who follows the link of such an address sets a password
ADDRESS = re.compile(r"[^\s@/\"'<>(=]+@[^\s@/\"'<>)]+")
QUERY = re.compile(r"(?<=[\w/])\?\S*")


class Event(StrEnum):
    """What is written down."""

    LOG_IN = "log in"
    LOG_OUT = "log out"
    LOG_IN_FAILED = "log in failed"
    SESSION_ENDED = "session ended"
    THROTTLED = "throttled"
    REFUSED = "refused"
    EXPORT = "export"
    LOAD = "load"
    REVERSAL = "reversal"
    PASSWORD_CHANGED = "password changed"  # noqa: S105  # an event's name
    SECOND_FACTOR_ADDED = "second factor added"
    SECOND_FACTOR_REMOVED = "second factor removed"
    SECOND_FACTOR_FAILED = "second factor failed"
    PASSWORD_LINK_SENT = "password link sent"  # noqa: S105  # an event's name
    PERSON_ADDED = "person added"
    PERSON_DISABLED = "person disabled"
    PERSON_ENABLED = "person enabled"
    ROLE_GRANTED = "role granted"
    ROLE_ENDED = "role ended"
    UNLOCKED = "unlocked"


def record(request: HttpRequest | None, event: str, **facts: str | int | None) -> None:
    """Writes one event down; `facts` are numbers and words of the portal's own. Without a request nobody asked for it."""
    line: dict[str, Any] = {"event": Event(event).value, **about(request), **facts}
    LOGGER.info(line["event"], extra={"facts": line})


def about(request: HttpRequest | None) -> dict[str, str | int | None]:
    """Who asks for what, in words that any log may hold. Asks the database nothing."""
    if request is None:
        return {}
    return {
        "user": _person(request),
        "method": request.method if request.method in METHODS else "other",
        "path": masked(request.path)[:200],
        "reference": reference_of(request),
    }


METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"))


def reference_of(request: HttpRequest) -> str:
    """What one request is called, in the log and on the page that says that something went wrong."""
    reference: str | None = getattr(request, "reference", None)
    if reference is None:
        reference = uuid.uuid4().hex[:12]
        request.reference = reference  # type: ignore[attr-defined]
    return reference


def masked(text: str) -> str:
    """`text` without e-mail addresses, queries (they hold what was searched for) and keys that set a password."""
    return QUERY.sub("?…", ADDRESS.sub("…@…", SECRET_PARTS.sub(r"\1…", text)))


def _person(request: HttpRequest) -> int | None:
    """The number of whoever is signed in, if the request has come so far as to know."""
    user: Any = request.__dict__.get("user")
    if isinstance(user, LazyObject):
        user = request.__dict__.get("_cached_user")
    number: int | None = getattr(user, "pk", None)
    return number


def record_sign_ins() -> None:
    """From now on whoever signs in or out, or fails to, is written down, through whatever door."""
    user_logged_in.connect(_logged_in, dispatch_uid="kentplan.events")
    user_logged_out.connect(_logged_out, dispatch_uid="kentplan.events")
    user_login_failed.connect(_login_failed, dispatch_uid="kentplan.events")


def _logged_in(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    record(request, Event.LOG_IN, user=user.pk)


def _logged_out(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    record(request, Event.LOG_OUT, user=getattr(user, "pk", None))


def _login_failed(sender: Any, request: HttpRequest | None = None, **_: Any) -> None:
    record(request, Event.LOG_IN_FAILED)  # not for which account: the address was typed, and may be a password

"""What holds for every answer, whoever gives it: headers for the browser, and the lines of the log.

The outermost middleware (`answers`) sees also what others answer early: redirects to https, static files, refusals of a
wrong host, errors. The health pages are answered inside it, before anything looks at the host or at https: a load
balancer calls by number and in clear.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest, HttpResponseBase

from kentplan.views import health
from people.events import Event, record, reference_of

Respond = Callable[[HttpRequest], HttpResponseBase]
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
}
HEALTH = {"/health/alive/": health.alive, "/health/ready/": health.ready}
REFUSALS = frozenset((400, 401, 403, 405, 409, 410, 413, 414))
THROTTLED = 429
UNKNOWN = 404


def answers(get_response: Respond) -> Respond:
    """Every answer with the headers of the house, and written down where it refuses or hands out a file."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        reference_of(request)
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # What may be kept says so itself: files that never change their content under one name.
        if not response.headers.get("Cache-Control", "").startswith(("max-age=", "public")) or _is_ours(response):
            response.headers["Cache-Control"] = "no-store"
        _write_down(request, response)
        return response

    return middleware


def health_pages(get_response: Respond) -> Respond:
    """The pages for a load balancer, before the host and the session are looked at."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        page = HEALTH.get(request.path_info)
        return page(request) if page else get_response(request)

    return middleware


def _is_ours(response: HttpResponseBase) -> bool:
    """Whether a page of the portal says how long it may be kept: by the sign-in library's word, never."""
    return "no-cache" in response.headers.get("Cache-Control", "") or response.status_code >= 400


def _write_down(request: HttpRequest, response: HttpResponseBase) -> None:
    status = response.status_code
    if status == THROTTLED:
        record(request, Event.THROTTLED, status=status)
    elif status in REFUSALS or (status == UNKNOWN and _signed_in(request)):
        record(request, Event.REFUSED, status=status)
    elif response.headers.get("Content-Disposition", "").startswith("attachment"):
        name = response.headers["Content-Disposition"].rpartition(".")[2].strip('"')
        record(request, Event.EXPORT, format=name if name.isalnum() else "file", bytes=_length(response))


def _signed_in(request: HttpRequest) -> bool:
    # Only looked up if a page has looked already: a wrong address is no reason to ask the database.
    user = request.__dict__.get("_cached_user")
    return bool(user is not None and user.is_authenticated)


def _length(response: HttpResponseBase) -> int | None:
    return None if response.streaming else len(getattr(response, "content", b""))


class MessagesInCookie(CookieStorage):
    """What the next page says once, in a cookie that no other host can set."""

    cookie_name = "__Host-messages" if settings.HTTPS else "messages"


class Messages(FallbackStorage):
    storage_classes = (MessagesInCookie, SessionStorage)

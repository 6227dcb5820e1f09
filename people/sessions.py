"""Sessions, which end on the server: 30 minutes after the last request, and 12 hours after sign-in at the latest.

The end stands in the session's row (`expire_date`), which each request reads anyway; Django reads no row that is over.
A request puts it off by one UPDATE, and only where that gains more than a minute.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from people.events import Event, record

KEY = re.compile("[0-9a-z]{32}")
OPENED = "opened"  # when the person signed in, in seconds since 1970
BROWSER = "browser"

ENDED = "Your session has ended, as it does after {idle:g} minutes without use and {longest:g} hours after sign-in."


class SessionStore(db.SessionStore):
    """A session in the database, as Django keeps it, with an end that no request can put off for ever."""

    def __init__(self, session_key: str | None = None) -> None:
        # Anything else in the cookie is no session; Django would ask the database, which fails on a NUL.
        super().__init__(session_key if session_key and KEY.fullmatch(session_key) else None)
        self.ends: datetime | None = None

    def load(self) -> dict[str, Any]:
        row = self._get_session_from_db()  # type: ignore[attr-defined]
        data: dict[str, Any] = self.decode(row.session_data) if row else {}
        if row is None:
            return data
        # Who signed in before there was an end, or before the longest time was made shorter, signs in again.
        if SESSION_KEY in data and (OPENED not in data or latest_end(data[OPENED]) <= timezone.now()):
            self._session_key = None
            return {}
        self.ends = row.expire_date
        return data

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        self.ends = row.expire_date
        return row

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """When the session ends if nothing more is asked after now."""
        end = timezone.now() + idle_time()
        return min(end, latest_end(self[OPENED])) if OPENED in self else end

    def get_expiry_age(self, **kwargs: Any) -> int:
        return max(0, int((self.get_expiry_date() - timezone.now()).total_seconds()))

    def prolong(self, *, at_once: bool = False) -> None:
        """Count from now. Without `at_once` the gain must be worth a write."""
        end = self.get_expiry_date()
        if self.ends is None or (end - self.ends < idle_time() / 30 and not at_once):
            return
        self.model.objects.filter(session_key=self.session_key, expire_date__gt=timezone.now()).update(expire_date=end)
        self.ends = end

    @property
    def left(self) -> float:
        """Seconds to the end."""
        return max(0.0, (self.ends - timezone.now()).total_seconds()) if self.ends else 0.0

    @property
    def warns(self) -> float:
        """So many seconds before the end the page warns."""
        return float(settings.SESSION_WARNING_MINUTES) * 60

    @property
    def is_longest(self) -> bool:
        """Whether the end is the longest that a session may last, which nothing puts off."""
        return self.ends is not None and OPENED in self and self.ends >= latest_end(self[OPENED])


def idle_time() -> timedelta:
    return timedelta(minutes=settings.SESSION_IDLE_MINUTES)


def latest_end(opened: float) -> datetime:
    return datetime.fromtimestamp(opened, UTC) + timedelta(hours=settings.SESSION_HOURS)


def begin(request: HttpRequest, **kwargs: Any) -> None:
    """A person signs in: the session's time begins, and the rows of sessions that are over go."""
    if not isinstance(request.session, SessionStore):
        return
    request.session[OPENED] = timezone.now().timestamp()
    request.session[BROWSER] = browser(request.META.get("HTTP_USER_AGENT", ""))
    SessionStore.clear_expired()


class Sessions:
    """Puts off the end of the session at each request, except where the page only asks how long is left."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.asks = reverse("account_session")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            if not request.user.is_authenticated and SESSION_KEY in request.session:
                request.session.flush()  # the account is closed; opened again it does not bring back the session
            elif request.user.is_authenticated and request.path != self.asks:
                request.session.prolong()  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Says why one has to sign in again; what a form brought is shown, to be copied, and nothing done with it.

        It comes after the check of the form's token, so that no other site can put its words on this page.
        """
        if not has_ended(request) or not getattr(view, "login_required", True):
            return None
        record(request, Event.SESSION_ENDED)
        if request.method == "POST" and (typed := typed_in(request)):
            return render(request, "account/ended.html", {"typed": typed, "back": back_to(request)}, status=401)
        messages.info(request, ENDED.format(idle=settings.SESSION_IDLE_MINUTES, longest=settings.SESSION_HOURS))
        return None


def has_ended(request: HttpRequest) -> bool:
    """Whether the browser still holds the key of a session that is over."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty()


NEVER_SHOWN = re.compile("password|token|version|csrf|_FORMS$|(^|-)(id|code|login|next|credential)$")


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form brought, field by field, without what is secret or nobody typed."""
    return [
        (re.sub("[-_]+", " ", name).strip().capitalize(), value)
        for name, values in request.POST.lists()
        if not NEVER_SHOWN.search(name)
        for value in values
        if isinstance(value, str) and value.strip()
    ]


def back_to(request: HttpRequest) -> str:
    """The page that the form was on: most are sent to their own address."""
    here = request.build_absolute_uri("/")
    page = request.headers.get("Referer", "")
    return page.removeprefix(here.rstrip("/")) if page.startswith(here) else request.get_full_path()


# One person's sessions


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which a person is signed in."""

    browser: str
    opened: datetime
    seen: datetime
    is_this: bool


def sessions_of(request: HttpRequest) -> list[Session]:
    """The sessions of whoever asks, this one first, then the last seen."""
    found = [
        Session(
            browser=data.get(BROWSER, ""),
            opened=datetime.fromtimestamp(data[OPENED], UTC),
            seen=timezone.now() if key == request.session.session_key else ends - idle_time(),
            is_this=key == request.session.session_key,
        )
        for key, ends, data in _sessions(request.user)
        if OPENED in data
    ]
    return sorted(found, key=lambda session: (session.is_this, session.seen), reverse=True)


def end_sessions(user: AbstractBaseUser, *, but: str | None = None) -> int:
    """Sign `user` out everywhere, except in the session whose key is `but`. How many sessions that ended."""
    keys = [key for key, _, _ in _sessions(user) if key != but]
    SessionStore.get_model_class().objects.filter(session_key__in=keys).delete()
    return len(keys)


def _sessions(user: Any) -> list[tuple[str, datetime, dict[str, Any]]]:
    # Whose a session is stands inside it. Those of the last half hour are few enough to be looked through.
    store = SessionStore()
    rows = store.model.objects.filter(expire_date__gt=timezone.now())
    read = [(row.session_key, row.expire_date, store.decode(row.session_data)) for row in rows]
    return [(key, ends, data) for key, ends, data in read if data.get(SESSION_KEY) == str(user.pk)]


BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def browser(agent: str) -> str:
    """What a browser calls itself, in words a person knows: "Firefox on Windows"."""
    name = next((words for mark, words in BROWSERS.items() if mark in agent), "A browser")
    system = next((words for mark, words in SYSTEMS.items() if mark in agent), "")
    return f"{name} on {system}" if system else name

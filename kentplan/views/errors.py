"""What a page says when the portal fails: a reference that stands in the log too, and nothing else.

Neither page asks the database or the session for anything.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from people.events import reference_of

AGAIN_AFTER = 10  # seconds; so soon the portal is back when its database is
# SQLSTATE of a server that cannot be reached, starts, ends, is full, or does not come to an answer in time
GONE = ("08", "53", "57", "55P03", "25P03")


def server_error(request: HttpRequest) -> HttpResponse:
    """The fault is the portal's, or its database is gone: to be seen by the error that is being handled."""
    gone = database_gone(sys.exc_info()[1])
    template, status = ("503.html", 503) if gone else ("500.html", 500)
    page = render_to_string(template, {"reference": reference_of(request)})
    return HttpResponse(page, status=status, headers={"Retry-After": str(AGAIN_AFTER)} if gone else None)


def database_gone(error: BaseException | None) -> bool:
    """Whether an error, or one that led to it, is that the database does not answer."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OperationalError | InterfaceError):
            state = getattr(error.__cause__, "pgcode", None)
            # Without a state it is the connection that failed: it could not be made, or broke off.
            if state is None or state.startswith(GONE):
                return True
        error = error.__cause__ or error.__context__
    return False

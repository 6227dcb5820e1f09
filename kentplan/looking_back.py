"""`?as_of=2009-06-03` on a page of the plan: the plan as it stood when that day was over, with nothing to change."""

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from history.as_of import end_of, looking_back

# The pages that show what the plan says. Elsewhere (documents, people, help) there is only today.
PAGES = ("/units/", "/budgets/", "/indicators/", "/projects/", "/reports/", "/checks/")
Respond = Callable[[HttpRequest], HttpResponse]


class LookingBack:
    """The innermost middleware: who is signed in, and what the session holds, are those of today."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("as_of", "").strip()
        if not asked or not (request.path == "/" or request.path.startswith(PAGES)):
            return self.get_response(request)
        try:
            day = date.fromisoformat(asked) if asked.isascii() and len(asked) == 10 else None
            # By the clock, not by the day of a demonstration: it is real days on which changes are made.
            moment = end_of(day) if day and day <= timezone.localdate() else None
        except (ValueError, OverflowError):
            moment = None
        if moment is None:
            return render(request, "kentplan/as_of_refused.html", {"asked": asked}, status=400)
        request.as_of = day  # type: ignore[attr-defined]
        request.user.looks_back = True  # type: ignore[union-attr]  # people.rights lets nothing be changed
        with looking_back(moment):
            return self.get_response(request)

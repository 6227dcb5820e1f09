"""`?as_of=2009-06-03` on a page of the plan: the plan as it stood when that day was over, with nothing to change."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from history.as_of import end_of, looking_back
from kentplan import same_day
from people.rights import Act, require

# No portal is older; an earlier day is a slip of the hand.
EARLIEST = date(2000, 1, 1)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SAFE = ("GET", "HEAD")
# The pages that offer a day to look back to. Those that only change something do not.
OFFERING = frozenset(
    {
        "kentplan:unit_list",
        "kentplan:unit_detail",
        "kentplan:check_list",
        "kentplan:check_detail",
        "budgets:line_list",
        "budgets:unit_lines",
        "budgets:line_detail",
        "indicators:figure_list",
        "indicators:listing_list",
        "indicators:unit_figures",
        "indicators:indicator_detail",
        "projects:action_list",
        "projects:unit_actions",
        "projects:action_detail",
        "reports:progress",
    }
)
Respond = Callable[[HttpRequest], HttpResponse]


class LookingBack:
    """The innermost middleware: who is signed in, what they may do and what the session holds are those of today.

    Templates find the day as `request.as_of`, and under `request.looks_back_to` the days that a page offers.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.as_of, request.as_of_refused = None, None
        if "as_of" not in request.GET or not same_day.is_dated(request.path):
            return self.get_response(request)
        asked = [day.strip() for day in request.GET.getlist("as_of")]
        # A page is the same on any day: what it is asked for is in the rest of the query.
        request.GET = request.GET.copy()
        del request.GET["as_of"]
        if not any(asked):
            return self.get_response(request)
        day = _day(asked)
        if day is None:
            request.as_of_refused = ", ".join(asked).replace("\0", "\N{REPLACEMENT CHARACTER}")
            return self.get_response(request)
        return self._as_of(request, day, end_of(day))

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """What can be said once it is known who asks, and before the page is made."""
        if request.as_of_refused is not None:
            require(request.user, Act.VIEW)
            context = {"asked": request.as_of_refused, "earliest": EARLIEST}
            request.looks_back_to = (EARLIEST, timezone.localdate())
            return render(request, "kentplan/as_of_refused.html", context, status=400)
        if request.as_of and request.method not in SAFE:
            require(request.user, Act.VIEW)
            raise PermissionDenied("Nothing can be changed on a day that is over. Leave that day to change it.")
        if request.as_of or (request.resolver_match.view_name in OFFERING and request.method in SAFE):
            request.looks_back_to = (EARLIEST, timezone.localdate())
        return None

    def _as_of(self, request: Any, day: date, moment: datetime) -> HttpResponse:
        request.as_of = day
        request.user.looks_back = True  # people.rights lets nothing be changed
        with looking_back(moment):
            answer = self.get_response(request)
        if answer.status_code == 404 and request.method in SAFE and self._is_there_today(request):
            request.as_of, request.user.looks_back = day, True
            with looking_back(moment):
                status = 404 if "_export" in request.GET else 200
                answer = render(request, "kentplan/as_of_not_yet.html", status=status)
        return same_day.kept(answer, day)

    def _is_there_today(self, request: Any) -> bool:
        """Whether what was not found on the day is there now: only then may a page say that it was not there yet."""
        request.as_of, request.user.looks_back = None, False
        return self.get_response(request).status_code == 200


def _day(asked: list[str]) -> date | None:
    """The day that is asked for; None where it is no day, not one alone, or none that can be looked back to."""
    if len(asked) != 1 or not DAY.fullmatch(asked[0]):
        return None
    try:
        day = date.fromisoformat(asked[0])
    except ValueError:
        return None
    # By the clock, not by the day of a demonstration: it is real days on which changes are made.
    return day if EARLIEST <= day <= timezone.localdate() else None

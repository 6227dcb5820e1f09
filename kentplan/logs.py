"""The log: one JSON object a line, without secrets and without personal data.

Django's own lines come here too. They name addresses with what was searched for in them, and errors quote what was
typed ("Key (email)=(…) already exists"); so a line holds a masked address, and of an error its kind and where in the
code it arose, never its words.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from people.events import about, masked


class JsonLines(logging.Formatter):
    """A record as one line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        facts: dict[str, Any] | None = getattr(record, "facts", None)
        if facts is not None:
            return _written({**line, **facts})
        line["message"] = _message(record)
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            line |= about(request)
        if (status := getattr(record, "status_code", None)) is not None:
            line["status"] = status
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line |= {"error": _kinds(error), "where": _where(error)}
        return _written(line)


def _written(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, default=str)


def _message(record: logging.LogRecord) -> str:
    """The record's words, without what they quote."""
    if record.name.startswith("django.security"):
        return "The request was refused as suspicious."  # its own words quote what was sent
    if record.name == "django.request":
        return record.getMessage().partition(": ")[0]  # the address comes after it, and stands in the line already
    return masked(record.getMessage())


def _kinds(error: BaseException | None) -> list[str]:
    """The error and what led to it, by their kinds; of the database's also the state and the constraint's name."""
    found: list[str] = []
    while error is not None and len(found) < 10:
        told = f"{type(error).__module__}.{type(error).__qualname__}"
        diagnosis = getattr(error, "diag", None)
        state, constraint = getattr(error, "pgcode", None), getattr(diagnosis, "constraint_name", None)
        found.append(" ".join(filter(None, (told, state, constraint))))
        error = error.__cause__ or error.__context__
    return found


def _where(error: BaseException) -> list[str]:
    """The way through the code, the last call last: file, line and function, no values."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}" for frame in frames[-25:]]

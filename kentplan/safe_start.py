"""What the portal refuses to start with, where it is served to others: over https, that is.

Asked by the WSGI application as it starts, and by each of Django's commands as a system check.
"""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

LEAST_LENGTH, LEAST_DISTINCT = 50, 12


def faults() -> list[str]:
    """Each setting that lets others in, in words that say what to do. On one's own machine (HTTPS=off) all may be."""
    if not settings.HTTPS:
        return []
    found = []
    if settings.DEBUG:
        found.append("DEBUG is on: whoever meets an error would read the settings and the code. Leave DEBUG unset.")
    if _guessable(settings.SECRET_KEY):
        found.append(
            "SECRET_KEY can be guessed: whoever does signs in as anybody. Set one of at least 50 random characters, "
            "made by `python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )
    if any(host.strip() in ("*", "") for host in settings.ALLOWED_HOSTS) or not settings.ALLOWED_HOSTS:
        found.append(
            "ALLOWED_HOSTS names no host: links in e-mails would lead wherever a request says. "
            "Set it to the portal's own names, parted by commas."
        )
    return found


def refuse_unsafe_settings() -> None:
    if found := faults():
        raise ImproperlyConfigured(
            "The portal does not start with these settings.\n" + "\n".join(f"- {fault}" for fault in found)
        )


@register(Tags.security)
def check_settings(**_: Any) -> list[CheckMessage]:
    return [Error(fault, id="kentplan.E001") for fault in faults()]


def _guessable(key: str) -> bool:
    short = len(key) < LEAST_LENGTH or len(set(key)) < LEAST_DISTINCT
    return short or any(word in key.lower() for word in ("insecure", "changeme", "change-me", "secret_key"))

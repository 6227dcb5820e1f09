"""Sessions in the database, as Django keeps them, for keys that are keys."""

import re

from django.contrib.sessions.backends import db

KEY = re.compile("[0-9a-z]{32}")


class SessionStore(db.SessionStore):
    """Anything else in the cookie is no session; Django would ask the database, which fails on a NUL."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key if session_key and KEY.fullmatch(session_key) else None)

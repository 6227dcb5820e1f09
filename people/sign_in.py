"""How people come in: by e-mail address, and only where an administrator has entered them."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

UNSAID = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")  # the page that follows says it


class AccountAdapter(DefaultAccountAdapter):
    """The sign-in library, with its sign-up page closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **kwargs)

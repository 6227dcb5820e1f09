"""How people come in: by e-mail address, and only where an administrator has entered them."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """The sign-in library, with its sign-up page closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

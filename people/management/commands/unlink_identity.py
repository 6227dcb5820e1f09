"""Parts a person from their account at the council's identity provider, where they have a new one."""

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.models import User
from people.sessions import end_sessions


class Command(BaseCommand):
    help = "Whoever next signs in at the identity provider with this verified address is this person."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="the e-mail address")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        user = User.objects.filter(email=address.strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {address}.")
        number, _ = SocialAccount.objects.filter(user=user).delete()
        if not number:
            raise CommandError(f"{user} has not signed in through the identity provider.")
        end_sessions(user)
        self.stdout.write(f"{user} is parted from the identity provider and signed out.")

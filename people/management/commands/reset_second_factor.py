"""manage.py reset_second_factor: for whoever lost the app or passkey and the recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.models import User
from people.second_factor import reset


class Command(BaseCommand):
    help = "Take a person's second factors and recovery codes away, and end their sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *, email: str, **options: Any) -> None:
        try:
            user = User.objects.get(email=email)
        except User.DoesNotExist as error:
            raise CommandError(f"Nobody signs in as {email}.") from error
        self.stdout.write(f"{reset(user)} taken away: {user} signs in by password, and sets up another.")

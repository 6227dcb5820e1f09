"""The first plan administrator, or one more where nobody can sign in: `manage.py make_administrator ada@example.org`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from history.changes import change_set
from people.models import Role, User
from people.passwords import password_path


class Command(BaseCommand):
    help = "Grant a person, who is added if need be, the role of plan administrator; print a link to set a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address to sign in with")
        parser.add_argument("--name", default="", help="the name of a person who is not known yet")
        parser.add_argument("--url", default="", help="where the portal is found, such as https://plans.example.org")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")

    def handle(self, *args: Any, email: str, name: str, url: str, dry_run: bool, **options: Any) -> None:
        email = email.strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"“{email}” is no e-mail address.") from error
        person = User.objects.filter(email=email).first()
        todo = self.todo(person)
        if dry_run or not todo:
            self.stdout.write(f"Would do: {', '.join(todo)}." if todo else f"{person} is plan administrator already.")
            return
        with change_set(by=None, why="", door="make_administrator command"):
            if person is None:
                person = User.objects.create_user(email=email, name=name.strip() or email.partition("@")[0])
            elif not person.is_active:
                person.is_active = True
                person.save(update_fields=["is_active"])
            person.grants.get_or_create(role=Role.PLAN_ADMINISTRATOR, unit=None, portfolio=None)
        self.stdout.write(f"Done: {', '.join(todo)}.")
        if not person.has_usable_password():
            link = url.rstrip("/") + password_path(person)
            self.stdout.write(f"Set a password here, once, within three days:\n{link}")

    def todo(self, person: User | None) -> list[str]:
        """What is missing, in words."""
        if person is None:
            return ["add the person", "grant the role of plan administrator"]
        held = person.grants.of_administrators().exists()
        missing = [] if person.is_active else [f"let {person} sign in"]
        return missing if held else [*missing, f"grant {person} the role of plan administrator"]

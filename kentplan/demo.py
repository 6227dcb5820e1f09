"""People to try the portal as, one for each job. Only `run.py` makes them, and only on the embedded database."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from history.changes import change_set
from kentplan.embedded import write_private
from people.models import Grant, Role, User
from plans.models import Unit

MANAGED_UNIT = "Attendance and Behaviour Service"


@dataclass(frozen=True)
class Persona:
    """Who signs in as whom, to do which job."""

    email: str
    name: str
    role: Role

    @property
    def job(self) -> str:
        return f"{self.role.label}, {MANAGED_UNIT}" if self.role is Role.UNIT_MANAGER else self.role.label


PERSONAS = (
    Persona("finance@example.org", "Frances Finance", Role.FINANCE_OFFICER),
    Persona("manager@example.org", "Martin Manager", Role.UNIT_MANAGER),
    Persona("member@example.org", "Mary Member", Role.POC_MEMBER),
    Persona("approver@example.org", "Arthur Approver", Role.APPROVER),
    Persona("auditor@example.org", "Olive Auditor", Role.AUDITOR),
    Persona("admin@example.org", "Ada Administrator", Role.PLAN_ADMINISTRATOR),
)


def people(file: Path) -> dict[str, str]:
    """The personas' passwords by e-mail address. Who is missing is made, with a random password, which `file` keeps."""
    passwords: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    known = set(User.objects.values_list("email", flat=True))
    missing = [persona for persona in PERSONAS if persona.email not in known.intersection(passwords)]
    if missing:
        with change_set(by=None, why="Accounts for trying the portal", door="run.py"):
            for persona in missing:
                passwords[persona.email] = secrets.token_urlsafe(9)
                _make(persona, passwords[persona.email])
        write_private(file, json.dumps(passwords, indent=1))
    return passwords


def _make(persona: Persona, password: str) -> None:
    user = User.objects.filter(email=persona.email).first() or User(email=persona.email, name=persona.name)
    user.set_password(password)
    user.save()
    unit = Unit.objects.get(name=MANAGED_UNIT) if persona.role is Role.UNIT_MANAGER else None
    Grant.objects.get_or_create(user=user, role=persona.role, unit=unit)


def show(passwords: dict[str, str]) -> None:
    print("\nSign in as")
    for persona in PERSONAS:
        print(f"  {persona.email:22} {passwords[persona.email]:14} {persona.job}", flush=True)

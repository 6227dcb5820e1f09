"""A worker of its own process, for tests that kill it: it saves the same form again and again, and says what it does.

    python -m tests.history.killed_worker <user> <page> <first round>

Before each round it reads a line from its standard input, which says where to stop in the midst of the writes: after
how many rows, or "commit" for the moment before the commit, or "nowhere". There it says "mid <number of the backend>"
and waits to be killed or to read a line more. After a round it says "saved <round>" or "failed <status>".
"""

import os
import sys
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from indicators.forms import FigureForm  # noqa: E402
from people.models import User  # noqa: E402
from plans import editing  # noqa: E402
from tests.posting import as_opened  # noqa: E402


def say(*words: object) -> None:
    print(*words, flush=True)


class Pause:
    """Where the next round stops."""

    def __init__(self) -> None:
        self.at = "nowhere"
        self.rows = 0

    def reached(self, here: str) -> None:
        if self.at == here:
            self.at = "nowhere"
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                say("mid", cursor.fetchone()[0])
            sys.stdin.readline()


def main(user: int, page: str, number: int) -> None:
    setup_test_environment()
    pause = Pause()
    save, save_all = FigureForm.save, editing._save

    def paused_save(form: FigureForm, commit: bool = True) -> object:
        saved = save(form, commit)
        pause.rows += 1
        pause.reached(str(pause.rows))
        return saved

    def paused_save_all(*args: object, **options: object) -> object:
        saved = save_all(*args, **options)  # type: ignore[arg-type]
        pause.reached("commit")
        return saved

    FigureForm.save = paused_save  # type: ignore[method-assign, assignment]
    editing._save = paused_save_all  # type: ignore[assignment]
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=user))
    say("ready")
    for line in sys.stdin:
        pause.at, pause.rows = line.strip(), 0
        form = as_opened(client.get(page))
        typed = {name: str(number) if name.endswith("-value") else value for name, value in form.items()}
        status = client.post(page, {**typed, "why": f"Round {number}", "token": str(uuid4())}).status_code
        say(*("saved", number) if status == 302 else ("failed", status))
        number += 1


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))

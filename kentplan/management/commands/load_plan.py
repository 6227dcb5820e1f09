"""manage.py load_plan: published plans go in, all or nothing."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kentplan.files import FileError, open_file
from kentplan.load_words import Progress, tell
from kentplan.loading import Options, load


class Command(BaseCommand):
    help = "Load published business plans (.txt, .xlsx, .csv), all or nothing. Loading again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
        parser.add_argument("--report", type=Path, metavar="OUT.json", help="where to write the full report")
        parser.add_argument("--corrections", type=Path, action="append", default=[], metavar="FILE")
        parser.add_argument("--allow-partial", action="store_true", help="leave out the tables that have an error")

    def handle(self, *, files: list[Path], report: Path | None, **options: Any) -> None:
        chosen = Options(options["dry_run"], options["allow_partial"], tuple(options["corrections"]))
        try:
            documents = [open_file(path) for path in files]
            with Progress() as progress:
                reports = load(documents, chosen, progress)
        except FileError as error:
            raise CommandError(str(error)) from error
        if report:
            contents = [item.as_json() for item in reports]
            report.write_text(json.dumps(contents if len(contents) > 1 else contents[0], indent=1, ensure_ascii=False))
        self.stdout.write(tell(reports, chosen))
        if any(item.errors for item in reports):
            raise SystemExit(1)

#!/usr/bin/env python3
"""Django's commands. Those that change or compare the schema connect as the owner, all others as the application."""

import os
import sys

AS_OWNER = {"migrate", "makemigrations", "optimizemigration", "showmigrations", "sqlmigrate", "squashmigrations"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kentplan.settings")
    if AS_OWNER.intersection(sys.argv[1:2]):
        os.environ["AS_OWNER"] = "on"

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

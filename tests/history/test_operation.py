"""TrackHistory itself, on a table made for the test by the role that migrates."""

from collections.abc import Iterator
from typing import Any

import environ
import pytest
from django.db import connection, migrations, models
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations.state import ProjectState

from history.tracking import TrackHistory
from tests.databases import Databases

WIDGET = migrations.CreateModel(
    "Widget",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=20)),
        ("secret", models.CharField(default="")),
        ("version", models.PositiveIntegerField(default=1, db_default=1)),
    ],
)
TRACK = TrackHistory("history", "Widget", exclude=("secret",))
TRACK_AGAIN = TrackHistory("history", "Widget", exclude=("secret",), again=True)
COLOUR = migrations.AddField("Widget", "colour", models.CharField(default="red"))
LONGER = migrations.AlterField("Widget", "name", models.CharField(max_length=40))


@pytest.fixture
def owner(db: None, databases: Databases) -> Iterator[DatabaseWrapper]:
    url = databases.urls()["DATABASE_OWNER_URL"]
    wrapper = DatabaseWrapper({**connection.settings_dict, **environ.Env.db_url_config(url)})
    wrapper.set_autocommit(False)
    yield wrapper
    wrapper.rollback()
    wrapper.close()


class Migrating:
    """Operations run forwards and backwards on the owner's connection."""

    def __init__(self, owner: DatabaseWrapper) -> None:
        self.owner = owner
        self.states = [ProjectState()]

    def forwards(self, *operations: Any) -> None:
        for operation in operations:
            before, after = self.states[-1], self.states[-1].clone()
            operation.state_forwards("history", after)
            with self.owner.schema_editor(atomic=False) as editor:
                operation.database_forwards("history", editor, before, after)
            self.states.append(after)

    def backwards(self, *operations: Any) -> None:
        for operation in operations:
            after = self.states.pop()
            with self.owner.schema_editor(atomic=False) as editor:
                operation.database_backwards("history", editor, after, self.states[-1])

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        with self.owner.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def migrating(owner: DatabaseWrapper) -> Migrating:
    return Migrating(owner)


def test_rows_that_stand_already_begin_the_history(migrating: Migrating) -> None:
    migrating.forwards(WIDGET)
    migrating.execute("INSERT INTO history_widget (name, secret) VALUES ('Old', 'x')")

    migrating.forwards(TRACK)

    assert migrating.execute("SELECT name, operation, valid_to FROM history.history_widget") == [
        ("Old", "insert", None)
    ]


def test_history_is_brought_up_to_date_with_new_and_changed_columns(migrating: Migrating) -> None:
    migrating.forwards(WIDGET, TRACK)
    migrating.execute("INSERT INTO history_widget (name, secret) VALUES ('Old', 'x')")

    migrating.forwards(TRACK_AGAIN, COLOUR, LONGER, TRACK_AGAIN)
    migrating.execute("UPDATE history_widget SET name = 'A name of more than twenty letters'")

    assert migrating.execute(
        "SELECT name, colour, version, operation FROM history.history_widget ORDER BY valid_from"
    ) == [("Old", None, 1, "insert"), ("A name of more than twenty letters", "red", 2, "update")]


def test_tracking_again_changes_nothing(migrating: Migrating) -> None:
    migrating.forwards(WIDGET, TRACK)
    migrating.execute("INSERT INTO history_widget (name, secret) VALUES ('Old', 'x')")

    migrating.forwards(TRACK_AGAIN, TRACK_AGAIN)
    migrating.execute("UPDATE history_widget SET name = 'New'")

    assert migrating.execute("SELECT name, version FROM history.history_widget ORDER BY valid_from") == [
        ("Old", 1),
        ("New", 2),
    ]


def test_taking_back_the_second_tracking_leaves_the_first(migrating: Migrating) -> None:
    migrating.forwards(WIDGET, TRACK, TRACK_AGAIN, COLOUR, TRACK_AGAIN)

    migrating.backwards(TRACK_AGAIN, COLOUR, TRACK_AGAIN)
    migrating.execute("INSERT INTO history_widget (name, secret) VALUES ('Old', 'x')")

    assert migrating.execute("SELECT name FROM history.history_widget") == [("Old",)]


def test_taking_back_the_tracking_leaves_a_plain_table(migrating: Migrating) -> None:
    migrating.forwards(WIDGET, TRACK)

    migrating.backwards(TRACK)
    migrating.execute("INSERT INTO history_widget (name, secret) VALUES ('Old', 'x')")
    migrating.execute("UPDATE history_widget SET name = 'New'")

    assert migrating.execute("SELECT name, version FROM history_widget") == [("New", 1)]
    assert migrating.execute("SELECT to_regclass('history.history_widget')") == [(None,)]
    assert migrating.execute("SELECT to_regproc('history.record_history_widget')") == [(None,)]


def test_change_of_what_is_excluded_is_no_change(migrating: Migrating) -> None:
    migrating.forwards(WIDGET, TRACK)
    migrating.execute("INSERT INTO history_widget (name, secret) VALUES ('Old', 'x')")

    migrating.execute("UPDATE history_widget SET secret = 'y'")

    assert migrating.execute("SELECT version FROM history.history_widget") == [(1,)]


@pytest.mark.parametrize("operation", [TRACK, TRACK_AGAIN, TrackHistory("plans", "Unit")])
def test_operation_can_be_written_in_a_migration(operation: TrackHistory) -> None:
    _, arguments, options = operation.deconstruct()

    again = TrackHistory(*arguments, **options)

    assert (again.app_label, again.model_name, again.exclude, again.again) == (
        operation.app_label,
        operation.model_name,
        operation.exclude,
        operation.again,
    )

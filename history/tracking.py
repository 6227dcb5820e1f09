"""Row history by the database itself: whatever door a change comes through, it is recorded or refused.

`TrackHistory("budgets", "BudgetLine")` in a migration gives the table `budgets_budgetline` its history table
`history.budgets_budgetline` (the same columns, the change set, `operation`, and from when to when the row stood so) and
the triggers that write it. The trigger function is written out for each table, since a generic one must plan its
statements anew at each call: twenty single updates took 3.7 times the bare ones, against 2.0 times with this.

A version of a row is one history row. A deletion closes the last version and leaves one row more, which stood for no
time at all (`valid_to` = `valid_from`) and says which change set deleted it.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

TRIGGERS = ("insert", "update", "delete", "truncate", "id", "version")

# Foreign keys without an index on the history, each of which every write would pay for: a plan and a year have most of
# a table's rows, so that it is quicker read through, and from where a row came no page goes to the row.
NEVER_SOUGHT = frozenset({"plan", "year", "provenance"})

# SET search_path: a function with its owner's rights must not look names up where its caller says.
RECORD = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    change_set bigint := NULLIF(current_setting('kentplan.change_set', true), '');
    moment timestamptz := clock_timestamp();
    recorded bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO {history} ({columns}, change_set_id, operation, valid_from)
            SELECT {columns}, change_set, 'insert', moment FROM new_rows;
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE {history} AS past SET valid_to = moment
            FROM new_rows AS later JOIN old_rows AS earlier USING (id)
            WHERE past.id = later.id AND past.valid_to IS NULL AND ({later}) IS DISTINCT FROM ({earlier});
        INSERT INTO {history} ({columns}, change_set_id, operation, valid_from)
            SELECT {columns_later}, change_set, 'update', moment
            FROM new_rows AS later JOIN old_rows AS earlier USING (id)
            WHERE ({later}) IS DISTINCT FROM ({earlier});
    ELSE
        UPDATE {history} AS past SET valid_to = moment
            FROM old_rows AS earlier WHERE past.id = earlier.id AND past.valid_to IS NULL;
        INSERT INTO {history} ({columns}, change_set_id, operation, valid_from, valid_to)
            SELECT {columns}, change_set, 'delete', moment, moment FROM old_rows;
    END IF;
    GET DIAGNOSTICS recorded = ROW_COUNT;
    -- Here current_user is the function's owner, who migrates; whoever else has signed in needs a change set.
    IF recorded > 0 AND change_set IS NULL AND session_user <> current_user THEN
        RAISE EXCEPTION 'A change of % needs a change set, which says who makes it and why.', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege',
                  HINT = 'Write inside "with history.changes.change_set(by=…, why=…, door=…):".';
    END IF;
    RETURN NULL;
END $$;
-- Else the application could hang it on a table of its own and write history with it.
REVOKE EXECUTE ON FUNCTION {function}() FROM PUBLIC;

CREATE TRIGGER history_insert AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER history_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER history_delete AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER history_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION history.refuse_truncate();
CREATE TRIGGER history_id BEFORE UPDATE ON {table}
    FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION history.refuse_new_id();
"""

# The version counts the changes of the row, whatever the writer puts there. No WHEN on the trigger: it would tie each
# column down, and Django drops a column with all that hangs on it.
COUNT_VERSIONS = """
CREATE OR REPLACE FUNCTION {version_function}() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version;
    IF ({new}) IS DISTINCT FROM ({old}) THEN
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER history_version BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {version_function}();
"""

# What stood at the moment that `history.looking_back` asks for, under the table's own name (`history.as_of`).
STOOD_THEN = """
CREATE VIEW {stood} AS SELECT {columns} FROM {history}
    WHERE operation <> 'delete' AND valid_from <= asof.moment() AND (valid_to IS NULL OR valid_to > asof.moment());
"""

# The rows that stand when tracking begins are the first that their history knows.
BEGIN_WITH_WHAT_STANDS = """
INSERT INTO {history} ({columns}, operation, valid_from)
    SELECT {columns}, 'insert', clock_timestamp() FROM {table} AS live
    WHERE NOT EXISTS (SELECT FROM {history} AS past WHERE past.id = live.id AND past.valid_to IS NULL)
"""

COLUMNS_OF_ANOTHER_TYPE = """
SELECT live.attname, format_type(live.atttypid, live.atttypmod)
FROM pg_attribute AS live JOIN pg_attribute AS past USING (attname)
WHERE live.attrelid = %s::regclass AND past.attrelid = %s::regclass AND live.attnum > 0
    AND (live.atttypid, live.atttypmod) IS DISTINCT FROM (past.atttypid, past.atttypmod)
"""


@dataclass(frozen=True, slots=True)
class Tracked:
    """A table to be tracked: its name, its columns with their types, which of them the database computes, and by which
    its rows are found."""

    name: str
    types: dict[str, str]
    computed: frozenset[str]
    sought: tuple[str, ...]

    @classmethod
    def of(cls, model: type[models.Model], connection: BaseDatabaseWrapper, *, exclude: tuple[str, ...]) -> "Tracked":
        fields = {
            field.column: field
            for field in model._meta.local_concrete_fields
            if field.column and field.name not in exclude
        }
        return cls(
            name=model._meta.db_table,
            types={column: field.db_type(connection) or "" for column, field in fields.items()},
            computed=frozenset(column for column, field in fields.items() if isinstance(field, models.GeneratedField)),
            sought=tuple(
                column
                for column, field in fields.items()
                if isinstance(field, models.ForeignKey) and field.name not in NEVER_SOUGHT
            ),
        )

    @property
    def table(self) -> str:
        return f'public."{self.name}"'

    @property
    def history(self) -> str:
        return f'history."{self.name}"'

    @property
    def stood(self) -> str:
        return f'asof."{self.name}"'

    @property
    def function(self) -> str:
        return f'history."record_{self.name}"'

    @property
    def version_function(self) -> str:
        return f'history."version_{self.name}"'

    @property
    def names(self) -> dict[str, str]:
        """What the statements that speak of no single row have blanks for."""
        return {"table": self.table, "history": self.history, "stood": self.stood, "columns": self.columns()}

    def columns(self, row: str = "", *, typed_only: bool = False) -> str:
        """The columns as SQL, of the row called `row`; `typed_only` leaves out what the database computes."""
        left_out = self.computed | {"version"} if typed_only else frozenset()
        prefix = f"{row}." if row else ""
        return ", ".join(f'{prefix}"{column}"' for column in self.types if column not in left_out)


def _run(schema_editor: BaseDatabaseSchemaEditor, statements: str) -> None:
    schema_editor.execute(statements, params=None)  # no parameters, so that a percent sign stands for itself


class TrackHistory(Operation):
    """Have the database record every change of a model's table from here on.

    A migration that changes the model's fields has it `again` as its first and its last operation (the first serves
    when the migration is taken back): the history table gets new columns, and keeps what is in those that are gone.
    `exclude` names fields that are no one's business later (a password): neither kept nor asked a change set for.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, app_label: str, model_name: str, *, exclude: tuple[str, ...] = (), again: bool = False) -> None:
        self.app_label = app_label
        self.model_name = model_name
        self.exclude = exclude
        self.again = again

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        options: dict[str, Any] = {}
        if self.exclude:
            options["exclude"] = self.exclude
        if self.again:
            options["again"] = True
        return self.__class__.__qualname__, [self.app_label, self.model_name], options

    def describe(self) -> str:
        return f"Track the history of {self.app_label}.{self.model_name}"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        tracked = self._tracked(schema_editor, to_state)
        shown = self._is_shown_as_of(schema_editor, tracked)
        if shown:
            _run(schema_editor, f"DROP VIEW {tracked.stood}")  # it would tie the history's columns down
        self._make_room(schema_editor, tracked)
        if shown:
            _run(schema_editor, STOOD_THEN.format(**tracked.names))
        self._record_changes(schema_editor, tracked)
        _run(
            schema_editor,
            BEGIN_WITH_WHAT_STANDS.format(table=tracked.table, history=tracked.history, columns=tracked.columns()),
        )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        tracked = self._tracked(schema_editor, to_state)
        if self.again:
            self._record_changes(schema_editor, tracked)
        else:
            self._drop_triggers(schema_editor, tracked)
            _run(schema_editor, f"DROP FUNCTION {tracked.function}()")
            _run(schema_editor, f"DROP FUNCTION IF EXISTS {tracked.version_function}()")
            _run(schema_editor, f"DROP TABLE {tracked.history}")

    def _tracked(self, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState) -> Tracked:
        model = state.apps.get_model(self.app_label, self.model_name)
        return Tracked.of(model, schema_editor.connection, exclude=self.exclude)

    def _is_shown_as_of(self, schema_editor: BaseDatabaseSchemaEditor, tracked: Tracked) -> bool:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [tracked.stood])
            return bool(cursor.fetchone()[0])

    def _make_room(self, schema_editor: BaseDatabaseSchemaEditor, tracked: Tracked) -> None:
        """The history table with all the columns of the live one, each of the type that it has there."""
        _run(
            schema_editor,
            f"""
            CREATE TABLE IF NOT EXISTS {tracked.history} (
                change_set_id bigint REFERENCES public.history_changeset,
                operation text NOT NULL CHECK (operation IN ('insert', 'update', 'delete')),
                valid_from timestamptz NOT NULL,
                valid_to timestamptz
            )""",
        )
        for column, column_type in tracked.types.items():
            _run(schema_editor, f'ALTER TABLE {tracked.history} ADD COLUMN IF NOT EXISTS "{column}" {column_type}')
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(COLUMNS_OF_ANOTHER_TYPE, [tracked.table, tracked.history])
            changed = cursor.fetchall()
        for column, column_type in changed:
            _run(schema_editor, f'ALTER TABLE {tracked.history} ALTER COLUMN "{column}" TYPE {column_type}')
        name = tracked.name
        for index in (
            f'UNIQUE INDEX IF NOT EXISTS "{name}_now" ON {tracked.history} (id) WHERE valid_to IS NULL',
            f'INDEX IF NOT EXISTS "{name}_then" ON {tracked.history} (id, valid_from)',
            f'INDEX IF NOT EXISTS "{name}_change_set" ON {tracked.history} (change_set_id)',
            *(
                f'INDEX IF NOT EXISTS "{name}_{column}_then" ON {tracked.history} ("{column}", valid_from)'
                for column in tracked.sought
            ),
        ):
            _run(schema_editor, f"CREATE {index}")

    def _record_changes(self, schema_editor: BaseDatabaseSchemaEditor, tracked: Tracked) -> None:
        self._drop_triggers(schema_editor, tracked)
        template = RECORD + (COUNT_VERSIONS if "version" in tracked.types else "")
        _run(
            schema_editor,
            template.format(
                table=tracked.table,
                history=tracked.history,
                function=tracked.function,
                columns=tracked.columns(),
                columns_later=tracked.columns("later"),
                later=tracked.columns("later", typed_only=True),
                earlier=tracked.columns("earlier", typed_only=True),
                version_function=tracked.version_function,
                new=tracked.columns("NEW", typed_only=True),
                old=tracked.columns("OLD", typed_only=True),
            ),
        )

    def _drop_triggers(self, schema_editor: BaseDatabaseSchemaEditor, tracked: Tracked) -> None:
        for trigger in TRIGGERS:
            _run(schema_editor, f"DROP TRIGGER IF EXISTS history_{trigger} ON {tracked.table}")


class ShowAsOf(Operation):
    """Let a tracked table be read as it stood at a moment (`history.as_of`): a view of its history, under its name."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, app_label: str, model_name: str) -> None:
        self.app_label = app_label
        self.model_name = model_name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [self.app_label, self.model_name], {}

    def describe(self) -> str:
        return f"Show {self.app_label}.{self.model_name} as it stood"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        _run(schema_editor, STOOD_THEN.format(**self._tracked(schema_editor, to_state).names))

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        _run(schema_editor, f"DROP VIEW {self._tracked(schema_editor, from_state).stood}")

    def _tracked(self, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState) -> Tracked:
        model = state.apps.get_model(self.app_label, self.model_name)
        return Tracked.of(model, schema_editor.connection, exclude=())

"""Locks on the state of a plan and of a reporting period, held by the database: they hold whatever door a change takes.

`LockWithPlan("budgets", "BudgetLine", says="budget lines", adopted=True)` in a migration gives the table triggers that
refuse a change of a row of a closed plan, and with `adopted` of an adopted one; where an adopted plan lets a row change
its change set must give a reason. `LockWithPeriod` does the same for what is returned for a reporting period.

The plan's (or period's) own row is held while a row of it changes, so that its state and the row cannot change at once:
whichever comes second sees what the first one did. What is refused is told in words, under an SQLSTATE of our own by
which `plans.locks` knows it.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

LOCKED = "KP001"  # the state of the plan or the period does not let the row change
REASON_NEEDED = "KP002"
NO_SUCH_MOVE = "KP003"  # from that state to this

FUNCTION = """
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    touched bigint[];
    concerned bigint[];
    fixed bigint[];
BEGIN
    -- What touches nothing that is locked is through after one look, however many rows it writes.
    IF TG_OP = 'INSERT' THEN
        touched := ARRAY({owner_of_new});
    ELSIF TG_OP = 'UPDATE' THEN
        touched := ARRAY({owner_of_new} UNION {owner_of_old});
    ELSE
        touched := ARRAY({owner_of_old});
    END IF;
    touched := {locked_among}(touched);
    IF touched IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        -- A row that is written as it was is not changed.
        concerned := ARRAY(
            SELECT owner FROM (
                SELECT {owner} AS owner FROM (
                    SELECT later.* FROM new_rows AS later JOIN old_rows AS earlier USING (id)
                    WHERE ({later}) IS DISTINCT FROM ({earlier})
                ) AS changed {join}
                UNION
                SELECT {owner} FROM (
                    SELECT earlier.* FROM new_rows AS later JOIN old_rows AS earlier USING (id)
                    WHERE ({later}) IS DISTINCT FROM ({earlier})
                ) AS changed {join}
            ) AS owners WHERE owner = ANY (touched)
        );
    ELSE
        concerned := touched;
    END IF;
    fixed := concerned;
    IF TG_OP = 'INSERT' THEN
        fixed := ARRAY(SELECT {owner} FROM new_rows AS changed {join} WHERE NOT ({free}));
    END IF;
    PERFORM {keep}(concerned, {fixed}, '{says}');
    RETURN NULL;
END $$;

CREATE TRIGGER {name}_insert AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER {name}_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER {name}_delete AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""

PLANS_OF = "SELECT DISTINCT {owner} FROM {rows} AS changed {join}"
PERIODS_OF = "SELECT DISTINCT {period} FROM (SELECT DISTINCT {columns} FROM {rows}) AS changed"


@dataclass(frozen=True, slots=True)
class _Parent:
    """How a row finds its plan: by a column of its own, or by that of the row it belongs to."""

    column: str
    table: str = ""

    @property
    def join(self) -> str:
        return f'JOIN public."{self.table}" AS parent ON parent.id = changed."{self.column}"' if self.table else ""

    @property
    def owner(self) -> str:
        return "parent.plan_id" if self.table else f'changed."{self.column}"'


class _Lock(Operation):
    """What the two locks share: the triggers of one table, made and taken away."""

    reduces_to_sql = True
    reversible = True
    name = ""

    def __init__(self, app_label: str, model_name: str, *, says: str) -> None:
        self.app_label = app_label
        self.model_name = model_name
        self.says = says

    def options(self) -> dict[str, Any]:
        return {"says": self.says}

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [self.app_label, self.model_name], self.options()

    def describe(self) -> str:
        return f"Lock {self.app_label}.{self.model_name} ({self.name})"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def statement(self, model: type[models.Model]) -> str:
        raise NotImplementedError

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(self.app_label, self.model_name)
        schema_editor.execute(self.statement(model), params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(self.app_label, self.model_name)
        schema_editor.execute(f"DROP FUNCTION {self.function(model)}() CASCADE", params=None)

    def function(self, model: type[models.Model]) -> str:
        return f'public."{self.name}_{model._meta.db_table}"'

    def names(self, model: type[models.Model]) -> dict[str, str]:
        columns = [
            field.column
            for field in model._meta.local_concrete_fields
            if field.name != "version" and not isinstance(field, models.GeneratedField)
        ]
        return {
            "function": self.function(model),
            "table": f'public."{model._meta.db_table}"',
            "name": self.name,
            "says": self.says,
            "later": ", ".join(f'later."{column}"' for column in columns),
            "earlier": ", ".join(f'earlier."{column}"' for column in columns),
        }


class LockWithPlan(_Lock):
    """Lock a table with the state of the plan that its rows belong to: closed, and where `adopted` from adoption on.

    `through` names the foreign key to the row whose plan it is, where the row has none of its own. `nil` names figures:
    a row in which all of them are nil or blank may be added to an adopted plan.
    """

    name = "plan_lock"

    def __init__(
        self,
        app_label: str,
        model_name: str,
        *,
        says: str,
        adopted: bool = False,
        through: str = "",
        nil: tuple[str, ...] = (),
    ) -> None:
        super().__init__(app_label, model_name, says=says)
        self.adopted = adopted
        self.through = through
        self.nil = nil

    def options(self) -> dict[str, Any]:
        given = {"adopted": self.adopted, "through": self.through, "nil": self.nil}
        return super().options() | {name: value for name, value in given.items() if value}

    def statement(self, model: type[models.Model]) -> str:
        field: Any = model._meta.get_field(self.through or "plan")
        of_plan = field.related_model._meta.label_lower == "plans.plan"
        parent = _Parent(field.column, "" if of_plan else field.related_model._meta.db_table)
        free = " AND ".join(f'COALESCE(changed."{name}", 0) = 0' for name in self.nil) or "false"
        return FUNCTION.format(
            **self.names(model),
            join=parent.join,
            owner=parent.owner,
            owner_of_new=PLANS_OF.format(owner=parent.owner, rows="new_rows", join=parent.join),
            owner_of_old=PLANS_OF.format(owner=parent.owner, rows="old_rows", join=parent.join),
            locked_among="public.plans_no_longer_draft",
            keep="public.keep_to_plans",
            fixed="fixed" if self.adopted else "'{}'",
            free=free,
        )


class LockWithPeriod(_Lock):
    """Lock a table with the state of the reporting period that its rows were returned for.

    `period` is SQL for the period's id in the row's `columns`. `added`, where it is given, is the same for a new row:
    null where a row of a closed period may be added.
    """

    name = "period_lock"

    def __init__(
        self, app_label: str, model_name: str, *, says: str, columns: tuple[str, ...], period: str, added: str = ""
    ) -> None:
        super().__init__(app_label, model_name, says=says)
        self.columns = columns
        self.period = period
        self.added = added

    def options(self) -> dict[str, Any]:
        given = {"columns": self.columns, "period": self.period, "added": self.added}
        return super().options() | {name: value for name, value in given.items() if value}

    def statement(self, model: type[models.Model]) -> str:
        columns = ", ".join(f'"{column}"' for column in self.columns)
        return FUNCTION.format(
            **self.names(model),
            join="",
            owner=self.period,
            owner_of_new=PERIODS_OF.format(period=self.period, columns=columns, rows="new_rows"),
            owner_of_old=PERIODS_OF.format(period=self.period, columns=columns, rows="old_rows"),
            locked_among="public.periods_closed",
            keep="public.keep_to_periods",
            fixed="fixed",
            free=f"({self.added}) IS NULL" if self.added else "false",
        )

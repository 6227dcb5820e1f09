"""What holds for the code as a whole (HOUSE.md)."""

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models

ROOT = Path(__file__).resolve().parent.parent

# What each part may import of the others: the way is one way.
MAY_IMPORT = {
    "history": set(),
    "plans": {"history"},
    "people": {"plans", "history"},
    "budgets": {"people", "plans", "history"},
    "indicators": {"people", "plans", "history"},
    "projects": {"people", "plans", "history"},
    "reports": {"budgets", "indicators", "projects", "people", "plans", "history"},
    "kentplan": {"reports", "budgets", "indicators", "projects", "people", "plans", "history"},
}
APPS = [name for name in MAY_IMPORT if name != "kentplan"]

# Pure: these read documents, and know neither Django nor the database.
PURE = ["plans/documents.py", "plans/amounts.py", "plans/names.py", "*/parsing.py", "*/parsing/*.py"]
BANNED_NAMES = {"utils", "helpers", "services", "signals", "common", "core", "misc"}
LINES_AT_MOST = 500

# What a load writes and no person changes, and the record of changes itself.
UNTRACKED = {"plans.Document", "plans.SourceLine", "plans.Provenance", "history.ChangeSet"}
TRIGGERS = {"history_insert", "history_update", "history_delete", "history_truncate", "history_id"}


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            yield node.module or ""


def our_models() -> list[type[models.Model]]:
    return [model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)]


def our_constraints() -> list[tuple[type[models.Model], models.BaseConstraint]]:
    return [(model, constraint) for model in our_models() for constraint in model._meta.constraints]


# Imports


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_imports_run_one_way(folder: str) -> None:
    others = set(MAY_IMPORT) | {"reports"}
    forbidden = others - MAY_IMPORT[folder] - {folder}

    for path in python_files(folder):
        wrong = {name for name in imports(path) if name.split(".")[0] in forbidden}
        assert not wrong, f"{path.relative_to(ROOT)} imports {', '.join(sorted(wrong))}"


def test_code_imports_nothing_of_the_tests() -> None:
    for path in python_files(*MAY_IMPORT):
        assert "tests" not in {name.split(".")[0] for name in imports(path)}, path


def test_readers_and_parsers_import_no_django() -> None:
    pure = [path for pattern in PURE for path in ROOT.glob(pattern) if path.relative_to(ROOT).parts[0] in MAY_IMPORT]
    assert pure

    for path in pure:
        wrong = {name for name in imports(path) if re.match(r"(django|psycopg2)\b|\w+\.(models|loading)\b", name)}
        assert not wrong, f"{path.relative_to(ROOT)} imports {', '.join(sorted(wrong))}"


def test_the_other_database_driver_is_not_there() -> None:
    # Django would use it instead of psycopg2, without a word.
    assert importlib.util.find_spec("psycopg") is None


# Files


def test_no_file_is_named_for_nothing_in_particular() -> None:
    for path in python_files(*MAY_IMPORT):
        assert path.stem not in BANNED_NAMES, path


def test_files_stay_short() -> None:
    for path in python_files(*MAY_IMPORT):
        if path.parent.name != "migrations":
            assert len(path.read_text().splitlines()) <= LINES_AT_MOST, path


def test_plans_and_history_have_no_views() -> None:
    for app in ("plans", "history"):
        assert not {"views", "urls", "forms"} & {path.stem for path in python_files(app)}


def test_no_python_makes_html() -> None:
    for path in python_files(*MAY_IMPORT):
        wrong = {"format_html", "format_html_join"} & {
            node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)
        }
        assert not wrong, f"{path.relative_to(ROOT)} uses {', '.join(wrong)}"


# Models


@pytest.mark.parametrize(("model", "constraint"), our_constraints(), ids=lambda it: getattr(it, "name", it))
def test_constraint_is_named_by_its_model_and_says_what_is_wrong(
    model: type[models.Model], constraint: models.BaseConstraint
) -> None:
    assert constraint.name.startswith(f"{model._meta.db_table}_")
    assert constraint.violation_error_message != constraint.default_violation_error_message
    assert constraint.violation_error_message.endswith(".")


def test_every_constraint_has_a_test_by_its_name() -> None:
    tests = "".join(path.read_text() for path in python_files("tests"))

    missing = [constraint.name for _, constraint in our_constraints() if f'"{constraint.name}"' not in tests]
    assert not missing


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_model_says_what_one_row_is(model: type[models.Model]) -> None:
    if not model._meta.auto_created:
        assert model.__doc__ and not model.__doc__.startswith(f"{model.__name__}(")
        assert "__str__" in vars(model)


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# History


@pytest.mark.django_db
@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_table_is_tracked_with_all_its_columns(model: type[models.Model]) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O' AND NOT tgisinternal",
            [f'public."{table}"'],
        )
        triggers = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'history' AND table_name = %s",
            [table],
        )
        kept = {name for (name,) in cursor.fetchall()}
    columns = {field.column for field in model._meta.local_concrete_fields}

    if model._meta.label in UNTRACKED:
        assert not kept
    else:
        assert triggers >= TRIGGERS | ({"history_version"} if "version" in columns else set())
        assert kept >= columns - {"password", "last_login"}


@pytest.mark.django_db
def test_no_trigger_function_with_its_owners_rights_is_open_to_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'history'::regnamespace"
            " AND (has_function_privilege(oid, 'EXECUTE') OR proconfig IS NULL)"
        )
        assert cursor.fetchall() == []

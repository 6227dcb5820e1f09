"""No figure of any table can be NaN or infinite, whoever writes it and in whatever way: one would spoil every sum."""

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, connection, models, transaction
from factory.django import DjangoModelFactory

from history.changes import change_set
from tests import factories

NUMBERS = (models.DecimalField, models.FloatField)
COLUMNS = [
    (model, field)
    for model in apps.get_models(include_auto_created=True)
    for field in model._meta.concrete_fields
    if isinstance(field, NUMBERS) and not isinstance(field, models.GeneratedField)
]


def make(model: type[models.Model]) -> None:
    """A row of the table, whose figures are written over."""
    if not model._default_manager.exists():
        known = vars(factories).values()
        kinds = [kind for kind in known if isinstance(kind, type) and issubclass(kind, DjangoModelFactory)]
        next(kind for kind in kinds if kind._meta.model is model)()
    assert model._default_manager.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "field"), COLUMNS, ids=[f"{model.__name__}.{field.name}" for model, field in COLUMNS]
)
@pytest.mark.parametrize("figure", ["NaN", "Infinity", "-Infinity"])
def test_the_database_refuses(model: type[models.Model], field: models.Field, figure: str) -> None:
    make(model)
    table, column = (connection.ops.quote_name(name) for name in (model._meta.db_table, field.column))

    with (
        pytest.raises((IntegrityError, DataError), match=r"check constraint|infinite value|overflow"),
        transaction.atomic(),
        change_set(by=None, why="", door="Test"),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET {column} = %s::numeric", [figure])


def test_every_table_with_figures_is_looked_at() -> None:
    assert {model._meta.app_label for model, _ in COLUMNS} >= {"budgets", "indicators", "plans"}
    assert len(COLUMNS) > 20

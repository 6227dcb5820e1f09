from django.db import migrations

from history.tracking import TrackHistory


class Migration(migrations.Migration):
    """History from the first row on."""

    dependencies = [("budgets", "0001_budgets"), ("history", "0002_schema")]

    operations = [
        TrackHistory("budgets", "BudgetLine"),
        TrackHistory("budgets", "ControlTotal"),
        TrackHistory("budgets", "CoreService"),
        TrackHistory("budgets", "MTPItem"),
        TrackHistory("budgets", "StaffingLevel"),
        TrackHistory("budgets", "Establishment"),
        TrackHistory("budgets", "MovementReason"),
    ]

from django.db import migrations

from history.tracking import ShowAsOf


class Migration(migrations.Migration):
    """Pages may show these tables as they stood on a day."""

    dependencies = [("budgets", "0003_year_of_plan"), ("history", "0003_as_of")]

    operations = [
        ShowAsOf("budgets", "BudgetLine"),
        ShowAsOf("budgets", "ControlTotal"),
        ShowAsOf("budgets", "CoreService"),
        ShowAsOf("budgets", "MTPItem"),
        ShowAsOf("budgets", "StaffingLevel"),
        ShowAsOf("budgets", "Establishment"),
        ShowAsOf("budgets", "MovementReason"),
    ]

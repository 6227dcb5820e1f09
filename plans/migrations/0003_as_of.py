from django.db import migrations

from history.tracking import ShowAsOf


class Migration(migrations.Migration):
    """Pages may show these tables as they stood on a day."""

    dependencies = [("plans", "0002_history"), ("history", "0003_as_of")]

    operations = [
        ShowAsOf("plans", "FinancialYear"),
        ShowAsOf("plans", "Period"),
        ShowAsOf("plans", "Directorate"),
        ShowAsOf("plans", "Division"),
        ShowAsOf("plans", "Portfolio"),
        ShowAsOf("plans", "Unit"),
        ShowAsOf("plans", "UnitYear"),
        ShowAsOf("plans", "Alias"),
        ShowAsOf("plans", "Plan"),
        ShowAsOf("plans", "Plan_units"),
        ShowAsOf("plans", "Correction"),
        ShowAsOf("plans", "Explanation"),
        ShowAsOf("plans", "Target"),
        ShowAsOf("plans", "Officer"),
        ShowAsOf("plans", "LeadRole"),
        ShowAsOf("plans", "LeadRole_officers"),
    ]

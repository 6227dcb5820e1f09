from django.db import migrations

from history.tracking import TrackHistory


class Migration(migrations.Migration):
    """History from the first row on. Documents and where rows came from are not changed by people, and keep none."""

    dependencies = [("plans", "0001_organisation_and_plans"), ("history", "0002_schema")]

    operations = [
        TrackHistory("plans", "FinancialYear"),
        TrackHistory("plans", "Period"),
        TrackHistory("plans", "Directorate"),
        TrackHistory("plans", "Division"),
        TrackHistory("plans", "Portfolio"),
        TrackHistory("plans", "Unit"),
        TrackHistory("plans", "UnitYear"),
        TrackHistory("plans", "Alias"),
        TrackHistory("plans", "Plan"),
        TrackHistory("plans", "Plan_units"),
        TrackHistory("plans", "Correction"),
        TrackHistory("plans", "Explanation"),
        TrackHistory("plans", "Target"),
        TrackHistory("plans", "Officer"),
        TrackHistory("plans", "LeadRole"),
        TrackHistory("plans", "LeadRole_officers"),
    ]

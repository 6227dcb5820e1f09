from django.db import migrations

from history.tracking import ShowAsOf


class Migration(migrations.Migration):
    """Pages may show these tables as they stood on a day."""

    dependencies = [("projects", "0002_history"), ("history", "0003_as_of")]

    operations = [
        ShowAsOf("projects", "KeyAction"),
        ShowAsOf("projects", "KeyAction_managers"),
        ShowAsOf("projects", "KeyAction_targets"),
        ShowAsOf("projects", "Deliverable"),
        ShowAsOf("projects", "Consultation"),
    ]

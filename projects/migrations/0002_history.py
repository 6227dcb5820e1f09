from django.db import migrations

from history.tracking import TrackHistory


class Migration(migrations.Migration):
    """History from the first row on."""

    dependencies = [("projects", "0001_actions"), ("history", "0002_schema")]

    operations = [
        TrackHistory("projects", "KeyAction"),
        TrackHistory("projects", "KeyAction_managers"),
        TrackHistory("projects", "KeyAction_targets"),
        TrackHistory("projects", "Deliverable"),
        TrackHistory("projects", "Consultation"),
    ]

from django.db import migrations

from history.tracking import TrackHistory


class Migration(migrations.Migration):
    """History from the first row on."""

    dependencies = [("indicators", "0001_measures"), ("history", "0002_schema")]

    operations = [
        TrackHistory("indicators", "Indicator"),
        TrackHistory("indicators", "Group"),
        TrackHistory("indicators", "Listing"),
        TrackHistory("indicators", "Listing_targets"),
        TrackHistory("indicators", "Figure"),
    ]

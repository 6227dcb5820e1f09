from django.db import migrations

from history.tracking import ShowAsOf


class Migration(migrations.Migration):
    """Pages may show these tables as they stood on a day."""

    dependencies = [("indicators", "0002_history"), ("history", "0003_as_of")]

    operations = [
        ShowAsOf("indicators", "Indicator"),
        ShowAsOf("indicators", "Group"),
        ShowAsOf("indicators", "Listing"),
        ShowAsOf("indicators", "Listing_targets"),
        ShowAsOf("indicators", "Figure"),
    ]

from django.db import migrations, models

from history.tracking import TrackHistory


class Migration(migrations.Migration):
    """Forms on these rows carry the version that they were opened with."""

    dependencies = [("indicators", "0003_as_of")]

    operations = [
        TrackHistory("indicators", "Indicator", again=True),
        migrations.AddField(
            "Indicator", "version", models.PositiveIntegerField(db_default=1, default=1, editable=False)
        ),
        TrackHistory("indicators", "Indicator", again=True),
        TrackHistory("indicators", "Listing", again=True),
        migrations.AddField("Listing", "version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
        TrackHistory("indicators", "Listing", again=True),
    ]

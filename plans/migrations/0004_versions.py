from django.db import migrations, models

from history.tracking import TrackHistory


class Migration(migrations.Migration):
    """Forms on these rows carry the version that they were opened with."""

    dependencies = [("plans", "0003_as_of")]

    operations = [
        TrackHistory("plans", "Alias", again=True),
        migrations.AddField("Alias", "version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
        TrackHistory("plans", "Alias", again=True),
        TrackHistory("plans", "Correction", again=True),
        migrations.AddField(
            "Correction", "version", models.PositiveIntegerField(db_default=1, default=1, editable=False)
        ),
        TrackHistory("plans", "Correction", again=True),
        TrackHistory("plans", "Explanation", again=True),
        migrations.AddField(
            "Explanation", "version", models.PositiveIntegerField(db_default=1, default=1, editable=False)
        ),
        TrackHistory("plans", "Explanation", again=True),
        TrackHistory("plans", "Period", again=True),
        migrations.AddField("Period", "version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
        TrackHistory("plans", "Period", again=True),
        TrackHistory("plans", "Plan", again=True),
        migrations.AddField("Plan", "version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
        TrackHistory("plans", "Plan", again=True),
        TrackHistory("plans", "Unit", again=True),
        migrations.AddField("Unit", "version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
        TrackHistory("plans", "Unit", again=True),
        TrackHistory("plans", "UnitYear", again=True),
        migrations.AddField(
            "UnitYear", "version", models.PositiveIntegerField(db_default=1, default=1, editable=False)
        ),
        TrackHistory("plans", "UnitYear", again=True),
    ]

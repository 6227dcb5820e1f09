from django.db import migrations, models

from history.tracking import TrackHistory


class Migration(migrations.Migration):
    """Forms on these rows carry the version that they were opened with."""

    dependencies = [("people", "0003_history")]

    operations = [
        TrackHistory("people", "User", exclude=("password", "last_login"), again=True),
        migrations.AddField("User", "version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
        TrackHistory("people", "User", exclude=("password", "last_login"), again=True),
        TrackHistory("people", "Grant", again=True),
        migrations.AddField("Grant", "version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
        TrackHistory("people", "Grant", again=True),
    ]

from django.db import migrations

from history.tracking import TrackHistory


class Migration(migrations.Migration):
    """History from the first row on. A password is kept nowhere else, and signing in is no change of the person."""

    dependencies = [("people", "0002_grant"), ("history", "0002_schema")]

    operations = [
        TrackHistory("people", "User", exclude=("password", "last_login")),
        TrackHistory("people", "Grant"),
    ]

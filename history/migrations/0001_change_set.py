import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ("why", models.TextField()),
                ("door", models.CharField(help_text="The form or command that it came through.")),
                (
                    "token",
                    models.UUIDField(
                        blank=True, help_text="The form's own number, so that a doubled POST is one change.", null=True
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change_sets",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("token",),
                        name="history_changeset_token_once",
                        violation_error_message="This form has been sent already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("why__regex", "\\S")),
                        name="history_changeset_why_not_blank",
                        violation_error_message="A change needs a reason.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("door__regex", "\\S")),
                        name="history_changeset_door_not_blank",
                        violation_error_message="A change comes through a door.",
                    ),
                ],
            },
        ),
    ]

import django.db.models.functions.text
from django.db import migrations, models

import people.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "email",
                    people.fields.LowerCaseEmailField(max_length=254, unique=True, verbose_name="e-mail address"),
                ),
                ("name", models.CharField()),
                ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
            ],
            options={
                "ordering": [django.db.models.functions.text.Lower("name"), "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="people_user_email_in_small_letters",
                        violation_error_message="An e-mail address is kept in small letters.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("email__regex", "\\S")),
                        name="people_user_email_not_blank",
                        violation_error_message="Give an e-mail address.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "\\S")),
                        name="people_user_name_not_blank",
                        violation_error_message="Give a name.",
                    ),
                ],
            },
        ),
    ]

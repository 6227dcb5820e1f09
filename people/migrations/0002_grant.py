import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_user"),
        ("plans", "0001_organisation_and_plans"),
    ]

    operations = [
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("plan_administrator", "Plan administrator"),
                            ("finance_officer", "Finance officer"),
                            ("approver", "Approver"),
                            ("unit_manager", "Unit manager"),
                            ("poc_member", "POC member"),
                            ("auditor", "Auditor"),
                        ]
                    ),
                ),
                (
                    "portfolio",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="plans.portfolio",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="plans.unit",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["user_id", "role", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "role", "unit", "portfolio"),
                        name="people_grant_once",
                        nulls_distinct=False,
                        violation_error_message="This person already holds that role there.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "plan_administrator",
                                    "finance_officer",
                                    "approver",
                                    "unit_manager",
                                    "poc_member",
                                    "auditor",
                                ],
                            )
                        ),
                        name="people_grant_role_known",
                        violation_error_message="The role must be one of: plan_administrator, finance_officer, approver, unit_manager, poc_member, auditor.",  # noqa: E501
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "unit_manager"), ("unit__isnull", False)),
                            models.Q(models.Q(("role", "unit_manager"), _negated=True), ("unit__isnull", True)),
                            _connector="OR",
                        ),
                        name="people_grant_unit_of_unit_manager",
                        violation_error_message="A unit manager is granted a named unit, and no other role is.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role", "finance_officer"), ("portfolio__isnull", True), _connector="OR"),
                        name="people_grant_portfolio_of_finance_officer",
                        violation_error_message="Only a finance officer is granted a named portfolio.",
                    ),
                ],
            },
        ),
    ]

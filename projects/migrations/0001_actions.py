import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("plans", "0001_organisation_and_plans"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeyAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("section", models.CharField(blank=True)),
                ("relevant_plan", models.TextField(blank=True)),
                ("text", models.TextField(verbose_name="action")),
                ("position", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                ("managers", models.ManyToManyField(blank=True, related_name="key_actions", to="plans.officer")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="key_actions", to="plans.plan"
                    ),
                ),
                (
                    "provenance",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="key_actions",
                        to="plans.provenance",
                    ),
                ),
                ("targets", models.ManyToManyField(blank=True, related_name="key_actions", to="plans.target")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="key_actions",
                        to="plans.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "action",
                "ordering": ["plan_id", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Deliverable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True, verbose_name="deliverable")),
                ("managers", models.TextField(blank=True, help_text="The accountable managers as printed.")),
                ("links", models.TextField(blank=True, help_text="The links to corporate targets as printed.")),
                ("due_start", models.DateField(blank=True, null=True)),
                ("due_end", models.DateField(blank=True, null=True)),
                (
                    "due_precision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("day", "Day"),
                            ("month", "Month"),
                            ("period", "Period"),
                            ("on-going", "On-going"),
                            ("unknown", "Unknown"),
                        ],
                    ),
                ),
                ("due_printed", models.TextField(blank=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                (
                    "provenance",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deliverables",
                        to="plans.provenance",
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliverables",
                        to="projects.keyaction",
                    ),
                ),
            ],
            options={
                "ordering": ["action_id", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField()),
                ("dates", models.CharField(blank=True, verbose_name="start and end date")),
                ("feedback", models.CharField(blank=True, verbose_name="feedback date")),
                ("target_group", models.TextField(blank=True, verbose_name="target group and sample size")),
                ("area", models.TextField(blank=True, verbose_name="target area")),
                ("contractor", models.TextField(blank=True, verbose_name="external contractor")),
                (
                    "purpose",
                    models.TextField(blank=True, verbose_name="what we want to find out and how we will use it"),
                ),
                ("statutory", models.CharField(blank=True)),
                ("contact", models.TextField(blank=True, verbose_name="contact name and details")),
                ("position", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consultations", to="plans.plan"
                    ),
                ),
                (
                    "provenance",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="consultations",
                        to="plans.provenance",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consultations", to="plans.unit"
                    ),
                ),
            ],
            options={
                "ordering": ["plan_id", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "unit", "name"),
                        name="projects_consultation_name_once",
                        violation_error_message="This unit already has a consultation of that name in the plan.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "\\S")),
                        name="projects_consultation_name_not_blank",
                        violation_error_message="A consultation needs a name.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="keyaction",
            constraint=models.UniqueConstraint(
                fields=("plan", "unit", "section", "text"),
                name="projects_keyaction_once",
                nulls_distinct=False,
                violation_error_message="The plan already has that action there.",
            ),
        ),
        migrations.AddConstraint(
            model_name="keyaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("text__regex", "\\S")),
                name="projects_keyaction_text_not_blank",
                violation_error_message="An action needs its words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliverable",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_precision__in", ["day", "month", "period", "on-going", "unknown", ""])),
                name="projects_deliverable_due_precision_known",
                violation_error_message="The due precision must be one of: day, month, period, on-going, unknown.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliverable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_start__isnull", True),
                    ("due_end__isnull", True),
                    ("due_start__lte", models.F("due_end")),
                    _connector="OR",
                ),
                name="projects_deliverable_dates_ordered",
                violation_error_message="A period cannot end before it starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliverable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_end__isnull", True), ("due_start__isnull", True)),
                    models.Q(("due_precision__in", ["", "unknown"]), _negated=True),
                    _connector="OR",
                ),
                name="projects_deliverable_date_has_precision",
                violation_error_message="A date needs its precision: a day, a month, a period or on-going.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliverable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_precision__in", ["day", "month", "period"]), _negated=True),
                    models.Q(("due_end__isnull", False), ("due_start__isnull", False)),
                    _connector="OR",
                ),
                name="projects_deliverable_precision_has_date",
                violation_error_message="A day, a month or a period needs its first and last day.",
            ),
        ),
    ]

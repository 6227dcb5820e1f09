from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models

import plans.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("plans", "0001_organisation_and_plans"),
    ]

    operations = [
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField()),
                (
                    "key",
                    models.CharField(
                        help_text="The name as it is compared: case, punctuation and spacing taken out.", unique=True
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "\\S")),
                        name="indicators_group_name_not_blank",
                        violation_error_message="A group needs a name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "\\S")),
                        name="indicators_group_key_not_blank",
                        violation_error_message="A group's name needs at least one letter or figure.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(blank=True)),
                (
                    "key",
                    models.TextField(
                        help_text="The code where there is one, else the title as it is compared.", unique=True
                    ),
                ),
                ("title", models.TextField()),
                (
                    "measure_unit",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("percent", "Per cent"),
                            ("count", "Count"),
                            ("per 1,000", "Per 1,000"),
                            ("points", "Points"),
                            ("score", "Score"),
                            ("gap", "Gap"),
                        ],
                    ),
                ),
                ("decimal_places", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "polarity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("higher", "Higher is better"),
                            ("lower", "Lower is better"),
                            ("none", "Neither is better"),
                        ],
                        help_text="Blank where nobody has said yet.",
                    ),
                ),
                ("definition", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "measure",
                "ordering": ["code", "title"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("measure_unit__in", ["percent", "count", "per 1,000", "points", "score", "gap", ""])
                        ),
                        name="indicators_indicator_measure_unit_known",
                        violation_error_message="The measure unit must be one of: percent, count, per 1,000, points, score, gap.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("polarity__in", ["higher", "lower", "none", ""])),
                        name="indicators_indicator_polarity_known",
                        violation_error_message="The polarity must be one of: higher, lower, none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "\\S")),
                        name="indicators_indicator_key_not_blank",
                        violation_error_message="A measure needs a code or a title.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title__regex", "\\S")),
                        name="indicators_indicator_title_not_blank",
                        violation_error_message="A measure needs a title.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("list", "List"), ("table", "Table of figures"), ("comparison", "Comparison")]
                    ),
                ),
                ("code", models.CharField(blank=True, help_text="The code as printed.")),
                ("title", models.TextField(help_text="The title as printed.")),
                ("section", models.CharField(blank=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("lead_or_support", models.CharField(blank=True)),
                (
                    "service_plan",
                    models.TextField(blank=True, help_text="The service level plan it is printed to belong to."),
                ),
                ("links_printed", models.TextField(blank=True)),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="listings", to="indicators.indicator"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="listings", to="plans.plan"
                    ),
                ),
                (
                    "provenance",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="listings",
                        to="plans.provenance",
                    ),
                ),
                ("targets", models.ManyToManyField(blank=True, related_name="listings", to="plans.target")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listings",
                        to="plans.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["plan_id", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.CharField(blank=True, help_text="Blank for Kent.")),
                ("period", models.CharField(blank=True)),
                (
                    "kind",
                    models.CharField(choices=[("actual", "Actual"), ("estimate", "Estimate"), ("target", "Target")]),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("value", "Value"),
                            ("awaited", "Awaited"),
                            ("to follow", "To follow"),
                            ("not available", "Not available"),
                            ("not applicable", "Not applicable"),
                            ("no target set", "No target set"),
                            ("suppressed", "Suppressed"),
                            ("remark", "Remark"),
                        ]
                    ),
                ),
                ("value", plans.fields.ValueField(blank=True, decimal_places=10, max_digits=25, null=True)),
                ("label", models.CharField(blank=True, help_text="Which of several figures of one cell: “Refused”.")),
                ("note", models.TextField(blank=True)),
                ("printed", models.TextField(blank=True, help_text="The cell as printed.")),
                ("position", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                (
                    "provenance",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="figures",
                        to="plans.provenance",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="indicators.group",
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="figures", to="indicators.listing"
                    ),
                ),
            ],
            options={
                "ordering": ["listing_id", "position", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(
                fields=("plan", "unit", "kind", "section", "code", "title"),
                name="indicators_listing_once",
                nulls_distinct=False,
                violation_error_message="The plan already lists that measure there.",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["list", "table", "comparison"])),
                name="indicators_listing_kind_known",
                violation_error_message="The kind must be one of: list, table, comparison.",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(("title__regex", "\\S")),
                name="indicators_listing_title_not_blank",
                violation_error_message="A measure needs its title.",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.UniqueConstraint(
                fields=("listing", "group", "area", "period", "kind", "label"),
                name="indicators_figure_once",
                nulls_distinct=False,
                violation_error_message="The measure already has that figure.",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["actual", "estimate", "target"])),
                name="indicators_figure_kind_known",
                violation_error_message="The kind must be one of: actual, estimate, target.",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "value",
                            "awaited",
                            "to follow",
                            "not available",
                            "not applicable",
                            "no target set",
                            "suppressed",
                            "remark",
                        ],
                    )
                ),
                name="indicators_figure_status_known",
                violation_error_message="The status must be one of: value, awaited, to follow, not available, not applicable, no target set, suppressed, remark.",  # noqa: E501
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "value"), ("value__isnull", False)),
                    models.Q(models.Q(("status", "value"), _negated=True), ("value__isnull", True)),
                    _connector="OR",
                ),
                name="indicators_figure_value_or_why_not",
                violation_error_message="A figure is a value, or says why there is none: not both, not neither.",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("value__range", (Decimal("-1000000000000000"), Decimal("1000000000000000"))),
                    ("value__isnull", True),
                    _connector="OR",
                ),
                name="indicators_figure_figures_finite",
                violation_error_message="A value must be an ordinary number.",
            ),
        ),
    ]

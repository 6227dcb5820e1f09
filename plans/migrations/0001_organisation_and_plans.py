from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import plans.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Directorate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(unique=True)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "\\S")),
                        name="plans_directorate_name_not_blank",
                        violation_error_message="A directorate needs a name.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Division",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField()),
                (
                    "directorate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="divisions", to="plans.directorate"
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="FinancialYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "start",
                    models.PositiveSmallIntegerField(
                        help_text="The calendar year in which it starts: 2009 for 2009/10.",
                        unique=True,
                        verbose_name="starts in",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("planning", "Planning"), ("open", "Open"), ("closed", "Closed")], default="planning"
                    ),
                ),
            ],
            options={
                "ordering": ["start"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("start__range", (1900, 2200))),
                        name="plans_financialyear_start_plausible",
                        violation_error_message="A financial year starts between 1900 and 2200.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["planning", "open", "closed"])),
                        name="plans_financialyear_state_known",
                        violation_error_message="The state must be one of: planning, open, closed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Explanation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("check_key", models.TextField()),
                ("difference", plans.fields.ExactDecimalField(decimal_places=4, max_digits=16)),
                ("note", models.TextField()),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="explanations",
                        to="plans.financialyear",
                    ),
                ),
            ],
            options={
                "ordering": ["year__start", "check_key"],
            },
        ),
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField()),
                (
                    "key",
                    models.CharField(help_text="The name as it is compared: case and spacing taken out.", unique=True),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="officer",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": [django.db.models.functions.text.Lower("name")],
            },
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "half",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "April to September (mid-term)"), (2, "October to March (end of year)")]
                    ),
                ),
                ("state", models.CharField(choices=[("open", "Open"), ("closed", "Closed")], default="open")),
                (
                    "return_by",
                    models.DateField(blank=True, help_text="The day by which units return their figures.", null=True),
                ),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="periods", to="plans.financialyear"
                    ),
                ),
            ],
            options={
                "ordering": ["year__start", "half"],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tier",
                    models.CharField(choices=[("directorate", "Directorate level"), ("service", "Service level")]),
                ),
                ("name", models.CharField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("adopted", "Adopted"), ("closed", "Closed")], default="draft"
                    ),
                ),
                (
                    "directorate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="plans.directorate",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="plans.division",
                    ),
                ),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="plans.financialyear"
                    ),
                ),
            ],
            options={
                "ordering": ["year__start", "tier", "name"],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField()),
                ("sha256", models.CharField(unique=True)),
                ("format", models.CharField(choices=[("text", "Text"), ("xlsx", "Workbook"), ("csv", "CSV")])),
                ("loaded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("report", models.JSONField(default=dict)),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="plans.plan",
                    ),
                ),
            ],
            options={
                "ordering": ["-loaded_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Portfolio",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField()),
                (
                    "directorate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="portfolios", to="plans.directorate"
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Provenance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(help_text="The kind of table: budget, indicator, action, …")),
                (
                    "key",
                    models.TextField(
                        help_text="The row's natural key within the plan, which the next load matches on."
                    ),
                ),
                ("table", models.PositiveIntegerField()),
                (
                    "lines",
                    django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None),
                ),
                ("repairs", models.JSONField(blank=True, default=list)),
                ("printed", models.JSONField(blank=True, default=dict, help_text="The text of each cell as printed.")),
                (
                    "loaded",
                    models.JSONField(
                        blank=True, default=dict, help_text="The values that the document last gave the row."
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="provenances", to="plans.document"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="provenances", to="plans.plan"
                    ),
                ),
            ],
            options={
                "ordering": ["document", "table", "lines"],
            },
        ),
        migrations.CreateModel(
            name="SourceLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("loaded", "Loaded"),
                            ("header", "Header"),
                            ("heading", "Heading"),
                            ("repaired", "Repaired"),
                            ("blank", "Blank"),
                            ("rule", "Rule"),
                            ("contents", "Contents"),
                            ("nil return", "Nil return"),
                            ("not read", "Not read"),
                        ],
                        help_text="Blank for a line without a tab: it is narrative.",
                    ),
                ),
                ("table", models.PositiveIntegerField(blank=True, null=True)),
                ("why", models.TextField(blank=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="plans.document"
                    ),
                ),
            ],
            options={
                "ordering": ["document", "number"],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scheme", models.CharField()),
                ("code", models.CharField(blank=True, help_text="Blank for the scheme as a whole.")),
                ("title", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["scheme", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scheme", "code"),
                        name="plans_target_code_once",
                        violation_error_message="That scheme already has a target of that code.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scheme__regex", "\\S")),
                        name="plans_target_scheme_not_blank",
                        violation_error_message="A target belongs to a scheme.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scheme", models.CharField()),
                ("text", models.TextField(help_text="The target as printed, in full.")),
                ("role", models.CharField(choices=[("lead", "Lead"), ("joint", "Joint lead"), ("support", "Support")])),
                ("officers_printed", models.TextField(blank=True)),
                ("position", models.PositiveIntegerField(default=0)),
                ("officers", models.ManyToManyField(blank=True, related_name="lead_roles", to="plans.officer")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lead_roles", to="plans.plan"
                    ),
                ),
                (
                    "provenance",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="lead_roles",
                        to="plans.provenance",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lead_roles",
                        to="plans.target",
                    ),
                ),
            ],
            options={
                "ordering": ["plan", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField()),
                ("slug", models.SlugField(max_length=200, unique=True)),
                (
                    "reason",
                    models.TextField(
                        blank=True,
                        help_text="How the portal came to know it: “declared: …” with the reason, or “first met in …”.",
                    ),
                ),
                (
                    "directorate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="units", to="plans.directorate"
                    ),
                ),
            ],
            options={
                "ordering": [django.db.models.functions.text.Lower("name")],
            },
        ),
        migrations.AddField(
            model_name="plan",
            name="units",
            field=models.ManyToManyField(blank=True, related_name="plans", to="plans.unit"),
        ),
        migrations.CreateModel(
            name="Alias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("unit", "Unit"),
                            ("division", "Division"),
                            ("group", "Group"),
                            ("activity", "Activity"),
                            ("officer", "Officer"),
                        ]
                    ),
                ),
                (
                    "key",
                    models.CharField(help_text="The name as it is compared: case, punctuation and spacing taken out."),
                ),
                ("name", models.CharField(help_text="The name as printed.")),
                (
                    "stands_for",
                    models.CharField(blank=True, help_text="The name it stands for, where that is not a unit's."),
                ),
                ("reason", models.TextField(help_text="Why the two names are one.")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aliases",
                        to="plans.unit",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "aliases",
                "ordering": ["subject", django.db.models.functions.text.Lower("name")],
            },
        ),
        migrations.CreateModel(
            name="UnitYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cabinet_member", models.CharField(blank=True)),
                (
                    "division",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unit_years",
                        to="plans.division",
                    ),
                ),
                (
                    "portfolio",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unit_years",
                        to="plans.portfolio",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="unit_years", to="plans.unit"
                    ),
                ),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="unit_years", to="plans.financialyear"
                    ),
                ),
            ],
            options={
                "ordering": ["year__start", django.db.models.functions.text.Lower("unit__name")],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(help_text="The hash of the document that it corrects.")),
                ("line", models.PositiveIntegerField()),
                ("field", models.CharField()),
                ("was", models.TextField(blank=True)),
                ("value", models.TextField(blank=True)),
                ("reason", models.TextField()),
                ("by", models.CharField(help_text="Who declared it, as named there.")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["sha256", "line", "field"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sha256", "line", "field"),
                        name="plans_correction_once",
                        violation_error_message="That field of that line is already corrected.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="plans_correction_sha256_is_one",
                        violation_error_message="A document's hash has 64 hexadecimal figures.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("field__regex", "\\S")),
                        name="plans_correction_field_not_blank",
                        violation_error_message="Say which field is corrected.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__regex", "\\S")),
                        name="plans_correction_reason_not_blank",
                        violation_error_message="Say why the printed text is wrong.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__regex", "\\S")),
                        name="plans_correction_by_not_blank",
                        violation_error_message="Say who declares the correction.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="division",
            constraint=models.UniqueConstraint(
                fields=("directorate", "name"),
                name="plans_division_name_once",
                violation_error_message="This directorate already has a division of that name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="division",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "\\S")),
                name="plans_division_name_not_blank",
                violation_error_message="A division needs a name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="explanation",
            constraint=models.UniqueConstraint(
                fields=("year", "check_key"),
                name="plans_explanation_once",
                violation_error_message="That check is already explained.",
            ),
        ),
        migrations.AddConstraint(
            model_name="explanation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("difference__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                    ("difference__isnull", True),
                    _connector="OR",
                ),
                name="plans_explanation_figures_finite",
                violation_error_message="A figure must be an ordinary number, with at most 11 digits before the point.",
            ),
        ),
        migrations.AddConstraint(
            model_name="explanation",
            constraint=models.CheckConstraint(
                condition=models.Q(("check_key__regex", "\\S")),
                name="plans_explanation_check_key_not_blank",
                violation_error_message="Say which check is explained.",
            ),
        ),
        migrations.AddConstraint(
            model_name="explanation",
            constraint=models.CheckConstraint(
                condition=models.Q(("note__regex", "\\S")),
                name="plans_explanation_note_not_blank",
                violation_error_message="An explanation needs its words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="officer",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "\\S")),
                name="plans_officer_name_not_blank",
                violation_error_message="An officer needs a name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="officer",
            constraint=models.CheckConstraint(
                condition=models.Q(("key__regex", "\\S")),
                name="plans_officer_key_not_blank",
                violation_error_message="An officer's name needs at least one letter.",
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.UniqueConstraint(
                fields=("year", "half"),
                name="plans_period_once_a_year",
                violation_error_message="This year already has that reporting period.",
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(
                condition=models.Q(("half__in", [1, 2])),
                name="plans_period_half_known",
                violation_error_message="A reporting period is the first or the second half of the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "closed"])),
                name="plans_period_state_known",
                violation_error_message="The state must be one of: open, closed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("format__in", ["text", "xlsx", "csv"])),
                name="plans_document_format_known",
                violation_error_message="The format must be one of: text, xlsx, csv.",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "\\S")),
                name="plans_document_name_not_blank",
                violation_error_message="A document needs a name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                name="plans_document_sha256_is_one",
                violation_error_message="A document's hash has 64 hexadecimal figures.",
            ),
        ),
        migrations.AddConstraint(
            model_name="portfolio",
            constraint=models.UniqueConstraint(
                fields=("directorate", "name"),
                name="plans_portfolio_name_once",
                violation_error_message="This directorate already has a portfolio of that name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="portfolio",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "\\S")),
                name="plans_portfolio_name_not_blank",
                violation_error_message="A portfolio needs a name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="provenance",
            constraint=models.UniqueConstraint(
                fields=("plan", "kind", "key"),
                name="plans_provenance_key_once",
                violation_error_message="The plan already has a row of that key.",
            ),
        ),
        migrations.AddConstraint(
            model_name="provenance",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__regex", "\\S")),
                name="plans_provenance_kind_not_blank",
                violation_error_message="A row comes from a kind of table.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourceline",
            constraint=models.UniqueConstraint(
                fields=("document", "number"),
                name="plans_sourceline_number_once",
                violation_error_message="This document already has a line of that number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourceline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        [
                            "loaded",
                            "header",
                            "heading",
                            "repaired",
                            "blank",
                            "rule",
                            "contents",
                            "nil return",
                            "not read",
                            "",
                        ],
                    )
                ),
                name="plans_sourceline_outcome_known",
                violation_error_message="The outcome must be one of: loaded, header, heading, repaired, blank, rule, contents, nil return, not read.",  # noqa: E501
            ),
        ),
        migrations.AddConstraint(
            model_name="sourceline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "not read"), _negated=True), ("why__regex", "\\S"), _connector="OR"
                ),
                name="plans_sourceline_not_read_says_why",
                violation_error_message="A line that is not read needs the reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadrole",
            constraint=models.UniqueConstraint(
                fields=("plan", "scheme", "text"),
                name="plans_leadrole_once",
                violation_error_message="The plan already has its role in that target.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadrole",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["lead", "joint", "support"])),
                name="plans_leadrole_role_known",
                violation_error_message="The role must be one of: lead, joint, support.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadrole",
            constraint=models.CheckConstraint(
                condition=models.Q(("text__regex", "\\S")),
                name="plans_leadrole_text_not_blank",
                violation_error_message="A lead role needs the target in words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(
                fields=("directorate", "name"),
                name="plans_unit_name_once",
                violation_error_message="This directorate already has a unit of that name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "\\S")),
                name="plans_unit_name_not_blank",
                violation_error_message="A unit needs a name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug__regex", "\\S")),
                name="plans_unit_slug_not_blank",
                violation_error_message="A unit needs a name in addresses.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                fields=("year", "tier", "name"),
                name="plans_plan_name_once_a_year",
                violation_error_message="There is already a plan of that name and tier for the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("tier__in", ["directorate", "service"])),
                name="plans_plan_tier_known",
                violation_error_message="The tier must be one of: directorate, service.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "adopted", "closed"])),
                name="plans_plan_state_known",
                violation_error_message="The state must be one of: draft, adopted, closed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "\\S")),
                name="plans_plan_name_not_blank",
                violation_error_message="A plan needs a name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.UniqueConstraint(
                fields=("subject", "key"),
                name="plans_alias_key_once",
                violation_error_message="That name is already declared to stand for something.",
            ),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.CheckConstraint(
                condition=models.Q(("subject__in", ["unit", "division", "group", "activity", "officer"])),
                name="plans_alias_subject_known",
                violation_error_message="The subject must be one of: unit, division, group, activity, officer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stands_for", ""), ("subject", "unit"), ("unit__isnull", False)),
                    models.Q(
                        models.Q(("subject", "unit"), _negated=True),
                        ("stands_for__regex", "\\S"),
                        ("unit__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="plans_alias_stands_for_one_thing",
                violation_error_message="A unit's other name needs the unit; any other needs the name it stands for.",
            ),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.CheckConstraint(
                condition=models.Q(("key__regex", "\\S")),
                name="plans_alias_key_not_blank",
                violation_error_message="A name needs at least one letter or figure.",
            ),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "\\S")),
                name="plans_alias_name_not_blank",
                violation_error_message="Give the name as printed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")),
                name="plans_alias_reason_not_blank",
                violation_error_message="Say why the two names are one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="unityear",
            constraint=models.UniqueConstraint(
                fields=("unit", "year"),
                name="plans_unityear_once_a_year",
                violation_error_message="This unit already has its place in that year.",
            ),
        ),
    ]

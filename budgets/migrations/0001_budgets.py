from decimal import Decimal

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
from django.db import migrations, models

import plans.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("plans", "0001_organisation_and_plans"),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("activity", models.CharField()),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("service", "Service plan"),
                            ("portfolio", "Row of a portfolio table"),
                            ("entered", "Entered here"),
                        ],
                        default="service",
                    ),
                ),
                (
                    "prior_controllable",
                    plans.fields.MoneyField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="prior year controllable"
                    ),
                ),
                (
                    "prior_fte",
                    plans.fields.FteField(
                        blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="prior year FTE"
                    ),
                ),
                (
                    "fte",
                    plans.fields.FteField(blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="FTE"),
                ),
                (
                    "employee",
                    plans.fields.MoneyField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="employee costs"
                    ),
                ),
                (
                    "running",
                    plans.fields.MoneyField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="running costs"
                    ),
                ),
                (
                    "contracts",
                    plans.fields.MoneyField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="contracts and projects"
                    ),
                ),
                (
                    "external_income",
                    plans.fields.MoneyField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="external income"
                    ),
                ),
                (
                    "internal_income",
                    plans.fields.MoneyField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="internal income"
                    ),
                ),
                (
                    "gross",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                models.Q(
                                    ("contracts__isnull", True), ("employee__isnull", True), ("running__isnull", True)
                                ),
                                then=models.Value(None),
                            ),
                            default=django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.functions.comparison.Coalesce(
                                        models.F("employee"),
                                        models.Value(0),
                                        output_field=plans.fields.MoneyField(decimal_places=2, max_digits=14),
                                    ),
                                    "+",
                                    django.db.models.functions.comparison.Coalesce(
                                        models.F("running"),
                                        models.Value(0),
                                        output_field=plans.fields.MoneyField(decimal_places=2, max_digits=14),
                                    ),
                                ),
                                "+",
                                django.db.models.functions.comparison.Coalesce(
                                    models.F("contracts"),
                                    models.Value(0),
                                    output_field=plans.fields.MoneyField(decimal_places=2, max_digits=14),
                                ),
                            ),
                            output_field=plans.fields.MoneyField(decimal_places=2, max_digits=14),
                        ),
                        output_field=plans.fields.MoneyField(decimal_places=2, max_digits=14, null=True),
                        verbose_name="gross expenditure",
                    ),
                ),
                (
                    "controllable",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                models.Q(
                                    ("contracts__isnull", True),
                                    ("employee__isnull", True),
                                    ("external_income__isnull", True),
                                    ("internal_income__isnull", True),
                                    ("running__isnull", True),
                                ),
                                then=models.Value(None),
                            ),
                            default=django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.functions.comparison.Coalesce(
                                                models.F("employee"),
                                                models.Value(0),
                                                output_field=plans.fields.MoneyField(decimal_places=2, max_digits=14),
                                            ),
                                            "+",
                                            django.db.models.functions.comparison.Coalesce(
                                                models.F("running"),
                                                models.Value(0),
                                                output_field=plans.fields.MoneyField(decimal_places=2, max_digits=14),
                                            ),
                                        ),
                                        "+",
                                        django.db.models.functions.comparison.Coalesce(
                                            models.F("contracts"),
                                            models.Value(0),
                                            output_field=plans.fields.MoneyField(decimal_places=2, max_digits=14),
                                        ),
                                    ),
                                    "+",
                                    django.db.models.functions.comparison.Coalesce(
                                        models.F("external_income"),
                                        models.Value(0),
                                        output_field=plans.fields.MoneyField(decimal_places=2, max_digits=14),
                                    ),
                                ),
                                "+",
                                django.db.models.functions.comparison.Coalesce(
                                    models.F("internal_income"),
                                    models.Value(0),
                                    output_field=plans.fields.MoneyField(decimal_places=2, max_digits=14),
                                ),
                            ),
                            output_field=plans.fields.MoneyField(decimal_places=2, max_digits=14),
                        ),
                        output_field=plans.fields.MoneyField(decimal_places=2, max_digits=14, null=True),
                        verbose_name="controllable expenditure",
                    ),
                ),
                ("version", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="budget_lines", to="plans.plan"
                    ),
                ),
                (
                    "provenance",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="budget_lines",
                        to="plans.provenance",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget_lines",
                        to="plans.unit",
                    ),
                ),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget_lines",
                        to="plans.financialyear",
                    ),
                ),
            ],
            options={
                "ordering": ["unit_id", "year_id", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ControlTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("portfolio_row", "Row of a portfolio table"),
                            ("controllable", "Controllable Totals"),
                            ("central", "Central Overheads"),
                            ("directorate", "Directorate Overheads"),
                            ("capital", "Capital Charges"),
                            ("total_cost", "Total Cost of Unit"),
                            ("headline", "Headline figure"),
                        ]
                    ),
                ),
                ("label", models.CharField(blank=True, help_text="The label as printed.")),
                (
                    "prior_controllable",
                    plans.fields.MoneyField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="prior year controllable"
                    ),
                ),
                (
                    "prior_fte",
                    plans.fields.FteField(
                        blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="prior year FTE"
                    ),
                ),
                (
                    "fte",
                    plans.fields.FteField(blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="FTE"),
                ),
                (
                    "employee",
                    plans.fields.MoneyField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="employee costs"
                    ),
                ),
                (
                    "running",
                    plans.fields.MoneyField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="running costs"
                    ),
                ),
                (
                    "contracts",
                    plans.fields.MoneyField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="contracts and projects"
                    ),
                ),
                (
                    "gross",
                    plans.fields.MoneyField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="gross expenditure"
                    ),
                ),
                (
                    "external_income",
                    plans.fields.MoneyField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="external income"
                    ),
                ),
                (
                    "internal_income",
                    plans.fields.MoneyField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="internal income"
                    ),
                ),
                (
                    "controllable",
                    plans.fields.MoneyField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="controllable expenditure"
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="control_totals", to="plans.plan"
                    ),
                ),
                (
                    "portfolio",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="control_totals",
                        to="plans.portfolio",
                    ),
                ),
                (
                    "provenance",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="control_totals",
                        to="plans.provenance",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="control_totals",
                        to="plans.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["plan_id", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CoreService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("activity", models.CharField()),
                (
                    "amount",
                    plans.fields.ExactDecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="amount in pounds"
                    ),
                ),
                ("manager_printed", models.CharField(blank=True)),
                ("provides", models.TextField(blank=True)),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "accountable_manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="core_services",
                        to="plans.officer",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="core_services",
                        to="budgets.budgetline",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="core_services", to="plans.plan"
                    ),
                ),
                (
                    "provenance",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="core_services",
                        to="plans.provenance",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="core_services", to="plans.unit"
                    ),
                ),
            ],
            options={
                "ordering": ["plan_id", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Establishment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(help_text="The division or total as printed.")),
                (
                    "prior_fte",
                    plans.fields.FteField(
                        blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="prior year FTE"
                    ),
                ),
                (
                    "fte",
                    plans.fields.FteField(blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="FTE"),
                ),
                ("difference", plans.fields.FteField(blank=True, decimal_places=2, max_digits=9, null=True)),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "division",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="establishment",
                        to="plans.division",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="establishment", to="plans.plan"
                    ),
                ),
                (
                    "provenance",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="establishment",
                        to="plans.provenance",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "establishment",
                "ordering": ["plan_id", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MovementReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField()),
                ("number", plans.fields.FteField(blank=True, decimal_places=2, max_digits=9, null=True)),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="movement_reasons", to="plans.plan"
                    ),
                ),
                (
                    "provenance",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="movement_reasons",
                        to="plans.provenance",
                    ),
                ),
            ],
            options={
                "ordering": ["plan_id", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MTPItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", plans.fields.MoneyField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("heading", models.CharField()),
                ("explanation", models.TextField(blank=True)),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mtp_items", to="plans.plan"
                    ),
                ),
                (
                    "provenance",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="mtp_items",
                        to="plans.provenance",
                    ),
                ),
            ],
            options={
                "verbose_name": "medium term plan item",
                "ordering": ["plan_id", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="StaffingLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("band", models.CharField()),
                (
                    "prior_fte",
                    plans.fields.FteField(
                        blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="prior year FTE"
                    ),
                ),
                (
                    "fte",
                    plans.fields.FteField(blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="FTE"),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="staffing_levels", to="plans.plan"
                    ),
                ),
                (
                    "provenance",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="staffing_levels",
                        to="plans.provenance",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="staffing_levels", to="plans.unit"
                    ),
                ),
            ],
            options={
                "ordering": ["plan_id", "position", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="budgetline",
            index=models.Index(fields=["unit", "year", "position"], name="budgets_budgetline_by_unit"),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.UniqueConstraint(
                fields=("plan", "unit", "activity"),
                name="budgets_budgetline_activity_once",
                violation_error_message="This unit already has a line for that activity in the plan.",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ["service", "portfolio", "entered"])),
                name="budgets_budgetline_origin_known",
                violation_error_message="The origin must be one of: service, portfolio, entered.",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("prior_controllable__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("prior_controllable__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("prior_fte__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("prior_fte__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("fte__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("fte__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("employee__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("employee__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("running__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("running__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("contracts__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("contracts__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("external_income__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("external_income__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("internal_income__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("internal_income__isnull", True),
                        _connector="OR",
                    ),
                ),
                name="budgets_budgetline_figures_finite",
                violation_error_message="A figure must be an ordinary number, with at most 11 digits before the point.",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(("activity__regex", "\\S")),
                name="budgets_budgetline_activity_not_blank",
                violation_error_message="A budget line needs its activity.",
            ),
        ),
        migrations.AddConstraint(
            model_name="controltotal",
            constraint=models.UniqueConstraint(
                fields=("plan", "unit", "portfolio", "subject", "label"),
                name="budgets_controltotal_once",
                nulls_distinct=False,
                violation_error_message="The plan already has that total.",
            ),
        ),
        migrations.AddConstraint(
            model_name="controltotal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "subject__in",
                        [
                            "portfolio_row",
                            "controllable",
                            "central",
                            "directorate",
                            "capital",
                            "total_cost",
                            "headline",
                        ],
                    )
                ),
                name="budgets_controltotal_subject_known",
                violation_error_message="The subject must be one of: portfolio_row, controllable, central, directorate, capital, total_cost, headline.",  # noqa: E501
            ),
        ),
        migrations.AddConstraint(
            model_name="controltotal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("prior_controllable__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("prior_controllable__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("prior_fte__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("prior_fte__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("fte__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("fte__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("employee__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("employee__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("running__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("running__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("contracts__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("contracts__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("external_income__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("external_income__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("internal_income__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("internal_income__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("gross__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("gross__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("controllable__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("controllable__isnull", True),
                        _connector="OR",
                    ),
                ),
                name="budgets_controltotal_figures_finite",
                violation_error_message="A figure must be an ordinary number, with at most 11 digits before the point.",
            ),
        ),
        migrations.AddConstraint(
            model_name="coreservice",
            constraint=models.UniqueConstraint(
                fields=("plan", "unit", "activity"),
                name="budgets_coreservice_activity_once",
                violation_error_message="This unit already has a core service for that activity in the plan.",
            ),
        ),
        migrations.AddConstraint(
            model_name="coreservice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__range", (Decimal("-99999999999.99"), Decimal("99999999999.99"))),
                    ("amount__isnull", True),
                    _connector="OR",
                ),
                name="budgets_coreservice_figures_finite",
                violation_error_message="A figure must be an ordinary number, with at most 11 digits before the point.",
            ),
        ),
        migrations.AddConstraint(
            model_name="coreservice",
            constraint=models.CheckConstraint(
                condition=models.Q(("activity__regex", "\\S")),
                name="budgets_coreservice_activity_not_blank",
                violation_error_message="A core service needs its activity.",
            ),
        ),
        migrations.AddConstraint(
            model_name="establishment",
            constraint=models.UniqueConstraint(
                fields=("plan", "label"),
                name="budgets_establishment_label_once",
                violation_error_message="The establishment already has that division or total.",
            ),
        ),
        migrations.AddConstraint(
            model_name="establishment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("prior_fte__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("prior_fte__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("fte__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("fte__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("difference__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("difference__isnull", True),
                        _connector="OR",
                    ),
                ),
                name="budgets_establishment_figures_finite",
                violation_error_message="A figure must be an ordinary number, with at most 11 digits before the point.",
            ),
        ),
        migrations.AddConstraint(
            model_name="establishment",
            constraint=models.CheckConstraint(
                condition=models.Q(("label__regex", "\\S")),
                name="budgets_establishment_label_not_blank",
                violation_error_message="Give the division or total as printed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="movementreason",
            constraint=models.UniqueConstraint(
                fields=("plan", "reason"),
                name="budgets_movementreason_once",
                violation_error_message="The plan already gives that reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="movementreason",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("number__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                    ("number__isnull", True),
                    _connector="OR",
                ),
                name="budgets_movementreason_figures_finite",
                violation_error_message="A figure must be an ordinary number, with at most 11 digits before the point.",
            ),
        ),
        migrations.AddConstraint(
            model_name="movementreason",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")),
                name="budgets_movementreason_reason_not_blank",
                violation_error_message="A movement needs its reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="mtpitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                    ("amount__isnull", True),
                    _connector="OR",
                ),
                name="budgets_mtpitem_figures_finite",
                violation_error_message="A figure must be an ordinary number, with at most 11 digits before the point.",
            ),
        ),
        migrations.AddConstraint(
            model_name="mtpitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("heading__regex", "\\S")),
                name="budgets_mtpitem_heading_not_blank",
                violation_error_message="A pressure or saving needs its heading.",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffinglevel",
            constraint=models.UniqueConstraint(
                fields=("plan", "unit", "band"),
                name="budgets_staffinglevel_band_once",
                violation_error_message="This unit already has its posts in that band.",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffinglevel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("prior_fte__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("prior_fte__isnull", True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("fte__range", (Decimal("-99999999.99999"), Decimal("99999999.99999"))),
                        ("fte__isnull", True),
                        _connector="OR",
                    ),
                ),
                name="budgets_staffinglevel_figures_finite",
                violation_error_message="A figure must be an ordinary number, with at most 11 digits before the point.",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffinglevel",
            constraint=models.CheckConstraint(
                condition=models.Q(("band__regex", "\\S")),
                name="budgets_staffinglevel_band_not_blank",
                violation_error_message="Posts belong to a grade band.",
            ),
        ),
    ]

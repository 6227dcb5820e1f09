from django.db import migrations

from plans.locking import LockWithPlan


class Migration(migrations.Migration):
    """Budgets stand from the adoption of their plan; a line whose figures are nil may still be added."""

    dependencies = [("budgets", "0004_as_of"), ("plans", "0005_locks")]

    operations = [
        LockWithPlan(
            "budgets",
            "BudgetLine",
            says="budget lines",
            adopted=True,
            nil=(
                "prior_controllable",
                "prior_fte",
                "fte",
                "employee",
                "running",
                "contracts",
                "external_income",
                "internal_income",
            ),
        ),
        LockWithPlan("budgets", "ControlTotal", says="control totals", adopted=True),
        LockWithPlan("budgets", "CoreService", says="core services", adopted=True),
        LockWithPlan("budgets", "MTPItem", says="pressures and savings", adopted=True),
        LockWithPlan("budgets", "StaffingLevel", says="staffing levels", adopted=True),
        LockWithPlan("budgets", "Establishment", says="establishment figures", adopted=True),
        LockWithPlan("budgets", "MovementReason", says="reasons for movements of staff", adopted=True),
    ]

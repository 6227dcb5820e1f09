from django.db import migrations

from plans.locking import LockWithPlan


class Migration(migrations.Migration):
    """Actions and consultations change, with a reason once their plan is adopted, until it is closed."""

    dependencies = [("projects", "0003_as_of"), ("plans", "0005_locks")]

    operations = [
        LockWithPlan("projects", "KeyAction", says="actions"),
        LockWithPlan("projects", "KeyAction_managers", says="actions", through="keyaction"),
        LockWithPlan("projects", "KeyAction_targets", says="actions", through="keyaction"),
        LockWithPlan("projects", "Deliverable", says="deliverables", through="action"),
        LockWithPlan("projects", "Consultation", says="consultations"),
    ]

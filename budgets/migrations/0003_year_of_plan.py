from django.db import migrations

# A line has its year for the index that unit pages read by; it is the year of its plan and can be no other.
FORWARDS = """
ALTER TABLE plans_plan ADD CONSTRAINT plans_plan_id_and_year UNIQUE (id, year_id);
ALTER TABLE budgets_budgetline ADD CONSTRAINT budgets_budgetline_year_of_plan
    FOREIGN KEY (plan_id, year_id) REFERENCES plans_plan (id, year_id);
"""
BACKWARDS = """
ALTER TABLE budgets_budgetline DROP CONSTRAINT budgets_budgetline_year_of_plan;
ALTER TABLE plans_plan DROP CONSTRAINT plans_plan_id_and_year;
"""


class Migration(migrations.Migration):
    """A budget line stands in the year of its plan."""

    dependencies = [("budgets", "0002_history"), ("plans", "0002_history")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]

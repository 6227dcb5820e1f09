from django.db import migrations

from history.tracking import TrackHistory

# A number is read many times as fast as a moment in words, and a function without settings of its own is written into
# the query: then the planner knows the moment, and no row costs a call.
MOMENT = """
CREATE OR REPLACE FUNCTION asof.moment() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT pg_catalog.to_timestamp(NULLIF(pg_catalog.current_setting('kentplan.as_of', true), '')::pg_catalog.float8)
$$;
"""
MOMENT_BEFORE = """
CREATE OR REPLACE FUNCTION asof.moment() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT NULLIF(current_setting('kentplan.as_of', true), '')::timestamptz
$$;
"""

SHOWN = {
    "budgets": (
        "BudgetLine",
        "ControlTotal",
        "CoreService",
        "MTPItem",
        "StaffingLevel",
        "Establishment",
        "MovementReason",
    ),
    "indicators": ("Indicator", "Group", "Listing", "Listing_targets", "Figure"),
    "plans": (
        "FinancialYear",
        "Period",
        "Directorate",
        "Division",
        "Portfolio",
        "Unit",
        "UnitYear",
        "Alias",
        "Plan",
        "Plan_units",
        "Correction",
        "Explanation",
        "Target",
        "Officer",
        "LeadRole",
        "LeadRole_officers",
    ),
    "projects": ("KeyAction", "KeyAction_managers", "KeyAction_targets", "Deliverable", "Consultation"),
}


class Migration(migrations.Migration):
    """The moment as a number, and histories indexed by what pages find rows by, so that looking back stays cheap."""

    dependencies = [
        ("history", "0003_as_of"),
        ("budgets", "0004_as_of"),
        ("indicators", "0004_versions"),
        ("plans", "0004_versions"),
        ("projects", "0003_as_of"),
    ]

    operations = [
        migrations.RunSQL([(MOMENT, None)], [(MOMENT_BEFORE, None)]),
        *(TrackHistory(app, model, again=True) for app, models in SHOWN.items() for model in models),
    ]

from django.db import migrations

# What search compares, by the rules of kentplan/folding.py: small letters, "&" as "and", no apostrophes, a space for
# whatever is neither letter nor digit and between the two. Whether a character is a letter must not depend on the
# database's locale, so what is none is spelled out.
# Neither function is put into a query's text in its place: it is worked out once a row, and known to be dear.
FUNCTIONS = r"""
CREATE FUNCTION kentplan_folded(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 1000 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN ' ' || btrim(regexp_replace(regexp_replace(regexp_replace(
        translate(replace(lower(given), '&', ' and '), E'\'\u2019\u2018\u02bc`', ''),
        E'[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\ufffd]+', ' ', 'g'),
        '([a-z])(?=[0-9])', '\1 ', 'g'),
        '([0-9])(?=[a-z])', '\1 ', 'g')) || ' ';
END $$;

-- How good a find is: 0 the whole text, 1 and 2 its beginning (in whole words, or not), 3 and 4 the words together,
-- 5 the words apart, 6 none of it. `wanted` and `whole` are folded.
CREATE FUNCTION kentplan_rank(given text, wanted text[], whole text) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 1000 SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    folded text := kentplan_folded(given);
    term text;
BEGIN
    IF folded = whole THEN RETURN 0; END IF;
    IF starts_with(folded, whole) THEN RETURN 1; END IF;
    IF starts_with(folded, rtrim(whole)) THEN RETURN 2; END IF;
    IF strpos(folded, whole) > 0 THEN RETURN 3; END IF;
    IF strpos(folded, rtrim(whole)) > 0 THEN RETURN 4; END IF;
    FOREACH term IN ARRAY wanted LOOP
        IF strpos(folded, term) = 0 THEN RETURN 6; END IF;
    END LOOP;
    RETURN 5;
END $$;
"""
SEARCHED = {
    "plans_unit": "name",
    "plans_alias": "name",
    "plans_officer": "name",
    "plans_target": "scheme || ' ' || code || ' ' || title",
    "plans_leadrole": "text",
    "budgets_budgetline": "activity",
    "budgets_coreservice": "provides",
    "indicators_listing": "code || ' ' || title",
    "projects_keyaction": "text",
    "projects_deliverable": "text",
    "projects_consultation": "name || ' ' || purpose || ' ' || target_group",
}
INDEXES = ";\n".join(
    f"CREATE INDEX {table}_searched ON {table} USING gin (kentplan_folded({text}) gin_trgm_ops)"
    for table, text in SEARCHED.items()
)
NO_INDEXES = ";\n".join(f"DROP INDEX {table}_searched" for table in SEARCHED)


class Migration(migrations.Migration):
    """Words are found in any of a million rows without reading them all."""

    dependencies = [
        ("kentplan", "0001_cache"),
        ("budgets", "0001_budgets"),
        ("indicators", "0001_measures"),
        ("plans", "0001_organisation_and_plans"),
        ("projects", "0001_actions"),
    ]

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm", migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION kentplan_rank, kentplan_folded"),
        migrations.RunSQL(INDEXES, NO_INDEXES),
    ]

from django.db import migrations

from plans.locking import LOCKED, NO_SUCH_MOVE, REASON_NEEDED, LockWithPlan

# A change set without a reason has the door's own words (history.changes). Who writes without one migrates the database.
REASON = """
CREATE FUNCTION public.gives_reason() RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT COALESCE(
        (SELECT why <> door FROM public.history_changeset
            WHERE id = NULLIF(current_setting('kentplan.change_set', true), '')::bigint),
        true)
$$;
"""

# FOR SHARE: whoever changes the state waits for those who write under it, and they for him.
PLANS = f"""
CREATE FUNCTION public.plans_no_longer_draft(touched bigint[]) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    plan record;
    found_ones bigint[];
BEGIN
    FOR plan IN SELECT id, state FROM public.plans_plan WHERE id = ANY (touched) ORDER BY id FOR SHARE LOOP
        IF plan.state <> 'draft' THEN
            found_ones := found_ones || plan.id;
        END IF;
    END LOOP;
    RETURN found_ones;
END $$;

CREATE FUNCTION public.keep_to_plans(concerned bigint[], fixed bigint[], what text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    plan record;
BEGIN
    FOR plan IN SELECT id, name, state FROM public.plans_plan WHERE id = ANY (concerned) ORDER BY id LOOP
        IF plan.state = 'closed' OR (plan.state = 'adopted' AND plan.id = ANY (fixed)) THEN
            RAISE EXCEPTION 'The plan “%” is %: its % no longer change.', plan.name, plan.state, what
                USING ERRCODE = '{LOCKED}';
        ELSIF plan.state = 'adopted' AND NOT public.gives_reason() THEN
            RAISE EXCEPTION 'The plan “%” is adopted: say why you change its %.', plan.name, what
                USING ERRCODE = '{REASON_NEEDED}';
        END IF;
    END LOOP;
END $$;
"""  # noqa: S608

PERIODS = f"""
CREATE FUNCTION public.periods_closed(touched bigint[]) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    period record;
    found_ones bigint[];
BEGIN
    FOR period IN SELECT id, state FROM public.plans_period WHERE id = ANY (touched) ORDER BY id FOR SHARE LOOP
        IF period.state = 'closed' THEN
            found_ones := found_ones || period.id;
        END IF;
    END LOOP;
    RETURN found_ones;
END $$;

CREATE FUNCTION public.period_in_words(of_year bigint, of_half smallint) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE of_half WHEN 1 THEN 'April to September ' || start ELSE 'October ' || start || ' to March ' || start + 1 END
    FROM public.plans_financialyear WHERE id = of_year
$$;

CREATE FUNCTION public.keep_to_periods(concerned bigint[], fixed bigint[], what text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    period record;
BEGIN
    FOR period IN SELECT public.period_in_words(year_id, half) AS words FROM public.plans_period
        WHERE id = ANY (concerned) AND id = ANY (fixed) AND state = 'closed' ORDER BY id LOOP
        RAISE EXCEPTION 'The period % is closed: % no longer change.', period.words, what USING ERRCODE = '{LOCKED}';
    END LOOP;
END $$;
"""  # noqa: S608

# The moves that there are: draft to adopted to closed, and back one step at a time.
STATE_OF_PLAN = f"""
CREATE FUNCTION public.keep_state_of_plan() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state IN ('adopted', 'closed') THEN
            RAISE EXCEPTION 'A plan begins as a draft.' USING ERRCODE = '{NO_SUCH_MOVE}';
        END IF;
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'The plan “%” is % and stays.', OLD.name, OLD.state USING ERRCODE = '{LOCKED}';
        END IF;
        RETURN OLD;
    END IF;
    IF NEW.state <> OLD.state AND NEW.state IN ('draft', 'adopted', 'closed') THEN
        IF (OLD.state, NEW.state) NOT IN (
            ('draft', 'adopted'), ('adopted', 'draft'), ('adopted', 'closed'), ('closed', 'adopted')
        ) THEN
            RAISE EXCEPTION 'A plan that is % does not become % at once: it is adopted in between.', OLD.state, NEW.state
                USING ERRCODE = '{NO_SUCH_MOVE}';
        ELSIF NOT public.gives_reason() THEN
            RAISE EXCEPTION 'Say why the plan “%” is no longer % but %.', OLD.name, OLD.state, NEW.state
                USING ERRCODE = '{REASON_NEEDED}';
        END IF;
    END IF;
    IF OLD.state <> 'draft' AND (NEW.year_id, NEW.tier, NEW.directorate_id, NEW.division_id)
        IS DISTINCT FROM (OLD.year_id, OLD.tier, OLD.directorate_id, OLD.division_id) THEN
        RAISE EXCEPTION 'The plan “%” is %: it keeps its year and its place.', OLD.name, OLD.state
            USING ERRCODE = '{LOCKED}';
    ELSIF NEW.name <> OLD.name AND OLD.state = 'closed' THEN
        RAISE EXCEPTION 'The plan “%” is closed: it keeps its name.', OLD.name USING ERRCODE = '{LOCKED}';
    ELSIF NEW.name <> OLD.name AND OLD.state = 'adopted' AND NOT public.gives_reason() THEN
        RAISE EXCEPTION 'The plan “%” is adopted: say why you change its name.', OLD.name
            USING ERRCODE = '{REASON_NEEDED}';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER plan_state BEFORE INSERT OR UPDATE OR DELETE ON public.plans_plan
    FOR EACH ROW EXECUTE FUNCTION public.keep_state_of_plan();
"""

STATE_OF_PERIOD = f"""
CREATE FUNCTION public.keep_state_of_period() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state = 'closed' THEN
            RAISE EXCEPTION 'A period begins open.' USING ERRCODE = '{NO_SUCH_MOVE}';
        END IF;
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        IF OLD.state = 'closed' THEN
            RAISE EXCEPTION 'The period % is closed and stays.', public.period_in_words(OLD.year_id, OLD.half)
                USING ERRCODE = '{LOCKED}';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state = 'closed' AND (NEW.year_id, NEW.half) IS DISTINCT FROM (OLD.year_id, OLD.half) THEN
        RAISE EXCEPTION 'The period % is closed: it keeps its year and its half.',
            public.period_in_words(OLD.year_id, OLD.half) USING ERRCODE = '{LOCKED}';
    ELSIF (NEW.state <> OLD.state OR OLD.state = 'closed' AND NEW.return_by IS DISTINCT FROM OLD.return_by)
        AND NOT public.gives_reason() THEN
        RAISE EXCEPTION 'Say why you change the period %.', public.period_in_words(OLD.year_id, OLD.half)
            USING ERRCODE = '{REASON_NEEDED}';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER period_state BEFORE INSERT OR UPDATE OR DELETE ON public.plans_period
    FOR EACH ROW EXECUTE FUNCTION public.keep_state_of_period();
"""

# An explanation is of a year's figures, which may be of several plans: it is locked when the last of them is closed.
EXPLANATIONS = f"""
CREATE FUNCTION public.keep_explanations() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    plan record;
    plans integer := 0;
    of_year bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.year_id ELSE NEW.year_id END;
BEGIN
    FOR plan IN SELECT state FROM public.plans_plan
        WHERE year_id = of_year OR (TG_OP = 'UPDATE' AND year_id = OLD.year_id) ORDER BY id FOR SHARE LOOP
        plans := plans + 1;
        IF plan.state <> 'closed' THEN
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END IF;
    END LOOP;
    IF plans > 0 THEN
        RAISE EXCEPTION 'The plans of the year are closed: explanations of their breaks no longer change.'
            USING ERRCODE = '{LOCKED}';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER plan_state BEFORE INSERT OR UPDATE OR DELETE ON public.plans_explanation
    FOR EACH ROW EXECUTE FUNCTION public.keep_explanations();
"""  # noqa: S608

FUNCTIONS = (
    "keep_state_of_plan() CASCADE",
    "keep_state_of_period() CASCADE",
    "keep_explanations() CASCADE",
    "keep_to_periods(bigint[], bigint[], text)",
    "period_in_words(bigint, smallint)",
    "periods_closed(bigint[])",
    "keep_to_plans(bigint[], bigint[], text)",
    "plans_no_longer_draft(bigint[])",
    "gives_reason()",
)


class Migration(migrations.Migration):
    """The state of a plan and of a reporting period says what may still change (plans.locking)."""

    dependencies = [("plans", "0004_versions"), ("history", "0003_as_of")]

    operations = [
        migrations.RunSQL(
            [(text, None) for text in (REASON, PLANS, PERIODS, STATE_OF_PLAN, STATE_OF_PERIOD, EXPLANATIONS)],
            [(f"DROP FUNCTION public.{name}", None) for name in FUNCTIONS],
        ),
        LockWithPlan("plans", "LeadRole", says="lead roles"),
        LockWithPlan("plans", "LeadRole_officers", says="lead roles", through="leadrole"),
        LockWithPlan("plans", "Plan_units", says="units"),
    ]

from django.db import migrations

from plans.locking import LockWithPeriod, LockWithPlan

# What is returned for a period is an actual. Of the year's words ("2008/09") it is returned at the year's end; of a
# month ("Sept 2009", "March 2010") for the half that the month is in. Other words ("2007", a school's summer) name no
# half, and such a figure is locked with its plan alone.
PERIOD_OF_FIGURE = r"""
CREATE FUNCTION public.period_of_figure(of_kind text, words text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    parts text[];
    first integer;
    month integer;
    of_half integer := 2;
BEGIN
    IF of_kind <> 'actual' THEN
        RETURN NULL;
    END IF;
    parts := regexp_match(words, '^\s*(\d{4})\s*[/–-]\s*(\d{4}|\d{2})\s*$');
    IF parts IS NOT NULL AND (parts[1]::integer + 1) % 100 = parts[2]::integer % 100 THEN
        first := parts[1]::integer;
    ELSE
        parts := regexp_match(lower(words), '^\s*(?:\d{1,2}\s+)?([a-z]{3})[a-z]*\.?\s+(\d{4})\s*$');
        month := array_position(ARRAY['jan','feb','mar','apr','may','jun','jul','aug','sep','oct','nov','dec'], parts[1]);
        IF month IS NULL THEN
            RETURN NULL;
        END IF;
        first := parts[2]::integer - (month < 4)::integer;
        of_half := CASE WHEN month BETWEEN 4 AND 9 THEN 1 ELSE 2 END;
    END IF;
    RETURN (
        SELECT period.id FROM public.plans_period AS period
        JOIN public.plans_financialyear AS year ON year.id = period.year_id
        WHERE year.start = first AND period.half = of_half
    );
END $$;

-- A later plan prints what was returned before: it may still be loaded.
CREATE FUNCTION public.period_of_return(of_listing bigint, of_kind text, words text) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT period.id FROM public.plans_period AS period
    JOIN public.plans_financialyear AS returned ON returned.id = period.year_id
    JOIN public.indicators_listing AS listing ON listing.id = of_listing
    JOIN public.plans_plan AS plan ON plan.id = listing.plan_id
    JOIN public.plans_financialyear AS printed ON printed.id = plan.year_id
    WHERE period.id = public.period_of_figure(of_kind, words) AND printed.start <= returned.start
$$;
"""
DROP = """
DROP FUNCTION public.period_of_return(bigint, text, text);
DROP FUNCTION public.period_of_figure(text, text);
"""


class Migration(migrations.Migration):
    """Measures change, with a reason once their plan is adopted, until it is closed or the figure's period is."""

    dependencies = [("indicators", "0004_versions"), ("plans", "0005_locks")]

    operations = [
        migrations.RunSQL([(PERIOD_OF_FIGURE, None)], [(DROP, None)]),
        LockWithPlan("indicators", "Listing", says="measures"),
        LockWithPlan("indicators", "Listing_targets", says="measures", through="listing"),
        LockWithPlan("indicators", "Figure", says="figures", through="listing"),
        LockWithPeriod(
            "indicators",
            "Figure",
            says="the actual figures of it",
            columns=("kind", "period"),
            period="public.period_of_figure(changed.kind, changed.period)",
            added="public.period_of_return(changed.listing_id, changed.kind, changed.period)",
        ),
    ]

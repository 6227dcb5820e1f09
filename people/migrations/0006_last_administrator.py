from django.db import migrations, models

from history.tracking import TrackHistory
from plans.locking import LOCKED

# Of two administrators who disable each other at once the second waits for the first, and then is the last.
KEEP_ONE = f"""
CREATE FUNCTION public.keep_an_administrator() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'people_user' THEN
        IF NOT EXISTS (SELECT FROM public.people_grant WHERE user_id = OLD.id AND role = 'plan_administrator') THEN
            RETURN NULL;
        END IF;
    ELSIF NOT EXISTS (SELECT FROM public.people_user WHERE id = OLD.user_id AND is_active) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('people.keep_an_administrator'));
    IF NOT EXISTS (
        SELECT FROM public.people_grant AS held JOIN public.people_user AS person ON person.id = held.user_id
        WHERE held.role = 'plan_administrator' AND person.is_active
    ) THEN
        RAISE EXCEPTION 'This is the last plan administrator who may sign in. Make another one first.'
            USING ERRCODE = '{LOCKED}';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER last_administrator AFTER UPDATE OR DELETE ON public.people_grant
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN (OLD.role = 'plan_administrator')
    EXECUTE FUNCTION public.keep_an_administrator();
CREATE CONSTRAINT TRIGGER last_administrator AFTER UPDATE ON public.people_user
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active)
    EXECUTE FUNCTION public.keep_an_administrator();
"""  # noqa: S608  # a constant of ours


class Migration(migrations.Migration):
    """Somebody who may sign in always keeps people and roles; and a reset second factor stands in the history."""

    dependencies = [("people", "0004_versions"), ("history", "0003_as_of")]

    operations = [
        TrackHistory("people", "User", exclude=("password", "last_login"), again=True),
        migrations.AddField(
            "User",
            "factors_reset_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="second factor reset"),
        ),
        TrackHistory("people", "User", exclude=("password", "last_login"), again=True),
        migrations.RunSQL([(KEEP_ONE, None)], [("DROP FUNCTION public.keep_an_administrator() CASCADE", None)]),
    ]

from django.db import migrations

# The sign-in library keeps rows of its own for a person: whatever door the person is changed through, they follow.
FOLLOW = """
CREATE FUNCTION public.forget_old_address() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.account_emailaddress WHERE user_id = NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION public.forget_ways_in() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.account_emailaddress WHERE user_id = OLD.id;
    DELETE FROM public.mfa_authenticator WHERE user_id = OLD.id;
    DELETE FROM public.socialaccount_socialaccount WHERE user_id = OLD.id;
    RETURN OLD;
END $$;

-- Else a link for setting a password could still be asked for at an address that is no longer theirs.
CREATE TRIGGER forget_old_address AFTER UPDATE ON public.people_user
    FOR EACH ROW WHEN (OLD.email IS DISTINCT FROM NEW.email) EXECUTE FUNCTION public.forget_old_address();
CREATE TRIGGER forget_ways_in BEFORE DELETE ON public.people_user
    FOR EACH ROW EXECUTE FUNCTION public.forget_ways_in();
"""


class Migration(migrations.Migration):
    """An address that was changed lets nobody in any more, and a person who is removed takes their ways in along."""

    dependencies = [
        ("people", "0006_last_administrator"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [
        migrations.RunSQL(
            [(FOLLOW, None)],
            [("DROP FUNCTION public.forget_old_address(), public.forget_ways_in() CASCADE", None)],
        )
    ]

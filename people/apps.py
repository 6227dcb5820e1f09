from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = "People"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from people import identity_provider, sessions

        user_logged_in.connect(sessions.begin)
        identity_provider.connect()

        from allauth.account import signals as account
        from allauth.mfa import signals

        from people import events, second_factor

        events.record_sign_ins()
        for signal in (account.password_changed, account.password_set, account.password_reset):
            signal.connect(second_factor.password_changed)
        signals.authenticator_added.connect(second_factor.factor_added)
        signals.authenticator_removed.connect(second_factor.factor_removed)
        signals.authenticator_reset.connect(second_factor.factor_added)
        signals.authentication_failed.connect(second_factor.factor_refused)

"""Every path of the portal, each app's under its own."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path

import plans.converters  # noqa: F401  # it registers <year:…>
from kentplan.views import account as own
from kentplan.views import (
    checks,
    documents,
    doubts,
    health,
    help_pages,
    history,
    home,
    identity_provider,
    keeping,
    printed,
    reversal,
    search,
    sessions,
    unit,
    units,
)

# Nobody signs up, and an administrator keeps the addresses: of the sign-in library's pages these are all there are.
accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("provider/", identity_provider.provider_leave, name="account_provider"),
    path("provider/back/", identity_provider.provider_back, name="account_provider_back"),
    path("session/", sessions.session_left, name="account_session"),
    path("stay/", sessions.session_stay, name="account_stay"),
    path("sessions/", sessions.session_others_end, name="account_sessions"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("", own.account_home, name="account_home"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("2fa/", own.second_factor, name="mfa_index"),
    path("2fa/authenticate/", factors.authenticate, name="mfa_authenticate"),
    path("2fa/again/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/app/add/", app.activate_totp, name="mfa_activate_totp"),
    path("2fa/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/passkeys/", own.passkey_list, name="mfa_list_webauthn"),
    path("2fa/passkeys/sign-in/", login_not_required(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("2fa/passkeys/again/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("2fa/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("2fa/passkeys/<int:pk>/edit/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("2fa/passkeys/<int:pk>/remove/", own.passkey_remove, name="mfa_remove_webauthn"),
    path("2fa/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("2fa/recovery-codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]

portal = [
    path("", home.home, name="home"),
    path("units/", units.unit_list, name="unit_list"),
    path("units/<year:year>/<slug:unit>/", unit.unit_detail, name="unit_detail"),
    path("checks/<year:year>/", checks.check_list, name="check_list"),
    path("checks/<year:year>/check/", checks.check_detail, name="check_detail"),
    path("search/", search.search_page, name="search"),
    path("help/", help_pages.help_page, name="help"),
    path("help/symbols/", help_pages.symbols, name="symbols"),
    path("accessibility/", help_pages.accessibility, name="accessibility"),
    path("health/alive/", health.alive, name="alive"),
    path("health/ready/", health.ready, name="ready"),
    path("administration/", keeping.administration, name="administration"),
    path("administration/units/", keeping.unit_kept_list, name="unit_kept_list"),
    path("administration/units/add/", keeping.unit_kept_add, name="unit_kept_add"),
    path("administration/units/<int:pk>/", keeping.unit_kept, name="unit_kept"),
    path("administration/units/<int:pk>/edit/", keeping.unit_kept_edit, name="unit_kept_edit"),
    path("administration/units/<int:pk>/places/add/", keeping.place_add, name="place_add"),
    path("administration/places/<int:pk>/edit/", keeping.place_edit, name="place_edit"),
    path("administration/names/", keeping.alias_list, name="alias_list"),
    path("administration/names/add/", keeping.alias_add, name="alias_add"),
    path("administration/names/<int:pk>/edit/", keeping.alias_edit, name="alias_edit"),
    path("administration/names/<int:pk>/remove/", keeping.alias_remove, name="alias_remove"),
    path("administration/periods/", keeping.period_list, name="period_list"),
    path("administration/periods/<year:year>/add/", keeping.periods_add, name="periods_add"),
    path("administration/periods/<int:pk>/edit/", keeping.period_edit, name="period_edit"),
    path("administration/plans/", keeping.plan_list, name="plan_list"),
    path("administration/plans/<int:pk>/", keeping.plan_kept, name="plan_kept"),
    path("administration/plans/<int:pk>/edit/", keeping.plan_edit, name="plan_edit"),
    path("documents/", documents.document_list, name="document_list"),
    path("documents/<int:pk>/", documents.document_detail, name="document_detail"),
    path("documents/<int:pk>/tables/<int:table>/", printed.printed_table, name="printed_table"),
    path("printed/<int:pk>/", printed.printed, name="printed"),
    path("history/", history.history, name="history"),
    path("history/<int:pk>/", history.change_set, name="change_set"),
    path("history/<int:pk>/reverse/", reversal.change_set_reverse, name="change_set_reverse"),
    path("doubts/", doubts.doubt_list, name="doubt_list"),
    path("doubts/<int:pk>/<slug:key>/", doubts.doubt_detail, name="doubt_detail"),
    path("doubts/answers/<int:pk>/", doubts.doubt_withdraw, name="doubt_withdraw"),
]

urlpatterns = [
    path("", include((portal, "kentplan"))),
    path("budgets/", include("budgets.urls")),
    path("indicators/", include("indicators.urls")),
    path("projects/", include("projects.urls")),
    path("reports/", include("reports.urls")),
    path("people/", include("people.urls")),
    path("accounts/", include(accounts)),
]

handler429 = "kentplan.views.account.throttled"  # the sign-in library looks for it here
handler500 = "kentplan.views.errors.server_error"

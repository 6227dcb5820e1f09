"""Every path of the portal, each app's under its own."""

from allauth.account import views as account
from django.urls import include, path, re_path

import plans.converters  # noqa: F401  # it registers <year:…>
from kentplan.views import checks, documents, doubts, help_pages, home, printed, search, unit, units

# Nobody signs up, and an administrator keeps the addresses: of the sign-in library's pages these are all there are.
accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
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
    path("documents/", documents.document_list, name="document_list"),
    path("documents/<int:pk>/", documents.document_detail, name="document_detail"),
    path("documents/<int:pk>/tables/<int:table>/", printed.printed_table, name="printed_table"),
    path("printed/<int:pk>/", printed.printed, name="printed"),
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
    path("accounts/", include(accounts)),
]

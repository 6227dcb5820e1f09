"""Paths under /budgets/."""

from django.urls import path

import plans.converters  # noqa: F401  # it registers <year:…>
from budgets.views import editing, reading

app_name = "budgets"

urlpatterns = [
    path("<year:year>/", reading.line_list, name="line_list"),
    path("<year:year>/<slug:unit>/", reading.unit_lines, name="unit_lines"),
    path("<year:year>/<slug:unit>/add/", editing.line_add, name="line_add"),
    path("<year:year>/<slug:unit>/order/", editing.lines_order, name="lines_order"),
    path("lines/<int:pk>/", reading.line_detail, name="line_detail"),
    path("lines/<int:pk>/edit/", editing.line_edit, name="line_edit"),
    path("lines/<int:pk>/remove/", editing.line_remove, name="line_remove"),
]

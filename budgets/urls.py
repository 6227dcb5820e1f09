"""Paths under /budgets/."""

from django.urls import path

import plans.converters  # noqa: F401  # it registers <year:…>
from budgets import views

app_name = "budgets"

urlpatterns = [
    path("<year:year>/", views.line_list, name="line_list"),
    path("<year:year>/<slug:unit>/", views.unit_lines, name="unit_lines"),
    path("lines/<int:pk>/", views.line_detail, name="line_detail"),
    path("lines/<int:pk>/edit/", views.line_edit, name="line_edit"),
]

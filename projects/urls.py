"""Paths under /projects/."""

from django.urls import path

import plans.converters  # noqa: F401  # it registers <year:…>
from projects import views

app_name = "projects"

urlpatterns = [
    path("<year:year>/", views.action_list, name="action_list"),
    path("<year:year>/<slug:unit>/", views.unit_actions, name="unit_actions"),
    path("actions/<int:pk>/", views.action_detail, name="action_detail"),
    path("actions/<int:pk>/edit/", views.action_edit, name="action_edit"),
]

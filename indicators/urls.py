"""Paths under /indicators/."""

from django.urls import path

import plans.converters  # noqa: F401  # it registers <year:…>
from indicators import views

app_name = "indicators"

urlpatterns = [
    path("<year:year>/", views.figure_list, name="figure_list"),
    path("lists/<year:year>/", views.listing_list, name="listing_list"),
    path("<year:year>/<slug:unit>/", views.unit_figures, name="unit_figures"),
    path("measures/<int:pk>/", views.indicator_detail, name="indicator_detail"),
    path("measures/<int:pk>/edit/", views.figures_edit, name="figures_edit"),
    path("measures/<int:pk>/define/", views.indicator_define, name="indicator_define"),
]

"""Addresses of people and their roles."""

from django.urls import path

from people import views

app_name = "people"
urlpatterns = [
    path("", views.person_list, name="person_list"),
    path("add/", views.person_add, name="person_add"),
    path("rights/", views.rights, name="rights"),
    path("<int:pk>/", views.person_detail, name="person_detail"),
    path("<int:pk>/edit/", views.person_edit, name="person_edit"),
    path("<int:pk>/second-factor/", views.factors_reset, name="factors_reset"),
    path("<int:pk>/password/", views.password_link, name="password_link"),
    path("<int:pk>/roles/add/", views.grant_add, name="grant_add"),
    path("roles/<int:pk>/end/", views.grant_end, name="grant_end"),
]

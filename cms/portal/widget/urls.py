"""Addresses of the widget."""

from django.urls import path

from cms.portal.widget import views

urlpatterns = [
    path("nhung/", views.widget, name="widget"),
    path("nhung/<ascii_slug:key>/", views.widget, name="widget_of_type"),
    path("du-lieu-mo/nhung/", views.guide, name="widget_guide"),
]

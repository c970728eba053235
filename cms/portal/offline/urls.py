"""Addresses of the app."""

from django.urls import path

from cms.portal.offline import views

urlpatterns = [
    path("sw.js", views.script, name="worker"),
    path("app.webmanifest", views.manifest, name="manifest"),
    path("ngoai-tuyen/", views.page, name="offline"),
    path("ngoai-tuyen/danh-sach.json", views.listing, name="offline_listing"),
]

"""Addresses below /admin/theo-doi/."""

from django.urls import path

from cms.subscriptions import desk

app_name = "subscriptions"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("xoa/", desk.erase, name="erase"),
    path("gui-lai/", desk.retry, name="retry"),
]

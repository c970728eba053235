"""Addresses below /webhooks/."""

from django.urls import path

from publishers.platform_events import views

app_name = "platform_events"
urlpatterns = [path("zalo/", views.zalo, name="zalo")]

"""Addresses below /thoi-nhan-thu/."""

from django.urls import path

from publishers.leaving import views

app_name = "leaving"
urlpatterns = [path("<str:token>/", views.leave, name="leave")]

"""Addresses below /theo-doi/."""

from django.urls import path

from cms.intake.pages import stamp_view
from cms.subscriptions import views

app_name = "subscriptions_public"
urlpatterns = [
    path("", views.empty_form, name="form"),
    path("dang-ky/", views.ask, name="ask"),
    path("dau/", stamp_view(views.PURPOSE), name="stamp"),
    path("xac-nhan/<str:token>/", views.confirm, name="confirm"),
    path("tuy-chon/<str:token>/", views.options, name="options"),
    path("thoi/<str:token>/", views.leave, name="leave"),
]

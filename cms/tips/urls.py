"""Addresses below /phan-anh/."""

from django.urls import path

from cms.intake.pages import stamp_view
from cms.tips import views

app_name = "tips_public"
urlpatterns = [
    path("", views.empty_form, name="form"),
    path("gui/", views.send, name="send"),
    path("dau/", stamp_view(views.PURPOSE), name="stamp"),
    path("tra-cuu/", views.follow_up_form, name="follow_up_form"),
    path("tra-cuu/ket-qua/", views.follow_up, name="follow_up"),
]

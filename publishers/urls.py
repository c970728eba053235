"""Addresses below /admin/phat-hanh/."""

from django.urls import include, path

from publishers.assisted import views as assisted
from publishers.channels.check import check

app_name = "publishers"
urlpatterns = [
    path("luot-gui/<int:pk>/minh-chung/", assisted.screenshot, name="proof"),
    path("", include("publishers.centre.urls")),
    path("kenh/<int:pk>/kiem-tra/", check, name="channel_check"),
    path("ket-noi/", include("publishers.connecting.urls")),
]

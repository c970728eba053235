"""Addresses below /admin/phat-hanh/ket-noi/, in the namespace ``publishers``."""

from django.urls import path

from publishers.connecting import views

urlpatterns = [
    path("<int:pk>/", views.connect, name="connect"),
    path("<int:pk>/trang/", views.facebook_page, name="connect_page"),
    path("zalo/ve/", views.zalo_return, name="zalo_return"),
]

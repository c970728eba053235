"""Addresses of the administrator's pages, below /admin/nguoi-dung/."""

from django.urls import path

from cms.signin import desk

app_name = "signin"
urlpatterns = [
    path("moi/", desk.invite, name="invite"),
    path("moi/<int:pk>/gui-lai/", desk.invite_again, name="invite_again"),
    path("moi/<int:pk>/thu-hoi/", desk.withdraw, name="withdraw"),
    path("<int:pk>/bao-mat/", desk.person_security, name="person_security"),
]

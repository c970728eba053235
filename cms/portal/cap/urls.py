"""Addresses of the CAP messages; they are permanent."""

from django.urls import path, re_path

from cms.portal.cap import views

urlpatterns = [
    path("cap/canh-bao.atom.xml", views.newest, name="cap_feed"),
    re_path(r"^cap/(?P<code>cb-[0-9]{4}-[0-9]{5,9})\.xml$", views.warning, name="cap_message"),
]

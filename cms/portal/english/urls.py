"""Addresses of warnings in English; they are permanent. The home of /en/ belongs to the standing content."""

from django.urls import path

from cms.portal.english import views

urlpatterns = [
    path("en/canh-bao/", views.warning_list, name="english_list"),
    path("en/canh-bao/trang/<page_number:number>/", views.warning_list, name="english_list_page"),
    path("en/canh-bao/<ascii_slug:slug>/", views.warning, name="english_warning"),
]

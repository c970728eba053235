"""Addresses of the sitemap; they are permanent."""

from django.urls import path

from cms.portal.sitemap import views

urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.index, name="sitemap"),
    path("sitemap/trang.xml", views.pages, name="sitemap_pages"),
    path("sitemap/canh-bao-<page_number:number>.xml", views.warnings, name="sitemap_warnings"),
]

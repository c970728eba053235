"""Addresses of the open data; they are permanent."""

from django.urls import path, re_path

from cms.portal.opendata import views

urlpatterns = [
    path("du-lieu-mo/", views.page, name="open_data"),
    path("du-lieu-mo/canh-bao.csv", views.table, name="open_data_csv"),
    path("du-lieu-mo/canh-bao.json", views.everything, name="open_data_json"),
    path("api/v1/canh-bao.json", views.newest, name="api_warnings"),
    path("api/v1/canh-bao/trang-<page_number:number>.json", views.warning_page, name="api_warning_page"),
    re_path(r"^api/v1/canh-bao/(?P<code>cb-[0-9]{4}-[0-9]{5,9})\.json$", views.warning, name="api_warning"),
    path("api/v1/thay-doi.json", views.newest_changes, name="api_changes"),
    path("api/v1/thay-doi/trang-<page_number:number>.json", views.changes_page, name="api_changes_page"),
    path("api/v1/hinh-thuc.json", views.types, name="api_types"),
    path("api/v1/doi-tuong.json", views.audiences, name="api_audiences"),
    path("api/v1/openapi.json", views.description, name="api_description"),
]

"""The pages of decisions, below /admin/noi-dung-cong/."""

from django.urls import path

from cms.information import admin_views

app_name = "information"
urlpatterns = [
    path("<int:item_id>/", admin_views.item, name="item"),
    path("<int:item_id>/xem/<str:language>/", admin_views.preview, name="preview"),
]

"""Addresses below /admin/phat-hanh/."""

from django.urls import path

from publishers import views

app_name = "publishers"
urlpatterns = [
    path("luot-gui/", views.DeliveryReport.as_view(), name="deliveries"),
    path("luot-gui/ket-qua/", views.DeliveryReport.as_view(results_only=True), name="deliveries_results"),
    path("luot-gui/<int:pk>/gui-lai/", views.delivery_resend, name="delivery_resend"),
    path("luot-gui/<int:pk>/huy/", views.delivery_cancel, name="delivery_cancel"),
    path("luot-gui/<int:pk>/da-dang/", views.delivery_posted, name="delivery_posted"),
    path("canh-bao/<int:page_id>/", views.page_deliveries, name="page_deliveries"),
    path("kenh/<int:pk>/kiem-tra/", views.channel_check, name="channel_check"),
]

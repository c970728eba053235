"""Addresses of the approver's desk, below /admin/duyet/."""

from django.urls import path

from cms.editorial import views

app_name = "editorial"
urlpatterns = [
    path("<int:task_state_id>/", views.review, name="review"),
    path("<int:task_state_id>/cong-thong-tin/", views.review_portal, name="review_portal"),
    path("ket-qua/<int:page_id>/", views.deliveries, name="deliveries"),
]

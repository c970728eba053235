"""Addresses of the approver's desk, below /admin/duyet/."""

from django.urls import path

from cms.editorial import views, withdrawal_views

app_name = "editorial"
urlpatterns = [
    path("phien-lam-viec/", views.session, name="session"),
    path("canh-bao/", views.warnings, name="warnings"),
    path("<int:task_state_id>/", views.review, name="review"),
    path("<int:task_state_id>/cong-thong-tin/", views.review_portal, name="review_portal"),
    path("canh-bao/<int:page_id>/", views.review_of_page, name="review_of_page"),
    path("thu-hoi/<int:page_id>/", withdrawal_views.withdraw, name="withdraw"),
    path("ket-qua/<int:page_id>/", views.deliveries, name="deliveries"),
]

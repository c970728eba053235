"""Addresses of the approver's desk, below /admin/duyet/."""

from django.urls import path, re_path

from cms.editorial import review_views, schedule_views, submission_views, trail, views, withdrawal_views
from cms.editorial.home import calendar
from cms.editorial.stages import follow_up_views, urgent_views

app_name = "editorial"
urlpatterns = [
    path("phien-lam-viec/", views.session, name="session"),
    path("lich/", calendar.month, name="calendar"),
    path("canh-bao/", views.warnings, name="warnings"),
    path("<int:task_state_id>/", views.review, name="review"),
    path("<int:task_state_id>/cong-thong-tin/", views.review_portal, name="review_portal"),
    path("canh-bao/<int:page_id>/", views.review_of_page, name="review_of_page"),
    path("khan/<str:token>/", urgent_views.link, name="urgent_link"),
    path("<int:task_state_id>/goi-nguoi-duyet/", urgent_views.calling, name="urgent_call"),
    path("hau-kiem/<int:follow_up_id>/", follow_up_views.follow_up, name="follow_up"),
    path("gui/<int:page_id>/", submission_views.submit, name="submit"),
    path("thu-hoi/<int:page_id>/", withdrawal_views.withdraw, name="withdraw"),
    path("hen-gio/", schedule_views.schedules, name="schedules"),
    re_path(
        r"^hen-gio/(?P<release_id>[0-9]+)/(?P<verb>dang-ngay|doi-gio|huy)/$",
        schedule_views.decide,
        name="schedule_decide",
    ),
    path("ra-soat/<int:page_id>/", review_views.review_content, name="review_content"),
    path("nhat-ky/<int:page_id>/", trail.trail, name="trail"),
    path("ket-qua/<int:page_id>/", views.deliveries, name="deliveries"),
]

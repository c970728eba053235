"""Addresses of the inbox, below /admin/phan-anh/."""

from django.urls import path

from cms.tips.desk import draft, groups, inbox, tip

app_name = "tips"
urlpatterns = [
    path("", inbox.Inbox.as_view(), name="inbox"),
    path("ket-qua/", inbox.Inbox.as_view(results_only=True), name="inbox_results"),
    path("nhom/", groups.groups, name="groups"),
    path("soan/", draft.draft, name="draft"),
    path("<int:pk>/", tip.show, name="tip"),
    path("<int:pk>/lien-he/", tip.contact, name="contact"),
    path("<int:pk>/trang-thai/", tip.state, name="state"),
    path("<int:pk>/phan-loai/", tip.sort, name="sort"),
    path("<int:pk>/ghi-chu/", tip.note, name="note"),
    path("hinh/<int:picture_id>/", tip.picture, name="picture"),
    path("hinh/<int:picture_id>/xoa/", tip.drop_picture, name="drop_picture"),
]

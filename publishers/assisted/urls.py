"""Addresses of the operators' phone page, below /viec/."""

from django.urls import path

from publishers.assisted import views

app_name = "assisted"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("<str:token>/", views.task_list, name="list"),
    path("<str:token>/<int:pk>/", views.task, name="task"),
    path("<str:token>/<int:pk>/da-gui/", views.done, name="done"),
    path("<str:token>/<int:pk>/khong-gui-duoc/", views.cannot, name="cannot"),
    path("<str:token>/<int:pk>/anh/<int:number>/", views.picture, name="picture"),
]

"""Addresses below /admin/nhan-su/."""

from django.urls import path

from cms.users.views import delegations, mergers, people, role_requests

app_name = "users"
urlpatterns = [
    path("<int:user_id>/", people.person, name="person"),
    path("vai-tro/<int:membership_id>/ket-thuc/", people.end, name="end_role"),
    path("de-nghi/", role_requests.index, name="requests"),
    path("de-nghi/<int:request_id>/", role_requests.decide, name="decide"),
    path("uy-quyen/", delegations.index, name="delegations"),
    path("uy-quyen/<int:delegation_id>/", delegations.decide, name="delegation"),
    path("sap-nhap/<int:unit_id>/", mergers.merge, name="merge"),
]

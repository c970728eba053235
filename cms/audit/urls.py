"""Addresses of the audit log, below /admin/nhat-ky/."""

from django.urls import path

from cms.audit import report, views

app_name = "audit"
urlpatterns = [
    path("", report.AuditReport.as_view(), name="index"),
    path("ket-qua/", report.AuditReport.as_view(results_only=True), name="results"),
    path("<int:pk>/", views.entry, name="entry"),
]

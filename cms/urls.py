"""Where everything is: staff below /admin/, health probes, the public portal at the root."""

from django.urls import include, path, re_path

from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms.core import health, uploads
from cms.portal.views import serve_page
from publishers.health import readyz
from publishers.metrics import metrics

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("admin/", include("cms.signin.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("media/<path:path>", uploads.serve, name="upload"),
    path("viec/", include("publishers.assisted.urls")),
    path("thoi-nhan-thu/", include("publishers.leaving.urls")),
    path("webhooks/", include("publishers.platform_events.urls")),
    path("phan-anh/", include("cms.tips.urls")),
    path("en/phan-anh/", include("cms.tips.english_urls")),
    path("theo-doi/", include("cms.subscriptions.urls")),
    path("en/theo-doi/", include("cms.subscriptions.english_urls")),
    path("", include("cms.portal.urls")),
    path("", include("cms.information.urls")),
    # Wagtail asks this name for a page's address; only what an approved release made public answers.
    re_path(r"^((?:[\w\-]+/)*)$", serve_page, name="wagtail_serve"),
]
handler404 = "cms.portal.views.not_found"
handler500 = "cms.portal.views.server_error"

"""Addresses of the delivery centre, below /admin/phat-hanh/."""

from django.urls import path

from publishers.centre import (
    banner,
    bulk,
    deliveries,
    delivery,
    halts,
    health,
    imports,
    mailing,
    open_changes,
    operators,
    releases,
    sealed,
    verbs,
    warning,
)

urlpatterns = [
    path("", releases.ReleaseIndex.as_view(), name="releases"),
    path("ket-qua/", releases.ReleaseIndex.as_view(results_only=True), name="releases_results"),
    path("dang-mo/", open_changes.open_changes, name="open_changes"),
    path("dot/<int:pk>/", releases.release, name="release"),
    path("dot/<int:pk>/ho-so/", sealed.download, name="release_record"),
    path("dot/<int:pk>/tien-do/", releases.progress_fragment, name="release_progress"),
    path("dot/<int:pk>/hang-loat/", bulk.act, name="release_bulk"),
    path("luot-gui/", deliveries.DeliveryReport.as_view(), name="deliveries"),
    path(
        "luot-gui/ket-qua/", deliveries.DeliveryReport.as_view(results_only=True), name="deliveries_results"
    ),
    path("luot-gui/<int:pk>/", delivery.history, name="delivery"),
    path("luot-gui/<int:pk>/gui-lai/", verbs.resend, name="delivery_resend"),
    path("luot-gui/<int:pk>/huy/", verbs.cancel, name="delivery_cancel"),
    path("luot-gui/<int:pk>/da-dang/", verbs.posted, name="delivery_posted"),
    path("canh-bao/<int:page_id>/", warning.deliveries, name="page_deliveries"),
    path("dung/", halts.stop, name="halt"),
    path("tiep-tuc/", halts.resume, name="resume"),
    path("thong-bao/", banner.banner, name="banner"),
    path("suc-khoe/", health.health, name="health"),
    path("sai-lech/<int:pk>/", health.close_discrepancy, name="close_discrepancy"),
    path("nguoi-dang/<int:pk>/huy-lien-ket/", operators.revoke, name="operator_revoke"),
    path("kenh/<int:pk>/dia-chi/", mailing.mailing, name="mailing"),
    path("kenh/nhap/", imports.upload, name="channel_import"),
    path("kenh/nhap/mau.<str:kind>", imports.template, name="channel_template"),
]

"""The agency's data stands on every page: a change renews them all."""

from typing import Any

from django.db.models.signals import post_save

from cms.core import waking
from scam_warnings.agency import AgencySettings


def connect() -> None:
    """Called once, when the app is ready."""
    post_save.connect(_agency_saved, sender=AgencySettings, dispatch_uid="portal.agency_saved")


def _agency_saved(created: bool, raw: bool = False, **_kwargs: Any) -> None:
    if created or raw:
        return
    from cms.portal.tasks import rebuild_portal

    waking.after_commit(rebuild_portal, otherwise="the pages are renewed within the hour")

"""What workers do for the portal besides deliveries."""

import logging
import threading

from django.conf import settings

from django_tasks import task
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, on_startup

from cms.portal import addresses, bake
from cms.portal.baking import journal
from cms.portal.baking.outside import carrying, purging
from cms.portal.baking.outside.stores import configured
from cms.portal.models import PublishedWarning

logger = logging.getLogger(__name__)
_started = threading.Lock()


@task(backend="delivery")
def rebuild_portal() -> None:
    """Renew every finished file: after a change of the agency's data."""
    bake.bake_everything()


@task(backend="delivery")
def renew_neighbours(warning_id: int) -> None:
    """Renew the pages that name a warning as related; should the task be lost, the hourly renewal does it."""
    warning = PublishedWarning.objects.filter(pk=warning_id).first()
    if warning is not None:
        bake.bake_neighbours(warning)


@task(backend="delivery")
def renew_expired(warning_id: int) -> None:
    """Renew the pages of a warning that went out of force, and the feeds; else the hourly renewal does it."""
    warning = PublishedWarning.objects.filter(pk=warning_id).first()
    if warning is not None:
        bake.bake_for(warning)
        bake.bake_feeds((*addresses.feeds_of(warning.scam_type_key), *addresses.ENGLISH_FEEDS))
        bake.bake_neighbours(warning)


@task(backend="delivery")
def tell_outside() -> None:
    """Bring what is still noted to the store outside, and tell the cache in front; else within the hour."""
    try:
        carrying.carry_waiting()
    finally:
        purging.purge()


@db_periodic_task(crontab(minute="1"))
def renew_portal() -> None:
    """Renew every finished file each hour, so that a warning shows that it expired; finish what was left open."""
    if journal.is_running():
        return
    try:
        bake.bake_everything()
    finally:
        carrying.carry_waiting()
        purging.purge()


@on_startup()
def renew_after_start() -> None:
    """Renew every finished file once a process: an upgrade changes templates and the names of style sheets."""
    # Huey calls this in each of its threads.
    if not _started.acquire(blocking=False):
        return
    try:
        if not journal.is_running():
            bake.bake_everything()
        if settings.PORTAL_STORE:
            carrying.compare(configured(settings.PORTAL_STORE))
    except Exception:
        logger.exception("The portal's pages could not be renewed at start; deliveries go on")

"""What workers do for the portal besides deliveries."""

import logging
import threading

from django_tasks import task
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, on_startup

from cms.portal import bake
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


@db_periodic_task(crontab(minute="1"))
def renew_portal() -> None:
    """Renew every finished file each hour, so that a warning shows that it expired."""
    bake.bake_everything()


@on_startup()
def renew_after_start() -> None:
    """Renew every finished file once a process: an upgrade changes templates and the names of style sheets."""
    # Huey calls this in each of its threads.
    if not _started.acquire(blocking=False):
        return
    try:
        bake.bake_everything()
    except Exception:
        logger.exception("The portal's pages could not be renewed at start; deliveries go on")

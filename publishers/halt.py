"""«Dừng tất cả»: the one switch that keeps everything from leaving."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wagtail.log_actions import log

from publishers import clock, doorbell
from publishers.models import Halt
from publishers.refusals import Refused


def standing() -> Halt | None:
    """The halt that stands, or None. With settings.PUBLISH_HALTED one stands that nobody can end here."""
    if settings.PUBLISH_HALTED:
        return Halt(reason=_("This installation was started with PUBLISH_HALTED."), begun_at=clock.now())
    return Halt.objects.filter(is_standing=True).select_related("begun_by").first()


def begin(user: Any, reason: str) -> Halt:
    """Stop everything from leaving; calls in flight finish. Raises Refused without a reason or when one stands."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why everything is stopped: everybody sees the reason."))
    try:
        with transaction.atomic():
            made = Halt.objects.create(reason=reason[:300], begun_at=clock.now(), begun_by=user)
            log(instance=made, action="publishers.halt", user=user, data={"reason": made.reason})
    except IntegrityError:
        raise Refused(_("Everything is stopped already. Reload the page to see by whom and why.")) from None
    return made


def end(user: Any) -> None:
    """Let everything go on. Raises Refused when nothing is stopped, or when the settings say so."""
    if settings.PUBLISH_HALTED:
        raise Refused(
            _(
                "PUBLISH_HALTED is set for this installation. The system administrator removes it and restarts."
            )
        )
    with transaction.atomic():
        halt = Halt.objects.select_for_update().filter(is_standing=True).first()
        if halt is None:
            raise Refused(_("Nothing is stopped any more. Reload the page to see how it stands now."))
        halt.is_standing, halt.ended_at, halt.ended_by = False, clock.now(), user
        halt.save(update_fields=["is_standing", "ended_at", "ended_by"])
        log(instance=halt, action="publishers.resume", user=user, data={"reason": halt.reason})
        doorbell.ring()

"""From a due delivery to a person's «Đã gửi», each exactly once."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.core.text import collapse
from publishers import clock
from publishers.adapters import replies
from publishers.contracts import Event
from publishers.models import AssistedTask, Delivery, Operator
from publishers.outcomes import close_withdrawn
from publishers.refusals import Refused
from publishers.states import PUBLIC, State, move

GIVEN_BACK: Final = "given_back"


def open_task(delivery: Delivery, now: datetime) -> AssistedTask:
    """The task of a delivery that became due, created if new; call it in the transaction that hands it over."""
    task, _new = AssistedTask.objects.get_or_create(
        delivery=delivery, defaults={"operator_id": delivery.channel.operator_id, "created_at": now}
    )
    return task


def open_tasks(operator: Operator) -> list[AssistedTask]:
    """What ``operator`` has to do, urgent and old ones first."""
    rows = _tasks().filter(operator=operator, done_at__isnull=True, delivery__state=State.AWAITING_PERSON)
    return list(rows.order_by("-delivery__urgent", "created_at", "pk")[:200])


def done_tasks(operator: Operator) -> list[AssistedTask]:
    """What ``operator`` did last, the newest first."""
    return list(_tasks().filter(operator=operator, done_at__isnull=False).order_by("-received_at")[:20])


def task_of(operator: Operator, pk: int) -> AssistedTask | None:
    """One task of ``operator``; None for anybody else's. Remembers that it was seen."""
    task = _tasks().filter(operator=operator, pk=pk).first()
    if task is not None and task.opened_at is None:
        AssistedTask.objects.filter(pk=task.pk, opened_at__isnull=True).update(opened_at=clock.now())
    return task


def finish(task: AssistedTask, *, at: datetime | None = None, url: str = "", image: str = "") -> bool:
    """The operator says it is posted. Saying it again changes nothing; False then.

    ``at`` is the time of the tap on the phone's own clock, for a tap made offline; it counts only between the
    beginning of the task and now. ``image`` is the digest of a screenshot kept by proof.py. Raises Refused when
    the delivery no longer waits for it.
    """
    now = clock.now()
    with transaction.atomic():
        task = _tasks().select_for_update(of=("self",)).get(pk=task.pk)
        if task.done_at is not None:
            return False
        delivery = _waiting(task)
        address = replies.address(url.strip())[:500]
        task.done_at = max(task.created_at, min(at or now, now))
        task.received_at = now
        task.proof_url, task.proof_image = address, image
        task.save(update_fields=["done_at", "received_at", "proof_url", "proof_image"])
        moved = move(
            delivery,
            State.DELIVERED,
            actor=str(task.operator or ""),
            next_attempt_at=None,
            remote_id=f"assisted:{task.pk}",
            remote_url=address,
            delivered_at=task.done_at,
            error_code="",
            error_sentence="",
        )
        if moved and delivery.release.kind == Event.WITHDRAWAL:
            close_withdrawn(delivery, actor=str(task.operator or ""))
    return moved


def give_back(task: AssistedTask, reason: str) -> None:
    """The operator cannot post it and says why: it counts as not sent, and the office goes on with it.

    Raises Refused when the delivery no longer waits for it, also when another phone was faster.
    """
    reason = collapse(reason)[:300]
    if not reason:
        raise Refused(_("Say in a few words why it cannot be posted, so that the office can help."))
    with transaction.atomic():
        task = _tasks().select_for_update(of=("self",)).get(pk=task.pk)
        move(
            _waiting(task),
            State.FAILED,
            actor=str(task.operator or ""),
            next_attempt_at=None,
            error_code=GIVEN_BACK,
            error_sentence=_("%(who)s could not post this: %(reason)s")
            % {"who": task.operator or "–", "reason": reason},
        )


def _waiting(task: AssistedTask) -> Delivery:
    """The delivery of ``task``, locked. Raises Refused when it no longer waits for its operator."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("release", "channel")
    delivery = rows.get(pk=task.delivery_id)
    if delivery.state != State.AWAITING_PERSON:
        raise Refused(why_closed(delivery))
    return delivery


def why_closed(delivery: Delivery) -> str:
    """Why nothing is to be done for this delivery any more, for its operator."""
    if delivery.state in PUBLIC:
        return _("This is on record as sent already.")
    if delivery.error_code == GIVEN_BACK:
        return _(
            "Somebody pressed “Cannot be posted”: the office knows. If you posted it after all, tell the office."
        )
    if delivery.state in (State.CANCELLED, State.WITHDRAWN):
        return _("This is no longer to be posted: it was cancelled or replaced. If you posted it, delete it.")
    return _("This does not wait for you any more. Ask the office if in doubt.")


def _tasks() -> QuerySet[AssistedTask]:
    return AssistedTask.objects.select_related(
        "operator",
        "delivery__channel",
        "delivery__payload",
        "delivery__release",
        "delivery__follows__channel",
    )

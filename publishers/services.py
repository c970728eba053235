"""The verbs a person has over channels and deliveries; the admin and the commands call nothing else."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail.log_actions import log

from publishers import claims, clock, doorbell, registry, scheduling
from publishers.adapters import replies
from publishers.connect import publisher_for
from publishers.contracts import (
    AuthExpired,
    ChannelIdentity,
    Event,
    LookupFailed,
    Mode,
    Operation,
    PublishError,
    Receipt,
)
from publishers.credentials import enter, require_reconnect, store
from publishers.models import Channel, Credential, Delivery
from publishers.outcomes import clean, close_withdrawn
from publishers.refusals import Refused
from publishers.states import TRANSITIONS, State, move

RESENDABLE = (State.FAILED, State.AWAITING_PERSON)
MOST_CHECKS = 5
"""Connections checked in one request."""
CANCELLABLE = (State.SCHEDULED, State.DUE, State.FAILED, State.AWAITING_PERSON)


def resend(delivery: Delivery, user: AbstractBaseUser, reason: str, *, looked: bool = False) -> None:
    """Send again what failed, or what waits for a person who looked and did not find it on the channel.

    ``looked`` is that person's word. Raises Refused.
    """
    if not reason.strip():
        raise Refused(_("Say why this is sent again: the reason goes into the history."))
    with transaction.atomic():
        delivery = _locked(delivery)
        if delivery.state not in RESENDABLE:
            raise Refused(
                _("Only what was not sent can be sent again. Reload the page to see how it stands now.")
            )
        if delivery.remote_id:
            raise Refused(
                _("This post is out, so it is not sent again. Delete surplus posts on the channel itself.")
            )
        if delivery.state == State.AWAITING_PERSON and not looked:
            raise Refused(
                _("First open the channel and look. Sending again is safe only if the post is not there.")
            )
        if claims.superseded([delivery]):
            raise Refused(_("A newer approved version of this warning goes to this channel instead."))
        moved = move(
            delivery,
            State.DUE,
            actor=str(user),
            next_attempt_at=clock.now(),
            attempts=0,
            lookups=0,
            retried_after_lookup=False,
        )
        _written(moved, delivery, user, "publishers.resend", reason)
        doorbell.ring()


def cancel(delivery: Delivery, user: AbstractBaseUser, reason: str) -> None:
    """Give up a delivery that is not out. Raises Refused."""
    if not reason.strip():
        raise Refused(_("Say why this channel is given up: the reason goes into the history."))
    with transaction.atomic():
        delivery = _locked(delivery)
        if delivery.state not in CANCELLABLE or delivery.remote_id:
            raise Refused(_("This can no longer be cancelled. Reload the page to see how it stands now."))
        unit_id = delivery.release.page.unit_id
        if scheduling.of_releases([delivery.release_id]) and not scheduling.may_leave_out(user, unit_id):
            raise Refused(
                _(
                    "This was approved and waits for its time. Only a publisher or an approver gives up a channel."
                )
            )
        moved = move(delivery, State.CANCELLED, actor=str(user), next_attempt_at=None)
        _written(moved, delivery, user, "publishers.cancel", reason)


def has_address(delivery: Delivery) -> bool:
    """Whether a post on this channel has an address others can open; a group or a mailing list has none."""
    able = registry.capabilities(delivery.channel.kind)
    return able.mode is Mode.AUTO and not able.recipients


def mark_posted(delivery: Delivery, user: AbstractBaseUser, url: str, reason: str) -> None:
    """Take a person's word that the warning stands on the channel once: where, and how they know.

    ``url`` may be empty only where posts have no address. Raises Refused.
    """
    if not reason.strip():
        raise Refused(_("Say how you know that it is posted: it goes into the history."))
    address = replies.address(url.strip())[:500]
    with transaction.atomic():
        delivery = _locked(delivery)
        if delivery.state != State.AWAITING_PERSON:
            raise Refused(_("This does not wait for a person. Reload the page to see how it stands now."))
        if has_address(delivery) and not (address or delivery.remote_url):
            raise Refused(_("Paste the address of the post, beginning with https://."))
        moved = move(
            delivery,
            State.DELIVERED,
            actor=str(user),
            next_attempt_at=None,
            remote_id=delivery.remote_id or _target(delivery) or address[:200] or f"by-hand:{delivery.pk}",
            remote_url=address or delivery.remote_url,
            delivered_at=delivery.delivered_at or clock.now(),
            duplicates=[],
            error_code="",
            error_sentence="",
        )
        _written(moved, delivery, user, "publishers.mark_posted", f"{reason} {address}".strip())
        if delivery.release.kind == Event.WITHDRAWAL:
            close_withdrawn(delivery, actor=str(user))


def adopt(delivery: Delivery, receipt: Receipt, actor: str) -> bool:
    """Take over a post found on the channel, so that it is never sent a second time. False when it moved on.

    For what waits, failed or has an unknown outcome; ``actor`` says who found it.
    """
    with transaction.atomic():
        delivery = _locked(delivery)
        if State.DELIVERED not in TRANSITIONS[State(delivery.state)] or delivery.remote_id:
            return False
        return move(
            delivery,
            State.DELIVERED,
            actor=actor,
            next_attempt_at=None,
            first_sent_at=delivery.first_sent_at or clock.now(),
            remote_id=receipt.remote_id,
            remote_url=replies.address(receipt.url)[:500],
            delivered_at=clock.now(),
            error_code="",
            error_sentence="",
        )


def check_channel(channel: Channel, *, by_person: bool = True) -> ChannelIdentity:
    """Make a harmless call, remember whom we would speak as, and lift a pause when it works.

    A pause after refusals of what was posted is lifted only when a person asked: that the account answers does
    not say that the next post is taken. Raises PublishError after remembering its sentence.
    """
    now = clock.now()
    try:
        identity = publisher_for(channel).check()
    except PublishError as error:
        _remember_failed_check(channel, error)
        raise
    except Exception as error:
        wrapped = LookupFailed(
            _("The connection could not be checked. Try again; if it stays so, tell the administrator."),
            code=type(error).__name__,
        )
        _remember_failed_check(channel, wrapped)
        raise wrapped from None
    shown = {
        "name": replies.name(identity.name),
        "url": replies.address(identity.url),
        "picture_url": replies.address(identity.picture_url),
        "detail": clean(identity.detail),
    }
    with transaction.atomic():
        # The account before the channel, as a worker does that pauses both: else each could wait for the other.
        if channel.credential_id:
            Credential.objects.filter(pk=channel.credential_id, rotation_outcome_unknown=False).update(
                health=Credential.Health.OK, health_note=""
            )
        row = Channel.objects.filter(pk=channel.pk)
        row.update(identity=shown, checked_at=now, check_error="")
        lifted = row if by_person else row.filter(refusals__lt=settings.PUBLISH_PAUSE_AFTER)
        lifted.update(paused_reason="", refusals=0)
        doorbell.ring()
    channel.refresh_from_db()
    return identity


def resume_channels(account: Credential) -> list[tuple[Channel, PublishError | None]]:
    """Check every paused channel of ``account``; those that work go on. Each with its error, or None."""
    results: list[tuple[Channel, PublishError | None]] = []
    for channel in account.channels.exclude(paused_reason="")[:MOST_CHECKS]:
        try:
            check_channel(channel)
        except PublishError as error:
            results.append((channel, error))
        else:
            results.append((channel, None))
    return results


def connect_account(
    *, label: str, kind: str, secrets: Mapping[str, str], credential: Credential | None = None
) -> Credential:
    """Store the access of an account, new or entered again; an empty secret keeps what is stored.

    A new access or renewal code ends whatever a lost renewal left behind. Raises ValueError for an unknown
    kind of account.
    """
    if kind not in registry.accounts():
        raise ValueError(f"unknown kind of account: {kind}")
    entered = {key: value.strip() for key, value in secrets.items() if value.strip()}
    if credential is None:
        credential = Credential(kind=kind, label=label)
        store(credential, entered)
        return credential
    credential.label = label
    credential.save(update_fields=["label", "updated_at"])
    if entered:
        enter(credential, entered)
    return credential


def _target(delivery: Delivery) -> str:
    """The post a person edited or deleted by hand: it is the earlier one."""
    if delivery.payload.operation == Operation.CREATE or delivery.follows is None:
        return ""
    return delivery.follows.remote_id


def _locked(delivery: Delivery) -> Delivery:
    rows = Delivery.objects.select_related("channel", "release__page", "payload", "follows")
    return rows.select_for_update(of=("self",)).get(pk=delivery.pk)


def _written(moved: bool, delivery: Delivery, user: AbstractBaseUser, action: str, reason: str) -> None:
    if not moved:
        raise Refused(_("This changed a moment ago. Reload the page to see how it stands now."))
    log(
        instance=delivery.release.page,
        action=action,
        user=user,
        data={"channel": delivery.channel.name, "delivery": delivery.pk, "reason": clean(reason)},
    )


def _remember_failed_check(channel: Channel, error: PublishError) -> None:
    sentence = clean(error.sentence)[:300]
    if isinstance(error, AuthExpired) and channel.credential_id:
        require_reconnect(channel.credential_id, sentence)
    Channel.objects.filter(pk=channel.pk).update(checked_at=clock.now(), check_error=sentence)
    channel.refresh_from_db()

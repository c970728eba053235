"""Invite a person, send the link again, take it back, and let the person in once."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from wagtail.log_actions import log

from cms.signin import mailing
from cms.signin.models import Invitation

_SALT: Final = "cms.signin.invitation"


class BadInvitation(Exception):
    """The link is not ours, was used, was taken back, or is too old."""


def lifetime() -> timedelta:
    """How long a link is good."""
    return timedelta(hours=settings.INVITATION_HOURS)


def expires(invitation: Invitation) -> datetime:
    """When the link of ``invitation`` stops working."""
    return invitation.sent_at + lifetime()


def is_open(invitation: Invitation) -> bool:
    """Whether the link of ``invitation`` still works."""
    untouched = invitation.accepted_at is None and invitation.withdrawn_at is None
    return untouched and timezone.now() < expires(invitation)


@transaction.atomic
def invite(
    *, username: str, last_name: str, first_name: str, email: str, by: Any, unit: Any = None
) -> Invitation:
    """A new account that nobody can enter before the link is used. The mail goes out after the commit.

    ``by`` is None on the command line. ``unit`` is where the person works.
    """
    user = get_user_model()(
        username=username,
        last_name=last_name,
        first_name=first_name,
        email=email,
        unit=unit,
        is_active=False,
    )
    user.set_unusable_password()
    user.save()
    invitation = Invitation.objects.create(user=user, invited_by=by, nonce=secrets.token_urlsafe(24))
    log(instance=user, action="keng.invited", user=by, data={"email": email})
    _send_after_commit(invitation)
    return invitation


@transaction.atomic
def invite_again(pk: int, by: Any) -> Invitation:
    """A fresh link; the one sent before is void. Raises BadInvitation for an account already in use."""
    invitation = Invitation.objects.select_for_update().select_related("user").get(pk=pk)
    if invitation.accepted_at is not None:
        raise BadInvitation
    invitation.nonce = secrets.token_urlsafe(24)
    invitation.sent_at = timezone.now()
    invitation.withdrawn_at = None
    invitation.invited_by = by
    invitation.save()
    log(instance=invitation.user, action="keng.invited", user=by, data={"email": invitation.user.email})
    _send_after_commit(invitation)
    return invitation


@transaction.atomic
def withdraw(pk: int, by: Any) -> None:
    """Take the link back. The account stays, closed, with its record. Raises BadInvitation if it is in use."""
    invitation = Invitation.objects.select_for_update().select_related("user").get(pk=pk)
    if invitation.accepted_at is not None:
        raise BadInvitation
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    log(instance=invitation.user, action="keng.invitation_withdrawn", user=by)


def link(invitation: Invitation) -> str:
    """The absolute address in the mail."""
    return f"{settings.PUBLIC_URL}{reverse('signin_invitation', args=[token(invitation)])}"


def token(invitation: Invitation) -> str:
    """What opens the invitation."""
    return signing.dumps([invitation.pk, invitation.nonce], salt=_SALT)


def opened_by(given: str) -> Invitation:
    """The invitation that the token opens. Raises BadInvitation."""
    try:
        pk, nonce = signing.loads(given, salt=_SALT, max_age=lifetime())
    except (signing.BadSignature, ValueError, TypeError):
        raise BadInvitation from None
    found = Invitation.objects.select_related("user").filter(pk=pk, nonce=nonce).first()
    if found is None or not is_open(found):
        raise BadInvitation
    return found


@transaction.atomic
def accept(given: str, *, last_name: str, first_name: str, password: str) -> Any:
    """The person's account, open from now on. Raises BadInvitation, also for the second of two at once."""
    opened = opened_by(given)
    invitation = Invitation.objects.select_for_update().get(pk=opened.pk)
    if invitation.nonce != opened.nonce or not is_open(invitation):
        raise BadInvitation
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    user = invitation.user
    user.last_name, user.first_name, user.is_active = last_name, first_name, True
    user.set_password(password)
    user.save()
    log(instance=user, action="keng.invitation_accepted", user=user)
    return user


def _send_after_commit(invitation: Invitation) -> None:
    address = link(invitation)
    context = {
        "user": invitation.user,
        "by": invitation.invited_by,
        "link": address,
        "hours": settings.INVITATION_HOURS,
    }
    transaction.on_commit(lambda: mailing.send("signin/email/invitation", invitation.user.email, context))

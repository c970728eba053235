"""What happens around an account: written into the log, told to its owner, and sessions end with rights."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import m2m_changed, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail.log_actions import log

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from axes.signals import user_locked_out

from cms.signin import known, mailing, sessions, throttling
from cms.users.models import Membership

_ADDED = {
    Authenticator.Type.TOTP: gettext_lazy("An authenticator app was added to your account."),
    Authenticator.Type.WEBAUTHN: gettext_lazy("A passkey was added to your account."),
}
_REMOVED = {
    Authenticator.Type.TOTP: gettext_lazy("The authenticator app was removed from your account."),
    Authenticator.Type.WEBAUTHN: gettext_lazy("A passkey was removed from your account."),
}


@receiver(user_logged_in, dispatch_uid="signin.begin")
def signed_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    sessions.begin(request)
    known.remember(request, user)
    throttling.right_code(user)


@receiver(user_locked_out, dispatch_uid="signin.locked")
def locked_out(
    sender: Any, request: HttpRequest, username: str | None, ip_address: str, **kwargs: Any
) -> None:
    if getattr(request, "axes_failures_since_start", None) is None:
        # Sent for every further guess as well: one row says it, and a known name costs no time of its own.
        return
    user = get_user_model().objects.filter(username=(username or "").removeprefix(throttling.CODES)).first()
    if user is not None:
        log(instance=user, action="keng.locked_out", data={"address": ip_address})


@receiver(authenticator_added, dispatch_uid="signin.added")
def factor_added(sender: Any, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type in _ADDED:
        log(instance=user, action="keng.factor_added", user=user, data={"kind": authenticator.type})
        mailing.tell(user, _ADDED[Authenticator.Type(authenticator.type)])


@receiver(authenticator_removed, dispatch_uid="signin.removed")
def factor_removed(sender: Any, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type in _REMOVED:
        log(instance=user, action="keng.factor_removed", user=user, data={"kind": authenticator.type})
        mailing.tell(user, _REMOVED[Authenticator.Type(authenticator.type)])


@receiver(authenticator_reset, dispatch_uid="signin.codes")
def codes_made(sender: Any, user: Any, **kwargs: Any) -> None:
    log(instance=user, action="keng.codes_made", user=user)
    mailing.tell(user, gettext_lazy("New recovery codes were made for your account; the old ones are void."))


@receiver(password_changed, dispatch_uid="signin.password_changed")
@receiver(password_reset, dispatch_uid="signin.password_reset")
def password_is_new(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    # Whoever opened the link of the letter is let in however many guess at the account meanwhile.
    known.remember(request, user)
    sessions.end(user)
    throttling.unlock(user)
    log(instance=user, action="keng.password_changed", user=user)
    mailing.tell(user, gettext_lazy("The password of your account was changed."))


@receiver(m2m_changed, sender=get_user_model().groups.through, dispatch_uid="signin.role_changed")
def role_changed(
    sender: Any, instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any
) -> None:
    if action not in {"post_add", "post_remove", "pre_clear"} or pk_set == set():
        return
    if not reverse:
        people = [instance]
    elif pk_set is None:
        people = list(instance.user_set.all())
    else:
        people = list(get_user_model().objects.filter(pk__in=pk_set))
    for person in people:
        sessions.end(person)


@receiver(post_save, sender=Membership, dispatch_uid="signin.membership_changed")
def membership_changed(sender: Any, instance: Membership, **kwargs: Any) -> None:
    # The same role in a further unit leaves the groups as they are.
    sessions.end(instance.user)


@receiver(post_save, sender=get_user_model(), dispatch_uid="signin.deactivated")
def deactivated(sender: Any, instance: Any, created: bool, **kwargs: Any) -> None:
    if not created and not instance.is_active:
        sessions.end(instance)


def register_log_actions(actions: Any) -> None:
    """The words of the log for what happens here."""
    for action, label, message in (
        ("keng.locked_out", _("Lock out"), _("Locked out for a while after too many wrong attempts")),
        (
            "keng.guessed_at",
            _("Lock out"),
            _("Many wrong passwords from several addresses; only known browsers are let in for a while"),
        ),
        ("keng.unlocked", _("Lift the lock"), _("Unlocked before the time")),
        ("keng.factor_added", _("Second factor"), _("Second factor added")),
        ("keng.factor_removed", _("Second factor"), _("Second factor removed")),
        ("keng.factor_reset", _("Second factor"), _("Second factor reset by an administrator")),
        ("keng.codes_made", _("Recovery codes"), _("New recovery codes made")),
        ("keng.password_changed", _("Password"), _("Password changed")),
        ("keng.sessions_ended", _("Sessions"), _("Sessions ended by an administrator")),
        ("keng.invited", _("Invite"), _("Invited")),
        ("keng.invitation_withdrawn", _("Invite"), _("Invitation withdrawn")),
        ("keng.invitation_accepted", _("Invite"), _("Invitation accepted")),
    ):
        actions.register_action(action, label, message)

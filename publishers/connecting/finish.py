"""After an account was connected: what was told of it ends, its channels go on, and the person sees it."""

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail.admin import messages
from wagtail.log_actions import log

from publishers import registry, services
from publishers.channels.check import tell
from publishers.connecting.standing import check_account
from publishers.contracts import AuthExpired, PublishError
from publishers.credentials import require_reconnect
from publishers.models import Channel, Credential
from publishers.watch import notices
from publishers.watch.expiry import end_expiries
from publishers.watch.probes import dead_key


def settle(request: HttpRequest, account: Credential) -> None:
    """Check the paused channels of ``account`` at once, as many as one request may, and say what came of it.

    The others are due for the next probe. Without a paused channel one of those in use is checked.
    """
    end_expiries(account)
    checked = services.resume_channels(account)
    for channel, error in checked:
        if error is None:
            messages.success(request, _("“%s” works again and goes on.") % channel)
        else:
            messages.error(request, f"{channel}: {error.sentence}")
    paused = account.channels.filter(is_active=True).exclude(paused_reason="")
    waiting = paused.exclude(pk__in=[channel.pk for channel, _error in checked]).update(checked_at=None)
    if waiting:
        messages.info(
            request,
            ngettext(
                "%(count)s more paused channel is checked within the next minutes.",
                "%(count)s more paused channels are checked within the next minutes.",
                waiting,
            )
            % {"count": waiting},
        )
    if not checked:
        _check_one(request, account)
    account.refresh_from_db()
    if account.health == Credential.Health.OK:
        notices.end(dead_key(account.pk))


def record(account: Credential, user: AbstractBaseUser) -> None:
    """Write into the history that ``user`` connected ``account``."""
    log(instance=account, action="wagtail.edit", user=user)


def check_brought(request: HttpRequest, account: Credential) -> None:
    """Check an account of a kind that an installed package brings, and say what came of it.

    Ours are checked on their own pages, while they are connected.
    """
    if account.kind in registry.ACCOUNTS or account.kind not in registry.accounts():
        return
    try:
        check_account(account)
    except AuthExpired as error:
        require_reconnect(account.pk, error.sentence)
        messages.error(request, error.sentence)
    except PublishError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("“%s” is connected.") % account)


def _check_one(request: HttpRequest, account: Credential) -> None:
    channel: Channel | None = account.channels.filter(is_active=True).order_by("pk").first()
    if channel is None:
        check_brought(request, account)
        return
    tell(request, channel)

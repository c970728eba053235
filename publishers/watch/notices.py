"""What administrators are told: once for each cause, by e-mail and in the admin, until it is over."""

import logging
from typing import Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.users.roles import Role
from publishers import clock
from publishers.models import Notice

logger = logging.getLogger(__name__)

MAIL_SECONDS: Final = 20
"""How long the mail server may take, where EMAIL_TIMEOUT does not say."""
MOST_RECIPIENTS: Final = 50


def tell(key: str, title: str, text: str, url: str = "", *, mail: bool = True) -> bool:
    """Tell the administrators something that stands from now on; True when it is news.

    ``key`` names the cause, in at most 200 characters: telling the same again says nothing new, and only
    sends the e-mail if it could not be sent so far. A cause that was ended (``end``) and is told again is
    news again. ``text`` is plain, without secrets; ``url`` may begin with ``/``. Never fails because of the
    mail server. Raises ValueError for a key that is too long.
    """
    if len(key) > 200:
        raise ValueError("the key of a notice has at most 200 characters")
    now = clock.now()
    values = {"title": title[:300], "text": text, "url": url[:500], "created_at": now}
    notice, news = Notice.objects.get_or_create(key=key, defaults=values)
    if not news and notice.ended_at is not None:
        again = Notice.objects.filter(pk=notice.pk, ended_at=notice.ended_at)
        news = again.update(**values, ended_at=None, mailed_at=None) == 1
        notice.refresh_from_db()
    if mail and notice.mailed_at is None:
        _send(notice)
    return news


def standing_notices() -> QuerySet[Notice]:
    """What still holds, the newest first."""
    return Notice.objects.filter(ended_at__isnull=True).order_by("-created_at", "-pk")


def end(key: str) -> bool:
    """The cause is gone; True when a notice of it stood."""
    return Notice.objects.filter(key=key, ended_at__isnull=True).update(ended_at=clock.now()) == 1


def _send(notice: Notice) -> None:
    """Mail ``notice`` and remember it; what fails is tried again when the same is told again."""
    unsent = Notice.objects.filter(pk=notice.pk, mailed_at__isnull=True)
    # Taken before it is sent, so that of two watches one sends.
    if unsent.update(mailed_at=clock.now()) != 1:
        return
    try:
        sent = _mail(notice)
    except Exception as error:
        # Whatever a mail server does, the notice stands in the admin and the caller goes on.
        logger.warning("The notice %s could not be mailed: %s", notice.key, type(error).__name__)
        sent = False
    if not sent:
        Notice.objects.filter(pk=notice.pk).update(mailed_at=None)


def _mail(notice: Notice) -> bool:
    recipients = _administrators()
    if not recipients:
        logger.warning("The notice %s was not mailed: no administrator has an address", notice.key)
        return False
    address = f"{settings.PUBLIC_URL}{notice.url}" if notice.url.startswith("/") else notice.url
    message = EmailMessage(
        subject=f"[{settings.WAGTAIL_SITE_NAME}] {' '.join(notice.title.split())}",
        body="\n\n".join(
            part
            for part in (notice.text, address, _("You get this message because you administer this system."))
            if part
        ),
        to=recipients,
        connection=get_connection(timeout=settings.EMAIL_TIMEOUT or MAIL_SECONDS),
    )
    return message.send() > 0


def _administrators() -> list[str]:
    people = get_user_model().objects.filter(groups__name=Role.ADMINISTRATOR.value, is_active=True)
    addresses = people.exclude(email="").values_list("email", flat=True).distinct().order_by("email")
    return list(addresses[:MOST_RECIPIENTS])

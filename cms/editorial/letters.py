"""Letters to members of staff that are sent once: a row stands for each, written before it leaves."""

import logging
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

logger = logging.getLogger(__name__)

MAIL_SECONDS: Final = 20
"""How long the mail server may take, where EMAIL_TIMEOUT does not say."""


class SentLetter(models.Model):
    """Who was told what. The same is never told twice, whatever stops or restarts in between."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    """What about: overdue:17, escalated:17, digest:2026-11-27."""
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="a_letter_is_sent_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"


def claim(user: Any, key: str, now: datetime) -> bool:
    """Write down that ``user`` is told ``key``; False when that stands already."""
    try:
        with transaction.atomic():
            SentLetter.objects.create(user=user, key=key, at=now)
    except IntegrityError:
        return False
    return True


def send_once(
    user: Any, key: str, now: datetime, *, subject: str, template: str, context: dict[str, Any]
) -> bool:
    """Mail ``template`` (.txt and .html) to ``user`` unless ``key`` was sent to them; True when it left.

    What the mail server refuses is tried again with the next call. A process that dies while it sends has
    perhaps sent: then nothing is sent again. Nothing happens for people without an address.
    """
    if not user.email or not claim(user, key, now):
        return False
    try:
        _mail(user, subject, template, context | {"person": user, "site_url": settings.PUBLIC_URL})
    except Exception as error:
        # Whatever a mail server does, the others get their letters.
        logger.warning("The letter %s could not be mailed: %s", key, type(error).__name__)
        SentLetter.objects.filter(user=user, key=key).delete()
        return False
    return True


def tell_rejected(author: Any, rejection: Any) -> bool:
    """Tell ``author`` that their warning was refused for good, and why."""
    with override(settings.LANGUAGE_CODE):
        title = rejection.page.draft_title or rejection.page.title
        return send_once(
            author,
            f"rejected:{rejection.pk}",
            rejection.rejected_at,
            subject=_("Not approved: %s") % title,
            template="editorial/letters/rejected",
            context={"rejection": rejection, "title": title, "home": reverse("wagtailadmin_home")},
        )


def _mail(user: Any, subject: str, template: str, context: dict[str, Any]) -> None:
    message = EmailMultiAlternatives(
        subject=f"[{settings.WAGTAIL_SITE_NAME}] {' '.join(subject.split())}",
        body=render_to_string(f"{template}.txt", context),
        to=[user.email],
        connection=get_connection(timeout=settings.EMAIL_TIMEOUT or MAIL_SECONDS),
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    if not message.send():
        raise OSError("the mail server took nothing")

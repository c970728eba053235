"""E-mails about accounts: plain text, in the language of the installation; a dead mail server stops nothing."""

import logging
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import override

logger = logging.getLogger(__name__)


def send(template: str, email: str, context: dict[str, Any]) -> bool:
    """Send ``<template>_subject.txt`` and ``<template>_message.txt`` to ``email``; False if it could not be.

    ``context`` may hold a link that is a key; nothing of it is logged.
    """
    values = {"site_name": settings.WAGTAIL_SITE_NAME, "public_url": settings.PUBLIC_URL, **context}
    with override(settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string(f"{template}_subject.txt", values).split())
        body = render_to_string(f"{template}_message.txt", values).strip() + "\n"
    try:
        return bool(EmailMessage(subject, body, to=[email]).send())
    except OSError as error:
        logger.warning("E-mail about an account could not be sent: %s", type(error).__name__)
        return False


def tell(user: Any, what: str | Promise) -> bool:
    """Tell ``user`` by e-mail that something about the account changed; False if there is no address."""
    if not user.email:
        return False
    return send("signin/email/changed", user.email, {"user": user, "what": what})

"""Signed links that let an operator without an account see and do their own tasks, and nothing else."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.db.models import F
from django.urls import reverse

from publishers.models import Operator

SALT: Final = "publishers.assisted"


class BadLink(Exception):
    """The link is not ours, was revoked, or belongs to somebody who is no longer an operator."""


class ExpiredLink(BadLink):
    """The link was good once."""


def token_for(operator: Operator) -> str:
    """What stands in the operator's links. It opens this operator's tasks until it expires or is revoked."""
    return signing.dumps([operator.pk, operator.link_version], salt=SALT)


def operator_link(operator: Operator) -> str:
    """The absolute address of the operator's list of tasks."""
    return f"{settings.PUBLIC_URL}{reverse('assisted:list', args=[token_for(operator)])}"


def operator_of(token: str) -> Operator:
    """Whose link this is. Raises ExpiredLink or BadLink."""
    try:
        pk, version = signing.loads(token, salt=SALT, max_age=timedelta(days=settings.ASSISTED_LINK_DAYS))
    except signing.SignatureExpired:
        raise ExpiredLink from None
    except (signing.BadSignature, ValueError, TypeError):
        raise BadLink from None
    operator = Operator.objects.filter(pk=pk, link_version=version, is_active=True).first()
    if operator is None:
        raise BadLink
    return operator


def revoke(operator: Operator) -> None:
    """Make every link of ``operator`` handed out so far invalid."""
    operator.link_version = F("link_version") + 1
    operator.save(update_fields=["link_version"])
    operator.refresh_from_db()

"""The one door through which a warning becomes public."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from wagtail.models import Revision

if TYPE_CHECKING:
    from scam_warnings.models import ScamWarningPage

_sealed_page: ContextVar[int | None] = ContextVar("sealed_page", default=None)


class UnsealedPublication(PermissionDenied):
    """Something tried to make a warning public without an approved release."""


def require_sealed(page_id: int | None) -> None:
    """Raise UnsealedPublication unless a sealed release of this page is being published right now."""
    if page_id is None or _sealed_page.get() != page_id:
        raise UnsealedPublication(
            _("A warning becomes public only through approval. Submit it for approval instead.")
        )


def publish_sealed(page: "ScamWarningPage", revision: Revision) -> None:
    """Make ``revision`` the live one. Only the portal backend calls this, with the revision of a release."""
    with _publishing(page.pk):
        revision.publish(user=None, log_action="wagtail.publish", changed=False)


@contextmanager
def _publishing(page_id: int) -> Iterator[None]:
    token = _sealed_page.set(page_id)
    try:
        yield
    finally:
        _sealed_page.reset(token)

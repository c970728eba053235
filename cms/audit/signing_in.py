"""Signing in and out, failed tries, and downloads of documents."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from wagtail.documents.models import document_served

from cms.audit.actions import Action
from cms.audit.recording import record


def connect() -> None:
    """Follow the signals of the sign-in and of the document store."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit-signed-in")
    user_logged_out.connect(_signed_out, dispatch_uid="audit-signed-out")
    user_login_failed.connect(_failed, dispatch_uid="audit-sign-in-failed")
    document_served.connect(_downloaded, dispatch_uid="audit-document")


def _signed_in(sender: Any, user: Any, **kwargs: Any) -> None:
    record(Action.SIGN_IN, user, user=user)


def _signed_out(sender: Any, user: Any, **kwargs: Any) -> None:
    if user is not None:
        record(Action.SIGN_OUT, user, user=user)


def _failed(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """A name that nobody has is not written down: people type their password into the wrong field."""
    model = get_user_model()
    typed = str(credentials.get(model.USERNAME_FIELD, credentials.get("username", "")) or "")
    meant = model._default_manager.filter(**{model.USERNAME_FIELD: typed.replace("\0", "")[:150]}).first()
    record(Action.SIGN_IN_FAILED, meant, details={"known": meant is not None})


def _downloaded(sender: Any, instance: Any, **kwargs: Any) -> None:
    record(Action.DOWNLOAD, instance)

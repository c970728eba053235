"""Whether an account that no channel speaks through still is connected."""

import logging

from django.utils.translation import gettext as _

from publishers import registry
from publishers.adapters.base import Endpoint
from publishers.adapters.facebook_page.adapter import FacebookPagePublisher
from publishers.adapters.zalo_group import oauth
from publishers.adapters.zalo_group.access import Access
from publishers.adapters.zalo_group.errors import TOKEN, rule_of
from publishers.adapters.zalo_group.oa import Oa, OaFailure
from publishers.connect import endpoint_for
from publishers.contracts import Credentials, PublishError, Temporary
from publishers.credentials import CredentialHandle
from publishers.models import Credential

logger = logging.getLogger(__name__)

_ACCOUNT = "v2.0/oa/getoa"


def check_account(account: Credential) -> None:
    """Make a harmless call as ``account``. Raises a PublishError when it is not, or may not be, connected."""
    handle, endpoint = CredentialHandle(account.pk), endpoint_for(account.kind)
    handle.read()
    failure: PublishError | None = None
    try:
        check = registry.account_check(account.kind)
        if check is not None:
            check(handle, endpoint)
    except PublishError:
        raise
    except Exception as error:
        # A package's own fault. What it raised may quote a secret, so only its kind goes on.
        logger.error("The check of account %s failed: %s", account.pk, type(error).__name__)  # noqa: TRY400
        failure = Temporary(
            _("This account could not be checked: its package has a fault. Tell the system administrator."),
            code="check_broken",
        )
    if failure is not None:
        raise failure


def check_facebook(credentials: Credentials, endpoint: Endpoint) -> None:
    """Ask Facebook whether the page token lives (registry.ACCOUNTS). Raises a PublishError."""
    # A page's token knows its page as "me".
    FacebookPagePublisher(remote_id="me", endpoint=endpoint, credentials=credentials).check()


def check_zalo(credentials: Credentials, endpoint: Endpoint) -> None:
    """Ask Zalo whether the access token lives (registry.ACCOUNTS). Raises a PublishError."""
    _ask_zalo(Access(credentials, endpoint), endpoint)


def renew_ahead(account: Credential) -> None:
    """Renew the access of an Official Account before it ends. Raises a PublishError."""
    handle, endpoint = CredentialHandle(account.pk), endpoint_for(account.kind)
    stale = handle.read().get("access_token", "")
    handle.rotate(lambda secrets: oauth.refresh(secrets, endpoint), stale=stale)


def _ask_zalo(access: Access, endpoint: Endpoint) -> None:
    try:
        _read_account(access, endpoint)
    except OaFailure as failure:
        # Any other refusal, such as the right to read the account itself, says that the token lives.
        if rule_of(failure) is not TOKEN:
            return
    else:
        return
    access.renew()


def _read_account(access: Access, endpoint: Endpoint) -> None:
    oa = Oa(endpoint, access.token, access.secret_key)
    try:
        oa.get(_ACCOUNT)
    finally:
        oa.close()

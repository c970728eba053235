"""One worker that renews an account's access as an adapter does, together with others; a process of its own.

Arguments: the account's number, the access token it takes for dead, the moment to begin (unix seconds). What
it got goes to the standard output.
"""

import sys
import time

import django

django.setup()

from publishers.adapters.zalo_group import oauth  # noqa: E402
from publishers.connect import endpoint_for  # noqa: E402
from publishers.contracts import PublishError  # noqa: E402
from publishers.credentials import CredentialHandle  # noqa: E402


def main(account: str, stale: str, begin: str) -> str:
    handle, endpoint = CredentialHandle(int(account)), endpoint_for("zalo_oa")
    handle.read()
    time.sleep(max(0.0, float(begin) - time.time()))
    try:
        return handle.rotate(lambda secrets: oauth.refresh(secrets, endpoint), stale=stale)["access_token"]
    except PublishError as error:
        return f"{type(error).__name__}: {error.code}"


print(main(*sys.argv[1:]), flush=True)

"""People who worked here stay in the record: an account is closed, never deleted."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _


def refuse(request: HttpRequest) -> HttpResponse:
    """To the list of users, with the way to close an account."""
    messages.error(
        request,
        _(
            "Accounts are not deleted: what the person signed must keep its name. Open the account and untick "
            "“Active” to close it; its sessions end at once."
        ),
    )
    return redirect("wagtailusers_users:index")

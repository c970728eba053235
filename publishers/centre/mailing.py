"""The addresses of an e-mail list: who is on it, adding many at once, taking one off."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from wagtail.admin import messages

from cms.audit.actions import Action
from cms.audit.recording import record
from publishers import recipients
from publishers.centre.access import require
from publishers.models import Channel, MailRecipient

SHOWN = 1000
LEFT_SHOWN = 200
MOST = 5000


class AddressesForm(forms.Form):
    """One address a line."""

    addresses = forms.CharField(
        label=gettext_lazy("New addresses, one a line"),
        max_length=300_000,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
        help_text=gettext_lazy("Only people who agreed to get these warnings by e-mail."),
    )

    def clean_addresses(self) -> list[str]:
        found = [line.strip() for line in self.cleaned_data["addresses"].splitlines() if line.strip()]
        if len(found) > MOST:
            raise ValidationError(_("At most %d addresses at a time.") % MOST)
        wrong = [line for line in found if not _is_address(line)]
        if wrong:
            raise ValidationError(_("These are no e-mail addresses: %s") % ", ".join(wrong[:10]))
        return found


@require_http_methods(["GET", "POST"])
def mailing(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of one channel."""
    require(request, "publishers.change_channel")
    channel = get_object_or_404(Channel, pk=pk, kind="email")
    form = AddressesForm()
    if request.POST.get("leave"):
        gone = recipients.take_off(channel, request.POST["leave"], _("taken off by %s") % request.user)
        if gone:
            record(Action.CHANGE, channel, details={"addresses_off": 1})
            messages.success(request, _("“%s” is off the list.") % request.POST["leave"][:254])
        return redirect("publishers:mailing", channel.pk)
    if request.method == "POST":
        form = AddressesForm(request.POST)
        if form.is_valid():
            count = recipients.add_recipients(channel, form.cleaned_data["addresses"])
            record(Action.CHANGE, channel, details={"addresses_added": count})
            text = ngettext("%(count)d new address.", "%(count)d new addresses.", count)
            messages.success(request, text % {"count": count})
            return redirect("publishers:mailing", channel.pk)
    there = MailRecipient.objects.filter(channel=channel, left_at__isnull=True)
    context = {
        "channel": channel,
        "form": form,
        "recipients": there[:SHOWN],
        "count": there.count(),
        "gone": [
            (
                row,
                _("by the link in a letter")
                if row.left_because == recipients.LEFT_BY_LINK
                else row.left_because,
            )
            for row in recipients.those_who_left(channel)[:LEFT_SHOWN]
        ],
    }
    return render(request, "publishers/centre/mailing.html", context, status=422 if form.errors else 200)


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True

"""What a person does with one delivery: send it again, give it up, confirm that it is out."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request

from publishers import panel, services
from publishers.centre.access import require
from publishers.models import Delivery
from publishers.states import State


class ReasonForm(forms.Form):
    """Why a person does what they do with a delivery."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("It goes into the history of the warning."),
        widget=forms.Textarea({"rows": 3}),
    )


class ResendAfterLookingForm(ReasonForm):
    """Why what may be out is sent again: only after a person looked."""

    looked = forms.BooleanField(
        label=gettext_lazy("I opened the channel and looked: this warning is not there."),
        error_messages={
            "required": gettext_lazy(
                "Open the channel and look first: otherwise the warning may be posted twice."
            )
        },
    )


class PostedForm(ReasonForm):
    """Where a person saw the post, and how they know that it stands there."""

    url = forms.URLField(
        label=gettext_lazy("Address of the post"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("Open the post on the channel and copy its address."),
    )
    field_order = ("url", "reason")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["reason"].label = _("How you know")
        self.fields["reason"].help_text = _(
            "For example: “Seen in the group at 9:40, posted by the head of the neighbourhood.” "
            "It goes into the history of the warning."
        )


class PostedWithoutAddressForm(PostedForm):
    """The same where a post has no address that others could open: a group of a messenger, a mailing list."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["url"].required = False
        self.fields["url"].help_text = _("Only if the post has an address that can be opened.")


def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send again, with a reason."""
    delivery, user = _delivery(request, pk)
    form_class = ResendAfterLookingForm if delivery.state == State.AWAITING_PERSON else ReasonForm

    def act(data: dict[str, Any]) -> None:
        services.resend(delivery, user, data["reason"], looked=bool(data.get("looked")))

    return _act(
        request,
        delivery,
        form_class,
        act,
        title=_("Retry"),
        done=_("It is sent again; the table shows how it goes."),
    )


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a delivery up."""
    delivery, user = _delivery(request, pk)

    def act(data: dict[str, Any]) -> None:
        services.cancel(delivery, user, data["reason"])

    return _act(
        request,
        delivery,
        ReasonForm,
        act,
        title=_("Cancel the delivery"),
        done=_("The delivery is cancelled."),
    )


def posted(request: HttpRequest, pk: int) -> HttpResponse:
    """A person saw the post and says where."""
    delivery, user = _delivery(request, pk)

    form_class = PostedForm if services.has_address(delivery) else PostedWithoutAddressForm

    def act(data: dict[str, Any]) -> None:
        services.mark_posted(delivery, user, data["url"], data["reason"])

    return _act(
        request, delivery, form_class, act, title=_("Confirm the post"), done=_("The post is on record.")
    )


def _act(
    request: HttpRequest,
    delivery: Delivery,
    form_class: type[forms.Form],
    act: Callable[[dict[str, Any]], None],
    *,
    title: str,
    done: str,
) -> HttpResponse:
    back = get_valid_next_url_from_request(request) or reverse("publishers:deliveries")
    initial = {"url": delivery.remote_url}
    form = form_class(request.POST) if request.method == "POST" else form_class(initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except services.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        return HttpResponseRedirect(back)
    may_change = panel.may_change(request.user, delivery.release.page.unit_id)
    line = panel.row(delivery, may_change=may_change, back=back)
    return render(
        request,
        "publishers/delivery_action.html",
        {"form": form, "line": line, "title": title, "back": back},
        status=422 if form.errors else 200,
    )


def _delivery(request: HttpRequest, pk: int) -> tuple[Delivery, AbstractBaseUser]:
    require(request, "publishers.change_delivery")
    if not request.user.is_authenticated:
        raise PermissionDenied
    delivery = get_object_or_404(
        Delivery.objects.select_related("channel", "release", "release__page"), pk=pk
    )
    return delivery, request.user

"""Channels and accounts in the admin."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BaseColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from publishers import services
from publishers.forms import ChannelForm, CredentialForm
from publishers.models import Channel, Credential


class ChannelStateColumn(BaseColumn):
    """In use, paused or switched off, in words and sign."""

    cell_template_name = "publishers/channel_state_cell.html"


class ChannelCheckColumn(BaseColumn):
    """Whom we speak as there, what the last check said, and the button to check again."""

    cell_template_name = "publishers/channel_check_cell.html"

    def get_cell_context_data(self, instance: Channel, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        request: HttpRequest = context["request"]
        context["may_check"] = request.user.has_perm("publishers.change_channel")
        context["may_reconnect"] = request.user.has_perm("publishers.change_credential")
        context["csrf_token"] = get_token(request)
        return context


class ChannelIndexView(generic.IndexView):
    """All destinations."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("credential")


class ChannelEditView(generic.EditView):
    """One destination, with its connection above the form."""

    template_name = "publishers/channel_edit.html"


class KeptDeleteView(generic.DeleteView):
    """Deletes what was never used; the record of what went where stays."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            with transaction.atomic():
                return super().post(request, *args, **kwargs)
        except ProtectedError:
            messages.error(
                request,
                _(
                    "“%s” is in use: deliveries or channels belong to it. Switch a channel off instead of deleting it."
                )
                % self.get_object(),
            )
            return redirect(self.get_success_url())


class ChannelViewSet(ModelViewSet):
    """Where warnings go."""

    model = Channel
    name = "kenh"
    url_namespace = "publishers_channels"
    icon = "site"
    menu_label = _("Destinations")
    index_template_name = "publishers/channels.html"
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = ChannelIndexView
    edit_view_class = ChannelEditView
    delete_view_class = KeptDeleteView
    list_display = [
        "name",
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        Column("credential", label=_("Account")),
        ChannelStateColumn("state", label=_("State")),
        ChannelCheckColumn("check", label=_("Connection")),
    ]
    list_filter = ["kind", "is_active"]
    search_fields = ["name", "remote_id"]

    def get_form_class(self, for_update: bool = False) -> type[ChannelForm]:
        return ChannelForm


class _SavesAccount:
    """Hands what was entered to the service; the form itself stores no secret."""

    form: CredentialForm
    request: HttpRequest

    def save_instance(self) -> Credential:
        before = self.form.instance.pk
        account = services.connect_account(
            label=self.form.cleaned_data["label"],
            kind=self.form.cleaned_data["kind"],
            secrets=self.form.secrets(),
            credential=Credential.objects.get(pk=before) if before else None,
        )
        log(instance=account, action="wagtail.edit" if before else "wagtail.create", user=self.request.user)
        return account


class CredentialAddView(_SavesAccount, generic.CreateView):
    """A new account."""

    template_name = "publishers/account_form.html"


class CredentialEditView(_SavesAccount, generic.EditView):
    """An account, entered again when its access ended. Paused channels of it are tried at once."""

    template_name = "publishers/account_form.html"

    def save_action(self) -> Any:
        response = super().save_action()
        for channel, error in services.resume_channels(self.object):
            if error is None:
                messages.success(self.request, _("“%s” works again and goes on.") % channel)
            else:
                messages.error(self.request, f"{channel}: {error.sentence}")
        return response


class CredentialViewSet(ModelViewSet):
    """The accounts the channels speak through."""

    model = Credential
    name = "tai-khoan"
    url_namespace = "publishers_accounts"
    icon = "key"
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = CredentialAddView
    edit_view_class = CredentialEditView
    delete_view_class = KeptDeleteView
    list_display = [
        "label",
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        Column("get_health_display", label=_("Connection"), sort_key="health"),
        Column("health_note", label=_("Next step for the account")),
        Column("expires_at", label=_("Access expires at"), sort_key="expires_at"),
    ]
    search_fields = ["label"]

    def get_form_class(self, for_update: bool = False) -> type[CredentialForm]:
        return CredentialForm


class DeliveriesMenuItem(MenuItem):
    """To the report, for those who may see deliveries."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("publishers.view_delivery") or request.user.has_perm(
            "publishers.change_delivery"
        )


class ChannelsGroup(ViewSetGroup):
    """The menu «Kênh»."""

    items = (ChannelViewSet, CredentialViewSet)
    menu_label = _("Channels")
    menu_name = "channels"
    menu_icon = "site"
    menu_order = 150

    def get_submenu_items(self) -> list[MenuItem]:
        items: list[MenuItem] = super().get_submenu_items()
        report = DeliveriesMenuItem(
            _("Deliveries"), reverse("publishers:deliveries"), icon_name="upload", order=0
        )
        return [report, *items]

"""Channels and accounts in the admin."""

from typing import Any

from django.db import transaction
from django.db.models import Model, ProtectedError
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BaseColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from cms.users import scope
from cms.users.policies import permissions_of
from publishers import services
from publishers.accounts.form import CredentialForm
from publishers.assisted.form import OperatorForm
from publishers.assisted.links import operator_link
from publishers.channels.form import ChannelForm
from publishers.connecting.finish import check_brought, settle
from publishers.credentials import require_reconnect
from publishers.models import Channel, Credential, Operator


class LabelledColumn(Column):
    """A column whose cells say what they hold where a phone shows no heads."""

    cell_template_name = "publishers/labelled_cell.html"


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


class _WithinReach:
    """The rows of the units the person reaches."""

    model: type[Model]
    request: HttpRequest

    def get_base_queryset(self) -> Any:
        rows = super().get_base_queryset()  # type: ignore[misc]
        names = permissions_of(self.model, ("view", "change", "delete"))
        return scope.visible(rows, self.request.user, *names)


class _KnowsWho:
    """Gives the form the person in front of it: they choose among the units, accounts and operators they reach."""

    request: HttpRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "for_user": self.request.user}  # type: ignore[misc]


class ReachedIndexView(_WithinReach, generic.IndexView):
    """A list of what belongs to units."""


class ReachedAddView(_KnowsWho, generic.CreateView):
    """Something new, of one of the person's units."""


class ReachedEditView(_KnowsWho, generic.EditView):
    """Something of a unit."""


class ChannelIndexView(_WithinReach, generic.IndexView):
    """All destinations."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("credential", "unit")


class ChannelEditView(_KnowsWho, generic.EditView):
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
    add_view_class = ReachedAddView
    edit_view_class = ChannelEditView
    delete_view_class = KeptDeleteView
    list_display = [
        "name",
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        LabelledColumn("credential", label=_("Account")),
        LabelledColumn("unit", label=_("Unit"), sort_key="unit__name"),
        ChannelStateColumn("state", label=_("State")),
        ChannelCheckColumn("check", label=_("Connection")),
    ]
    list_filter = ["kind", "is_active"]
    search_fields = ["name", "remote_id"]

    def get_form_class(self, for_update: bool = False) -> type[ChannelForm]:
        return ChannelForm


class AccountConnectionColumn(BaseColumn):
    """Whether the account is connected, what to do if not, and the way to connect it again."""

    cell_template_name = "publishers/connecting/account_cell.html"

    def get_cell_context_data(self, instance: Credential, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["may_connect"] = context["request"].user.has_perm("publishers.change_credential")
        return context


class _SavesAccount(_KnowsWho):
    """Hands what was entered to the service; the form itself stores no secret."""

    form: CredentialForm
    request: HttpRequest

    @property
    def entered(self) -> dict[str, str]:
        """The secrets that were entered; an empty field keeps what is stored."""
        return {name: value for name, value in self.form.secrets().items() if value}

    def written(self, account: Credential, action: str) -> Credential:
        """``account``, after this went into the history."""
        log(instance=account, action=action, user=self.request.user)
        return account

    def give_to_unit(self, account: Credential) -> None:
        """The unit is no secret, so the form may store it; the service stores the rest."""
        if "unit" in self.form.cleaned_data:
            account.unit = self.form.cleaned_data["unit"]
            account.save(update_fields=["unit"])


class CredentialAddView(_SavesAccount, generic.CreateView):
    """A new account."""

    template_name = "publishers/account_form.html"

    def save_instance(self) -> Credential:
        data = self.form.cleaned_data
        account = services.connect_account(label=data["label"], kind=data["kind"], secrets=self.entered)
        self.give_to_unit(account)
        if not self.entered:
            require_reconnect(account.pk, gettext("Not connected yet."))
        return self.written(account, "wagtail.create")

    def save_action(self) -> Any:
        response = super().save_action()
        if self.entered:
            check_brought(self.request, self.object)
        return response

    def get_success_url(self) -> str:
        if self.entered:
            return super().get_success_url()
        return reverse("publishers:connect", args=[self.object.pk])


class CredentialEditView(_SavesAccount, generic.EditView):
    """An account, entered again when its access ended. Paused channels of it are tried at once."""

    template_name = "publishers/account_form.html"

    def save_instance(self) -> Credential:
        account = services.connect_account(
            label=self.form.cleaned_data["label"],
            kind=self.form.instance.kind,
            secrets=self.entered,
            credential=Credential.objects.get(pk=self.form.instance.pk),
        )
        self.give_to_unit(account)
        return self.written(account, "wagtail.edit")

    def save_action(self) -> Any:
        response = super().save_action()
        if self.entered:
            settle(self.request, self.object)
        return response


class CredentialViewSet(ModelViewSet):
    """The accounts the channels speak through."""

    model = Credential
    name = "tai-khoan"
    url_namespace = "publishers_accounts"
    icon = "key"
    index_template_name = "publishers/listing.html"
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = ReachedIndexView
    add_view_class = CredentialAddView
    edit_view_class = CredentialEditView
    delete_view_class = KeptDeleteView
    list_display = [
        "label",
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        AccountConnectionColumn("connection", label=_("Connection"), sort_key="health"),
        LabelledColumn("reconnect_by", label=_("Reconnect by"), sort_key="reconnect_by"),
    ]
    search_fields = ["label"]

    def get_form_class(self, for_update: bool = False) -> type[CredentialForm]:
        return CredentialForm


class OperatorLinkColumn(BaseColumn):
    """The link to hand to the operator, and the way to make all earlier ones invalid."""

    cell_template_name = "publishers/operator_link_cell.html"

    def get_cell_context_data(self, instance: Operator, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["link"] = operator_link(instance) if instance.is_active else ""
        context["csrf_token"] = get_token(context["request"])
        return context


class OperatorViewSet(ModelViewSet):
    """Who posts by hand."""

    model = Operator
    name = "nguoi-dang"
    url_namespace = "publishers_operators"
    icon = "user"
    menu_label = _("Operators")
    index_template_name = "publishers/listing.html"
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = ReachedIndexView
    add_view_class = ReachedAddView
    edit_view_class = ReachedEditView
    delete_view_class = KeptDeleteView
    list_display = ["name", "email", "phone", OperatorLinkColumn("link", label=_("Link to the tasks"))]
    search_fields = ["name", "email", "phone"]

    def get_form_class(self, for_update: bool = False) -> type[OperatorForm]:
        return OperatorForm


class DeliveriesMenuItem(MenuItem):
    """To the report, for those who may see deliveries."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("publishers.view_delivery") or request.user.has_perm(
            "publishers.change_delivery"
        )


class ChannelsGroup(ViewSetGroup):
    """The menu «Kênh»."""

    items = (ChannelViewSet, CredentialViewSet, OperatorViewSet)
    menu_label = _("Channels")
    menu_name = "channels"
    menu_icon = "site"
    menu_order = 150

    def get_submenu_items(self) -> list[MenuItem]:
        items: list[MenuItem] = super().get_submenu_items()
        places = (
            (_("Releases"), "publishers:releases", "upload"),
            (_("Deliveries"), "publishers:deliveries", "list-ul"),
            (_("Health of the channels"), "publishers:health", "circle-check"),
        )
        reports = [
            DeliveriesMenuItem(label, reverse(name), icon_name=icon, order=place)
            for place, (label, name, icon) in enumerate(places)
        ]
        return [*reports, *items]

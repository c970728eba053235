"""Standing content in the admin: two lists, one form each. Nothing here publishes: the item's page does."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from cms.information import approval
from cms.information.models import Item, LawDocument, SelfCheck, StandingPage
from cms.information.panels import edit_handler, self_check_handler


class _Stored:
    """Saves through ``approval.write``; afterwards the item's page, where it is sent for approval."""

    request: HttpRequest
    form: Any
    object: Any

    def save_instance(self) -> Item:
        item: Item = self.form.save(commit=False)
        approval.write(item, self.request.user)
        return item

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)  # type: ignore[attr-defined]

    def get_success_url(self) -> str:
        return reverse("information:item", args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        return []


class ItemIndexView(generic.IndexView):
    """The drafts with what became of them."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().prefetch_related("editions")


class ItemAddView(_Stored, generic.CreateView):
    """A new draft."""


class ItemEditView(_Stored, generic.EditView):
    """A draft; what waits for approval opens no form."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Before the form: neither GET nor POST of something locked reaches it.
        if self.get_object().is_locked and approval.may_write(request.user):
            messages.warning(
                request, _("The content waits for approval, so nobody can change it. Take it back first.")
            )
            return redirect("information:item", self.kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)


class ItemDeleteView(generic.DeleteView):
    """Only what never was public."""

    def delete_action(self) -> None:
        approval.delete(self.object, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        item = self.get_object()
        if item.is_locked or item.editions.exists():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ItemViewSet(ModelViewSet):
    """Common to both lists."""

    index_view_class = ItemIndexView
    add_view_class = ItemAddView
    edit_view_class = ItemEditView
    delete_view_class = ItemDeleteView
    copy_view_enabled = False
    inspect_view_enabled = False
    add_to_reference_index = False
    list_per_page = 50
    ordering = ["kind", "position", "title"]

    def _columns(self, *middle: Any) -> list[Any]:
        return [
            TitleColumn(
                "title",
                label=_("Title"),
                accessor="title",
                sort_key="title",
                get_url=lambda item: reverse("information:item", args=[item.pk]),
            ),
            *middle,
            Column("state", label=_("Draft status"), accessor="get_state_display", sort_key="state"),
            Column("public_status", label=_("Public"), accessor="public_status"),
            DateColumn("updated_at", label=_("Last changed"), sort_key="updated_at"),
        ]


class StandingPageViewSet(ItemViewSet):
    """«Trang nội dung»."""

    model = StandingPage
    name = "noi-dung"
    url_namespace = "information_pages"
    icon = "doc-full"
    menu_label = _("Standing pages")
    list_filter = ["kind", "state"]
    search_fields = ["title", "summary"]

    def get_edit_handler(self) -> Any:
        return edit_handler(law=False).bind_to_model(self.model)

    @property
    def list_display(self) -> list[Any]:
        return self._columns(Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"))


class LawDocumentViewSet(ItemViewSet):
    """«Văn bản»."""

    model = LawDocument
    name = "van-ban"
    url_namespace = "information_laws"
    icon = "list-ol"
    menu_label = _("Law and directives")
    list_filter = ["document_type", "state"]
    search_fields = ["title", "summary", "number"]

    def get_edit_handler(self) -> Any:
        return edit_handler(law=True).bind_to_model(self.model)

    @property
    def list_display(self) -> list[Any]:
        return self._columns(Column("number", label=_("Number"), accessor="number", sort_key="number"))


class SelfCheckIndexView(ItemIndexView):
    """There is one, so none is added beside it."""

    @property
    def add_url(self) -> str | None:
        return None if SelfCheck.objects.exists() else super().add_url


class SelfCheckAddView(ItemAddView):
    """The first and only one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = SelfCheck.objects.first()
        if found is not None and approval.may_write(request.user):
            return redirect("information:item", found.pk)
        return super().dispatch(request, *args, **kwargs)


class SelfCheckViewSet(ItemViewSet):
    """«Tự kiểm tra»."""

    model = SelfCheck
    name = "tu-kiem-tra"
    url_namespace = "information_self_check"
    index_view_class = SelfCheckIndexView
    add_view_class = SelfCheckAddView
    icon = "help"
    menu_label = _("Self-check")
    ordering = ["pk"]

    def get_edit_handler(self) -> Any:
        return self_check_handler().bind_to_model(self.model)

    @property
    def list_display(self) -> list[Any]:
        return self._columns()


class InformationViewSetGroup(ViewSetGroup):
    """The menu entry."""

    menu_label = _("Portal content")
    menu_icon = "clipboard-list"
    menu_order = 120
    items = (StandingPageViewSet, LawDocumentViewSet, SelfCheckViewSet)

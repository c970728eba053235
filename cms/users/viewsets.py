"""People and units in the admin."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.users.views import users as wagtail_users

from cms.users import scope, units
from cms.users.models import Membership, Unit
from cms.users.person_forms import PersonCreationForm, PersonEditForm
from cms.users.tree import tree_of
from cms.users.unit_forms import UnitForm


class _KnowsWho:
    """Gives the form the person in front of it: they choose among the units they reach."""

    request: HttpRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        kwargs.setdefault("for_user", self.request.user)
        return kwargs


class RolesColumn(Column):
    """What somebody may do, and where."""

    cell_template_name = "users/roles_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        table = parent_context["table"]
        # One query for the whole page of the list, kept on its table.
        held = getattr(table, "held", None)
        if held is None:
            held = table.held = _held([row.pk for row in table.data], parent_context["request"].user)
        context["held"] = held.get(instance.pk, [])
        return context


def _held(people: list[int], viewer: Any) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = {}
    rows = Membership.objects.filter(user__in=people, ended_at__isnull=True).select_related("unit")
    rows = scope.visible(rows, viewer, "users.view_user", "users.change_user")
    for row in rows.order_by("unit__path", "role"):
        found.setdefault(row.user_id, []).append(row)
    return found


class PersonFilterSet(wagtail_users.UserFilterSet):
    """Wagtail's, without groups and superusers: nobody here is shown as either."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("group", "is_superuser"):
            self.filters.pop(name, None)


class PersonIndexView(wagtail_users.IndexView):
    """The people of the units within reach."""

    results_template_name = "users/people_results.html"

    @cached_property
    def columns(self) -> list[Any]:
        name = wagtail_users.UserColumn(
            "name",
            accessor=lambda person: person.get_full_name() or person.get_username(),
            label=_("Full name"),
            sort_key="name",
            get_url=lambda person: reverse("users:person", args=[person.pk]),
        )
        return [
            name,
            Column("username", label=_("User name"), sort_key="username"),
            Column("unit", label=_("Unit"), sort_key="unit__name"),
            RolesColumn("roles", label=_("Roles")),
            DateColumn("last_login", label=_("Last sign-in"), sort_key="last_login"),
        ]

    def get_base_queryset(self) -> Any:
        people = super().get_base_queryset().select_related("unit")
        return scope.visible(people, self.request.user, "users.view_user", "users.change_user")


class PersonAddView(_KnowsWho, wagtail_users.CreateView):
    """A new person; their roles come next."""

    template_name = "users/person_form.html"

    def get_success_url(self) -> str:
        return reverse("users:person", args=[self.object.pk])


class PersonEditView(_KnowsWho, wagtail_users.EditView):
    """A person's name, address and place of work."""

    template_name = "users/person_form.html"

    def get_success_url(self) -> str:
        return reverse("users:person", args=[self.object.pk])


class PersonViewSet(wagtail_users.UserViewSet):
    """Wagtail's list of users, by unit."""

    menu_label = _("People")
    filterset_class = PersonFilterSet
    index_template_name = "users/people.html"
    index_results_template_name = "users/people_results.html"
    index_view_class = PersonIndexView
    add_view_class = PersonAddView
    edit_view_class = PersonEditView
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> Any:
        return PersonEditForm if for_update else PersonCreationForm


class UnitIndexView(generic.IndexView):
    """The tree; searching shows what fits, each where it stands among what was found."""

    template_name = "users/units.html"
    results_template_name = "users/unit_tree.html"
    paginate_by = None

    def get_base_queryset(self) -> Any:
        rows = scope.visible(Unit.objects.all(), self.request.user, "users.view_unit", "users.change_unit")
        people = Count("memberships__user", filter=Q(memberships__ended_at__isnull=True), distinct=True)
        return rows.select_related("merger__into").annotate(people=people)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        allowed = self.permission_policy.user_has_permission(self.request.user, "change")
        return context | {"nodes": tree_of(context["object_list"]), "may_change": allowed}


class UnitAddView(_KnowsWho, generic.CreateView):
    """A new unit, with a place for its files."""

    def save_instance(self) -> Unit:
        unit: Unit = super().save_instance()
        units.shelve(unit)
        return unit


class UnitEditView(_KnowsWho, generic.EditView):
    """A unit's name and place. It is never deleted: it is merged."""

    template_name = "users/unit_edit.html"

    def save_instance(self) -> Unit:
        unit: Unit = super().save_instance()
        units.shelve(unit)
        return unit

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return context | {
            "merger": getattr(self.object, "merger", None),
            "absorbed": self.object.absorbed.select_related("source"),
        }


class UnitViewSet(ModelViewSet):
    """«Đơn vị»."""

    model = Unit
    name = "don-vi"
    url_namespace = "users_units"
    icon = "group"
    menu_label = _("Units")
    menu_order = 590
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = UnitIndexView
    add_view_class = UnitAddView
    edit_view_class = UnitEditView
    index_template_name = "users/units.html"
    index_results_template_name = "users/unit_tree.html"
    search_fields = ["name", "code"]
    ordering = ["path"]
    list_per_page = 2000

    def get_form_class(self, for_update: bool = False) -> type[UnitForm]:
        return UnitForm

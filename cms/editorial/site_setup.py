"""What every installation needs once: page tree, roles, workflow, taxonomy, the portal channel."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms.editorial.models import ApprovalTask
from cms.portal.models import HomePage
from cms.users.roles import Role
from publishers.models import Channel
from scam_warnings.models import WARNINGS_SLUG, WarningIndexPage
from scam_warnings.seed import load_taxonomy

_TAXONOMY = ("scamtype", "scamtypegroup", "audience", "sourcekind", "contentcategory", "hotline")
_PERMISSIONS: dict[Role, list[str]] = {
    Role.EDITOR: ["wagtailadmin.access_admin", "publishers.view_channel", "publishers.view_delivery"],
    # Whoever signs may also stop everything.
    Role.APPROVER: [
        "wagtailadmin.access_admin",
        "publishers.view_channel",
        "publishers.view_delivery",
        "publishers.add_halt",
    ],
    Role.ADMINISTRATOR: [
        "wagtailadmin.access_admin",
        *(
            f"publishers.{verb}_{model}"
            for model in ("channel", "credential")
            for verb in ("add", "change", "delete", "view")
        ),
        *(f"publishers.{verb}_delivery" for verb in ("change", "view")),
        *(f"publishers.{verb}_operator" for verb in ("add", "change", "view")),
        "publishers.add_halt",
        "publishers.change_discrepancy",
        *(f"scam_warnings.{verb}_{model}" for model in _TAXONOMY for verb in ("add", "change", "view")),
        "scam_warnings.change_agencysettings",
        *(f"users.{verb}_{model}" for model in ("user", "unit") for verb in ("add", "change", "view")),
        *(f"auth.{verb}_group" for verb in ("change", "view")),
        *(f"wagtailcore.{verb}_collection" for verb in ("add", "change", "view")),
    ],
}


@transaction.atomic
def set_up_site() -> None:
    """Create or complete all of it; running it again changes nothing that people changed."""
    load_taxonomy()
    index = _tree()
    groups = {role: Group.objects.get_or_create(name=role.value)[0] for role in Role}
    for role, names in _PERMISSIONS.items():
        groups[role].permissions.add(*(_permission(name) for name in names))
    for codename in ("add_page", "change_page"):
        GroupPagePermission.objects.get_or_create(
            group=groups[Role.EDITOR], page=index, permission=_permission(f"wagtailcore.{codename}")
        )
    root = Collection.get_first_root_node()
    # Wagtail checks its own image model's permissions, whatever the image model is.
    for name in ("wagtailimages.add_image", "wagtailimages.choose_image"):
        for role in (Role.EDITOR, Role.ADMINISTRATOR):
            GroupCollectionPermission.objects.get_or_create(
                group=groups[role], collection=root, permission=_permission(name)
            )
    _workflow(index, groups[Role.APPROVER])
    if not Channel.objects.filter(kind="portal").exists():
        Channel.objects.create(name=_("Public portal"), kind="portal", sort_order=1, chosen_by_default=True)


def _tree() -> WarningIndexPage:
    root = Page.get_first_root_node()
    home = HomePage.objects.first()
    if home is None:
        Page.objects.filter(depth=2, slug="home").delete()
        root.refresh_from_db()
        home = root.add_child(instance=HomePage(title=_("Home"), slug="trang-chu"))
    where = urlsplit(settings.PUBLIC_URL)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    site.hostname = where.hostname or "localhost"
    site.port = where.port or (443 if where.scheme == "https" else 80)
    site.root_page = home
    site.site_name = settings.WAGTAIL_SITE_NAME
    site.save()
    index = WarningIndexPage.objects.first()
    if index is None:
        index = home.add_child(instance=WarningIndexPage(title=_("Warnings"), slug=WARNINGS_SLUG))
    return index


def _workflow(index: WarningIndexPage, approvers: Group) -> None:
    task = ApprovalTask.objects.first()
    if task is None:
        task = ApprovalTask.objects.create(name=_("Approval"))
        task.groups.add(approvers)
    workflow = Workflow.objects.filter(workflow_tasks__task=task).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=_("Approval of warnings"))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.get_or_create(page=index, defaults={"workflow": workflow})


def _permission(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)

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

from cms.editorial.models import ApprovalTask, Lane, ReviewTask
from cms.editorial.stages.lanes import Stages
from cms.portal.models import HomePage
from cms.users import units
from cms.users.roles import Role
from publishers.models import Channel
from scam_warnings.models import WARNINGS_SLUG, WarningIndexPage
from scam_warnings.seed import load_taxonomy

_TAXONOMY = (
    "scamtype",
    "scamtypegroup",
    "audience",
    "sourcekind",
    "contentcategory",
    "hotline",
    "officialsource",
)
# Administrators look after the installation: what citizens wrote is none of their business.
_TIPS = ("tips.view_tip", "tips.change_tip", "tips.see_contact")
_PERMISSIONS: dict[Role, list[str]] = {
    Role.EDITOR: [
        "wagtailadmin.access_admin",
        "publishers.view_channel",
        "publishers.view_delivery",
        *(
            f"information.{verb}_{model}"
            for model in ("standingpage", "lawdocument", "selfcheck")
            for verb in ("add", "change", "delete", "view")
        ),
        *_TIPS,
    ],
    # What a reviewer does with a warning is decided by the stage the warning is in.
    Role.REVIEWER: [
        "wagtailadmin.access_admin",
        "publishers.view_channel",
        "publishers.view_delivery",
        "tips.view_tip",
    ],
    # Whoever signs may also stop everything.
    Role.APPROVER: [
        "wagtailadmin.access_admin",
        "publishers.view_channel",
        "publishers.view_delivery",
        "publishers.add_halt",
        *(f"information.view_{model}" for model in ("standingpage", "lawdocument", "selfcheck")),
        "information.approve_item",
        *_TIPS,
        "subscriptions.view_notice",
    ],
    Role.PUBLISHER: [
        "wagtailadmin.access_admin",
        "publishers.view_channel",
        *(f"publishers.{verb}_delivery" for verb in ("change", "view")),
        "publishers.add_halt",
        "publishers.change_discrepancy",
        "subscriptions.view_notice",
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
        "audit.view_entry",
        "subscriptions.view_notice",
        "subscriptions.change_subscriber",
        *(f"scam_warnings.{verb}_{model}" for model in _TAXONOMY for verb in ("add", "change", "view")),
        "scam_warnings.change_agencysettings",
        "editorial.change_approvaldeadlines",
        *(f"editorial.{verb}_approvalpath" for verb in ("add", "change", "delete", "view")),
        *(f"users.{verb}_{model}" for model in ("user", "unit") for verb in ("add", "change", "view")),
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
    # Once given to administrators, who could have changed with it what every role may do.
    groups[Role.ADMINISTRATOR].permissions.remove(
        _permission("auth.change_group"), _permission("auth.view_group")
    )
    units.province()
    units.shelve_all()
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
    _workflows(index, groups[Role.REVIEWER], groups[Role.APPROVER])
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


def _workflows(index: WarningIndexPage, reviewers: Group, approvers: Group) -> None:
    approval = ApprovalTask.objects.first()
    if approval is None:
        approval = ApprovalTask.objects.create(name=_("Approval"))
        approval.groups.add(approvers)
    review = ReviewTask.objects.first()
    if review is None:
        review = ReviewTask.objects.create(name=_("Review before approval"))
        review.groups.add(reviewers)
    one = _lane(Stages.ONE, _("Approval of warnings"), approval)
    _lane(Stages.TWO, _("Review, then approval of warnings"), review, approval)
    _lane(Stages.URGENT, _("Urgent approval of warnings"), approval)
    WorkflowPage.objects.get_or_create(page=index, defaults={"workflow": one.workflow})


def _lane(stages: Stages, name: str, *tasks: ApprovalTask | ReviewTask) -> Lane:
    lane = Lane.objects.filter(stages=stages).first()
    if lane is not None:
        return lane
    # Installations from before there were lanes have the workflow of the first already.
    earlier = Workflow.objects.filter(workflow_tasks__task=tasks[0], lane__isnull=True).first()
    workflow = earlier if stages == Stages.ONE else None
    if workflow is None:
        workflow = Workflow.objects.create(name=name)
        for place, task in enumerate(tasks):
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=place)
    return Lane.objects.create(stages=stages, workflow=workflow)


def _permission(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)

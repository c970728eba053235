"""Approval is the only way to the public: every other door of Wagtail is tried, as a superuser."""

from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Page, Revision

import pytest

from cms.editorial import approval
from cms.users.roles import Role
from publishers.models import Delivery, Release
from scam_warnings.lifecycle import UnsealedPublication
from scam_warnings.models import ScamWarningPage, WarningIndexPage
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def root_user(site):
    return factories.user("root", Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR, superuser=True)


@pytest.fixture
def admin(root_user) -> Client:
    client = Client()
    client.force_login(root_user)
    return client


@pytest.fixture
def page(root_user) -> ScamWarningPage:
    return factories.warning(root_user)


@pytest.fixture(autouse=True)
def _nothing_became_public():
    yield
    assert not Page.objects.type(ScamWarningPage).filter(live=True).exists()
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    assert not Release.objects.exists()
    assert not Delivery.objects.exists()


def test_the_publish_button(admin, page):
    response = admin.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert b"action-publish" not in response.content
    admin.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        {**factories.form_data(page), "action-publish": "1"},
    )


def test_scheduled_publishing_through_the_form(admin, page):
    soon = (timezone.now() - timezone.timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
    admin.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        {**factories.form_data(page), "go_live_at": soon, "action-publish": "1"},
    )
    call_command("publish_scheduled")


def test_scheduled_publishing_of_a_forged_revision(page):
    revision = page.get_latest_revision()
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now())
    with pytest.raises(UnsealedPublication):
        call_command("publish_scheduled")
    Revision.objects.update(approved_go_live_at=None)


def test_bulk_publish(admin, page):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    admin.post(f"{url}?id={page.pk}", {})


def test_the_admin_api(admin, page):
    for action in ("publish", "copy", "create_alias", "unpublish", "revert_to_page_revision"):
        admin.post(
            f"/admin/api/main/pages/{page.pk}/action/{action}/",
            {"keep_live": True, "recursive": False, "revision_id": page.latest_revision_id},
            content_type="application/json",
        )


def test_copying_with_publication(admin, page, root_user):
    index = WarningIndexPage.objects.get()
    admin.post(
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        {
            "new_title": "Bản sao",
            "new_slug": "ban-sao",
            "new_parent_page": index.pk,
            "publish_copies": "on",
            "alias": "",
        },
    )
    with pytest.raises(PermissionDenied):
        CopyPageAction(page, to=index, keep_live=True, user=root_user).execute()


def test_an_alias(admin, page, root_user):
    index = WarningIndexPage.objects.get()
    admin.post(
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        {
            "new_title": "x",
            "new_slug": "bi-danh",
            "new_parent_page": index.pk,
            "alias": "on",
            "publish_copies": "on",
        },
    )
    with pytest.raises(PermissionDenied):
        CreatePageAliasAction(page, parent=index, update_slug="bi-danh-2", user=root_user).execute()


def test_reverting_to_an_old_revision_and_publishing(admin, page):
    old = page.get_latest_revision()
    draft = old.as_object()
    draft.summary = "Bản hai."
    draft.save_revision()
    admin.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        {**factories.form_data(page), "revision": str(old.pk), "action-publish": "1", "is_reverting": "1"},
    )


def test_a_superusers_shell(page, root_user):
    with pytest.raises(UnsealedPublication):
        page.get_latest_revision().publish(user=root_user)
    with pytest.raises(UnsealedPublication):
        page.publish(page.get_latest_revision(), user=root_user, skip_permission_checks=True)
    page.live = True
    with pytest.raises(UnsealedPublication):
        page.save()


def test_adding_a_live_page(root_user):
    index = WarningIndexPage.objects.get()
    with pytest.raises(UnsealedPublication):
        index.add_child(instance=ScamWarningPage(title="Sống ngay", slug="song-ngay", summary="x"))


def test_wagtails_own_approve_action(admin, page, root_user):
    lan = factories.user("lan", Role.EDITOR)
    state = approval.submit(factories.warning(lan, key="khac"), lan, not_secret=True)
    response = admin.post(
        reverse(
            "wagtailadmin_pages:workflow_action", args=[state.workflow_state.object_id, "approve", state.pk]
        )
    )
    assert response.status_code in {302, 403}
    state.refresh_from_db()
    assert state.status == "in_progress"


def test_approving_through_the_editors_form(admin, root_user):
    lan = factories.user("lan", Role.EDITOR)
    state = approval.submit(factories.warning(lan, key="khac"), lan, not_secret=True)
    page = ScamWarningPage.objects.get(pk=state.workflow_state.object_id)
    admin.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        {
            **factories.form_data(page),
            "action-workflow-action": "1",
            "workflow-action-name": "approve",
            "workflow-action-extra-data": "{}",
        },
    )
    state.refresh_from_db()
    assert state.status == "in_progress"


def test_approving_ones_own_work_on_the_review_page(admin, page, root_user):
    state = approval.submit(page, root_user, not_secret=True)
    seal = approval.under_review(state).seal
    response = admin.post(
        reverse("editorial:review", args=[state.pk]),
        {"seal": seal, "not_secret": "on", "decision": "approve"},
        follow=True,
    )
    assert "không được tự duyệt" in response.content.decode()


def test_moving_and_reordering(admin, page):
    index = WarningIndexPage.objects.get()
    admin.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, index.pk]))
    admin.post(reverse("wagtailadmin_pages:set_page_position", args=[page.pk]) + "?position=0")
    assert ScamWarningPage.objects.get().get_parent().pk == index.pk


def test_the_address_answers_not_found(page):
    assert Client().get(f"/canh-bao/{page.slug}/").status_code == 404

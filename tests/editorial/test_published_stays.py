"""What was approved stays: no hand takes a published warning off the portal, moves it or changes it silently."""

from django.test import Client
from django.urls import reverse

import pytest

from cms.editorial import approval
from cms.portal.models import PublishedWarning
from cms.users.roles import Role
from publishers import dispatch
from publishers.models import Delivery, Payload
from publishers.states import State
from scam_warnings.models import ScamWarningPage
from tests import factories


@pytest.fixture
def published(live_db) -> ScamWarningPage:
    """A warning the portal shows, made the whole way: written, submitted, approved, delivered."""
    factories.site()
    author, approver = factories.user("lan", Role.EDITOR), factories.user("minh", Role.APPROVER)
    factories.approved(factories.submitted(author), approver)
    assert dispatch.drain("test").count == 1
    page = ScamWarningPage.objects.get()
    assert page.live
    return page


@pytest.fixture
def admin(published) -> Client:
    client = Client()
    client.force_login(factories.user("root", Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR, superuser=True))
    return client


def shown(page: ScamWarningPage) -> bytes:
    response = Client().get(f"/canh-bao/{page.slug}/")
    assert response.status_code == 200
    return response.content


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("wagtailadmin_pages:unpublish", {}),
        ("wagtailadmin_pages:delete", {}),
        ("wagtailadmin_pages:convert_alias", {}),
    ],
)
def test_a_superuser_cannot_take_it_away(admin, published, name, data):
    before = shown(published)
    admin.post(reverse(name, args=[published.pk]), data)
    assert ScamWarningPage.objects.get().live
    assert shown(published) == before


@pytest.mark.parametrize("action", ["unpublish", "delete", "move"])
def test_neither_in_bulk(admin, published, action):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    admin.post(f"{url}?id={published.pk}", {})
    assert ScamWarningPage.objects.get().live
    assert shown(published)


def test_a_saved_draft_changes_nothing_in_public(admin, published):
    before = shown(published)
    response = admin.post(
        reverse("wagtailadmin_pages:edit", args=[published.pk]),
        {**factories.form_data(published, title="Tiêu đề chưa ai duyệt"), "action-save": "1"},
    )
    assert response.status_code == 302
    assert shown(published) == before


def test_the_next_approval_does(admin, published):
    draft = published.get_latest_revision_as_object()
    draft.summary = "Bản cập nhật đã được duyệt."
    draft.save_revision(user=factories.user("hoa", Role.EDITOR))
    other = factories.user("binh", Role.APPROVER)
    state = approval.submit(ScamWarningPage.objects.get(), factories.user("an", Role.EDITOR), not_secret=True)
    factories.approved(state, other)
    dispatch.drain("test")
    assert "Bản cập nhật đã được duyệt." in shown(published).decode()


def test_a_flag_set_in_the_database_shows_nothing_unsigned(live_db):
    factories.site()
    page = factories.warning(factories.user("lan", Role.EDITOR))
    ScamWarningPage.objects.filter(pk=page.pk).update(live=True)
    assert Client().get(f"/canh-bao/{page.slug}/").status_code == 404


@pytest.mark.parametrize("change", ["text", "revision"])
def test_what_was_altered_after_signing_is_not_published(live_db, change):
    factories.site()
    state = factories.submitted(factories.user("lan", Role.EDITOR))
    release = factories.approved(state, factories.user("minh", Role.APPROVER))
    if change == "text":
        Payload.objects.update(title="Tiêu đề bị sửa trong cơ sở dữ liệu")
    else:
        release.revision.content["title"] = "Bản đã ký bị sửa"
        release.revision.save()
    dispatch.drain("test")
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error_code) == (State.FAILED, "seal_broken")
    assert not PublishedWarning.objects.exists()


def test_the_editor_shows_what_became_of_each_channel(admin, published):
    html = admin.get(reverse("wagtailadmin_pages:edit", args=[published.pk])).content.decode()
    assert "data-deliveries" in html
    assert Delivery.objects.get().remote_url in html

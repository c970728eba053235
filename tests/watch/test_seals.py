"""Whatever is altered after the approval is not sent, and is told at once, column by column."""

import datetime as dt
from typing import Any

from django.core import mail
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wagtail.models import Revision

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.audit.models import Entry
from cms.portal.models import FeedEntry, PublishedWarning
from cms.users.roles import Role
from media import sealed
from publishers.assisted.links import token_for
from publishers.models import AssistedTask, Channel, Delivery, Discrepancy, Notice, Operator, Payload, Release
from publishers.sealing import sealed_payload_hash
from publishers.states import State
from publishers.watch.seals import SealCheck
from publishers.watch.watchman import jobs
from tests import factories
from tests.delivery.conftest import Engine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

SEALED = {
    Release: [
        "page", "revision", "kind", "note", "number", "reference", "snapshot", "seal", "manifest",
        "circumstances", "approved_by", "sealed_at", "declaration", "urgent",
    ],
    Payload: ["release", "channel", "operation", "title", "text", "link", "images", "data", "hash"],
    Delivery: ["payload", "channel", "release", "follows"],
    Channel: ["kind", "remote_id", "options"],
}  # fmt: skip
CASES = [(model, name) for model, names in SEALED.items() for name in names]


@pytest.fixture(scope="module")
def lan(module_db):
    return factories.user("lan", Role.EDITOR)


@pytest.fixture(scope="module")
def minh(module_db):
    return factories.user("minh", Role.APPROVER)


@pytest.fixture(scope="module")
def nam(module_db):
    return factories.user("nam", Role.ADMINISTRATOR)


@pytest.fixture(scope="module")
def approved(lan, minh, nam) -> Release:
    """For the portal and the feed; nothing is sent yet. Beside it lies what rows could be exchanged for."""
    factories.channel("feed", "Nguồn tin", "")
    other = factories.approved(factories.submitted(lan, key="bai-khac", title="Bài khác"), minh)
    Delivery.objects.filter(release=other).update(state=State.CANCELLED, next_attempt_at=None)
    made = factories.approved(factories.submitted(lan), minh)
    factories.warning(lan, key="nhap", title="Bản nháp")
    factories.channel("feed", "Nguồn khác", "khac", is_active=False)
    return made


@pytest.fixture
def release(approved: Release) -> Release:
    """Read again: what a test before altered was rolled back in the database only."""
    return Release.objects.get(pk=approved.pk)


def portal(release: Release) -> Delivery:
    return Delivery.objects.get(release=release, channel__kind="portal")


def removed(payload: Payload) -> None:
    """Gone from the database, with everything that hangs on it."""
    rows = Delivery.objects.filter(payload=payload)
    for row in rows:
        row.transitions.all().delete()
    rows.delete()
    payload.delete()


def altered(row: models.Model, field: Any) -> Any:
    """Another value the column takes."""
    value = getattr(row, field.attname)
    if isinstance(field, models.ForeignKey):
        return field.related_model._default_manager.exclude(pk=value).order_by("-pk").first().pk
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateTimeField):
        return value + dt.timedelta(seconds=1)
    if isinstance(field, models.IntegerField):
        return value + 7
    if isinstance(field, models.JSONField):
        return [*value, value[0]] if isinstance(value, list) else {**value, "them": "x"}
    if field.choices:
        return next(key for key, _label in field.flatchoices if key != value)
    return f"x{value}"[: field.max_length or None]


def check() -> int:
    """The watch's own round."""
    return SealCheck()(timezone.now())


def assert_told(release: Release, nam: Any) -> None:
    """People know; the trail and two pages say it."""
    assert Discrepancy.objects.filter(kind="tampered", resolved_at=None, release=release).exists()
    assert Notice.objects.filter(key=f"seal-broken:{release.pk}", ended_at=None).exists()
    assert nam.email in {address for message in mail.outbox for address in message.to}
    assert Entry.objects.filter(action="publishers.seal_broken", object_id=str(release.pk)).exists()
    client = Client()
    client.force_login(nam)
    assert "Bị thay đổi sau khi duyệt" in client.get(reverse("publishers:health")).content.decode()
    page = client.get(reverse("publishers:release", args=[release.pk])).content.decode()
    assert "không còn như khi duyệt" in page
    banner = client.get(reverse("publishers:banner")).content.decode()
    assert reverse("publishers:release", args=[release.pk]) in banner
    assert "Bị thay đổi sau khi duyệt" in banner


def test_every_column_of_the_sealed_tables_is_tried():
    for model in (Release, Payload):
        assert {field.name for field in model._meta.concrete_fields} - {"id"} == set(SEALED[model])


@pytest.mark.parametrize(("model", "name"), CASES, ids=[f"{m.__name__}.{n}" for m, n in CASES])
def test_an_altered_column_is_refused_before_any_call_and_told(model, name, release, nam):
    delivery = portal(release)
    rows = {Release: release, Payload: delivery.payload, Delivery: delivery, Channel: delivery.channel}
    row, field = rows[model], model._meta.get_field(name)
    value = altered(row, field)
    if (model, name) == (Delivery, "payload"):
        # Each payload has one delivery: exchange it for one that has lost its own.
        spare = Payload.objects.get(release=release, channel__kind="feed")
        lost = Delivery.objects.get(payload=spare)
        lost.transitions.all().delete()
        lost.delete()
        value = spare.pk
    if (model, name) == (Payload, "release"):
        removed(Payload.objects.get(release_id=value, channel=row.channel))
    model._default_manager.filter(pk=row.pk).update(**{field.attname: value})
    Engine().turn()
    assert delivery.log.exclude(outcome="seal_broken").count() == 0
    assert not PublishedWarning.objects.exists()
    if model is Release:
        assert not FeedEntry.objects.exists()
    check()
    assert_told(release, nam)


def test_whoever_does_not_see_the_release_is_told_nothing_of_it(release):
    Payload.objects.filter(release=release, channel__kind="portal").update(title="Khác")
    check()
    ward = factories.unit("Phường Hoa Lư")
    client = Client()
    client.force_login(factories.user("xa", Role.EDITOR, unit=ward))
    assert client.get(reverse("publishers:banner")).status_code == 204


def test_refused_is_told_without_the_watch(release, nam):
    Payload.objects.filter(release=release, channel__kind="portal").update(title="Khác")
    Engine().turn()
    delivery = portal(release)
    assert (delivery.state, delivery.error_code) == (State.FAILED, "seal_broken")
    assert_told(release, nam)


def test_the_watch_tells_before_anything_is_sent(release, nam):
    Payload.objects.filter(release=release, channel__kind="portal").update(title="Khác")
    assert check() == 1
    assert_told(release, nam)
    mail.outbox.clear()
    assert check() == 1
    assert mail.outbox == []
    assert Entry.objects.filter(action="publishers.seal_broken").count() == 1


def test_what_is_mended_is_over(release, nam):
    rows = Payload.objects.filter(release=release, channel__kind="portal")
    title = rows.get().title
    rows.update(title="Khác")
    check()
    rows.update(title=title)
    assert check() == 0
    assert not Discrepancy.objects.filter(kind="tampered", resolved_at=None).exists()
    client = Client()
    client.force_login(nam)
    assert client.get(reverse("publishers:banner")).status_code == 204
    assert not Notice.objects.filter(key__startswith="seal-broken:", ended_at=None).exists()
    Engine().turn()
    assert PublishedWarning.objects.exists()


def test_a_forged_text_with_its_hash_and_manifest_is_refused(release, nam):
    payload = portal(release).payload
    payload.title = "Bài giả"
    payload.hash = sealed_payload_hash(payload)
    payload.save()
    manifest = {**release.manifest, str(payload.channel_id): payload.hash}
    Release.objects.filter(pk=release.pk).update(manifest=manifest)
    Engine().turn()
    assert not PublishedWarning.objects.exists()
    assert_told(release, nam)


def test_a_record_that_was_made_to_look_old_is_refused(release, nam):
    """Releases of an earlier edition have no circumstances; the audit trail knows that this one has."""
    payload = portal(release).payload
    payload.title = "Bài giả"
    payload.hash = sealed_payload_hash(payload)
    payload.save()
    Release.objects.filter(pk=release.pk).update(circumstances=None, manifest={})
    Engine().turn()
    assert not PublishedWarning.objects.exists()
    assert_told(release, nam)


def test_a_release_nobody_signed_is_refused(release, nam):
    payload = portal(release).payload
    copy = Release.objects.get(pk=release.pk)
    copy.pk, copy.number, copy.reference = None, 9, "CB-2026-00009"
    copy.revision = Revision.objects.order_by("-pk").first()
    copy.save(force_insert=True)
    forged = Payload.objects.get(pk=payload.pk)
    forged.pk, forged.release = None, copy
    forged.hash = sealed_payload_hash(forged)
    forged.save(force_insert=True)
    Release.objects.filter(pk=copy.pk).update(manifest={str(forged.channel_id): forged.hash})
    now = timezone.now()
    Delivery.objects.create(
        payload=forged, channel=forged.channel, release=copy, next_attempt_at=now, updated_at=now
    )
    Engine().turn()
    assert not PublishedWarning.objects.filter(release=copy).exists()
    assert_told(copy, nam)


def test_an_altered_picture_is_refused(release, nam):
    picture = sealed.find(portal(release).payload.images[0]["sha256"])
    before = picture.read_bytes()
    picture.chmod(0o644)
    picture.write_bytes(before + b"x")
    try:
        Engine().turn()
        assert not PublishedWarning.objects.exists()
        check()
        assert_told(release, nam)
    finally:
        picture.write_bytes(before)


def test_a_channel_that_was_added_is_refused(release, nam):
    extra = Channel.objects.get(name="Nguồn khác")
    Channel.objects.filter(pk=extra.pk).update(is_active=True)
    payload = Payload.objects.get(release=release, channel__kind="feed")
    payload.pk, payload.channel = None, extra
    payload.hash = sealed_payload_hash(payload)
    payload.save(force_insert=True)
    now = timezone.now()
    added = Delivery.objects.create(
        payload=payload, channel=extra, release=release, next_attempt_at=now, updated_at=now
    )
    Engine().turn()
    added.refresh_from_db()
    assert (added.state, added.error_code) == (State.FAILED, "seal_broken")
    assert_told(release, nam)


@pytest.mark.parametrize("what", ["delivery", "payload"])
def test_a_channel_that_was_removed_is_told(what, release, nam):
    payload = Payload.objects.get(release=release, channel__kind="feed")
    if what == "payload":
        removed(payload)
    else:
        payload.delivery.transitions.all().delete()
        payload.delivery.delete()
    check()
    assert_told(release, nam)


def test_settings_of_a_channel_may_change_once_its_post_is_out(release):
    Engine().turn()
    assert PublishedWarning.objects.exists()
    Channel.objects.filter(kind="feed").update(options={"them": "x"})
    assert check() == 0


def test_what_a_person_would_post_by_hand_is_not_shown_when_altered(lan, minh, nam, client):
    officer = Operator.objects.create(name="Chị Hoa", email="hoa@example.vn")
    hand = factories.channel("assisted", "Tổ 5", "to-5", operator=officer, options={"platform": "zalo"})
    made = factories.approved(factories.submitted(lan, key="tay", channels=[hand.name]), minh)
    engine = Engine()
    engine.turn()
    engine.turn(30)
    task = AssistedTask.objects.get()
    address = reverse("assisted:task", args=[token_for(officer), task.pk])
    assert "data-text" in client.get(address).content.decode()
    Payload.objects.filter(release=made, channel=hand).update(text="Gọi ngay số này!")
    shown = client.get(address).content.decode()
    assert "Gọi ngay số này!" not in shown
    assert "Đừng đăng" in shown
    assert_told(made, nam)


def test_the_watch_does_it():
    assert any(isinstance(job.run, SealCheck) for job in jobs())


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    name=st.sampled_from(["title", "text", "link"]),
    kind=st.sampled_from(["portal", "feed"]),
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=200),
)
def test_no_other_words_pass(release, name, kind, text):
    rows = Payload.objects.filter(release=release, channel__kind=kind)
    before = getattr(rows.get(), name)
    rows.update(**{name: text})
    assert (check() > 0) == (text != before)
    rows.update(**{name: before})
    assert check() == 0

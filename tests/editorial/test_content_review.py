"""What is public is looked at again: letters once, a panel, and the word that it still holds."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core import mail
from django.urls import reverse
from django.utils import timezone

import pytest

from cms.audit.models import Entry
from cms.editorial import content_review
from cms.editorial.content_reminders import remind
from cms.portal.models import PublishedWarning
from cms.users.roles import Role
from publishers.dispatch import drain
from publishers.models import Release
from tests import factories
from tests.delivery.conftest import change, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def at(day, hour=9):
    return datetime.combine(day, time(hour), tzinfo=HANOI)


@pytest.fixture
def public(lan, minh):
    """Public, to be reviewed in 30 days."""
    page = factories.warning(lan)
    draft = page.get_latest_revision_as_object()
    draft.review_on = timezone.localdate() + timedelta(days=30)
    draft.save_revision(user=lan)
    sign(page, lan, minh)
    drain("w")
    mail.outbox.clear()
    return PublishedWarning.objects.get().page


def due_on(page):
    return content_review.public().get(pk=page.pk).due_on


def test_editors_of_the_unit_are_told_seven_days_before_and_on_the_day_once_each(public, lan, minh):
    day = due_on(public)
    for before in range(12, -4, -1):
        remind(at(day - timedelta(days=before)))
        remind(at(day - timedelta(days=before), 16))
    assert [message.to[0] for message in mail.outbox] == [lan.email, lan.email]
    first, second = (message.subject for message in mail.outbox)
    assert "Cần rà soát" in first
    assert "Rà soát hôm nay" in second


def test_nobody_is_written_to_at_night(public):
    assert remind(at(due_on(public), 2)) == 0


def test_after_a_standstill_one_letter_is_enough(public, lan):
    assert remind(at(due_on(public) + timedelta(days=9))) == 1


def test_the_nearest_unit_with_editors_is_told(public, lan):
    ward = factories.unit("Phường An Hải")
    type(public).objects.filter(pk=public.pk).update(unit=ward)
    remind(at(due_on(public)))
    assert [message.to[0] for message in mail.outbox] == [lan.email]
    mail.outbox.clear()
    hoa = factories.user("hoa", Role.EDITOR, unit=ward)
    type(public).objects.filter(pk=public.pk).update(review_on=due_on(public) + timedelta(days=1))
    remind(at(due_on(public)))
    assert [message.to[0] for message in mail.outbox] == [hoa.email]


def test_reviewed_and_still_right_sets_a_new_day_without_a_release(public, lan, client):
    client.force_login(lan)
    address = reverse("editorial:review_content", args=[public.pk])
    shown = client.get(address)
    assert shown.status_code == 200
    assert PublishedWarning.objects.get().summary in shown.content.decode()
    new = timezone.localdate() + timedelta(days=90)
    assert (
        client.post(address, {"next_on": new.isoformat(), "note": "Đối chiếu cổng thuế."}).status_code == 302
    )
    assert due_on(public) == new
    assert Release.objects.count() == 1
    assert "Đối chiếu cổng thuế." in Entry.objects.get(action="keng.content_reviewed").details
    assert remind(at(new - timedelta(days=30))) == 0
    assert remind(at(new)) == 1


@pytest.mark.parametrize("given", ["", "hôm qua", "2020-01-01", "2999-01-01"])
def test_a_bad_day_is_told_at_the_field(given, public, lan, client):
    client.force_login(lan)
    response = client.post(
        reverse("editorial:review_content", args=[public.pk]), {"next_on": given, "note": "Ghi chú của tôi"}
    )
    assert response.status_code == 422
    assert response.context["form"].errors["next_on"]
    assert "Ghi chú của tôi" in response.content.decode()


def test_a_later_version_has_a_day_of_its_own(public, lan, minh):
    content_review.confirm(public, lan, next_on=timezone.localdate() + timedelta(days=200), note="")
    change(public, lan, summary="Bản mới.", review_on=timezone.localdate() + timedelta(days=14))
    sign(public, lan, minh)
    drain("w")
    assert due_on(public) == timezone.localdate() + timedelta(days=14)


def test_the_start_page_and_the_calendar_show_it(public, lan, client):
    soon = timezone.localdate() + timedelta(days=3)
    type(public).objects.filter(pk=public.pk).update(review_on=soon)
    client.force_login(lan)
    address = reverse("editorial:review_content", args=[public.pk])
    assert address in client.get("/admin/").content.decode()
    html = client.get(reverse("editorial:calendar"), {"thang": soon.strftime("%Y-%m")}).content.decode()
    assert address in html


def test_other_units_and_strangers_do_not_reach_it(public, client):
    other = factories.user("khac", Role.EDITOR, unit=factories.unit("Xã Bình Minh"))
    client.force_login(other)
    address = reverse("editorial:review_content", args=[public.pk])
    assert client.get(address).status_code in (302, 404)
    assert client.post(address, {"next_on": "2027-01-01"}).status_code in (302, 404)
    assert not public.content_reviews.exists()


def test_a_warning_that_runs_out_is_told_seven_days_before(lan, minh):
    page = factories.warning(lan)
    draft = page.get_latest_revision_as_object()
    draft.expires_on = timezone.localdate() + timedelta(days=20)
    draft.review_on = timezone.localdate() + timedelta(days=300)
    draft.save_revision(user=lan)
    sign(page, lan, minh)
    drain("w")
    mail.outbox.clear()
    for before in range(10, -1, -1):
        remind(at(draft.expires_on - timedelta(days=before)))
    assert ["Sắp hết hiệu lực" in message.subject for message in mail.outbox] == [True]

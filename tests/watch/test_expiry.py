"""What people are told: once for each cause, by mail that is tried again, until it is over."""

from datetime import UTC, datetime, timedelta

from django.core import mail

import pytest

from cms.users.roles import Role
from publishers.credentials import store
from publishers.models import Credential, Notice
from publishers.watch import notices
from publishers.watch.expiry import end_expiries, notice_expiries
from tests import factories
from tests.publishers import outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

END = datetime(2027, 1, 31, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def administrator(site):
    return factories.user("quan-tri", Role.ADMINISTRATOR)


@pytest.fixture
def account() -> Credential:
    made = Credential(label="Trang của tỉnh", kind="facebook")
    store(made, {"page_token": "CANARY", "reconnect_by": str(int(END.timestamp()))})
    return made


def before(**time: float) -> datetime:
    return END - timedelta(**time)


def steps() -> list[str]:
    return [key.rsplit(":", 1)[1] for key in notices.standing_notices().values_list("key", flat=True)]


def test_people_are_told_thirty_seven_one_and_no_days_before_once_each(account):
    outbox.channel(credential=account, name="Trang tỉnh")
    told = {}
    for hours in range(40 * 24, -24, -6):
        told[hours] = notice_expiries(before(hours=hours))
    assert [hours for hours, news in told.items() if news] == [30 * 24, 7 * 24, 24, 0]
    assert [message.subject for message in mail.outbox] == [
        "[Kẻng] Kết nối của “Trang của tỉnh” hết hạn sau 30 ngày, vào ngày 31/01/2027",
        "[Kẻng] Kết nối của “Trang của tỉnh” hết hạn sau 7 ngày, vào ngày 31/01/2027",
        "[Kẻng] Kết nối của “Trang của tỉnh” hết hạn sau 1 ngày, vào ngày 31/01/2027",
        "[Kẻng] Kết nối của “Trang của tỉnh” đã hết hạn ngày 31/01/2027",
    ]
    body = mail.outbox[0].body
    assert "Trang tỉnh" in body
    assert f"/ket-noi/{account.pk}/" in body
    assert "CANARY" not in body
    assert steps() == ["0"]


def test_after_a_long_silence_only_the_nearest_step_is_told(account):
    assert notice_expiries(before(days=5)) == 1
    assert steps() == ["7"]


def test_a_reconnected_account_ends_the_countdown_and_starts_a_new_one(account):
    notice_expiries(before(days=5))
    Credential.objects.update(reconnect_by=END + timedelta(days=90))
    assert notice_expiries(before(days=5)) == 0
    assert steps() == []
    assert notice_expiries(END + timedelta(days=85)) == 1


def test_connecting_ends_what_was_told_of_this_account_only(account):
    other = Credential(label="Trang khác", kind="facebook")
    store(other, {"reconnect_by": str(int(END.timestamp()))})
    notice_expiries(before(days=5))
    end_expiries(account)
    assert [notice.key.split(":")[1] for notice in notices.standing_notices()] == [str(other.pk)]


def test_what_never_ends_and_what_is_far_is_not_told(account):
    Credential.objects.update(reconnect_by=None)
    assert notice_expiries(END) == 0
    Credential.objects.update(reconnect_by=END)
    assert notice_expiries(before(days=31)) == 0


class TestNotices:
    def test_the_same_cause_is_told_once(self):
        assert notices.tell("k", "Tiêu đề", "Nội dung", "/admin/")
        assert not notices.tell("k", "Tiêu đề khác", "Nội dung khác")
        assert len(mail.outbox) == 1
        assert mail.outbox[0].to == ["quan-tri@example.vn"]
        assert "http://127.0.0.1:8000/admin/" in mail.outbox[0].body
        assert Notice.objects.get().title == "Tiêu đề"

    def test_a_mail_server_that_fails_is_tried_again_and_harms_nobody(self, settings):
        working = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "tests.watch.no_such.Backend"
        assert notices.tell("k", "Tiêu đề", "Nội dung")
        assert Notice.objects.get().mailed_at is None
        settings.EMAIL_BACKEND = working
        assert not notices.tell("k", "Tiêu đề", "Nội dung")
        assert not notices.tell("k", "Tiêu đề", "Nội dung")
        assert len(mail.outbox) == 1
        assert Notice.objects.get().mailed_at is not None

    def test_only_administrators_in_service_with_an_address_get_mail(self):
        factories.user("lan", Role.EDITOR)
        gone = factories.user("nghi-viec", Role.ADMINISTRATOR)
        gone.is_active = False
        gone.save()
        without = factories.user("khong-thu", Role.ADMINISTRATOR)
        without.email = ""
        without.save()
        notices.tell("k", "Tiêu đề", "Nội dung")
        assert mail.outbox[0].to == ["quan-tri@example.vn"]

    def test_with_nobody_to_write_to_the_notice_still_stands(self, administrator):
        administrator.is_active = False
        administrator.save()
        assert notices.tell("k", "Tiêu đề", "Nội dung")
        assert Notice.objects.get().mailed_at is None

    def test_without_mail_only_the_row_is_written(self):
        assert notices.tell("k", "Tiêu đề", "Nội dung", mail=False)
        assert not mail.outbox

    def test_what_ended_and_comes_back_is_news(self):
        notices.tell("k", "Tiêu đề", "Nội dung")
        assert notices.end("k")
        assert not notices.end("k")
        assert not notices.standing_notices()
        assert notices.tell("k", "Tiêu đề", "Nội dung")
        assert len(mail.outbox) == 2
        assert len(notices.standing_notices()) == 1

    def test_a_title_with_line_ends_is_no_second_header(self):
        notices.tell("k", "Tiêu đề\nBcc: a@b.vn", "Nội dung")
        assert mail.outbox[0].subject == "[Kẻng] Tiêu đề Bcc: a@b.vn"

    def test_a_key_that_is_too_long_is_a_mistake_of_the_caller(self):
        with pytest.raises(ValueError, match="200"):
            notices.tell("k" * 201, "Tiêu đề", "Nội dung")

"""The delivery centre over HTTP: who may, what it shows, what many at once means, tables of channels."""

import io

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import pytest
from openpyxl import Workbook

from cms.users.roles import Role
from publishers import channel_import, halt
from publishers.models import Channel, Delivery, Discrepancy, Halt, Operator
from publishers.states import State
from tests import factories
from tests.publishers import outbox
from tests.publishers.memory import memory_kinds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def quan():
    """An administrator."""
    return factories.user("quan", Role.ADMINISTRATOR)


@pytest.fixture
def release():
    with memory_kinds():
        made = outbox.release()
        for number in range(6):
            row = outbox.delivery(outbox.channel(), of=made)
            if number < 3:
                Delivery.objects.filter(pk=row.pk).update(
                    state=State.FAILED, next_attempt_at=None, error_code="rejected", error_sentence="Từ chối."
                )
        yield made


def release_page(release):
    return reverse("publishers:release", args=[release.pk])


def test_the_release_shows_its_figures_and_what_needs_somebody_first(release, quan, client):
    client.force_login(quan)
    shown = client.get(release_page(release)).content.decode()
    assert "Đã xong 0 trên 6 kênh" in shown
    tiles = shown.partition("centre__tiles")[2]
    assert tiles.index("Gửi không thành công") < tiles.index("Đang chờ gửi")


@pytest.mark.parametrize("role", list(Role))
def test_everybody_who_works_here_sees_the_list_of_releases(role, release, client):
    client.force_login(factories.user("ai-do", role))
    shown = client.get(reverse("publishers:releases")).content.decode()
    assert release.reference in shown


@pytest.mark.parametrize("name", ["releases", "health", "halt", "channel_import"])
def test_whoever_has_no_right_sees_nothing(name, client, db):
    client.force_login(factories.user("khach"))
    assert client.get(reverse(f"publishers:{name}")).status_code in (302, 403)


def test_an_editor_may_look_but_not_act(release, lan, client):
    client.force_login(lan)
    assert client.get(release_page(release)).status_code == 200
    reply = client.post(
        reverse("publishers:release_bulk", args=[release.pk]),
        {"verb": "retry", "confirmed": "1", "reason": "x"},
    )
    assert reply.status_code in (302, 403)
    assert Delivery.objects.filter(state=State.FAILED).count() == 3
    assert client.get(reverse("publishers:halt")).status_code in (302, 403)


def test_from_the_release_an_approver_comes_to_the_withdrawal(release, lan, minh, quan, client):
    address = reverse("editorial:withdraw", args=[release.page_id])
    for person, offered in ((minh, True), (lan, False), (quan, False)):
        client.force_login(person)
        shown = client.get(reverse("publishers:release", args=[release.pk])).content.decode()
        assert (f'href="{address}"' in shown) is offered


def test_the_number_of_queries_does_not_grow_with_the_channels(release, quan, client):
    client.force_login(quan)
    client.get(release_page(release))
    with CaptureQueriesContext(connection) as few:
        client.get(release_page(release))
    for _ in range(60):
        outbox.delivery(outbox.channel(), of=release)
    with CaptureQueriesContext(connection) as many:
        client.get(release_page(release))
    assert len(many) <= len(few) + 2


def test_the_live_part_answers_304_until_something_changes(release, quan, client):
    client.force_login(quan)
    address = reverse("publishers:release_progress", args=[release.pk])
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    outbox.delivery(outbox.channel(), of=release)
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


def test_many_are_retried_with_a_reason_and_only_those_that_surely_are_not_out(release, quan, client):
    client.force_login(quan)
    address = reverse("publishers:release_bulk", args=[release.pk])
    asked = client.post(address, {"verb": "retry"})
    assert "3 lượt gửi không thành công sẽ được gửi lại" in asked.content.decode()
    assert client.post(address, {"verb": "retry", "confirmed": "1"}).status_code == 422
    client.post(address, {"verb": "retry", "confirmed": "1", "reason": "Trang đã mở lại"})
    assert not Delivery.objects.filter(state=State.FAILED).exists()


def test_many_are_cancelled_but_never_what_may_be_out(release, quan, client):
    doubtful = Delivery.objects.filter(state=State.DUE).first()
    Delivery.objects.filter(pk=doubtful.pk).update(state=State.UNCONFIRMED)
    client.force_login(quan)
    address = reverse("publishers:release_bulk", args=[release.pk])
    client.post(address, {"verb": "cancel", "confirmed": "1", "reason": "Thôi"})
    assert Delivery.objects.get(pk=doubtful.pk).state == State.UNCONFIRMED
    assert Delivery.objects.filter(state=State.CANCELLED).count() == 5


def test_one_deliverys_page_tells_its_story(release, quan, client):
    client.force_login(quan)
    row = Delivery.objects.filter(state=State.FAILED).first()
    shown = client.get(reverse("publishers:delivery", args=[row.pk])).content.decode()
    assert "Từ chối." in shown
    assert "Chưa có lần gọi nào" in shown


def test_the_stop_switch_needs_a_reason_and_shows_on_every_page(quan, minh, client):
    client.force_login(minh)
    banner = reverse("publishers:banner")
    assert client.get(banner).status_code == 204
    assert client.post(reverse("publishers:halt"), {"reason": " "}).status_code == 422
    client.post(reverse("publishers:halt"), {"reason": "Nghi bị chiếm tài khoản"})
    assert Halt.objects.filter(is_standing=True).count() == 1
    client.force_login(quan)
    assert "Nghi bị chiếm tài khoản" in client.get(banner).content.decode()
    assert banner in client.get(reverse("wagtailadmin_home")).content.decode()
    client.post(reverse("publishers:resume"))
    assert halt.standing() is None


def test_the_health_page_lists_what_does_not_fit_and_closes_it_with_a_reason(release, quan, client):
    channel = Channel.objects.filter(kind="memory").first()
    row = Discrepancy.objects.create(
        kind="deleted", channel=channel, subject="post:1", detail="Không còn thấy", release=release,
        found_at=release.sealed_at, seen_at=release.sealed_at,
    )  # fmt: skip
    client.force_login(quan)
    shown = client.get(reverse("publishers:health"))
    assert "Không còn thấy" in shown.content.decode()
    address = reverse("publishers:close_discrepancy", args=[row.pk])
    client.post(address, {"reason": ""})
    row.refresh_from_db()
    assert row.resolved_at is None
    client.post(address, {"reason": "Đã gỡ theo yêu cầu"})
    row.refresh_from_db()
    assert (row.closed_reason, row.closed_by) == ("Đã gỡ theo yêu cầu", str(quan))


def table(*rows, kind="csv") -> io.BytesIO:
    head = list(channel_import.COLUMNS.values())
    if kind == "csv":
        lines = [";".join(head), *(";".join(row) for row in rows)]
        file = io.BytesIO("\n".join(lines).encode("utf-8-sig"))
    else:
        book, file = Workbook(), io.BytesIO()
        for row in [head, *rows]:
            book.active.append(list(row))
        book.save(file)
        file.seek(0)
    file.name = f"kenh.{kind}"
    return file


GOOD = ("Tổ 1", "Do người đăng", "to-1", "", "Phường 1", "Chị Hoa", "hoa@example.vn", "zalo", "")
BAD = ("", "Loại lạ", "mã có dấu cách", "", "", "", "", "", "")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_is_checked_row_by_row_before_anything_is_added(kind, quan, client):
    client.force_login(quan)
    address = reverse("publishers:channel_import")
    shown = client.post(address, {"file": table(GOOD, BAD, GOOD, kind=kind)})
    assert not Channel.objects.filter(kind="assisted").exists()
    text = shown.content.decode()
    assert "“Loại lạ”" in text
    assert (shown.context["good_count"], shown.context["wrong_count"], shown.context["known_count"]) == (
        1,
        1,
        1,
    )
    held = shown.context["held"]
    report = client.post(address, {"held": held, "report": "1"})
    assert report.headers["Content-Type"].startswith("text/csv")
    client.post(address, {"held": held, "confirmed": "1"})
    channel = Channel.objects.get(kind="assisted")
    assert (channel.area, channel.options, channel.operator.email) == (
        "Phường 1", {"platform": "zalo"}, "hoa@example.vn",
    )  # fmt: skip
    again = client.post(address, {"file": table(GOOD, kind=kind)})
    assert again.context["known_count"] == 1


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01", "tên;loại\nx".encode("utf-16"), b"PK\x03\x04rubbish", b"a;b\n1;2"]
)
def test_what_is_no_table_is_refused_in_words(data, quan, client):
    client.force_login(quan)
    file = io.BytesIO(data)
    file.name = "kenh.csv"
    reply = client.post(reverse("publishers:channel_import"), {"file": file})
    assert reply.status_code == 422
    assert "error-message" in reply.content.decode()


def test_two_thousand_rows_cost_a_handful_of_queries(quan):
    rows = [
        (f"Tổ {n}", "assisted", f"to-{n}", "", f"Phường {n % 150}", f"Người {n % 150}", "", "zalo", "")
        for n in range(2000)
    ]
    checked = channel_import.read("kenh.csv", table(*rows).getvalue())
    with CaptureQueriesContext(connection) as queries:
        assert channel_import.add(checked, quan) == 2000
    assert len(queries) < 60
    assert Operator.objects.count() == 150


def test_a_report_cell_never_runs_in_a_spreadsheet(quan, client):
    client.force_login(quan)
    evil = ("=HYPERLINK(1)", "Loại lạ", "x", "", "", "", "", "", "")
    held = client.post(reverse("publishers:channel_import"), {"file": table(evil)}).context["held"]
    report = client.post(reverse("publishers:channel_import"), {"held": held, "report": "1"}).content.decode()
    assert "'=HYPERLINK" in report


def test_the_template_is_itself_a_readable_table(quan, client):
    client.force_login(quan)
    for kind in ("csv", "xlsx"):
        data = client.get(reverse("publishers:channel_template", args=[kind])).content
        (row,) = channel_import.read(f"kenh.{kind}", data)
        assert row.values["name"] == "Trang Công an phường An Hải"


def test_addresses_are_added_checked_and_taken_off(quan, client):
    channel = factories.channel("email", "Báo chí", "bao-chi")
    client.force_login(quan)
    address = reverse("publishers:mailing", args=[channel.pk])
    assert client.post(address, {"addresses": "a@example.vn\nkhông phải địa chỉ"}).status_code == 422
    assert not channel.mail_recipients.exists()
    client.post(address, {"addresses": "a@example.vn\nB@example.vn\na@example.vn"})
    assert sorted(channel.mail_recipients.values_list("address", flat=True)) == [
        "a@example.vn",
        "b@example.vn",
    ]
    client.post(address, {"leave": "b@example.vn"})
    assert channel.mail_recipients.get(address="b@example.vn").left_at
    edit = client.get(reverse("publishers_channels:edit", args=[channel.pk])).content.decode()
    assert address in edit

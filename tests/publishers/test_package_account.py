"""A kind of account that an installed package brings: the form asks for it, checks it, and keeps its key."""

import sys
from functools import partial
from importlib import invalidate_caches
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

import pytest

from publishers import registry
from publishers.channels.form import ChannelForm
from publishers.connecting.standing import check_account
from publishers.contracts import AuthExpired, Temporary
from publishers.credentials import CredentialHandle
from publishers.models import Credential

pytestmark = pytest.mark.django_db
EXAMPLE = Path(__file__).resolve().parents[2] / "docs/examples/keng-example-publisher"
ENTRY_POINTS = """[keng.publishers]
notice_board = keng_notice_board:KIND
[keng.accounts]
notice_board = keng_notice_board:ACCOUNT
facebook = keng_notice_board:ACCOUNT
broken = keng_notice_board:KIND
"""


def forget() -> None:
    """What the registry remembers of the installed packages."""
    for remembered in (
        registry._installed,
        registry._loads,
        registry.adapter_class,
        registry.account_check,
    ):
        remembered.cache_clear()


@pytest.fixture
def package(monkeypatch, tmp_path):
    """The example, as installed: importable, with the metadata of its wheel."""
    metadata = tmp_path / "keng_example_publisher-0.1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: keng-example-publisher\nVersion: 0.1.0\n"
    )
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    for folder in (tmp_path, EXAMPLE / "src", EXAMPLE / "tests"):
        monkeypatch.syspath_prepend(str(folder))
    invalidate_caches()
    forget()
    yield
    monkeypatch.undo()
    invalidate_caches()
    forget()
    for name in [
        name for name in sys.modules if name.partition(".")[0] in ("keng_notice_board", "notice_board")
    ]:
        del sys.modules[name]


@pytest.fixture
def board(package, settings):
    from notice_board import NoticeBoard

    settings.OUTBOUND_ALLOW_HTTP = True
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    with NoticeBoard() as running:
        yield running


@pytest.fixture
def admin(client):
    """Somebody who may connect accounts."""
    user = get_user_model().objects.create_user("nhan-vien", password="mat-khau-thu-nghiem")
    names = ["access_admin", "view_credential", "add_credential", "change_credential"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return client


def entered(url: str, key: str) -> dict[str, str]:
    return {
        "label": "Bảng tin phường 7",
        "kind": "notice_board",
        "notice_board-url": url,
        "notice_board-board_key": key,
    }


def test_the_form_offers_it(package, admin):
    page = admin.get(reverse("publishers_accounts:add")).content.decode()
    assert '<option value="notice_board">Tài khoản bảng tin của phường</option>' in page
    assert 'type="password" name="notice_board-board_key"' in page
    assert 'type="text" name="notice_board-url"' in page
    assert "Phường cấp; bắt đầu bằng https://." in page


def test_ours_are_not_replaced_and_what_is_no_account_is_left_out(package):
    assert registry.accounts()["facebook"] is registry.ACCOUNTS["facebook"]
    assert "broken" not in registry.accounts()


def test_it_is_stored_and_checked_and_its_key_is_not_shown_again(board, admin):
    from notice_board import KEY

    add = partial(admin.post, reverse("publishers_accounts:add"), follow=True)
    page = add(entered(board.url, KEY)).content.decode()
    assert "“Bảng tin phường 7”" in page
    account = Credential.objects.get()
    assert account.health == Credential.Health.OK
    assert CredentialHandle(account.pk).read() == {"url": board.url, "board_key": KEY}
    assert KEY not in account.sealed_secrets
    assert [request.path for request in board.requests] == ["/board"]
    edit = reverse("publishers_accounts:edit", args=[account.pk])
    shown = admin.get(edit).content.decode()
    assert board.url in shown
    assert KEY not in shown
    # An empty field keeps the key; another address is taken.
    admin.post(edit, {"label": "Bảng tin phường 7", "notice_board-url": "https://bang-tin.example.vn/"})
    assert CredentialHandle(account.pk).read() == {"url": "https://bang-tin.example.vn/", "board_key": KEY}


def test_a_wrong_key_is_told_at_once(board, admin):
    page = admin.post(
        reverse("publishers_accounts:add"), entered(board.url, "khoa-sai"), follow=True
    ).content.decode()
    assert "Bảng tin không chấp nhận khóa truy cập." in page
    assert Credential.objects.get().health == Credential.Health.RECONNECT_REQUIRED
    with pytest.raises(AuthExpired):
        check_account(Credential.objects.get())


def test_an_address_that_is_none_and_a_missing_key_are_refused(package, admin):
    page = admin.post(reverse("publishers_accounts:add"), entered("javascript:alert(1)", "")).content.decode()
    assert "https://" in page
    assert page.count("w-field__errors") >= 2
    assert not Credential.objects.exists()


def test_a_channel_of_the_kind_wants_such_an_account(package):
    other = Credential.objects.create(label="Trang", kind="facebook", sealed_secrets="")
    own = Credential.objects.create(label="Bảng tin", kind="notice_board", sealed_secrets="")
    data = {"name": "Bảng tin", "kind": "notice_board", "remote_id": "p7", "sort_order": "1"}
    assert "credential" in ChannelForm(data | {"credential": other.pk}).errors
    assert not ChannelForm(data | {"credential": own.pk}).errors


def test_a_check_that_is_broken_is_told_without_what_it_quotes(board, monkeypatch, caplog):
    from notice_board import KEY

    account = Credential(label="Bảng tin", kind="notice_board")
    from publishers.credentials import store

    store(account, {"url": board.url, "board_key": KEY})
    monkeypatch.delattr("keng_notice_board.adapter.check_account")
    with pytest.raises(Temporary) as caught:
        check_account(account)
    assert caught.value.code == "check_broken"
    assert caught.value.__cause__ is None
    assert KEY not in caplog.text


def test_without_the_package_the_account_can_still_be_opened(admin):
    account = Credential.objects.create(label="Bảng tin", kind="notice_board", sealed_secrets="")
    assert admin.get(reverse("publishers_accounts:edit", args=[account.pk])).status_code == 200
    assert admin.get(reverse("publishers_accounts:index")).status_code == 200

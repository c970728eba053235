"""The installed package brings its kind of channel, and the account it speaks through."""

import pytest
from notice_board import KEY, NoticeBoard

from publishers import registry
from publishers.adapters.base import Endpoint
from publishers.contracts import AuthExpired
from publishers.kit import MemoryCredentials


def test_the_kind_is_there() -> None:
    """It can be chosen, and its adapter loads."""
    assert dict(registry.choices())["notice_board"] == "Bảng tin điện tử của phường"
    assert "notice_board" in registry.usable()
    assert registry.adapter_class("notice_board").kind == "notice_board"


def test_its_account_is_there() -> None:
    """The form asks for it: the key unseen, the address to be read again."""
    assert dict(registry.account_choices())["notice_board"] == "Tài khoản bảng tin của phường"
    secret = {field.name: field.secret for field in registry.account_fields("notice_board")}
    assert secret == {"url": False, "board_key": True}


def test_the_account_is_checked(settings) -> None:
    """With the right key it is connected, with another it is not; nothing is posted."""
    settings.OUTBOUND_ALLOW_HTTP = True
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    check = registry.account_check("notice_board")
    assert check is not None
    with NoticeBoard() as board:
        check(MemoryCredentials({"url": board.url, "board_key": KEY}), Endpoint(""))
        with pytest.raises(AuthExpired):
            check(MemoryCredentials({"url": board.url, "board_key": "khac"}), Endpoint(""))
        assert not board.items()

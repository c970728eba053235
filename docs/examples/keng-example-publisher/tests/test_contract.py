"""The contract of a publisher, kept by the notice board; the checks come from Kẻng."""

from collections.abc import Mapping

from keng_notice_board.adapter import NoticeBoardPublisher
from notice_board import KEY, NoticeBoard

from publishers.kit import AdapterContract


class TestNoticeBoard(AdapterContract):
    """Every failure of the kit, at every step."""

    adapter = NoticeBoardPublisher
    receiver = NoticeBoard
    secrets = {"board_key": KEY}
    remote_id = "phuong-7"

    def account(self, url: str) -> Mapping[str, str]:
        """What the administrator enters in the account's form besides the key."""
        return {"url": url}

"""The electronic notice board of a ward, as a channel of Kẻng."""

from publishers.registry import Account, AccountField, Kind

KIND = Kind(
    "Bảng tin điện tử của phường",
    "keng_notice_board.adapter.NoticeBoardPublisher",
    # The Zalo form is short plain text that carries the reference code, so a notice can be found again.
    "zalo",
    account="notice_board",
    destination="Tên ngắn của bảng tin",
)
ACCOUNT = Account(
    "Tài khoản bảng tin của phường",
    (
        AccountField(
            "url", "Địa chỉ API của bảng tin", secret=False, help_text="Phường cấp; bắt đầu bằng https://."
        ),
        AccountField("board_key", "Khóa truy cập", help_text="Phường cấp cùng với địa chỉ."),
    ),
    check="keng_notice_board.adapter.check_account",
)

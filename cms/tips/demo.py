"""Tips for the demonstration, sent through the product's own door."""

import secrets
from datetime import timedelta
from typing import Final

from django.contrib.auth import get_user_model
from django.utils import timezone

from cms.intake import choices
from cms.tips import acts, receiving
from cms.tips.models import State, Tip

# Story, traces, scam type, place by its order, harmed, contact, hours ago, state. Nobody and nothing in it is real.
_TIPS: Final = (
    (
        "Người xưng công an phường bảo tôi cài ứng dụng để nâng định danh mức 2, gửi liên kết qua Zalo.",
        "0901 234 567\nhttps://vneid-muc2.example/tai-ve",
        "gia-danh-cong-an-vks-toa-an",
        0,
        False,
        "0912 000 111",
        3,
        State.NEW,
    ),
    (
        "Số 0901.234.567 gọi mẹ tôi, dọa khóa căn cước nếu không vào trang họ gửi trong hôm nay.",
        "https://vneid-muc2.example",
        "gia-danh-cong-an-vks-toa-an",
        1,
        True,
        "",
        5,
        State.NEW,
    ),
    (
        "Tin nhắn báo nợ tiền điện 2 tháng, bấm vào liên kết để đóng nếu không sẽ cắt điện trước 17 giờ.",
        "https://dien-luc-thanh-toan.example/hoa-don",
        "",
        0,
        False,
        "lan.huong@example.vn",
        9,
        State.NEW,
    ),
    (
        "Làm cộng tác viên chốt đơn, lúc đầu trả 50 nghìn, sau bắt nạp 5 triệu mới cho rút. Tôi đã chuyển.",
        "STK 0011223344556 ngân hàng MB",
        "tuyen-ctv-online",
        1,
        True,
        "0987 000 222",
        26,
        State.IN_WORK,
    ),
    (
        "Quảng cáo bán vé máy bay Tết giá rẻ, nhận cọc xong chặn liên lạc.",
        "",
        "du-lich-gia-re",
        None,
        True,
        "",
        50,
        State.NEW,
    ),
    ("Nhóm Zalo mời học làm giàu, tôi thấy phiền.", "", "", 0, False, "", 75, State.NOT_RELEVANT),
)


def load_tips() -> int:
    """Send them once. Returns how many there are new."""
    if Tip.objects.exists():
        return 0
    now, places = timezone.now(), list(choices.places()[:2])
    editor = get_user_model().objects.filter(username="bientap").first()
    for story, traces, kind, place, harmed, contact, hours, state in _TIPS:
        at = now - timedelta(hours=hours)
        told = receiving.Told(
            story=story,
            traces=traces,
            scam_type=choices.scam_type(kind),
            unit=places[place] if place is not None and place < len(places) else None,
            is_harmed=harmed,
            contact=contact,
        )
        receiving.receive(told, secrets.token_urlsafe(15), at)
        if state is not State.NEW and editor is not None:
            reason = "Không có dấu hiệu lừa đảo" if state is State.NOT_RELEVANT else ""
            acts.set_state(Tip.objects.get(received_at=at), state, reason, editor, at)
    return len(_TIPS)

"""The seeded demo world: every identifier and secret here is a PUBLIC sandbox value, worthless elsewhere.

The demo command connects its channels with these constants; see README.md for how they fit together.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

FACEBOOK_APP_ID = "910000000000001"
FACEBOOK_APP_SECRET = "sandbox-public-facebook-secret-1"  # noqa: S105
FACEBOOK_APP_TOKEN = f"{FACEBOOK_APP_ID}|{FACEBOOK_APP_SECRET}"
FACEBOOK_BUSINESS_ID = "920000000000001"
FACEBOOK_USER_ID = "930000000000001"
FACEBOOK_USER_NAME = "Kẻng (người dùng hệ thống)"
FACEBOOK_USER_TOKEN = "EAASANDBOXPUBLICsystemUserToken0001"  # noqa: S105
FACEBOOK_SHORT_USER_TOKEN = "EAASANDBOXPUBLICshortUserToken0001"  # noqa: S105
FACEBOOK_SCOPES = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_posts",
    "pages_manage_engagement",
    "pages_read_user_content",
    "read_insights",
    "business_management",
)


@dataclass(frozen=True)
class PageSeed:
    """A fanpage of the demo world."""

    id: str
    name: str
    about: str
    category: str
    fan_count: int
    colour: str
    access_token: str


PROVINCE_PAGE = PageSeed(
    id="100000000000101",
    name="Công an tỉnh – Cảnh báo lừa đảo",
    about="Cảnh báo phương thức, thủ đoạn lừa đảo và cách phòng tránh. Trường hợp khẩn cấp gọi 113.",
    category="Cơ quan nhà nước",
    fan_count=48210,
    colour="#b3261e",
    access_token="EAASANDBOXPUBLICprovincePageToken0001",  # noqa: S106
)
WARD_PAGE = PageSeed(
    id="100000000000102",
    name="Công an phường Bình Minh",
    about="Thông tin an ninh trật tự trên địa bàn phường. Trực ban 24/24 giờ.",
    category="Cơ quan nhà nước",
    fan_count=3175,
    colour="#0b5d6b",
    access_token="EAASANDBOXPUBLICwardPageToken0001",  # noqa: S106
)
PAGES = (PROVINCE_PAGE, WARD_PAGE)

ZALO_APP_ID = "4100000000000000001"
ZALO_SECRET_KEY = "sandbox-public-zalo-secret-key-1"  # noqa: S105
ZALO_OA_ID = "4200000000000000001"
ZALO_OA_NAME = "Công an tỉnh – Phòng, chống lừa đảo"
ZALO_OA_DESCRIPTION = "Kênh Zalo chính thức cảnh báo lừa đảo đến người dân trong tỉnh."
ZALO_OA_COLOUR = "#0b5d6b"
ZALO_ADMIN_ID = "4300000000000000001"
ZALO_ACCESS_TOKEN = "sandbox-public-zalo-access-token-0001"  # noqa: S105
ZALO_REFRESH_TOKEN = "sandbox-public-zalo-refresh-token-0001"  # noqa: S105
ZALO_WEBHOOK_KEY = "sandbox-public-zalo-webhook-key-1"


@dataclass(frozen=True)
class GroupSeed:
    """A GMF group of the demo world's Official Account."""

    id: str
    name: str
    description: str
    total_member: int
    asset_id: str
    colour: str


PROVINCE_GROUP = GroupSeed(
    id="f414c8f76fa586fbdfb4",
    name="Cảnh báo lừa đảo – toàn tỉnh",
    description="Nhóm nhận cảnh báo lừa đảo của Công an tỉnh.",
    total_member=86,
    asset_id="a1c5e0f7b2d94e01",
    colour="#0b5d6b",
)
WARD_GROUP = GroupSeed(
    id="9b1e3d52aa7c40e6c318",
    name="Tổ dân phố 5 – Phường Bình Minh",
    description="Thông tin của Công an phường đến bà con tổ dân phố 5.",
    total_member=42,
    asset_id="a1c5e0f7b2d94e02",
    colour="#7a4b12",
)
GROUPS = (PROVINCE_GROUP, WARD_GROUP)
MEMBERS = (
    ("4310000000000000001", "Nguyễn Thị Hoa"),
    ("4310000000000000002", "Trần Văn Bình"),
    ("4310000000000000003", "Lê Minh Châu"),
)


@dataclass(frozen=True)
class PartnerSeed:
    """A partner whose system takes warnings over the webhook (docs/webhook.md)."""

    id: str
    name: str
    about: str
    colour: str
    signing_key: str


NEWSPAPER = PartnerSeed(
    id="bao-tinh",
    name="Báo tỉnh – chuyên mục Cảnh báo lừa đảo",
    about="Trang tin của báo tỉnh, đăng lại nguyên văn cảnh báo của Công an tỉnh.",
    colour="#5a3d8a",
    signing_key="sandbox-public-partner-signing-key-1",
)
PARTNERS = (NEWSPAPER,)


@dataclass(frozen=True)
class MailingSeed:
    """An e-mail list of the demo; its addresses end in a domain that exists nowhere."""

    id: str
    name: str
    addresses: tuple[str, ...]


WARD_LEADERS = MailingSeed(
    id="to-truong-dan-pho",
    name="Thư: Tổ trưởng dân phố",
    addresses=("to1.binhminh@keng.example", "to2.binhminh@keng.example", "to5.binhminh@keng.example"),
)


def as_json() -> dict[str, Any]:
    """What another process needs to connect the demo's channels, as plain JSON values."""
    return {
        "facebook": {
            "app_id": FACEBOOK_APP_ID,
            "app_secret": FACEBOOK_APP_SECRET,
            "pages": [asdict(page) for page in PAGES],
        },
        "zalo": {
            "app_id": ZALO_APP_ID,
            "secret_key": ZALO_SECRET_KEY,
            "oa_id": ZALO_OA_ID,
            "oa_name": ZALO_OA_NAME,
            "access_token": ZALO_ACCESS_TOKEN,
            "refresh_token": ZALO_REFRESH_TOKEN,
            "webhook_key": ZALO_WEBHOOK_KEY,
            "groups": [asdict(group) for group in GROUPS],
        },
        "partners": [asdict(partner) for partner in PARTNERS],
        "mailing": asdict(WARD_LEADERS),
    }

"""Demo content: accounts, sandbox channels, and the warnings in a mix of states.

Idempotent by the key of each warning. Published ones go the real way: written by the editor, submitted,
approved by the approver, released through the outbox. Only their dates are set back. One is corrected and a
further one withdrawn, each after its first version came out: everywhere where the sandbox runs meanwhile
(``python -m cms`` sees to that), else on the portal and in the feed.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from wagtail.users.models import UserProfile

from cms.core.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD, MORE_DEMO_ACCOUNTS
from cms.editorial import approval, withdrawal
from cms.editorial.drafting import create_warning, write_content
from cms.users import memberships, units
from cms.users.enums import UnitKind
from cms.users.models import Unit
from media.renderers.illustration import render_illustration
from media.services import add_image
from publishers import credentials, dispatch, recipients
from publishers.models import Channel, Credential, Operator, Release
from publishers.plans import LOCAL
from publishers.states import PUBLIC, State
from scam_warnings.agency import AgencySettings
from scam_warnings.models import ScamWarningPage
from scam_warnings.seed import read_data
from scam_warnings.taxonomy import ScamType

# Newest first: how the latest warnings of the seed stand; all older ones are published.
_STATES = ("waiting", "draft", "returned", "waiting")
_ON_ALL_CHANNELS = 6
_SCENES = {
    "du-lich-gia-re": "browser",
    "deepfake-deepvoice": "phone",
    "khoa-sim": "phone",
    "bien-lai-gia": "bank_card",
    "nguoi-than-cap-cuu": "family",
    "tuyen-nguoi-mau-nhi": "family",
    "gia-danh-tai-chinh-ngan-hang": "bank_card",
    "quang-cao-co-bac-tin-dung-den": "hook",
    "website-gia-mao": "browser",
    "sms-brandname": "chat",
    "dau-tu-chung-khoan-tien-ao": "chart",
    "tuyen-ctv-online": "chat",
    "danh-cap-tai-khoan-mxh": "chat",
    "gia-danh-cong-an-vks-toa-an": "building",
    "ban-hang-gia-san-tmdt": "parcel",
    "danh-cap-cccd-vay-tien": "shield",
    "chuyen-nham-tien": "bank_card",
    "dich-vu-lay-lai-tien": "hook",
    "telegram-otp": "chat",
    "tin-gia-flashai": "phone",
    "dich-vu-lay-lai-facebook": "browser",
    "bay-tinh-cam": "chat",
    "phishing-seeding-facebook": "hook",
    "cho-so-danh-de": "chat",
    "gia-mao-vneid": "shield",
    "gia-danh-co-quan-thue": "building",
    "bat-coc-online": "family",
    "shipper-gia": "parcel",
    "ma-qr-gia": "phone",
    "gia-danh-dien-luc": "phone",
    "gia-danh-bhxh-vssid": "shield",
    "phat-nguoi-gia": "browser",
}
_CORRECTED = "tin-nhan-phat-nguoi-gia-mao-canh-sat-giao-thong"
_FIRST_VERSION = {
    "what_to_do": [
        "Tự tra cứu trên trang chính thức của Cục Cảnh sát giao thông hoặc ứng dụng của Bộ Công an.",
        "Chỉ nộp phạt trực tiếp tại trụ sở Cảnh sát giao thông.",
        "Không bấm liên kết, không mở tệp lạ.",
    ]
}
_CORRECTION_NOTE = (
    "Bản trước ghi chỉ nộp phạt tại trụ sở Cảnh sát giao thông. Người dân còn có thể nộp qua Cổng dịch vụ công "
    "quốc gia, kho bạc hoặc ngân hàng theo quyết định xử phạt."
)
_WITHDRAWN = {
    "key": "tin-nhan-tri-an-khach-hang-cua-sieu-thi",
    "title": "Tin nhắn “tri ân khách hàng” mang tên siêu thị trong tỉnh",
    "summary": "Người dân nhận tin nhắn mời nhận phiếu quà tặng của siêu thị, nghi là lừa đảo lấy thông tin cá nhân.",
    "scam_type": "website-gia-mao",
    "audience": ["toan-dan"],
    "severity": "info",
    "how_it_works": ["Nhắn tin mời đến quầy hoặc bấm liên kết để nhận phiếu quà tặng."],
    "warning_signs": ["Tin nhắn không nêu thời hạn và điều kiện nhận quà."],
    "what_to_do": ["Gọi số điện thoại in trên hóa đơn của siêu thị để hỏi lại."],
    "if_you_are_a_victim": ["Trình báo Công an xã, phường nơi gần nhất."],
    "sources": [{"registered": "cong-an-cap-tinh", "name": "Phản ánh của người dân", "kind": "advisory"}],
    "hashtags": ["#CanhBaoLuaDao"],
    "published_on": "2026-06-22",
}
_WITHDRAWAL_NOTE = (
    "Đã xác minh: chương trình tri ân khách hàng này là có thật và do siêu thị tổ chức. Xin lỗi bạn đọc vì cảnh "
    "báo chưa chính xác."
)
_STANDING_UNIT = "PA05"
_UNITS = (
    (
        _STANDING_UNIT,
        UnitKind.DIVISION,
        "Phòng An ninh mạng và phòng, chống tội phạm sử dụng công nghệ cao",
    ),
    ("SKHCN", UnitKind.DEPARTMENT, "Sở Khoa học và Công nghệ"),
    ("SVHTTDL", UnitKind.DEPARTMENT, "Sở Văn hóa, Thể thao và Du lịch"),
    ("PBM", UnitKind.WARD, "Phường Bình Minh"),
    ("PAH", UnitKind.WARD, "Phường An Hải"),
    ("XHA", UnitKind.COMMUNE, "Xã Hòa An"),
    ("DKHV", UnitKind.SPECIAL_ZONE, "Đặc khu Hải Vân"),
)
_PUBLIC_SECONDS = 20
_BEGINNING = (State.SCHEDULED, State.DUE)
_RETURN_REASON = "Bổ sung nguồn tin của cơ quan thuế và rút ngắn phần dấu hiệu nhận biết còn bốn ý."


@dataclass(frozen=True, slots=True)
class Accounts:
    """The demo users by what they do."""

    editor: Any
    approver: Any


def load_demo(report: Callable[[str], None] = lambda line: None, *, warnings: bool = True) -> None:
    """Create what is missing of the demo; ``report`` gets one line per warning, if ``warnings`` are wanted."""
    accounts = _accounts()
    _agency()
    _channels(_sandbox_world())
    if not warnings:
        return
    rows = sorted(read_data("warnings.json"), key=lambda row: row["published_on"], reverse=True)
    # First, while nothing else waits: both have to be public before their second release.
    _correct(next(row for row in rows if row["key"] == _CORRECTED), accounts)
    _withdraw(_WITHDRAWN, accounts)
    known = set(ScamWarningPage.objects.values_list("slug", flat=True))
    for place, row in reversed(list(enumerate(rows))):
        if row["key"] in known:
            continue
        state = _STATES[place] if place < len(_STATES) else "published"
        everywhere = place < len(_STATES) + _ON_ALL_CHANNELS
        _load_warning(row, state, accounts, everywhere=everywhere)
        report(f"{len(rows) - place}/{len(rows)} {row['title']}")


def _correct(row: dict[str, Any], accounts: Accounts) -> None:
    """Publish ``row`` with a mistake, then its correction."""
    page = _published_once({**row, **_FIRST_VERSION}, accounts)
    if page is None:
        return
    draft = page.get_latest_revision_as_object()
    mended = {
        "what_to_do": row["what_to_do"],
        "correction_note": _CORRECTION_NOTE,
        "channels": [channel.name for channel in draft.channels.all()],
    }
    write_content(draft, mended)
    draft.save_revision(user=accounts.editor)
    _approve(
        approval.submit(page, accounts.editor, not_secret=True), accounts, _morning(row) + timedelta(days=2)
    )


def _withdraw(row: dict[str, Any], accounts: Accounts) -> None:
    """Publish ``row``, then take it back."""
    page = _published_once(row, accounts)
    if page is None:
        return
    withdrawal.withdraw(
        page,
        accounts.approver,
        note=_WITHDRAWAL_NOTE,
        seen_seal=withdrawal.draft(page, _WITHDRAWAL_NOTE).seal,
        not_secret=True,
    )


def _published_once(row: dict[str, Any], accounts: Accounts) -> ScamWarningPage | None:
    """The warning of ``row`` with its first release public, made if new; None when it has later ones already."""
    if not ScamWarningPage.objects.filter(slug=row["key"]).exists():
        _load_warning(row, "published", accounts, everywhere=bool(settings.SANDBOX_URL))
    page = ScamWarningPage.objects.get(slug=row["key"])
    release = page.releases.first()
    if release is None or page.releases.count() > 1 or not _became_public(release):
        return None
    return page


def _became_public(release: Release) -> bool:
    """Let the channels take ``release``: here no worker runs yet, elsewhere one may be quicker.

    False when the portal and the feed did not. A channel that cannot be reached is not waited for: what
    follows replaces what it did not get.
    """
    end = monotonic() + _PUBLIC_SECONDS
    local = release.deliveries.filter(channel__kind__in=LOCAL).exclude(state__in=PUBLIC)
    soon = timezone.now() + timedelta(seconds=_PUBLIC_SECONDS)
    untried = release.deliveries.filter(state__in=_BEGINNING, attempts=0, next_attempt_at__lte=soon)
    underway = release.deliveries.filter(state=State.SENDING)
    while local.exists() or untried.exists() or underway.exists():
        if monotonic() >= end:
            break
        if not dispatch.drain("demo", seconds=_PUBLIC_SECONDS).count:
            sleep(0.2)
    return not local.exists()


def _load_warning(row: dict[str, Any], state: str, accounts: Accounts, *, everywhere: bool) -> None:
    page_group = ScamType.objects.get(key=row["scam_type"]).group.key
    image = add_image(
        render_illustration(row["key"], group=page_group, scene=_SCENES.get(row["scam_type"])),
        title=row["title"],
        alt=f"Hình minh họa: {row['title']}",
        credit="Hình minh họa do hệ thống tạo",
        user=accounts.editor,
    )
    content = {**row, **_in_english(row["key"])}
    if not everywhere:
        content["channels"] = []
    page, _revision = create_warning(content, accounts.editor, image=image)
    if state == "draft":
        return
    task_state = approval.submit(page, accounts.editor, not_secret=True)
    if state == "returned":
        approval.return_for_changes(task_state, accounts.approver, _RETURN_REASON)
    elif state == "published":
        _approve(task_state, accounts, _morning(row))


def _approve(task_state: Any, accounts: Accounts, dated: datetime) -> None:
    approval.approve(
        task_state,
        accounts.approver,
        seen_seal=approval.under_review(task_state).seal,
        not_secret=True,
        dated=dated,
    )


def _in_english(key: str) -> dict[str, Any]:
    """The English fields of the warning ``key``, with those of its illustration; nothing for most."""
    words = read_data("warnings_en.json").get(key)
    if words is None:
        return {}
    return {
        **words,
        "image_description_en": f"Illustration: {words['title_en']}",
        "image_credit_en": "Illustration made by the system",
    }


def _morning(row: dict[str, Any]) -> datetime:
    return timezone.make_aware(datetime.combine(date.fromisoformat(row["published_on"]), time(8, 30)))


def _accounts() -> Accounts:
    by_code = _units()
    model = get_user_model()
    for account in (*DEMO_ACCOUNTS, *MORE_DEMO_ACCOUNTS):
        family, _, given = account.full_name.rpartition(" ")
        user, created = model.objects.get_or_create(
            username=account.username,
            defaults={
                "first_name": given,
                "last_name": family,
                "email": f"{account.username}@keng.example",
                "unit": by_code[account.unit or _STANDING_UNIT],
            },
        )
        if created:
            user.set_password(DEMO_PASSWORD)
            user.save()
            memberships.record(user, account.role, by_code.get(account.unit) or units.province())
            UserProfile.get_for_user(user)
    return Accounts(model.objects.get(username="bientap"), model.objects.get(username="pheduyet"))


def _units() -> dict[str, Unit]:
    """The tree of the demo, by the codes of its units."""
    province = units.province()
    made = {}
    for code, kind, name in _UNITS:
        unit, _created = Unit.objects.get_or_create(
            name=name, defaults={"code": code, "kind": kind, "parent": province}
        )
        units.shelve(unit)
        made[code] = unit
    return made


def _agency() -> None:
    agency = AgencySettings.load()
    if agency.contact_person:
        return
    agency.name = "Công an tỉnh"
    agency.parent_name = "Bộ Công an"
    agency.contact_person = "Ban biên tập Cổng cảnh báo lừa đảo"
    agency.address = "Trụ sở Công an tỉnh"
    agency.email = "canhbao@keng.example"
    agency.save()


def _sandbox_world() -> dict[str, Any]:
    # Another process on purpose: nothing in the product imports the sandbox.
    answer = subprocess.run(
        [sys.executable, "-m", "publishers.sandbox", "--print-world"],
        check=True,
        capture_output=True,
        timeout=30,
    )
    return json.loads(answer.stdout)


def _channels(world: dict[str, Any]) -> None:
    facebook, zalo = world["facebook"], world["zalo"]
    order = 10
    for page in facebook["pages"]:
        account = _account(
            f"Facebook: {page['name']}",
            "facebook",
            {
                "page_token": page["access_token"],
                "app_id": facebook["app_id"],
                "app_secret": facebook["app_secret"],
            },
        )
        _channel("facebook_page", page["id"], f"Facebook: {page['name']}", account, order)
        order += 10
    account = _account(
        f"Zalo OA: {zalo['oa_name']}",
        "zalo_oa",
        {
            "app_id": zalo["app_id"],
            "secret_key": zalo["secret_key"],
            "access_token": zalo["access_token"],
            "refresh_token": zalo["refresh_token"],
            "oa_id": zalo["oa_id"],
            "webhook_key": zalo["webhook_key"],
            # A pair lives 25 hours; the platform's own clock decides in the end.
            "expires_at": (timezone.now() + timedelta(hours=24)).isoformat(),
        },
    )
    for group in zalo["groups"]:
        _channel("zalo_group", group["id"], f"Zalo: {group['name']}", account, order)
        order += 10
    _channel("feed", "", "Bản tin RSS", None, 5)
    if settings.SANDBOX_URL:
        order = _partners(world, order)
        order = _mailing(world["mailing"], order)
    # Posted by hand: a group of a ward that admits no software.
    ward = Unit.objects.get(code="PBM")
    operator, _created = Operator.objects.get_or_create(
        name="Chị Hoa, Phường Bình Minh",
        defaults={"email": "hoa@keng.example", "phone": "0900 000 005", "unit": ward},
    )
    _channel(
        "assisted",
        "phuong-binh-minh",
        "Nhóm Zalo: Cư dân Phường Bình Minh",
        None,
        order,
        operator=operator,
        area="Phường Bình Minh",
        unit=ward,
        options={"platform": "zalo"},
    )


def _partners(world: dict[str, Any], order: int) -> int:
    """The partners' channels, from place ``order`` on. Returns the next place."""
    for partner in world["partners"]:
        account = _account(f"Đối tác: {partner['name']}", "webhook", {"signing_key": partner["signing_key"]})
        options = {"url": f"{settings.SANDBOX_URL}/partner/{partner['id']}/inbox"}
        _channel("webhook", partner["id"], f"Đối tác: {partner['name']}", account, order, options=options)
        order += 10
    return order


def _mailing(mailing: dict[str, Any], order: int) -> int:
    """The e-mail list with its subscribers at place ``order``. Returns the next place."""
    channel, created = _channel(
        "email", mailing["id"], mailing["name"], None, order, options={"reply_to": "canhbao@keng.example"}
    )
    if created:
        recipients.add_recipients(channel, mailing["addresses"])
    return order + 10


def _account(label: str, kind: str, secrets: dict[str, str]) -> Credential:
    account, created = Credential.objects.get_or_create(label=label, kind=kind)
    if created:
        credentials.store(account, secrets)
    return account


def _channel(
    kind: str, remote_id: str, name: str, account: Credential | None, order: int, **values: Any
) -> tuple[Channel, bool]:
    """The channel, and whether it is new."""
    return Channel.objects.get_or_create(
        kind=kind,
        remote_id=remote_id,
        defaults={
            "name": name,
            "credential": account,
            "sort_order": order,
            "chosen_by_default": True,
            **values,
        },
    )

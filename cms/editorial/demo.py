"""Demo content: accounts, sandbox channels, and the 32 warnings in a mix of states.

Idempotent by the key of each warning. Published ones go the real way: written by the editor, submitted,
approved by the approver, released through the outbox. Only their dates are set back.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from wagtail.users.models import UserProfile

from cms.core.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from cms.editorial import approval
from cms.editorial.drafting import create_warning
from cms.users.models import Unit
from media.renderers.illustration import render_illustration
from media.services import add_image
from publishers import credentials
from publishers.models import Channel, Credential
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
    known = set(ScamWarningPage.objects.values_list("slug", flat=True))
    for place, row in reversed(list(enumerate(rows))):
        if row["key"] in known:
            continue
        state = _STATES[place] if place < len(_STATES) else "published"
        everywhere = place < len(_STATES) + _ON_ALL_CHANNELS
        _load_warning(row, state, accounts, everywhere=everywhere)
        report(f"{len(rows) - place}/{len(rows)} {row['title']}")


def _load_warning(row: dict[str, Any], state: str, accounts: Accounts, *, everywhere: bool) -> None:
    day = date.fromisoformat(row["published_on"])
    page_group = ScamType.objects.get(key=row["scam_type"]).group.key
    image = add_image(
        render_illustration(row["key"], group=page_group, scene=_SCENES.get(row["scam_type"])),
        title=row["title"],
        alt=f"Hình minh họa: {row['title']}",
        credit="Hình minh họa do hệ thống tạo",
        user=accounts.editor,
    )
    content = dict(row)
    if not everywhere:
        content["channels"] = []
    page, _revision = create_warning(content, accounts.editor, image=image)
    if state == "draft":
        return
    task_state = approval.submit(page, accounts.editor)
    if state == "returned":
        approval.return_for_changes(task_state, accounts.approver, _RETURN_REASON)
    elif state == "published":
        approval.approve(
            task_state,
            accounts.approver,
            seen_seal=approval.under_review(task_state).seal,
            not_secret=True,
            dated=timezone.make_aware(datetime.combine(day, time(8, 30))),
        )


def _accounts() -> Accounts:
    unit, _ = Unit.objects.get_or_create(
        name="Phòng An ninh mạng và phòng, chống tội phạm sử dụng công nghệ cao"
    )
    model = get_user_model()
    for account in DEMO_ACCOUNTS:
        family, _, given = account.full_name.rpartition(" ")
        user, created = model.objects.get_or_create(
            username=account.username,
            defaults={
                "first_name": given,
                "last_name": family,
                "email": f"{account.username}@keng.example",
                "unit": unit,
            },
        )
        if created:
            user.set_password(DEMO_PASSWORD)
            user.save()
            user.groups.add(Group.objects.get(name=account.role))
            UserProfile.get_for_user(user)
    return Accounts(model.objects.get(username="bientap"), model.objects.get(username="pheduyet"))


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
            # A pair lives 25 hours; the platform's own clock decides in the end.
            "expires_at": (timezone.now() + timedelta(hours=24)).isoformat(),
        },
    )
    for group in zalo["groups"]:
        _channel("zalo_group", group["id"], f"Zalo: {group['name']}", account, order)
        order += 10


def _account(label: str, kind: str, secrets: dict[str, str]) -> Credential:
    account, created = Credential.objects.get_or_create(label=label, kind=kind)
    if created:
        credentials.store(account, secrets)
    return account


def _channel(kind: str, remote_id: str, name: str, account: Credential, order: int) -> None:
    Channel.objects.get_or_create(
        kind=kind,
        remote_id=remote_id,
        defaults={"name": name, "credential": account, "sort_order": order, "chosen_by_default": True},
    )

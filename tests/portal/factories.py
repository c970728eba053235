"""Sealed releases made directly, as the editorial side would leave them behind."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from wagtail.models import Page, Revision, Site

from cms.core.text import slug as make_slug
from cms.portal import bake, publishing
from cms.portal.baking import paths
from cms.portal.models import HomePage
from cms.portal.publishing import PortalBackend
from publishers.contracts import Message, Receipt
from publishers.models import Channel, Payload, Release
from scam_warnings.enums import Severity
from scam_warnings.models import ContentCategory, ScamType, ScamTypeGroup, ScamWarningPage, WarningIndexPage
from scam_warnings.references import release_reference
from scam_warnings.snapshot import English, HotlineRef, Named, Picture, Snapshot, SourceRef, canonical_hash

HOST = "http://127.0.0.1:8000"
HOTLINES = (
    HotlineRef("Công an (khẩn cấp)", "113", "phone", "Khi đang bị lừa, bị đe dọa."),
    HotlineRef("Đầu số 5656", "5656", "sms", "Phản ánh tin nhắn rác."),
    HotlineRef("Ứng dụng VNeID", "VNeID", "app", "Gửi tin tố giác."),
    HotlineRef("Công an xã, phường", "", "office", "Trình báo tại nơi gần nhất."),
    HotlineRef("Bộ Công an", "https://bocongan.gov.vn", "web", "Đối chiếu thông tin."),
)
_numbers = count(1)


def picture(name: str = "a", **values: Any) -> Picture:
    """A picture that was never sealed; its digest is made from ``name``."""
    return Picture(
        **(
            {
                "sha256": canonical_hash(name),
                "mime": "image/jpeg",
                "width": 1200,
                "height": 630,
                "alt": "Tranh minh họa",
            }
            | values
        )
    )


def snapshot(title: str = "Giả danh cán bộ thuế yêu cầu cài ứng dụng", **values: Any) -> Snapshot:
    """A complete snapshot; any field can be given."""
    slug = values.pop("slug", None) or make_slug(title) or "canh-bao"
    reference = values.pop("reference", "CB-2026-00001")
    code = reference.split(".")[0]
    made = Snapshot(
        reference=reference,
        slug=slug,
        path=f"/canh-bao/{slug}/",
        url=f"{HOST}/canh-bao/{slug}/",
        short_url=f"{HOST}/cb/{code}/",
        title=title,
        summary="Kẻ gian tự xưng cán bộ thuế, gửi đường dẫn ứng dụng giả để chiếm quyền điện thoại.",
        severity=Named("caution", "Cảnh báo"),
        scam_type=Named("gia-danh-co-quan-thue", "Giả danh cơ quan thuế, ứng dụng thuế giả"),
        scam_type_group=Named("gia-mao-thuong-hieu", "Giả mạo thương hiệu, cơ quan, tổ chức"),
        official_no=None,
        category=Named("canh-bao-huong-dan", "Cảnh báo, hướng dẫn"),
        audiences=(Named("toan-dan", "Người dân"), Named("bao-cao-vien", "Báo cáo viên")),
        how_it_works=(
            "Gọi điện tự xưng cán bộ thuế.",
            "Gửi đường dẫn tải ứng dụng lạ.",
            "Chiếm quyền điều khiển điện thoại.",
        ),
        warning_signs=(
            "Tên miền không có đuôi .gov.vn.",
            "Thúc giục làm ngay.",
            "Yêu cầu cấp quyền trợ năng.",
        ),
        what_to_do=(
            "Tắt máy, gọi lại cơ quan thuế.",
            "Chỉ cài ứng dụng từ kho chính thức.",
            "Không đọc mã OTP.",
        ),
        if_you_are_a_victim=("Dừng chuyển tiền.", "Gọi ngay ngân hàng.", "Trình báo Công an xã, phường."),
        details_html="",
        sample_message="[Ví dụ] Cập nhật thuế tại hxxps://thue-gia[.]example",
        sources=(SourceRef("Khuyến cáo của Bộ Công an", "advisory", "https://bocongan.gov.vn/khuyen-cao"),),
        hotlines=HOTLINES,
        hashtags=("#CanhBaoLuaDao",),
        agency="Công an tỉnh",
        valid_from="",
        expires_on="",
        card_wide=picture("card"),
    )
    return replace(made, **values)


def english(title: str = "Fake tax officers ask you to install an app", **values: Any) -> English:
    """What the English page says; any field can be given."""
    made = English(
        title=title,
        summary="Callers who claim to be tax officers send a link to a fake app.",
        severity="Warning",
        scam_type="Fake tax office",
        scam_type_group="Fake brands and authorities",
        category="Warnings and advice",
        audiences=(Named("toan-dan", "Everybody"),),
        how_it_works=("A caller claims to be a tax officer.",),
        warning_signs=("The address does not end in .gov.vn.",),
        what_to_do=("Hang up and call the tax office yourself.",),
        if_you_are_a_victim=("Stop transferring money.", "Call your bank."),
        details_html="",
        sample_message="",
        hotlines=HOTLINES,
        indicator_labels=(),
        image_alt="",
        image_credit="",
        correction_note="",
    )
    return replace(made, **values)


def home() -> HomePage:
    """The tree's root of the portal with the site on it, made once."""
    existing = HomePage.objects.first()
    if existing:
        return existing
    root = Page.get_first_root_node()
    page = HomePage(title="Kẻng", slug="keng")
    root.add_child(instance=page)
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "127.0.0.1", "port": 8000, "root_page": page}
    )
    page.add_child(instance=WarningIndexPage(title="Cảnh báo", slug="canh-bao"))
    return page


def portal_channel() -> Channel:
    return Channel.objects.get_or_create(kind="portal", remote_id="", defaults={"name": "Cổng thông tin"})[0]


def warning_page(sealed: Snapshot) -> ScamWarningPage:
    """A draft with the slug and title of ``sealed``, valid in Wagtail's eyes."""
    home()
    group, _made = ScamTypeGroup.objects.get_or_create(key="nhom", defaults={"name": "Nhóm"})
    page = ScamWarningPage.create_draft(
        title=sealed.title,
        slug=sealed.slug,
        summary=sealed.summary,
        severity=Severity(sealed.severity.key),
        scam_type=ScamType.objects.get_or_create(
            key="hinh-thuc", defaults={"name": "Hình thức", "group": group}
        )[0],
        category=ContentCategory.objects.get_or_create(key="chuyen-muc", defaults={"name": "Chuyên mục"})[0],
        **{
            name: [("point", "Một điều.")]
            for name in ("how_it_works", "warning_signs", "what_to_do", "if_you_are_a_victim")
        },
        sources=[("source", {"name": "Nguồn", "kind": "advisory", "url": ""})],
    )
    WarningIndexPage.objects.get().add_child(instance=page)
    return page


def release(
    sealed: Snapshot | None = None,
    *,
    page: ScamWarningPage | None = None,
    sealed_at: dt.datetime | None = None,
    channel: Channel | None = None,
) -> Message:
    """The message of a fresh release of ``sealed``: of ``page``, or of a new one."""
    sealed = sealed or snapshot(reference=f"CB-2026-{next(_numbers) + 50_000:05d}")
    page = page or warning_page(sealed)
    number = Release.objects.filter(page=page).count() + 1
    if number > 1:
        sealed = replace(sealed, reference=release_reference(sealed.reference.split(".")[0], number))
    revision: Revision = page.save_revision(clean=False)
    user, _made = get_user_model().objects.get_or_create(username="pheduyet")
    made = Release.objects.create(
        page=page,
        revision=revision,
        number=number,
        reference=sealed.reference,
        snapshot=sealed.to_json(),
        seal=canonical_hash(sealed.to_json()),
        approved_by=user,
        sealed_at=sealed_at or timezone.now(),
        declaration="Nội dung không thuộc bí mật nhà nước",
    )
    data = {
        "snapshot": sealed.to_json(),
        "number": number,
        "revision_hash": canonical_hash(Revision.objects.get(pk=revision.pk).content),
        "revision_id": revision.pk,
        "page_id": page.pk,
    }
    payload = Payload.objects.create(
        release=made,
        channel=channel or portal_channel(),
        title=sealed.title,
        link=sealed.url,
        data=data,
        hash=canonical_hash(data),
    )
    return Message(
        reference=made.reference, title=payload.title, text="", link=payload.link, data=dict(payload.data)
    )


def publish(sealed: Snapshot | None = None, **values: Any) -> Receipt:
    """Release and publish in one go."""
    return PortalBackend().publish(release(sealed, **values))


def many(number: int, first: int = 1, **values: Any) -> list[Receipt]:
    """``number`` public warnings, the first the oldest, one hour apart."""
    start = timezone.now() - dt.timedelta(days=30)
    return publish_all(
        (
            snapshot(f"Cảnh báo lừa đảo số {place}", reference=f"CB-2026-{place:05d}", **values),
            start + dt.timedelta(hours=place),
        )
        for place in range(first, first + number)
    )


def publish_all(warnings: Iterable[tuple[Snapshot, dt.datetime | None]]) -> list[Receipt]:
    """Release and publish one after the other, each sealed at its time.

    Rows and finished pages are those that as many calls of ``publish`` leave behind. A page that several of
    them change is written when the first one does, and again at the end: nobody reads what stood in between.
    """
    receipts: list[Receipt] = []
    named: Counter[str] = Counter()
    for sealed, sealed_at in warnings:
        message = release(sealed, sealed_at=sealed_at)
        with transaction.atomic():
            warning = publishing.record(message.data)
        changed = list(dict.fromkeys(paths.at_once(warning, Path(settings.PORTAL_ROOT))))
        bake.bake_paths(path for path in changed if path not in named)
        named.update(changed)
        receipts.append(publishing.receipt(warning))
    bake.bake_paths(path for path, times in named.items() if times > 1)
    return receipts

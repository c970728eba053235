"""Rows of the outbox for tests of the engine: the smallest page, release and delivery that can exist."""

import itertools
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from wagtail.models import Locale, Page, Revision

from publishers.models import Channel, Delivery, Payload, Release
from publishers.sealing import sealed_payload_hash
from publishers.states import State
from scam_warnings.models import ScamWarningPage

_numbers = itertools.count(1)


def approver() -> Any:
    """Whoever signs."""
    return get_user_model().objects.get_or_create(username="nguoi-duyet")[0]


def page() -> ScamWarningPage:
    """A bare warning, written past its form: the engine never looks inside."""
    number = next(_numbers)
    root = Page.objects.get(depth=1)
    base = Page(
        title=f"Cảnh báo {number}",
        slug=f"canh-bao-{number}",
        path=f"{root.path}{number + 5000:04d}",
        depth=2,
        content_type=ContentType.objects.get_for_model(ScamWarningPage),
        locale=Locale.get_default(),
        live=False,
    )
    base.save_base(raw=True)
    made = ScamWarningPage(page_ptr_id=base.pk, code=f"CB-2026-{number:05d}")
    made.__dict__.update(
        {field.attname: getattr(base, field.attname) for field in Page._meta.concrete_fields}
    )
    made.page_ptr_id = base.pk
    made.save_base(raw=True)
    return ScamWarningPage.objects.get(pk=base.pk)


def channel(kind: str = "memory", **values: Any) -> Channel:
    """A channel of ``kind``."""
    number = next(_numbers)
    return Channel.objects.create(
        **{"kind": kind, "name": f"Kênh {number}", "remote_id": str(number), **values}
    )


def release(of: ScamWarningPage | None = None, *, number: int = 1) -> Release:
    """A signed release without payloads."""
    of = of or page()
    revision = Revision.objects.create(
        content_type=ContentType.objects.get_for_model(ScamWarningPage),
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id=str(of.pk),
        content={},
    )
    return Release.objects.create(
        page=of,
        revision=revision,
        number=number,
        reference=of.code if number == 1 else f"{of.code}.{number}",
        snapshot={},
        seal="0" * 64,
        approved_by=approver(),
        sealed_at=timezone.now(),
        declaration="",
    )


def delivery(
    to: Channel | None = None,
    *,
    of: Release | None = None,
    now: datetime | None = None,
    images: list[dict[str, Any]] | None = None,
    title: str = "Tiêu đề",
    **values: Any,
) -> Delivery:
    """A sealed payload on its way to ``to``, due at ``now``."""
    to, of, now = to or channel(), of or release(), now or timezone.now()
    payload = Payload(
        release=of,
        channel=to,
        title=title,
        text=f"Nội dung. Mã: {of.reference}",
        link="https://canhbao.example/1/",
        images=images or [],
    )
    payload.hash = sealed_payload_hash(payload)
    payload.save()
    due = {"state": State.DUE, "next_attempt_at": now, "updated_at": now}
    return Delivery.objects.create(payload=payload, channel=to, release=of, **due | values)

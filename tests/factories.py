"""Objects for tests, made through the product's own services."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from wagtail.models import TaskState
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms.editorial import approval, drafting
from cms.editorial.site_setup import set_up_site
from cms.users import memberships, units
from cms.users.enums import UnitKind
from cms.users.models import Unit
from cms.users.roles import Role
from publishers.models import Channel, Release
from scam_warnings import english
from scam_warnings.models import ScamWarningPage
from scam_warnings.seed import read_data

PASSWORD = "a-long-test-password"


def site() -> None:
    """Page tree, roles, workflow, taxonomy, portal channel: the databases of the tests begin with them."""
    if not Channel.objects.exists():
        set_up_site()


def user(username: str, *roles: Role, superuser: bool = False, unit: Unit | None = None) -> Any:
    """A member of staff with ``roles``, in the whole province if no unit is named."""
    made = get_user_model().objects.create_user(
        username, f"{username}@example.vn", PASSWORD, is_superuser=superuser, is_staff=superuser, unit=unit
    )
    for role in roles:
        memberships.record(made, role, unit or units.province())
    return made


def unit(name: str, kind: UnitKind = UnitKind.WARD, parent: Unit | None = None) -> Unit:
    """A unit below ``parent``, or below the province."""
    made = Unit.objects.create(name=name, kind=kind, parent=parent or units.province())
    units.shelve(made)
    return made


def content(**changes: Any) -> dict[str, Any]:
    """A complete warning in the shape of the seed data."""
    row = next(row for row in read_data("warnings.json") if row["scam_type"] == "gia-danh-co-quan-thue")
    row = {key: value for key, value in row.items() if key not in {"published_on"}}
    return {**row, "channels": [], **changes}


def english_content() -> dict[str, Any]:
    """A complete English version for ``content``."""
    row = read_data("warnings_en.json")["gia-danh-nhan-vien-dien-luc"]
    return dict(row)


def warning(author: Any, **changes: Any) -> ScamWarningPage:
    """A draft written by ``author``."""
    return drafting.create_warning(content(**changes), author)[0]


def submitted(author: Any, **changes: Any) -> TaskState:
    """A warning waiting for approval."""
    return approval.submit(warning(author, **changes), author, not_secret=True)


def approved(task_state: TaskState, approver: Any, *, publish_at: datetime | None = None) -> Release:
    """The release that ``approver`` signs after looking at it, now or for ``publish_at``."""
    return approval.approve(
        task_state,
        approver,
        seen_seal=approval.under_review(task_state).seal,
        not_secret=True,
        publish_at=publish_at,
    )


def channel(kind: str, name: str, remote_id: str = "1", **values: Any) -> Channel:
    """A channel without an account."""
    return Channel.objects.create(kind=kind, name=name, remote_id=remote_id, **values)


def form_data(page: ScamWarningPage, **changes: Any) -> dict[str, Any]:
    """What the browser posts when the editor saves ``page``: every field of the form."""
    draft = page.get_latest_revision_as_object()
    streams = {
        name: streamfield([("point", child.value) for child in getattr(draft, name)])
        for name in (*drafting.LISTS, *english.STREAMS)
    }
    streams["sources"] = streamfield(
        [
            ("source", {key: child.value[key] or "" for key in ("registered", "name", "kind", "url")})
            for child in draft.sources
        ]
    )
    streams["indicators"] = streamfield(
        [
            ("indicator", {"kind": child.value["kind"], "value": child.value["value"]})
            for child in draft.indicators
        ]
    )
    fields = {
        "title": draft.title,
        "summary": draft.summary,
        "image": draft.image_id or "",
        "sample_message": draft.sample_message,
        "details": rich_text(draft.details),
        "facebook_text": draft.facebook_text,
        "zalo_text": draft.zalo_text,
        "sms_text": draft.sms_text,
        "loudspeaker_script": draft.loudspeaker_script,
        "hashtags": draft.hashtags,
        "correction_note": draft.correction_note,
        **{name: getattr(draft, name) for name in english.TEXTS if name != "details_en"},
        "details_en": rich_text(draft.details_en),
        "severity": draft.severity,
        "scam_type": draft.scam_type_id or "",
        "category": draft.category_id or "",
        "valid_from": "",
        "expires_on": "",
        "review_on": draft.review_on.isoformat() if draft.review_on else "",
        "slug": draft.slug,
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }
    chosen = {
        "audiences": [item.pk for item in draft.audiences.all()],
        "channels": [item.pk for item in draft.channels.all()],
    }
    return {**nested_form_data({**fields, **streams}), **chosen, **changes}

"""Objects for tests, made through the product's own services."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from wagtail.models import TaskState
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms.editorial import approval, drafting
from cms.editorial.site_setup import set_up_site
from cms.users.roles import Role
from publishers.models import Channel, Release
from scam_warnings.models import ScamWarningPage
from scam_warnings.seed import read_data

PASSWORD = "a-long-test-password"


def site() -> None:
    """Page tree, roles, workflow, taxonomy, portal channel."""
    set_up_site()


def user(username: str, *roles: Role, superuser: bool = False) -> Any:
    """A member of staff with ``roles``."""
    made = get_user_model().objects.create_user(
        username, f"{username}@example.vn", PASSWORD, is_superuser=superuser, is_staff=superuser
    )
    for role in roles:
        made.groups.add(Group.objects.get(name=role.value))
    return made


def content(**changes: Any) -> dict[str, Any]:
    """A complete warning in the shape of the seed data."""
    row = next(row for row in read_data("warnings.json") if row["scam_type"] == "gia-danh-co-quan-thue")
    row = {key: value for key, value in row.items() if key not in {"published_on"}}
    return {**row, "channels": [], **changes}


def warning(author: Any, **changes: Any) -> ScamWarningPage:
    """A draft written by ``author``."""
    return drafting.create_warning(content(**changes), author)[0]


def submitted(author: Any, **changes: Any) -> TaskState:
    """A warning waiting for approval."""
    return approval.submit(warning(author, **changes), author)


def approved(task_state: TaskState, approver: Any) -> Release:
    """The release that ``approver`` signs after looking at it."""
    return approval.approve(
        task_state, approver, seen_seal=approval.under_review(task_state).seal, not_secret=True
    )


def channel(kind: str, name: str, remote_id: str = "1", **values: Any) -> Channel:
    """A channel without an account."""
    return Channel.objects.create(kind=kind, name=name, remote_id=remote_id, **values)


def form_data(page: ScamWarningPage, **changes: Any) -> dict[str, Any]:
    """What the browser posts when the editor saves ``page``: every field of the form."""
    draft = page.get_latest_revision_as_object()
    streams = {
        name: streamfield([("point", child.value) for child in getattr(draft, name)])
        for name in drafting.LISTS
    }
    streams["sources"] = streamfield(
        [
            ("source", {key: child.value[key] or "" for key in ("name", "kind", "url")})
            for child in draft.sources
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
        "severity": draft.severity,
        "scam_type": draft.scam_type_id or "",
        "category": draft.category_id or "",
        "valid_from": "",
        "expires_on": "",
        "slug": draft.slug,
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }
    chosen = {
        "audiences": [item.pk for item in draft.audiences.all()],
        "channels": [item.pk for item in draft.channels.all()],
    }
    return {**nested_form_data({**fields, **streams}), **chosen, **changes}

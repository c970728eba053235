"""What a group may do with pages and collections, before and after its form is saved.

Wagtail writes these rows in bulk, which tells nobody. A permission panel without fields is asked to save like the
others, after them, and so sees both.
"""

from typing import Any

from django.contrib.auth.models import Group
from django.forms import Media

from wagtail.models import GroupCollectionPermission, GroupPagePermission

from cms.audit import values
from cms.audit.actions import Action
from cms.audit.recording import record, recorded


class GroupRightsRecord:
    """Stands among the permission panels of a group's form."""

    media = Media()

    def __init__(self, data: Any = None, files: Any = None, instance: Group | None = None) -> None:
        self._group = instance
        self._before = _rights(instance) if instance is not None and data is not None else []

    def is_valid(self) -> bool:
        """Nothing can be wrong: nothing was asked."""
        return True

    def save(self) -> None:
        """Record what the other panels changed."""
        group = self._group
        if group is None:
            return
        after = _rights(group)
        if after != self._before:
            gone = [right for right in self._before if right not in after]
            new = [right for right in after if right not in self._before]
            record(
                Action.CHANGE,
                group,
                changes={"page_and_collection_rights": (values.plain(gone), values.plain(new))},
            )
            recorded(group)

    def as_admin_panel(self) -> str:
        """Nothing to see."""
        return ""


def _rights(group: Group) -> list[str]:
    if group.pk is None:
        return []
    pages = GroupPagePermission.objects.filter(group=group).select_related("page", "permission")
    collections = GroupCollectionPermission.objects.filter(group=group).select_related(
        "collection", "permission"
    )
    return sorted(
        [f"{row.page}: {row.permission.name}" for row in pages]
        + [f"{row.collection}: {row.permission.name}" for row in collections]
    )

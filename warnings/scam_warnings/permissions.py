"""Who may do what with a warning. Nobody publishes by hand: only a sealed, approved release makes it public."""

from typing import Any

from wagtail.models import Page, PagePermissionTester, WorkflowState

from cms.users import scope


class SealedPagePermissionTester(PagePermissionTester):
    """Takes every direct way to the public away from everybody, superusers included."""

    def can_publish(self) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_unschedule(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False

    def can_reorder_children(self) -> bool:
        return False

    def can_move(self) -> bool:
        return False

    def can_move_to(self, destination: Page) -> bool:
        return False


class WarningPermissionTester(SealedPagePermissionTester):
    """A warning that was ever approved stays: its address is permanent and its record is evidence.

    Who writes in one unit has no hand in the warnings of another, not even in those written there before.
    """

    def __init__(self, user: Any, page: Any) -> None:
        super().__init__(user, page)
        if not user.is_active or user.is_superuser:
            return
        held = [
            row
            for row in self.permission_policy.get_cached_permissions_for_user(user)
            if page.path.startswith(row.page.path)
        ]
        if not scope.reach_of_groups(user, {row.group_id for row in held}).covers(page.unit_id):
            self.permissions: set[str] = set()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        if self.page.live or self.page.first_published_at or self.page.workflow_in_progress:
            return False
        if self.page.is_closed or not super().can_delete(ignore_bulk=ignore_bulk):
            return False
        # Signed for a time that has not come yet: not public, and evidence all the same.
        return not self.page.workflow_states.filter(status=WorkflowState.STATUS_APPROVED).exists()

    def can_copy(self) -> bool:
        # Whoever decides on a warning opens its editor for that time; its words are not theirs to take.
        return super().can_copy() and bool(self.user.is_superuser or self.permissions & {"add", "change"})

    def can_unlock(self) -> bool:
        return not self.page.is_closed and super().can_unlock()


class FixedPagePermissionTester(SealedPagePermissionTester):
    """The pages that hold the tree up (home, the list of warnings): made by the installation, never edited."""

    def can_edit(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_copy(self) -> bool:
        return False

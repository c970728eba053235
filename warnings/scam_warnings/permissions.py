"""Who may do what with a warning. Nobody publishes by hand: only a sealed, approved release makes it public."""

from wagtail.models import Page, PagePermissionTester


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
    """A warning that was ever approved stays: its address is permanent and its record is evidence."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        if self.page.live or self.page.first_published_at:
            return False
        return super().can_delete(ignore_bulk=ignore_bulk)


class FixedPagePermissionTester(SealedPagePermissionTester):
    """The pages that hold the tree up (home, the list of warnings): made by the installation, never edited."""

    def can_edit(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_copy(self) -> bool:
        return False

"""A tip belongs to the unit where it happened; one without a place is for the province to look at."""

from cms.tips.models import Note, Picture, Tip
from cms.users import guard, scope

SEE = ("tips.view_tip", "tips.change_tip")


def register() -> None:
    """Say it once, when the application starts."""
    scope.hang(Tip)
    scope.hang(Picture, "tip__unit")
    scope.hang(Note, "tip__unit")
    guard.guard("tips:tip", "pk", Tip, *SEE)
    guard.guard("tips:picture", "picture_id", Picture, *SEE)
    guard.guard("tips:drop_picture", "picture_id", Picture, "tips.change_tip")
    guard.guard("tips:contact", "pk", Tip, "tips.see_contact")
    for view in ("state", "sort", "note"):
        guard.guard(f"tips:{view}", "pk", Tip, "tips.change_tip")

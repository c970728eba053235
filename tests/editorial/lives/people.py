"""Who takes part: every mix of roles, so that only the rules keep the same person from two ends of an item."""

from typing import Any, Final

from cms.users.roles import Role
from tests import factories

_CAST: Final = (
    (Role.EDITOR, Role.APPROVER),
    (Role.EDITOR, Role.REVIEWER, Role.APPROVER),
    (Role.REVIEWER, Role.APPROVER),
    (Role.APPROVER,),
    (Role.REVIEWER,),
    (Role.EDITOR, Role.REVIEWER),
    (Role.EDITOR,),
    (Role.EDITOR,),
)
COUNT: Final = len(_CAST)


def _holders(*roles: Role) -> list[int]:
    return [number for number, held in enumerate(_CAST) if set(held) & set(roles)]


WRITE: Final = _holders(Role.EDITOR)
REVIEW: Final = _holders(Role.REVIEWER)
SIGN: Final = _holders(Role.APPROVER)
DECIDE: Final = _holders(Role.REVIEWER, Role.APPROVER)


def cast() -> list[Any]:
    """The people of one history; the last ones only write."""
    return [factories.user(f"p{number}", *roles) for number, roles in enumerate(_CAST)]

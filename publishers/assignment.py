"""Work the system cannot do itself: handed to a person the moment it is due."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from publishers import registry
from publishers.contracts import Mode, Operation
from publishers.models import Delivery
from publishers.states import State, move

ASSISTED: Final = "assisted"
"""The error code of what waits for its operator: nothing went wrong, and nothing is out yet."""
BY_HAND: Final = "by_hand"
"""The error code of an edit or a deletion the platform's interface does not offer."""


def hand_over(delivery: Delivery, now: datetime) -> bool:
    """Give ``delivery`` to a person if no adapter can do it. Returns whether it was handed over."""
    able = registry.capabilities(delivery.channel.kind)
    if able.mode is Mode.ASSISTED:
        moved = move(
            delivery,
            State.AWAITING_PERSON,
            next_attempt_at=None,
            error_code=ASSISTED,
            error_sentence=_("Its operator posts this by hand and then confirms it."),
        )
        if moved:
            # The package of the assisted channels reads deliveries through this engine.
            from publishers.assisted.tasks import open_task

            open_task(delivery, now)
        return moved
    operation = Operation(delivery.payload.operation)
    if delivery.follows is None or not delivery.follows.remote_id:
        return False
    if operation is Operation.EDIT and not able.edit:
        sentence = _(
            "This channel offers no way to change a post. Open the post, correct it by hand, then confirm it."
        )
    elif operation is Operation.DELETE and not able.delete:
        sentence = _(
            "This channel offers no way to delete a post. Open the post, delete it by hand, then confirm it."
        )
    else:
        return False
    return move(
        delivery, State.AWAITING_PERSON, next_attempt_at=None, error_code=BY_HAND, error_sentence=sentence
    )

"""The person the system asks: looks at the channel, reconnects it, sends again, and says why."""

from dataclasses import dataclass, field

from publishers import services
from publishers.models import Attempt, Channel, Delivery
from publishers.states import State
from tests.faults.stage import Stage, approver


@dataclass
class Person:
    """Does what the delivery centre asks for, on all channels but the one left alone."""

    stage: Stage
    left_alone: str = ""
    """The remote id of the channel that stays as it is for now."""
    reconnected: int = 0
    resent: int = 0
    looked: set[tuple[int, int]] = field(default_factory=set)
    """Deliveries somebody looked for on the channel, and the number of the attempt before that look."""

    def attend(self) -> None:
        """One round; each row must tell the truth before anything is done about it."""
        for channel in Channel.objects.exclude(paused_reason="").exclude(remote_id=self.left_alone):
            services.check_channel(channel)
            self.reconnected += 1
        asking = Delivery.objects.filter(state__in=(State.FAILED, State.AWAITING_PERSON))
        for delivery in asking.exclude(channel__remote_id=self.left_alone):
            self._answer(delivery)

    def _answer(self, delivery: Delivery) -> None:
        found = self.stage.shown(delivery.channel, delivery.release.reference)
        story = self.stage.story(delivery)
        assert delivery.error_code, story
        assert found == [], story
        waits = delivery.state == State.AWAITING_PERSON
        if waits:
            self.looked.add((delivery.pk, last_number(delivery)))
        services.resend(delivery, approver(), "Đã xem kênh: chưa có", looked=waits)
        self.resent += 1


def last_number(delivery: Delivery) -> int:
    """The number of the newest attempt."""
    return Attempt.objects.filter(delivery=delivery).order_by("-number").values_list("number", flat=True)[0]

"""The daily letter: one a day, in the morning, to everybody for whom something waits; nothing when nothing does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext, override

from cms.editorial.deadlines import ApprovalDeadlines
from cms.editorial.home import mine, today
from cms.editorial.letters import SentLetter, claim, send_once
from cms.editorial.queue import Waiting, waiting_for
from cms.editorial.stages.follow_ups import FollowUp, to_do_for
from publishers.models import Delivery

_PREFIX: Final = "digest:"
_KEPT: Final = timedelta(days=30)
MOST: Final = 20
"""Lines of each sort in one letter; the start page has the rest."""


@dataclass(frozen=True, slots=True)
class Line:
    """How many of one sort wait in another part, and the sentence that says so: a number, never their content."""

    count: int
    text: str


Counter = Callable[[Any, datetime], Line | None]
_counters: list[Counter] = []


def count_with(counter: Counter) -> None:
    """Have another part say what waits for a person. Called once for each, when its app is ready."""
    _counters.append(counter)


@dataclass(frozen=True, slots=True)
class Digest:
    """What waits for one person."""

    returned: list[mine.Mine] = field(default_factory=list)
    overdue: list[Waiting] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    to_review: list[Waiting] = field(default_factory=list)
    """Of what is not overdue, what they pass on instead of signing it."""
    follow_ups: list[FollowUp] = field(default_factory=list)
    failed: list[Delivery] = field(default_factory=list)
    others: list[Line] = field(default_factory=list)
    """What waits in other parts of the product."""

    @property
    def count(self) -> int:
        """How many things."""
        lists = (self.returned, self.overdue, self.waiting, self.to_review, self.follow_ups, self.failed)
        return sum(len(items) for items in lists) + sum(line.count for line in self.others)


def send_digests(now: datetime) -> int:
    """Send today's letters that have not left, once the hour has come; how many left now.

    For the watch to call every minute. A person is looked at once a day: what comes up later in the day is
    in the next morning's letter. After a standstill they leave as soon as the watch is back, but not after
    the working day.
    """
    rules = ApprovalDeadlines.load()
    local = timezone.localtime(now)
    if not rules.digest_at <= local.time() < max(rules.day_ends, rules.digest_at):
        return 0
    key = f"{_PREFIX}{local.date().isoformat()}"
    told = SentLetter.objects.filter(key=key).values("user_id")
    people = get_user_model().objects.filter(is_active=True).exclude(email="").exclude(pk__in=told)
    with override(settings.LANGUAGE_CODE):
        sent = sum(_send(person, key, now) for person in people.order_by("pk"))
    _forget(now)
    return sent


def of(person: Any, now: datetime) -> Digest:
    """What waits for ``person`` at ``now``."""
    queue = waiting_for(person)
    failed = today.troubled_rows(person, "publishers.change_delivery")
    return Digest(
        returned=[item for item in mine.written_by(person) if item.status == "returned"],
        overdue=[item for item in queue if item.term.is_overdue(now)],
        waiting=[item for item in queue if item.signs and not item.term.is_overdue(now)],
        to_review=[item for item in queue if not item.signs and not item.term.is_overdue(now)],
        follow_ups=to_do_for(person),
        failed=list(failed) if person.has_perm("publishers.change_delivery") else [],
        others=[line for counter in _counters if (line := counter(person, now)) is not None and line.count],
    )


def _send(person: Any, key: str, now: datetime) -> bool:
    digest = of(person, now)
    if not digest.count:
        claim(person, key, now)
        return False
    subject = ngettext("%(count)d thing waits for you", "%(count)d things wait for you", digest.count)
    context = {
        "digest": digest,
        "now": now,
        "most": f":{MOST}",
        "start": f"{settings.PUBLIC_URL}{reverse('wagtailadmin_home')}",
        "day": timezone.localdate(now),
    }
    return send_once(
        person,
        key,
        now,
        subject=subject % {"count": digest.count},
        template="editorial/letters/digest",
        context=context,
    )


def _forget(now: datetime) -> None:
    """Rows of past mornings say nothing any more; a deadline's row stays as long as its item can wait."""
    SentLetter.objects.filter(key__startswith=_PREFIX, at__lt=now - _KEPT).delete()

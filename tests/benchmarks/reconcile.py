"""How long until the reconciler raises what is wrong on thousands of channels; the goal is five minutes.

    python tests/benchmarks/reconcile.py --channels 2000
    python tests/benchmarks/reconcile.py --channels 2000 --database postgresql:keng_bench

Half of the channels are fanpages, half Zalo groups, each with --posts posts that this system sent. Behind its
back some posts are deleted or reworded, foreign ones and doubles are added, delivery rows are dropped and
payload rows altered; then the watch process runs as it ships, with the paces as they ship. Each call takes
--latency seconds at the sandbox. The time of each discrepancy counts from the last act of sabotage. Exit code 1
when one is missed, comes later than --goal, or is raised where nothing is wrong. The database of that name is
emptied.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "warnings")]
EACH = {"deleted": 20, "altered": 10, "foreign": 20, "doubled": 10, "no_delivery": 10}
"""How many channels get each kind of sabotage."""
AGE = 3600.0
"""Seconds ago that everything was posted."""


def main() -> int:
    """Prepare, spoil, watch, report."""
    options = _options()
    os.environ |= {
        "VAR_DIR": tempfile.mkdtemp(prefix="keng-bench-"),
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "BENCH_DATABASE": options.database,
        "PYTHONPATH": f"{ROOT}:{ROOT / 'warnings'}",
        "LOG_LEVEL": "WARNING",
    }
    from tests.benchmarks.fan_out import fresh_database, start_world

    fresh_database(options.database)
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
    import django

    django.setup()
    from publishers.sandbox.server import Sandbox

    with Sandbox() as sandbox:
        os.environ |= {
            "FACEBOOK_GRAPH_URL": sandbox.graph_url,
            "FACEBOOK_TOKEN_URL": sandbox.facebook_token_url,
            "ZALO_OPENAPI_URL": sandbox.zalo_openapi_url,
            "ZALO_OAUTH_URL": sandbox.zalo_oauth_url,
        }
        channels = start_world(sandbox, options.channels, options.latency)
        run = Reconciling(sandbox, channels, options)
        run.post()
        run.spoil()
        return run.measure()


class Reconciling:
    """Channels with posts, what was done to them, and when each of it was raised."""

    def __init__(self, sandbox: Any, channels: list[Any], options: argparse.Namespace) -> None:
        self.sandbox = sandbox
        self.channels = channels
        self.options = options
        self.spoilt: dict[int, str] = {}
        """Channel id → the kind of discrepancy it must raise."""

    def post(self) -> None:
        """Sign for all channels and let every post have gone out AGE seconds ago, as the workers write it down."""
        from django.contrib.auth import get_user_model
        from django.utils import timezone

        from cms.users.roles import Role
        from publishers.models import Delivery
        from publishers.states import State
        from tests import factories

        editor = factories.user("bientap", Role.EDITOR)
        factories.user("pheduyet", Role.APPROVER)
        names = [channel.name for channel in self.channels]
        approver = get_user_model().objects.get(username="pheduyet")
        then = timezone.now() - timedelta(seconds=AGE)
        for number in range(self.options.posts):
            title = f"Giả danh cán bộ thuế, vụ thứ {number + 1}"
            task = factories.submitted(editor, title=title, slug=f"vu-{number + 1}", channels=names)
            release = factories.approved(task, approver)
            rows = list(
                Delivery.objects.filter(release=release).select_related("channel", "payload").order_by("pk")
            )
            for row in rows:
                local = row.channel.kind in ("portal", "feed")
                row.remote_id = "" if local else self._shown(row, number, then.timestamp())
                row.state = State.CANCELLED if local else State.CONFIRMED
                row.next_attempt_at = None
                row.first_sent_at = row.delivered_at = row.confirmed_at = None if local else then
            Delivery.objects.bulk_update(
                rows,
                ["remote_id", "state", "next_attempt_at", "first_sent_at", "delivered_at", "confirmed_at"],
                batch_size=500,
            )

    def _shown(self, row: Any, number: int, moment: float, text: str = "", tail: str = "") -> str:
        from publishers.sandbox.state import GroupMessage, Post

        state, channel = self.sandbox.remote.state, row.channel
        words = text or row.payload.text
        if channel.kind == "facebook_page":
            remote_id = f"{channel.remote_id}_{row.pk}{tail}"
            state.posts[remote_id] = Post(
                remote_id, channel.remote_id, 10 * row.pk + len(tail), words, "", [], moment, moment
            )
            return remote_id
        remote_id = f"m{row.pk}{tail}"
        state.messages.append(
            GroupMessage(
                remote_id, channel.remote_id, 10 * row.pk + len(tail), "text", words, "", "", moment, moment
            )
        )
        return remote_id

    def spoil(self) -> None:
        """Each kind of sabotage on channels drawn at random, one kind a channel."""
        from publishers.models import Delivery, Payload

        draw = random.Random(self.options.seed)
        scale = min(1.0, len(self.channels) / 200)
        wanted = [kind for kind, count in EACH.items() for _ in range(max(1, int(count * scale)))]
        state = self.sandbox.remote.state
        for channel, kind in zip(draw.sample(self.channels, len(wanted)), wanted, strict=True):
            row = Delivery.objects.select_related("channel", "payload").filter(channel=channel).latest("pk")
            self.spoilt[channel.pk] = kind
            moment = time.time() - AGE / 2
            if kind in ("deleted", "altered"):
                self._touch(state, row, gone=kind == "deleted")
            elif kind == "foreign":
                self._shown(row, 0, moment, text="Bài của ai đó, không phải của tỉnh.", tail="f")
            elif kind == "doubled":
                self._shown(row, 0, moment, tail="d")
            elif draw.random() < 0.5:
                row.log.all().delete()
                row.transitions.all().delete()
                row.delete()
            else:
                Payload.objects.filter(pk=row.payload_id).update(hash="0" * 64)

    @staticmethod
    def _touch(state: Any, row: Any, *, gone: bool) -> None:
        if row.channel.kind == "facebook_page":
            if gone:
                del state.posts[row.remote_id]
            else:
                state.posts[row.remote_id].message += "\nGọi số 0900 000 000"
            return
        [message] = [one for one in state.messages if one.id == row.remote_id]
        if gone:
            state.messages.remove(message)
        else:
            message.text += "\nGọi số 0900 000 000"

    def measure(self) -> int:
        """Run the watch until everything is raised or the patience is over."""
        from django.utils import timezone

        begun = timezone.now()
        log = Path(os.environ["VAR_DIR"], "watch.log").open("wb")  # noqa: SIM115
        watch = subprocess.Popen(
            [sys.executable, "manage.py", "watch"], cwd=ROOT, env=dict(os.environ), stdout=log, stderr=log
        )
        end = time.monotonic() + self.options.patience
        try:
            while time.monotonic() < end and (self._missing() or self._unread()):
                time.sleep(1)
        finally:
            watch.send_signal(signal.SIGTERM)
            watch.wait(60)
        return self._report(begun)

    def _raised(self) -> set[tuple[int, str]]:
        from publishers.models import Discrepancy

        return set(Discrepancy.objects.values_list("channel_id", "kind"))

    def _missing(self) -> set[tuple[int, str]]:
        return set(self.spoilt.items()) - self._raised()

    def _unread(self) -> int:
        from publishers.models import Channel

        mine = Channel.objects.filter(pk__in=[channel.pk for channel in self.channels])
        return mine.filter(compared_at__isnull=True).count()

    def _report(self, begun: Any) -> int:
        from django.db.models import Max

        from publishers.models import Channel, Discrepancy

        took: dict[str, list[float]] = defaultdict(list)
        for row in Discrepancy.objects.all():
            took[row.kind].append((row.found_at - begun).total_seconds())
        missing = self._missing()
        # A row that is gone also leaves a post that nobody can account for.
        lost = {(pk, "foreign") for pk, kind in self.spoilt.items() if kind == "no_delivery"}
        wrong = self._raised() - set(self.spoilt.items()) - lost
        full = Channel.objects.aggregate(last=Max("compared_at"))["last"]
        around = (full - begun).total_seconds() if full else float("inf")
        print(
            f"database {self.options.database.split(':')[0]}, {len(self.channels)} channels with "
            f"{self.options.posts} posts each, {1000 * self.options.latency:.0f} ms a call"
        )
        for kind, seconds in sorted(took.items()):
            print(
                f"  {kind}: {len(seconds)} raised, the first after {min(seconds):.0f} s, all after {max(seconds):.0f} s"
            )
        print(
            f"every channel read once after {around:.0f} s ({self._unread()} unread); "
            f"missed {len(missing)}; raised without a cause {len(wrong)}"
        )
        late = [seconds for times in took.values() for seconds in times if seconds > self.options.goal]
        print(f"later than {self.options.goal:.0f} s: {len(late)}")
        return int(bool(missing or wrong or late))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, default=2000)
    parser.add_argument("--posts", type=int, default=2)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--goal", type=float, default=300)
    parser.add_argument("--patience", type=float, default=900)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())

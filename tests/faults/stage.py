"""Two fanpages, two Zalo groups and the portal, warnings signed for all five, and workers to be killed.

The worker is a process of its own on the database file of this test process; the sandbox answers it over
real HTTP. What the worker does is read from its rows and from the sandbox's journal.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import astuple, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from wagtail.models import TaskState

from cms.core.text import mentions_reference
from cms.portal import bake
from cms.portal.models import PublicState, PublishedWarning
from cms.users.roles import Role
from publishers import credentials, services
from publishers.models import Attempt, Channel, Credential, Delivery, Release
from publishers.sandbox import world
from publishers.sandbox.server import Sandbox
from publishers.states import OPEN, PUBLIC, State
from publishers.worker import heartbeat_path
from scam_warnings.models import ScamWarningPage
from tests import factories
from tests.faults.nursery import Child, Nursery

Process = subprocess.Popen[bytes] | Child
"""A worker of its own, or one out of the nursery."""
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
"""Seconds after which a wait is a failure, on a busy machine too."""
GRACE, LEASE = 1.0, 2.2
"""Seconds before reading back, and for how long a claim is a worker's own."""
TIMES = {
    "PUBLISH_CONNECT_TIMEOUT": "0.2",
    "PUBLISH_READ_TIMEOUT": "0.6",
    "PUBLISH_GRACE": str(GRACE),
    "PUBLISH_LEASE": str(LEASE),
    "PUBLISH_BACKOFF": "0.3",
    "PUBLISH_POLL": "0.2",
    # On a busy machine a page takes longer than so short a lease, and is published again until it does not.
    "PUBLISH_MAX_ATTEMPTS": "30",
    # The paces have tests of their own; here they would only hide how long it takes to recover.
    "PUBLISH_RATES": ",".join(
        f"{kind}.{scope}=0/60"
        for kind in ("facebook_page", "zalo_group")
        for scope in ("channel", "account", "platform")
    ),
}
PAGES = tuple(page.id for page in world.PAGES)
GROUPS = tuple(group.id for group in world.GROUPS)
ZALO_ACCOUNT = "Zalo OA"
EDITOR = "bientap"
WARNINGS = 12


def until(
    condition: Callable[[], object], why: str, patience: float = PATIENCE, pause: float = 0.005
) -> None:
    """Wait for ``condition``; fails with ``why``."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"waited {patience:g} s: {why}"
        time.sleep(pause)


def set_up(warnings: int) -> None:
    """The site, its people and channels, and ``warnings`` warnings for all channels, waiting for approval."""
    factories.site()
    editor, _approver = factories.user(EDITOR, Role.EDITOR), factories.user("pheduyet", Role.APPROVER)
    names = [_fanpage(page) for page in world.PAGES]
    account = Credential(label=ZALO_ACCOUNT, kind="zalo_oa")
    credentials.store(account, zalo_secrets(timedelta(hours=24)))
    for group in world.GROUPS:
        factories.channel("zalo_group", group.name, group.id, credential=account)
        names.append(group.name)
    for number in range(1, warnings + 1):
        title = f"Giả danh cán bộ thuế, vụ thứ {number}"
        factories.submitted(editor, title=title, slug=f"gia-danh-{number}", channels=names)


def zalo_secrets(left: timedelta) -> dict[str, str]:
    """The seeded pair of the sandbox's Official Account, its end ``left`` away."""
    return {
        "app_id": world.ZALO_APP_ID,
        "secret_key": world.ZALO_SECRET_KEY,
        "access_token": world.ZALO_ACCESS_TOKEN,
        "refresh_token": world.ZALO_REFRESH_TOKEN,
        "expires_at": (timezone.now() + left).isoformat(),
    }


def waiting() -> list[TaskState]:
    """What waits for approval, the oldest first."""
    return list(TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).order_by("pk"))


def sign(task_state: TaskState) -> Release:
    """The release the approver signs."""
    return factories.approved(task_state, approver())


def approver() -> Any:
    """Whoever signs."""
    return get_user_model().objects.get(username="pheduyet")


def editor() -> Any:
    """Whoever writes."""
    return get_user_model().objects.get(username=EDITOR)


def submit_more(warnings: int) -> None:
    """Warnings beyond those the stage has, for all its channels."""
    names = [channel.name for channel in Channel.objects.exclude(kind="portal")]
    there = ScamWarningPage.objects.filter(slug__startswith="ngan-hang-").count()
    for number in range(there + 1, there + warnings + 1):
        title = f"Giả danh ngân hàng, vụ thứ {number}"
        factories.submitted(editor(), title=title, slug=f"ngan-hang-{number}", channels=names)


@dataclass
class Counts:
    """What became of the warnings at the channels."""

    lost: int = 0
    doubled: int = 0
    parked: int = 0
    once: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Counts(*(mine + theirs for mine, theirs in pairs))

    def __str__(self) -> str:
        return f"once {self.once}, lost {self.lost}, doubled {self.doubled}, parked {self.parked}"


@dataclass
class Stage:
    """One sandbox, the database as it is, and the workers started so far."""

    sandbox: Sandbox
    logs: Path
    nursery: Nursery | None = None
    """Where workers start in a moment; those whose settings differ in kind are started one by one."""
    workers: list[Process] = field(default_factory=list)
    release: Release | None = None
    """The one signed last."""
    calls_before: int = 0
    """How many calls the sandbox had received before it was signed."""
    killed_at: float = 0.0
    kills: int = 0

    def start(self, *, threads: int = 4, wait: bool = True, forked: bool = True, **more: str) -> Process:
        """Start ``manage.py worker``; with ``wait``, return after its first sweep.

        One that was not ``forked`` takes longer to start, and its exit code can be read.
        """
        heartbeat_path().unlink(missing_ok=True)
        more["WORKER_THREADS"] = str(threads)
        if self.nursery is None or not forked or any(name.startswith("FAULT_") for name in more):
            worker: Process = self._run("worker", "manage.py", "worker", **more)
        else:
            worker = self.nursery.start(self._env(**more), self._log("worker"))
            self.workers.append(worker)
        if wait:
            until(lambda: swept(worker) or worker.poll() is not None, "the worker never swept")
            assert worker.poll() is None, self.told()
        return worker

    def watch(self, **more: str) -> Process:
        """Start a watch that looks at everything every second and leaves nothing to another watch."""
        return self._run("watch", "-m", "tests.faults.watching_process", **more)

    def _run(self, name: str, *command: str, **more: str) -> Process:
        with self._log(name).open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self._env(**more),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.workers.append(process)
        return process

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}-{len(self.workers) + 1}.log"

    def _env(self, **more: str) -> dict[str, str]:
        return {
            **os.environ,
            **TIMES,
            "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "warnings"))),
            "FACEBOOK_GRAPH_URL": self.sandbox.graph_url,
            "FACEBOOK_TOKEN_URL": self.sandbox.facebook_token_url,
            "ZALO_OPENAPI_URL": self.sandbox.zalo_openapi_url,
            "ZALO_OAUTH_URL": self.sandbox.zalo_oauth_url,
            **more,
        }

    def sign(self) -> Release:
        """Sign the next warning that waits."""
        self.calls_before = len(self.sandbox.requests())
        self.release = sign(waiting()[0])
        return self.release

    def kill(self, worker: Process) -> None:
        """kill -9."""
        assert worker.poll() is None, self.told()
        worker.send_signal(signal.SIGKILL)
        worker.wait(30)
        self.killed_at = time.monotonic()
        self.kills += 1

    def end(self) -> None:
        """No process is left behind."""
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
                worker.wait(30)

    def told(self) -> str:
        """What the workers wrote, one after the other."""
        return "\n".join(
            f"── {file.name}\n{file.read_text(errors='replace')}" for file in sorted(self.logs.glob("*.log"))
        )

    def settle(self) -> float:
        """Wait until nothing is left to do; returns seconds since the last kill."""
        busy = Delivery.objects.filter(Q(state__in=OPEN) | Q(next_attempt_at__isnull=False))
        until(lambda: not busy.exists(), "the deliveries never came to rest", pause=0.1)
        return time.monotonic() - self.killed_at

    def ask_somebody(self) -> int:
        """Where the system asks, somebody looks at the channel, finds nothing and says so. Returns how often."""
        parked = Delivery.objects.filter(state=State.AWAITING_PERSON)
        for delivery in parked:
            assert self.shown(delivery.channel, delivery.release.reference) == [], self.story(delivery)
            services.resend(delivery, approver(), "Đã xem: chưa có", looked=True)
        return len(parked)

    def shown(self, channel: Channel, reference: str) -> list[str]:
        """Ids of what carries ``reference`` at ``channel``."""
        if channel.kind == "portal":
            return _portal_pages(reference)
        if channel.kind == "facebook_page":
            rows = [(row["id"], row["message"]) for row in self.sandbox.posts(channel.remote_id)]
        else:
            rows = [(row["id"], row["text"]) for row in self.sandbox.messages(channel.remote_id)]
        return [remote_id for remote_id, text in rows if mentions_reference(text, reference)]

    def count(self) -> Counts:
        """Compare every delivery with what its channel shows. Fails where the row does not tell the truth."""
        counts = Counts()
        for delivery in Delivery.objects.select_related("channel", "release"):
            found = self.shown(delivery.channel, delivery.release.reference)
            counts.doubled += len(found) > 1
            if delivery.state in PUBLIC:
                counts.lost += not found
                counts.once += len(found) == 1
                assert not found or delivery.remote_id in found, self.story(delivery)
            else:
                counts.parked += 1
                assert delivery.state in (State.AWAITING_PERSON, State.FAILED, *OPEN), self.story(delivery)
                assert delivery.error_code, self.story(delivery)
        return counts

    def assert_everything_out_once(self) -> None:
        """Every channel shows every warning once and nothing else, and every row says so."""
        counts, deliveries = self.count(), Delivery.objects.count()
        assert counts == Counts(once=deliveries), self.told()
        releases = Release.objects.count()
        for page in PAGES:
            assert len(self.sandbox.posts(page)) == releases
        for group in GROUPS:
            assert len(self.sandbox.messages(group)) == releases
        assert PublishedWarning.objects.count() == releases

    def story(self, delivery: Delivery) -> str:
        """What happened to ``delivery``, for a failure."""
        lines = [f"{delivery.channel} {delivery} {delivery.error_code} {delivery.remote_id}"]
        for row in Attempt.objects.filter(delivery=delivery):
            lines.append(f"{row.started_at:%H:%M:%S.%f} {row} {row.code} {row.sentence}")
        return "\n".join(lines)

    def states(self, kind: str) -> Counter[str]:
        """How many deliveries to channels of ``kind`` are in which state."""
        return Counter(Delivery.objects.filter(channel__kind=kind).values_list("state", flat=True))

    def cut_off(self, kind: str, action: str = Attempt.Action.SEND) -> int:
        """How many calls for the warning signed last, to channels of ``kind``, never came to an end."""
        mine = Attempt.objects.filter(delivery__release=self.release, delivery__channel__kind=kind)
        return mine.filter(action=action, outcome="").count()

    def out(self, remote_id: str) -> list[str]:
        """Ids of the posts of the warning signed last on one page, or in one group."""
        if self.release is None:
            return []
        return self.shown(Channel.objects.get(remote_id=remote_id), self.release.reference)

    def asked(self, operation: str) -> list[dict[str, Any]]:
        """The calls of ``operation`` since the last warning was signed."""
        return [row for row in self.sandbox.requests()[self.calls_before :] if row["operation"] == operation]


def swept(worker: Process) -> bool:
    """Whether ``worker`` has swept since the last start."""
    try:
        return heartbeat_path().read_text(encoding="ascii").startswith(f"{worker.pid} ")
    except FileNotFoundError:
        return False


def _fanpage(page: world.PageSeed) -> str:
    account = Credential(label=page.name, kind="facebook")
    secrets = {"app_id": world.FACEBOOK_APP_ID, "app_secret": world.FACEBOOK_APP_SECRET}
    credentials.store(account, {"page_token": page.access_token, **secrets})
    return factories.channel("facebook_page", page.name, page.id, credential=account).name


def _portal_pages(reference: str) -> list[str]:
    """The public warnings with ``reference`` whose finished page shows it, in all three encodings."""
    found = []
    for row in PublishedWarning.objects.filter(release__reference=reference, state=PublicState.PUBLISHED):
        file = bake.file_for(row.path)
        encoded = [file.with_name(file.name + suffix) for suffix in bake.ENCODINGS.values()]
        if file.exists() and reference in file.read_text("utf-8") and all(path.exists() for path in encoded):
            found.append(f"portal:{row.page_id}:{row.release_id}")
    return found

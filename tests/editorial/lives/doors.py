"""The same acts through two doors: the services the commands call, and the pages people press buttons on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from cms.editorial import approval, timing, withdrawal
from cms.editorial.declarations import content_hash
from cms.editorial.stages import follow_ups
from publishers.refusals import Refused
from tests import factories

REFUSALS = (PermissionDenied, Refused, follow_ups.FollowUpRefused)
_HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


class Door(Protocol):
    """One way in; what is refused changes nothing, whether it raises or answers."""

    def edit(self, page: Any, user: Any, changes: dict[str, Any]) -> None: ...

    def submit(self, page: Any, user: Any) -> None: ...

    def pass_on(self, state: Any, user: Any, seal: str) -> None: ...

    def approve(self, state: Any, user: Any, seal: str, publish_at: datetime | None) -> None: ...

    def return_for_changes(self, state: Any, user: Any) -> None: ...

    def reject(self, state: Any, user: Any) -> None: ...

    def withdraw(self, page: Any, user: Any, note: str, seal: str) -> None: ...

    def decide(self, release: Any, user: Any, verb: str, publish_at: datetime) -> None: ...

    def follow_up(self, row: Any, user: Any) -> None: ...


class Services:
    """As the commands do."""

    def edit(self, page: Any, user: Any, changes: dict[str, Any]) -> None:
        lock = page.get_lock()
        if (lock is not None and lock.for_user(user)) or not page.permissions_for_user(user).can_edit():
            raise PermissionDenied
        save(page, user, changes)

    def submit(self, page: Any, user: Any) -> None:
        approval.submit(page, user, not_secret=True)

    def pass_on(self, state: Any, user: Any, seal: str) -> None:
        approval.pass_on(state, user, seen_seal=seal)

    def approve(self, state: Any, user: Any, seal: str, publish_at: datetime | None) -> None:
        approval.approve(state, user, seen_seal=seal, not_secret=True, publish_at=publish_at)

    def return_for_changes(self, state: Any, user: Any) -> None:
        approval.return_for_changes(state, user, "Thêm nguồn.")

    def reject(self, state: Any, user: Any) -> None:
        approval.reject(state, user, "Không có căn cứ.")

    def withdraw(self, page: Any, user: Any, note: str, seal: str) -> None:
        withdrawal.withdraw(page, user, note=note, seen_seal=seal, not_secret=True)

    def decide(self, release: Any, user: Any, verb: str, publish_at: datetime) -> None:
        acts: dict[str, Callable[[], Any]] = {
            "dang-ngay": lambda: timing.publish_now(release, user, "Gấp."),
            "doi-gio": lambda: timing.set_time(release, user, publish_at, "Chờ thêm."),
            "huy": lambda: timing.cancel(release, user, "Đã khép lại."),
        }
        acts[verb]()

    def follow_up(self, row: Any, user: Any) -> None:
        follow_ups.finish(row, user, "accepted")


class Pages:
    """As a browser does."""

    def edit(self, page: Any, user: Any, changes: dict[str, Any]) -> None:
        if not page.permissions_for_user(user).can_edit():
            raise PermissionDenied
        client = Client()
        client.force_login(user)
        fields = {name: day.isoformat() if name == "expires_on" else day for name, day in changes.items()}
        answer = client.post(
            reverse("wagtailadmin_pages:edit", args=[page.pk]), factories.form_data(page, **fields)
        )
        assert answer.status_code < 500

    def submit(self, page: Any, user: Any) -> None:
        seen = content_hash(page.get_latest_revision())
        _post(user, "submit", page.pk, seen=seen, not_secret="on")

    def pass_on(self, state: Any, user: Any, seal: str) -> None:
        _post(user, "review", state.pk, decision="pass", seal=seal)

    def approve(self, state: Any, user: Any, seal: str, publish_at: datetime | None) -> None:
        when = {"when": "later", "publish_at": _typed(publish_at)} if publish_at else {}
        _post(user, "review", state.pk, decision="approve", seal=seal, not_secret="on", **when)

    def return_for_changes(self, state: Any, user: Any) -> None:
        _post(user, "review", state.pk, decision="return", comment="Thêm nguồn.")

    def reject(self, state: Any, user: Any) -> None:
        _post(user, "review", state.pk, decision="reject", comment="Không có căn cứ.")

    def withdraw(self, page: Any, user: Any, note: str, seal: str) -> None:
        _post(user, "withdraw", page.pk, note=note, seal=seal, not_secret="on", decision="withdraw")

    def decide(self, release: Any, user: Any, verb: str, publish_at: datetime) -> None:
        values = {"reason": "Theo chỉ đạo."} | (
            {"publish_at": _typed(publish_at)} if verb == "doi-gio" else {}
        )
        _post(user, "schedule_decide", release.pk, verb, **values)

    def follow_up(self, row: Any, user: Any) -> None:
        _post(user, "follow_up", row.pk, outcome="accepted")


def save(page: Any, user: Any, changes: dict[str, Any]) -> None:
    """A new version by ``user``, whatever keeps others out: what an old tab or a plugin may do."""
    draft = page.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save_revision(user=user)


def _post(user: Any, view: str, *args: Any, **values: str) -> None:
    client = Client()
    client.force_login(user)
    answer = client.post(reverse(f"editorial:{view}", args=args), values)
    assert answer.status_code < 500, f"{view}: {answer.status_code}"


def _typed(moment: datetime) -> str:
    return moment.astimezone(_HANOI).strftime("%Y-%m-%dT%H:%M")

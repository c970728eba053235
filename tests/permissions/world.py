"""A ward with a warning in every state, the people who may or may not touch them, and a neighbour with every role.

Every warning was written by ``author`` and by ``both``, who is an approver too. The word in a title is in no other
text, so that a page that shows any of it gives itself away.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.test import Client
from django.utils import timezone

from wagtail.documents import get_document_model
from wagtail.models import Revision, TaskState

from cms.editorial import approval, withdrawal
from cms.editorial.deadlines import ApprovalDeadlines
from cms.users import delegations
from cms.users.models import Membership, Unit, User
from cms.users.roles import Role
from media.models import WarningImage
from media.services import add_image
from publishers import dispatch, scheduling, services
from publishers.models import Channel, Delivery, Release, Schedule
from publishers.states import State
from scam_warnings.models import ScamWarningPage, WarningIndexPage
from tests import factories
from tests.media.pictures import png
from tests.users import estate

STATES = (
    "draft",
    "reviewing",
    "passed",
    "waiting",
    "returned",
    "rejected",
    "scheduled",
    "missed",
    "published",
    "corrected",
    "withdrawn",
)
"""Waiting for the reviewer, passed on by the reviewer; waiting in the urgent lane; published with a newer draft."""
PEOPLE = (
    "anonymous",
    "author",
    "editor",
    "reviewer",
    "approver",
    "publisher",
    "administrator",
    "both",
    "foreign",
    "superuser",
)
IN_TWO_STEPS = ("reviewing", "passed")
HELD = ("scheduled", "missed")
ON_THE_GROUP = ("published", "corrected", "withdrawn")
"""A person posted it in the ward's Zalo group; the withdrawal waits for one."""
ROLES = {
    "author": (Role.EDITOR,),
    "editor": (Role.EDITOR,),
    "reviewer": (Role.REVIEWER,),
    "approver": (Role.APPROVER,),
    "publisher": (Role.PUBLISHER,),
    "administrator": (Role.ADMINISTRATOR,),
    "both": (Role.EDITOR, Role.APPROVER),
    "superuser": (),
}
MARK = "zumbalo"
"""Stands in every title, image, document, channel and name of the ward."""


@dataclass
class World:
    """See above."""

    unit: Unit
    people: dict[str, User | None]
    pages: dict[str, ScamWarningPage]
    tasks: dict[str, TaskState]
    releases: dict[str, Release]
    """The last one of each warning that has any."""
    revisions: dict[str, Revision]
    index: WarningIndexPage
    objects: dict[type[Model], Any]
    images: dict[str, WarningImage]
    document: Any
    estate: estate.Estate
    seals: dict[str, str] = field(default_factory=dict)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What pages showed, while that is kept: composing it for each try takes longer than the try."""

    @contextmanager
    def showing(self, state: str, seal: str, form: dict[str, Any]) -> Iterator[None]:
        """Inside, everybody acts on what the pages of this warning showed at the beginning."""
        self.seals[state], self.forms[state] = seal, form
        yield
        del self.seals[state], self.forms[state]

    def client(self, name: str) -> Client:
        """A browser of this person, who sees an error page where a view fails."""
        client = Client(raise_request_exception=False)
        person = self.people[name]
        if person is not None:
            client.force_login(person)
        return client


def mark_of(state: str) -> str:
    """The word in the title of the warning in this state."""
    return f"{MARK}-{state}"


def build() -> World:
    """Everything, in the database at hand. Deliveries run, so nothing may be held open."""
    factories.site()
    # Made by whoever asks first, also with a GET.
    ApprovalDeadlines.load()
    ward, other = factories.unit(f"Phường {MARK}"), factories.unit("Phường Bên Cạnh")
    people: dict[str, User | None] = {"anonymous": None}
    for name, roles in ROLES.items():
        people[name] = factories.user(name, *roles, unit=ward, superuser=name == "superuser")
    people["foreign"] = factories.user("foreign", *Role, unit=other)
    chief = factories.user("chief", Role.ADMINISTRATOR)
    belongings = estate.build(ward, MARK, chief)
    # Else filled in by whoever opens it first.
    belongings.objects[get_document_model()].get_file_size()
    factories.channel("assisted", f"Nhóm {MARK}", f"{MARK}-nhom", unit=ward, options={"platform": "zalo"})
    _delegation(people)
    pages, tasks, revisions = {}, {}, {}
    images = {
        # Each another one: a picture that one warning made public is public for all.
        state: add_image(
            png(320 + number, 200),
            title=f"Ảnh {mark_of(state)}",
            alt="Điện thoại hiện cuộc gọi lạ",
            credit="Ảnh",
            user=people["author"],
        )
        for number, state in enumerate(STATES)
    }
    for state in STATES:
        page, task = _warning(state, people, images[state])
        pages[state], revisions[state] = page, Revision.objects.for_instance(page).earliest("pk")
        if task is not None:
            tasks[state] = task
    return World(
        unit=ward,
        people=people,
        pages={name: ScamWarningPage.objects.get(pk=page.pk) for name, page in pages.items()},
        tasks=tasks,
        releases={name: release for name, page in pages.items() if (release := _last(page)) is not None},
        revisions=revisions,
        index=WarningIndexPage.objects.get(),
        objects=belongings.objects,
        images=images,
        document=belongings.objects[get_document_model()],
        estate=belongings,
    )


def _delegation(people: dict[str, Any]) -> None:
    """Set up by the administrator for next week: the approver, or another administrator, has to confirm it."""
    begins = timezone.now() + timedelta(days=7)
    delegations.delegate(
        Membership.objects.get(user=people["approver"]),
        people["publisher"],
        people["administrator"],
        begins_at=begins,
        ends_at=begins + timedelta(days=1),
        reason=f"Đi công tác ({MARK})",
    )


def _last(page: ScamWarningPage) -> Release | None:
    return page.releases.order_by("-number").first()


def _warning(state: str, people: dict[str, Any], image: WarningImage) -> tuple[ScamWarningPage, Any]:
    author, both, approver = people["author"], people["both"], people["approver"]
    page = factories.warning(
        author,
        title=f"{state.capitalize()} {mark_of(state)}",
        slug=f"trang-{state}",
        key=f"k-{state}",
        summary=f"Tóm tắt {mark_of(state)}.",
        # The ward asks for two steps for these only.
        severity="info" if state in IN_TWO_STEPS else "urgent",
    )
    ScamWarningPage.objects.filter(pk=page.pk).update(image=image)
    group = Channel.objects.get(remote_id=f"{MARK}-nhom")
    _edit(page, both, image=image, **({"channels": [group]} if state in ON_THE_GROUP else {}))
    if state == "draft":
        return page, None
    task = approval.submit(page, author, not_secret=True)
    if state == "passed":
        approval.pass_on(task, people["reviewer"], seen_seal=approval.under_review(task).seal)
        task = ScamWarningPage.objects.get(pk=page.pk).current_workflow_task_state
    elif state == "returned":
        approval.return_for_changes(task, approver, "Bổ sung nguồn")
    elif state == "rejected":
        approval.reject(task, approver, "Không phù hợp")
    elif state in HELD:
        _hold(task, approver, missed=state == "missed")
    elif state in ON_THE_GROUP:
        factories.approved(task, approver)
        _send(page, people["publisher"])
    if state == "corrected":
        _edit(page, author, summary=f"Tóm tắt mới {mark_of(state)}-nháp.")
        _edit(page, both, correction_note="Đính chính số điện thoại.")
    if state == "withdrawn":
        seal = withdrawal.draft(page, "Không còn đúng.").seal
        withdrawal.withdraw(page, approver, note="Không còn đúng.", seen_seal=seal, not_secret=True)
        dispatch.drain("test")
    return page, task


def _hold(task: TaskState, approver: User, *, missed: bool) -> None:
    now = timezone.now()
    release = factories.approved(task, approver, publish_at=now + timedelta(days=2))
    if missed:
        Schedule.objects.filter(release=release).update(publish_at=now - timedelta(days=1))
        scheduling.mark_missed(now)


def _send(page: ScamWarningPage, publisher: User) -> None:
    """Out on the portal by itself, in the group by a person."""
    dispatch.drain("test")
    for delivery in Delivery.objects.filter(release__page=page, state=State.AWAITING_PERSON):
        services.mark_posted(delivery, publisher, "https://zalo.me/g/bai-viet", "Đã mở nhóm xem")


def _edit(page: ScamWarningPage, person: User, **changes: Any) -> None:
    draft = ScamWarningPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save_revision(user=person)

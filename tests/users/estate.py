"""Everything a unit can have, with a word in each name by which it is found on a page."""

from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils import timezone

from wagtail.documents import get_document_model
from wagtail.models import Page, TaskState

from cms.editorial.stages.follow_ups import FollowUp
from cms.editorial.stages.lanes import ApprovalPath
from cms.information.models import Item, StandingPage
from cms.signin import invitations
from cms.signin.models import Invitation
from cms.tips import pictures, receiving
from cms.tips.models import Picture, Tip
from cms.users import memberships, requests, units
from cms.users.models import Membership, RoleRequest, Unit, User
from cms.users.roles import Role
from media.models import WarningImage
from media.services import add_image
from publishers.models import Channel, Credential, Delivery, Discrepancy, Operator, Release
from tests import factories
from tests.media.pictures import png


@dataclass
class Estate:
    """One unit's people and belongings."""

    unit: Unit
    mark: str
    objects: dict[type[Model], Any]
    people: dict[Role, User]
    waiting: TaskState
    draft: Page

    def of(self, model: type[Model]) -> Any:
        """The object of this unit a view about ``model`` would be asked for."""
        return self.objects[model]


def build(unit: Unit, mark: str, chief: User) -> Estate:
    """Fill ``unit``; ``mark`` stands in every name and title."""
    people = {role: factories.user(f"{mark}-{role.value}", role, unit=unit) for role in Role}
    for person in people.values():
        person.last_name = f"Nguyễn {mark}"
        person.save()
    author, approver = people[Role.EDITOR], people[Role.APPROVER]
    draft = factories.warning(author, title=f"Bản nháp {mark}", slug=f"{mark}-nhap", key=f"{mark}-nhap")
    waiting = factories.submitted(author, title=f"Chờ duyệt {mark}", key=f"{mark}-cho")
    task = factories.submitted(author, title=f"Đã duyệt {mark}", key=f"{mark}-xong")
    account = Credential.objects.create(label=f"Tài khoản {mark}", kind="webhook", unit=unit)
    operator = Operator.objects.create(name=f"Người đăng {mark}", unit=unit)
    channel = Channel.objects.create(
        kind="webhook", name=f"Kênh {mark}", remote_id=mark, credential=account, operator=operator, unit=unit
    )
    release = factories.approved(task, approver)
    image = add_image(png(), title=f"Ảnh {mark}", alt=f"Ảnh {mark}", credit=f"Ảnh {mark}", user=author)
    document = get_document_model().objects.create(
        title=f"Tài liệu {mark}",
        collection=units.shelve(unit),
        file=ContentFile(b"%PDF-1.4", name=f"{mark}.pdf"),
        uploaded_by_user=author,
    )
    found = Discrepancy.objects.create(
        channel=channel,
        kind=Discrepancy.Kind.values[0],
        detail=f"Sai lệch {mark}",
        found_at=timezone.now(),
        seen_at=timezone.now(),
    )
    asked = requests.ask(author, Role.APPROVER, unit, chief, f"Lý do {mark}")
    invitation = invitations.invite(
        username=f"{mark}-moi",
        last_name="Nguyễn",
        first_name=f"Người mới {mark}",
        email=f"moi@{mark}.example.vn",
        by=chief,
        unit=unit,
    )
    objects: dict[type[Model], Any] = {
        Invitation: invitation,
        Page: Page.objects.get(pk=draft.pk),
        type(draft): draft,
        Channel: channel,
        Credential: account,
        Operator: operator,
        Release: release,
        FollowUp: release.follow_up,
        ApprovalPath: ApprovalPath.objects.create(unit=unit, severity="info", stages="two"),
        Delivery: release.deliveries.first(),
        Discrepancy: found,
        WarningImage: image,
        get_document_model(): document,
        User: people[Role.EDITOR],
        Unit: unit,
        Membership: memberships.roles_in(author)[0],
        RoleRequest: asked,
        type(unit.collection): units.shelve(unit),
        # Of the province: nobody of a unit reaches it.
        Item: StandingPage.objects.create(
            kind="handbook", slug=f"{mark}-cam-nang", title=f"Cẩm nang {mark}", summary=f"Tóm tắt {mark}"
        ),
        **_tip(unit, mark),
    }
    return Estate(unit, mark, objects, people, waiting, draft)


def _tip(unit: Unit, mark: str) -> dict[type[Model], Any]:
    """What a citizen of the unit sent, with a picture."""
    told = receiving.Told(
        story=f"Chuyện ở {mark}",
        traces="",
        scam_type=None,
        unit=unit,
        is_harmed=None,
        contact=f"{mark}@example.vn",
        fresh=[pictures.Clean(png(), 64, 48)],
    )
    receiving.receive(told, mark, timezone.now())
    tip = Tip.objects.get(unit=unit)
    return {Tip: tip, Picture: tip.pictures.get()}

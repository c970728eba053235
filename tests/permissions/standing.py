"""Who stands in for whom, and through which stages a warning goes: what can be tried with the rules themselves."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.editorial.stages.lanes import ApprovalPath
from cms.users import delegations
from cms.users.models import Delegation, Membership
from cms.users.refusals import Refused
from tests.permissions.actions import ACTIONS, SIGN, Action
from tests.permissions.afterwards import PUBLISH_NOW
from tests.permissions.world import World

Attempt = Callable[[Client, World, str], HttpResponse]
"""By the person of this name."""
STANDING: dict[str, Attempt] = {}
SIGN_FOR = f"{SIGN}, in place of the approver"
PUBLISH_FOR = f"{PUBLISH_NOW}, in place of the approver"


def _role(world: World, name: str) -> Membership:
    """The person's own role of deciding, else the approver's."""
    own = Membership.objects.filter(user=world.people[name], role__in=delegations.DELEGABLE).first()
    return own or Membership.objects.get(user=world.people["approver"])


def _delegate(to: str, *, others: bool = False) -> Attempt:
    def post(client: Client, world: World, name: str) -> HttpResponse:
        role = _role(world, "approver" if others and name != "approver" else name)
        somebody = world.people[to or name] or world.people["editor"]
        today = timezone.localdate()
        form = {
            "membership": role.pk,
            "to_user": somebody.pk,
            "first": today.isoformat(),
            "last": (today + timedelta(days=3)).isoformat(),
            "reason": "Đi công tác",
        }
        return client.post(reverse("users:delegations"), form)

    return post


def _decide(decision: str) -> Attempt:
    def post(client: Client, world: World, name: str) -> HttpResponse:
        row = Delegation.objects.get(membership__user=world.people["approver"])
        return client.post(reverse("users:delegation", args=[row.pk]), {"decision": decision})

    return post


def _stages(view: str, severity: str, stages: str) -> Attempt:
    def post(client: Client, world: World, name: str) -> HttpResponse:
        args = [world.objects[ApprovalPath].pk] if view == "edit" else []
        form = {"unit": world.unit.pk, "severity": severity, "stages": stages}
        return client.post(reverse(f"editorial_paths:{view}", args=args), form)

    return post


def _delete_stages(client: Client, world: World, name: str) -> HttpResponse:
    return client.post(reverse("editorial_paths:delete", args=[world.objects[ApprovalPath].pk]))


STANDING["delegation: of one's role to the publisher"] = _delegate("publisher")
STANDING["delegation: of one's role to oneself"] = _delegate("")
STANDING["delegation: of one's role to somebody of another unit"] = _delegate("foreign")
STANDING["delegation: of the approver's role to the editor"] = _delegate("editor", others=True)
STANDING["delegation: of the approver's role to oneself"] = _delegate("", others=True)
STANDING["delegation: confirm"] = _decide("confirm")
STANDING["delegation: end"] = _decide("end")
STANDING["approval stages: one instead of two"] = _stages("edit", "info", "one")
STANDING["approval stages: another entry"] = _stages("add", "urgent", "one")
STANDING["approval stages: delete the entry"] = _delete_stages


def _in_place(action: Action) -> Action:
    """Whoever acts was delegated the approver's role, where that is possible; the delegation is gone afterwards."""

    def post(client: Client, world: World, state: str) -> HttpResponse:
        made = _stand_in(world, client)
        answer = action(client, world, state)
        if made is not None:
            made.delete()
        return answer

    return post


def _stand_in(world: World, client: Client) -> Any:
    person = next((one for one in world.people.values() if one and str(one.pk) == _signed_in(client)), None)
    if person is None:
        return None
    now = timezone.now()
    set_up = partial(
        delegations.delegate, begins_at=now, ends_at=now + timedelta(days=1), reason="Đi công tác"
    )
    approver = world.people["approver"]
    try:
        return set_up(Membership.objects.get(user=approver), person, approver)
    except Refused:
        return None


def _signed_in(client: Client) -> str:
    return client.session.get("_auth_user_id", "")


ACTIONS[SIGN_FOR] = _in_place(ACTIONS[SIGN])
ACTIONS[PUBLISH_FOR] = _in_place(ACTIONS[PUBLISH_NOW])

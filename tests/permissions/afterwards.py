"""What can be tried with a warning that was signed: its time of publication, its channels, and looking at it again."""

from datetime import timedelta

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publishers.models import Delivery, Release
from tests.permissions.actions import ACTIONS, Action, in_three_days
from tests.permissions.world import World

PUBLISH_NOW = "schedule: publish now"
SET_TIME = "schedule: set another time"


def _release(world: World, state: str) -> Release:
    """The last of the warning, else that of another one in the ward."""
    return world.releases.get(state) or world.releases["published"]


def _schedule(verb: str) -> Action:
    def post(client: Client, world: World, state: str) -> HttpResponse:
        address = reverse("editorial:schedule_decide", args=[_release(world, state).pk, verb])
        return client.post(address, {"reason": "Đã kiểm tra", "publish_at": in_three_days()})

    return post


def _follow_up(outcome: str) -> Action:
    def post(client: Client, world: World, state: str) -> HttpResponse:
        release = _release(world, state)
        row = getattr(release, "follow_up", None) or world.releases["published"].follow_up
        address = reverse("editorial:follow_up", args=[row.pk])
        return client.post(address, {"outcome": outcome, "note": "Sai số điện thoại."})

    return post


def _look_again(client: Client, world: World, state: str) -> HttpResponse:
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    address = reverse("editorial:review_content", args=[world.pages[state].pk])
    return client.post(address, {"next_on": day, "note": "Còn đúng"})


def _delivery(view: str) -> Action:
    def post(client: Client, world: World, state: str) -> HttpResponse:
        # The last channel: the one on which a person posts, where there is one.
        row = Delivery.objects.filter(release=_release(world, state)).latest("pk")
        form = {"reason": "Đã mở kênh xem", "looked": "on", "url": "https://zalo.me/g/bai-viet"}
        return client.post(reverse(f"publishers:{view}", args=[row.pk]), form)

    return post


def _all_deliveries(verb: str) -> Action:
    def post(client: Client, world: World, state: str) -> HttpResponse:
        address = reverse("publishers:release_bulk", args=[_release(world, state).pk])
        return client.post(address, {"verb": verb, "confirmed": "on", "reason": "Đã mở kênh xem"})

    return post


ACTIONS[PUBLISH_NOW] = _schedule("dang-ngay")
ACTIONS[SET_TIME] = _schedule("doi-gio")
ACTIONS["schedule: do not publish"] = _schedule("huy")
ACTIONS["follow-up review: accept"] = _follow_up("accepted")
ACTIONS["follow-up review: ask for a withdrawal"] = _follow_up("withdrawal")
ACTIONS["review of what is public: still right"] = _look_again
ACTIONS["delivery: send again"] = _delivery("delivery_resend")
ACTIONS["delivery: cancel"] = _delivery("delivery_cancel")
ACTIONS["delivery: confirm the post"] = _delivery("delivery_posted")
ACTIONS["deliveries: send all again"] = _all_deliveries("retry")
ACTIONS["deliveries: cancel all"] = _all_deliveries("cancel")

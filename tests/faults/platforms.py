"""Channels on the sandbox's fanpage and Zalo group, and warnings on their way to both."""

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from PIL import Image

from media import sealed
from publishers.models import Channel, Credential, Release
from publishers.sandbox import world
from publishers.sandbox.server import Sandbox
from publishers.services import connect_account
from tests.publishers import outbox

PAGE, GROUP = world.PROVINCE_PAGE.id, world.PROVINCE_GROUP.id


@dataclass
class Platforms:
    """The two channels with their accounts."""

    sandbox: Sandbox
    facebook: Channel
    zalo: Channel
    picture: dict[str, Any]

    def approve(self, *, wait: float = 0.0) -> Release:
        """A warning, due on both channels in ``wait`` seconds, the fanpage first."""
        release = outbox.release()
        for number, channel in enumerate((self.facebook, self.zalo)):
            due = timezone.now() + timedelta(seconds=wait + number / 1000)
            outbox.delivery(channel, of=release, now=due, images=[self.picture])
        return release

    def posts(self, release: Release) -> list[str]:
        """The ids of what carries the reference on the fanpage."""
        return [post["id"] for post in self.sandbox.posts(PAGE) if release.reference in post["message"]]

    def messages(self, release: Release) -> list[str]:
        """The ids of what carries the reference in the group."""
        rows = self.sandbox.messages(GROUP)
        return [row["id"] for row in rows if release.reference in row["text"]]

    def reconnect_zalo(self) -> None:
        """What a person does: fetch a new pair from Zalo and enter it."""
        state = self.sandbox.remote.state
        with self.sandbox.remote.lock:
            access = next(token.token for token in state.access_tokens.values() if not token.killed)
            refresh = next(token.token for token in state.refresh_tokens.values() if not token.used)
        account = self.zalo.credential
        assert account is not None
        connect_account(
            label=account.label,
            kind=account.kind,
            secrets={"access_token": access, "refresh_token": refresh},
            credential=Credential.objects.get(pk=account.pk),
        )


def connected(sandbox: Sandbox) -> Platforms:
    """Both channels, with the access of the sandbox's demo world."""
    facebook = connect_account(
        label="Trang",
        kind="facebook",
        secrets={
            "page_token": world.PROVINCE_PAGE.access_token,
            "app_id": world.FACEBOOK_APP_ID,
            "app_secret": world.FACEBOOK_APP_SECRET,
        },
    )
    zalo = connect_account(
        label="Zalo OA",
        kind="zalo_oa",
        secrets={
            "app_id": world.ZALO_APP_ID,
            "secret_key": world.ZALO_SECRET_KEY,
            "access_token": world.ZALO_ACCESS_TOKEN,
            "refresh_token": world.ZALO_REFRESH_TOKEN,
        },
    )
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "#b3261e").save(out, "JPEG")
    file = sealed.put(out.getvalue(), "image/jpeg")
    return Platforms(
        sandbox,
        outbox.channel("facebook_page", name="Fanpage", remote_id=PAGE, credential=facebook),
        outbox.channel("zalo_group", name="Nhóm Zalo", remote_id=GROUP, credential=zalo),
        {"sha256": file.sha256, "mime": file.mime, "width": 64, "height": 64, "alt": "Thẻ cảnh báo"},
    )

"""What leaves is what was signed, to the byte, whatever is edited afterwards (test plan D4)."""

import pytest

from publishers.models import Channel, Release
from publishers.sandbox.state import GroupMessage, Post
from publishers.sealing import sealed_payload_hash
from publishers.states import PUBLIC
from tests import factories
from tests.delivery.conftest import change, of, sign

pytestmark = pytest.mark.django_db

EDITED = {
    "title": "Tiêu đề sửa sau khi ký",
    "summary": "Tóm tắt sửa sau khi ký.",
    "facebook_text": "Lời Facebook sửa sau khi ký.",
    "zalo_text": "Lời Zalo sửa sau khi ký.",
}


def test_what_is_edited_after_the_signature_changes_nothing_that_leaves(
    lan, minh, sandbox, fanpage, group, engine
):
    page = factories.warning(lan, channels=[fanpage.name, group.name])
    release = sign(page, lan, minh)
    change(page, lan, **EDITED)
    engine.turn()
    engine.turn(30)

    [post] = sandbox.remote.state.posts.values()
    [message] = sandbox.remote.state.messages
    photos = [sandbox.remote.state.photos[photo].file for photo in post.photos]
    assert delivered_hash(release, fanpage, post, photos) == release.manifest[str(fanpage.pk)]
    assert delivered_hash(release, group, message, [message.file]) == release.manifest[str(group.pk)]
    assert not any(text in post.message + message.text for text in EDITED.values())
    assert of(release, fanpage).state in PUBLIC
    assert of(release, group).state in PUBLIC


def delivered_hash(release: Release, channel: Channel, shown: Post | GroupMessage, files: list[str]) -> str:
    """The hash of what ``channel`` shows: its words, and the pictures that arrived there."""
    delivery = of(release, channel)
    payload = delivery.payload
    payload.text = shown.message if isinstance(shown, Post) else shown.text
    # The sandbox names a file by what is in it.
    arrived = {name.partition(".")[0] for name in files}
    payload.images = [image for image in payload.images if image["sha256"][:32] in arrived]
    return sealed_payload_hash(payload, follows=delivery.follows_id)

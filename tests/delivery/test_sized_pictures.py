"""A picture goes out in the sizes screens need, and each of them is what was signed."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from cms.editorial import approval
from media import sealed
from media.services import add_image
from publishers.dispatch import drain
from publishers.models import Attempt, Delivery
from publishers.states import State
from scam_warnings.snapshot import Picture, Snapshot
from tests import factories
from tests.media import pictures

PHONE, TABLET = 480, 800


@pytest.fixture
def release(lan, minh, settings, tmp_path):
    """A signed warning with a photograph of a phone's camera."""
    settings.SEALED_ROOT = tmp_path / "sealed"
    settings.PORTAL_ROOT = tmp_path / "portal"
    page = factories.warning(lan)
    page.image = add_image(
        pictures.jpeg(2400, 1600), title="Minh họa", alt="Tin nhắn giả", credit="Công an tỉnh", user=lan
    )
    page.save_revision(user=lan)
    return factories.approved(approval.submit(page, lan, not_secret=True), minh)


def picture(release) -> Picture:
    found = Snapshot.from_json(release.snapshot).image
    assert found is not None
    return found


def portal(release) -> Delivery:
    return Delivery.objects.get(release=release, channel__kind="portal")


def test_each_size_is_sealed_signed_and_public(release, client, settings):
    photo = picture(release)
    assert [one.width for one in photo.smaller] == [PHONE, TABLET]
    assert all(len(sealed.read(one.sha256)) < 65_000 for one in photo.smaller)
    signed = {image["sha256"] for image in portal(release).payload.images}
    assert {one.sha256 for one in photo.smaller} < signed
    drain("w")
    assert portal(release).state == State.CONFIRMED
    html = client.get(release.snapshot["path"]).content.decode()
    [srcset] = re.findall(r'<figure class="figure"><img [^>]*srcset="([^"]*)"', html)
    sizes = dict(reversed(part.split()) for part in srcset.split(", "))
    assert sorted(sizes) == sorted(f"{one.width}w" for one in (*photo.smaller, photo))
    for one in (*photo.smaller, photo):
        shown = Path(settings.SEALED_ROOT, sizes[f"{one.width}w"].removeprefix("/media/sealed/"))
        assert sha256(shown.read_bytes()).hexdigest() == one.sha256


def test_an_altered_small_one_stops_the_page(release):
    file: Path = sealed.find(picture(release).smaller[0].sha256)
    file.chmod(0o644)
    file.write_bytes(pictures.jpeg(480, 320))
    drain("w")
    assert Attempt.objects.get(delivery=portal(release)).outcome == "seal_broken"
    assert portal(release).state == State.FAILED


def test_a_picture_sealed_before_there_were_sizes_keeps_its_hash():
    before = {"sha256": "a" * 64, "mime": "image/jpeg", "width": 9, "height": 9, "alt": "", "credit": ""}
    assert Picture.from_json(before).to_json() == before

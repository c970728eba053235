"""Every page that can be shared has a picture: its own, or the agency's."""

import io
import re
from pathlib import Path

from django.test import Client

import pytest
from PIL import Image

from cms.portal import bake
from scam_warnings.agency import AgencySettings
from tests.portal import factories

pytestmark = pytest.mark.django_db
PICTURE = re.compile(r'<meta property="og:image" content="http[^"]*(/chia-se/[0-9a-f]{16}\.jpg)">')


def test_pages_without_a_picture_of_their_own_show_the_agencys(client: Client, portal_root: Path) -> None:
    agency = AgencySettings.load()
    agency.name = "Công an tỉnh Đắk Lắk"
    agency.save()
    factories.publish()
    found = {}
    for path in ("/", "/canh-bao/", "/hinh-thuc/", "/cam-nang/", "/kiem-tra/", "/404.html"):
        text = client.get(path).text
        assert text.count('property="og:image"') == 1, path
        assert 'property="og:image:alt" content="Cảnh báo lừa đảo – Công an tỉnh Đắk Lắk"' in text
        found[path] = PICTURE.search(text)[1]  # type: ignore[index]
    [path] = set(found.values())
    english = client.get("/en/canh-bao/").text
    assert 'property="og:image:alt" content="Scam warnings – Công an tỉnh Đắk Lắk"' in english
    other = portal_root / PICTURE.search(english)[1].lstrip("/")  # type: ignore[index]
    file = portal_root / path.lstrip("/")
    assert other.read_bytes() != file.read_bytes()
    image = Image.open(io.BytesIO(file.read_bytes()))
    assert (image.size, image.format) == ((1200, 630), "JPEG")
    assert file.stat().st_size < 300_000
    assert client.get(path).content == file.read_bytes()

    agency.name = "Công an tỉnh Gia Lai"
    agency.save()
    bake.bake_everything()
    assert not file.exists()
    assert not other.exists()
    assert client.get(path).status_code == 404
    assert len(list((portal_root / "chia-se").iterdir())) == 2

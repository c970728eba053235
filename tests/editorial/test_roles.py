"""What each role can reach once the installation is set up."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import pytest
from PIL import Image

from cms.editorial.site_setup import set_up_site
from cms.users.roles import Role
from media.models import WarningImage
from publishers.models import Channel
from scam_warnings.models import WarningIndexPage
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def signed_in(*roles: Role) -> Client:
    client = Client()
    client.force_login(factories.user("-".join(roles) or "nobody", *roles))
    return client


def picture(width: int, height: int) -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(data, "PNG")
    return SimpleUploadedFile("anh.png", data.getvalue(), "image/png")


def upload(client: Client, file: SimpleUploadedFile, **texts: str):
    fields = {
        "image-chooser-upload-title": "Ảnh minh họa",
        "image-chooser-upload-description": "Điện thoại hiện cuộc gọi lạ",
        "image-chooser-upload-credit": "Công an tỉnh",
        "image-chooser-upload-tags": "",
    }
    fields |= {f"image-chooser-upload-{name}": text for name, text in texts.items()}
    return client.post(reverse("wagtailimages_chooser:create"), {**fields, "image-chooser-upload-file": file})


def test_an_editor_adds_a_picture_from_the_form():
    response = upload(signed_in(Role.EDITOR), picture(800, 600))
    assert response.json()["step"] == "chosen"
    assert WarningImage.objects.get().credit == "Công an tỉnh"


@pytest.mark.parametrize(
    ("file", "texts", "says"),
    [
        (lambda: picture(10_000, 5_000), {}, "hơn 40 triệu điểm ảnh"),
        (lambda: SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>", "image/jpeg"), {}, "JPEG"),
        (
            lambda: SimpleUploadedFile(
                "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"
            ),
            {},
            "svg",
        ),
        (lambda: picture(800, 600), {"description": ""}, "bắt buộc"),
        (lambda: picture(800, 600), {"credit": ""}, "bắt buộc"),
    ],
)
def test_a_bad_picture_is_refused_in_words(file, texts, says):
    answer = upload(signed_in(Role.EDITOR), file(), **texts).json()
    assert answer["step"] != "chosen"
    assert says.lower() in answer["htmlFragment"].lower()
    assert not WarningImage.objects.exists()


@pytest.mark.parametrize(
    ("role", "may_write", "may_add_channels"),
    [(Role.EDITOR, True, False), (Role.APPROVER, False, False), (Role.ADMINISTRATOR, False, True)],
)
def test_each_role_does_its_own_work(role, may_write, may_add_channels):
    client = signed_in(role)
    index = WarningIndexPage.objects.get()
    write = client.get(reverse("wagtailadmin_pages:add", args=["scam_warnings", "scamwarningpage", index.pk]))
    assert (write.status_code == 200) is may_write
    add = client.get(reverse("publishers_channels:add"))
    assert (add.status_code == 200) is may_add_channels


def test_setting_up_again_keeps_what_was_changed():
    Channel.objects.filter(kind="portal").update(name="Cổng của tỉnh")
    set_up_site()
    assert Channel.objects.get(kind="portal").name == "Cổng của tỉnh"
    assert WarningIndexPage.objects.count() == 1


def test_nobody_signed_out_sees_the_admin():
    for name in ("wagtailadmin_home", "publishers:deliveries", "editorial:warnings"):
        response = Client().get(reverse(name))
        assert response.status_code == 302
        assert "/login/" in response.url

"""The doors into the image library: form, multi-upload, chooser and code keep the same rules."""

import io
import json
import re
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from wagtail.images import get_image_model
from wagtail.models import UploadedFile

import pytest
from PIL import Image

from media import services, uploads
from media.models import WarningImage
from tests.media import pictures

pytestmark = pytest.mark.django_db
TEXTS = {"title": "Biên lai giả", "description": "Ảnh chụp một biên lai giả", "credit": "Ảnh: Công an tỉnh"}
BIG = 3 * 1024 * 1024


@pytest.fixture(autouse=True)
def uploads_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def editor(client):
    user = get_user_model().objects.create_superuser("anh", "anh@example.org", "mat-khau-rat-dai")
    client.force_login(user)
    return client


def file(data: bytes, name: str = "Ảnh chụp màn hình (1).jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def large_private_jpeg() -> bytes:
    """Large enough that Django keeps it in a file instead of memory."""
    return pictures.private_jpeg() + b"SECRET-TAIL" + b"\0" * BIG


def stored_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def add_by_form(client, data, name="anh.jpg", **texts):
    return client.post(reverse("wagtailimages:add"), {**TEXTS, **texts, "file": file(data, name)})


def add_by_chooser(client, data, name="anh.jpg"):
    fields = {f"image-chooser-upload-{key}": value for key, value in TEXTS.items()}
    return client.post(
        reverse("wagtailimages_chooser:create"), {**fields, "image-chooser-upload-file": file(data, name)}
    )


def add_by_multi_upload(client, data, name="anh.jpg"):
    return client.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "anh", "files[]": file(data, name)},
        headers={"x-requested-with": "XMLHttpRequest"},
    )


def test_it_is_the_image_model_of_the_site():
    assert get_image_model() is WarningImage


@pytest.mark.parametrize("data", [pictures.private_jpeg(), large_private_jpeg()], ids=["small", "large"])
def test_the_form_stores_a_clean_image_under_a_name_nobody_guesses(editor, uploads_folder, data):
    assert add_by_form(editor, data).status_code == 302
    image = WarningImage.objects.get()
    assert re.fullmatch(r"original_images/[0-9a-f]{32}\.jpg", image.file.name)
    assert (image.width, image.height) == (48, 64)
    assert (image.description, image.credit) == (TEXTS["description"], TEXTS["credit"])
    assert image.file_size == len(image.file.read())
    assert b"SECRET" not in stored_bytes(uploads_folder)


@pytest.mark.parametrize("missing", ["description", "credit", "title"])
def test_description_and_credit_are_required(editor, missing):
    response = add_by_form(editor, pictures.jpeg(), **{missing: "  "})
    assert missing in response.context["form"].errors
    assert not WarningImage.objects.exists()


@pytest.mark.parametrize("field", ["description", "credit"])
def test_texts_longer_than_255_characters_are_refused(editor, field):
    response = add_by_form(editor, pictures.jpeg(), **{field: "ữ" * 256})
    assert field in response.context["form"].errors


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"<html><script>alert(1)</script></html>", "anh.jpg", "type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "anh.svg", "type"),
        (pictures.encode(pictures.photo(), "GIF"), "anh.gif", "type"),
        (pictures.png_claiming(10_000, 5_000), "anh.png", "too_many_pixels"),
        (pictures.jpeg(600, 400)[:2000], "anh.jpg", "damaged"),
        (b"", "anh.jpg", "empty"),
        (pictures.jpeg() + b"\0" * uploads.MAX_BYTES, "anh.jpg", "too_large"),
    ],
)
def test_every_door_shows_the_reason_beside_the_file(editor, uploads_folder, data, name, code):
    sentence = str(uploads.refusal(code).messages[0])
    shown = [
        add_by_form(editor, data, name).context["form"].errors["file"][0],
        json.loads(add_by_multi_upload(editor, data, name).content)["error_message"],
    ]
    assert shown == [sentence, sentence]
    assert sentence in json.loads(add_by_chooser(editor, data, name).content)["htmlFragment"]
    assert not WarningImage.objects.exists()
    assert stored_bytes(uploads_folder) == b""


def test_the_content_decides_not_the_name(editor):
    assert add_by_form(editor, pictures.png(), "tong-cuc-thue.apk.html").status_code == 302
    image = WarningImage.objects.get()
    assert image.file.name.endswith(".png")
    assert "html" not in image.file.name


@pytest.mark.parametrize("data", [pictures.private_jpeg(), large_private_jpeg()], ids=["small", "large"])
def test_the_multi_upload_waits_for_the_texts_and_never_keeps_the_original(editor, uploads_folder, data):
    first = json.loads(add_by_multi_upload(editor, data).content)
    assert first["success"]
    assert not WarningImage.objects.exists()
    assert UploadedFile.objects.count() == 1
    assert b"SECRET" not in stored_bytes(uploads_folder)

    pk = first["uploaded_file_id"]
    fields = {f"uploaded-image-{pk}-{key}": value for key, value in TEXTS.items()}
    address = reverse("wagtailimages:create_multiple_from_uploaded_image", args=(pk,))
    second = json.loads(editor.post(address, fields, headers={"x-requested-with": "XMLHttpRequest"}).content)
    assert second["success"], second
    image = WarningImage.objects.get()
    assert image.credit == TEXTS["credit"]
    assert (image.width, image.height) == (48, 64)
    assert re.fullmatch(r"original_images/[0-9a-f]{32}\.jpg", image.file.name)
    assert b"SECRET" not in stored_bytes(uploads_folder)


def test_the_chooser_stores_a_clean_image(editor, uploads_folder):
    answer = json.loads(add_by_chooser(editor, pictures.private_jpeg()).content)
    assert answer["step"] == "chosen"
    assert WarningImage.objects.get().description == TEXTS["description"]
    assert b"SECRET" not in stored_bytes(uploads_folder)


def test_replacing_the_file_of_an_image_keeps_the_rules(editor, uploads_folder):
    image = services.add_image(pictures.jpeg(), title="a", alt="b", credit="c", user=None)
    old = image.file.name
    address = reverse("wagtailimages:edit", args=(image.pk,))
    refused = editor.post(address, {**TEXTS, "file": file(b"<html>")})
    assert "file" in refused.context["form"].errors
    assert default_storage.exists(old)
    assert editor.post(address, {**TEXTS, "file": file(pictures.private_jpeg())}).status_code == 302
    image.refresh_from_db()
    assert (image.width, image.height) == (48, 64)
    assert not default_storage.exists(old)
    assert b"SECRET" not in stored_bytes(uploads_folder)


def test_the_service_adds_an_image_as_the_form_does(django_user_model):
    user = django_user_model.objects.create_user("binh")
    image = services.add_image(
        pictures.private_jpeg(), title=" Biên  lai ", alt="Một biên lai", credit="Ảnh: PA05", user=user
    )
    image.refresh_from_db()
    assert image.title == "Biên lai"
    assert image.default_alt_text == "Một biên lai"
    assert image.uploaded_by_user == user
    assert image.file_hash
    assert (image.width, image.height, image.file_size) == (48, 64, image.file.size)


@pytest.mark.parametrize(
    "texts", [{"alt": " "}, {"credit": ""}, {"title": ""}, {"alt": "ữ" * 256}, {"credit": "ữ" * 256}]
)
def test_the_service_asks_for_every_text(uploads_folder, texts):
    given = {"title": "a", "alt": "b", "credit": "c", **texts}
    with pytest.raises(ValidationError):
        services.add_image(pictures.jpeg(), **given, user=None)
    assert stored_bytes(uploads_folder) == b""


def test_the_service_refuses_what_the_form_refuses():
    with pytest.raises(ValidationError) as refused:
        services.add_image(b"<svg/>", title="a", alt="b", credit="c", user=None)
    assert refused.value.code == "type"


def test_code_that_forgets_the_service_still_stores_a_clean_image(uploads_folder):
    image = WarningImage(title="a", description="b", credit="c")
    image.file = ImageFile(io.BytesIO(pictures.private_jpeg()), name="../../etc/cron.d/x.jpg")
    image.save()
    image.refresh_from_db()
    assert (image.width, image.height) == (48, 64)
    assert b"SECRET" not in stored_bytes(uploads_folder)
    with pytest.raises(ValidationError):
        image.file.save("x.jpg", ContentFile(b"<html>"))


def test_a_size_for_the_page_can_be_made():
    image = services.add_image(pictures.png(400, 300), title="a", alt="Mô tả", credit="c", user=None)
    rendition = image.get_rendition("fill-200x100")
    assert (rendition.width, rendition.height, rendition.alt) == (200, 100, "Mô tả")
    with Image.open(rendition.file) as made:
        assert made.size == (200, 100)

"""A document with a mark of secrecy does not enter the library."""

import io
import zipfile

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from wagtail.documents import get_document_model

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.documents import document_markings


def docx(*paragraphs: str) -> bytes:
    """A Word file whose runs fall apart in the middle of words, as Word's own do."""
    runs = "".join(
        "<w:p>" + "".join(f"<w:r><w:t>{char}</w:t></w:r>" for char in text) + "</w:p>" for text in paragraphs
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document><w:body>{runs}</w:body></w:document>")
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"word/part{number}.xml", b" " * 20_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "marks"),
    [
        ("bao-cao.docx", docx("CÔNG VĂN", "TỐI MẬT"), ["TỐI MẬT"]),
        ("bao-cao.docx", docx("Tài liệu lưu hành nội bộ"), ["lưu hành nội bộ"]),
        ("bao-cao.docx", docx("Không thuộc bí mật nhà nước; giữ kín mật khẩu"), []),
        ("TOI-MAT.docx", docx("x"), ["toi mat"]),
        ("ghi-chu.txt", "Độ mật: Tối mật".encode(), ["Độ mật: Tối mật"]),
        ("a.pdf", b"%PDF-1.7 /Title (x)", []),
        ("a.docx", b"PK\x03\x04 broken", []),
        ("a.docx", bomb(), []),
    ],
)
def test_marks_in_name_and_text_are_found(name, data, marks):
    assert document_markings(name, data) == marks


@given(st.binary(max_size=300))
def test_any_bytes_can_be_asked(data):
    document_markings("a.docx", b"PK\x03\x04" + data)


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "enters"), [("TUYỆT MẬT", False), ("Tài liệu tuyên truyền", True)])
def test_the_upload_form_says_so_beside_the_file(client, settings, tmp_path, text, enters):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(
        get_user_model().objects.create_superuser("anh", "anh@example.org", "mat-khau-rat-dai")
    )
    response = client.post(
        reverse("wagtaildocs:add"),
        {
            "title": "Tài liệu",
            "tags": "",
            "file": SimpleUploadedFile("tai-lieu.docx", docx(text)),
        },
        follow=True,
    )
    assert get_document_model().objects.exists() is enters
    assert ("dấu chỉ độ mật" in response.content.decode()) is not enters

"""«Hồ sơ đã ký»: taken over HTTP, checked by a command that knows nothing of the product, found when altered."""

import copy
import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

from django.test import Client
from django.urls import reverse
from django.utils import timezone

import pytest

from cms.audit import linking
from cms.audit.models import Entry
from cms.editorial import approval, withdrawal
from cms.users.models import User
from publishers.models import Channel, Delivery, Payload, Release
from publishers.states import State
from scam_warnings.models import ScamWarningPage
from tests import factories

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def head_file(settings, tmp_path):
    settings.AUDIT_HEAD = tmp_path / "head.json"


@pytest.fixture
def release(lan, minh) -> Release:
    """Approved for the portal, a fanpage and a channel by hand."""
    factories.channel("facebook_page", "Trang Công an tỉnh", "101")
    factories.channel("assisted", "Nhóm Zalo tổ 5", "tổ-5", options={"platform": "zalo"})
    chosen = ["Trang Công an tỉnh", "Nhóm Zalo tổ 5"]
    made = factories.approved(factories.submitted(lan, channels=chosen), minh)
    linking.link_pending()
    return made


def taken(release: Release, user: User) -> bytes:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse("publishers:release_record", args=[release.pk]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="ho-so-{release.reference}.zip"'
    return answer.content


def checked(folder: Path, content: bytes, **environ: str) -> subprocess.CompletedProcess:
    file = folder / "ho-so.zip"
    file.write_bytes(content)
    return subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "deploy" / "verify_release.py"), str(file)],
        capture_output=True,
        text=True,
        env=environ,
        timeout=60,
        check=False,
    )


def repacked(content: bytes, change) -> bytes:
    """The record as somebody would alter it who knows how the file is made, but has no key."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        files = {name: old.read(name) for name in old.namelist()}
        record = json.loads(files["ho-so.json"])
        change(record, files)
        files["ho-so.json"] = json.dumps(record, ensure_ascii=False).encode()
        for name, data in files.items():
            new.writestr(name, data)
    return out.getvalue()


def test_a_record_is_taken_checked_and_written_down(release, lan, minh, settings, tmp_path):
    content = taken(release, lan)
    for keys in ({}, {"AUDIT_KEYS": ",".join(settings.AUDIT_KEYS)}):
        answer = checked(tmp_path, content, **keys)
        assert answer.returncode == 0, answer.stdout
        assert f"{release.reference} (publication), signed by minh" in answer.stdout
        assert "3 channels: every hash fits" in answer.stdout
        assert "seal: fits" in answer.stdout
    assert checked(tmp_path, content, AUDIT_KEYS="another").returncode == 1
    assert Entry.objects.get(action="audit.download").object_label == release.reference

    stranger = Client()
    address = reverse("publishers:release_record", args=[release.pk])
    assert stranger.get(address).status_code == 302
    stranger.force_login(factories.user("la"))
    assert stranger.get(address).status_code in (302, 403)
    client = Client()
    client.force_login(lan)
    assert address in client.get(reverse("publishers:release", args=[release.pk])).content.decode()
    assert client.post(address).status_code == 405


def test_a_channel_that_changed_later_does_not_change_the_record(release, lan, tmp_path):
    Channel.objects.filter(kind="assisted").update(name="Tên khác", remote_id="khác", options={})
    assert checked(tmp_path, taken(release, lan)).returncode == 0


def test_corrections_that_follow_and_withdrawals_fit_too(release, lan, minh, tmp_path):
    out = {
        "state": State.DELIVERED,
        "remote_id": "9",
        "delivered_at": timezone.now(),
        "next_attempt_at": None,
    }
    Delivery.objects.filter(release=release).update(**out)
    page = ScamWarningPage.objects.get(pk=release.page_id)
    draft = page.get_latest_revision_as_object()
    draft.correction_note, draft.summary = "Sửa số điện thoại", "Tóm tắt đã sửa."
    draft.save_revision(user=lan)
    correction = factories.approved(approval.submit(page, lan, not_secret=True), minh)
    assert correction.kind == Release.Kind.CORRECTION
    answer = checked(tmp_path, taken(correction, lan))
    assert (answer.returncode, "seal: fits" in answer.stdout) == (0, True), answer.stdout

    page.refresh_from_db()
    made = withdrawal.draft(page, "Nhầm")
    withdrawn = withdrawal.withdraw(page, minh, note="Nhầm", seen_seal=made.seal, not_secret=True)
    answer = checked(tmp_path, taken(withdrawn, lan))
    assert (answer.returncode, "seal: fits" in answer.stdout) == (0, True), answer.stdout


def test_a_release_from_before_this_record_says_what_cannot_be_checked(release, lan, tmp_path):
    Release.objects.filter(pk=release.pk).update(circumstances=None)
    answer = checked(tmp_path, taken(release, lan))
    assert answer.returncode == 0, answer.stdout


def test_a_row_that_was_altered_after_the_signature_is_found(release, lan, tmp_path):
    payload = Payload.objects.filter(channel__kind="facebook_page")
    text = payload.get().text
    payload.update(text="Chuyển tiền vào tài khoản này")
    answer = checked(tmp_path, taken(release, lan))
    assert (answer.returncode, "Trang Công an tỉnh" in answer.stdout) == (1, True)
    payload.update(text=text)
    for column, value in (("note", "khác"), ("reference", "CB-2026-99999"), ("snapshot", {"title": "khác"})):
        kept = getattr(Release.objects.get(pk=release.pk), column)
        Release.objects.filter(pk=release.pk).update(**{column: value})
        altered = Release.objects.get(pk=release.pk)
        assert checked(tmp_path, taken(altered, lan)).returncode == 1, column
        Release.objects.filter(pk=release.pk).update(**{column: kept})
    assert checked(tmp_path, taken(release, lan)).returncode == 0


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, place))
    else:
        yield path


def test_any_altered_value_is_found_with_the_keys(release, lan, settings, tmp_path):
    content = taken(release, lan)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        everything = list(leaves(json.loads(archive.read("ho-so.json"))))
    dice = random.Random(3)
    for path in dice.sample(everything, 40):

        def change(record, files, path=path):
            inner = record
            for step in path[:-1]:
                inner = inner[step]
            old = copy.deepcopy(inner[path[-1]])
            inner[path[-1]] = not old if isinstance(old, bool) else f"{old}x"

        answer = checked(tmp_path, repacked(content, change), AUDIT_KEYS=",".join(settings.AUDIT_KEYS))
        assert answer.returncode == 1, (path, answer.stdout)


@pytest.mark.parametrize("what", ["picture", "payload", "missing", "no zip"])
def test_a_file_that_was_altered_is_found_without_keys(release, lan, tmp_path, what):
    content = taken(release, lan)

    def change(record, files):
        picture = next(name for name in files if name.startswith("hinh/"))
        if what == "picture":
            files[picture] = files[picture][:-1] + b"x"
        elif what == "missing":
            del files[picture]
        else:
            record["payloads"].pop()

    altered = b"PK no zip" if what == "no zip" else repacked(content, change)
    assert checked(tmp_path, altered).returncode == (2 if what == "no zip" else 1)

"""The sealed store gives back exactly what was put in, or says that it cannot."""

import hashlib
import os
import stat

import pytest

from media import sealed
from tests.media import pictures


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    """Where a file lies that no release holds yet."""
    settings.SEALED_ROOT = tmp_path / "media" / "sealed"
    return tmp_path / "media" / "sealed-drafts"


def test_a_file_is_named_by_its_hash_and_read_back(root):
    data = pictures.jpeg(320, 200)
    put = sealed.put(data, "image/jpeg")
    digest = hashlib.sha256(data).hexdigest()
    assert put == sealed.SealedFile(digest, f"{digest[:2]}/{digest}.jpg", "image/jpeg", len(data), 320, 200)
    assert (root / put.path).read_bytes() == data
    assert sealed.read(digest) == data
    assert sealed.find(digest) == root / put.path


def test_putting_twice_leaves_one_untouched_file(root):
    data = pictures.png()
    first = sealed.put(data, "image/png")
    before = (root / first.path).stat().st_ino
    assert sealed.put(data, "image/png") == first
    assert (root / first.path).stat().st_ino == before
    assert [path.name for path in root.rglob("*") if path.is_file()] == [f"{first.sha256}.png"]


def test_sealed_files_are_readable_by_the_web_server_and_writable_by_nobody(root):
    path = root / sealed.put(pictures.webp(), "image/webp").path
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


@pytest.mark.parametrize("change", ["flip", "cut", "append", "empty"])
def test_an_altered_file_is_never_given_out(root, change):
    put = sealed.put(pictures.jpeg(), "image/jpeg")
    path = root / put.path
    data = bytearray(path.read_bytes())
    if change == "flip":
        data[len(data) // 2] ^= 1
    altered = {"flip": data, "cut": data[:-1], "append": data + b"\0", "empty": b""}[change]
    path.chmod(0o644)
    path.write_bytes(altered)
    with pytest.raises(sealed.SealedFileDamaged) as damaged:
        sealed.read(put.sha256)
    assert damaged.value.sha256 == put.sha256


def test_a_missing_file_is_damage_too():
    with pytest.raises(sealed.SealedFileDamaged):
        sealed.read("0" * 64)


def test_putting_the_bytes_again_repairs_a_damaged_file(root):
    data = pictures.jpeg()
    put = sealed.put(data, "image/jpeg")
    (root / put.path).chmod(0o644)
    (root / put.path).write_bytes(b"rotten")
    sealed.put(data, "image/jpeg")
    assert sealed.read(put.sha256) == data


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", "00/" + "0" * 64]
)
def test_only_a_digest_names_a_file(name):
    with pytest.raises(sealed.SealedFileDamaged):
        sealed.read(name)


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"<svg/>", "image/svg+xml"),
        (b"<html>", "image/jpeg"),
        (b"", "image/png"),
        (pictures.png(), "image/jpeg"),
    ],
)
def test_what_is_not_the_image_it_claims_to_be_is_not_sealed(root, data, mime):
    with pytest.raises(ValueError):
        sealed.put(data, mime)
    assert not [path for path in root.rglob("*") if path.is_file()]


def test_a_full_disk_leaves_no_half_file(root, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    data = pictures.jpeg()
    with pytest.raises(OSError, match="No space"):
        sealed.put(data, "image/jpeg")
    assert not [path for path in root.rglob("*") if path.is_file()]
    with pytest.raises(sealed.SealedFileDamaged):
        sealed.read(hashlib.sha256(data).hexdigest())


def test_a_file_is_public_once_a_release_holds_it(root, settings):
    put = sealed.put(pictures.jpeg(), "image/jpeg")
    public = settings.SEALED_ROOT / put.path
    assert not public.exists()
    assert sealed.draft(put.sha256) == root / put.path
    sealed.release(put.sha256)
    sealed.release(put.sha256)
    assert public.read_bytes() == (root / put.path).read_bytes()
    assert stat.S_IMODE(public.stat().st_mode) == 0o444
    assert sealed.find(put.sha256) == public
    with pytest.raises(sealed.SealedFileDamaged):
        sealed.draft(put.sha256)
    with pytest.raises(sealed.SealedFileDamaged):
        sealed.release("0" * 64)


def test_a_released_file_is_repaired_in_its_place(settings):
    data = pictures.jpeg()
    put = sealed.put(data, "image/jpeg")
    sealed.release(put.sha256)
    public = settings.SEALED_ROOT / put.path
    public.unlink()
    public.write_bytes(b"rotten")
    sealed.put(data, "image/jpeg")
    assert public.read_bytes() == data

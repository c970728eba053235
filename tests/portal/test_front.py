"""nginx with nothing behind it: no CMS, no worker, no database. What is published still answers, all of it."""

import gzip
import http.client
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
import pytest
from pytest_django import Settings

from cms.portal import addresses, bake
from cms.portal.baking import files
from cms.portal.finished import FinishedFiles
from cms.portal.models import PublicState, PublishedWarning
from tests import fronting
from tests.portal import factories

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
PATH = "/canh-bao/gia-danh-can-bo-thue-yeu-cau-cai-ung-dung/"
ASKED = "<!doctype html><title>Tìm kiếm</title>".encode()


@dataclass
class Front:
    """A running nginx and what it serves."""

    port: int
    pages: Path
    folder: Path

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def paths(self) -> list[str]:
        # The page for what is not there has no address of its own.
        return sorted(set(files.standing(self.pages)) - {addresses.NOT_FOUND})


@pytest.fixture(scope="module")
def baked(once: Path) -> Path:
    factories.publish(factories.snapshot(reference="CB-2026-00099"))
    return once


@pytest.fixture
def pages(baked: Path, portal_root: Path, settings: Settings) -> Path:
    settings.SEALED_ROOT = portal_root.parent / "media" / "sealed"
    (settings.SEALED_ROOT / "ab").mkdir(parents=True)
    (settings.SEALED_ROOT / "ab" / f"ab{'0' * 62}.jpg").write_bytes(b"\xff\xd8jpeg")
    shutil.copytree(baked, portal_root)
    return portal_root


@pytest.fixture
def front(pages: Path, tmp_path: Path) -> Iterator[Front]:
    static = tmp_path / "static"
    (static / "portal").mkdir(parents=True)
    (static / "portal" / "portal.0123456789ab.css").write_text("body{}")
    with fronting.nginx(tmp_path / "nginx", pages=pages, media_root=tmp_path, static=static) as port:
        yield Front(port, pages, tmp_path / "nginx")


@pytest.fixture
def with_cms(pages: Path, tmp_path: Path) -> Iterator[Front]:
    """The same with somebody behind it who says what was asked."""

    class Cms(BaseHTTPRequestHandler):
        def answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            said = f"{self.command} {self.path} {sent.decode()}".encode()
            self.send_response(503 if "that=fails" in self.path else 200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = answer

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Cms)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        with fronting.nginx(
            tmp_path / "nginx",
            pages=pages,
            media_root=tmp_path,
            static=tmp_path,
            cms=f"127.0.0.1:{server.server_port}",
        ) as port:
            yield Front(port, pages, tmp_path / "nginx")
    finally:
        server.shutdown()
        server.server_close()


def test_everything_that_was_published_answers(front: Front) -> None:
    """Every page, list and feed, in every encoding, with everything else stopped."""
    factories.many(12)
    bake.bake_everything()
    paths = front.paths()
    assert {
        "/",
        "/canh-bao/",
        "/canh-bao/trang/2/",
        PATH,
        "/dinh-chinh/",
        "/sitemap.xml",
        *bake.FEEDS,
    } <= set(paths)
    encodings = ["identity", "gzip", "br"] if fronting.has_brotli(front.folder) else ["identity", "gzip"]
    for path in paths:
        expected = files.file_for(path, front.pages).read_bytes()
        for encoding in encodings:
            response, body = front.ask(path, Accept_Encoding=encoding)
            assert response.status == 200, path
            compressed = encoding != "identity" and files.is_compressed(files.file_for(path, front.pages))
            assert response.headers.get("Content-Encoding") == (encoding if compressed else None), path
            plain = {"gzip": gzip.decompress, "br": brotli.decompress}[encoding] if compressed else bytes
            assert plain(body) == expected, path
            assert "Set-Cookie" not in response.headers


def test_it_says_of_a_page_what_the_application_server_says(front: Front) -> None:
    names = (
        "Cache-Control",
        "Content-Type",
        "Vary",
        "X-Content-Type-Options",
        "X-Frame-Options",
        "Referrer-Policy",
        "Cross-Origin-Opener-Policy",
    )
    for path in front.paths():
        said: dict[str, str] = {}
        FinishedFiles(lambda *_args: [])(
            {"REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_ACCEPT_ENCODING": "gzip"},
            lambda _status, headers, said=said: said.update(headers),
        )
        response, _body = front.ask(path, Accept_Encoding="gzip")
        for name in names:
            if name == "Vary" and not files.is_compressed(files.file_for(path)):
                continue
            assert response.headers.get(name) == said.get(name), f"{path}: {name}"
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "Strict-Transport-Security" in response.headers


@pytest.mark.parametrize("accepted", ["identity", "gzip", "br"])
def test_what_did_not_change_is_not_sent_again(front: Front, accepted: str) -> None:
    for path in (PATH, "/", bake.FEEDS[0]):
        first, _body = front.ask(path, Accept_Encoding=accepted)
        for condition in (
            {"If_None_Match": first.headers["ETag"]},
            {"If_Modified_Since": first.headers["Last-Modified"]},
        ):
            again, body = front.ask(path, Accept_Encoding=accepted, **condition)
            assert (again.status, body) == (304, b""), path
        other, _body = front.ask(path, Accept_Encoding=accepted, If_None_Match='"x"')
        assert other.status == 200


def test_every_way_of_asking_gets_the_page(front: Front) -> None:
    expected = files.file_for(PATH).read_bytes()
    for query in ("?fbclid=abc", "?page=2", "?", "?<script>", "?q=%00%ff", "?" + "a" * 8000):
        assert front.ask(PATH + query)[1] == expected, query
    assert front.ask(PATH, Cookie="__Host-keng_session=editor; x=y")[1] == expected
    head, nothing = front.ask(PATH, "HEAD")
    assert (head.status, nothing, int(head.headers["Content-Length"])) == (200, b"", len(expected))
    moved, _body = front.ask(PATH.rstrip("/"))
    assert (moved.status, moved.headers["Location"]) == (301, PATH)


def test_what_was_withdrawn_is_withdrawn_at_once(front: Front) -> None:
    warning = PublishedWarning.objects.get(slug=PATH.split("/")[2])
    for accepted in ("identity", "gzip", "br"):
        front.ask(PATH, Accept_Encoding=accepted)
    PublishedWarning.objects.filter(pk=warning.pk).update(state=PublicState.WITHDRAWN)
    warning.refresh_from_db()
    bake.bake_for(warning)
    for accepted in ("identity", "gzip", "br"):
        response, body = front.ask(PATH, Accept_Encoding=accepted)
        plain = {"gzip": gzip.decompress, "br": brotli.decompress}.get(
            response.headers.get("Content-Encoding") or "", bytes
        )(body)
        assert "đã được thu hồi" in plain.decode()
        assert PATH.encode() not in front.ask("/", Accept_Encoding="identity")[1]


def test_pictures_and_styles_need_nobody(front: Front) -> None:
    picture, body = front.ask(f"/media/sealed/ab/ab{'0' * 62}.jpg")
    assert (picture.status, body, picture.headers["Content-Type"]) == (200, b"\xff\xd8jpeg", "image/jpeg")
    assert picture.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    style, _body = front.ask("/static/portal/portal.0123456789ab.css")
    assert style.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert style.headers["Content-Type"].startswith("text/css")


def test_the_search_and_verify_pages_answer_a_question_without_the_cms(front: Front) -> None:
    for path in ("/tim-kiem/", "/xac-minh/", "/en/tim-kiem/", "/en/xac-minh/"):
        assert front.ask(f"{path}?q=thue")[0].status == 503 or files.file_for(path).exists()
        files.write(files.file_for(path), ASKED)
        plain, body = front.ask(path)
        assert (plain.status, body) == (200, ASKED)
        asked, body = front.ask(f"{path}?q=lua+dao")
        assert (asked.status, body) == (200, ASKED)
        assert asked.headers["Cache-Control"] == "private, no-store"
        assert "default-src 'none'" in asked.headers["Content-Security-Policy"]


def test_what_a_citizen_asked_for_is_not_in_the_access_log(front: Front) -> None:
    for path in (
        "/",
        "/tim-kiem/",
        "/khong-co/",
        "/phan-anh/gui/",
        "/admin/",
        "/cb/CB-2026-00099/",
        "/x.png",
        PATH,
    ):
        front.ask(f"{path}?q=bi-mat")
    # nginx writes what it keeps in memory once a second.
    log, end = front.folder / "access.log", time.monotonic() + 10
    while "/cb/CB-2026-00099/" not in (told := log.read_text()) and time.monotonic() < end:
        time.sleep(0.1)
    assert "/khong-co/" in told
    assert "bi-mat" not in told


@pytest.mark.parametrize("path", ["CB-2026-00099/", "cb-2026-00099/", "CB-2026-00099.2/", "CB-2026-00099"])
def test_a_code_on_paper_leads_to_the_verify_page_without_the_cms(front: Front, path: str) -> None:
    response, _body = front.ask(f"/cb/{path}")
    assert response.status == 302
    assert response.headers["Location"].upper() == "/XAC-MINH/?Q=CB-2026-00099"
    assert response.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["phan-anh/gui/", "phan-anh/tra-cuu/ket-qua/", "theo-doi/dang-ky/"])
def test_a_form_that_cannot_be_taken_loses_nothing_in_either_language(front: Front, path: str) -> None:
    for language in ("", "en/"):
        response, body = front.ask(f"/{language}{path}", "POST", b"a=b")
        assert response.status == 503
        assert "nội dung bạn vừa nhập vẫn còn" in body.decode()
        assert "what you typed is still there" in body.decode()
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/canh-bao/"), ("GET", "/admin/"), ("GET", "/khong-co/"), ("POST", "/tim-kiem/")],
)
def test_what_needs_the_cms_says_so_politely(front: Front, method: str, path: str) -> None:
    response, body = front.ask(path, method, b"a=b" if method == "POST" else None)
    assert response.status == 503
    assert "tạm thời chưa phục vụ được" in body.decode()
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Retry-After"] == "60"


@pytest.mark.parametrize(
    "path",
    [
        "/.lock",
        "/.waiting",
        "/index.html.br",
        "/canh-bao/index.html.gz",
        "/canh-bao/.part-x",
        "/..%2fportal-state/renewal",
    ],
)
def test_nothing_but_pages_leaves_the_folder(front: Front, path: str) -> None:
    (front.pages / "canh-bao" / ".part-x").write_text("half a page")
    # A path that climbs is no request at all.
    assert front.ask(path)[0].status == (400 if "%2f" in path else 503)


def test_the_cms_gets_what_is_its_own(with_cms: Front) -> None:
    assert with_cms.ask("/canh-bao/", "POST", b"a=b")[1] == b"POST /canh-bao/ a=b"
    assert with_cms.ask("/tim-kiem/?q=lua", "GET")[1] == b"GET /tim-kiem/?q=lua "
    assert with_cms.ask("/cb/cb-2026-00001/")[1] == b"GET /cb/cb-2026-00001/ "
    assert with_cms.ask("/cb/CB-2026-00001.2/")[1] == b"GET /cb/CB-2026-00001.2/ "
    assert with_cms.ask("/admin/x.json")[1] == b"GET /admin/x.json "
    assert with_cms.ask(PATH)[1] == files.file_for(PATH).read_bytes()
    files.write(files.file_for("/tim-kiem/"), ASKED)
    assert with_cms.ask("/tim-kiem/?q=lua", "GET")[1] == b"GET /tim-kiem/?q=lua "
    assert with_cms.ask("/tim-kiem/")[1] == ASKED


def test_the_feeds_carry_what_was_signed(front: Front) -> None:
    assert front.ask(bake.FEEDS[0])[1].decode() == (bake.rendered(bake.FEEDS[0]) or b"").decode()

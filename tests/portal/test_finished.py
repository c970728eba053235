"""Finished files over real HTTP, ahead of Django."""

import gzip
import http.client
import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.test import Client

import brotli
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from cms.portal import bake
from cms.portal.finished import FinishedFiles
from cms.portal.headers import security_headers
from cms.portal.models import PublishedWarning
from tests.portal import factories

PATH = "/canh-bao/gia-danh-can-bo-thue-yeu-cau-cai-ung-dung/"


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        pass


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def behind(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Stands where Django stands, and says it was asked."""
    start_response("418 Asked Django", [("X-Path", environ["PATH_INFO"].encode("latin-1").hex())])
    return [b"django"]


@pytest.fixture(scope="module")
def baked(once: Path) -> Path:
    factories.publish()
    return once


@pytest.fixture
def site(db: None, baked: Path, portal_root: Path) -> Iterator[http.client.HTTPConnection]:
    shutil.copytree(baked, portal_root)
    server = make_server("127.0.0.1", 0, FinishedFiles(behind), Threaded, Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    yield connection
    connection.close()
    server.shutdown()
    server.server_close()
    thread.join(10)


def ask(
    site: http.client.HTTPConnection, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    site.close()
    site.putrequest(method, path, skip_accept_encoding=True)
    for name, value in headers.items():
        site.putheader(name.replace("_", "-"), value)
    site.endheaders()
    response = site.getresponse()
    return response, response.read()


def test_a_finished_page_is_answered_without_django(site: http.client.HTTPConnection) -> None:
    response, body = ask(site, PATH)
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert body == bake.file_for(PATH).read_bytes()
    assert int(response.headers["Content-Length"]) == len(body)
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in response.headers


def test_headers_protect_like_djangos(site: http.client.HTTPConnection, client: Client) -> None:
    response, _body = ask(site, PATH)
    own = client.get(PATH)
    for name, _value in security_headers():
        assert len(response.headers.get_all(name, [])) == 1
        if name != "Content-Security-Policy":
            assert response.headers[name] == own[name]
    policy = {part.strip() for part in response.headers["Content-Security-Policy"].split(";")}
    assert policy == {part.strip() for part in own["Content-Security-Policy"].split(";")}
    assert "default-src 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, *;q=0.1", "gzip"),
        ("*", "br"),
        ("deflate", None),
        ("identity", None),
        ("", None),
        ("br;q=x", None),
        ("br;q=0", None),
        (",;;=,", None),
    ],
)
def test_encodings(site: http.client.HTTPConnection, accepted: str, encoding: str | None) -> None:
    response, body = ask(site, PATH, Accept_Encoding=accepted)
    assert response.status == 200
    assert response.headers.get("Content-Encoding") == encoding
    plain = {"br": brotli.decompress, "gzip": gzip.decompress}.get(encoding or "", bytes)(body)
    assert plain == bake.file_for(PATH).read_bytes()


@pytest.mark.parametrize("accepted", ["br", "gzip", "identity"])
def test_unchanged_pages_are_not_sent_again(site: http.client.HTTPConnection, accepted: str) -> None:
    first, _body = ask(site, PATH, Accept_Encoding=accepted)
    etag = first.headers["ETag"]
    for value in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        response, body = ask(site, PATH, Accept_Encoding=accepted, If_None_Match=value)
        assert (response.status, body) == (304, b"")
        assert response.headers["ETag"] == etag
        assert response.headers["Vary"] == "Accept-Encoding"
        assert response.headers["Cache-Control"] == "public, max-age=60"
    other, _body = ask(site, PATH, Accept_Encoding=accepted, If_None_Match='"x"')
    assert other.status == 200


def test_each_encoding_has_its_own_etag(site: http.client.HTTPConnection) -> None:
    tags = {ask(site, PATH, Accept_Encoding=value)[0].headers["ETag"] for value in ("br", "gzip", "identity")}
    assert len(tags) == 3


def test_head_says_what_get_would(site: http.client.HTTPConnection) -> None:
    get, body = ask(site, PATH)
    head, nothing = ask(site, PATH, "HEAD")
    assert nothing == b""
    assert head.status == 200
    assert int(head.headers["Content-Length"]) == len(body)
    assert head.headers["ETag"] == get.headers["ETag"]


@pytest.mark.parametrize("query", ["?fbclid=abc", "?utm_source=zalo&x=%ff", "?page=2", "?", "?<script>"])
def test_unknown_query_strings_do_not_matter(site: http.client.HTTPConnection, query: str) -> None:
    response, body = ask(site, PATH + query)
    assert response.status == 200
    assert body == bake.file_for(PATH).read_bytes()


@pytest.mark.parametrize(
    "path", ["/", "/canh-bao/", "/hinh-thuc/", "/sitemap.xml", "/robots.txt", "/favicon.ico"]
)
def test_every_baked_address_is_served(site: http.client.HTTPConnection, path: str) -> None:
    assert ask(site, path)[0].status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/tim-kiem/?q=a",
        "/admin/",
        "/canh-bao",
        "/canh-bao/khong-co/",
        "/404.html",
        "/index.html",
        "/.lock",
        "/../etc/passwd",
        "/canh-bao/../index.html",
        "/canh-bao/..%2f..%2fkeng.sqlite3",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/canh-bao/%00/",
        "/index.html.br",
        "/sitemap.xml.gz",
        "/CANH-BAO/",
        "/%E1%BA%A3/",
        "/%ff%fe/",
        "/media/sealed/../portal/index.html",
        "/media/sealed/aa/%2e%2e/x.jpg",
        "/media/x.jpg",
        "/static/portal/portal.css",
        "/" + "a" * 3000 + "/",
    ],
)
def test_everything_else_goes_to_django(site: http.client.HTTPConnection, path: str) -> None:
    response, body = ask(site, path)
    assert (response.status, body) == (418, b"django")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_go_to_django(site: http.client.HTTPConnection, method: str) -> None:
    assert ask(site, PATH, method, Content_Length="0")[0].status == 418


@given(path=st.text(st.sampled_from("/.%-aA0_\\\x00é~ index.html"), min_size=1, max_size=40))
@hypothesis_settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_path_leaves_the_folder(path: str, portal_root: Path) -> None:
    portal_root.mkdir(exist_ok=True)
    (portal_root.parent / "index.html").write_text("secret")
    asked: list[str] = []

    def django(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        return []

    answer = list(
        FinishedFiles(django)({"REQUEST_METHOD": "GET", "PATH_INFO": f"/{path}"}, lambda *_args: None)
    )
    assert answer == []
    assert asked == [f"/{path}"]


def test_a_change_by_another_process_shows_at_once(site: http.client.HTTPConnection) -> None:
    before, _body = ask(site, PATH, Accept_Encoding="br")
    warning = PublishedWarning.objects.get()
    warning.snapshot["title"] = "Tiêu đề đã sửa"
    warning.save()
    bake.bake_for(warning)
    for accepted in ("br", "gzip", "identity"):
        after, body = ask(site, PATH, Accept_Encoding=accepted)
        plain = {"br": brotli.decompress, "gzip": gzip.decompress}.get(accepted, bytes)(body)
        assert "Tiêu đề đã sửa" in plain.decode()
        assert after.headers["ETag"] != before.headers["ETag"]
    stale, _body = ask(site, PATH, Accept_Encoding="br", If_None_Match=before.headers["ETag"])
    assert stale.status == 200


def test_a_removed_page_is_never_served_again(site: http.client.HTTPConnection) -> None:
    assert ask(site, PATH, Accept_Encoding="br")[0].status == 200
    bake.file_for(PATH).unlink()
    assert ask(site, PATH, Accept_Encoding="br")[0].status == 418


def test_a_compressed_file_of_another_version_is_ignored(site: http.client.HTTPConnection) -> None:
    """A bake that died between its files leaves a new .br beside an old page: the old page wins, whole."""
    file = bake.file_for(PATH)
    Path(f"{file}.br").write_bytes(brotli.compress(b"newer"))
    os.utime(file, ns=(time.time_ns(), time.time_ns()))
    response, body = ask(site, PATH, Accept_Encoding="br")
    assert response.headers.get("Content-Encoding") is None
    assert body == file.read_bytes()
    response, body = ask(site, PATH, Accept_Encoding="gzip")
    assert gzip.decompress(body) == file.read_bytes()


def test_sealed_pictures_are_immutable(site: http.client.HTTPConnection, settings: Settings) -> None:
    digest = "ab" + "0" * 62
    folder = settings.SEALED_ROOT / "ab"
    folder.mkdir()
    (folder / f"{digest}.jpg").write_bytes(b"\xff\xd8jpeg")
    response, body = ask(site, f"/media/sealed/ab/{digest}.jpg", Accept_Encoding="br")
    assert (response.status, body) == (200, b"\xff\xd8jpeg")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Encoding" not in response.headers
    again, nothing = ask(site, f"/media/sealed/ab/{digest}.jpg", If_None_Match=response.headers["ETag"])
    assert (again.status, nothing) == (304, b"")
    for path in (
        f"/media/sealed/ab/{digest}.svg",
        f"/media/sealed/ac/{digest}.jpg",
        f"/media/sealed/ab/{'ab' + '1' * 62}.jpg",
    ):
        assert ask(site, path)[0].status == 418


def test_plain_http_goes_to_django_where_https_is_required(
    db: None, baked: Path, portal_root: Path, settings: Settings
) -> None:
    shutil.copytree(baked, portal_root)
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    statuses: list[str] = []

    def note(status: str, _headers: Any) -> None:
        statuses.append(status)

    files = FinishedFiles(behind)
    request = {"REQUEST_METHOD": "GET", "PATH_INFO": PATH, "wsgi.url_scheme": "http"}
    files(request, note)
    files({**request, "HTTP_X_FORWARDED_PROTO": "https"}, note)
    assert statuses == ["418 Asked Django", "200 OK"]


def test_memory_is_bounded(db: None, portal_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.portal.finished.MAX_CACHE_BYTES", 50_000)
    files = FinishedFiles(behind)
    for number in range(60):
        folder = portal_root / f"p{number}"
        folder.mkdir(parents=True)
        (folder / "index.html").write_bytes(os.urandom(3000))
        assert files({"REQUEST_METHOD": "GET", "PATH_INFO": f"/p{number}/"}, lambda *_args: None) != [
            b"django"
        ]
    assert files._weight <= 50_000
    assert 1 <= len(files._entries) < 60

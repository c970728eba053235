"""Only files cross: a copy of the portal in a folder or an S3-compatible store, and a cache that is told of changes."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

import boto3
import pytest
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from cms.portal import bake, tasks
from cms.portal.baking import files
from cms.portal.baking.outside import carrying, marks, purging
from cms.portal.baking.outside.stores import ForeignPlace, Item, Store, StoreError, configured
from cms.portal.models import PublicState, PublishedWarning
from cms.portal.publishing import PortalBackend
from cms.portal.sitemap import files as sitemap
from publishers.contracts import Temporary
from tests.portal import factories
from tests.ports import free_port

pytestmark = pytest.mark.django_db
PATH = "/canh-bao/gia-danh-can-bo-thue-yeu-cau-cai-ung-dung/"
NAME = f"{PATH.strip('/')}/index.html"
PAGE = Item(b"<!doctype html>", "text/html; charset=utf-8", "public, max-age=60")


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    carrying._known.clear()


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    """A real server that speaks S3, and a client of ours that looks at it from outside."""
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )
    yield client
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def target(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> str:
    """Where an empty place outside is."""
    if request.param == "folder":
        return str(tmp_path / "outside")
    client = request.getfixturevalue("s3")
    bucket = f"kho-{free_port()}"
    client.create_bucket(Bucket=bucket)
    settings.PORTAL_S3_ENDPOINT = client.meta.endpoint_url
    settings.PORTAL_S3_ACCESS_KEY, settings.PORTAL_S3_SECRET_KEY = "a", "b"
    return f"s3://{bucket}/cong"


@pytest.fixture
def store(target: str, settings: Settings) -> Store:
    """The place, as this installation's own."""
    settings.PORTAL_STORE = target
    made = configured(target)
    assert dict(made.digests()) == {}
    return made


def here() -> set[str]:
    """Names of the finished files in the folder."""
    found = set()
    for path in files.standing(Path(files.file_for("/")).parent):
        file = files.file_for(path)
        found |= {
            str(one.relative_to(files.file_for("/").parent))
            for one in (file, *files.siblings(file))
            if one.exists()
        }
    return found


def test_a_store_keeps_what_it_is_given(store: Store) -> None:
    store.put("a/index.html", PAGE)
    store.put("a/index.html", PAGE)
    store.put("b.xml", Item(b"<a/>", "application/xml", "public, max-age=60"))
    assert set(dict(store.digests())) == {"a/index.html", "b.xml"}
    store.remove("b.xml")
    store.remove("b.xml")
    assert set(dict(store.digests())) == {"a/index.html"}


def test_a_place_of_somebody_else_is_left_alone(
    target: str, s3: Any, tmp_path: Path, settings: Settings
) -> None:
    if target.startswith("s3"):
        s3.put_object(Bucket=target.split("/")[2], Key="cong/luong.xlsx", Body=b"x")
    else:
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside" / "luong.xlsx").write_text("x")
    for write in (
        lambda: list(configured(target).digests()),
        lambda: configured(target).put("index.html", PAGE),
        lambda: configured(target).remove("luong.xlsx"),
    ):
        with pytest.raises(ForeignPlace):
            write()
    with pytest.raises(CommandError, match="máy chủ bên ngoài"):
        call_command("portal_export", target)
    settings.PORTAL_STORE = target
    with pytest.raises(Temporary):
        PortalBackend().publish(factories.release(factories.snapshot()))
    if target.startswith("s3"):
        there = s3.list_objects_v2(Bucket=target.split("/")[2])["Contents"]
        assert [row["Key"] for row in there] == ["cong/luong.xlsx"]
    else:
        assert [file.name for file in (tmp_path / "outside").iterdir()] == ["luong.xlsx"]


def test_the_first_publication_into_an_empty_place_makes_it_ours(target: str, settings: Settings) -> None:
    settings.PORTAL_STORE = target
    factories.publish()
    assert NAME in dict(configured(target).digests())
    assert carrying.compare(configured(target)).removed == 0
    assert here() <= set(dict(configured(target).digests()))


def test_a_publication_stands_outside_before_it_counts(store: Store) -> None:
    factories.publish()
    there = dict(store.digests())
    assert here() <= set(there)
    assert NAME in there
    assert f"{NAME}.gz" in there
    assert marks.waiting(marks.STORE) == {}


def test_pictures_go_along(store: Store, settings: Settings) -> None:
    digest = "ab" + "0" * 62
    (settings.SEALED_ROOT / "ab").mkdir()
    (settings.SEALED_ROOT / "ab" / f"{digest}.jpg").write_bytes(b"\xff\xd8jpeg")
    (settings.SEALED_ROOT / "ab" / f"ab{'1' * 62}.jpg").write_bytes(b"of a warning that is not public yet")
    picture = factories.picture()
    object.__setattr__(picture, "sha256", digest)
    factories.publish(factories.snapshot(card_wide=picture))
    there = set(dict(store.digests()))
    assert f"media/sealed/ab/{digest}.jpg" in there
    call_command("portal_export", settings.PORTAL_STORE)
    assert not [name for name in dict(store.digests()) if "1" * 62 in name]


def test_objects_say_what_they_are(s3: Any, settings: Settings) -> None:
    s3.create_bucket(Bucket="loai")
    settings.PORTAL_S3_ENDPOINT, settings.PORTAL_STORE = s3.meta.endpoint_url, "s3://loai"
    settings.PORTAL_S3_ACCESS_KEY, settings.PORTAL_S3_SECRET_KEY = "a", "b"
    factories.publish()
    page = s3.get_object(Bucket="loai", Key=NAME)
    assert page["Body"].read() == bake.file_for(PATH).read_bytes()
    assert (page["ContentType"], page["CacheControl"]) == ("text/html; charset=utf-8", "public, max-age=60")
    packed = s3.get_object(Bucket="loai", Key=f"{NAME}.br")
    assert (packed["ContentType"], packed["ContentEncoding"]) == ("text/html; charset=utf-8", "br")


def test_what_is_withdrawn_is_withdrawn_outside(store: Store) -> None:
    factories.publish()
    of_type = "hinh-thuc/gia-danh-co-quan-thue/index.html"
    warning = PublishedWarning.objects.get()
    of_sitemap = sitemap.part_of(warning).lstrip("/")
    bake.bake_neighbours(warning)
    before = dict(store.digests())
    PublishedWarning.objects.update(state=PublicState.WITHDRAWN)
    bake.bake_for(PublishedWarning.objects.get())
    after = dict(store.digests())
    assert after[NAME] != before[NAME]
    assert after[of_type] != before[of_type]
    assert of_sitemap in before
    assert not [name for name in after if name.startswith(of_sitemap)]


def test_a_store_that_is_away_makes_the_delivery_wait(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    message = factories.release(factories.snapshot())
    if settings.PORTAL_STORE.startswith("s3"):
        settings.PORTAL_S3_ENDPOINT, endpoint = f"http://127.0.0.1:{free_port()}", settings.PORTAL_S3_ENDPOINT
    else:
        (tmp_path / "outside").rename(tmp_path / "away")
        (tmp_path / "outside").write_text("a file, no folder")
    with pytest.raises(Temporary) as refused:
        PortalBackend().publish(message)
    assert refused.value.code == "portal_store"
    assert PortalBackend().find(message) is None
    if settings.PORTAL_STORE.startswith("s3"):
        settings.PORTAL_S3_ENDPOINT = endpoint
    else:
        (tmp_path / "outside").unlink()
        (tmp_path / "away").rename(tmp_path / "outside")
    PortalBackend().publish(message)
    assert PortalBackend().find(message) is not None
    assert NAME in dict(store.digests())
    tasks.tell_outside.call()
    assert marks.waiting(marks.STORE) == {}
    assert here() <= set(dict(store.digests()))


def test_what_a_killed_process_left_is_brought_later(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.publish()
    warning = PublishedWarning.objects.get()
    warning.snapshot["summary"] = "Bản mới."
    warning.save()
    with monkeypatch.context() as patched:
        patched.setattr("cms.portal.bake._told", lambda report: report)
        bake.bake_for(warning)
    assert not carrying.is_outside(PATH)
    carrying.carry_waiting()
    assert carrying.is_outside(PATH)
    assert here() <= set(dict(store.digests()))


def test_a_change_during_the_carrying_is_not_lost(store: Store) -> None:
    marks.add("/x/")
    [notes] = marks.waiting(marks.STORE).values()
    marks.add("/x/")
    marks.done(notes)
    assert set(marks.waiting(marks.STORE)) == {"/x/"}


def test_an_export_sends_what_differs_and_goes_on_when_killed(target: str) -> None:
    factories.many(3)
    bake.bake_everything()
    store = configured(target)

    def die(done: int, everything: int) -> None:
        if done == everything // 2:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        carrying.compare(store, die)
    first = carrying.compare(store)
    assert first.removed == 0
    assert 5 < first.same < first.same + first.sent == len(here())
    assert set(dict(store.digests())) == here()
    second = carrying.compare(store)
    assert (second.sent, second.removed) == (0, 0)
    store.put("la/index.html", PAGE)
    store.put("media/sealed/ab/old.jpg", PAGE)
    assert carrying.compare(store).removed == 1
    assert "media/sealed/ab/old.jpg" in dict(store.digests())


def test_the_command_brings_everything(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    factories.publish()
    store.remove(NAME)
    call_command("bake_portal")
    assert "Máy chủ bên ngoài: gửi 1 tệp" in capsys.readouterr().out
    assert NAME in dict(store.digests())


@pytest.mark.parametrize("wrong", ["ftp://host/x", "relative/folder", "s3:///x"])
def test_any_other_place_is_refused(wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        configured(wrong)


def test_practice_leaves_the_machine_to_no_store(settings: Settings) -> None:
    settings.PRACTICE, settings.SANDBOX_URL = True, "http://127.0.0.1:1"
    with pytest.raises(Exception, match="practice"):
        configured("s3://kho/cong")


class Cdn:
    """A cache that notes what it is told, and refuses when asked to."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.tokens: set[str | None] = set()
        self.refuses = False
        cdn = self

        class Handler(BaseHTTPRequestHandler):
            def do_PURGE(self) -> None:
                cdn.tokens.add(self.headers["Authorization"])
                if not cdn.refuses:
                    cdn.told.append(self.path)
                self.send_response(500 if cdn.refuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def cdn(settings: Settings) -> Iterator[Cdn]:
    made = Cdn()
    settings.PORTAL_PURGE = f"http://127.0.0.1:{made.server.server_port}/xoa?u={{url}}&p={{path}}"
    settings.PORTAL_PURGE_METHOD, settings.PORTAL_PURGE_TOKEN = "PURGE", "khoa"
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_cache_is_told_what_changed_and_nothing_else(cdn: Cdn) -> None:
    factories.publish()
    assert cdn.told == []
    tasks.tell_outside.call()
    assert f"/xoa?u=http%3A%2F%2F127.0.0.1%3A8000{PATH.replace('/', '%2F')}&p={PATH}" in cdn.told
    assert cdn.tokens == {"Bearer khoa"}
    cdn.told.clear()
    bake.bake_everything()
    tasks.tell_outside.call()
    told_again = [path for path in cdn.told if PATH in path]
    assert told_again == []


def test_a_cache_that_refuses_is_told_again(cdn: Cdn) -> None:
    cdn.refuses = True
    factories.publish()
    assert purging.purge() > 0
    cdn.refuses = False
    tasks.renew_portal.call_local()
    assert any(PATH in path for path in cdn.told)
    assert marks.waiting(marks.PURGE) == {}


def test_a_cache_that_is_away_holds_no_delivery_up(settings: Settings) -> None:
    settings.PORTAL_PURGE = f"http://127.0.0.1:{free_port()}/{{path}}"
    assert factories.publish().url.endswith(PATH)
    assert purging.purge() > 0


heard: list[str] = []


def hook(urls: list[str]) -> None:
    """What an operator's own module would hold."""
    heard.extend(urls)


def test_a_function_of_the_operator_can_do_it(settings: Settings) -> None:
    settings.PORTAL_PURGE = f"{__name__}.hook"
    heard.clear()
    factories.publish()
    assert purging.purge() == 0
    assert f"http://127.0.0.1:8000{PATH}" in heard


def test_nobody_outside_costs_nothing(portal_root: Path) -> None:
    factories.publish()
    state = portal_root.with_name("portal-state")
    assert not state.exists() or not [one for one in state.iterdir() if one.is_dir()]
    assert json.dumps(marks.waiting(marks.STORE)) == "{}"


def test_errors_of_a_store_are_errors_of_a_bake() -> None:
    assert issubclass(StoreError, bake.BakeError)

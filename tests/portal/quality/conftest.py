"""A baked portal with every kind of page, served as in the one-command mode, for a real browser."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application

import pytest
from playwright.sync_api import Browser, sync_playwright

from cms.information import seed
from cms.portal import bake
from cms.portal.finished import FinishedFiles
from cms.portal.models import PublicState, PublishedWarning
from cms.users.roles import Role
from scam_warnings.agency import AgencySettings
from scam_warnings.snapshot import English, IndicatorRef, Named
from tests.factories import user
from tests.portal import factories

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
OLDER = Named("nguoi-cao-tuoi", "Người cao tuổi")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium found: apt install chromium"))


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        pass


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


ENGLISH = English(
    title="Fake tax officials",
    summary="They ask you to install an app.",
    severity="Advice",
    scam_type="Fake tax office",
    scam_type_group="Impersonation",
    category="Warnings",
    audiences=(Named("toan-dan", "Everybody"),),
    how_it_works=("They call.", "They send a file."),
    warning_signs=("A file that is no app of a store.",),
    what_to_do=("Hang up.",),
    if_you_are_a_victim=("Call your bank.",),
    details_html="<p>More about <strong>it</strong>.</p>",
    sample_message="Your tax account is locked.",
    hotlines=(),
    indicator_labels=(),
    image_alt="",
    image_credit="",
    correction_note="",
)


@pytest.fixture(scope="module")
def content(once: Path) -> Path:
    """Warnings of every severity and state, one of them in English, and the standing content; baked."""
    agency = AgencySettings.load()
    agency.name = "Công an tỉnh Mẫu"
    agency.parent_name = "Bộ Công an"
    agency.contact_person, agency.phone = "Phòng An ninh mạng", "0200 000 000"
    agency.email, agency.address = "lienhe@congan.example", "1 đường Trần Phú"
    agency.save()
    rich = {
        "details_html": "<p>Chi tiết <strong>thêm</strong>.</p><ul><li>Một</li></ul>",
        "indicators": (IndicatorRef("phone", "Số điện thoại", "09xx xxx 123"),),
        "audiences": (OLDER, Named("toan-dan", "Người dân")),
    }
    urgent = factories.snapshot(
        "Giả danh công an, viện kiểm sát, tòa án gọi điện đe dọa để lừa chuyển tiền",
        slug="khan",
        reference="CB-2026-90001",
        severity=Named("urgent", "Cảnh báo khẩn"),
        **rich,
    )
    factories.publish(urgent)
    page = PublishedWarning.objects.get().page
    factories.publish(replace(urgent, summary="Bản đã cập nhật. " + urgent.summary), page=page)
    factories.publish(
        factories.snapshot(
            "Khẩn khác", reference="CB-2026-90002", severity=Named("urgent", "Cảnh báo khẩn"), **rich
        )
    )
    factories.publish(
        factories.snapshot(
            "Khuyến cáo",
            slug="nhe",
            reference="CB-2026-90003",
            severity=Named("info", "Khuyến cáo"),
            english=ENGLISH,
        )
    )
    factories.publish(
        factories.snapshot("Đã hết hạn", slug="het-han", reference="CB-2026-90004", expires_on="2026-01-01")
    )
    factories.publish(factories.snapshot("Đã thu hồi", slug="thu-hoi", reference="CB-2026-90005"))
    PublishedWarning.objects.filter(slug="thu-hoi").update(state=PublicState.WITHDRAWN, note="Nhầm số liệu.")
    factories.many(13)
    seed.load(user("bientap", Role.EDITOR), user("duyet", Role.APPROVER))
    bake.bake_everything()
    return once


@pytest.fixture
def site(db: None, content: Path, portal_root: Path) -> Iterator[str]:
    """The address of the portal; nothing behind it reaches a database."""
    shutil.copytree(content, portal_root)
    application = FinishedFiles(StaticFilesHandler(get_wsgi_application()))
    server = make_server("127.0.0.1", 0, application, Threaded, Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def browser(site: str) -> Iterator[Browser]:
    """Started after the content was made: with Playwright running, Django takes this thread for asynchronous."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()

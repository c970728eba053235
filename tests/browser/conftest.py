"""The whole product, started with its one command on free ports, and a real Chromium in front of it."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from cms.core.demo_accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
STARTUP_SECONDS = 180


def chromium() -> str | None:
    """Path of a Chromium on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = chromium() is None
    for item in items:
        if "tests/browser/" not in str(item.path):
            continue
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.xdist_group("browser"))
        if missing and not os.environ.get("CI"):
            item.add_marker(
                pytest.mark.skip(
                    reason="no Chromium found: install it (apt install chromium) to run the browser tests"
                )
            )


@dataclass(frozen=True)
class Product:
    """A running installation."""

    url: str
    sandbox: str
    var: Path
    environment: dict[str, str]
    pid: int

    def manage(self, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a management command of this installation."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:
            return reply.status == 200
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="session")
def product(database_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    var = tmp_path_factory.mktemp("installation")
    # The one-command mode has its own file whatever database the suite runs on; then it migrates itself.
    if Path(database_template).is_file():
        shutil.copyfile(database_template, var / "keng.sqlite3")
    port, sandbox_port, mail_port = free_port(), free_port(), free_port()
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "DJANGO", "FACEBOOK", "ZALO", "PUBLIC_URL", "KENG"))
    }
    environment = {
        **inherited,
        "VAR_DIR": str(var),
        "PORT": str(port),
        "SANDBOX_PORT": str(sandbox_port),
        "SANDBOX_MAIL_PORT": str(mail_port),
        "KENG_DEMO": "0",
        "SECOND_FACTOR_EXEMPT": ",".join(account.username for account in DEMO_ACCOUNTS),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "warnings")]),
        "DJANGO_SETTINGS_MODULE": "cms.settings.embedded",
        "LOG_LEVEL": "WARNING",
        # Short enough for a test, long enough for a loaded machine.
        "PUBLISH_CONNECT_TIMEOUT": "2",
        "PUBLISH_READ_TIMEOUT": "8",
        "PUBLISH_GRACE": "12",
        "PUBLISH_LEASE": "30",
    }
    log = (var / "up.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "cms", "up"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
    )
    made = Product(
        f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}", var, environment, process.pid
    )
    try:
        deadline = time.monotonic() + STARTUP_SECONDS
        while not (_answers(f"{made.url}/healthz") and _answers(f"{made.sandbox}/")):
            assert process.poll() is None, (var / "up.log").read_text()
            assert time.monotonic() < deadline, (var / "up.log").read_text()
            time.sleep(0.3)
        loaded = made.manage("load_demo", "--without-warnings")
        assert loaded.returncode != 0, "demo content must be refused where KENG_DEMO=0"
        environment["KENG_DEMO"] = "1"
        loaded = made.manage("load_demo", "--without-warnings")
        assert loaded.returncode == 0, loaded.stderr
        yield made
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        log.close()


# Not for the whole session: while Playwright runs, Django takes this thread for an asynchronous one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    assert path, "CI must run the browser tests: install Chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        yield opened
        opened.close()


@pytest.fixture
def desktop(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="vi-VN", is_mobile=True, has_touch=True
    )
    context.set_default_timeout(30_000)
    yield context
    context.close()


def sign_in(context: BrowserContext, product: Product, username: str) -> Page:
    """The start page of the admin as ``username``."""
    context.clear_cookies()
    page = context.new_page()
    page.goto(f"{product.url}/admin/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
    return page

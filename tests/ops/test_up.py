"""``python -m cms up``, really started: it becomes ready, heals, refuses politely, leaves nothing behind."""

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.ops.running import ROOT, Up, environment, lines_of, until, up
from tests.ports import free_port

pytestmark = pytest.mark.slow
READY = "Kẻng đã sẵn sàng"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after its first start without demo content, and what that start printed beside it."""
    var_dir = tmp_path_factory.mktemp("installation") / "var"
    with up(var_dir, KENG_DEMO="0", PUBLIC_URL="http://127.0.0.1") as first:
        first.wait_for(READY)
        assert first.stop() == 0
        first.was_gone_within(10)
        (var_dir.parent / "first.log").write_text(first.output(), encoding="utf-8")
    return var_dir


def test_first_start_shows_progress_and_ends_in_the_box(prepared: Path) -> None:
    said = (prepared.parent / "first.log").read_text(encoding="utf-8")
    assert "Lần chạy đầu tiên" in said
    assert "Cơ sở dữ liệu: 25/" in said
    assert "Tệp tĩnh: xong" in said
    assert "/admin/" in said
    assert "manage.py invite quantri --role administrator" in said
    assert "[worker]" in said or "[sandbox]" in said
    with closing(sqlite3.connect(prepared / "keng.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM django_migrations").fetchone()[0] > 100


def test_without_demo_nobody_gets_a_known_password(prepared: Path) -> None:
    said = (prepared.parent / "first.log").read_text(encoding="utf-8")
    assert "keng-demo-2026" not in said
    with closing(sqlite3.connect(prepared / "keng.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM users_user").fetchone()[0] == 0
    # The folder remembers: a later start that does not say KENG_DEMO=0 loads nothing either.
    with up(prepared, PUBLIC_URL="http://127.0.0.1") as later:
        later.wait_for(READY)
        assert "keng-demo-2026" not in later.output()
        assert later.stop() == 0


def test_a_second_start_prepares_nothing_and_heals_what_is_killed(prepared: Path) -> None:
    with up(prepared, PUBLIC_URL="http://127.0.0.1") as again:
        again.wait_for(READY)
        assert "đã sẵn sàng từ trước" in again.output()
        assert "Tệp tĩnh: xong" not in again.output()

        worker = again.part("worker")
        assert worker
        heartbeat = prepared / "worker-heartbeat"
        worker.kill()
        heartbeat.unlink(missing_ok=True)
        again.wait_for("dừng bất ngờ (mã -9)")
        until(heartbeat.exists, "the worker did not come back")
        replacement = again.part("worker")
        assert replacement
        assert replacement.pid != worker.pid

        web = again.part("cms.web")
        assert web
        web.kill()
        again.wait_for("dừng bất ngờ (mã -9)", times=2)
        until(lambda: again.get("/healthz") == 200, "the web server did not come back")
        # The killed server's own worker must not be left holding the port.
        assert len([one for one in again.family() if "cms.web" in " ".join(one.cmdline())]) == 2

        assert again.stop() == 0
        again.was_gone_within(10)
        assert again.get("/healthz") == 0


def test_two_of_them_never_share_a_folder(prepared: Path) -> None:
    with up(prepared, PUBLIC_URL="http://127.0.0.1") as first:
        first.wait_for(READY)
        second = subprocess.run(
            [sys.executable, "-m", "cms", "up"],
            cwd=ROOT,
            env=environment(
                prepared,
                PORT=str(free_port()),
                SANDBOX_PORT=str(free_port()),
                SANDBOX_MAIL_PORT=str(free_port()),
            ),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert second.returncode == 2
        assert len(lines_of(second.stderr + second.stdout)) == 1
        assert f"127.0.0.1:{first.port}" in second.stderr
        assert first.get("/healthz") == 200
        # Even a supervisor that is shot leaves no orphan, and no lock.
        assert first.stop(signal.SIGKILL) == -signal.SIGKILL
        # The worker may finish the calls in flight first: at most twice the client timeouts.
        first.was_gone_within(100)
    with up(prepared, PUBLIC_URL="http://127.0.0.1") as after:
        after.wait_for(READY)
        assert after.stop(signal.SIGTERM) == 0


def test_what_the_demo_publishes_goes_out_while_it_is_loaded(prepared: Path, tmp_path: Path) -> None:
    var_dir = shutil.copytree(prepared, tmp_path / "var", ignore=shutil.ignore_patterns("*.sock"))
    with up(var_dir, PUBLIC_URL="http://127.0.0.1", KENG_DEMO="1") as demo:
        until(lambda: _corrected(demo), lambda: f"no correction came out\n{demo.output()}")
        world = _world(demo)
        assert all(rows for rows in world["mails"].values())
        assert len(world["mails"]) == 3
        (partner,) = world["partners"].values()
        assert partner["items"][-1]["changed"]
        assert partner["refused"] == 0
        # It is ended with the preparation, like everything else.
        assert demo.stop() == 0
        demo.was_gone_within(10)
        assert "làm tiếp" in demo.output()
    # What it got is still there when everything runs.
    kept = json.loads((var_dir / "sandbox" / "state.json").read_text(encoding="utf-8"))
    assert any(post["edited"] for post in kept["posts"].values())


def _corrected(demo: Up) -> bool:
    """Whether the correction has reached every page, group, partner and mailbox."""
    demo.family()
    assert demo.process.poll() is None, demo.output()
    world = _world(demo)
    if not world:
        return False
    pages = [[post["edited"] for post in page["posts"]] for page in world["pages"].values()]
    groups = [[row["text"] for row in group["messages"]] for group in world["groups"].values()]
    partners = [[item["changed"] for item in partner["items"]] for partner in world["partners"].values()]
    told = [any(text.startswith("ĐÍNH CHÍNH") for text in texts) for texts in groups]
    told += [
        any(mail["subject"].startswith("Đính chính") for mail in rows) for rows in world["mails"].values()
    ]
    return all(map(any, [*pages, *partners])) and len(world["mails"]) == 3 and all(told)


def _world(demo: Up) -> dict[str, Any]:
    """What the sandbox holds; empty while it does not answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{demo.sandbox_port}/_ctl/state", timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
    except OSError:
        return {}
    return found


def test_stopping_in_the_middle_of_the_preparation(tmp_path: Path) -> None:
    with up(tmp_path / "var", KENG_DEMO="0") as early:
        early.wait_for("Tệp tĩnh: đang gom")
        until(early.family, "no step was started")
        assert early.stop() == 0
        early.was_gone_within(5)
        assert "làm tiếp" in early.output()
        record = json.loads((tmp_path / "var" / "prepared.json").read_text(encoding="utf-8"))
        assert record["code"] == ""


@pytest.mark.parametrize("name", ["PORT", "SANDBOX_PORT", "SANDBOX_MAIL_PORT"])
def test_a_taken_port_is_one_line_and_exit_code_2(name: str, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        names = ("PORT", "SANDBOX_PORT", "SANDBOX_MAIL_PORT")
        ports = {one: str(free_port()) for one in names} | {name: str(taken)}
        refused = refuse(tmp_path / "var", **ports)
    assert f"{taken}" in refused
    assert name in refused


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"PORT": "eighty"}, "PORT=eighty"),
        ({"PORT": "0"}, "PORT=0"),
        ({"PORT": "8123", "SANDBOX_PORT": "8123"}, "SANDBOX_PORT"),
        ({"SANDBOX_PORT": "8123", "SANDBOX_MAIL_PORT": "8123"}, "SANDBOX_MAIL_PORT"),
        ({"KENG_DEMO": "perhaps"}, "KENG_DEMO"),
        ({"HOST": "203.0.113.7"}, "HOST"),
        ({"VAR_DIR": "/proc/keng"}, "VAR_DIR"),
        ({"DJANGO_SETTINGS_MODULE": "cms.settings.production"}, "production"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_makes_no_sense_is_said_in_one_line(
    variables: dict[str, str], named: str, tmp_path: Path
) -> None:
    assert named in refuse(tmp_path / "var", **variables)


def refuse(var_dir: Path, **variables: str) -> str:
    """The one line with which ``up`` refuses to start."""
    done = subprocess.run(
        [sys.executable, "-m", "cms", "up"],
        cwd=ROOT,
        env={**environment(var_dir), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(lines_of(done.stderr)) == 1
    return done.stderr

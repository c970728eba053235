"""The server itself: connections, limits, restarts, refusing production, the command line."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from publishers.sandbox import world
from publishers.sandbox.server import RefusedInProduction, Sandbox

ROOT = Path(__file__).resolve().parents[2]
PAGE = world.PROVINCE_PAGE.id
GROUP = world.PROVINCE_GROUP.id


def address(sandbox):
    host, port = sandbox.base_url.removeprefix("http://").split(":")
    return host, int(port)


def test_the_addresses(sandbox):
    base = sandbox.base_url
    assert not base.endswith("/")
    assert sandbox.graph_url == f"{base}/graph/"
    assert sandbox.facebook_token_url == f"{base}/graph/oauth/access_token"
    assert (sandbox.zalo_openapi_url, sandbox.zalo_oauth_url) == (f"{base}/zalo", f"{base}/zalo-oauth")


def test_one_connection_carries_many_requests(sandbox):
    connection = http.client.HTTPConnection(*address(sandbox), timeout=5)
    connection.connect()
    used = connection.sock
    for method, path in (
        ("GET", "/"),
        ("HEAD", "/"),
        ("POST", "/nowhere"),
        ("PUT", "/x"),
        ("GET", "/site.css"),
    ):
        connection.request(method, path, body=b"x" * 1000 if method == "POST" else None)
        connection.getresponse().read()
        assert connection.sock is used
    connection.close()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("POST /graph/x HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n", b"413"),
        ("POST /graph/x HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n", b"400"),
        ("POST /graph/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n", b"411"),
        (f"GET /?{'&'.join('a' * 300)} HTTP/1.1\r\nHost: x\r\n", b"400"),
        ("GET /graph/v25.0/me?access_token=%00%ff HTTP/1.1\r\nHost: x\r\n", b"401"),
        ("BREW / HTTP/1.1\r\nHost: x\r\n", b"501"),
    ],
)
def test_broken_requests_get_an_answer(sandbox, head, status):
    with socket.create_connection(address(sandbox), timeout=5) as wire:
        wire.sendall(head.encode() + b"Connection: close\r\n\r\n")
        assert wire.makefile("rb").readline().split()[1] == status


def test_a_client_that_waits_for_100_continue_is_told_to_go_on(sandbox):
    body = b"message=x"
    with socket.create_connection(address(sandbox), timeout=5) as wire:
        wire.sendall(
            b"POST /graph/v25.0/1/feed HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
            b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
        )
        reader = wire.makefile("rb")
        assert b"100" in reader.readline()
        wire.sendall(body)
        assert b"400" in reader.read().split(b"\r\n")[1]


@pytest.mark.parametrize(
    "body", [b"", b"--x", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"]
)
def test_a_broken_multipart_body_is_refused(graph, zalo, body):
    headers = {"Content-Type": "multipart/form-data; boundary=x", "access_token": zalo.token}
    base = graph.sandbox.base_url
    reply = graph.http.post(f"{base}/graph/v25.0/{PAGE}/photos", data=body, headers=headers, timeout=5)
    assert reply.json()["error"]["code"] == 100
    reply = graph.http.post(f"{base}/zalo/v2.0/oa/upload/image", data=body, headers=headers, timeout=5)
    assert reply.json()["error"] == -201


def test_a_stopped_sandbox_answers_no_more_even_on_open_connections(clock, http):
    running = Sandbox(clock=clock).start()
    url = running.base_url
    assert http.get(url, timeout=5).status_code == 200
    running.stop()
    with pytest.raises(requests.ConnectionError):
        http.get(url, timeout=5)


def test_a_held_socket_does_not_hold_up_the_stop(clock, http):
    running = Sandbox(clock=clock).start()
    running.fault("timeout_no_effect", api="graph", seconds=600)
    with pytest.raises(requests.Timeout):
        http.get(f"{running.graph_url}v25.0/me", timeout=(5, 0.1))
    running.stop()
    assert not any(row["status"] for row in running.requests())


def test_posts_tokens_and_pictures_survive_a_restart(tmp_path, clock, http, picture):
    file = tmp_path / "var" / "sandbox.json"
    photos = f"v25.0/{PAGE}/photos"
    with Sandbox(state_file=file, clock=clock) as first:
        data = {"access_token": world.PROVINCE_PAGE.access_token, "message": "Còn mãi"}
        reply = http.post(
            first.graph_url + photos, data=data, files={"source": ("a.jpg", picture())}, timeout=5
        )
        post_id = reply.json()["post_id"]
        form = {
            "app_id": world.ZALO_APP_ID,
            "grant_type": "refresh_token",
            "refresh_token": world.ZALO_REFRESH_TOKEN,
        }
        secret = {"secret_key": world.ZALO_SECRET_KEY}
        token_url = f"{first.zalo_oauth_url}/v4/oa/access_token"
        pair = http.post(token_url, data=form, headers=secret, timeout=5).json()
        body = {"recipient": {"group_id": GROUP}, "message": {"text": "Tin"}}
        headers = {"access_token": pair["access_token"]}
        send = f"{first.zalo_openapi_url}/v3.0/oa/group/message"
        assert http.post(send, json=body, headers=headers, timeout=5).json()["error"] == 0
        on_disk = json.loads(file.read_text())
        assert list(on_disk["posts"]) == [post_id]
    with Sandbox(state_file=file, clock=clock) as second:
        fields = {"access_token": world.PROVINCE_PAGE.access_token, "fields": "message,full_picture"}
        post = http.get(f"{second.graph_url}v25.0/{post_id}", params=fields, timeout=5).json()
        assert post["message"] == "Còn mãi"
        assert http.get(post["full_picture"], timeout=5).content == picture()
        assert [row["text"] for row in second.messages(GROUP)] == ["Tin"]
        get = f"{second.zalo_openapi_url}/v2.0/oa/getoa"
        assert http.get(get, headers=headers, timeout=5).json()["error"] == 0
        data["message"] = "Bài tiếp theo"
        reply = http.post(f"{second.graph_url}v25.0/{PAGE}/feed", data=data, timeout=5)
        assert reply.json()["id"] != post_id
        second.reset()
        assert second.posts(PAGE) == []
    assert not list((tmp_path / "var" / "sandbox-files").iterdir())


def test_reads_write_nothing(tmp_path, clock, http):
    file = tmp_path / "sandbox.json"
    with Sandbox(state_file=file, clock=clock) as running:
        params = {"access_token": world.PROVINCE_PAGE.access_token}
        data = {**params, "message": "x"}
        http.post(f"{running.graph_url}v25.0/{PAGE}/feed", data=data, timeout=5)
        before = file.stat().st_mtime_ns
        http.get(f"{running.graph_url}v25.0/{PAGE}/posts", params=params, timeout=5)
        http.get(running.base_url, timeout=5)
    assert file.stat().st_mtime_ns == before


def test_an_unreadable_state_is_set_aside(tmp_path, clock, capsys):
    file = tmp_path / "sandbox.json"
    file.write_text('{"format": 1, "posts": ')
    with Sandbox(state_file=file, clock=clock) as running:
        assert running.posts(PAGE) == []
    assert (tmp_path / "sandbox.unreadable").exists()
    assert "sandbox.unreadable" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value"), [("DJANGO_SETTINGS_MODULE", "cms.settings.production"), ("KENG_ENV", "production")]
)
def test_it_refuses_production(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(RefusedInProduction):
        Sandbox()
    run = subprocess.run(
        [sys.executable, "-m", "publishers.sandbox", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert run.returncode == 2
    assert len(run.stderr.strip().splitlines()) == 1
    assert "production" in run.stderr


@pytest.fixture
def served(tmp_path):
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "", "KENG_ENV": "", "PYTHONUNBUFFERED": "1"}
    command = [
        sys.executable,
        "-m",
        "publishers.sandbox",
        "--port",
        "0",
        "--state-file",
        str(tmp_path / "s.json"),
    ]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_and_stops_cleanly(served, http, sign, tmp_path):
    url = served.stdout.readline().split()[-1]
    data = {"access_token": world.PROVINCE_PAGE.access_token, "message": "Qua dòng lệnh"}
    assert http.post(f"{url}graph/v25.0/{PAGE}/feed", data=data, timeout=5).status_code == 200
    assert "Qua dòng lệnh" in http.get(f"{url}facebook/{PAGE}", timeout=5).text
    served.send_signal(sign)
    assert served.wait(timeout=10) == 0
    assert "Qua dòng lệnh" in (tmp_path / "s.json").read_text()


def test_a_taken_port_is_told_in_one_line(sandbox):
    _, port = address(sandbox)
    run = subprocess.run(
        [sys.executable, "-m", "publishers.sandbox", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "", "KENG_ENV": ""},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert run.returncode == 1
    assert str(port) in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1


def test_it_needs_no_django():
    code = "import sys, publishers.sandbox.server; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=30, check=False).returncode == 0

"""The mail sink: takes what a mail client sends, shows it to its recipient, and breaks on request."""

from __future__ import annotations

import smtplib
import socket
from email.message import EmailMessage
from urllib.parse import quote

import pytest

from publishers.sandbox.faults import BadFault
from publishers.sandbox.server import Sandbox

TO = "to1@keng.example"
ATTACK = "<script>alert(1)</script>"


@pytest.fixture
def sandbox(clock):
    with Sandbox(clock=clock, mail_port=0) as running:
        yield running


@pytest.fixture
def client(sandbox):
    """A mail client with patience."""
    made = smtplib.SMTP("127.0.0.1", sandbox.mail_port, timeout=10)
    yield made
    made.close()


def letter(text="Nội dung\n.\n..hai chấm", subject="Cảnh báo: giả danh", to=TO, **headers):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Kẻng <keng@keng.example>", to, subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def page(sandbox, http, path):
    answer = http.get(f"{sandbox.base_url}{path}", timeout=5)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return answer.text


def test_a_mail_is_read_in_the_mailbox_of_each_recipient(sandbox, http, client):
    client.send_message(letter(to=f"{TO}, TO2@keng.example", List_Id="<x.keng.invalid>"))
    for address in (TO, "to2@keng.example"):
        (mail,) = sandbox.mails(address)
        assert mail["subject"] == "Cảnh báo: giả danh"
        assert mail["text"] == "Nội dung\n.\n..hai chấm"
        assert mail["headers"]["List-Id"] == "<x.keng.invalid>"
        assert "Cảnh báo: giả danh" in page(sandbox, http, f"/mail?to={address}")
    boxes = page(sandbox, http, "/mail")
    assert TO in boxes
    assert "to2@keng.example" in boxes
    assert "2 thư" in page(sandbox, http, "/")


def test_empty_mailboxes_say_so(sandbox, http, clock):
    assert "Chưa có thư nào" in page(sandbox, http, "/mail")
    assert "Chưa có thư nào" in page(sandbox, http, "/mail?to=nobody@keng.example")
    with Sandbox(clock=clock) as without:
        assert "đang tắt" in page(without, http, "/mail")


def test_hostile_mails_are_shown_as_words(sandbox, http, client):
    client.send_message(letter(text=ATTACK, subject=ATTACK, X_Evil=ATTACK))
    client.sendmail("a@b.example", [TO], b"\xff\xfe\x00 no mail at all \xed\xa0\x80")
    client.sendmail(
        "a@b.example",
        [TO],
        b"Content-Type: text/html; charset=none\r\nSubject: =?x?q?=ff?=\r\n\r\n<b>" + b"x" * 9_000,
    )
    shown = page(sandbox, http, f"/mail?to={TO}")
    assert len(sandbox.mails(TO)) == 3
    assert "<script" not in shown
    assert "<b>x" not in shown
    odd = "a'\"<b>&/@x.example"
    assert "<b>&" not in page(sandbox, http, f"/mail?to={quote(odd, safe='')}")


@pytest.mark.parametrize(
    ("fault", "code", "kept"),
    [
        ({"operation": "rcpt", "mode": "refuse"}, 550, 0),
        ({"operation": "rcpt", "mode": "greylist"}, 451, 0),
        ({"operation": "data", "mode": "refuse"}, 554, 0),
        ({"operation": "text", "mode": "refuse", "code": 552}, 552, 0),
        ({"operation": "text", "mode": "effect_then_error"}, 451, 1),
        ({"operation": "mail", "mode": "refuse"}, 553, 0),
    ],
)
def test_it_refuses_on_request_once(fault, code, kept, sandbox, client):
    sandbox.fault(**fault, api="smtp")
    with pytest.raises(smtplib.SMTPException) as refusal:
        client.send_message(letter())
    assert str(code) in str(refusal.value)
    assert len(sandbox.mails(TO)) == kept
    client.send_message(letter())
    assert len(sandbox.mails(TO)) == kept + 1


def test_a_fault_can_wait_for_one_address(sandbox, client):
    sandbox.fault("refuse", api="smtp", operation="rcpt", path="^to2@")
    client.send_message(letter())
    assert client.send_message(letter(to=f"{TO}, to2@keng.example")) == {
        "to2@keng.example": (550, b"refused")
    }


@pytest.mark.parametrize(("mode", "kept"), [("effect_then_timeout", 1), ("timeout_no_effect", 0)])
def test_it_hangs_up_after_the_text(mode, kept, sandbox, client):
    sandbox.fault(mode, api="smtp", operation="text", drop=True)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.send_message(letter())
    assert len(sandbox.mails(TO)) == kept


def test_it_hangs_until_the_client_gives_up(sandbox):
    sandbox.fault("timeout_no_effect", api="smtp", operation="text", seconds=60)
    client = smtplib.SMTP("127.0.0.1", sandbox.mail_port, timeout=0.3)
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        client.send_message(letter())
    client.close()
    assert not sandbox.mails(TO)


def test_it_refuses_whoever_connects_and_shows_what_happened(sandbox, http):
    sandbox.fault("refuse", api="smtp", operation="connect", times=1)
    with pytest.raises(smtplib.SMTPConnectError):
        smtplib.SMTP("127.0.0.1", sandbox.mail_port, timeout=5)
    (entry,) = sandbox.requests("connect")
    assert (entry["fault"], entry["status"]) == ("refuse", 554)


def test_a_mail_servers_fault_is_no_other_ones(sandbox):
    for bad in ({"mode": "html_502", "api": "smtp"}, {"mode": "greylist"}):
        with pytest.raises(BadFault):
            sandbox.fault(**bad)


def test_commands_out_of_order_and_endless_lines_do_no_harm(sandbox, client):
    assert client.docmd("DATA")[0] == 503
    assert client.docmd("RCPT", "TO:<a@b.example>")[0] == 503
    assert client.docmd("MAIL", "nonsense")[0] == 501
    assert client.docmd("XYZZY")[0] == 502
    with socket.create_connection(("127.0.0.1", sandbox.mail_port), timeout=10) as raw:
        raw.recv(200)
        raw.sendall(b"A" * 20_000)
        assert raw.recv(200) == b""
    client.send_message(letter())
    assert len(sandbox.mails(TO)) == 1


def test_stopping_ends_the_conversations_and_keeps_the_mails(tmp_path, clock):
    file = tmp_path / "state.json"
    running = Sandbox(state_file=file, clock=clock, mail_port=0).start()
    client = smtplib.SMTP("127.0.0.1", running.mail_port, timeout=10)
    client.send_message(letter())
    running.stop()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.noop()
    client.close()
    with Sandbox(state_file=file, clock=clock, mail_port=0) as again:
        assert len(again.mails(TO)) == 1

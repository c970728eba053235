"""Nobody there, nobody answers, and answers of every other kind, at a server that is no sandbox."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from urllib3.exceptions import MaxRetryError, SSLError

from publishers.adapters.transport import never_left
from publishers.contracts import LookupFailed, OutcomeUnknown, PublishError, Receipt, Temporary
from publishers.kit.parrot import Parrot
from publishers.kit.sample import message
from tests.contract.driver import RIGS, Rig

Check = Callable[[BaseException], None]


def test_connection_refused_is_surely_unsent(rig: Rig, jpeg: bytes, no_secrets: Check) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        for image in (b"", jpeg):
            with pytest.raises(Temporary) as caught:
                rig.publisher(base_url=url).send(message(image=image))
            assert caught.value.code == "unreached"
            no_secrets(caught.value)
        with pytest.raises(LookupFailed):
            rig.publisher(base_url=url).find(message(), datetime.now(UTC))
        with pytest.raises(Temporary):
            rig.publisher(base_url=url).check()


def test_connect_timeout_is_surely_unsent(rig: Rig, no_secrets: Check) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        try:
            # A full backlog leaves the next connection without an answer.
            for client in waiting:
                client.setblocking(False)
                client.connect_ex(address)
            url = f"http://127.0.0.1:{address[1]}/"
            with pytest.raises(Temporary) as caught:
                rig.publisher(base_url=url, connect_timeout=0.3).send(message())
        finally:
            for client in waiting:
                client.close()
    assert caught.value.code == "unreached"
    no_secrets(caught.value)


@pytest.mark.parametrize("url", ["not a url", "ftp://127.0.0.1/", "http://", "http://[::1"])
def test_a_malformed_address_is_surely_unsent(rig: Rig, url: str) -> None:
    with pytest.raises(Temporary):
        rig.publisher(base_url=url).send(message())


def test_untrusted_certificate_is_surely_unsent_but_a_broken_record_is_not() -> None:
    def wrapped(inner: Exception) -> Exception:
        return requests.exceptions.SSLError(MaxRetryError(None, "/", SSLError(inner)))  # type: ignore[arg-type]

    assert never_left(wrapped(ssl.SSLCertVerificationError("self-signed")))
    assert not never_left(wrapped(ssl.SSLError("bad record mac")))


@pytest.mark.parametrize(
    "error",
    [
        requests.exceptions.ReadTimeout("x"),
        requests.exceptions.ConnectionError("reset by peer"),
        requests.exceptions.ConnectionError(),
        requests.exceptions.ChunkedEncodingError("x"),
        requests.exceptions.ContentDecodingError("x"),
        ValueError("x"),
    ],
)
def test_everything_else_proves_nothing(error: Exception) -> None:
    assert not never_left(error)


def test_proxy_variables_are_ignored(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert rig.publisher().send(message()).remote_id == rig.items()[0]["id"]


@pytest.mark.parametrize("status", [302, 400, 403, 500, 502])
def test_a_success_on_a_failing_status_is_an_unknown_outcome(rig: Rig, parrot: Parrot, status: int) -> None:
    parrot.status, parrot.body = status, b'{"id": "1_2", "error": 0, "data": {"message_id": "1"}}'
    if rig.api == "graph":
        parrot.body = b'{"id": "1_2"}'
    with pytest.raises(OutcomeUnknown):
        rig.publisher(base_url=parrot.url).send(message())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(rig: Rig, parrot: Parrot, status: int) -> None:
    parrot.status, parrot.headers = status, {"Location": f"{parrot.url}elsewhere"}
    with pytest.raises(OutcomeUnknown):
        rig.publisher(base_url=parrot.url).send(message())
    assert len(parrot.seen) == 1


RAW = {
    "nothing": b"\r\n\r\n",
    "no-http": b"220 mail.example.vn ESMTP\r\n",
    "half-body": b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{"id": "1"',
    "bad-chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
    "bad-gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
    "bad-header": b"HTTP/1.1 200 OK\r\n\xff\xfe no colon here\r\nContent-Length: 2\r\n\r\n{}",
    "many-headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n{}",
    "long-line": b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n\r\n",
    "bare-error": b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("name", sorted(RAW))
def test_a_broken_reply_to_the_post_is_an_unknown_outcome(
    rig: Rig, parrot: Parrot, name: str, no_secrets: Check
) -> None:
    parrot.raw = RAW[name]
    with pytest.raises(OutcomeUnknown) as caught:
        rig.publisher(base_url=parrot.url).send(message())
    no_secrets(caught.value)
    with pytest.raises(LookupFailed) as looked:
        rig.publisher(base_url=parrot.url).find(message(), datetime.now(UTC))
    no_secrets(looked.value)


def test_an_endless_reply_is_cut_off(rig: Rig, parrot: Parrot) -> None:
    parrot.body = b'{"id": "1", "pad": "' + b"x" * (6 * 1024 * 1024) + b'"}'
    with pytest.raises(OutcomeUnknown):
        rig.publisher(base_url=parrot.url, read_timeout=5.0).send(message())


USAGE = [
    "{",
    "[]",
    "[1]",
    "null",
    '{"x": 1}',
    '{"1": [{"type": "pages", "new": 1}]}',
    '{"1": {"type": 2}}',
    "9" * 9000,
]


@pytest.mark.parametrize("value", USAGE)
@pytest.mark.parametrize(
    "header", ["X-App-Usage", "X-Business-Use-Case-Usage", "X-Ad-Account-Usage", "Retry-After"]
)
def test_no_usage_header_spoils_a_success(parrot: Parrot, header: str, value: str, sandbox: Any) -> None:
    rig = RIGS["facebook"](sandbox)
    parrot.body, parrot.headers = b'{"id": "77_88"}', {header: value}
    assert rig.publisher(base_url=parrot.url).send(message()).remote_id == "77_88"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
codes = st.sampled_from(
    [0, 1, 2, 4, 100, 190, 200, 368, 506, -32, -200, -201, -216, -237, "0", "-201", True, 0.0, 10**30]
)
error_objects = st.fixed_dictionaries(
    {},
    optional={
        "code": codes | json_values,
        "error_subcode": st.sampled_from([33, 463, 1366046]) | json_values,
        "is_transient": st.booleans(),
        "message": json_values,
        "type": json_values,
        "__class__": json_values,
    },
)
bodies = json_values | st.fixed_dictionaries(
    {},
    optional={
        "id": st.text(max_size=6) | st.integers() | json_values,
        "data": json_values | st.fixed_dictionaries({"message_id": st.text(max_size=6) | json_values}),
        "error": codes | error_objects | json_values,
        "message": json_values,
    },
)
statuses = st.sampled_from([200, 201, 400, 401, 403, 429, 500, 502, 503])
types = st.sampled_from(["application/json", "text/javascript; charset=UTF-8", "text/html", "image/png", ""])
hostile = settings(
    max_examples=75, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _send(rig: Rig, parrot: Parrot, body: Any, status: int, kind: str) -> Receipt | PublishError:
    parrot.body, parrot.status, parrot.headers = json.dumps(body).encode(), status, {"Content-Type": kind}
    try:
        return rig.publisher(base_url=parrot.url).send(message())
    except PublishError as error:
        return error


@hostile
@given(body=bodies, status=statuses, kind=types)
def test_facebook_any_json_is_classified_and_no_success_called_a_failure(
    sandbox: Any, parrot: Parrot, body: Any, status: int, kind: str
) -> None:
    result = _send(RIGS["facebook"](sandbox), parrot, body, status, kind)
    error = body.get("error") if isinstance(body, dict) and "error" in body else None
    well_formed = isinstance(error, dict) and type(error.get("code")) is int and status < 500
    if isinstance(body, dict) and "error" not in body and status < 300:
        good = isinstance(body.get("id"), str) and body["id"].isascii() and body["id"].isalnum()
        assert isinstance(result, Receipt) or not good
        assert isinstance(result, Receipt | OutcomeUnknown)
    elif not well_formed:
        assert isinstance(result, OutcomeUnknown)
    else:
        assert not isinstance(result, Receipt)


@hostile
@given(body=bodies, status=statuses, kind=types)
def test_zalo_any_json_is_classified_and_no_success_called_a_failure(
    sandbox: Any, parrot: Parrot, body: Any, status: int, kind: str
) -> None:
    result = _send(RIGS["zalo"](sandbox), parrot, body, status, kind)
    error = body.get("error") if isinstance(body, dict) else None
    number = error if type(error) is int else int(error) if error in ("0", "-201") else None
    if number == 0 and status < 300:
        data = body.get("data")
        told = data.get("message_id") if isinstance(data, dict) else None
        good = isinstance(told, str) and told.isascii() and told.isalnum()
        assert isinstance(result, Receipt) or not good
        assert isinstance(result, Receipt | OutcomeUnknown)
    elif not number or status >= 500:
        assert isinstance(result, OutcomeUnknown)
    else:
        assert not isinstance(result, Receipt)


def _find(rig: Rig, parrot: Parrot) -> Receipt | PublishError | None:
    try:
        return rig.publisher(base_url=parrot.url).find(message(), datetime.now(UTC))
    except PublishError as error:
        return error


@hostile
@given(body=bodies, status=statuses)
def test_any_json_as_a_read_back_never_proves_absence_by_accident(
    sandbox: Any, parrot: Parrot, body: Any, status: int
) -> None:
    parrot.body, parrot.status, parrot.headers = json.dumps(body).encode(), status, {}
    for name in sorted(RIGS):
        rig = RIGS[name](sandbox)
        found = _find(rig, parrot)
        if isinstance(found, PublishError):
            assert not isinstance(found, OutcomeUnknown | Temporary)
            continue
        assert found is None
        # Only a well-formed list without our post says so.
        assert isinstance(body, dict)
        assert body["data"] == []
        assert status < 300

"""A reply that trickles in, byte by byte, does not hold a call longer than its timeouts."""

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from cms.core.http import MAX_REPLY_BYTES, HttpClient, ReplyTooLarge

OK = b"HTTP/1.1 200 OK\r\n"
PACKED = gzip.compress(b"xin chao " * 100)


@contextmanager
def server(parts: list[bytes], pause: float = 0.0) -> Iterator[tuple[str, list[int]]]:
    """Answers every request with ``parts``; how many connections were opened is counted."""
    listening = socket.create_server(("127.0.0.1", 0))
    opened: list[int] = []

    def talk(connection: socket.socket) -> None:
        with connection:
            try:
                while connection.recv(65536):
                    for part in parts:
                        connection.sendall(part)
                        time.sleep(pause)
                    if b"Content-Length" not in parts[0]:
                        return
            except OSError:
                return

    def accept() -> None:
        try:
            while True:
                connection, _address = listening.accept()
                opened.append(1)
                threading.Thread(target=talk, args=[connection], daemon=True).start()
        except OSError:
            return

    threading.Thread(target=accept, daemon=True).start()
    with listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/", opened


@pytest.fixture
def client() -> Iterator[HttpClient]:
    made = HttpClient(connect_timeout=0.3, read_timeout=0.4)
    yield made
    made.close()


@pytest.mark.parametrize(
    "parts",
    [
        [OK + b"Content-Length: 200\r\n\r\n", *[b"x"] * 200],
        [OK + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 200],
    ],
    ids=["counted", "chunked"],
)
def test_a_trickling_reply_ends_with_a_timeout(client: HttpClient, parts: list[bytes]) -> None:
    with server(parts, pause=0.1) as (url, _opened), pytest.raises(requests.ReadTimeout):
        client.request("GET", url)


@pytest.mark.parametrize(
    ("parts", "body"),
    [
        ([OK + b"Content-Length: 5\r\n\r\nhello"], b"hello"),
        ([OK + b"Content-Length: 0\r\n\r\n"], b""),
        ([OK + b"\r\nuntil the end"], b"until the end"),
        ([OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"], b"hello!"),
        (
            [
                OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED),
                PACKED[:9],
                PACKED[9:],
            ],
            b"xin chao " * 100,
        ),
    ],
)
def test_every_shape_of_a_reply_is_read_whole(client: HttpClient, parts: list[bytes], body: bytes) -> None:
    with server(parts) as (url, _opened):
        assert client.request("GET", url).content == body


@pytest.mark.parametrize(
    "parts",
    [
        [OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel"],
        [OK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"],
        [OK + b"Content-Length: 99\r\n\r\nhello"],
    ],
)
def test_a_broken_reply_is_an_error_of_the_call(client: HttpClient, parts: list[bytes]) -> None:
    with server(parts) as (url, _opened), pytest.raises(requests.RequestException):
        client.request("GET", url)


def test_a_reply_without_end_is_cut(client: HttpClient) -> None:
    piece = b"x" * 2**20
    endless = [OK + b"\r\n", *[piece] * (MAX_REPLY_BYTES // 2**20 + 2)]
    with server(endless) as (url, _opened), pytest.raises(ReplyTooLarge):
        client.request("GET", url)


def test_a_connection_is_used_again(client: HttpClient) -> None:
    with server([OK + b"Content-Length: 5\r\n\r\nhello"]) as (url, opened):
        for _number in range(3):
            assert client.request("GET", url).content == b"hello"
        assert len(opened) == 1

"""Someone in front of a browser: signs in, sets up a factor, reads the app on the phone."""

import base64
import hmac
import re
import struct
import time

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD

HOME = "/admin/"
AGENT = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


def app_code(secret: str, at: float | None = None) -> str:
    """What an authenticator app with ``secret`` shows (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time() if at is None else at) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    start = digest[-1] & 0xF
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def browser(address: str = "203.0.113.5") -> Client:
    return Client(REMOTE_ADDR=address, headers={"user-agent": AGENT})


def enter(client: Client, username: str, password: str = PASSWORD) -> HttpResponse:
    """Type name and password into the sign-in page."""
    return client.post(reverse("account_login"), {"login": username, "password": password})


def give_code(client: Client, code: str) -> HttpResponse:
    return client.post(reverse("mfa_authenticate"), {"code": code})


def set_up_app(client: Client) -> str:
    """Set up an authenticator app; its secret, read off the page as a person would type it."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = "".join(re.findall(r"<span>([A-Z2-7]{1,4})</span>", page))
    assert len(secret) == 32
    done = client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    assert done.status_code == 302, done.content.decode()
    return secret


def is_in(client: Client) -> bool:
    """Whether the admin's start page opens."""
    return client.get(HOME).status_code == 200

"""The way back in when no administrator is left."""

from django.core.management import CommandError, call_command
from django.urls import reverse

from wagtail.models import ModelLogEntry

import pytest

from tests.signin.people import browser, enter, is_in, set_up_app

pytestmark = pytest.mark.django_db


def test_unlocking(lan):
    for number in range(6):
        enter(browser(), "lan", f"guess-{number}")
    call_command("signin", "unlock", "lan")
    client = browser()
    enter(client, "lan")
    assert is_in(client)


def test_removing_lost_factors(minh, capsys):
    client = browser()
    enter(client, "minh")
    set_up_app(client)
    call_command("signin", "reset-factors", "minh")
    assert not is_in(client)
    enter(client, "minh")
    assert client.get("/admin/").url.startswith(reverse("signin_setup"))
    assert ModelLogEntry.objects.filter(action="keng.factor_reset", user=None).exists()


def test_signing_out(lan):
    client = browser()
    enter(client, "lan")
    call_command("signin", "sign-out", "lan")
    assert not is_in(client)


def test_a_name_nobody_has(db):
    with pytest.raises(CommandError, match="Không có người dùng nào"):
        call_command("signin", "unlock", "ai")

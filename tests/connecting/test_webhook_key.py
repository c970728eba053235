"""The signing key of a partner: shown once when it is made, changed without a gap."""

from django.urls import reverse

import pytest

from publishers.credentials import CredentialHandle
from publishers.models import Credential
from publishers.services import connect_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Credential:
    return connect_account(label="Cổng của phường", kind="webhook", secrets={})


def address(account: Credential) -> str:
    return reverse("publishers:connect", args=[account.pk])


def make(client, account: Credential):
    version = client.get(address(account)).context["version"]
    return client.post(address(account), {"version": version, "make": "1"})


def secrets(account: Credential) -> dict[str, str]:
    return CredentialHandle(account.pk).read()


def test_a_key_is_shown_once_and_only_when_it_is_made(administrator, account):
    made = make(administrator, account)
    key = secrets(account)["signing_key"]
    assert len(key) > 40
    assert made.content.decode().count(f'value="{key}"') == 1
    assert "no-store" in made["Cache-Control"]
    assert key not in administrator.get(address(account)).content.decode()
    edit = reverse("publishers_accounts:edit", args=[account.pk])
    assert key not in administrator.get(edit).content.decode()


def test_the_same_form_sent_twice_makes_one_key(administrator, account):
    version = administrator.get(address(account)).context["version"]
    for _number in range(2):
        administrator.post(address(account), {"version": version, "make": "1"})
    assert "previous_key" not in secrets(account)


def test_a_new_key_keeps_the_old_one_until_the_partner_has_changed(administrator, account):
    make(administrator, account)
    old = secrets(account)["signing_key"]
    make(administrator, account)
    assert secrets(account)["previous_key"] == old
    assert secrets(account)["signing_key"] != old
    version = administrator.get(address(account)).context["version"]
    administrator.post(address(account), {"version": version, "forget": "1"})
    assert set(secrets(account)) == {"signing_key"}


def test_who_may_only_look_makes_no_key(sign_in, account):
    sign_in("view_credential").post(address(account), {"make": "1"})
    assert secrets(account) == {}


@pytest.mark.parametrize("kind", ["facebook", "zalo_oa", "webhook"])
def test_a_new_account_without_secrets_leads_to_its_connection(sign_in, kind):
    client = sign_in("view_credential", "add_credential", "change_credential")
    response = client.post(reverse("publishers_accounts:add"), {"label": "Mới", "kind": kind})
    account = Credential.objects.get()
    assert response["Location"] == address(account)
    assert account.health == Credential.Health.RECONNECT_REQUIRED
    assert client.get(response["Location"]).status_code == 200

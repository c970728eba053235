"""Connecting an Official Account through the browser: consent, the way back, and all that can go wrong."""

from urllib.parse import parse_qs, urlsplit

from django.urls import reverse

import pytest
import requests

from publishers.credentials import CredentialHandle, store
from publishers.models import Channel, Credential
from publishers.sandbox import world
from publishers.sandbox.zalo_oauth import challenge_of

pytestmark = pytest.mark.django_db

OLD = {
    "app_id": world.ZALO_APP_ID,
    "secret_key": world.ZALO_SECRET_KEY,
    "access_token": "old-access-CANARY",
    "refresh_token": "old-refresh-CANARY",
    "oa_id": world.ZALO_OA_ID,
}


@pytest.fixture
def account(sandbox, settings) -> Credential:
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    made = Credential(label="Zalo tỉnh", kind="zalo_oa")
    store(made, OLD)
    return made


def begin(client, account: Credential, **fields) -> str:
    """Press the button; the address at Zalo the browser is sent to."""
    entered = {"app_id": world.ZALO_APP_ID, "secret_key": ""} | fields
    response = client.post(reverse("publishers:connect", args=[account.pk]), entered)
    assert response.status_code == 302
    return response["Location"]


def agree(address: str) -> str:
    """Agree on the sandbox's page; the way back, as path and query."""
    asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
    assert requests.get(address, timeout=5).status_code == 200
    where = address.partition("?")[0]
    granted = requests.post(where, data=asked, timeout=5, allow_redirects=False)
    assert granted.status_code == 302
    back = urlsplit(granted.headers["Location"])
    assert f"{back.scheme}://{back.netloc}" == "http://127.0.0.1:8000"
    return f"{back.path}?{back.query}"


def secrets(account: Credential) -> dict[str, str]:
    return CredentialHandle(account.pk).read()


def shown(client, address: str) -> str:
    page = client.get(address, follow=True).content.decode()
    canaries = ("CANARY", world.ZALO_SECRET_KEY, "sandbox-access-", "sandbox-refresh-", "sandbox-code-")
    assert not [canary for canary in canaries if canary in page]
    return page


def test_a_person_agrees_and_the_new_pair_works(administrator, account, sandbox):
    group = Channel.objects.create(
        name="Nhóm",
        kind="zalo_group",
        remote_id=world.PROVINCE_GROUP.id,
        credential=account,
        paused_reason="Kết nối đã hết hạn.",
    )
    Credential.objects.update(health=Credential.Health.RECONNECT_REQUIRED, rotation_outcome_unknown=True)
    page = shown(administrator, agree(begin(administrator, account)))
    assert "Đã kết nối “Zalo tỉnh”" in page
    assert "“Nhóm” đã hoạt động trở lại" in page
    new = secrets(account)
    assert new["access_token"].startswith("sandbox-access-")
    assert new["refresh_token"].startswith("sandbox-refresh-")
    account.refresh_from_db()
    assert (account.health, account.rotation_outcome_unknown) == (Credential.Health.OK, False)
    assert 85 < (account.reconnect_by - account.expires_at).days < 90
    group.refresh_from_db()
    assert group.paused_reason == ""


def test_the_verifier_fits_the_challenge_and_is_new_each_time(administrator, account, settings):
    first, second = (
        parse_qs(urlsplit(begin(administrator, account)).query)["code_challenge"] for _number in range(2)
    )
    assert first != second
    settings.ZALO_CODE_VERIFIER = "v" * 43
    fixed = parse_qs(urlsplit(begin(administrator, account)).query)["code_challenge"]
    assert fixed == [challenge_of("v" * 43)]


def test_a_fixed_verifier_works_all_the_way(administrator, account, settings):
    settings.ZALO_CODE_VERIFIER = "v" * 43
    shown(administrator, agree(begin(administrator, account)))
    assert secrets(account)["access_token"].startswith("sandbox-access-")


def test_the_way_back_is_good_once(administrator, account, sandbox):
    back = agree(begin(administrator, account))
    shown(administrator, back)
    pair = secrets(account)
    assert "mười phút" in shown(administrator, back)
    assert secrets(account) == pair
    assert len(sandbox.requests("access_token")) == 1


@pytest.mark.parametrize("state", ["", "other", "ä"])
def test_a_foreign_state_changes_nothing_and_asks_zalo_nothing(administrator, account, sandbox, state):
    begin(administrator, account)
    back = reverse("publishers:zalo_return")
    page = administrator.get(back, {"code": "c", "oa_id": world.ZALO_OA_ID, "state": state}, follow=True)
    assert "mười phút" in page.content.decode()
    assert secrets(account) == OLD
    assert not sandbox.requests("access_token")


def test_the_state_belongs_to_the_session_that_began(administrator, account, client):
    back = agree(begin(administrator, account))
    key = "publishers.connecting.zalo_consent"
    session = administrator.session
    assert session[key]
    del session[key]
    session.save()
    shown(administrator, back)
    assert secrets(account) == OLD


def test_after_ten_minutes_one_starts_again(administrator, account, monkeypatch):
    back = agree(begin(administrator, account))
    from publishers.connecting import pending

    monkeypatch.setattr(pending, "SECONDS", -1)
    shown(administrator, back)
    assert secrets(account) == OLD


def test_another_official_account_is_refused_before_its_code_is_used(administrator, account, sandbox):
    back = agree(begin(administrator, account)).replace(world.ZALO_OA_ID, "4299999999999999999")
    page = shown(administrator, back)
    assert "4299999999999999999" in page
    assert secrets(account) == OLD
    assert not sandbox.requests("access_token")


def test_an_account_not_yet_known_learns_its_number(administrator, account):
    store(account, {name: value for name, value in OLD.items() if name != "oa_id"})
    shown(administrator, agree(begin(administrator, account)))
    assert secrets(account)["oa_id"] == world.ZALO_OA_ID


@pytest.mark.parametrize("mode", ["effect_then_timeout", "empty_200", "html_502", "bad_json"])
def test_a_lost_answer_says_so_and_the_old_pair_is_untouched(administrator, account, sandbox, mode):
    options = {"drop": True} if mode == "effect_then_timeout" else {}
    sandbox.fault(mode, operation="access_token", **options)
    before = Credential.objects.values().get()
    page = shown(administrator, agree(begin(administrator, account)))
    assert "chỉ dùng được một lần" in page
    assert "Kết nối với Zalo" in page
    assert Credential.objects.values().get() == before
    # Starting again works.
    shown(administrator, agree(begin(administrator, account)))
    assert secrets(account)["access_token"].startswith("sandbox-access-")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (-14002, "không nhận ra mã ứng dụng"),
        (-14003, "không chấp nhận địa chỉ quay về"),
        (-14004, "không chấp nhận khóa bí mật"),
        (-14012, "không chấp nhận mã xác nhận"),
        (-14099, "-14099"),
    ],
)
@pytest.mark.parametrize("as_string", [False, True])
def test_every_refusal_has_its_sentence(administrator, account, sandbox, code, words, as_string):
    sandbox.settings(zalo_oauth_error_as_string=as_string)
    sandbox.fault("refuse", operation="access_token", code=code)
    page = shown(administrator, agree(begin(administrator, account)))
    assert words in page
    assert secrets(account) == OLD


def test_a_wrong_secret_key_is_told_and_not_stored(administrator, account):
    page = shown(administrator, agree(begin(administrator, account, secret_key="wrong")))
    assert "không chấp nhận khóa bí mật" in page
    assert secrets(account) == OLD


@pytest.mark.parametrize("query", ["", "error=-14003", "error=access_denied", "error=-1400300000000000"])
def test_coming_back_without_a_code_changes_nothing(administrator, account, sandbox, query):
    state = parse_qs(urlsplit(begin(administrator, account)).query)["state"][0]
    page = shown(administrator, f"{reverse('publishers:zalo_return')}?state={state}&{query}")
    assert ("địa chỉ quay về" in page) == (query == "error=-14003") or "Callback URL" in page
    assert secrets(account) == OLD
    assert not sandbox.requests("access_token")


def test_the_page_shows_the_address_to_register_with_a_button_to_copy_it(administrator, account):
    page = shown(administrator, reverse("publishers:connect", args=[account.pk]))
    assert 'value="http://127.0.0.1:8000/admin/phat-hanh/ket-noi/zalo/ve/"' in page
    assert "w-clipboard#copy" in page
    assert f'value="{world.ZALO_APP_ID}"' in page

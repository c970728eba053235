"""Connecting a page: whatever token a person has becomes the page's own, checked, or nothing changes."""

from django.urls import reverse

import pytest

from publishers.credentials import CredentialHandle, store
from publishers.models import Channel, Credential
from publishers.sandbox import world

pytestmark = pytest.mark.django_db

PAGE, OTHER = world.PROVINCE_PAGE, world.WARD_PAGE
OLD = {"page_token": "old-CANARY", "app_id": world.FACEBOOK_APP_ID, "app_secret": world.FACEBOOK_APP_SECRET}
SECRETS = (
    world.FACEBOOK_APP_SECRET,
    world.FACEBOOK_USER_TOKEN,
    world.FACEBOOK_SHORT_USER_TOKEN,
    PAGE.access_token,
    OTHER.access_token,
    "old-CANARY",
)


@pytest.fixture
def account(sandbox) -> Credential:
    made = Credential(label="Trang của tỉnh", kind="facebook")
    store(made, OLD)
    return made


def channel(account: Credential, remote_id: str = PAGE.id, **values) -> Channel:
    base = {"kind": "facebook_page", "name": f"Trang {remote_id}", "remote_id": remote_id}
    return Channel.objects.create(credential=account, **base | values)


def enter(client, account: Credential, token: str, **fields):
    url = reverse("publishers:connect", args=[account.pk])
    entered = {"app_id": world.FACEBOOK_APP_ID, "app_secret": "", "token": token} | fields
    response = client.post(url, entered, follow=True)
    shown = response.content.decode()
    assert not [secret for secret in SECRETS if secret in shown]
    return response, shown


def secrets(account: Credential) -> dict[str, str]:
    return CredentialHandle(account.pk).read()


@pytest.mark.parametrize(
    "token", [world.FACEBOOK_USER_TOKEN, world.FACEBOOK_SHORT_USER_TOKEN, PAGE.access_token]
)
def test_any_kind_of_token_becomes_the_token_of_the_channels_page(administrator, account, token):
    channel(account)
    _response, shown = enter(administrator, account, token)
    assert secrets(account)["page_token"] == PAGE.access_token
    assert PAGE.name in shown
    account.refresh_from_db()
    assert account.health == Credential.Health.OK


def test_a_short_token_is_exchanged_and_the_exchange_is_asked_for_once(administrator, account, sandbox):
    channel(account)
    enter(administrator, account, world.FACEBOOK_SHORT_USER_TOKEN)
    assert len(sandbox.requests("access_token")) == 1


def test_the_earliest_end_is_kept_as_the_day_to_reconnect_by(administrator, account, sandbox):
    channel(account)
    sandbox.token(page=PAGE.id, expires_in=5 * 86400)
    enter(administrator, account, world.FACEBOOK_USER_TOKEN)
    account.refresh_from_db()
    assert account.reconnect_by is not None
    assert account.expires_at is not None
    assert account.reconnect_by <= account.expires_at


def test_paused_channels_go_on_and_the_person_sees_it(administrator, account):
    paused = channel(account, paused_reason="Kết nối đã hết hạn.", check_error="Kết nối đã hết hạn.")
    Credential.objects.update(health=Credential.Health.RECONNECT_REQUIRED, health_note="Kết nối lại.")
    _response, shown = enter(administrator, account, PAGE.access_token)
    paused.refresh_from_db()
    assert (paused.paused_reason, paused.check_error) == ("", "")
    assert paused.name in shown


def test_with_several_pages_and_no_channel_a_person_chooses(administrator, account):
    response, shown = enter(administrator, account, world.FACEBOOK_USER_TOKEN)
    assert PAGE.name in shown
    assert OTHER.name in shown
    assert secrets(account) == OLD
    state = response.context["state"]
    choose = reverse("publishers:connect_page", args=[account.pk])
    chosen = administrator.post(choose, {"page": OTHER.id, "state": state}, follow=True)
    assert OTHER.name in chosen.content.decode()
    assert secrets(account)["page_token"] == OTHER.access_token
    # The choice is good once.
    Credential.objects.filter(pk=account.pk).update(health_note="")
    administrator.post(choose, {"page": PAGE.id, "state": state}, follow=True)
    assert secrets(account)["page_token"] == OTHER.access_token


def _killed(sandbox):
    sandbox.token(page=PAGE.id, subcode=460)


def _without_posts(sandbox):
    sandbox.token(page=PAGE.id, scopes=["pages_show_list", "pages_read_engagement"])


REFUSALS = {
    "a token that is none": (None, "nonsense", {}, "không hợp lệ"),
    "a page's dead token": (_killed, PAGE.access_token, {}, "không hợp lệ"),
    "a page's token without permission": (_without_posts, PAGE.access_token, {}, "pages_manage_posts"),
    "a user's token whose page lacks it": (
        _without_posts,
        world.FACEBOOK_USER_TOKEN,
        {},
        "pages_manage_posts",
    ),
    "another page's token": (None, OTHER.access_token, {}, OTHER.name),
    "a wrong app secret": (None, PAGE.access_token, {"app_secret": "wrong"}, "App secret"),
    "characters no token has": (None, "ä token", {}, "Sao chép lại"),
    "no token": (None, "", {}, "bắt buộc"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_does_not_fit_changes_nothing_and_says_what_to_do(administrator, account, sandbox, case):
    prepare, token, fields, words = REFUSALS[case]
    channel(account)
    if prepare:
        prepare(sandbox)
    before = Credential.objects.values().get()
    response, shown = enter(administrator, account, token, **fields)
    assert Credential.objects.values().get() == before
    assert words.lower() in shown.lower()
    assert response.context["form"].errors
    assert f'value="{world.FACEBOOK_APP_ID}"' in shown


@pytest.mark.parametrize("mode", ["html_502", "empty_200", "bad_json", "refuse"])
@pytest.mark.parametrize("operation", ["debug_token", "access_token", "accounts"])
def test_an_unclear_answer_changes_nothing(administrator, account, sandbox, mode, operation):
    channel(account)
    code = {"code": 2, "status": 500} if mode == "refuse" else {}
    sandbox.fault(mode, operation=operation, times=0, **code)
    _response, shown = enter(administrator, account, world.FACEBOOK_SHORT_USER_TOKEN)
    assert secrets(account) == OLD
    assert "không trả lời rõ ràng" in shown


def test_a_platform_out_of_reach_changes_nothing(administrator, account, sandbox):
    channel(account)
    sandbox.stop()
    _response, shown = enter(administrator, account, PAGE.access_token)
    assert secrets(account) == OLD
    assert "Không kết nối được với Facebook" in shown


def test_a_page_the_token_does_not_manage_is_refused(administrator, account):
    channel(account, remote_id="100000000000999")
    _response, shown = enter(administrator, account, world.FACEBOOK_USER_TOKEN)
    assert secrets(account) == OLD
    assert "100000000000999" in shown


def test_an_account_whose_channels_post_on_several_pages_is_refused(administrator, account):
    channel(account)
    channel(account, remote_id=OTHER.id)
    _response, shown = enter(administrator, account, world.FACEBOOK_USER_TOKEN)
    assert secrets(account) == OLD
    assert OTHER.id in shown


def test_without_the_right_to_read_figures_it_works_and_says_so(administrator, account, sandbox):
    channel(account)
    sandbox.token(page=PAGE.id, scopes=["pages_show_list", "pages_read_engagement", "pages_manage_posts"])
    _response, shown = enter(administrator, account, PAGE.access_token)
    assert secrets(account)["page_token"] == PAGE.access_token
    assert "read_insights" in shown


def test_who_may_only_look_gets_no_page(sign_in, account):
    client = sign_in("view_credential", "view_channel")
    for url in (
        reverse("publishers:connect", args=[account.pk]),
        reverse("publishers:zalo_return"),
    ):
        assert client.get(url).status_code in (302, 403)
    assert client.post(reverse("publishers:connect", args=[account.pk]), {}).status_code in (302, 403)
    assert secrets(account) == OLD

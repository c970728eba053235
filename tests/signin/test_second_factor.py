"""Approvers and administrators enter with two factors; codes work once; no secret lies about."""

import re

from django.db import connection
from django.urls import reverse

import pytest
from allauth.mfa.models import Authenticator

from cms.core import sealing
from cms.signin import factors
from cms.users import memberships
from cms.users.roles import Role
from tests.signin.people import app_code, browser, enter, give_code, is_in, set_up_app

pytestmark = pytest.mark.django_db


def test_an_editor_enters_with_a_password(lan):
    client = browser()
    assert enter(client, "lan").url == "/admin/"
    assert is_in(client)


@pytest.mark.parametrize(
    "address", ["/admin/", "/admin/reports/workflow/", "/admin/account/", "/admin/bao-mat/"]
)
def test_an_approver_without_a_second_factor_gets_to_the_set_up_only(minh, address):
    client = browser()
    enter(client, "minh")
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("signin_setup"))
    assert client.get(answer.url).status_code == 200
    assert client.post(address).status_code == 403


def test_outside_the_admin_such_a_session_is_nobodys(minh):
    client = browser()
    enter(client, "minh")
    answer = client.get("/viec/")
    assert answer.status_code == 302
    assert answer.url == "/admin/login/?next=/viec/"
    assert client.get(answer.url).url == reverse("signin_setup"), "no circle"


def test_an_approver_sets_up_an_app_and_is_in(minh):
    client = browser()
    enter(client, "minh")
    client.get("/admin/?x=1")
    client.get(f"{reverse('signin_setup')}?next=/admin/reports/")
    set_up_app(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert len(re.findall(r"<li>\d{8}</li>", codes)) == 10
    assert 'href="/admin/reports/"' in codes, "on to where the person was going"
    again = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert not re.findall(r"<li>\d{8}</li>", again), "shown once"
    assert is_in(client)


def test_the_role_given_while_signed_in_asks_for_the_factor_at_once(lan, minh):
    client = browser()
    enter(client, "lan")
    assert is_in(client)
    (held,) = memberships.roles_in(minh)
    memberships.record(lan, Role.APPROVER, held.unit)
    assert not is_in(client), "the session ended with the change of role"
    enter(client, "lan")
    assert client.get("/admin/").url.startswith(reverse("signin_setup"))


def test_both_factors_are_asked_for(minh, clock):
    client = browser()
    enter(client, "minh")
    secret = set_up_app(client)
    client.post(reverse("account_logout"))
    clock.forward(30)

    assert enter(client, "minh").url == reverse("mfa_authenticate")
    assert not is_in(client)
    assert give_code(client, "000000").status_code == 200
    assert not is_in(client)
    give_code(client, app_code(secret))
    assert is_in(client)


def test_a_session_from_before_the_factor_signs_in_again(minh):
    old, new = browser(), browser("198.51.100.9")
    enter(old, "minh")
    enter(new, "minh")
    set_up_app(new)
    page = old.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0] == reverse("account_login")
    assert "Hãy đăng nhập lại" in page.content.decode()
    assert is_in(new)


def test_a_code_works_once(minh, clock):
    client = browser()
    enter(client, "minh")
    secret = set_up_app(client)
    used_at_set_up = app_code(secret)
    other = browser()
    enter(other, "minh")
    give_code(other, used_at_set_up)
    assert not is_in(other), "the code of the set-up is used up"

    clock.forward(30)
    code = app_code(secret)
    give_code(other, code)
    assert is_in(other)
    third = browser()
    enter(third, "minh")
    answer = give_code(third, code)
    assert not is_in(third)
    assert answer.status_code == 200
    # Nor does an older one, which the clocks' tolerance would still allow.
    give_code(third, app_code(secret, clock.now - 30))
    assert not is_in(third)


def test_a_recovery_code_works_once(minh):
    client = browser()
    enter(client, "minh")
    set_up_app(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    code = re.findall(r"<li>(\d{8})</li>", page)[0]
    other = browser()
    enter(other, "minh")
    give_code(other, code)
    assert is_in(other)
    third = browser()
    enter(third, "minh")
    give_code(third, code)
    assert not is_in(third)


def test_new_recovery_codes_make_the_old_ones_void(minh):
    client = browser()
    enter(client, "minh")
    set_up_app(client)
    old = re.findall(r"<li>(\d{8})</li>", client.get(reverse("mfa_view_recovery_codes")).content.decode())
    client.post(reverse("mfa_generate_recovery_codes"))
    new = re.findall(r"<li>(\d{8})</li>", client.get(reverse("mfa_view_recovery_codes")).content.decode())
    assert len(new) == 10
    assert not set(old) & set(new)
    other = browser()
    enter(other, "minh")
    give_code(other, old[0])
    assert not is_in(other)


def test_the_last_required_factor_cannot_be_removed(minh):
    client = browser()
    enter(client, "minh")
    set_up_app(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=minh, type="totp").exists()
    assert is_in(client)


def test_whoever_needs_none_may_remove_it(lan, mailoutbox):
    client = browser()
    enter(client, "lan")
    set_up_app(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=lan).exists(), "the recovery codes went with it"


def test_after_a_while_the_password_is_asked_for_again(lan, clock):
    client = browser()
    enter(client, "lan")
    clock.forward(16 * 60)
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert client.post(answer.url, {"password": "wrong"}).status_code == 200
    answer = client.post(answer.url, {"password": "a-long-test-password", "next": "/admin/bao-mat/ung-dung/"})
    assert answer.url == reverse("mfa_activate_totp")
    set_up_app(client)


def test_no_secret_lies_in_the_database_as_plain_text(minh, caplog):
    client = browser()
    enter(client, "minh")
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = "".join(re.findall(r"<span>([A-Z2-7]{1,4})</span>", page))
    assert secret not in _everything_stored(), "while it is being set up"
    client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    seed = factors.sealing.unseal(Authenticator.objects.get(user=minh, type="recovery_codes").data["seed"])
    stored = _everything_stored()
    assert secret not in stored
    assert seed not in stored
    assert secret not in caplog.text


def test_after_resealing_the_old_key_is_not_needed(minh, settings, clock):
    settings.CREDENTIAL_KEYS = ["old"]
    client = browser()
    enter(client, "minh")
    secret = set_up_app(client)
    settings.CREDENTIAL_KEYS = ["new", "old"]
    assert factors.reseal_all() == 2
    settings.CREDENTIAL_KEYS = ["new"]
    clock.forward(30)
    other = browser()
    enter(other, "minh")
    give_code(other, app_code(secret))
    assert is_in(other)


def test_a_text_sealed_elsewhere_is_not_read(settings):
    sealed = sealing.seal("bí mật")
    assert sealing.unseal(sealed) == "bí mật"
    settings.CREDENTIAL_KEYS = ["another"]
    for read in (sealing.unseal, sealing.reseal):
        with pytest.raises(sealing.Unreadable):
            read(sealed)


def test_the_pages_where_secrets_are_typed_are_guarded(minh):
    client = browser()
    for answer in (
        client.get(reverse("account_login")),
        enter(client, "minh"),
        client.get(reverse("signin_setup")),
    ):
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]


def _everything_stored() -> str:
    """Every text column of every table, sessions decoded."""
    from django.contrib.sessions.models import Session

    rows = [str(session.get_decoded()) for session in Session.objects.all()]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [str(row) for row in cursor.fetchall()]
    return "\n".join(rows)

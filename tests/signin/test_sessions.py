"""Sessions: a new key at sign-in, an end at sign-out and with every change of password or rights."""

from django.urls import reverse

import pytest

from cms.users.roles import Role
from tests.factories import PASSWORD
from tests.signin.people import browser, enter, is_in, set_up_app

pytestmark = pytest.mark.django_db
NEW = "ba con mèo ngủ trên mái tôn"


def key(client) -> str:
    return client.session.session_key


def test_the_key_changes_at_sign_in(lan):
    client = browser()
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    enter(client, "lan")
    assert key(client) != before


def test_the_key_changes_when_the_factor_was_shown(minh):
    client = browser()
    enter(client, "minh")
    before = key(client)
    set_up_app(client)
    assert key(client) != before
    client.cookies["sessionid"] = before
    assert not is_in(client)


def test_a_copied_cookie_is_worthless_after_signing_out(lan):
    client, thief = browser(), browser("203.0.113.66")
    enter(client, "lan")
    thief.cookies = client.cookies.copy()
    assert is_in(thief)
    client.post(reverse("wagtailadmin_logout"))
    assert not is_in(thief)


def test_a_new_password_ends_every_session(lan, mailoutbox):
    here, there = browser(), browser("203.0.113.6")
    enter(here, "lan")
    enter(there, "lan")
    answer = here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW})
    assert answer.status_code == 302, answer.content.decode()
    assert not is_in(here)
    assert not is_in(there)
    assert [message.to for message in mailoutbox] == [[lan.email]]
    enter(here, "lan", NEW)
    assert is_in(here)


@pytest.mark.parametrize("change", ["add", "remove", "from_the_group", "clear"])
def test_a_change_of_role_ends_every_session(lan, minh, change):
    client = browser()
    enter(client, "lan")
    group = minh.groups.get()
    if change == "add":
        lan.groups.add(group)
    elif change == "remove":
        lan.groups.remove(lan.groups.get())
    elif change == "from_the_group":
        group.user_set.add(lan)
    else:
        lan.groups.clear()
    assert not is_in(client)


def test_saving_the_same_roles_ends_nothing(lan):
    client = browser()
    enter(client, "lan")
    lan.groups.set(lan.groups.all())
    assert is_in(client)


def test_closing_the_account_ends_every_session(lan):
    client = browser()
    enter(client, "lan")
    lan.is_active = False
    lan.save()
    assert not is_in(client)
    lan.is_active = True
    lan.save()
    assert not is_in(client), "the session is gone, not only asleep"


def test_accounts_are_closed_one_by_one(nam_inside, lan):
    client = browser()
    enter(client, "lan")
    address = reverse("wagtail_bulk_action", args=["users", "user", "set_active_state"])
    nam_inside.post(f"{address}?id={lan.pk}", {"mark_as_active": "False"})
    lan.refresh_from_db()
    assert lan.is_active
    assert is_in(client)


def test_an_idle_session_ends(lan, clock, settings):
    client = browser()
    enter(client, "lan")
    for _hour in range(3):
        clock.forward(settings.SESSION_IDLE_SECONDS - 1)
        assert is_in(client), "active"
    clock.forward(settings.SESSION_IDLE_SECONDS)
    answer = client.get("/admin/", follow=True)
    assert "Phiên làm việc đã hết hạn" in answer.content.decode()


def test_scripts_of_an_open_page_do_not_keep_a_session_alive(lan, clock, settings):
    client = browser()
    enter(client, "lan")
    clock.forward(settings.SESSION_IDLE_SECONDS - 1)
    client.get(reverse("editorial:session"), headers={"sec-fetch-mode": "cors"})
    clock.forward(1)
    assert not is_in(client)


def test_no_session_lives_longer_than_a_working_day(lan, clock, settings):
    client = browser()
    enter(client, "lan")
    for _quarter in range(settings.SESSION_COOKIE_AGE // 900 - 1):
        clock.forward(900)
        assert is_in(client)
    clock.forward(900)
    assert not is_in(client)


def test_the_list_names_devices_and_ends_them(lan):
    here, there, third = browser(), browser("198.51.100.3"), browser("198.51.100.4")
    for client in (here, there, third):
        enter(client, "lan")
    page = here.get(reverse("mfa_index"))
    text = page.content.decode()
    assert "Chrome, Android" in text
    assert "198.51.100.3" in text
    assert "thiết bị này" in text
    other = next(one for one in page.context["sessions"] if one.address == "198.51.100.3")
    here.post(reverse("signin_end_sessions"), {"session": other.pk})
    assert is_in(here)
    assert not is_in(there)
    assert is_in(third)
    here.post(reverse("signin_end_sessions"), {"others": "1"})
    assert is_in(here)
    assert not is_in(third)
    here.post(reverse("signin_end_sessions"), {"everywhere": "1"})
    assert not is_in(here)


def test_nobody_ends_the_session_of_another(lan, site):
    from tests import factories

    factories.user("hoa", Role.EDITOR)
    lans, hoas = browser(), browser()
    enter(lans, "lan")
    enter(hoas, "hoa")
    pk = lans.get(reverse("mfa_index")).context["sessions"][0].pk
    hoas.post(reverse("signin_end_sessions"), {"session": pk})
    assert is_in(lans)


def test_an_administrator_signs_another_out_and_resets_the_factor(nam_inside, minh, mailoutbox):
    client = browser()
    enter(client, "minh")
    set_up_app(client)
    mailoutbox.clear()
    page = nam_inside.get(reverse("signin:person_security", args=[minh.pk]))
    assert page.status_code == 200
    nam_inside.post(reverse("signin:person_security", args=[minh.pk]), {"end_sessions": "1"})
    assert not is_in(client)
    assert enter(client, "minh").url == reverse("mfa_authenticate")
    nam_inside.post(reverse("signin:person_security", args=[minh.pk]), {"reset_factors": "1"})
    assert client.get(reverse("account_login"), follow=True).status_code == 200, "no circle"
    enter(client, "minh")
    assert client.get("/admin/").url.startswith(reverse("signin_setup")), "a new one has to be set up"
    assert [message.to for message in mailoutbox] == [[minh.email]]


def test_only_administrators_help_and_never_themselves_or_a_superuser(nam_inside, nam, lan, minh, site):
    from tests import factories

    root = factories.user("root", superuser=True)
    for person in (nam, root):
        answer = nam_inside.post(reverse("signin:person_security", args=[person.pk]), {"reset_factors": "1"})
        assert answer.status_code == 302
        assert answer.url == "/admin/"
    editor = browser()
    enter(editor, "lan")
    victim = browser()
    enter(victim, "minh")
    set_up_app(victim)
    editor.post(reverse("signin:person_security", args=[minh.pk]), {"end_sessions": "1"})
    assert is_in(victim)

"""Guessing: slowed down for account and address, the same for names that do not exist, never for ever."""

import re
from datetime import timedelta

from django.core import mail, signing
from django.db.models import F
from django.urls import reverse

from wagtail.models import ModelLogEntry

import pytest
from axes.models import AccessAttempt

from cms.signin import known
from tests.factories import PASSWORD
from tests.signin.hashers import CountingHasher
from tests.signin.people import app_code, browser, enter, give_code, is_in, set_up_app

pytestmark = pytest.mark.django_db


def test_a_hundred_guesses_are_slowed_down(lan):
    client = browser()
    answers = [enter(client, "lan", f"guess-{number}").status_code for number in range(100)]
    assert answers[:4] == [200] * 4
    assert set(answers[4:]) == {429}
    assert enter(client, "lan").status_code == 429, "not with the right password either"
    assert not is_in(client)
    assert ModelLogEntry.objects.filter(action="keng.locked_out").exists()


def test_another_browser_at_the_same_address_guesses_no_further(lan):
    for number in range(5):
        enter(browser(), "lan", f"guess-{number}")
    other = browser()
    other.defaults["HTTP_USER_AGENT"] = "Firefox"
    assert enter(other, "lan").status_code == 429


def test_the_real_person_gets_in_from_elsewhere(lan):
    for number in range(50):
        enter(browser(), "lan", f"guess-{number}")
    real = browser("198.51.100.20")
    enter(real, "lan")
    assert is_in(real)


def test_others_at_the_same_address_are_not_shut_out(lan, minh):
    for number in range(50):
        enter(browser(), "minh", f"guess-{number}")
    client = browser()
    enter(client, "lan")
    assert is_in(client)


def test_the_lock_ends_and_guessing_on_does_not_prolong_it(lan, settings):
    for number in range(20):
        enter(browser(), "lan", f"guess-{number}")
    _let_pass(settings.AXES_COOLOFF_TIME)
    client = browser()
    enter(client, "lan")
    assert is_in(client)


def test_a_name_that_does_not_exist_gets_the_same_answers_for_the_same_work(lan, settings):
    settings.PASSWORD_HASHERS = ["tests.signin.hashers.CountingHasher"]
    lan.username = "nguoi-co-that"
    lan.set_password(PASSWORD)
    lan.save()

    def guesses(name: str, address: str) -> tuple[list[tuple[int, str]], list[int]]:
        answers, work = [], []
        for number in range(7):
            before = CountingHasher.work
            answer = enter(browser(address), name, f"guess-{number}")
            work.append(CountingHasher.work - before)
            page = re.sub(r"\b[A-Za-z0-9]{64}\b", "TOKEN", answer.content.decode().replace(name, "NAME"))
            answers.append((answer.status_code, page))
        return answers, work

    known, unknown = guesses("nguoi-co-that", "203.0.113.8"), guesses("nguoi-bia-ra", "203.0.113.9")
    assert known[0] == unknown[0]
    assert known[1] == unknown[1]
    assert known[1][0] == 1


def test_a_closed_account_answers_as_one_that_does_not_exist(lan):
    lan.is_active = False
    lan.save()
    right, unknown = enter(browser(), "lan"), enter(browser(), "ai")
    assert right.status_code == unknown.status_code == 200
    words = "Sai tên đăng nhập hoặc mật khẩu"
    assert words in right.content.decode()
    assert words in unknown.content.decode()


def test_the_codes_are_counted_for_the_account(minh, clock, settings):
    client = browser()
    enter(client, "minh")
    secret = set_up_app(client)
    clock.forward(30)
    for number in range(6):
        thief = browser(f"203.0.113.{100 + number}")
        enter(thief, "minh")
        assert give_code(thief, f"{number:06}").status_code == 200
    thief = browser("203.0.113.200")
    enter(thief, "minh")
    answer = give_code(thief, app_code(secret))
    assert not is_in(thief)
    assert "15 phút" in answer.content.decode()

    _let_pass(settings.AXES_COOLOFF_TIME)
    give_code(thief, app_code(secret))
    assert is_in(thief), "bounded"


def test_asking_for_a_new_password_does_not_tell_who_has_an_account(lan):
    known = browser().post(reverse("account_reset_password"), {"email": lan.email}, follow=True)
    unknown = browser().post(reverse("account_reset_password"), {"email": "ai@example.vn"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert known.status_code == unknown.status_code == 200
    assert [message.to for message in mail.outbox] == [[lan.email]]


def test_what_was_typed_is_not_written_down(lan, caplog):
    enter(browser(), "lan", "mat-khau-bi-mat-cua-toi")
    attempt = AccessAttempt.objects.get()
    stored = f"{attempt.post_data}{attempt.get_data}{caplog.text}"
    assert "mat-khau-bi-mat" not in stored


def test_the_address_is_the_proxys_word_only_where_there_is_a_proxy(lan, settings):
    for number in range(5):
        browser().post(
            reverse("account_login"),
            {"login": "lan", "password": "guess"},
            headers={"x-forwarded-for": f"198.51.100.{number}"},
        )
    assert enter(browser(), "lan").status_code == 429, "a header made up by the client changes nothing"
    settings.TRUSTED_PROXIES = ["127.0.0.0/8"]
    behind = browser("127.0.0.1")
    behind.defaults["HTTP_X_FORWARDED_FOR"] = "198.51.100.99"
    enter(behind, "lan")
    assert is_in(behind)


@pytest.fixture
def limit(settings) -> int:
    """Wrong passwords for one account from everywhere together."""
    settings.SIGNIN_ACCOUNT_LIMIT = 12
    return 12


def guess_from_everywhere(name: str, times: int) -> list[tuple[int, str]]:
    """One guess from each of ``times`` addresses; the answers."""
    answers = []
    for number in range(times):
        answer = enter(browser(f"192.0.2.{number + 1}"), name, f"guess-{number}")
        answers.append((answer.status_code, shown(answer, name)))
    return answers


def shown(answer, name: str) -> str:
    """The page, without what differs by itself."""
    page = re.sub(rf"\b{re.escape(name)}\b", "NAME", answer.content.decode())
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "TOKEN", page)


def test_many_addresses_together_are_slowed_down_with_the_answer_of_one(lan, limit):
    one = [enter(browser(), "lan", f"guess-{number}") for number in range(5)][-1]
    AccessAttempt.objects.all().delete()
    answers = guess_from_everywhere("lan", 2 * limit)
    assert [status for status, _page in answers] == [200] * limit + [429] * limit
    assert answers[-1][1] == shown(one, "lan")
    stranger = browser("198.51.100.77")
    assert enter(stranger, "lan").status_code == 429, "not with the right password either"
    assert ModelLogEntry.objects.filter(action="keng.guessed_at").count() == 1


def test_a_name_that_does_not_exist_gets_the_same_answers_from_everywhere(lan, limit):
    assert guess_from_everywhere("lan", limit + 3) == guess_from_everywhere("nguoi-bia-ra", limit + 3)


def test_the_person_gets_in_with_the_browser_they_use(lan, limit):
    own = browser("198.51.100.20")
    enter(own, "lan")
    own.post(reverse("account_logout"))
    guess_from_everywhere("lan", 3 * limit)
    # From another place as well: the browser counts, not the address.
    own.defaults["REMOTE_ADDR"] = "198.51.100.21"
    enter(own, "lan")
    assert is_in(own)


def test_a_known_browser_guesses_no_more_than_any_other(lan, limit):
    own = browser("198.51.100.20")
    enter(own, "lan")
    own.post(reverse("account_logout"))
    guess_from_everywhere("lan", 2 * limit)
    assert [enter(own, "lan", f"guess-{number}").status_code for number in range(6)] == [200] * 4 + [429] * 2


def test_a_browser_that_knows_somebody_else_or_was_made_up_is_a_strange_one(lan, minh, limit):
    enter(hers := browser("198.51.100.20"), "minh")
    assert known.COOKIE in hers.cookies
    guess_from_everywhere("lan", limit)
    assert enter(hers, "lan").status_code in {302, 429}
    made_up = browser("198.51.100.22")
    for value in ("x", "bGFu:1:2", "\x7f", hers.cookies[known.COOKIE].value):
        made_up.cookies[known.COOKIE] = value
        assert enter(made_up, "lan").status_code == 429


def test_the_link_of_the_letter_lets_the_person_in_on_a_new_device(lan, limit):
    guess_from_everywhere("lan", limit)
    new = browser("198.51.100.20")
    new.post(reverse("account_reset_password"), {"email": lan.email})
    link = re.search(r"http\S+", mail.outbox[-1].body).group()
    page = new.get(link, follow=True)
    fresh = "một-mật-khẩu-mới-dài"
    new.post(page.request["PATH_INFO"], {"password1": fresh, "password2": fresh})
    guess_from_everywhere("lan", 2 * limit)
    enter(new, "lan", fresh)
    assert is_in(new)


def test_guessing_from_everywhere_locks_for_a_while_only(lan, limit, settings):
    guess_from_everywhere("lan", 3 * limit)
    _let_pass(settings.AXES_COOLOFF_TIME)
    client = browser("198.51.100.77")
    enter(client, "lan")
    assert is_in(client)


def test_only_whoever_signs_in_gets_the_cookie_and_it_says_nothing(lan, settings):
    settings.SESSION_COOKIE_SECURE = True
    client = browser()
    enter(client, "lan", "guess")
    client.get("/")
    assert known.COOKIE not in client.cookies
    enter(client, "lan")
    cookie = client.cookies[known.COOKIE]
    assert (cookie["path"], cookie["secure"], cookie["httponly"], cookie["samesite"]) == (
        "/admin/",
        True,
        True,
        "Lax",
    )
    assert "lan" not in signing.b64_decode(cookie.value.split(":")[0].lstrip(".").encode()).decode(
        errors="ignore"
    )


def _let_pass(time: timedelta) -> None:
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - time - timedelta(seconds=1))

"""Two tabs, one warning: what was saved since is not written over, and nothing typed is lost."""

import re
import threading
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

import pytest

from scam_warnings.models import ScamWarningPage
from tests import factories

FIELDS = ("loaded_revision_id", "loaded_revision_created_at")


def desk(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened(client: Client, page: ScamWarningPage) -> dict[str, str]:
    """What a tab that opened the editor now would send along."""
    html = client.get(edit(page)).content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]*)"', html)[1] for name in FIELDS}


def edit(page: ScamWarningPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def save(client: Client, page: ScamWarningPage, tab: dict[str, str], **changes: Any) -> Any:
    return client.post(edit(page), {**factories.form_data(page), **tab, **changes})


def latest(page: ScamWarningPage) -> str:
    return ScamWarningPage.objects.get(pk=page.pk).get_latest_revision_as_object().summary


@pytest.mark.django_db
@pytest.mark.parametrize("action", [{}, {"action-submit": "1"}])
def test_an_old_tab_is_refused_and_keeps_what_was_typed(lan, action):
    page = factories.warning(lan)
    client = desk(lan)
    old = opened(client, page)
    assert save(client, page, opened(client, page), summary="Bản của tab mới.").status_code == 302
    for _again in range(2):
        answer = save(client, page, old, summary="Bản của tab cũ.", **action)
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "bạn đã lưu một bản mới hơn ở cửa sổ khác" in html
        assert "Bản của tab cũ." in html
        assert latest(page) == "Bản của tab mới."
        # What the page sends next is still that of the old tab.
        assert f'name="loaded_revision_id" value="{old["loaded_revision_id"]}"' in html
    assert save(client, page, opened(client, page), summary="Chép sang.").status_code == 302
    assert latest(page) == "Chép sang."


@pytest.mark.django_db
def test_it_names_the_other_person(lan):
    page = factories.warning(lan)
    hoa = factories.user("hoa", *[membership.role for membership in lan.memberships.all()])
    old = opened(desk(lan), page)
    save(desk(hoa), page, opened(desk(hoa), page), summary="Bản của Hoa.")
    assert "hoa đã lưu một bản mới hơn" in save(desk(lan), page, old).content.decode()
    assert latest(page) == "Bản của Hoa."


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["x", "-1", "9" * 30, "٣", ""])
def test_a_tab_that_says_nonsense_saves_nothing(lan, wrong):
    page = factories.warning(lan)
    client = desk(lan)
    tab = opened(client, page)
    answer = save(client, page, {**tab, "loaded_revision_id": wrong or "0"}, summary="Khác.")
    assert answer.status_code == 409
    assert latest(page) != "Khác."


@pytest.mark.slow
def test_of_two_tabs_that_save_in_the_same_moment_one_is_refused(live_db):
    lan = factories.user("lan", factories.Role.EDITOR)
    page = factories.warning(lan)
    tabs = [(desk(lan), name) for name in ("Một.", "Hai.")]
    sent = [(client, opened(client, page), name) for client, name in tabs]
    together, answers = threading.Barrier(2), {}

    def press(client: Client, tab: dict[str, str], name: str) -> None:
        data = {**factories.form_data(page), **tab, "summary": name}
        together.wait(10)
        try:
            answers[name] = client.post(edit(page), data).status_code
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=args) for args in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers.values()) == [302, 409]
    assert answers[latest(page)] == 302

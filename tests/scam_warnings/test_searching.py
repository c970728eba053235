"""Searching in the lists of the admin, as people type."""

from django.test import Client
from django.urls import reverse

import pytest

from cms.users.roles import Role
from scam_warnings.models import WarningIndexPage
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def office() -> Client:
    client = Client()
    client.force_login(factories.user("quan", Role.ADMINISTRATOR, Role.EDITOR))
    return client


@pytest.mark.parametrize("query", ["thuế", '"thuế', "“thuế”", 'thue" OR', "thuế\x00", "(thuế"])
def test_a_warning_is_found_whatever_marks_stand_around_the_word(office: Client, lan, query: str) -> None:
    factories.warning(lan, title="Giả danh cán bộ thuế")
    index = reverse("wagtailadmin_explore", args=[WarningIndexPage.objects.get().pk])
    answer = office.get(index, {"q": query})
    assert answer.status_code == 200
    if query not in ('thue" OR',):
        assert "Giả danh cán bộ thuế" in answer.content.decode()


@pytest.mark.parametrize("order", ["", "name", "-key", "sort_order"])
def test_a_vocabulary_is_searched_and_sorted(office: Client, order: str) -> None:
    index = reverse("wagtailsnippets_scam_warnings_scamtype:list")
    text = office.get(index, {"q": "thuế", "ordering": order}).content.decode()
    assert "Giả danh cơ quan thuế" in text
    assert "Deepfake" not in text


def test_an_address_that_cannot_be_is_not_found(office: Client) -> None:
    chosen = reverse("wagtailsnippetchoosers_scam_warnings_scamtype:chosen_multiple")
    for odd in ("x", "9" * 30, "\x00", "-1"):
        assert office.get(chosen, {"id": odd}).status_code == 404, odd
    assert office.get(chosen, {"id": "1"}).status_code == 200
    # A number somebody searches for is a word.
    index = reverse("wagtailadmin_explore", args=[WarningIndexPage.objects.get().pk])
    assert office.get(index, {"q": "9" * 30}).status_code == 200

"""The starting taxonomy and its screens."""

from django.test import Client
from django.urls import reverse

import pytest

from cms.users.roles import Role
from scam_warnings.models import Audience, ContentCategory, Hotline, ScamType, ScamTypeGroup, SourceKind
from scam_warnings.seed import load_taxonomy
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def admin(role: Role) -> Client:
    client = Client()
    client.force_login(factories.user(f"user-{role}", role))
    return client


def test_the_24_official_forms_keep_their_number():
    numbers = ScamType.objects.exclude(official_no=None).values_list("official_no", flat=True)
    assert sorted(numbers) == list(range(1, 25))
    assert ScamType.objects.count() == 32
    assert (ScamTypeGroup.objects.count(), Audience.objects.count()) == (3, 15)
    assert (ContentCategory.objects.count(), SourceKind.objects.count()) == (4, 5)


def test_loading_again_keeps_what_people_changed():
    ScamType.objects.filter(key="khoa-sim").update(name="Tên do đơn vị đặt")
    assert load_taxonomy() == 0
    assert ScamType.objects.get(key="khoa-sim").name == "Tên do đơn vị đặt"


def test_unconfirmed_hotlines_are_not_shown():
    assert not Hotline.objects.filter(shown=True, key__startswith="nha-mang").exists()


@pytest.mark.parametrize("model", [ScamType, ScamTypeGroup, Audience, ContentCategory, SourceKind, Hotline])
def test_an_administrator_edits_every_vocabulary(model):
    client = admin(Role.ADMINISTRATOR)
    name = model.snippet_viewset.get_url_name("list")
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert str(model.objects.first()) in response.content.decode()
    assert client.get(reverse(model.snippet_viewset.get_url_name("add"))).status_code == 200


def test_an_editor_does_not():
    response = admin(Role.EDITOR).get(reverse(ScamType.snippet_viewset.get_url_name("add")))
    assert response.status_code in {302, 403}

"""Pictures and documents of drafts: closed to everybody outside the unit, at every address they have."""

from django.conf import settings
from django.urls import reverse

import pytest

from publishers.sealing import draft_release
from scam_warnings.models import ScamWarningPage
from tests.permissions.answers import names, said
from tests.permissions.conftest import taken_back
from tests.permissions.world import MARK, ON_THE_GROUP, STATES, World

INSIDE = ("author", "editor", "reviewer", "approver", "publisher", "administrator", "both", "superuser")


def addresses(world: World, state: str) -> dict[str, str]:
    """Every address under which a file of the warning lies; drafts of the channels' pictures included."""
    page, image = ScamWarningPage.objects.get(pk=world.pages[state].pk), world.images[state]
    release = page.releases.first()
    made = release.payloads.all() if release else draft_release(page, page.get_latest_revision()).payloads
    sealed = {
        f"sealed {picture['sha256'][:8]}": f"/media/sealed/{picture['sha256'][:2]}/{picture['sha256']}.jpg"
        for payload in made
        for picture in payload.images
    }
    assert sealed
    return {
        "original": image.file.url,
        "size": image.get_rendition("max-165x165").url,
        "cropped size": image.get_rendition("fill-100x100").url,
        "another format": image.get_rendition("width-200|format-webp").url,
        "size on the review page": image.get_rendition("max-800x600").url,
        "document": world.document.url,
        "document's file": f"{settings.MEDIA_URL}{world.document.file.name}",
        **sealed,
    }


@pytest.mark.parametrize("state", [state for state in STATES if state not in ON_THE_GROUP])
def test_files_of_what_is_not_public_are_for_the_unit(world, state):
    """Also of what was signed for a later time: until then its sealed pictures are drafts."""
    for what, address in addresses(world, state).items():
        for ask in (world.client("anonymous").get, world.client("anonymous").head):
            assert ask(address).status_code == 404, what
        if not what.startswith("sealed"):
            assert world.client("foreign").get(address).status_code == 404, what
        for name in INSIDE:
            answer = world.client(name).get(address)
            assert answer.status_code == 200, (what, name)
            assert "private" in answer.get("Cache-Control", "private"), (what, name)
            assert b"".join(answer.streaming_content)


def test_approving_opens_the_sealed_pictures_and_nothing_else(world):
    for what, address in addresses(world, "published").items():
        answer = world.client("anonymous").get(address)
        assert answer.status_code == (200 if what.startswith("sealed") else 404), what


def test_a_closed_account_and_one_without_a_role_read_no_file(world):
    with taken_back():
        person = world.people["editor"]
        client = world.client("editor")
        person.groups.clear()
        person.memberships.update(ended_at="2026-01-01T00:00Z")
        for what, address in addresses(world, "draft").items():
            assert client.get(address).status_code == 404, what


@pytest.mark.parametrize("name", ["anonymous", "foreign"])
def test_no_screen_shows_a_file_of_another_unit(world, name):
    """The chooser, the sizes and the forms of images and documents: all take a number that anybody can count up."""
    image, document, client = world.images["draft"].pk, world.document.pk, world.client(name)
    for view, args in (
        ("wagtailimages:edit", [image]),
        ("wagtailimages:preview", [image, "max-165x165"]),
        ("wagtailimages:url_generator", [image]),
        ("wagtailimages:image_usage", [image]),
        ("wagtailimages_chooser:chosen", [image]),
        ("wagtailimages_chooser:select_format", [image]),
        ("wagtaildocs:edit", [document]),
        ("wagtaildocs:document_usage", [document]),
        ("wagtaildocs_chooser:chosen", [document]),
    ):
        path = reverse(view, args=args)
        answer = client.get(path)
        assert answer.status_code == (302 if name == "anonymous" else 404), view
        assert not names(said(answer), MARK, path), view


def test_counting_documents_up_says_only_that_there_is_none(world):
    """A document of another unit, one with another name and one that never was: the same answer."""
    there = world.document
    for name in ("anonymous", "foreign"):
        client = world.client(name)
        answers = [
            client.get(reverse("wagtaildocs_serve", args=[pk, file]))
            for pk, file in ((there.pk, there.filename), (there.pk, "khac.pdf"), (99_999, there.filename))
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert not any(names(said(answer), MARK, there.url) for answer in answers[1:2])


@pytest.mark.parametrize(
    "path", ["sealed-drafts/aa/x.jpg", "secrets/x", "../keng.sqlite3", "original_images/"]
)
def test_no_file_that_nobody_answers_for(world, path):
    assert world.client("superuser").get(f"{settings.MEDIA_URL}{path}").status_code == 404


@pytest.mark.parametrize(
    "address", ["/api/v2/pages/", "/api/v3/", "/api/", "/api/v2/images/", "/api/v2/documents/", "/graphql/"]
)
def test_no_other_interface_is_there(world, address):
    for name in ("anonymous", "superuser"):
        assert world.client(name).get(address).status_code == 404
    assert not any(app.startswith("wagtail.api") for app in settings.INSTALLED_APPS)

"""Wagtail's security advisories of 2026, tried on this installation: as attacks, or as the part that is not there."""

from itertools import product

from django.apps import apps
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from wagtail.models import Page, Revision

import pytest

from cms.editorial import approval
from scam_warnings.models import ScamWarningPage
from tests import factories
from tests.permissions.addresses import addresses
from tests.permissions.answers import names, said
from tests.permissions.conftest import taken_back
from tests.permissions.world import MARK, STATES, mark_of

pytestmark = pytest.mark.usefixtures("quiet")

OTHERS = ("foreign", "reviewer", "approver", "publisher", "administrator")
"""None of them writes warnings in the ward; who decides on one opens its editor, and still takes no copy."""
ATTACK = "<img src=x onerror=alert(1)>"


def says_nothing(answer: HttpResponse, path: str) -> bool:
    """Refused, without a word of what was asked for."""
    return answer.status_code in (302, 403, 404) and not names(said(answer), MARK, path)


@pytest.mark.parametrize("state", STATES)
def test_nobody_copies_a_page_they_may_not_see(world, state):
    """CVE-2026-44200: the copy showed what the page itself did not."""
    path = reverse("wagtailadmin_pages:copy", args=[world.pages[state].pk])
    for name, alias in product(OTHERS, ("", "on")):
        form = {"new_title": "x", "new_slug": "x", "new_parent_page": world.index.pk, "alias": alias}
        with taken_back():
            before = Page.objects.count()
            assert says_nothing(world.client(name).get(path), path), name
            assert says_nothing(world.client(name).post(path, form), path), name
            assert Page.objects.count() == before


@pytest.mark.parametrize("place", [None, "", "x", "0", "99999999999999999999999"])
def test_a_copy_to_nowhere_is_a_bad_request(world, place):
    form = {"new_title": "x", "new_slug": "x"} | ({} if place is None else {"new_parent_page": place})
    path = reverse("wagtailadmin_pages:copy", args=[world.pages["draft"].pk])
    with taken_back():
        assert world.client("author").post(path, form).status_code == 400


def test_a_form_without_its_fields_is_a_bad_request(world):
    """What no browser leaves out, Wagtail reads without asking."""
    for view, name in (("edit", "author"), ("copy", "author"), ("edit", "superuser")):
        path = reverse(f"wagtailadmin_pages:{view}", args=[world.pages["draft"].pk])
        with taken_back():
            assert world.client(name).post(path, {"title": "x"}).status_code == 400


def test_nobody_reaches_a_foreign_version_through_a_page_of_their_own(world):
    """The same hole as in CVE-2026-44200 with two numbers: the page is one's own, the version or the round is not."""
    foreign = world.people["foreign"]
    with taken_back():
        own = factories.warning(foreign, title="Của mình", slug="cua-minh", key="k-own")
        task = approval.submit(own, foreign, not_secret=True)
        client = world.client("foreign")
        theirs = Revision.objects.for_instance(world.pages["waiting"]).latest("pk")
        round_of_theirs = world.tasks["waiting"]
        for view, args in (
            ("revisions_view", [own.pk, theirs.pk]),
            ("revisions_revert", [own.pk, theirs.pk]),
            ("revisions_compare", [own.pk, theirs.pk, "latest"]),
            ("revisions_compare", [own.pk, "earliest", theirs.pk]),
            ("revisions_unschedule", [own.pk, theirs.pk]),
            ("workflow_action", [own.pk, "reject", round_of_theirs.pk]),
            ("collect_workflow_action_data", [own.pk, "reject", round_of_theirs.pk]),
            ("workflow_history_detail", [own.pk, round_of_theirs.workflow_state_id]),
        ):
            path = reverse(f"wagtailadmin_pages:{view}", args=args)
            for send in (client.get, client.post):
                text = said(send(path, {"comment": "x"}))
                assert not names(text, MARK, path), path
        round_of_theirs.refresh_from_db()
        assert round_of_theirs.status == "in_progress"
        # Nor with a version of another's in the form of a page of one's own.
        data = factories.form_data(own, revision=str(theirs.pk), is_reverting="1")
        client.post(reverse("wagtailadmin_pages:edit", args=[own.pk]), data)
        assert MARK not in str(ScamWarningPage.objects.get(pk=own.pk).get_latest_revision().content)
        assert task.pk != round_of_theirs.pk


@pytest.mark.parametrize(
    "view", ["history", "history_results", "workflow_history", "usage", "revisions_index", "preview_on_edit"]
)
def test_nobody_reads_the_history_or_a_preview_of_what_they_may_not_edit(world, view):
    """The history, comparison and preview advisories of 2026."""
    for name, state in product(("foreign", "publisher", "administrator"), ("draft", "waiting", "published")):
        path = reverse(f"wagtailadmin_pages:{view}", args=[world.pages[state].pk])
        for send in (world.client(name).get, world.client(name).post):
            text = said(send(path, {"title": "x"}))
            assert not names(text, mark_of(state), path), (name, state)


@pytest.mark.parametrize(
    ("app", "what"),
    [
        ("wagtail.contrib.forms", "CVE-2026-44199: submissions of a form deleted by another"),
        ("wagtail.contrib.table_block", "CVE-2026-28222: a script in the class of a table's cell"),
        ("wagtail.contrib.typed_table_block", "the same"),
        ("wagtail.contrib.simple_translation", "CVE-2026-28223: a script in the message after translating"),
        ("wagtail.api.v2", "the API that gave out images and documents of private collections"),
    ],
)
def test_what_an_advisory_was_about_is_not_installed(app, what):
    assert not any(name.startswith(app) for name in settings.INSTALLED_APPS), what
    assert not any(config.name == app for config in apps.get_app_configs()), what


def test_no_view_translates_or_lists_submissions():
    views = [address.name for address in addresses()]
    assert not [
        name for name in views if "submission" in name or "translation" in name or "translate" in name
    ]


def test_no_page_holds_a_block_whose_class_somebody_writes():
    """A table, a chosen class or raw markup: where CVE-2026-28222 got in."""
    blocks = {
        type(block).__name__
        for field in ScamWarningPage._meta.get_fields()
        for block in getattr(getattr(field, "stream_block", None), "child_blocks", {}).values()
    }
    assert blocks
    assert not [name for name in blocks if "Table" in name or "Raw" in name or "Embed" in name]


@pytest.mark.parametrize("verb", ["copy", "submit", "return", "lock", "delete"])
def test_a_title_never_becomes_markup_in_a_message(world, verb):
    """As in CVE-2026-28223: what a message quotes is text, whoever wrote it."""
    author, approver = world.people["author"], world.people["approver"]
    with taken_back():
        page = factories.warning(author, title=f"Lừa {ATTACK}", slug="lua", key="k-attack")
        client = world.client("author")
        number = [page.pk]
        if verb == "copy":
            form = {"new_title": f"Bản {ATTACK}", "new_slug": "ban", "new_parent_page": world.index.pk}
            client.post(reverse("wagtailadmin_pages:copy", args=number), form)
        elif verb == "submit":
            client.post(
                reverse("wagtailadmin_pages:edit", args=number),
                {**factories.form_data(page), "action-submit": "1"},
            )
        elif verb == "return":
            task = approval.submit(page, author, not_secret=True)
            client = world.client("approver")
            client.post(
                reverse("editorial:review", args=[task.pk]), {"decision": "return", "comment": ATTACK}
            )
        elif verb == "lock":
            client = world.client("superuser")
            client.post(reverse("wagtailadmin_pages:lock", args=number))
        else:
            client.post(reverse("wagtailadmin_pages:delete", args=number))
        for path in ("/admin/", reverse("wagtailadmin_explore", args=[world.index.pk])):
            html = client.get(path).content.decode()
            assert ATTACK not in html, path
        assert approver.pk

"""What feeds, data, frames and the app add to a publication does not grow with the archive."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest

from cms.portal import bake
from cms.portal.models import PublishedWarning
from cms.portal.sections import sections
from tests.portal import factories

pytestmark = pytest.mark.django_db
PARTS = ("feeds", "sitemap", "cap", "opendata", "widget", "offline")


def cost(warning: PublishedWarning) -> tuple[int, int]:
    """Statements and files that a publication of ``warning`` costs these parts."""
    paths: list[str] = []
    for section in sections():
        if type(section).__module__.split(".")[2] in PARTS:
            paths += [*section.shared(), *section.around(warning), *section.later(warning)]
    with CaptureQueriesContext(connection) as asked:
        made = [path for path in dict.fromkeys(paths) if bake.rendered(path) is not None]
    return len(asked), len(made)


def test_a_publication_asks_and_writes_the_same_for_few_and_many(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("cms.portal.opendata.lists.PER_PAGE", "cms.portal.opendata.changes.PER_PAGE"):
        monkeypatch.setattr(name, 4)
    factories.many(9)
    few = cost(PublishedWarning.objects.latest("pk"))
    factories.publish_all(
        (factories.snapshot(f"Thêm {place}", reference=f"CB-2026-{place:05d}"), None)
        for place in range(10, 26)
    )
    assert cost(PublishedWarning.objects.latest("pk")) == few

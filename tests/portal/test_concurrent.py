"""Several workers at once, each with its own database connection."""

import threading
from collections.abc import Callable
from dataclasses import replace

from django.db import connection

from cms.portal import bake
from cms.portal.models import PublishedWarning
from cms.portal.publishing import PortalBackend
from scam_warnings.models import ScamWarningPage
from tests.portal import factories


def together(*actions: Callable[[], object]) -> list[BaseException]:
    """Run ``actions`` in threads of their own; what they raised."""
    failures: list[BaseException] = []
    gate = threading.Barrier(len(actions))

    def run(action: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            action()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return failures


def test_bakes_at_once_end_with_the_newest_content(live_db: None) -> None:
    factories.many(3)

    def change(code: str) -> None:
        warning = PublishedWarning.objects.get(code=code)
        warning.title = f"Tên mới {code[-1]}"
        warning.save(update_fields=["title"])
        bake.bake_for(warning)

    assert together(*(lambda code=f"CB-2026-0000{number}": change(code) for number in (1, 2, 3))) == []
    text = bake.file_for("/").read_text(encoding="utf-8")
    assert all(f"Tên mới {number}" in text for number in (1, 2, 3))
    assert bake.is_current("/")
    assert bake.is_current("/canh-bao/")


def test_two_releases_at_once_end_with_the_newer_one(live_db: None) -> None:
    sealed = factories.snapshot(reference="CB-2026-00001")
    older = factories.release(sealed)
    newer = factories.release(replace(sealed, summary="Bản mới."), page=ScamWarningPage.objects.get())
    publish = PortalBackend().publish
    assert (
        together(*(lambda message=message: publish(message) for message in (newer, older, newer, older)))
        == []
    )
    warning = PublishedWarning.objects.get()
    assert (warning.release_number, warning.summary) == (2, "Bản mới.")
    assert "Bản mới." in bake.file_for(warning.path).read_text(encoding="utf-8")
    assert ScamWarningPage.objects.get().live_revision_id == newer.data["revision_id"]

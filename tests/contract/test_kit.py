"""The kit for packages of others passes sound adapters: over HTTP, over SMTP with a list, and without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from publishers.adapters.email.adapter import EmailListPublisher
from publishers.adapters.webhook.adapter import WebhookPublisher
from publishers.kit import AdapterContract
from publishers.kit.rows import table
from tests.contract.folder import Folder, FolderPublisher
from tests.contract.mail_remote import MailRemote
from tests.contract.partner import KEY, Partner


class TestWebhook(AdapterContract):
    """A repeatable channel that cannot be read."""

    adapter = WebhookPublisher
    receiver = Partner
    secrets = {"signing_key": KEY}
    remote_id = "phuong"
    exempt = {
        "html_200": "any 2xx is a yes (docs/webhook.md)",
        "empty_200_no_effect": "any 2xx is a yes",
        "bad_json_no_effect": "any 2xx is a yes",
        "null_200_no_effect": "any 2xx is a yes",
        "test_edit_of_a_post_that_is_gone": "a partner that no longer has the old version takes the new one",
        "test_pictures_that_cannot_go_out": "it names pictures by their hash, and hands over none",
    }

    def options(self, url: str) -> Mapping[str, str]:
        """Where the partner is."""
        return {"url": f"{url}hook"}


class TestEmail(AdapterContract):
    """A list of addresses, over SMTP."""

    adapter = EmailListPublisher
    receiver = MailRemote
    remote_id = "bao-chi"

    def settings(self, url: str) -> Mapping[str, Any]:
        """Where the mail server is."""
        where = urlsplit(url)
        return {"EMAIL_HOST": where.hostname, "EMAIL_PORT": where.port}

    def publisher(self, url: str, **parts: Any) -> Any:
        """SMTP has one timeout, made of both."""
        parts["endpoint"] = replace(parts["endpoint"], connect_timeout=0.1)
        return super().publisher(url, **parts)


class TestFolder(AdapterContract):
    """A channel that is no server at all."""

    adapter = FolderPublisher
    receiver = Folder
    remote_id = "loa"

    def options(self, url: str) -> Mapping[str, str]:
        """Where the folder is."""
        return {"folder": url}


ROWS = {"webhook": TestWebhook, "email": TestEmail}
"""Kind → its checks."""


def test_what_does_not_apply_is_not_there() -> None:
    """Nothing is skipped: the checks of an adapter are those of its capabilities."""
    there = {name: {row for row, _failures in table(contract)} for name, contract in ROWS.items()}
    assert {"test_edit", "test_delete", "test_a_repeat_changes_nothing"} <= there["webhook"]
    assert not there["webhook"] & {
        "test_listing",
        "test_failing_look",
        "test_failing_figures",
        "test_empty_list",
    }
    assert {"test_failure_in_the_middle_of_a_list", "test_empty_list"} <= there["email"]
    assert not there["email"] & {
        "test_edit",
        "test_delete",
        "test_listing",
        "test_picture_stands_with_its_text",
    }
    assert "test_listing" in {row for row, _failures in table(TestFolder)}
    assert all("test_" in row for rows in there.values() for row in rows)

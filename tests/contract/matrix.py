"""The table of the contract: every failure of a platform × every kind of channel × every operation it has.

A kind that the sandbox speaks has its line here; the others (webhook, e-mail) keep theirs in the kit's checks
(test_kit.py). test_matrix.py runs each cell, and fails when a failure, a kind or an operation has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from publishers.kit.remote import HOLD_SECONDS
from publishers.sandbox.server import Sandbox
from tests.contract.driver import VISIBLE_AFTER, Rig, facebook_rig, zalo_rig

Fault = tuple[str, dict[str, Any]]
"""A mode of the sandbox and its options."""
HIDDEN: Final = {"visible_after": VISIBLE_AFTER}

# name                     mode                    options
COMMON: Final[dict[str, Fault]] = {
    # The platform says no.
    "refused": ("refuse", {}),
    "error_after_effect": ("effect_then_error", {}),
    "error_after_hidden_effect": ("effect_then_error", HIDDEN),
    # It says nothing.
    "dropped": ("timeout_no_effect", {"drop": True}),
    "dropped_after_effect": ("effect_then_timeout", {"drop": True}),
    "dropped_after_hidden_effect": ("effect_then_timeout", {"drop": True, **HIDDEN}),
    "hung": ("timeout_no_effect", {}),
    "hung_after_effect": ("effect_then_timeout", {}),
    "hung_before_effect": ("slow", {"late": True}),
    # Something on the way speaks instead.
    "html_502": ("html_502", {}),
    "html_502_after_effect": ("html_502", {"effect": True}),
    "html_502_after_hidden_effect": ("html_502", {"effect": True, **HIDDEN}),
    "page_429": ("page_429", {}),
    "page_429_after_effect": ("page_429", {"effect": True}),
    "redirect": ("redirect", {}),
    "redirect_after_effect": ("redirect", {"effect": True}),
    # It says what nobody can read.
    "empty_200": ("empty_200", {}),
    "empty_200_after_effect": ("empty_200", {"effect": True}),
    "bad_json": ("bad_json", {}),
    "bad_json_after_effect": ("bad_json", {"effect": True}),
    "empty_object": ("empty_object", {}),
    "empty_object_after_effect": ("empty_object", {"effect": True}),
    "half_body": ("half_body", {}),
    "trickle": ("trickle", {}),
    "oversize": ("oversize", {}),
    "wrong_id": ("wrong_id", {}),
    # It does as asked, in its own way.
    "slow": ("slow", {"seconds": 0.05}),
    "slow_without_effect": ("slow", {"seconds": 0.05, "effect": False}),
    "delayed_visibility": ("delayed_visibility", {}),
    "no_content_type": ("no_content_type", {}),
    "text_javascript": ("text_javascript", {}),
}
GRAPH: Final[dict[str, Fault]] = {
    "error_in_200": ("refuse", {"status": 200, "code": 1}),
    "error_in_200_after_effect": ("effect_then_error", {"status": 200, "code": 1}),
    "error_2_in_400_after_effect": ("effect_then_error", {"status": 400, "code": 2}),
    "throttled_app": ("refuse", {"code": 4, "retry_after": 7}),
    "throttled_page": ("refuse", {"code": 32, "status": 429, "retry_after": 7}),
    "throttled_business": ("refuse", {"code": 80001, "retry_after": 7}),
    "token_dead": ("refuse", {"code": 190, "subcode": 460}),
    "token_expired": ("refuse", {"code": 190, "subcode": 463, "status": 401}),
    "no_permission": ("refuse", {"code": 200}),
    "blocked": ("refuse", {"code": 368}),
    "too_fast": ("refuse", {"code": 368, "subcode": 1390008}),
    "said_already": ("refuse", {"code": 506}),
    "said_already_after_effect": ("effect_then_error", {"code": 506, "status": 400}),
    "body_true": ("body_true", {}),
    "body_true_without_effect": ("body_true", {"effect": False}),
    "usage_header_unknown_key": ("usage_header_unknown_key", {}),
    "usage_header_list": ("usage_header_list", {}),
}
ZALO: Final[dict[str, Fault]] = {
    "send_failed_after_effect": ("effect_then_error", {"code": -200}),
    "unknown_code_after_effect": ("effect_then_error", {"code": -999}),
    "error_as_string": ("error_as_string", {}),
    "throttled": ("refuse", {"code": -32}),
    "throttled_429": ("refuse", {"code": -32, "status": 429, "retry_after": 7}),
    "token_dead": ("refuse", {"code": -216}),
    "token_expired": ("refuse", {"code": -220}),
    "token_always_dead": ("refuse", {"code": -216, "times": 0}),
    "quota_used_up": ("refuse", {"code": -211}),
    "handle_expired": ("refuse", {"code": -100}),
    "content_refused": ("refuse", {"code": -210}),
    "group_disabled": ("refuse", {"code": -237}),
    "no_right": ("refuse", {"code": -224}),
    "night": ("refuse", {"code": -234}),
}


@dataclass(frozen=True)
class Line:
    """A kind of channel: what can go wrong with it, and the remote call behind each of its operations."""

    rig: Callable[[Sandbox], Rig]
    faults: Mapping[str, Fault]
    calls: Mapping[str, str]
    """Operation → the call of the sandbox that the fault hits."""
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """Operation → the API of its call, where it is not the platform's own."""


LINES: Final[dict[str, Line]] = {
    "facebook_page": Line(
        facebook_rig,
        COMMON | GRAPH,
        {
            "send": "post_feed",
            "send_picture": "post_feed",
            "upload": "post_photo",
            "link": "get_post",
            "find_sent": "list_posts",
            "find_unsent": "list_posts",
            "shown": "list_posts",
            "edit": "edit_post",
            "delete": "delete_post",
            "find_edited": "get_post",
            "insights": "insights",
            "insights_counts": "get_post",
            "check": "get_page",
        },
    ),
    "zalo_group": Line(
        zalo_rig,
        COMMON | ZALO,
        {
            "send": "send_group_message",
            "send_picture": "send_group_message",
            "upload": "upload_image",
            "link": "get_group",
            "find_sent": "conversation",
            "find_unsent": "conversation",
            "shown": "conversation",
            "check": "get_group",
            "renew": "access_token",
        },
        {"renew": "zalo_oauth"},
    ),
}
NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "images": ("send_picture", "upload"),
    "edit": ("edit", "find_edited"),
    "delete": ("delete",),
    "read_back": ("find_sent", "find_unsent"),
    "listing": ("shown",),
    "insights": ("insights", "insights_counts"),
}
"""Capability → the operations whose cells it asks for. Sending and checking are asked of every kind."""


@dataclass(frozen=True)
class Cell:
    """One square of the table."""

    kind: str
    operation: str
    fault: str

    def __str__(self) -> str:
        return f"{self.kind}-{self.operation}-{self.fault}"

    def plan(self, rig: Rig, **options: Any) -> None:
        """Let the call behind the operation meet the fault."""
        line = LINES[self.kind]
        mode, own = line.faults[self.fault]
        api = line.elsewhere.get(self.operation, rig.api)
        rig.fault(mode, line.calls[self.operation], **{"api": api, "seconds": HOLD_SECONDS, **own, **options})


def cells() -> Iterator[Cell]:
    """The whole table."""
    for kind, line in LINES.items():
        for operation in line.calls:
            for fault in line.faults:
                yield Cell(kind, operation, fault)

"""Reading GMF groups: list, detail, members, quota; and the checks sending shares with them."""

from __future__ import annotations

import time
from typing import Any

from publishers.sandbox import world
from publishers.sandbox.remote import Remote
from publishers.sandbox.state import Group
from publishers.sandbox.wire import Request
from publishers.sandbox.zalo_errors import ZaloError

PRODUCTS = {"gmf10", "gmf50", "gmf100", "gmf1000"}
QUOTAS = {"sub_quota", "purchase_quota", "reward_quota"}
MAX_COUNT = 50


def own_group(remote: Remote, group_id: Any) -> Group:
    """The group of this id. Raises ZaloError -201 for a value that is no string, -403 if not ours."""
    if not isinstance(group_id, str) or not group_id:
        raise ZaloError(-201, "group_id")
    group = remote.state.groups.get(group_id)
    if group is None or not group.oa_member:
        raise ZaloError(-403)
    return group


def number(request: Request, name: str, default: int, maximum: int) -> int:
    """A query parameter that counts. Raises ZaloError -201 when it is no number, -210 above maximum."""
    text = request.query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ZaloError(-201, name)
    if int(text) > maximum:
        raise ZaloError(-210, name)
    return int(text)


def list_groups(remote: Remote, request: Request) -> dict[str, Any]:
    """A page of the groups this Official Account is in."""
    offset, count = number(request, "offset", 0, 10**9), number(request, "count", 5, MAX_COUNT)
    groups = [group for group in remote.state.groups.values() if group.oa_member]
    return {
        "groups": [_summary(remote, group) for group in groups[offset : offset + count]],
        "total": len(groups),
        "offset": offset,
        "count": count,
    }


def get_group(remote: Remote, request: Request) -> dict[str, Any]:
    """One group in detail."""
    group = own_group(remote, request.query.get("group_id"))
    return {
        "group_info": {
            **_summary(remote, group),
            "group_description": group.description,
            "max_member": "100",
            "auto_delete_date": "",
        },
        "asset_info": {
            "asset_type": "gmf100",
            "asset_id": group.asset_id,
            "valid_through": _valid_through(remote),
            "auto_renew": False,
        },
        "group_setting": {"lock_send_msg": True, "join_appr": True, "enable_msg_history": True},
    }


def list_members(remote: Remote, request: Request) -> dict[str, Any]:
    """A page of members; the demo world knows a few by name."""
    own_group(remote, request.query.get("group_id"))
    offset, count = number(request, "offset", 0, 10**9), number(request, "count", 5, MAX_COUNT)
    rows = [{"oa_id": world.ZALO_OA_ID, "name": world.ZALO_OA_NAME, "avatar": ""}]
    rows += [{"user_id": user_id, "name": name, "avatar": ""} for user_id, name in world.MEMBERS]
    return {"members": rows[offset : offset + count], "total": len(rows), "offset": offset, "count": count}


def quota(remote: Remote, request: Request) -> list[dict[str, Any]]:
    """The group packages the account holds, with the group each is used for."""
    body = request.json
    if not isinstance(body, dict) or body.get("quota_owner") != "OA":
        raise ZaloError(-201, "quota_owner")
    product, kind = body.get("product_type"), body.get("quota_type")
    if product not in PRODUCTS or kind not in QUOTAS:
        raise ZaloError(-201, "product_type, quota_type")
    if product != "gmf100" or kind != "sub_quota":
        return []
    return [
        {
            "product_type": product,
            "quota_type": kind,
            "asset_id": group.asset_id,
            "valid_through": _valid_through(remote),
            "auto_renew": False,
            "status": "used",
            "used_id": group.id,
        }
        for group in remote.state.groups.values()
    ]


def _summary(remote: Remote, group: Group) -> dict[str, Any]:
    return {
        "group_id": group.id,
        "name": group.name,
        "avatar": f"{remote.base_url}/avatar/{group.id}.png",
        "status": group.status,
        "total_member": group.total_member,
        "group_link": f"{remote.base_url}/zalo/{group.id}",
    }


def _valid_through(remote: Remote) -> str:
    return time.strftime("%d/%m/%Y", time.gmtime(remote.now() + 200 * 86_400))

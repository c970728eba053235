"""Everything somebody can try to do with a warning over HTTP, with the form a browser (or a forger) would send."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wagtail.models import TaskState

from cms.editorial import approval, withdrawal
from cms.editorial.declarations import content_hash
from scam_warnings.models import ScamWarningPage
from tests import factories
from tests.permissions.world import World

Action = Callable[[Client, World, str], HttpResponse]
ACTIONS: dict[str, Action] = {}
SIGN: Final = "review page: approve"
SIGN_LATER: Final = "review page: approve for a time"
WITHDRAW: Final = "withdrawal page: withdraw"


def action(name: str) -> Callable[[Action], Action]:
    """Register under ``name``."""

    def register(function: Action) -> Action:
        ACTIONS[name] = function
        return function

    return register


def in_three_days() -> str:
    """As a browser's field for a local time sends it."""
    when = timezone.localtime(timezone.now() + timedelta(days=3), ZoneInfo("Asia/Ho_Chi_Minh"))
    return when.strftime("%Y-%m-%dT%H:%M")


def shown(world: World, state: str) -> str:
    """The seal on the review page of the warning as it is now; of none that waits for approval nothing is sealed."""
    try:
        return approval.under_review(_task(world, state)).seal
    except approval.ApprovalRefused:
        return "0" * 64


def _form(world: World, state: str, **changes: Any) -> dict[str, Any]:
    # What the editor showed before anything happened, as the seal on the review page.
    form = world.forms.get(state) or factories.form_data(world.pages[state])
    return {**form, **changes}


def _edit(client: Client, world: World, state: str, **changes: Any) -> HttpResponse:
    address = reverse("wagtailadmin_pages:edit", args=[world.pages[state].pk])
    return client.post(address, _form(world, state, **changes))


def _simple(view: str, **data: Any) -> Action:
    def post(client: Client, world: World, state: str) -> HttpResponse:
        return client.post(reverse(view, args=[world.pages[state].pk]), data)

    return post


def _task(world: World, state: str) -> TaskState:
    """The round of approval the warning is in, else the one it was in last, else that of one that was returned."""
    now = ScamWarningPage.objects.get(pk=world.pages[state].pk).current_workflow_task_state
    return now or world.tasks.get(state) or world.tasks["returned"]


def _review(world: World, state: str) -> str:
    return reverse("editorial:review", args=[_task(world, state).pk])


@action("edit: save draft")
def _save(client: Client, world: World, state: str) -> HttpResponse:
    return _edit(client, world, state, summary="Lời khác.")


@action("edit: make urgent")
def _make_urgent(client: Client, world: World, state: str) -> HttpResponse:
    return _edit(client, world, state, severity="urgent")


@action("edit: submit")
def _submit_form(client: Client, world: World, state: str) -> HttpResponse:
    return _edit(client, world, state, **{"action-submit": "1"})


@action("edit: publish")
def _publish(client: Client, world: World, state: str) -> HttpResponse:
    # Nothing else in the form, so that only what the button does would show.
    return _edit(client, world, state, **{"action-publish": "1"})


@action("edit: schedule")
def _schedule(client: Client, world: World, state: str) -> HttpResponse:
    soon = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
    return _edit(client, world, state, **{"go_live_at": soon, "action-publish": "1"})


@action("edit: cancel workflow")
def _cancel(client: Client, world: World, state: str) -> HttpResponse:
    return _edit(client, world, state, **{"action-cancel-workflow": "1"})


@action("edit: approve as workflow action")
def _approve_in_form(client: Client, world: World, state: str) -> HttpResponse:
    names = {
        "action-workflow-action": "1",
        "workflow-action-name": "approve",
        "workflow-action-extra-data": "{}",
    }
    return _edit(client, world, state, **names)


@action("edit: revert and publish")
def _revert(client: Client, world: World, state: str) -> HttpResponse:
    old = str(world.revisions[state].pk)
    return _edit(client, world, state, **{"revision": old, "is_reverting": "1", "action-publish": "1"})


@action("submission page: submit")
def _submit(client: Client, world: World, state: str) -> HttpResponse:
    page = ScamWarningPage.objects.get(pk=world.pages[state].pk)
    data = {"seen": content_hash(page.get_latest_revision()), "not_secret": "on"}
    return client.post(reverse("editorial:submit", args=[page.pk]), data)


def _decide(client: Client, world: World, state: str, decision: str, **data: str) -> HttpResponse:
    seal = world.seals.get(state) or shown(world, state)
    form = {"decision": decision, "seal": seal, "not_secret": "on", **data}
    return client.post(_review(world, state), form)


@action(SIGN)
def _approve(client: Client, world: World, state: str) -> HttpResponse:
    return _decide(client, world, state, "approve")


@action(SIGN_LATER)
def _approve_later(client: Client, world: World, state: str) -> HttpResponse:
    return _decide(client, world, state, "approve", when="later", publish_at=in_three_days())


@action("review page: pass on")
def _pass_on(client: Client, world: World, state: str) -> HttpResponse:
    return _decide(client, world, state, "pass")


@action("review page: return")
def _return(client: Client, world: World, state: str) -> HttpResponse:
    return client.post(_review(world, state), {"decision": "return", "comment": "Sửa lại"})


@action("review page: reject")
def _reject(client: Client, world: World, state: str) -> HttpResponse:
    return client.post(_review(world, state), {"decision": "reject", "reason": "Không phù hợp"})


@action(WITHDRAW)
def _withdraw(client: Client, world: World, state: str) -> HttpResponse:
    page = ScamWarningPage.objects.get(pk=world.pages[state].pk)
    try:
        seal = withdrawal.draft(page, "Sai").seal
    except approval.ApprovalRefused:
        seal = "0" * 64
    data = {"note": "Sai", "seal": seal, "not_secret": "on"}
    return client.post(reverse("editorial:withdraw", args=[page.pk]), data)


def _workflow(name: str) -> Action:
    def post(client: Client, world: World, state: str) -> HttpResponse:
        task = _task(world, state)
        args = [world.pages[state].pk, name, task.pk]
        return client.post(reverse("wagtailadmin_pages:workflow_action", args=args), {"comment": "Trực tiếp"})

    return post


ACTIONS["direct POST: workflow approve"] = _workflow("approve")
ACTIONS["direct POST: workflow return"] = _workflow("reject")
ACTIONS["direct POST: unpublish"] = _simple("wagtailadmin_pages:unpublish")
ACTIONS["direct POST: delete"] = _simple("wagtailadmin_pages:delete")
ACTIONS["direct POST: convert alias"] = _simple("wagtailadmin_pages:convert_alias")
ACTIONS["direct POST: lock"] = _simple("wagtailadmin_pages:lock")
ACTIONS["direct POST: unlock"] = _simple("wagtailadmin_pages:unlock")
ACTIONS["direct POST: position"] = _simple("wagtailadmin_pages:set_page_position", position="0")
ACTIONS["direct POST: privacy"] = _simple("wagtailadmin_pages:set_privacy", restriction_type="login")


@action("direct POST: unschedule")
def _unschedule(client: Client, world: World, state: str) -> HttpResponse:
    args = [world.pages[state].pk, world.revisions[state].pk]
    return client.post(reverse("wagtailadmin_pages:revisions_unschedule", args=args))


@action("move")
def _move(client: Client, world: World, state: str) -> HttpResponse:
    home = world.index.get_parent()
    return client.post(reverse("wagtailadmin_pages:move_confirm", args=[world.pages[state].pk, home.pk]))


def _copy(**changes: str) -> Action:
    def post(client: Client, world: World, state: str) -> HttpResponse:
        data = {"new_title": "Bản sao", "new_slug": "ban-sao", "new_parent_page": world.index.pk, **changes}
        return client.post(reverse("wagtailadmin_pages:copy", args=[world.pages[state].pk]), data)

    return post


ACTIONS["copy"] = _copy()
ACTIONS["copy and publish"] = _copy(publish_copies="on")
ACTIONS["alias"] = _copy(alias="on", publish_copies="on")


def _bulk(kind: str) -> Action:
    def post(client: Client, world: World, state: str) -> HttpResponse:
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", kind])
        data = {"chooser": world.index.get_parent().pk, "move_applicable": "on", "include_descendants": "on"}
        return client.post(f"{address}?id={world.pages[state].pk}", data)

    return post


for _kind in ("publish", "unpublish", "move", "delete"):
    ACTIONS[f"bulk: {_kind}"] = _bulk(_kind)


def _api(name: str, **data: Any) -> Action:
    def post(client: Client, world: World, state: str) -> HttpResponse:
        sent = {
            "revision_id": world.revisions[state].pk,
            "destination_page_id": world.index.get_parent().pk,
            **data,
        }
        address = reverse("wagtailadmin_api:pages:action", args=[world.pages[state].pk, name])
        return client.post(address, json.dumps(sent), content_type="application/json")

    return post


for _name in (
    "convert_alias",
    "copy_for_translation",
    "create_alias",
    "delete",
    "move",
    "publish",
    "unpublish",
):
    ACTIONS[f"admin API: {_name}"] = _api(_name)
ACTIONS["admin API: copy"] = _api("copy", slug="ban-sao", keep_live=True, recursive=False)
ACTIONS["admin API: revert_to_page_revision"] = _api("revert_to_page_revision")

"""Every address of the resolver, with the objects of the ward in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.contrib.auth.models import Group
from django.core import signing
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.documents import get_document_model
from wagtail.models import Page, Site, Workflow
from wagtail.snippets.models import get_snippet_models

from cms.audit.models import Entry
from cms.editorial.models import FollowUp
from cms.editorial.stages import urgent
from cms.users import guard
from cms.users.models import Delegation
from media.models import WarningImage
from publishers.models import Delivery, Release
from scam_warnings.models import ScamWarningPage
from tests.permissions.world import STATES, World

BULK: Final = "wagtail_bulk_action"
PAGES: Final = (Page, ScamWarningPage)
OF_A_ROUND: Final = ("task_state_id", "workflow_state_id")
OF_A_RELEASE: Final = (Release, Delivery, FollowUp)
WORDS: Final = {
    "content_type_app_name": "scam_warnings",
    "content_type_model_name": "scamwarningpage",
    "app_label": "scam_warnings",
    "model_name": "scamwarningpage",
    "app_name": "scam_warnings",
    "action_name": "approve",
    "action": "delete",
    "filter_spec": "max-165x165",
    "kind": "csv",
    "revision_id_a": "earliest",
    "revision_id_b": "latest",
    "verb": "huy",
    "number": 2,
    "language": "vi",
    "name": "a",
    "block": 1,
    # Of files that were sent and not yet described, and of sign-in: none is under way.
    "uploaded_file_id": 1,
    "session_id": 1,
    "restriction_id": 1,
    "uidb64": "x",
    "uidb36": "x",
    "token": "x",
}
OTHER_WORDS: Final = {
    "wagtailadmin_tag_model_autocomplete": {"app_name": "taggit", "model_name": "tag"},
    "portal:share_picture": {"name": "0" * 16},
    "wagtailsettings:edit": {"model_name": "agencysettings"},
    "wagtailadmin_workflows:add_task": {"app_label": "editorial", "model_name": "approvaltask"},
}
OWN_ROWS: Final[dict[str, type[Model]]] = {
    "wagtailadmin_workflows": Workflow,
    "wagtailsites": Site,
    "wagtailusers_groups": Group,
    "wagtailsettings": Site,
    "wagtailadmin_api:images": WarningImage,
    "wagtailadmin_api:documents": get_document_model(),
}


@dataclass(frozen=True, slots=True)
class Address:
    """One view, and what stands in its address."""

    view: str
    arguments: tuple[str, ...]
    bulk: tuple[str, str, str] | None = None

    @property
    def name(self) -> str:
        """The row of the table."""
        if self.bulk:
            return "bulk " + " ".join(self.bulk)
        return f"{self.view} ({', '.join(self.arguments)})" if self.arguments else self.view

    @property
    def models(self) -> set[type[Model]]:
        """Of the objects in it that belong to a unit."""
        found = (guard._found(self.view, argument) for argument in self.arguments)
        return {rows[0][0]().model for rows in found if rows}

    @property
    def is_of_a_warning(self) -> bool:
        """Whether its answer depends on how a warning stands."""
        return (
            bool(self.models & {*PAGES, *OF_A_RELEASE})
            or bool({*self.arguments} & {*OF_A_ROUND, "code"})
            or ("slug" in self.arguments and not self.view.startswith("content:"))
            or (self.bulk is not None and self.bulk[1] == "page")
        )

    def states(self, world: World) -> tuple[str, ...]:
        """Those for which there is such an object."""
        if self.models & {*OF_A_RELEASE}:
            follows = FollowUp in self.models
            return tuple(
                state
                for state, release in world.releases.items()
                if not follows or hasattr(release, "follow_up")
            )
        if {*self.arguments} & {*OF_A_ROUND, "task_id"} and self.view.startswith(
            ("editorial", "wagtailadmin_pages")
        ):
            return tuple(state for state in STATES if state in world.tasks)
        return STATES if self.is_of_a_warning else ("waiting",)

    def path(self, world: World, state: str) -> str:
        """With the warning in ``state``, or with another thing of the ward."""
        if self.bulk:
            return f"{reverse(BULK, args=self.bulk)}?id={_bulk_object(world, self.bulk, state)}"
        fixed = _FIXED.get(self.view)
        if fixed is not None:
            return fixed(world, state)
        if not self.view:
            return f"/{self.arguments[0]}"
        values = {name: _value(world, self.view, name, state) for name in self.arguments}
        return reverse(self.view, kwargs=values)


@cache
def addresses() -> tuple[Address, ...]:
    """All of them, once each."""
    found: dict[str, Address] = {}
    for view, arguments in _views(get_resolver(), (), ()):
        made = (
            [Address(view, (), names) for names in _bulk_actions()]
            if view == BULK
            else [Address(view, arguments)]
        )
        found |= {address.name: address for address in made}
    return tuple(found.values())


def _views(
    resolver: URLResolver, namespaces: tuple[str, ...], outer: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in resolver.url_patterns:
        arguments = outer + tuple(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            # Without a name: what answers for addresses nobody else answers for.
            if pattern.name:
                yield ":".join((*namespaces, pattern.name)), arguments
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _views(pattern, inner, arguments)


def _bulk_actions() -> Iterator[tuple[str, str, str]]:
    bulk_action_registry._scan_for_bulk_actions()
    for app, models in sorted(bulk_action_registry.actions.items()):
        for model, actions in sorted(models.items()):
            yield from ((app, model, action) for action in sorted(actions))


def _bulk_object(world: World, bulk: tuple[str, str, str], state: str) -> int:
    app, model, _action = bulk
    if model == "page":
        return int(world.pages[state].pk)
    kind = apps.get_model(app, model)
    return int((world.objects.get(kind) or kind._default_manager.earliest("pk")).pk)


def _value(world: World, view: str, argument: str, state: str) -> Any:
    namespace = view.rpartition(":")[0]
    rows = guard._found(view, argument)
    model = rows[0][0]().model if rows else OWN_ROWS.get(namespace) if argument == "pk" else None
    if model is not None:
        return _row(world, model, argument, state, view)
    if argument == "pk":
        return _other_row(world, namespace, view)
    task = world.tasks.get(state) or world.tasks["waiting"]
    known = {
        "task_state_id": task.pk,
        "workflow_state_id": task.workflow_state_id,
        "task_id": task.task_id,
        "revision_id": world.revisions[state].pk,
        "object_id": world.pages[state].pk,
        "page_pk": world.pages[state].pk,
        "workflow_pk": Workflow.objects.earliest("pk").pk,
        "delegation_id": Delegation.objects.latest("pk").pk,
        "slug": world.pages[state].slug,
        "key": "gia-danh-co-quan-thue",
        "code": world.pages[state].code,
    }
    if view == "editorial:urgent_link":
        return signing.dumps(task.pk, salt=urgent.SALT)
    if argument == "code" and view != "portal:short":
        return world.pages[state].code.lower()
    words = WORDS | OTHER_WORDS.get(view, {})
    return known.get(argument) or words[argument]


def _row(world: World, model: type[Model], argument: str, state: str, view: str) -> Any:
    if model in PAGES:
        below = argument == "destination_id" or (argument == "parent_page_id" and "add" in view)
        return world.index.pk if below else world.pages[state].pk
    release = world.releases.get(state) or world.releases["published"]
    if model is Release:
        return release.pk
    if model is Delivery:
        return release.deliveries.latest("pk").pk
    if model is FollowUp:
        return release.follow_up.pk
    return world.objects[model].pk if model in world.objects else model._default_manager.earliest("pk").pk


def _other_row(world: World, namespace: str, view: str) -> Any:
    for snippet in get_snippet_models():
        if namespace.endswith(f"_{snippet._meta.app_label}_{snippet._meta.model_name}"):
            return snippet._default_manager.earliest("pk").pk
    if view == "audit:entry":
        return Entry.objects.latest("pk").pk
    if view == "mfa_remove_webauthn" or namespace == "assisted":
        return 1
    raise LookupError(f"What stands in {view} for the key?")


_FIXED: Final[dict[str, Any]] = {
    "account_reset_password_from_key": lambda world, state: "/admin/password_reset/dat-lai/x-y/",
    "upload": lambda world, state: world.images[state].file.url,
    "wagtaildocs_serve": lambda world, state: world.document.url,
    "wagtail_serve": lambda world, state: "/canh-bao-cu/",
}

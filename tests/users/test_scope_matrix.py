"""Every address of the admin × every role, with an object of a foreign unit: a refusal, and no trace of its text.

The addresses come from the resolver, so a new view is here the moment it is registered: it is guarded
(``reach.py`` of its app), or it stands among the exceptions below with its reason. KENG_WHOLE_MATRIX=1 tries every
address with every role.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from zlib import crc32

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from wagtail.models import Page

import pytest

from cms.users import guard
from cms.users.enums import UnitKind
from cms.users.roles import Role
from scam_warnings.models import WarningIndexPage
from tests import factories
from tests.permissions.unrendered import WHOLE
from tests.users import estate

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

OWN, FOREIGN = "sonduong", "hailinh"

# Arguments that are words or places of their own, never an object of a unit.
WORDS = {
    "content_type_app_name": "scam_warnings",
    "content_type_model_name": "scamwarningpage",
    "action_name": "approve",
    "filter_spec": "max-100x100",
    "kind": "csv",
    "revision_id_a": "earliest",
    "revision_id_b": "latest",
    "app_label": "scam_warnings",
    "model_name": "scamwarningpage",
    "app_name": "taggit",
    "action": "delete",
    "verb": "huy",
    "uidb64": "x",
    "token": "x",
}
# Settings and parts of the installation, not of a unit: Wagtail's and our province-wide permissions guard them.
OF_THE_PROVINCE = (
    "wagtailadmin_workflows:",
    "wagtailsites:",
    "wagtailusers_groups:",
    "wagtailsettings:",
    "wagtailsnippets_",
    "wagtailsnippetchoosers_",
    "wagtailadmin_password_reset_confirm",
)
# Judged by their own view, which looks at the warning or the person behind the number.
BY_THE_VIEW = (
    "editorial:review",
    "editorial:urgent_",
    "users:delegation",
    # Only for those who read the whole log.
    "audit:entry",
    # Of the own account.
    "account_reset_password_from_key",
    "mfa_remove_webauthn",
    "wagtailadmin_editing_sessions:",
    "wagtailimages:create_multiple_from_uploaded_image",
    "wagtailimages:delete_upload_multiple",
    "wagtaildocs:create_multiple_from_uploaded_document",
    "wagtaildocs:delete_upload_multiple",
)
REFUSED = {302, 400, 403, 404, 405}


def addresses() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and arguments of every admin view that takes some."""
    seen = set()
    for pattern, path, names in _walk(get_resolver(), "", ()):
        if not path.startswith("admin/") or not pattern.name:
            continue
        arguments = tuple(pattern.pattern.regex.groupindex)
        for resolver_arguments in names[1]:
            arguments = (*resolver_arguments, *arguments)
        view = ":".join((*names[0], pattern.name))
        if arguments and (view, arguments) not in seen:
            seen.add((view, arguments))
            yield view, arguments


def _walk(
    resolver: URLResolver, path: str, namespaces: tuple[str, ...], arguments: tuple[Any, ...] = ()
) -> Any:
    for pattern in resolver.url_patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield pattern, here, (namespaces, arguments)
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern, here, inner, (*arguments, tuple(pattern.pattern.regex.groupindex)))


def test_every_address_with_an_object_is_guarded():
    open_ones = [
        f"{view} {argument}"
        for view, arguments in addresses()
        if not view.startswith((*OF_THE_PROVINCE, *BY_THE_VIEW)) and view != "wagtail_bulk_action"
        for argument in arguments
        if argument not in WORDS
        and not guard.is_province_only(view)
        and not any(guard.guards(view, name) for name in arguments)
    ]
    assert not open_ones, "\n".join(open_ones)


@pytest.fixture
def estates(tree):
    chief = factories.user("chief", Role.ADMINISTRATOR)
    own = estate.build(tree.ward, OWN, chief)
    return own, estate.build(tree.other_ward, FOREIGN, chief)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def foreign_address(view: str, arguments: tuple[str, ...], foreign: estate.Estate) -> str | None:
    values: dict[str, Any] = {}
    for argument in arguments:
        found = guard._found(view, argument)
        if found:
            values[argument] = foreign.of(found[0][0]().model).pk
        else:
            values[argument] = WORDS.get(argument, foreign.waiting.pk)
    if view == "wagtailadmin_pages:add":
        values["parent_page_id"] = foreign.draft.pk
    return reverse(view, kwargs=values)


def test_a_foreign_object_leaves_no_trace(estates):
    own, foreign = estates
    wrong = []
    for role in Role:
        wrong += [f"{role.value}: {found}" for found in traces(signed_in(own.people[role]), role, foreign)]
    assert not wrong, "\n".join(wrong)


def tried(view: str, role: Role) -> bool:
    """Whether ``role`` asks for ``view`` in this run: in an ordinary one each view is asked for by one of them."""
    return WHOLE or crc32(view.encode()) % len(Role) == list(Role).index(role)


def traces(client: Client, role: Role, foreign: estate.Estate) -> list[str]:
    wrong = []
    for view, arguments in addresses():
        if view.startswith(OF_THE_PROVINCE) or not tried(view, role):
            continue
        address = foreign_address(view, arguments, foreign)
        if view == "wagtail_bulk_action":
            continue
        for send in (client.get, client.post):
            answer = send(address)
            body = b"" if answer.streaming else answer.content
            if FOREIGN.encode() in body:
                wrong.append(f"{view} {send.__name__}: shows it")
            elif answer.status_code not in REFUSED and any(guard.guards(view, name) for name in arguments):
                wrong.append(f"{view} {send.__name__}: {answer.status_code}")
    return wrong


def test_bulk_actions_touch_no_foreign_object(estates):
    own, foreign = estates
    for role in Role:
        refuse_bulk(signed_in(own.people[role]), foreign)


def refuse_bulk(client: Client, foreign: estate.Estate) -> None:
    page, image = foreign.draft.pk, foreign.objects[estate.WarningImage].pk
    for names, pk in (
        (("wagtailcore", "page", "delete"), page),
        (("wagtailcore", "page", "move"), page),
        (("wagtailimages", "image", "delete"), image),
        (("media", "warningimage", "delete"), image),
        (("media", "warningimage", "add_to_collection"), image),
        (("users", "user", "assign_role"), foreign.people[Role.EDITOR].pk),
    ):
        for query in (f"id={pk}", "id=all", f"id=all&childOf={WarningIndexPage.objects.get().pk}"):
            for send in (client.get, client.post):
                answer = send(f"{reverse('wagtail_bulk_action', args=names)}?{query}")
                assert answer.status_code in REFUSED, (names, query)
                assert FOREIGN.encode() not in answer.content
    assert Page.objects.filter(pk=page).exists()


LISTS = [
    ("wagtailadmin_home", [], {}),
    ("wagtailadmin_explore_root", [], {}),
    ("wagtailadmin_pages:search", [], {"q": "{mark}"}),
    ("wagtailadmin_pages:search", [], {"q": "Bản nháp"}),
    ("wagtailadmin_choose_page", [], {}),
    ("wagtailadmin_choose_page_search", [], {"q": "{mark}"}),
    ("wagtailadmin_pages:type_use", ["scam_warnings", "scamwarningpage"], {}),
    ("wagtailadmin_reports:locked_pages", [], {}),
    ("wagtailadmin_reports:workflow", [], {}),
    ("wagtailadmin_reports:workflow_tasks", [], {}),
    ("wagtailadmin_reports:site_history", [], {}),
    ("wagtailadmin_reports:aging_pages", [], {}),
    ("wagtailadmin_reports:page_types_usage", [], {}),
    ("wagtailadmin_pages:type_use", ["scam_warnings", "scamwarningpage"], {}),
    ("wagtailadmin_api:pages:listing", [], {"type": "scam_warnings.ScamWarningPage"}),
    ("wagtailadmin_api:images:listing", [], {}),
    ("wagtailimages:index", [], {}),
    ("wagtailimages:index", [], {"q": "{mark}"}),
    ("wagtailimages_chooser:choose", [], {}),
    ("wagtailimages_chooser:choose_results", [], {"q": "{mark}"}),
    ("wagtaildocs:index", [], {}),
    ("wagtaildocs_chooser:choose", [], {}),
    ("publishers_channels:index", [], {}),
    ("publishers_channels:index", [], {"q": "{mark}"}),
    ("publishers_accounts:index", [], {}),
    ("publishers_operators:index", [], {}),
    ("publishers:releases", [], {}),
    ("publishers:deliveries", [], {"reference": "{mark}"}),
    ("publishers:deliveries", [], {}),
    ("publishers:health", [], {"all": "1"}),
    ("publishers_channels:add", [], {}),
    ("publishers_operators:add", [], {}),
    ("wagtailusers_users:index", [], {}),
    ("wagtailusers_users:index", [], {"q": "{mark}"}),
    ("users_units:index", [], {}),
    ("information_pages:index", [], {}),
    ("information_laws:index", [], {}),
    ("users:requests", [], {}),
    ("wagtailadmin_collections:index", [], {}),
    ("editorial:calendar", [], {}),
    ("tips:inbox", [], {}),
    ("tips:inbox", [], {"words": "{mark}"}),
    ("tips:groups", [], {}),
    ("signin:invite", [], {}),
    ("audit:index", [], {}),
    ("audit:index", [], {"words": "{mark}"}),
    ("audit:results", [], {}),
    ("audit:index", [], {"export": "csv"}),
]


def shown(client: Client, mark: str, views: Sequence[str] = ("",)) -> dict[str, str]:
    """The body of every list whose name begins like one of ``views``, asked for with the word that marks a unit's
    objects."""
    bodies = {}
    index = WarningIndexPage.objects.get().pk
    more = [
        ("wagtailadmin_explore", [index], {}),
        ("wagtailadmin_choose_page_child", [index], {}),
        ("wagtailadmin_pages:add", ["scam_warnings", "scamwarningpage", index], {}),
    ]
    for view, args, query in [*LISTS, *more]:
        if not f"{view} {query}".startswith(tuple(views)):
            continue
        asked = {key: value.format(mark=mark) for key, value in query.items()}
        answer = client.get(reverse(view, args=args), asked)
        text = (answer.getvalue() if answer.streaming else answer.content).decode()
        # What was typed into a search box comes back in it, and in links to other searches.
        for noise in (
            f'value="{mark}"',
            f"q={mark}",
            f"reference={mark}",
            f"“{mark}”",
            f'"{mark}"',
            f"'{mark}'",
        ):
            text = text.replace(noise, "")
        bodies[f"{view} {query}"] = text
    return bodies


def test_lists_searches_and_choosers_show_nothing_foreign(estates):
    own, _foreign = estates
    leaks = [
        f"{role.value}: {view}"
        for role in Role
        for view, body in shown(signed_in(own.people[role]), FOREIGN).items()
        if f" {FOREIGN}" in body or f"{FOREIGN}-" in body
    ]
    assert not leaks, "\n".join(leaks)


SEES = {
    Role.EDITOR: [
        "editorial:calendar {}",
        "wagtailadmin_home {}",
        "wagtailadmin_explore ",
        "wagtailadmin_pages:search {'q': '{mark}'}",
        "wagtailadmin_choose_page_child ",
        "wagtailimages_chooser:choose {}",
        "publishers_channels:index {}",
        "publishers:releases {}",
        "publishers:deliveries {}",
        "wagtailadmin_pages:add {}",
        "tips:inbox {}",
    ],
    Role.APPROVER: ["wagtailadmin_home {}", "publishers:releases {}"],
    Role.REVIEWER: ["publishers:releases {}", "editorial:calendar {}"],
    Role.PUBLISHER: ["publishers:releases {}", "publishers:deliveries {}", "publishers_channels:index {}"],
    Role.ADMINISTRATOR: [
        "publishers_channels:index {}",
        "publishers_accounts:index {}",
        "publishers_operators:index {}",
        "publishers:health {'all': '1'}",
        "wagtailusers_users:index {}",
        "users:requests {}",
        "signin:invite {}",
    ],
}


def test_ones_own_and_what_is_below_shows(estates):
    own, _foreign = estates
    missing = []
    for role in Role:
        below = shown(signed_in(own.people[role]), OWN, SEES[role])
        above = shown(signed_in(factories.user(f"above-{role.value}", role)), FOREIGN, SEES[role])
        for view in SEES[role]:
            hits = [name for name in below if name.startswith(view)]
            assert hits, view
            if not any(OWN in below[name] for name in hits):
                missing.append(f"{role.value}: own, {view}")
            if not any(FOREIGN in above[name] for name in hits):
                missing.append(f"{role.value}: from above, {view}")
    assert not missing, "\n".join(missing)


def test_a_unit_between_sees_its_own_subtree(tree):
    chief = factories.user("chief", Role.ADMINISTRATOR)
    estate.build(tree.division, OWN, chief)
    estate.build(tree.ward, FOREIGN, chief)
    client = signed_in(factories.user("giamdoc", Role.EDITOR, unit=tree.department))
    body = client.get(
        reverse("wagtailadmin_explore", args=[WarningIndexPage.objects.get().pk])
    ).content.decode()
    assert OWN in body
    assert FOREIGN not in body


def test_the_number_of_queries_does_not_grow_with_the_units(tree):
    chief = factories.user("chief", Role.ADMINISTRATOR)
    estate.build(tree.ward, OWN, chief)
    person = factories.user("giamdoc", Role.EDITOR, Role.PUBLISHER, unit=tree.department)
    index = WarningIndexPage.objects.get().pk
    views = [reverse("wagtailadmin_explore", args=[index]), reverse("publishers:deliveries")]

    def counted() -> list[int]:
        counts = []
        for view in views:
            client = signed_in(person)
            client.get(view)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(view).status_code == 200
            counts.append(len(queries))
        return counts

    before = counted()
    for number in range(30):
        unit = factories.unit(f"Phòng số {number}", UnitKind.DIVISION, tree.department)
        factories.channel("zalo_group", f"Nhóm {number}", str(number), unit=unit)
    assert counted() == before

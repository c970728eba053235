"""Every address × everybody × the state of the warning behind it: who gets in, and a “no” says nothing.

The addresses come from the resolver: a new one has no row in the tables, and fails until somebody reviews one.

An ordinary run opens the addresses as four people, with one state of the warning behind them, and sends no forms;
six of the seven vocabularies share one class. KENG_WHOLE_MATRIX=1 leaves out nothing.
"""

from collections.abc import Iterator
from http.cookies import SimpleCookie

from django.http import HttpResponse
from django.test import Client

import pytest

from tests.permissions import grid
from tests.permissions.addresses import BULK, Address, addresses
from tests.permissions.answers import LEGEND, REFUSALS, letter, names, said
from tests.permissions.conftest import taken_back
from tests.permissions.forms import form_at
from tests.permissions.unrendered import WHOLE, drawn
from tests.permissions.world import MARK, PEOPLE, World
from tests.permissions.writes import watched

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quiet", "unrendered")]

OPENED = f"""
What an address answers when it is opened (GET).
{LEGEND.strip()}
{grid.STATES_LINE}
"""
SENT = f"""
What an address answers to a form (POST): the one it shows to the first of these people who may open it, else none.
Warnings are drafts, or wait for approval where the address is about that; what is sent with them stands in actions-*.
{LEGEND.strip()}
D  something is another afterwards
"""
ALWAYS = ("anonymous", "author", "publisher", "foreign")
# The other two are like the author, or add up what these may.
SENDERS = (
    "anonymous",
    "author",
    "reviewer",
    "approver",
    "publisher",
    "administrator",
    "foreign",
    "superuser",
)
SENT_IN = ("draft", "waiting", "published")
"""The first of these states in which there is such an object."""
VOCABULARIES = (
    "scam_warnings_audience",
    "scam_warnings_contentcategory",
    "scam_warnings_hotline",
    "scam_warnings_officialsource",
    "scam_warnings_scamtypegroup",
    "scam_warnings_sourcekind",
)
ASKED_FIRST = ("superuser", "administrator", "approver", "reviewer", "author", "publisher")
# These end the session of whoever asks; the last says how the machine is, and has tests of its own.
ENDS = ("account_logout", "wagtailadmin_logout", "wagtailadmin_error_test", "readyz")

# Whoever writes in the unit learns by name that a warning does not wait for a call any more.
TOLD = {("editorial:urgent_call", name) for name in ("author", "editor", "both", "superuser")}


def rows(world: World) -> Iterator[tuple[str, Address, str]]:
    """Every row there is: its name, the address, the state of the warning behind it."""
    for address in addresses():
        if address.view in ENDS:
            continue
        for state in address.states(world):
            named = grid.in_state(address.name, state) if address.is_of_a_warning else address.name
            yield named, address, state


def tried(address: Address, state: str) -> bool:
    """Whether this run asks for it."""
    if WHOLE:
        return True
    if any(name in address.view for name in VOCABULARIES):
        return False
    return not address.is_of_a_warning or state in ("waiting", "published")


def people() -> tuple[str, ...]:
    """Who asks in this run."""
    return PEOPLE if WHOLE else ALWAYS


def test_every_address_has_a_reviewed_row(world):
    there = {row: address.name for row, address, _state in rows(world)}
    opened, sent = set(grid.read("addresses-get")), set(grid.read("addresses-post"))
    assert there.keys() <= opened
    assert {*there.values()} <= sent
    # None of an address that is gone.
    assert opened <= there.keys()
    assert sent <= {address.name for address in addresses()}


def test_every_address_opened_by_everybody(world):
    found: grid.Table = {}
    wrong: list[str] = []
    clients = {name: world.client(name) for name in people()}
    for row, address, state in rows(world):
        if not tried(address, state):
            continue
        path = address.path(world, state)
        for name, client in clients.items():
            with taken_back(), watched() as written:
                answer = client.get(path)
                text = said(answer)
            found.setdefault(row, {})[name] = letter(answer)
            if (address.view, name) not in TOLD:
                wrong += [f"{name}: {row}: {fault}" for fault in faults(answer, text, path)]
            if written.tables:
                wrong.append(f"{name}: {row}: GET wrote {written.tables}")
    wrong += grid.differences("addresses-get", found, OPENED)
    assert not wrong, "\n".join(wrong)


def faults(answer: HttpResponse, text: str, path: str) -> list[str]:
    """What is wrong with an answer, whoever asked."""
    said_no = letter(answer)
    if said_no == "!":
        return [f"answers {answer.status_code}"]
    if said_no in REFUSALS and names(text, MARK, path):
        return [f"a refusal names it ({said_no})"]
    return []


@pytest.mark.skipif(not WHOLE, reason="KENG_WHOLE_MATRIX=1 sends the forms")
def test_every_address_gets_a_form_from_everybody(world):
    found: grid.Table = {}
    wrong: list[str] = []
    clients = {name: world.client(name) for name in SENDERS}
    cookies = {name: client.cookies.output(header="", sep=";") for name, client in clients.items()}
    askers = [world.client(name) for name in ASKED_FIRST]
    for address in addresses():
        states = address.states(world)
        state = next(name for name in SENT_IN if name in states)
        if address.view in ENDS:
            continue
        path = address.path(world, state)
        row = grid.in_state(address.name, state) if address.is_of_a_warning else address.name
        with taken_back(), drawn():
            shown = (form_at(client, path) for client in askers)
            form = next((form for form in shown if form is not None), {})
        for name, client in clients.items():
            with taken_back(), watched() as written:
                answer = client.post(path, form)
                text = said(answer)
            # A form that signs out or changes the password has not happened; the browser must not believe it.
            client.cookies = SimpleCookie(cookies[name])
            found.setdefault(address.name, {})[name] = "D" if written.tables else letter(answer)
            wrong += [f"{name}: {row}: {fault}" for fault in faults(answer, text, path)]
    wrong += grid.differences("addresses-post", found, SENT)
    assert not wrong, "\n".join(wrong)


# Nothing that a cookie proves: the signed token in the address, or the platform's signature, is the authority.
WITHOUT_A_COOKIE = (
    "leaving:",
    "assisted:",
    "platform_events:",
    "tips_public:",
    "subscriptions_public:",
    "english_tips_public:",
    "english_subscriptions_public:",
    "portal:verify",
    "portal:english_verify",
)


def test_no_form_is_taken_from_a_foreign_site(world):
    """Without a token, every address that would act refuses before it looks at anything."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(world.people["superuser"])
    open_ones = []
    for address in addresses():
        if address.view.startswith(WITHOUT_A_COOKIE) or address.view in ENDS:
            continue
        state = address.states(world)[0]
        with taken_back():
            answer = client.post(address.path(world, state), {})
        if answer.status_code != 403:
            open_ones.append(f"{address.name}: {answer.status_code}")
    assert not open_ones, "\n".join(open_ones)


def test_bulk_actions_are_all_there():
    assert any(address.view == BULK for address in addresses())

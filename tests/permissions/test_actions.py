"""Every action × everybody × every state, over HTTP, with a real form: what happened, not what was answered."""

from django.test import Client

import pytest

from scam_warnings.models import ScamWarningPage
from tests import factories
from tests.permissions import grid
from tests.permissions.actions import ACTIONS, SIGN, SIGN_LATER, WITHDRAW, shown
from tests.permissions.afterwards import PUBLISH_NOW, SET_TIME
from tests.permissions.conftest import taken_back
from tests.permissions.standing import PUBLISH_FOR, SIGN_FOR, STANDING
from tests.permissions.state import State, is_public_by_it, state_of
from tests.permissions.unrendered import WHOLE
from tests.permissions.world import HELD, MARK, ON_THE_GROUP, PEOPLE, STATES, World
from tests.permissions.writes import watched

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quiet", "unrendered")]

LEGEND = """
What each action does to a warning in this state.
D done: something of the warning, of the page tree or of what is public is another    - nothing happened
"""
RULES_LEGEND = """
What each attempt does to the rules of who decides: delegations, and the stages of approval of a unit.
D done: a delegation or an entry is there, ended, confirmed or another    - nothing happened
"""
DECIDE = ("approver", "both")
UNTOUCHED = ("editor", "reviewer", "approver", "publisher", "administrator")
"""Of the ward, and had no hand in the warnings: they may stand in for the approver."""
SIGNING: dict[str, set[tuple[str, str]]] = {
    # Only the approver who wrote none of it signs.
    **{
        state: {(SIGN, "approver"), (SIGN_LATER, "approver"), *((SIGN_FOR, name) for name in people)}
        for state, people in (
            ("waiting", UNTOUCHED),
            # Whoever reviewed it does not stand in for who approves it.
            ("passed", [name for name in UNTOUCHED if name != "reviewer"]),
        )
    },
    # Whoever decides in the unit withdraws what is out.
    **{state: {(WITHDRAW, name) for name in DECIDE} for state in ON_THE_GROUP[:2]},
    # Whoever approves or publishes and wrote none of it answers for the time of what was signed.
    **{
        state: {
            *((what, name) for what in (PUBLISH_NOW, SET_TIME) for name in ("approver", "publisher")),
            *((PUBLISH_FOR, name) for name in UNTOUCHED),
        }
        for state in HELD
    },
}
ALWAYS = {
    "draft": ("author",),
    "reviewing": ("reviewer",),
    "passed": ("approver",),
    "waiting": ("author", "approver", "both", "superuser"),
    "returned": ("editor",),
    "rejected": ("author",),
    "scheduled": ("approver", "publisher", "administrator", "both"),
    "missed": ("both",),
    "published": ("author", "approver", "both"),
    "corrected": ("approver",),
    "withdrawn": ("publisher",),
}
"""Who tries in an ordinary run: where rights begin or end in a state."""


def attempt(client: Client, world: World, name: str, state: str, before: State) -> tuple[str, bool, str]:
    """What happened, whether it touched what is public, and what is wrong about the answer."""
    with taken_back():
        with watched() as written:
            answer = ACTIONS[name](client, world, state)
        # Asking costs more than refusing.
        after = state_of(world, state) if written.tables else before
    wrong = "500" if answer.status_code == 500 else ""
    if answer.status_code in (302, 403, 404) and MARK.encode() in answer.content:
        wrong = "a refusal names it"
    return "D" if before != after else "-", is_public_by_it(before, after), wrong


def people_in(state: str) -> tuple[str, ...]:
    """Who tries in this run."""
    return PEOPLE if WHOLE else ALWAYS[state]


@pytest.mark.parametrize("state", STATES)
def test_every_action_of_everybody(world, state):
    found: dict[str, dict[str, str]] = {}
    wrong, public = [], []
    clients = {name: world.client(name) for name in people_in(state)}
    before = state_of(world, state)
    with world.showing(state, shown(world, state), factories.form_data(world.pages[state])):
        for action in ACTIONS:
            for name, client in clients.items():
                what, is_public, fault = attempt(client, world, action, state, before)
                found.setdefault(action, {})[name] = what
                if fault:
                    wrong.append(f"{action}, {name}: {fault}")
                if is_public:
                    public.append((action, name))
    assert state_of(world, state) == before
    wrong += grid.differences(f"actions-{state}", found, LEGEND)
    assert {*public} <= SIGNING.get(state, set())
    assert not wrong, "\n".join(wrong)


def test_who_says_who_decides_and_through_which_stages(world):
    found: dict[str, dict[str, str]] = {}
    faults = []
    before = state_of(world, "waiting")
    for name in PEOPLE:
        client = world.client(name)
        for what, attempt_it in STANDING.items():
            with taken_back():
                answer = attempt_it(client, world, name)
                after = state_of(world, "waiting")
            found.setdefault(what, {})[name] = "D" if before != after else "-"
            if answer.status_code >= 500 or (
                answer.status_code in (302, 403, 404) and MARK.encode() in answer.content
            ):
                faults.append(f"{what}, {name}: {answer.status_code}")
    faults += grid.differences("actions-rules", found, RULES_LEGEND)
    assert not faults, "\n".join(faults)


def test_nobody_who_wrote_a_warning_approves_it_by_any_route(world):
    routes = 0
    people = ("both", "author", "superuser") if WHOLE else ("both",)
    states = ("waiting", "draft") if WHOLE else ("waiting",)
    for state in states:
        before = state_of(world, state)
        for name in people:
            client = world.client(name)
            for action in ACTIONS:
                routes += 1
                with taken_back():
                    if state != "waiting" and name in ("both", "author"):
                        ACTIONS["submission page: submit"](client, world, state)
                    ACTIONS[action](client, world, state)
                    if ScamWarningPage.objects.filter(pk=world.pages[state].pk).exists():
                        ACTIONS[SIGN](client, world, state)
                    after = state_of(world, state)
                if action != WITHDRAW:
                    assert not is_public_by_it(before, after), (state, name, action)
    assert routes == len(states) * len(people) * len(ACTIONS)

"""Ten workers and one single-use renewal code: one call, one pair; after a lost reply nobody uses it again."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

import pytest

from publishers.adapters.zalo_group import oauth
from publishers.connect import endpoint_for
from publishers.contracts import AuthExpired, PublishError
from publishers.credentials import CredentialHandle, enter, store
from publishers.models import Channel, Credential
from publishers.sandbox import world
from publishers.services import check_channel

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 10
STARTUP = 8.0
SEEDED = {
    "app_id": world.ZALO_APP_ID,
    "secret_key": world.ZALO_SECRET_KEY,
    "access_token": world.ZALO_ACCESS_TOKEN,
    "refresh_token": world.ZALO_REFRESH_TOKEN,
}


@pytest.fixture
def account(sandbox, live_db) -> Credential:
    made = Credential(label="Zalo tỉnh", kind="zalo_oa")
    store(made, SEEDED)
    return made


def renew(account: Credential) -> str:
    endpoint = endpoint_for("zalo_oa")
    handle = CredentialHandle(account.pk)
    try:
        pair = handle.rotate(lambda secrets: oauth.refresh(secrets, endpoint), stale=world.ZALO_ACCESS_TOKEN)
    except PublishError as error:
        return f"{type(error).__name__}: {error.code}"
    return pair["access_token"]


def together(*actions: Callable[[], object]) -> list[object]:
    """What ``actions`` returned, begun at the same moment in threads of their own."""
    started, results = threading.Barrier(len(actions)), []

    def act(action: Callable[[], object]) -> None:
        try:
            started.wait(30)
            results.append(action())
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def processes(account: Credential, sandbox, count: int) -> list[str]:
    """What so many processes got that all took the seeded token for dead at the same moment."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "warnings"), os.environ.get("PYTHONPATH", ""))),
        "PYTEST_XDIST_WORKER": "",
        "TEST_DATABASE_NAME": str(connection.settings_dict["NAME"]),
        "ZALO_OAUTH_URL": sandbox.zalo_oauth_url,
        "ZALO_OPENAPI_URL": sandbox.zalo_openapi_url,
        "PUBLISH_CONNECT_TIMEOUT": "5",
        "PUBLISH_READ_TIMEOUT": "10",
        "LOG_LEVEL": "ERROR",
    }
    begin = str(time.time() + STARTUP)
    command = [sys.executable, "-m", "tests.connecting.renewing_process", str(account.pk)]
    command += [world.ZALO_ACCESS_TOKEN, begin]
    running = [
        subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) for _ in range(count)
    ]
    try:
        return [process.communicate(timeout=120)[0].strip() for process in running]
    finally:
        for process in running:
            process.kill()


def test_of_ten_threads_one_asks_zalo_and_all_get_its_pair(account, sandbox):
    got = together(*[lambda: renew(account)] * WORKERS)
    assert len(sandbox.requests("access_token")) == 1
    assert len(got) == WORKERS
    assert set(got) == {CredentialHandle(account.pk).read()["access_token"]}
    account.refresh_from_db()
    assert account.reconnect_by is not None


@pytest.mark.slow
def test_of_ten_processes_one_asks_zalo_and_all_get_its_pair(account, sandbox):
    got = processes(account, sandbox, WORKERS)
    assert len(sandbox.requests("access_token")) == 1
    assert got == [CredentialHandle(account.pk).read()["access_token"]] * WORKERS


@pytest.mark.parametrize("mode", ["effect_then_timeout", "timeout_no_effect", "empty_200", "html_502"])
def test_after_a_lost_reply_the_burnt_code_is_never_used_again(account, sandbox, mode):
    drop = {"drop": True} if "timeout" in mode else {}
    sandbox.fault(mode, operation="access_token", **drop)
    # Zalo no longer takes the access token, so that every worker needs another one.
    sandbox.token(zalo=True, kill=True)
    group = Channel.objects.create(
        name="Nhóm", kind="zalo_group", remote_id=world.PROVINCE_GROUP.id, credential=account
    )

    def work() -> str:
        try:
            check_channel(Channel.objects.get(pk=group.pk))
        except PublishError as error:
            return type(error).__name__
        return ""

    assert "" not in together(*[work] * WORKERS)
    with pytest.raises(AuthExpired):
        check_channel(group)
    assert len(sandbox.requests("access_token")) == 1
    account.refresh_from_db()
    assert account.health == Credential.Health.RECONNECT_REQUIRED
    assert account.rotation_outcome_unknown
    assert CredentialHandle(account.pk).read()["refresh_token"] == world.ZALO_REFRESH_TOKEN


def test_a_pair_entered_while_a_renewal_runs_stays(account, sandbox):
    sandbox.fault("slow", operation="access_token", seconds=0.5)
    typed = {"access_token": "typed-access", "refresh_token": "typed-refresh"}

    def person() -> None:
        while not Credential.objects.exclude(rotation_token="").exists():
            time.sleep(0.01)
        enter(account, typed)

    together(lambda: renew(account), person)
    kept = CredentialHandle(account.pk).read()
    assert {name: kept[name] for name in typed} == typed
    account.refresh_from_db()
    assert (account.rotation_token, account.rotation_outcome_unknown) == ("", False)


def test_a_refusal_of_the_old_code_does_not_mark_the_pair_a_person_just_entered(account, sandbox):
    sandbox.fault("slow", operation="access_token", seconds=0.5)
    enter(account, {"refresh_token": "never-issued"})

    def person() -> None:
        while not Credential.objects.exclude(rotation_token="").exists():
            time.sleep(0.01)
        enter(account, {"access_token": "typed-access", "refresh_token": "typed-refresh"})

    together(lambda: renew(account), person)
    account.refresh_from_db()
    assert account.health == Credential.Health.OK


def test_an_entry_without_a_pair_does_not_bring_the_old_pair_back(account, sandbox):
    sandbox.fault("slow", operation="access_token", seconds=0.5)

    def person() -> None:
        while not Credential.objects.exclude(rotation_token="").exists():
            time.sleep(0.01)
        enter(account, {"webhook_key": "typed-key", "refresh_token": ""})

    got = together(lambda: renew(account), person)
    kept = CredentialHandle(account.pk).read()
    assert kept["webhook_key"] == "typed-key"
    assert kept["access_token"] in got
    assert kept["refresh_token"].startswith("sandbox-refresh-")


def test_many_entries_and_a_renewal_at_once_lose_nothing(account, sandbox):
    entries = [lambda name=f"note{n}": enter(account, {name: "x"}) for n in range(5)]
    together(lambda: renew(account), *entries)
    kept = CredentialHandle(account.pk).read()
    assert {f"note{n}" for n in range(5)} <= set(kept)
    assert kept["refresh_token"].startswith("sandbox-refresh-")

"""Secrets: encrypted, renewed once, never lost, never shown."""

import logging
import threading
from datetime import timedelta

from django.db import connection
from django.utils import timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishers import credentials
from publishers.contracts import AuthExpired, OutcomeUnknown, Temporary
from publishers.credentials import CredentialHandle, store
from publishers.models import Credential

OLD = {
    "access_token": "old-CANARY",
    "refresh_token": "r-old-CANARY",
    "app_id": "7",
    "expires_at": "2026-12-01T00:00:00+07:00",
}
NEW = {"access_token": "new-CANARY", "refresh_token": "r-new-CANARY", "expires_at": "1796000000"}


def account(**secrets) -> Credential:
    made = Credential(label="OA", kind="zalo_oa")
    store(made, OLD | secrets)
    return made


def lost(secrets):
    raise OutcomeUnknown("mất phản hồi")


@pytest.mark.django_db
class TestRotation:
    def test_secrets_are_stored_encrypted_with_their_end_in_a_column(self):
        made = account()
        assert "CANARY" not in made.sealed_secrets
        assert CredentialHandle(made.pk).read() == OLD
        assert made.expires_at.isoformat() == "2026-12-01T00:00:00+07:00"

    def test_a_new_pair_is_committed_and_keeps_what_it_does_not_name(self):
        made = account()
        handle = CredentialHandle(made.pk)
        assert handle.rotate(lambda s: {**NEW, "app_id": ""}, stale="old-CANARY") == OLD | NEW
        assert CredentialHandle(made.pk).read() == OLD | NEW
        made.refresh_from_db()
        assert (made.rotation_token, made.rotation_until) == ("", None)
        assert made.expires_at.timestamp() == 1796000000

    def test_who_comes_with_an_old_token_gets_the_new_one_without_a_refresh(self):
        handle = CredentialHandle(account().pk)
        assert handle.rotate(lost, stale="even-older")["access_token"] == "old-CANARY"

    @pytest.mark.parametrize("refresh", [lost, lambda s: {}, lambda s: {"access_token": ""}, lambda s: 1 / 0])
    def test_after_a_lost_reply_the_old_pair_stays_and_its_code_is_never_used_again(self, refresh):
        made = account()
        handle = CredentialHandle(made.pk)
        with pytest.raises(OutcomeUnknown):
            handle.rotate(refresh, stale="old-CANARY")
        assert handle.read() == OLD
        made.refresh_from_db()
        assert (made.rotation_outcome_unknown, made.health) == (True, Credential.Health.OK)
        with pytest.raises(AuthExpired):
            handle.rotate(lambda s: pytest.fail("used again"), stale="old-CANARY")
        made.refresh_from_db()
        assert made.health == Credential.Health.RECONNECT_REQUIRED

    def test_a_worker_that_died_while_renewing_counts_as_a_lost_reply(self):
        made = account()
        Credential.objects.update(rotation_token="dead", rotation_until=timezone.now() - timedelta(seconds=1))
        with pytest.raises(AuthExpired):
            CredentialHandle(made.pk).rotate(lambda s: pytest.fail("used again"), stale="old-CANARY")
        made.refresh_from_db()
        assert made.rotation_outcome_unknown

    def test_a_definite_refusal_needs_a_person_and_frees_the_lock(self):
        made = account()

        def refused(secrets):
            raise AuthExpired("Kết nối lại Zalo.")

        with pytest.raises(AuthExpired):
            CredentialHandle(made.pk).rotate(refused, stale="old-CANARY")
        made.refresh_from_db()
        assert (made.health, made.rotation_token) == (Credential.Health.RECONNECT_REQUIRED, "")
        assert made.health_note == "Kết nối lại Zalo."

    def test_an_unreached_platform_changes_nothing(self):
        made = account()

        def unreached(secrets):
            raise Temporary("không tới nơi")

        with pytest.raises(Temporary):
            CredentialHandle(made.pk).rotate(unreached, stale="old-CANARY")
        assert (
            CredentialHandle(made.pk).rotate(lambda s: NEW, stale="old-CANARY")["access_token"]
            == "new-CANARY"
        )

    def test_waiting_for_another_worker_is_bounded(self, settings):
        settings.PUBLISH_CONNECT_TIMEOUT = settings.PUBLISH_READ_TIMEOUT = 0.01
        made = account()
        hour = timezone.now() + timedelta(hours=1)
        Credential.objects.update(rotation_token="busy", rotation_until=hour)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(credentials, "LEASE_MARGIN", 0.1)
            with pytest.raises(Temporary):
                CredentialHandle(made.pk).rotate(lambda s: pytest.fail("not ours"), stale="old-CANARY")

    def test_a_pair_that_comes_after_the_lease_is_kept_it_is_the_only_valid_one(self):
        made = account()

        def slow(secrets):
            Credential.objects.update(rotation_token="", rotation_until=None, rotation_outcome_unknown=True)
            return NEW

        CredentialHandle(made.pk).rotate(slow, stale="old-CANARY")
        made.refresh_from_db()
        assert not made.rotation_outcome_unknown
        assert CredentialHandle(made.pk).read()["access_token"] == "new-CANARY"

    def test_what_a_person_entered_meanwhile_wins(self):
        made = account()

        def slow(secrets):
            store(Credential.objects.get(pk=made.pk), OLD | {"access_token": "typed-CANARY"})
            return NEW

        got = CredentialHandle(made.pk).rotate(slow, stale="old-CANARY")
        assert got["access_token"] == "typed-CANARY"

    def test_old_keys_still_open_and_the_newest_seals(self, settings):
        settings.CREDENTIAL_KEYS = ["một"]
        made = account()
        settings.CREDENTIAL_KEYS = ["hai", "một"]
        assert CredentialHandle(made.pk).read() == OLD
        store(made, OLD)
        settings.CREDENTIAL_KEYS = ["hai"]
        assert CredentialHandle(made.pk).read() == OLD
        settings.CREDENTIAL_KEYS = ["ba"]
        with pytest.raises(AuthExpired) as caught:
            CredentialHandle(made.pk).read()
        assert caught.value.code == "secrets_unreadable"
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None
        assert caught.value.__context__ is None

    def test_nothing_shows_a_secret(self, caplog):
        made = account()
        handle = CredentialHandle(made.pk)
        with caplog.at_level(logging.DEBUG), pytest.raises(OutcomeUnknown) as caught:
            handle.rotate(lambda s: 1 / len(s["access_token"] * 0), stale="old-CANARY")
        shown = [
            repr(handle),
            str(handle),
            repr(made),
            str(made),
            str(vars(made)),
            str(caught.value),
            caplog.text,
        ]
        assert "CANARY" not in " ".join(shown)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


def test_of_many_workers_one_renews_and_all_get_the_new_pair(live_db):
    made = account()
    calls, results, errors = [], [], []
    started = threading.Barrier(5)

    def refresh(secrets):
        calls.append(secrets["refresh_token"])
        return NEW

    def worker():
        try:
            started.wait()
            results.append(CredentialHandle(made.pk).rotate(refresh, stale="old-CANARY")["access_token"])
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (errors, calls, results) == ([], ["r-old-CANARY"], ["new-CANARY"] * 5)


@given(text=st.text(max_size=40))
def test_any_text_as_end_of_access_is_a_time_or_none(text):
    moment = credentials._moment(text)
    assert moment is None or moment.tzinfo is not None
